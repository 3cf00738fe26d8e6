/* The kernels of register tiles for NEON. */
#include "kernel/direct_body.h"

EN_DIRECT_TABLE(neon);
