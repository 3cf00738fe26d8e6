/* Rows of the retina that carry nothing of their own. */
#include "image/integrity.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define LEAST 0.2      /* of 255: mean difference from the row above. Of whole photographs it is above 0.5 */
#define RUN 0.04       /* of the disc's height: fewer rows in a row are chance, or a caption */
#define CUT_OFF 0.25   /* of the radius, at top and bottom each: black there is how the camera frames */
#define BLACK_LEVEL 12 /* of 255, of the brightest channel */

/* The part of a row within the disc. */
typedef struct chord {
    int first, end; /* px; first >= end: none */
} chord;

static chord chord_of(const en_image *image, const en_disc *disc, int y)
{
    double dy = y + 0.5 - disc->y, square = disc->radius * disc->radius - dy * dy;
    if (square <= 0) {
        return (chord){0, 0};
    }
    double half = 0.95 * sqrt(square); /* the edge of the disc is a difference of its own */
    return (chord){(int)fmax(ceil(disc->x - half), 0), (int)fmin(floor(disc->x + half), image->width)};
}

static const uint8_t *pixel(const en_image *image, int x, int y)
{
    return image->rgb + 3 * ((ptrdiff_t)y * image->width + x);
}

static double difference(const en_image *image, int y, chord c)
{
    int32_t sum = 0; /* of at most 65,500 px */
    const uint8_t *here = pixel(image, c.first, y), *above = pixel(image, c.first, y - 1);
    for (int i = 0; i < 3 * (c.end - c.first); i++) {
        sum += abs(here[i] - above[i]);
    }
    return (double)sum / (3.0 * (c.end - c.first));
}

static bool is_black(const en_image *image, int y, chord c)
{
    int64_t lit = 0;
    for (int x = c.first; x < c.end; x++) {
        const uint8_t *p = pixel(image, x, y);
        lit += p[0] >= BLACK_LEVEL || p[1] >= BLACK_LEVEL || p[2] >= BLACK_LEVEL;
    }
    return lit * 50 < c.end - c.first;
}

/* Whether a row has nothing of its own. */
static bool is_lost(const en_image *image, const en_disc *disc, int y, chord c)
{
    if (is_black(image, y, c)) {
        return fabs(y + 0.5 - disc->y) < (1 - CUT_OFF) * disc->radius;
    }
    return y > 0 && difference(image, y, c) < LEAST;
}

double en_integrity(const en_image *image, const en_disc *disc)
{
    double all = 0, lost = 0, run = 0;
    int rows = 0, least = (int)ceil(RUN * 2 * disc->radius);
    for (int y = 0; disc->found && y < image->height; y++) {
        chord c = chord_of(image, disc, y);
        double length = c.end > c.first ? c.end - c.first : 0;
        all += length;
        if (length > 0 && is_lost(image, disc, y, c)) {
            run += length;
            rows++;
            continue;
        }
        lost += rows >= least ? run : 0;
        run = 0;
        rows = 0;
    }
    lost += rows >= least ? run : 0;
    return all > 0 ? 1 - lost / all : 1;
}
