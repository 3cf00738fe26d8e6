/* Operating points, read off the ROC curve. Uses roc. */
#include "stats/operating.h"

#include <math.h>

#include "stats/roc.h"

/* How good a point of the curve is by the rule; -infinity where it does not do. */
static double worth(en_operating_rule rule, double wish, const en_roc_point *p, double positives, double negatives)
{
    const double slack = 1e-12; /* 9 of 10 is 0.9 */
    switch (rule) {
    case EN_AT_SENSITIVITY: return p->tpr >= wish - slack ? 1 - p->fpr : -(double)INFINITY;
    case EN_AT_SPECIFICITY: return 1 - p->fpr >= wish - slack ? p->tpr : -(double)INFINITY;
    case EN_AT_YOUDEN: return p->tpr - p->fpr;
    case EN_AT_COST: return -(p->fpr * negatives + wish * (1 - p->tpr) * positives);
    case EN_OPERATING_RULES: break;
    }
    return -(double)INFINITY;
}

en_status en_operating_threshold(en_operating_rule rule, double wish, const double *score, const uint8_t *truth,
                                 size_t n, double *threshold, en_error *err)
{
    en_roc roc = {0};
    double positives = 0, best = -(double)INFINITY;
    size_t at = 0;
    *threshold = (double)NAN;
    en_status st = en_roc_curve(score, truth, n, &roc, err);
    for (size_t i = 0; i < n; i++) {
        positives += truth[i] != 0;
    }
    if (st != EN_OK || !(positives > 0 && positives < (double)n)) {
        en_roc_clear(&roc);
        return st;
    }
    for (size_t i = 0; i < roc.count; i++) { /* by falling threshold: the first of equals is the highest */
        double is = worth(rule, wish, &roc.point[i], positives, (double)n - positives);
        at = is > best + 1e-12 ? i : at;
        best = fmax(best, is);
    }
    double last = roc.point[at].threshold;
    *threshold = at > 0 && at + 1 < roc.count ? (last + roc.point[at + 1].threshold) / 2 : last;
    en_roc_clear(&roc);
    return EN_OK;
}
