/* See loss.h. In double precision: a network has few classes. */
#include "nn/loss.h"

#include <math.h>

#include "base/settings.h"
#include "nn/network.h"

#define LEAST_P 1e-7

static const char *const kinds[] = {"cross-entropy", "focal", "squared", NULL};
static const en_setting words[] = {
    {"smoothing", 1u << (EN_LOSS_CROSS_ENTROPY - 1), false, offsetof(en_loss, smoothing), 0, 0.99, 0},
    {"gamma", 1u << (EN_LOSS_FOCAL - 1), false, offsetof(en_loss, gamma), 0, 20, 2},
};
static const en_settings table = {"loss", kinds, words, sizeof words / sizeof *words};

en_status en_loss_parse(const char *text, en_loss *out, en_error *err)
{
    en_loss loss = {0};
    size_t kind;
    en_status st = en_settings_parse(&table, text, &kind, &loss, err);
    if (st == EN_OK) {
        loss.kind = (en_loss_kind)(kind + EN_LOSS_CROSS_ENTROPY);
        *out = loss;
    }
    return st;
}

const char *en_loss_text(const en_loss *loss, char out[EN_LOSS_TEXT])
{
    return en_settings_text(&table, (size_t)(loss->kind - EN_LOSS_CROSS_ENTROPY), loss, out, EN_LOSS_TEXT);
}

double en_cross_entropy(const float *probabilities, int32_t truth)
{
    double p = (double)probabilities[truth];
    return -log(p > LEAST_P || isnan(p) ? p : LEAST_P);
}

static void softmax(const float *z, size_t classes, double *p)
{
    double most = (double)z[0], sum = 0;
    for (size_t i = 1; i < classes; i++) {
        most = (double)z[i] > most ? (double)z[i] : most;
    }
    for (size_t i = 0; i < classes; i++) {
        p[i] = exp((double)z[i] - most);
        sum += p[i];
    }
    for (size_t i = 0; i < classes; i++) {
        p[i] /= sum;
    }
}

static double sigmoid(double z) { return 1 / (1 + exp(-z)); }

/* ln(1 + exp(z)) without overflow. */
static double softplus(double z) { return z > 0 ? z + log1p(exp(-z)) : log1p(exp(z)); }

void en_output_probabilities(en_activation output, const float *logits, size_t classes, float *probabilities)
{
    double p[EN_CLASSES_MAX];
    if (output == EN_ACT_ORDINAL) {
        double above = 1; /* the probability of this class or a higher one */
        for (size_t k = 0; k < classes; k++) {
            double next = k + 1 < classes ? sigmoid((double)logits[k]) : 0;
            next = next < above || isnan(next) ? next : above;
            p[k] = above - next;
            above = next;
        }
    } else {
        softmax(logits, classes, p);
    }
    for (size_t k = 0; k < classes; k++) {
        probabilities[k] = (float)p[k];
    }
}

/* From dloss/dp to dloss/dz: dz_k = p_k (dp_k - sum_i p_i dp_i). */
static void through_softmax(const double *p, const double *dp, size_t classes, double *dz)
{
    double mean = 0;
    for (size_t i = 0; i < classes; i++) {
        mean += p[i] * dp[i];
    }
    for (size_t i = 0; i < classes; i++) {
        dz[i] = p[i] * (dp[i] - mean);
    }
}

/* -q ln s(z) - (1-q) ln(1-s(z)) */
static double binary_entropy(double q, double z, double *dz)
{
    *dz = sigmoid(z) - q;
    return q * softplus(-z) + (1 - q) * softplus(z);
}

/* -(1-p)^gamma ln p of p = s(z), where z counts for the truth; and its derivative
 * (1-p)^gamma * (gamma p ln p - (1-p)), by dp/dz = p(1-p). */
static double focal(double gamma, double z, double *dz)
{
    double p = sigmoid(z), lnp = -softplus(-z), far = pow(1 - p, gamma);
    *dz = far * (gamma * p * lnp - (1 - p));
    return -far * lnp;
}

static double softmax_loss(const en_loss *loss, const float *z, size_t classes, size_t truth, double *dz)
{
    double p[EN_CLASSES_MAX], dp[EN_CLASSES_MAX], value = 0;
    softmax(z, classes, p);
    if (loss->kind == EN_LOSS_SQUARED) {
        double off = -(double)truth;
        for (size_t i = 0; i < classes; i++) {
            off += (double)i * p[i];
        }
        for (size_t i = 0; i < classes; i++) {
            dp[i] = 2 * off * (double)i;
        }
        through_softmax(p, dp, classes, dz);
        return off * off;
    }
    if (loss->kind == EN_LOSS_FOCAL) { /* (1-p_t)/p_t takes the odds' place of a binary z */
        double of_truth, odds = p[truth] < 1 ? log(p[truth] / (1 - p[truth])) : HUGE_VAL;
        value = focal(loss->gamma, odds, &of_truth); /* by z_t: dp_t/dz_t = p_t(1-p_t), as for the sigmoid */
        for (size_t i = 0; i < classes; i++) {
            double rest = p[truth] < 1 ? p[i] / (1 - p[truth]) : 0; /* dp_t/dz_i = -p_t p_i */
            dz[i] = i == truth ? of_truth : -of_truth * rest;
        }
        return value;
    }
    for (size_t i = 0; i < classes; i++) {
        double q = (1 - loss->smoothing) * (i == truth ? 1 : 0) + loss->smoothing / (double)classes;
        double ln = log(p[i] > LEAST_P || isnan(p[i]) ? p[i] : LEAST_P);
        value -= q > 0 ? q * ln : 0;
        dz[i] = p[i] - q;
    }
    return value;
}

static double ordinal_loss(const en_loss *loss, const float *z, size_t classes, size_t truth, double *dz)
{
    double value = 0, expected = 0;
    for (size_t k = 0; k + 1 < classes; k++) {
        double above = truth > k ? 1 : 0;
        if (loss->kind == EN_LOSS_FOCAL) {
            double sign = above > 0 ? 1 : -1;
            value += focal(loss->gamma, sign * (double)z[k], &dz[k]);
            dz[k] *= sign;
        } else {
            value += binary_entropy((1 - loss->smoothing) * above + loss->smoothing / 2, (double)z[k], &dz[k]);
        }
        expected += sigmoid((double)z[k]);
    }
    if (loss->kind != EN_LOSS_SQUARED) {
        return value;
    }
    double off = expected - (double)truth;
    for (size_t k = 0; k + 1 < classes; k++) {
        double s = sigmoid((double)z[k]);
        dz[k] = 2 * off * s * (1 - s);
    }
    return off * off;
}

double en_loss_of(const en_loss *loss, en_activation output, const float *logits, size_t classes, int32_t truth,
                  double weight, float *dlogits)
{
    double dz[EN_CLASSES_MAX];
    bool ordinal = output == EN_ACT_ORDINAL;
    double value = ordinal ? ordinal_loss(loss, logits, classes, (size_t)truth, dz)
                           : softmax_loss(loss, logits, classes, (size_t)truth, dz);
    for (size_t i = 0; dlogits != NULL && i < classes - ordinal; i++) {
        dlogits[i] = (float)(weight * dz[i]);
    }
    return weight * value;
}
