/* What the passes of the direct convolution share; for conv_direct.c, conv_direct_jobs.c and conv_direct_weights.c. */
#ifndef EN_NN_CONV_DIRECT_H
#define EN_NN_CONV_DIRECT_H

#include "kernel/direct.h"
#include "nn/conv.h"

/* A chunk's rows of input stay in the second-level cache beside its output, and its weights. */
#define EN_DIRECT_BLOCK_FLOATS ((size_t)64 * 1024)
#define EN_DIRECT_WEIGHT_FLOATS ((size_t)128 * 1024)
/* Pixels of a row where a 1x1 convolution makes rows of its own: 8 tiles of AVX-512. */
#define EN_DIRECT_ROW_PIXELS 112u
/* Parts of the gradient of the weights, in floats all together, and their number. */
#define EN_DIRECT_PARTS_FLOATS ((size_t)2 * 1024 * 1024)
#define EN_DIRECT_PARTS 16u
/* So many chunks at least, where there is enough to divide. */
#define EN_DIRECT_CHUNKS 16u

/* One correlation with one set of weights: the forward pass is one per group of channels; backward data is one per
 * group and phase of the stride, which makes every stride-th row and column of dx. */
typedef struct en_direct_job {
    size_t images;               /* of the batch; 1 when the batch is one image (see en_direct_flat) */
    size_t h, w, c;              /* input */
    size_t start, depth;         /* channels of it that are read */
    size_t rows, taps;           /* of the kernel; 0 of both: the output is 0 */
    size_t step, dilation;       /* pixels of input from one output, and tap, to the next */
    ptrdiff_t top, left;         /* the input place of tap (0,0) for output (0,0) */
    size_t oh, ow, tail;         /* output rows, pixels in each, and in the last one */
    size_t outputs;              /* numbers of a pixel */
    size_t image_distance;       /* floats of output from one image to the next, */
    size_t row_distance, y_step; /* one row, and one pixel; */
    size_t first;                /* and of the first one in its image */
    size_t packed;               /* where its weights begin */
} en_direct_job;

/* Whether a batch is one long row of pixels: 1x1, nothing skipped, nothing padded. */
bool en_direct_flat(const en_conv_shape *s);
size_t en_direct_round(size_t n, size_t to);
size_t en_direct_forward_jobs(const en_conv_shape *s);
size_t en_direct_backward_jobs(const en_conv_shape *s);
en_direct_job en_direct_forward_job(const en_conv_shape *s, size_t n, size_t index);
en_direct_job en_direct_backward_job(const en_conv_shape *s, size_t n, size_t index);

/* Rows of input that a block of `rows` output rows reads, and the pixels of such a row that it reads. */
size_t en_direct_reach(const en_direct_job *job, size_t rows);
size_t en_direct_width(const en_direct_job *job);
/* Output rows whose input fits EN_DIRECT_BLOCK_FLOATS; at least 1. */
size_t en_direct_fitting_rows(const en_direct_job *job);
/* Floats of the copy of a block's rows of input with their padding; 0: there is none. */
size_t en_direct_copy_floats(const en_direct_job *job);
/* Where the input of output rows first..first+rows-1 lies: in the image, or, when they reach into padding, copied to
 * `copy`. Returns the place of tap (0,0) and channel 0 for the first output; *row_floats: from one row to the next. */
const float *en_direct_input(const en_direct_job *job, const float *image, size_t first, size_t rows, float *copy,
                             size_t *row_floats);

/* The forward pass, or backward data, of the whole batch. `packed` is memory for the weights. */
void en_direct_run(const en_conv_call *call, bool backward, float *packed);
size_t en_direct_packed_floats(const en_conv_shape *s, bool backward);

/* dw and db of the whole batch; dy's relu is undone on the way. */
void en_direct_gradient(const en_conv_call *call, float *parts);
size_t en_direct_gradient_floats(const en_conv_shape *s, size_t n);
size_t en_direct_gradient_scratch(const en_conv_shape *s);

#endif
