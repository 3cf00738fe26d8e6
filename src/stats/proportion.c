/* Wilson's interval. */
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
