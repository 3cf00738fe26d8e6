/* Winograd's kernels for AVX2. */
#include "kernel/winograd_body.h"

EN_WINOGRAD_TABLE(avx2);
