/* im2col and col2im for tables with vectors: where the taps of a kernel lie over the rows of an image, with the moving
 * of numbers left to the table's own functions. */
#ifndef EN_KERNEL_UNROLL_H
#define EN_KERNEL_UNROLL_H

#include "kernel/kernel.h"

typedef void en_copy_fn(float *to, const float *from, size_t n);
typedef void en_clear_fn(float *to, size_t n);

/* One row of a kernel's window in an image's row, in floats: `left` and `right` lie in the padding, `inside` start at
 * `at`. */
typedef struct en_window_run {
    size_t left, inside, right, at;
} en_window_run;

/* The run of the taps first..first+count-1 of output column j that lie next to each other. */
static inline en_window_run en_window_run_at(const en_conv_shape *s, size_t j, size_t first, size_t count)
{
    size_t start = j * s->stride + first * s->dilation; /* counted from the start of the padding */
    size_t end = start + count, limit = s->pad_left + s->w;
    size_t from = start < s->pad_left ? s->pad_left : start, to = end < limit ? end : limit;
    if (from >= to) {
        return (en_window_run){.left = count * s->c};
    }
    return (en_window_run){.left = (from - start) * s->c,
                           .inside = (to - from) * s->c,
                           .right = (end - to) * s->c,
                           .at = (from - s->pad_left) * s->c};
}

/* Without dilation and groups a row of a window is one run, as channels run fastest; otherwise every tap is one of
 * c/groups floats. */
static inline bool en_taps_touch(const en_conv_shape *s) { return s->dilation == 1 && s->groups == 1; }

/* The input row of output row i and tap r, or NULL in the padding. */
static inline const float *en_window_row(const en_conv_shape *s, const float *x, size_t i, size_t r)
{
    size_t row = i * s->stride + r * s->dilation;
    return row < s->pad_top || row - s->pad_top >= s->h ? NULL : x + (row - s->pad_top) * s->w * s->c;
}

static inline void en_unroll(const en_conv_shape *s, const float *x, size_t group, size_t first, size_t count,
                             float *col, en_copy_fn *copy, en_clear_fn *clear)
{
    bool touch = en_taps_touch(s);
    size_t runs = touch ? 1 : s->kw, taps = touch ? s->kw : 1, channels = s->c / s->groups;
    for (size_t p = first; p < first + count; p++) {
        for (size_t r = 0; r < s->kh; r++) {
            const float *row = en_window_row(s, x, p / s->ow, r);
            for (size_t q = 0; q < runs; q++, col += taps * channels) {
                en_window_run in = en_window_run_at(s, p % s->ow, q, taps);
                if (row == NULL || in.inside == 0) {
                    clear(col, taps * channels);
                } else if (touch) {
                    clear(col, in.left);
                    copy(col + in.left, row + in.at, in.inside);
                    clear(col + in.left + in.inside, in.right);
                } else {
                    copy(col, row + in.at + group * channels, channels);
                }
            }
        }
    }
}

static inline void en_fold(const en_conv_shape *s, const float *col, size_t group, size_t first, size_t count,
                           float *dx, en_copy_fn *add)
{
    bool touch = en_taps_touch(s);
    size_t runs = touch ? 1 : s->kw, taps = touch ? s->kw : 1, channels = s->c / s->groups;
    for (size_t p = first; p < first + count; p++) {
        for (size_t r = 0; r < s->kh; r++) {
            const float *row = en_window_row(s, dx, p / s->ow, r);
            for (size_t q = 0; q < runs; q++, col += taps * channels) {
                en_window_run in = en_window_run_at(s, p % s->ow, q, taps);
                if (row != NULL && in.inside > 0) {
                    float *to = dx + (row - dx) + in.at + group * channels;
                    add(to, col + in.left, touch ? in.inside : channels);
                }
            }
        }
    }
}

#endif
