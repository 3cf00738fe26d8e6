/* Wilson's interval; predictive values. */
#include "stats/proportion.h"

#include <math.h>

#define Z95 1.959963984540054 /* the normal distribution's 97.5% point */

en_interval en_proportion_wilson(double proportion, double n)
{
    if (!(n > 0)) {
        return en_interval_none;
    }
    double z2 = Z95 * Z95;
    double middle = (proportion + z2 / (2 * n)) / (1 + z2 / n);
    double half = Z95 / (1 + z2 / n) * sqrt(proportion * (1 - proportion) / n + z2 / (4 * n * n));
    return (en_interval){fmax(0, middle - half), fmin(1, middle + half)};
}

en_interval en_predictive_value(double sensitivity, double n1, double specificity, double n0, double prevalence,
                                int positive, double *value)
{
    double se = sensitivity, sp = specificity;
    double right = positive ? se * prevalence : sp * (1 - prevalence);
    double wrong = positive ? (1 - sp) * (1 - prevalence) : (1 - se) * prevalence;
    *value = right + wrong > 0 ? right / (right + wrong) : (double)NAN;
    double odds = positive ? (1 - se) / (se * n1) + sp / ((1 - sp) * n0) : se / ((1 - se) * n1) + (1 - sp) / (sp * n0);
    double slope = *value * (1 - *value); /* of the value by its log odds */
    return en_interval_logit(*value, odds * slope * slope, Z95);
}
