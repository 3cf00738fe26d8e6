/* Matrix products for AVX2. */
#include "kernel/gemm_body.h"

EN_GEMM(avx2)
