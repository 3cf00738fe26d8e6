/* The clustered intervals of the calibration error and of the Brier score. Uses base, basic and cluster. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "stats/basic.h"
#include "stats/calibration.h"

#define SURE 2.0 /* standard errors from which a bin's deviation is taken for real */
enum { BINS = EN_CALIBRATION_BINS, DRAWS = 1000 };

/* The mean over all observations of truth - p where p is in a bin, else 0, and its covariance. */
typedef struct spread {
    double mean[BINS], covariance[BINS][BINS];
} spread;

/* Cholesky's factor of a covariance that may be singular: a row without variance of its own is 0 on the diagonal. */
static void factorise(double m[BINS][BINS])
{
    for (size_t i = 0; i < BINS; i++) {
        for (size_t j = 0; j < BINS; j++) {
            double sum = j <= i ? m[i][j] : 0;
            for (size_t k = 0; j <= i && k < j; k++) {
                sum -= m[i][k] * m[j][k];
            }
            if (j == i) {
                m[i][i] = sum > 1e-18 ? sqrt(sum) : 0;
            } else {
                m[i][j] = j < i && m[j][j] > 0 ? sum / m[j][j] : 0;
            }
        }
    }
}

static size_t bin_of(double p)
{
    size_t b = (size_t)(p * BINS);
    return b < BINS ? b : BINS - 1; /* p = 1 */
}

/* Each bin's variance is at least that of independent observations with the probabilities p, the sum of p (1 - p) over
 * n^2: a few observations that all came out alike look more certain than they are. Rows and columns grow together. */
static void raise_to_binomial(const double *p, const en_clusters *c, spread *s)
{
    double binomial[BINS] = {0}, grow[BINS], n = (double)c->n;
    for (size_t i = 0; i < c->n; i++) {
        binomial[bin_of(p[i])] += p[i] * (1 - p[i]) / (n * n);
    }
    for (size_t i = 0; i < BINS; i++) {
        double own = s->covariance[i][i];
        grow[i] = own > 0 ? sqrt(fmax(1, binomial[i] / own)) : 0;
    }
    for (size_t i = 0; i < BINS; i++) {
        for (size_t j = 0; j < BINS; j++) {
            s->covariance[i][j] *= grow[i] * grow[j];
        }
    }
}

/* `sum` has BINS zeros for each cluster. */
static void find_spread(const double *p, const uint8_t *truth, const en_clusters *c, double *sum, spread *s)
{
    const double n = (double)c->n, clusters = (double)c->count;
    *s = (spread){0};
    for (size_t i = 0; i < c->n; i++) {
        size_t b = bin_of(p[i]);
        double off = ((truth[i] != 0 ? 1 : 0) - p[i]) / n;
        sum[c->of[i] * BINS + b] += off;
        s->mean[b] += off;
    }
    for (size_t g = 0; g < c->count; g++) {
        double apart[BINS];
        for (size_t i = 0; i < BINS; i++) {
            apart[i] = sum[g * BINS + i] - s->mean[i] / clusters;
            for (size_t j = 0; j <= i; j++) {
                s->covariance[i][j] += apart[i] * apart[j] * clusters / (clusters - 1);
                s->covariance[j][i] = s->covariance[i][j];
            }
        }
    }
    raise_to_binomial(p, c, s);
}

static double absolute_sum(const double *x)
{
    double sum = 0;
    for (size_t b = 0; b < BINS; b++) {
        sum += fabs(x[b]);
    }
    return sum;
}

/* Draws the sum of |x|, x normal with the bins' covariance around the deviations that are surely there, less its value
 * without the spread. Returns whether these make up most of the ECE. */
