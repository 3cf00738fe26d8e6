/* The tables select.c chooses from. Inside this layer only. */
#ifndef EN_KERNEL_TABLES_H
#define EN_KERNEL_TABLES_H

#include "kernel/kernel.h"

extern const en_kernels en_kernels_ref;     /* plain C, no library */
extern const en_kernels en_kernels_generic; /* plain C, matrices by OpenBLAS */
#ifdef EN_HAVE_AVX2
extern const en_kernels en_kernels_avx2;
#endif
#ifdef EN_HAVE_AVX512
extern const en_kernels en_kernels_avx512;
#endif
#ifdef EN_HAVE_NEON
extern const en_kernels en_kernels_neon;
#endif

/* kernel.h's gemm: by OpenBLAS, and by gemm_body.h. */
typedef void en_gemm_fn(bool ta, bool tb, size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b,
                        size_t ldb, bool add, float *c, size_t ldc);
en_gemm_fn en_gemm_blas, en_gemm_avx2, en_gemm_avx512, en_gemm_neon;

/* The plain kernels that another table may do no better than. */
void en_ref_im2col(const en_conv_shape *s, const float *x, size_t group, size_t first, size_t count, float *col);
void en_ref_col2im(const en_conv_shape *s, const float *col, size_t group, size_t first, size_t count, float *dx);
void en_ref_from_u8(const uint8_t *x, size_t n, float scale, float shift, float *y);
void en_ref_bias(float *y, const float *b, size_t rows, size_t cols, bool relu);
void en_ref_sum_rows(const float *x, size_t rows, size_t cols, float *sum);
void en_ref_add(float *y, const float *x, size_t n);
void en_ref_relu(float *y, size_t n);
void en_ref_relu_back(float *dy, const float *y, size_t n);
/* One channel of one window. */
void en_ref_maxpool_one(const en_pool_shape *s, const float *window, size_t c, float *y, uint8_t *place);
void en_ref_maxpool(const en_pool_shape *s, const float *x, float *y, uint8_t *place);
/* Zeroes dx before the gradients are added to it. True when windows do not overlap, so that each place is written once:
 * then only what lies in no window. */
bool en_ref_maxpool_clear(const en_pool_shape *s, float *dx);
void en_ref_maxpool_back(const en_pool_shape *s, const float *dy, const uint8_t *place, float *dx);
void en_ref_adam(const en_adam *a, size_t n, const float *g, float *w, float *m, float *v);

#endif
