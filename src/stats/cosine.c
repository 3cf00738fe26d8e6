/* The cosine distance. Uses nothing. */
#include "stats/cosine.h"

#include <math.h>
#include <string.h>

static float number(const void *vector, size_t i)
{
    float value;
    memcpy(&value, (const char *)vector + i * sizeof value, sizeof value);
    return value;
}

double en_cosine_distance(const void *a, const void *b, size_t n)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = (double)number(a, i), y = (double)number(b, i);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    if (!(aa > 0 && bb > 0)) {
        return (double)NAN;
    }
    const double distance = 1 - ab / (sqrt(aa) * sqrt(bb));
    return distance < 0 ? 0 : distance > 2 ? 2 : distance;
}

bool en_vector_is_finite(const void *vector, size_t n)
{
    bool finite = true;
    for (size_t i = 0; i < n; i++) {
        finite = finite && isfinite(number(vector, i));
    }
    return finite;
}
