/* The depthwise kernels for NEON. */
#include "kernel/depthwise_body.h"

EN_DEPTHWISE_TABLE(neon);
