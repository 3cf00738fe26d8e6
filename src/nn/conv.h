/* The algorithms of convolution. An algorithm owns a whole pass over a batch: it may transform the weights once, work
 * on tiles across images, and keep what its forward pass made (a transformed input, say) for the backward pass of the
 * same batch. The layer (conv.c) chooses one by its shape; a new algorithm is a table here and a line in conv_choose.c.
 *
 * Results must not depend on the number of threads: work is cut into chunks by shape and batch alone, and what chunks
 * add up to is summed in chunk order. Nothing is allocated in a pass. */
#ifndef EN_NN_CONV_H
#define EN_NN_CONV_H

#include "base/threads.h"
#include "kernel/kernel.h"

/* What an algorithm works on. */
typedef struct en_conv_call {
    const en_kernels *k;
    en_pool *pool;
    const en_conv_shape *s;
    size_t n;              /* images, at most as many as were planned for */
    const float *w, *b;    /* (kh,kw,c/groups,oc), (oc) */
    bool relu;             /* y = max(conv + b, 0) */
    bool train;            /* a backward pass may follow: keep what it needs */
    const float *x;        /* (n,h,w,c) */
    float *y;              /* (n,oh,ow,oc) */
    float *kept;           /* this layer's own from its forward to its backward pass */
    float *shared;         /* this pass's own */
    float *scratch;        /* of worker i: scratch + i*scratch_stride */
    size_t scratch_stride; /* floats */
    /* Backward only. */
    float *dy; /* (n,oh,ow,oc); may be overwritten */
    float *dx; /* (n,h,w,c), set; NULL: not wanted */
    float *dw; /* (kh,kw,c/groups,oc), set; NULL: dw and db are not wanted */
    float *db; /* (oc), set */
} en_conv_call;

/* How many floats an algorithm needs for batches of n images; all blocks are aligned to EN_ARENA_ALIGN. */
typedef struct en_conv_need {
    size_t kept, shared, scratch; /* scratch: for each worker */
} en_conv_need;

typedef struct en_conv_algorithm {
    const char *name; /* what `describe` prints and `forced` takes */
    /* Whether it serves this shape, its groups and dilation too, with these kernels. */
    bool (*serves)(const en_conv_shape *s, const en_kernels *k);
    /* Whether it is the fastest for a shape it serves, of it and those after it; NULL: always. */
    bool (*pays)(const en_conv_shape *s);
    en_conv_need (*need)(const en_conv_shape *s, size_t n, bool train);
    void (*forward)(const en_conv_call *call);
    /* After forward with the same x, w and y. */
    void (*backward)(const en_conv_call *call);
} en_conv_algorithm;

extern const en_conv_algorithm en_conv_depthwise, en_conv_fft, en_conv_winograd, en_conv_direct, en_conv_pointwise,
    en_conv_im2col;

/* The algorithms, the one that serves every shape last; NULL-terminated. */
const en_conv_algorithm *const *en_conv_algorithms(void);
/* The fastest for a shape by a rule of cost; `forced`: the algorithm of that name wherever it serves the shape, NULL
 * for none. */
const en_conv_algorithm *en_conv_choose(const en_conv_shape *s, const en_kernels *k, const char *forced);
/* EN_USAGE when no algorithm has that name. NULL is right. */
en_status en_conv_check(const char *forced, en_error *err) EN_CHECKED;

#endif
