/* Agreement beyond chance. Uses the confusion matrix. */
#include "stats/kappa.h"

#include <math.h>

static double weigh(const double *value, size_t i, size_t j)
{
    double apart = value != NULL ? value[i] - value[j] : (double)(i != j);
    return apart * apart;
}

static double row_of(const en_confusion *m, size_t i)
{
    double sum = 0;
    for (size_t k = 0; k < m->classes; k++) {
        sum += (double)en_confusion_at(m, i, k);
    }
    return sum;
}

static double column_of(const en_confusion *m, size_t j)
{
    double sum = 0;
    for (size_t k = 0; k < m->classes; k++) {
        sum += (double)en_confusion_at(m, k, j);
    }
    return sum;
}

/* Disagreement observed, a sum over the observations, and expected, the same times their number: for values that are
 * whole numbers both are whole, and exact up to 2^53. */
static void disagree(const en_confusion *m, const double *value, double *observed, double *expected)
{
    *observed = *expected = 0;
    for (size_t i = 0; i < m->classes; i++) {
        double row = row_of(m, i);
        for (size_t j = 0; j < m->classes; j++) {
            double weight = weigh(value, i, j);
            *observed += weight * (double)en_confusion_at(m, i, j);
            *expected += weight * row * column_of(m, j);
        }
    }
}

double en_kappa(const en_confusion *m, const double *value)
{
    double observed, expected;
    disagree(m, value, &observed, &expected);
    /* expected = 0 also when there is nothing at all */
    return expected > 0.0 ? 1.0 - observed * (double)en_confusion_total(m) / expected : (double)NAN;
}

double en_kappa_quadratic(const en_confusion *m)
{
    double number[EN_CONFUSION_CLASSES_MAX];
    for (size_t i = 0; i < m->classes; i++) {
        number[i] = (double)i;
    }
    return en_kappa(m, number);
}

/* kappa = 1 - n O / E with O = sum w_ij n_ij and E = sum w_ij r_i c_j. One more observation (t, p) adds w_tp to O, 1 to
 * n and sum_j w_tj c_j + sum_i w_ip r_i to E. */
void en_kappa_influence(const en_confusion *m, const double *value, double *influence)
{
    double observed, expected, n = (double)en_confusion_total(m);
    disagree(m, value, &observed, &expected);
    for (size_t t = 0; t < m->classes; t++) {
        double of_row = 0;
        for (size_t j = 0; j < m->classes; j++) {
            of_row += weigh(value, t, j) * column_of(m, j);
        }
        for (size_t p = 0; p < m->classes; p++) {
            double of_column = 0;
            for (size_t i = 0; i < m->classes; i++) {
                of_column += weigh(value, i, p) * row_of(m, i);
            }
            double change = (observed + n * weigh(value, t, p)) / expected;
            change -= n * observed * (of_row + of_column) / (expected * expected);
            influence[t * m->classes + p] = expected > 0 ? -change : (double)NAN;
        }
    }
}
