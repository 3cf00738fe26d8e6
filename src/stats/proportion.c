/* Wilson's interval. */
#include "stats/proportion.h"

#include <math.h>

#define Z95 1.959963984540054 /* the normal distribution's 97.5% point */

void en_proportion_interval(int64_t hits, int64_t n, double *low, double *high)
{
    *low = *high = (double)NAN;
    if (n <= 0) {
        return;
    }
    double all = (double)n, proportion = (double)hits / all, z2 = Z95 * Z95;
    double middle = (proportion + z2 / (2 * all)) / (1 + z2 / all);
    double half = Z95 / (1 + z2 / all) * sqrt(proportion * (1 - proportion) / all + z2 / (4 * all * all));
    *low = fmax(0, middle - half);
    *high = fmin(1, middle + half);
}
