/* Measures of a photograph's quality, and the gate. */
#include "image/quality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "image/integrity.h"
#include "image/resize.h"

enum {
    WHITE = 255000, /* luminance, in thousandths of 1/255 */
    BLACK = 12000,
    GLARING = 235000,
    HASH_EDGE = 32, /* px of the picture that is hashed */
    HASH_FIRST =
        5, /* half waves across the picture of the lowest frequency hashed: lower ones reflect the lighting only */
    HASH_WAVES = 8 /* frequencies in each direction, making 64 bits */
};

#define OUTSIDE 1.05          /* radii: the background is measured beyond, where the edge of the disc does not count */
#define RIM 0.9               /* of the disc's radius: sharpness is measured within, where its edge does not count */
#define MIDDLING_VARIANCE 100 /* of the Laplacian, in squares of 1/255; the median of the 960 photographs is 99 */
#define GATE_BRIGHTNESS (14.0 / 255)
#define GATE_CONTRAST (2.5 / 255)

static const double pi = 3.14159265358979323846;

/* In thousandths of 1/255, exactly. */
static int64_t luminance(const uint8_t *p) { return 299 * p[0] + 587 * p[1] + 114 * p[2]; }

static int64_t laplacian_of_green(const en_image *image, int x, int y)
{
    ptrdiff_t row = 3 * (ptrdiff_t)image->width;
    const uint8_t *p = image->rgb + y * row + 3 * x + 1;
    return 4 * p[0] - p[-3] - p[3] - p[-row] - p[row];
}

/* The picture is small, so that even squares of luminance add up in 64 bits. */
typedef struct sums {
    int64_t n, sum, squares;
} sums;

static void sums_add(sums *s, int64_t value)
{
    s->n++;
    s->sum += value;
    s->squares += value * value;
}

static double mean_of(sums s) { return s.n > 0 ? (double)s.sum / (double)s.n : 0; }

static double variance_of(sums s)
{
    return s.n > 0 ? fmax((double)s.squares / (double)s.n - mean_of(s) * mean_of(s), 0) : 0;
}

static double clamp01(double value) { return fmin(fmax(value, 0), 1); }

/* One pass over the small copy fills all measures but score and hash. */
static void measure(const en_image *image, const en_disc *disc, en_quality *out)
{
    sums light = {0}, edges = {0}, outside = {0};
    int64_t black = 0, glaring = 0, lit = 0;
    double area = disc->radius * disc->radius;
    for (int y = 0; y < image->height; y++) {
        for (int x = 0; x < image->width; x++) {
            int64_t value = luminance(image->rgb + 3 * ((ptrdiff_t)y * image->width + x));
            black += value < BLACK;
            double dx = x + 0.5 - disc->x, dy = y + 0.5 - disc->y, distance = dx * dx + dy * dy;
            if (disc->found && distance > area) {
                if (distance > OUTSIDE * OUTSIDE * area) {
                    sums_add(&outside, value);
                }
                continue;
            }
            sums_add(&light, value);
            glaring += value >= GLARING;
            lit += value >= BLACK;
            bool inner = x > 0 && y > 0 && x < image->width - 1 && y < image->height - 1;
            if (inner && distance <= RIM * RIM * area) {
                sums_add(&edges, laplacian_of_green(image, x, y));
            }
        }
    }
    double variance = variance_of(edges);
    out->background = outside.n > 0 ? mean_of(outside) / WHITE : (double)NAN;
    int shorter = image->width < image->height ? image->width : image->height;
    out->brightness = mean_of(light) / WHITE;
    out->contrast = sqrt(variance_of(light)) / WHITE;
    out->sharpness = variance / (variance + MIDDLING_VARIANCE);
    out->overexposed = light.n > 0 ? (double)glaring / (double)light.n : 0;
    out->black_fraction = (double)black / ((double)image->width * image->height);
    out->relative_radius = disc->found ? 2 * disc->radius / shorter : 0;
    out->disc_coverage = disc->found ? clamp01((double)lit / (pi * area)) : 0;
}

/* The sharpness of an average photograph scores in full, and so does half of an average brightness (0.16); the score of
 * the brightness is 0 at the gate. Glare counts fully. A disc cut off at top and bottom, as many cameras do, still
 * covers 0.75. */
