/* Matrix products for AVX-512. */
#include "kernel/gemm_body.h"

EN_GEMM(avx512)
