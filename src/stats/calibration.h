/* Calibration: how well predicted probabilities agree with observed frequencies. */
#ifndef EN_STATS_CALIBRATION_H
#define EN_STATS_CALIBRATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define EN_CALIBRATION_BINS 15 /* the customary number (Guo et al. 2017) */

/* A bin of equal width [i/bins, (i+1)/bins), the last one closed. */
typedef struct en_calibration_bin {
    int64_t count, positive;
    double mean_p; /* NaN when empty */
} en_calibration_bin;

/* p: probability of being positive, 0..1 (EN_INPUT otherwise); truth: 0 negative, anything else positive. */
en_status en_calibration_bins(const double *p, const uint8_t *truth, size_t n, size_t bins, en_calibration_bin *out,
                              en_error *err) EN_CHECKED;
/* Expected calibration error (Naeini et al. 2015): sum over bins of count/n * |positive/count - mean_p|; NaN for n = 0.
 */
en_status en_calibration_ece(const double *p, const uint8_t *truth, size_t n, double *ece, en_error *err) EN_CHECKED;
/* Brier score (1950): the mean of (p - truth)^2; NaN for n = 0. */
en_status en_calibration_brier(const double *p, const uint8_t *truth, size_t n, double *brier,
                               en_error *err) EN_CHECKED;

#endif
