/* The transforms of convolution for AVX2 and FMA. Compiled with those flags, so nothing here may be called before
 * select.c has asked the processor. */
#define EN_FFT_TABLE en_fft_avx2
#include "kernel/fft_lanes.h"
