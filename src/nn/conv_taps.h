/* Which taps of a kernel meet which pixels; for algorithms that work on the pixels where they are. */
#ifndef EN_NN_CONV_TAPS_H
#define EN_NN_CONV_TAPS_H

#include <stddef.h>

/* What a row (or column) of the input, counted from the start of the padding, adds its gradient from: taps `last`,
 * last - distance, ..., `count` of them. Tap `last` is met by output row `output`, which may lie before the first one,
 * each further tap by the output row that is `dilation` further. */
typedef struct en_conv_meeting {
    size_t last, distance, count;
    ptrdiff_t output;
} en_conv_meeting;

/* Of a kernel of n taps; stride or dilation must be 1. */
static inline en_conv_meeting en_conv_meet(size_t place, size_t stride, size_t dilation, size_t n)
{
    size_t first = place % stride; /* taps first, first + stride, ... reach this place */
    if (first >= n) {
        return (en_conv_meeting){.distance = stride};
    }
    size_t count = (n - 1 - first) / stride + 1, last = first + (count - 1) * stride;
    ptrdiff_t output = ((ptrdiff_t)place - (ptrdiff_t)(last * dilation)) / (ptrdiff_t)stride; /* exact */
    return (en_conv_meeting){.last = last, .distance = stride, .count = count, .output = output};
}

#endif
