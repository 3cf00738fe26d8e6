/* The transforms of convolution for any processor, four floats at a time. */
#define EN_FFT_TABLE en_fft_generic
#include "kernel/fft_lanes.h"
