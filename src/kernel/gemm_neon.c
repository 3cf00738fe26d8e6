/* Matrix products for NEON. */
#include "kernel/gemm_body.h"

EN_GEMM(neon)
