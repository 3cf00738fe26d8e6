/* The transforms of convolution for AVX-512. Compiled with its flags, so nothing here may be called before select.c has
 * asked the processor. */
#define EN_FFT_TABLE en_fft_avx512
#include "kernel/fft_lanes.h"
