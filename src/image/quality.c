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
static int32_t luminance(const uint8_t *p) { return 299 * p[0] + 587 * p[1] + 114 * p[2]; }

static int32_t laplacian_of_green(const en_image *image, int x, int y)
{
    ptrdiff_t row = 3 * (ptrdiff_t)image->width;
    const uint8_t *p = image->rgb + y * row + 3 * x + 1;
    return 4 * p[0] - p[-3] - p[3] - p[-row] - p[row];
}

/* The picture is small, so that even squares of luminance add up in 64 bits. */
typedef struct sums {
    int64_t n, sum, squares;
} sums;

static void sums_add(sums *s, const int32_t *values, int first, int end)
{
    int64_t sum = 0, squares = 0;
    for (int i = first; i < end; i++) {
        sum += values[i];
        squares += (int64_t)values[i] * values[i];
    }
    s->n += end > first ? end - first : 0;
    s->sum += sum;
    s->squares += squares;
}

static double mean_of(sums s) { return s.n > 0 ? (double)s.sum / (double)s.n : 0; }

static double variance_of(sums s)
{
    return s.n > 0 ? fmax((double)s.squares / (double)s.n - mean_of(s) * mean_of(s), 0) : 0;
}

static double clamp01(double value) { return fmin(fmax(value, 0), 1); }

static int64_t at_least(const int32_t *values, int first, int end, int32_t limit)
{
    int64_t count = 0;
    for (int i = first; i < end; i++) {
        count += values[i] >= limit;
    }
    return count;
}

/* The px of a row, [first, end), whose centres are no further from the disc's than the root of `square`. */
typedef struct stretch {
    int first, end;
} stretch;

static bool is_within(const en_disc *disc, int x, int y, double square)
{
    double dx = x + 0.5 - disc->x, dy = y + 0.5 - disc->y;
    return dx * dx + dy * dy <= square;
}

static stretch stretch_of(const en_disc *disc, int width, int y, double square)
{
    double dy = y + 0.5 - disc->y, half = sqrt(fmax(square - dy * dy, 0));
    int first = (int)fmin(fmax(floor(disc->x - half) - 2, 0), width),
        end = (int)fmin(fmax(ceil(disc->x + half) + 2, 0), width);
    while (first < end && !is_within(disc, first, y, square)) {
        first++;
    }
    while (end > first && !is_within(disc, end - 1, y, square)) {
        end--;
    }
    return (stretch){first, end};
}

/* Rows of the small copy add to these. */
typedef struct measures {
    sums light, edges, outside;
    int64_t black, glaring, lit;
} measures;

static void measure_row(const en_image *image, const en_disc *disc, int y, measures *m)
{
    int32_t value[EN_SMALL_EDGE], edge[EN_SMALL_EDGE];
    int width = image->width;
    for (int x = 0; x < width; x++) {
        value[x] = luminance(image->rgb + 3 * ((ptrdiff_t)y * width + x));
    }
    double area = disc->radius * disc->radius;
    stretch in = {0, width}, all = {0, width};
    if (disc->found) {
        in = stretch_of(disc, width, y, area);
        all = stretch_of(disc, width, y, OUTSIDE * OUTSIDE * area);
    }
    m->black += width - at_least(value, 0, width, BLACK);
    m->glaring += at_least(value, in.first, in.end, GLARING);
    m->lit += at_least(value, in.first, in.end, BLACK);
    sums_add(&m->light, value, in.first, in.end);
    sums_add(&m->outside, value, 0, all.first);
    sums_add(&m->outside, value, all.end, width);
    if (y > 0 && y < image->height - 1) {
        stretch rim = stretch_of(disc, width, y, RIM * RIM * area);
        rim.first = rim.first < 1 ? 1 : rim.first;
        rim.end = rim.end > width - 1 ? width - 1 : rim.end;
        for (int x = rim.first; x < rim.end; x++) {
            edge[x] = laplacian_of_green(image, x, y);
        }
        sums_add(&m->edges, edge, rim.first, rim.end);
    }
}

/* One pass over the small copy fills all measures but score and hash. */
static void measure(const en_image *image, const en_disc *disc, en_quality *out)
{
    measures m = {0};
    for (int y = 0; y < image->height; y++) {
        measure_row(image, disc, y, &m);
    }
    double variance = variance_of(m.edges), area = disc->radius * disc->radius;
    out->background = m.outside.n > 0 ? mean_of(m.outside) / WHITE : (double)NAN;
    int shorter = image->width < image->height ? image->width : image->height;
    out->brightness = mean_of(m.light) / WHITE;
    out->contrast = sqrt(variance_of(m.light)) / WHITE;
    out->sharpness = variance / (variance + MIDDLING_VARIANCE);
    out->overexposed = m.light.n > 0 ? (double)m.glaring / (double)m.light.n : 0;
    out->black_fraction = (double)m.black / ((double)image->width * image->height);
    out->relative_radius = disc->found ? 2 * disc->radius / shorter : 0;
    out->disc_coverage = disc->found ? clamp01((double)m.lit / (pi * area)) : 0;
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
    en_image own = {0};
    const en_image *small;
    en_disc here;
    en_status st = en_small_copy(image, &own, &small, err);
    if (st != EN_OK) {
        goto done;
    }
    if (disc != NULL) {
        here = en_disc_scaled(*disc, image, small);
    } else {
        st = en_disc_find(small, &here, err);
        if (st != EN_OK) {
            goto done;
        }
    }
    measure(small, &here, out);
    out->integrity = en_integrity(small, &here);
    out->score = score_of(out);
    st = hash_image(small, &here, &out->phash, err);
done:
    en_image_clear(&own);
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