static bool draw(const spread *s, double *drawn)
{
    double factor[BINS][BINS], centre[BINS];
    en_random random = en_random_init(1, 0, 0, EN_FOR_BOOTSTRAP);
    memcpy(factor, s->covariance, sizeof factor);
    factorise(factor);
    for (size_t b = 0; b < BINS; b++) {
        centre[b] = s->mean[b] * s->mean[b] > SURE * SURE * s->covariance[b][b] ? s->mean[b] : 0;
    }
    for (size_t d = 0; d < DRAWS; d++) {
        double normal[BINS], x[BINS];
        for (size_t b = 0; b < BINS; b++) {
            normal[b] = factor[b][b] > 0 ? en_random_normal(&random) : 0;
            x[b] = centre[b];
            for (size_t k = 0; k <= b; k++) {
                x[b] += factor[b][k] * normal[k];
            }
        }
        drawn[d] = absolute_sum(x) - absolute_sum(centre);
    }
    return 2 * absolute_sum(centre) > absolute_sum(s->mean);
}

/* E|X| - |m| summed over the bins, X normal around the deviation m that was observed (the folded normal distribution;
 * Leone, Nelson and Nottingham 1961). */
static double folding_bias(const spread *s)
{
    double bias = 0;
    for (size_t b = 0; b < BINS; b++) {
        double error = sqrt(s->covariance[b][b]), z = error > 0 ? fabs(s->mean[b]) / error : 0;
        bias += error * (sqrt(2 / acos(-1.0)) * exp(-z * z / 2) - z * erfc(z / sqrt(2.0)));
    }
    return bias;
}

/* The variance of the sum of the deviations, each with the sign it was observed with. */
static double signed_variance(const spread *s)
{
    double variance = 0;
    for (size_t i = 0; i < BINS; i++) {
        for (size_t j = 0; j < BINS; j++) {
            variance += copysign(1, s->mean[i]) * copysign(1, s->mean[j]) * s->covariance[i][j];
        }
    }
    return variance;
}

en_status en_calibration_ece_interval(const double *p, const uint8_t *truth, en_clusters *c, en_interval *out,
                                      en_error *err)
{
    double ece, most;
    spread s;
    *out = en_interval_none;
    en_status st = en_calibration_ece(p, truth, c->n, &ece, err);
    size_t rarer = en_clusters_of_rarer(c, truth);
    if (st != EN_OK || rarer < EN_CALIBRATION_LEAST) {
        return st;
    }
    double *sum = en_calloc(c->count * BINS, sizeof *sum), *drawn = en_calloc(DRAWS, sizeof *drawn);
    if (sum == NULL || drawn == NULL) {
        st = en_error_nomem(err, "an interval");
        goto done;
    }
    find_spread(p, truth, c, sum, &s);
    /* Of a calibrated model the ECE is 0, and no upper bound misses it: all the risk is on the one side. */
    double confidence = draw(&s, drawn) ? (1 + EN_INTERVAL_CONFIDENCE) / 2 : EN_INTERVAL_CONFIDENCE;
    st = en_quantile(drawn, DRAWS, confidence, &most, err);
    if (st == EN_OK) {
        double t = en_student_point(EN_INTERVAL_CONFIDENCE, (double)rarer - 1);
        double high = ece - folding_bias(&s) + t * sqrt(fmax(0, signed_variance(&s)));
        *out = (en_interval){fmax(0, ece - most), fmin(1, fmax(0, high))};
    }
done:
    en_free(sum);
    en_free(drawn);
    return st;
}

en_status en_calibration_brier_interval(const double *p, const uint8_t *truth, en_clusters *c, en_interval *out,
                                        en_error *err)
{
    double brier;
    *out = en_interval_none;
    en_status st = en_calibration_brier(p, truth, c->n, &brier, err);
    size_t rarer = en_clusters_of_rarer(c, truth);
    if (st != EN_OK || rarer < EN_CLUSTERS_LEAST) {
        return st;
    }
    double *influence = en_calloc(c->n, sizeof *influence);
    if (influence == NULL) {
        return en_error_nomem(err, "an interval");
    }
    for (size_t i = 0; i < c->n; i++) {
        double off = p[i] - (truth[i] != 0 ? 1 : 0);
        influence[i] = (off * off - brier) / (double)c->n;
    }
    *out = en_interval_logit(brier, en_clusters_variance(c, influence, NULL, NULL),
                             en_student_point(EN_INTERVAL_CONFIDENCE, en_clusters_freedom(c, influence, NULL)));
    en_free(influence);
    return st;
}
