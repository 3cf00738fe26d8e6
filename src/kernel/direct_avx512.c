/* The kernels of register tiles for AVX-512. */
#include "kernel/direct_body.h"

EN_DIRECT_TABLE(avx512);
