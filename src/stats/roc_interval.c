/* The interval of an AUC from a formula, for where its variance cannot be estimated. Uses interval. */
#include <math.h>
#include <stdbool.h>

#include "stats/roc.h"

#define HALVINGS 200 /* more than a double has bits */

/* The variance of an AUC when the true one is `area`: Hanley and McNeil 1982 for exponential scores, with both numbers
 * of cases but those in the denominator replaced by their mean (Newcombe 2006). */
static double variance(double area, double positives, double negatives)
{
    double others = (positives + negatives) / 2 - 1;
    double spread = 1 + others * ((1 - area) / (2 - area) + area / (1 + area));
    return area * (1 - area) * spread / (positives * negatives);
}

/* The true area furthest from `auc` towards `edge` (0 or 1) of which `auc` is no further than z standard errors. */
static double furthest(double auc, double edge, double positives, double negatives, double z)
{
    double in = auc, out = edge;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (in + out) / 2, away = auc - middle;
        bool near = away * away <= z * z * variance(middle, positives, negatives);
        *(near ? &in : &out) = middle;
    }
    return in;
}

void en_roc_auc_score_interval(double auc, double positives, double negatives, double confidence, double *low,
                               double *high)
{
    *low = *high = (double)NAN;
    if (!(auc >= 0 && auc <= 1) || !(positives >= 1 && negatives >= 1)) {
        return;
    }
    double z = en_normal_point(confidence);
    *low = furthest(auc, 0, positives, negatives, z);
    *high = furthest(auc, 1, positives, negatives, z);
}
