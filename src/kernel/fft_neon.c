/* The transforms of convolution for NEON. Compiled with those flags, so nothing here may be called before
 * select.c has asked the processor. */
#define EN_FFT_TABLE en_fft_neon
#include "kernel/fft_lanes.h"