static double score_of(const en_quality *q)
{
    double sharp = clamp01(q->sharpness / 0.5);
    double bright = clamp01((q->brightness - GATE_BRIGHTNESS) / (0.16 - GATE_BRIGHTNESS));
    double whole = clamp01(q->disc_coverage / 0.75);
    double kept = clamp01((q->integrity - 0.7) / 0.25); /* from a twentieth on it counts, 0.3 is hopeless */
    return sharp * bright * (1 - q->overexposed) * whole * kept;
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* 64 medium frequencies of the cosine transform of 32x32 px of luminance, each a bit: above their median or not.
 * Copies (resized, JPEG quality 50) of 320 photographs differ in 6 bits at most, but for 5 of 640; the nearest of the
 * 51,040 pairs of different photographs in 8. */
static uint64_t hash_of(const uint8_t rgb[HASH_EDGE * HASH_EDGE * 3])
{
    double wave[HASH_WAVES][HASH_EDGE], across[HASH_EDGE][HASH_WAVES] = {{0}};
    double coefficient[HASH_WAVES * HASH_WAVES] = {0}, sorted[HASH_WAVES * HASH_WAVES];
    for (int k = 0; k < HASH_WAVES; k++) {
        for (int i = 0; i < HASH_EDGE; i++) {
            wave[k][i] = cos(pi * (k + HASH_FIRST) * (i + 0.5) / HASH_EDGE);
        }
    }
    for (int y = 0; y < HASH_EDGE; y++) {
        for (int x = 0; x < HASH_EDGE; x++) {
            double value = (double)luminance(rgb + 3 * (y * HASH_EDGE + x));
            for (int k = 0; k < HASH_WAVES; k++) {
                across[y][k] += value * wave[k][x];
            }
        }
    }
    for (int i = 0; i < HASH_WAVES * HASH_WAVES; i++) {
        for (int y = 0; y < HASH_EDGE; y++) {
            coefficient[i] += across[y][i % HASH_WAVES] * wave[i / HASH_WAVES][y];
        }
    }
    memcpy(sorted, coefficient, sizeof sorted);
    qsort(sorted, HASH_WAVES * HASH_WAVES, sizeof *sorted, ascending);
    uint64_t hash = 0;
    for (int i = 0; i < HASH_WAVES * HASH_WAVES; i++) {
        if (coefficient[i] >= sorted[HASH_WAVES * HASH_WAVES / 2]) {
            hash |= (uint64_t)1 << i;
        }
    }
    return hash;
}

/* The square inscribed in the disc, so that every camera's black frame stays outside; without a disc, everything. */
static en_status hash_image(const en_image *image, const en_disc *disc, uint64_t *hash, en_error *err)
{
    uint8_t rgb[HASH_EDGE * HASH_EDGE * 3];
    double half = disc->radius * sqrt(0.5);
    en_box box = {disc->x - half, disc->y - half, 2 * half, 2 * half};
    if (!disc->found) {
        box = (en_box){0, 0, image->width, image->height};
    }
    en_status st = en_resize(image, box, HASH_EDGE, HASH_EDGE, rgb, err);
    if (st == EN_OK) {
        *hash = hash_of(rgb);
    }
    return st;
}

en_status en_quality_measure(const en_image *image, const en_disc *disc, en_quality *out, en_error *err)
{
    *out = (en_quality){0};
    en_image small = {0};
    en_disc here;
    en_status st = en_shrink(image, EN_SMALL_EDGE, &small, err);
    if (st != EN_OK) {
        goto done;
    }
    if (disc != NULL) {
        here = en_disc_scaled(*disc, image, &small);
    } else {
        st = en_disc_find(&small, &here, err);
        if (st != EN_OK) {
            goto done;
        }
    }
    measure(&small, &here, out);
    out->integrity = en_integrity(&small, &here);
    out->score = score_of(out);
    st = hash_image(&small, &here, &out->phash, err);
done:
    en_image_clear(&small);
    return st;
}

en_gate en_quality_gate(const en_quality *quality, int width, int height)
{
    en_gate gate = {.kind = EN_GATE_PASSED};
    if (width < EN_EDGE_MIN || height < EN_EDGE_MIN) {
        gate.kind = EN_GATE_TOO_SMALL;
        (void)en_print(gate.reason, sizeof gate.reason, "too small: %dx%d, sides are at least %d px", width, height,
                       EN_EDGE_MIN);
    } else if (quality->brightness < GATE_BRIGHTNESS) {
        gate.kind = EN_GATE_BLACK;
        (void)en_print(gate.reason, sizeof gate.reason, "black: mean brightness %.1f of 255",
                       quality->brightness * 255);
    } else if (quality->contrast < GATE_CONTRAST) {
        gate.kind = EN_GATE_UNIFORM;
        (void)en_print(gate.reason, sizeof gate.reason, "uniform: contrast %.1f of 255", quality->contrast * 255);
    }
    return gate;
}

int en_phash_distance(uint64_t a, uint64_t b) { return __builtin_popcountll(a ^ b); }
