/* Winograd's kernels for NEON. */
#include "kernel/winograd_body.h"

EN_WINOGRAD_TABLE(neon);
