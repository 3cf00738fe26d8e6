/* Platt's and temperature scaling. Uses nothing. */
#include "stats/recalibrate.h"

#include <math.h>

enum { STEPS = 100, HALVINGS = 60 };
#define ENOUGH 1e-10 /* of the gradient, per observation */
#define LEAST 1e-12  /* on the diagonal of the Hessian */
#define FACTOR_MOST 20.0
#define LEAST_P 1e-38 /* a float may be 0 */

typedef struct platt {
    const double *score;
    const uint8_t *truth;
    size_t n;
    double target[2]; /* of negatives and positives */
} platt;

/* log(1 + exp(x)) without overflow. */
static double softplus(double x) { return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)); }

static double sigmoid(double x) { return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)); }

static double loss_of(const platt *p, double scale, double shift)
{
    double loss = 0;
    for (size_t i = 0; i < p->n; i++) {
        double x = scale * p->score[i] + shift;
        loss += softplus(x) - p->target[p->truth[i] != 0] * x;
    }
    return loss;
}

/* Newton's step from (scale, shift), halved until the loss falls. Returns 0 when there is nowhere to go. */
static int step(const platt *p, double *scale, double *shift)
{
    double h11 = LEAST, h22 = LEAST, h12 = 0, g1 = 0, g2 = 0;
    for (size_t i = 0; i < p->n; i++) {
        double s = p->score[i], q = sigmoid(*scale * s + *shift), w = q * (1 - q);
        double off = q - p->target[p->truth[i] != 0];
        h11 += s * s * w;
        h12 += s * w;
        h22 += w;
        g1 += s * off;
        g2 += off;
    }
    if (fabs(g1) + fabs(g2) < ENOUGH * (double)p->n) {
        return 0;
    }
    double determinant = h11 * h22 - h12 * h12;
    double by_scale = -(h22 * g1 - h12 * g2) / determinant, by_shift = -(h11 * g2 - h12 * g1) / determinant;
    double now = loss_of(p, *scale, *shift), part = 1;
    for (int k = 0; k < HALVINGS; k++, part /= 2) {
        if (loss_of(p, *scale + part * by_scale, *shift + part * by_shift) < now) {
            *scale += part * by_scale;
            *shift += part * by_shift;
            return 1;
        }
    }
    return 0;
}

void en_recalibrate_platt(const double *score, const uint8_t *truth, size_t n, double *scale, double *shift)
{
    double positives = 0, negatives = 0;
    for (size_t i = 0; i < n; i++) {
        *(truth[i] != 0 ? &positives : &negatives) += 1;
    }
    *scale = 1;
    *shift = 0;
    if (!(positives > 0 && negatives > 0)) {
        return;
    }
    const platt p = {score, truth, n, {1 / (negatives + 2), (positives + 1) / (positives + 2)}};
    for (int k = 0; k < STEPS && step(&p, scale, shift); k++) {
    }
}

void en_recalibrate_softmax(double *logit, size_t classes, double factor)
{
    double most = logit[0], sum = 0;
    for (size_t c = 1; c < classes; c++) {
        most = fmax(most, logit[c]);
    }
    for (size_t c = 0; c < classes; c++) {
        logit[c] = exp(factor * (logit[c] - most));
        sum += logit[c];
    }
    for (size_t c = 0; c < classes; c++) {
        logit[c] /= sum;
    }
}

/* The derivative of the loss by the factor: the expected logit under softmax(factor * logits) less that of the truth.
 * It grows with the factor, as the loss is convex. */
static double slope(const double *logit, const int32_t *truth, size_t n, size_t classes, double factor)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double *x = logit + i * classes;
        double most = x[0], weights = 0, weighted = 0;
        for (size_t c = 1; c < classes; c++) {
            most = fmax(most, x[c]);
        }
        for (size_t c = 0; c < classes; c++) {
            double w = exp(factor * (x[c] - most));
            weights += w;
            weighted += w * x[c];
        }
        sum += weighted / weights - x[truth[i]];
    }
    return sum;
}

double en_recalibrate_temperature(const double *logit, const int32_t *truth, size_t n, size_t classes)
{
    double low = 1 / FACTOR_MOST, high = FACTOR_MOST;
    if (n == 0) {
        return 1;
    }
    for (int k = 0; k < HALVINGS; k++) {
        double middle = sqrt(low * high);
        *(slope(logit, truth, n, classes, middle) < 0 ? &low : &high) = middle;
    }
    return sqrt(low * high);
}

static double log_odds(double above, double below) { return log(fmax(above, LEAST_P)) - log(fmax(below, LEAST_P)); }

double en_recalibrate_log_odds(const double *probability, size_t classes, size_t k)
{
    double below = 0, above = 0;
    for (size_t i = 0; i < classes; i++) {
        *(i <= k ? &below : &above) += probability[i];
    }
    return log_odds(above, below);
}

void en_recalibrate_cumulative(double *probability, size_t classes, double scale, double shift)
{
    double from = 1, below = 0; /* from: P(y >= k) as it becomes; below: P(y <= k) as it was */
    for (size_t k = 0; k < classes; k++) {
        double above = 0;
        for (size_t i = k + 1; i < classes; i++) {
            above += probability[i];
        }
        below += probability[k];
        const double to = k + 1 < classes ? sigmoid(scale * log_odds(above, below) + shift) : 0;
        probability[k] = from - to;
        from = to;
    }
}
