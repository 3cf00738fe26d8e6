/* The kernels of register tiles for NEON. */
#include "kernel/direct_body.h"

const en_direct_kernels en_direct_neon = {
    .lanes = EN_LANES,
    .outputs = 2 * EN_LANES,
    .forward = en_direct_forward,
    .gather = en_direct_gather,
    .weights = en_direct_weights,
};
