/* Kernels for AVX2 and FMA. Compiled with those flags whatever the rest is built for, so nothing here may be called
 * before select.c has asked the processor. */
#include "kernel/depthwise.h"
#include "kernel/direct.h"
#include "kernel/fft.h"
#include "kernel/loops_body.h"
#include "kernel/winograd.h"

EN_VECTOR_TABLE(avx2);
