/* The depthwise kernels for AVX2. */
#include "kernel/depthwise_body.h"

EN_DEPTHWISE_TABLE(avx2);
