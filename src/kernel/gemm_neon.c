/* Matrix products for NEON. */
#include "kernel/gemm_body.h"

void en_gemm_neon(bool ta, bool tb, size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b,
                  size_t ldb, bool add, float *c, size_t ldc)
{
    en_gemm_vector(ta, tb, m, n, k, a, lda, b, ldb, add, c, ldc);
}
