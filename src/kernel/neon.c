/* Kernels for NEON, which every 64-bit Arm processor has. */
#include "kernel/depthwise.h"
#include "kernel/direct.h"
#include "kernel/fft.h"
#include "kernel/loops_body.h"
#include "kernel/winograd.h"

EN_VECTOR_TABLE(neon);
