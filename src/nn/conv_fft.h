/* How conv_fft.c cuts a batch into tiles, and where their transforms lie. Inside this layer only. */
#ifndef EN_NN_CONV_FFT_H
#define EN_NN_CONV_FFT_H

#include "kernel/fft.h"
#include "nn/conv.h"

#define EN_FFT_BLOCK 24u /* tiles of one product, at most */

/* Memory of half transformed tiles: those of a column follow each other. */
typedef struct en_fft_halves {
    size_t tile, column, size; /* floats from one tile, one column to the next, and of all */
} en_fft_halves;

/* A number of rows of each of the frequencies of a column, as the products see them. */
typedef struct en_fft_spectra {
    size_t row, frequency, column, size; /* floats from one to the next, and of all columns */
} en_fft_spectra;

/* All sizes in floats unless they say otherwise. */
typedef struct en_fft_plan {
    size_t t, columns;         /* pixels of a tile's side; columns of its transform: t/2 + 1 */
    size_t step_h, step_w;     /* outputs of a tile, pixels */
    size_t high, wide;         /* tiles of an image */
    size_t total;              /* rows of tiles in the batch, image by image */
    size_t section;            /* of these, as many as are worked on together */
    size_t ring;               /* rows of tiles in memory: row g is in place g % ring */
    size_t lanes, gi, go;      /* channels of a vector; of input and output, rounded up to vectors */
    size_t kernels;            /* slices of the kernel that are transformed together */
    en_fft_halves x, d;        /* of the input (forward: of the output, too) and of the gradient */
    en_fft_halves wf, wb;      /* of kernel slices: go channels for each input channel, gi for each output channel */
    en_fft_spectra w, wt, dw;  /* of the kernel forward, backward, and of its gradient */
    en_fft_spectra sx, sd, sy; /* of one column of a block: input, gradient, what goes back */
} en_fft_plan;

/* For batches of n images. Only sizes grow with n, so that a plan fits the memory of one for more images. */
en_fft_plan en_fft_plan_for(const en_conv_shape *s, size_t lanes, size_t n, bool backward);
/* The tile's side, 0 when none is large enough. */
size_t en_fft_tile(const en_conv_shape *s, size_t lanes);
/* Time of a pass per image, in fused multiplications and additions of vectors. */
double en_fft_cost(const en_conv_shape *s, size_t t, size_t lanes);

#endif
