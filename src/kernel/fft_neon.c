/* The transforms of convolution for NEON. */
#define EN_FFT_TABLE en_fft_neon
#include "kernel/fft_lanes.h"
