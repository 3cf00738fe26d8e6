/* Agreement beyond chance. Uses the confusion matrix. */
#include "stats/kappa.h"

#include <math.h>

/* 1 - observed / expected disagreement, a pair of classes weighing (i - j)^2. Both sums are whole numbers times
 * 1/total, so that they are exact up to 2^53. */
double en_kappa_quadratic(const en_confusion *m)
{
    double observed = 0.0, expected = 0.0, total = (double)en_confusion_total(m);
    for (size_t i = 0; i < m->classes; i++) {
        double row = 0.0;
        for (size_t k = 0; k < m->classes; k++) {
            row += (double)en_confusion_at(m, i, k);
        }
        for (size_t j = 0; j < m->classes; j++) {
            double column = 0.0;
            double apart = (double)i - (double)j;
            double weight = apart * apart;
            for (size_t k = 0; k < m->classes; k++) {
                column += (double)en_confusion_at(m, k, j);
            }
            observed += weight * (double)en_confusion_at(m, i, j);
            expected += weight * row * column;
        }
    }
    /* expected = 0 also when there is nothing at all */
    return expected > 0.0 ? 1.0 - observed * total / expected : (double)NAN;
}
