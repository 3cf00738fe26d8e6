/* Where a kernel's window lies over one row of an image; for the tables' im2col and col2im. */
#ifndef EN_KERNEL_WINDOW_H
#define EN_KERNEL_WINDOW_H

#include "kernel/kernel.h"

/* One row of one kernel window over x: `left` and `right` floats of it lie in the padding, `inside` start at x. As
 * channels run fastest, a window's row is one run of kw*c floats. */
typedef struct en_window_run {
    size_t left, inside, right;
    size_t at; /* of the first float inside, in the image's row */
} en_window_run;

static inline en_window_run en_window_run_at(const en_conv_shape *s, size_t j)
{
    size_t start = j * s->stride; /* counted from the start of the padding */
    size_t end = start + s->kw;
    size_t from = start < s->pad_left ? s->pad_left : start;
    size_t limit = s->pad_left + s->w;
    size_t to = end < limit ? end : limit;
    if (from >= to) {
        return (en_window_run){s->kw * s->c, 0, 0, 0};
    }
    return (en_window_run){(from - start) * s->c, (to - from) * s->c, (end - to) * s->c, (from - s->pad_left) * s->c};
}

#endif
