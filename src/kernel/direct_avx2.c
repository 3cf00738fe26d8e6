/* The kernels of register tiles for AVX2. */
#include "kernel/direct_body.h"

EN_DIRECT_TABLE(avx2);
