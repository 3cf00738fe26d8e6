/* The algorithms of convolution: how one image goes through a layer and its gradient comes back. The layer (conv.c)
 * chooses one by its shape; a new algorithm is a table here and a line in en_conv_choose. */
#ifndef EN_NN_CONV_H
#define EN_NN_CONV_H

#include "kernel/kernel.h"

/* What an algorithm works on. */
typedef struct en_conv_call {
    const en_kernels *k;
    const en_conv_shape *s;
    const float *w, *b; /* (kh,kw,c,oc), (oc) */
    bool relu;          /* y = max(conv + b, 0) */
    float *scratch;     /* of the calling worker, as many floats as the algorithm asked for */
} en_conv_call;

typedef struct en_conv_algorithm {
    const char *name;
    size_t (*scratch)(const en_conv_shape *s);
    /* Rows first..first+rows-1 of y (oh,ow,oc) from the whole x (h,w,c). */
    void (*forward)(const en_conv_call *call, const float *x, float *y, size_t first, size_t rows);
    /* From dy (oh,ow,oc), which is overwritten: dw (kh,kw,c,oc) and db (oc), added to when `add`; dx (h,w,c) unless
     * NULL. y is what forward made. */
    void (*backward)(const en_conv_call *call, const float *x, const float *y, float *dy, bool add, float *dw,
                     float *db, float *dx);
} en_conv_algorithm;

extern const en_conv_algorithm en_conv_im2col;

const en_conv_algorithm *en_conv_choose(const en_conv_shape *s);

#endif
