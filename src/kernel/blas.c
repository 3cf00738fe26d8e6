/* Matrix products by OpenBLAS, and the table that uses them with the plain kernels: for processors without one of their
 * own. OpenBLAS runs in the calling thread only; our pool does the threading. */
#include <cblas.h>

#include "kernel/depthwise.h"
#include "kernel/fft.h"
#include "kernel/norm_loops.h"
#include "kernel/tables.h"

void en_gemm_blas(bool ta, bool tb, size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b,
                  size_t ldb, bool add, float *c, size_t ldc)
{
    cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, (blasint)m, (blasint)n,
                (blasint)k, 1.0f, a, (blasint)lda, b, (blasint)ldb, add ? 1.0f : 0.0f, c, (blasint)ldc);
}

const en_kernels en_kernels_generic = {
    .name = "generic",
    .gemm = en_gemm_blas,
    .im2col = en_ref_im2col,
    .col2im = en_ref_col2im,
    .from_u8 = en_ref_from_u8,
    .bias = en_ref_bias,
    .sum_rows = en_ref_sum_rows,
    .add = en_ref_add,
    .relu = en_ref_relu,
    .relu_back = en_ref_relu_back,
    .maxpool = en_ref_maxpool,
    .maxpool_back = en_ref_maxpool_back,
    .adam = en_ref_adam,
    .sgd = sgd,
    .moments = moments,
    .affine = affine,
    .norm_sums = norm_sums,
    .norm_back = norm_back,
    .depthwise = &en_depthwise_ref,
    .fft = &en_fft_generic,
};
