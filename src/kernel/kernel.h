/* The arithmetic of a network, one table of functions per instruction set, chosen once at run time.
 * Tensors are 32-bit floats laid out (N,H,W,C), densely, C running fastest. No kernel allocates, none starts threads
 * and all may be called from several threads at once on different memory. Pointers need no alignment beyond a float's,
 * but a cache line's is faster. "ref" is the plain statement of the mathematics; every other table is tested against
 * it. */
#ifndef EN_KERNEL_KERNEL_H
#define EN_KERNEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A convolution over one image (cross-correlation, as everywhere in this field):
 *   y[i][j][o] = b[o] + sum over r,s,k of
 *                x[i*stride - pad_top + r*dilation][j*stride - pad_left + s*dilation][g*c/groups + k] * w[r][s][k][o]
 * where x outside the image is 0, k counts the c/groups channels of o's group and g = o / (oc/groups) is that group.
 * Sizes in pixels; `c` channels in, `oc` channels out, both multiples of `groups`. The weights are (kh,kw,c/groups,oc);
 * groups = c is a depthwise convolution. */
typedef struct en_conv_shape {
    size_t h, w, c;           /* input */
    size_t kh, kw;            /* kernel */
    size_t stride;            /* both ways */
    size_t pad_top, pad_left; /* what lies below and to the right follows from oh and ow */
    size_t oh, ow, oc;        /* output */
    size_t groups, dilation;  /* 1 or more each */
} en_conv_shape;

/* Max pooling over one image with a square window; windows that would cross the edge are left out. */
typedef struct en_pool_shape {
    size_t h, w, c; /* input */
    size_t size;    /* of the window, 1..16 px, so that a place in it fits a byte */
    size_t stride;
    size_t oh, ow; /* output */
} en_pool_shape;

/* One step of Adam (Kingma & Ba 2015, the efficient form at the end of section 2):
 *   m = beta1*m + (1-beta1)*g;  v = beta2*v + (1-beta2)*g*g;  w = w - rate*m/(sqrt(v) + epsilon) - decay*w
 * `rate` is lr*sqrt(1-beta2^t)/(1-beta1^t); `decay` is lr*weight_decay (decoupled: Loshchilov & Hutter 2019); rest1 and
 * rest2 are 1-beta1 and 1-beta2, rounded once (1 - 0.999f is off by 5e-5 of itself). */
typedef struct en_adam {
    float rate, beta1, beta2, rest1, rest2, epsilon, decay;
} en_adam;

/* One step of SGD with momentum (Sutskever 2013, in PyTorch's form):
 *   m = momentum*m + g;  w = w - rate*m - decay*w, with nesterov: w = w - rate*(g + momentum*m) - decay*w */
typedef struct en_sgd {
    float rate, momentum, decay;
    bool nesterov;
} en_sgd;

typedef struct en_kernels {
    const char *name; /* "ref", "generic", "avx2", "avx512", "neon" */

    /* c(m,n) = op(a)(m,k) * op(b)(k,n) + (add ? c : 0), row major; ta, tb: the matrix is stored transposed.
     * lda, ldb, ldc: floats from one stored row to the next. */
    void (*gemm)(bool ta, bool tb, size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb,
                 bool add, float *c, size_t ldc);

    /* Rows first..first+count-1 of the matrix whose row i*ow+j holds the kh*kw*c/groups inputs of output pixel (i,j) in
     * one group of channels, in the order of the weights; col is (count, kh*kw*c/groups). */
    void (*im2col)(const en_conv_shape *s, const float *x, size_t group, size_t first, size_t count, float *col);
    /* Its transpose: adds each value of col to the input place it came from, dx (h,w,c). */
    void (*col2im)(const en_conv_shape *s, const float *col, size_t group, size_t first, size_t count, float *dx);

    /* y = x*scale + shift for bytes 0..255. */
    void (*from_u8)(const uint8_t *x, size_t n, float scale, float shift, float *y);
    /* y(rows,cols) += b(cols); then, with relu, y = max(y, 0). */
    void (*bias)(float *y, const float *b, size_t rows, size_t cols, bool relu);
    /* sum(cols) += the sum of the rows of x(rows,cols), in row order. */
    void (*sum_rows)(const float *x, size_t rows, size_t cols, float *sum);
    /* y += x. */
    void (*add)(float *y, const float *x, size_t n);
    /* y = max(y, 0); NaN propagates, here and in bias, so that the loss reveals it. */
    void (*relu)(float *y, size_t n);
    /* dy = 0 where y <= 0; y is what relu gave. */
    void (*relu_back)(float *dy, const float *y, size_t n);
    /* y (oh,ow,c) and where each maximum lay in its window, row by row: place = r*size + s. The first of equals wins,
     * and NaN counts as greater than any number. place may be NULL. */
    void (*maxpool)(const en_pool_shape *s, const float *x, float *y, uint8_t *place);
    /* dx (h,w,c) = dy sent to the places, 0 elsewhere; where windows overlap the sums run in window order. */
    void (*maxpool_back)(const en_pool_shape *s, const float *dy, const uint8_t *place, float *dx);
    void (*adam)(const en_adam *a, size_t n, const float *g, float *w, float *m, float *v);
    void (*sgd)(const en_sgd *s, size_t n, const float *g, float *w, float *m);

    /* Normalisation: x, g, y and dx are (rows,cols), the others (cols). */
    /* The mean of each column, and the sum of squares about it. */
    void (*moments)(const float *x, size_t rows, size_t cols, float *mean, float *squares);
    /* y = min(max(a*x + b, least), most); NaN propagates. y may be x. */
    void (*affine)(const float *x, const float *a, const float *b, size_t rows, size_t cols, float least, float most,
                   float *y);
    /* The sums of g and of g*(x - mean)*factor. */
    void (*norm_sums)(const float *x, const float *g, const float *mean, const float *factor, size_t rows, size_t cols,
                      float *sum, float *sum_z);
    /* dx = p*g + q*x + r; dx may be g. */
    void (*norm_back)(const float *x, const float *g, const float *p, const float *q, const float *r, size_t rows,
                      size_t cols, float *dx);

    /* Kernels of some algorithms of convolution, in headers of their own; NULL: the table has none. */
    const struct en_depthwise_kernels *depthwise;
    const struct en_winograd_kernels *winograd;
    const struct en_fft_kernels *fft;
    const struct en_direct_kernels *direct;
} en_kernels;

/* The table called `name`; NULL or "auto" takes the fastest this processor runs. EN_USAGE for an unknown name,
 * EN_FAILED for one this processor cannot run. The table is static. Also sets OpenBLAS to one thread. */
en_status en_kernel_select(const char *name, const en_kernels **out, en_error *err) EN_CHECKED;
/* The names known to en_kernel_select, fastest first, NULL-terminated, whether or not this processor runs them. */
const char *const *en_kernel_names(void);
/* What multiplies the matrices of this table: "eyenet", or OpenBLAS and for which processor, e.g. "OpenBLAS 0.3.21
 * Zen". Results are the same bits only where this is the same. Written to `out`, which is returned. */
const char *en_kernel_blas(const en_kernels *kernels, char *out, size_t capacity);

#endif
