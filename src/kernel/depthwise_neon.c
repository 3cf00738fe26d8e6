/* The depthwise kernels for NEON. */
#include "kernel/depthwise_body.h"

const en_depthwise_kernels en_depthwise_neon = {.correlate = en_depthwise_correlate, .weights = en_depthwise_weights};
