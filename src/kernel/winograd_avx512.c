/* Winograd's kernels for AVX-512. */
#include "kernel/winograd_body.h"

EN_WINOGRAD_TABLE(avx512);
