/* Calibration of probabilities. Uses base only. */
#include "stats/calibration.h"

#include <math.h>

#include "base/memory.h"

#define BINS_MAX 10000

en_status en_calibration_bins(const double *p, const uint8_t *truth, size_t n, size_t bins, en_calibration_bin *out,
                              en_error *err)
{
    if (bins == 0 || bins > BINS_MAX) {
        return en_error_set(err, EN_INPUT, "a calibration has 1 to %d bins, not %zu", BINS_MAX, bins);
    }
    for (size_t b = 0; b < bins; b++) {
        out[b] = (en_calibration_bin){0};
    }
    for (size_t i = 0; i < n; i++) {
        if (!(p[i] >= 0.0 && p[i] <= 1.0)) {
            return en_error_set(err, EN_INPUT, "a probability lies in 0..1, not %g", p[i]);
        }
        size_t b = (size_t)(p[i] * (double)bins);
        b = b < bins ? b : bins - 1; /* p = 1 */
        out[b].count++;
        out[b].positive += truth[i] != 0;
        out[b].mean_p += p[i]; /* a sum until below */
    }
    for (size_t b = 0; b < bins; b++) {
        out[b].mean_p = out[b].count > 0 ? out[b].mean_p / (double)out[b].count : (double)NAN;
    }
    return EN_OK;
}

en_status en_calibration_ece(const double *p, const uint8_t *truth, size_t n, double *ece, en_error *err)
{
    en_calibration_bin bin[EN_CALIBRATION_BINS];
    *ece = (double)NAN;
    en_status st = en_calibration_bins(p, truth, n, EN_CALIBRATION_BINS, bin, err);
    if (st != EN_OK || n == 0) {
        return st;
    }
    double sum = 0.0;
    for (size_t b = 0; b < EN_CALIBRATION_BINS; b++) {
        if (bin[b].count > 0) {
            sum += fabs((double)bin[b].positive - bin[b].mean_p * (double)bin[b].count);
        }
    }
    *ece = sum / (double)n;
    return EN_OK;
}

en_status en_calibration_brier(const double *p, const uint8_t *truth, size_t n, double *brier, en_error *err)
{
    double sum = 0.0;
    *brier = (double)NAN;
    for (size_t i = 0; i < n; i++) {
        if (!(p[i] >= 0.0 && p[i] <= 1.0)) {
            return en_error_set(err, EN_INPUT, "a probability lies in 0..1, not %g", p[i]);
        }
        double off = p[i] - (truth[i] != 0 ? 1.0 : 0.0);
        sum += off * off;
    }
    if (n > 0) {
        *brier = sum / (double)n;
    }
    return EN_OK;
}
