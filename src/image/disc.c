/* Finds the circle that bounds the lit part of a fundus photograph. On the small copy: what is brighter than the dark
 * corners is lit; the largest lit region is the retina; the ends of its rows and columns that do not lie on the
 * picture's border are points of the circle, but for notches (outside it) and shadows (inside it). Circles through
 * three such points are tried in a fixed order, the one that most points agree with is refined by least squares. */
#include "image/disc.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "image/resize.h"

enum {
    LIT_ABOVE_DARK = 8, /* least distance of lit from dark, of 255: above the noise of a black background */
    TRIES = 256,        /* circles through three points */
    REFINEMENTS = 20,
    POINTS_MIN = 16,
    POINTS_AT_ONCE = 64 /* between two looks at whether a circle can still be the best */
};

#define LIT_FRACTION 0.10  /* lit starts at this fraction of the way from dark to the 95th percentile */
#define RADIUS_MIN 0.20    /* of the longer side; the smallest disc in the competition's photographs has 0.29 */
#define RADIUS_MAX 0.80    /* and the largest 0.51 */
#define BRIGHT_LEAST 40    /* of 255: a background from here on is bright */
#define BRIGHT_RANGE 10    /* of 255: between the means of the corners */
#define BRIGHT_VARIANCE 16 /* of a corner, squares of 1/255: flat, but for the noise of a JPEG */
#define BRIGHT_TINT 24     /* of 255: between its channels */
#define TOLERANCE 1.0      /* px of the copy from point to circle that still counts as agreement */
#define REACH 3.0          /* px of the copy from point to circle at which a point has no influence on the circle */

typedef struct point {
    double x, y;
    double angle; /* about the middle of all points */
} point;

typedef struct circle {
    double x, y, radius;
} circle;

/* Lit px of a row, [first, end), and the region they belong to. */
typedef struct run {
    int32_t row, first, end;
    int32_t parent; /* an earlier run of the same region, itself for the first */
    int32_t size;   /* px of the region; of the first run only */
} run;

typedef struct field {
    int width, height;
    double threshold;
    uint8_t *level; /* of each px: its brightest channel, or, on a bright background, its distance from that */
    uint8_t *lit;   /* 0 dark, 1 lit, 2 of the largest region */
    run *runs;      /* of lit px; at most one for every two px of each row */
    point *points;  /* at most two for each row and column */
    double *x, *y;  /* of the points, sorted: apart, so that distances are computed several at a time */
    size_t count;
} field;

static void field_clear(field *f)
{
    en_free(f->level);
    en_free(f->lit);
    en_free(f->runs);
    en_free(f->points);
    en_free(f->x);
    en_free(f->y);
}

/* The colour of a bright background: grey, where the retina was normalised (Graham fills with 128), or white, from
 * documents. All four corners, each a sixteenth of the sides, are then of one colour, which is even and not the red of
 * a retina. Mean per channel, in `colour`. */
static bool bright_background(const en_image *small, double colour[3])
{
    int w = small->width / 16 + 1, h = small->height / 16 + 1;
    double low[3] = {255, 255, 255}, high[3] = {0}, spread = 0;
    for (int corner = 0; corner < 4; corner++) {
        int x0 = corner % 2 == 0 ? 0 : small->width - w, y0 = corner / 2 == 0 ? 0 : small->height - h;
        for (int c = 0; c < 3; c++) {
            double sum = 0, squares = 0;
            for (int i = 0; i < w * h; i++) {
                double v = small->rgb[3 * ((ptrdiff_t)(y0 + i / w) * small->width + x0 + i % w) + c];
                sum += v;
                squares += v * v;
            }
            double mean = sum / (w * h);
            low[c] = fmin(low[c], mean);
            high[c] = fmax(high[c], mean);
            spread = fmax(spread, squares / (w * h) - mean * mean);
        }
    }
    double least = 255, most = 0;
    bool alike = spread < BRIGHT_VARIANCE;
    for (int c = 0; c < 3; c++) {
        colour[c] = (low[c] + high[c]) / 2;
        alike = alike && high[c] - low[c] < BRIGHT_RANGE;
        least = fmin(least, colour[c]);
        most = fmax(most, colour[c]);
    }
    return alike && least >= BRIGHT_LEAST && most - least < BRIGHT_TINT;
}

static uint8_t level_of(const uint8_t *p, bool bright, const double colour[3])
{
    if (!bright) {
        uint8_t most = p[0] > p[1] ? p[0] : p[1];
        return most > p[2] ? most : p[2];
    }
    double most = 0;
    for (int c = 0; c < 3; c++) {
        most = fmax(most, fabs(p[c] - colour[c]));
    }
    return (uint8_t)(most + 0.5);
}

/* To be cleared by the caller, whatever it returns. */
static en_status field_init(field *f, const en_image *small, en_error *err)
{
    *f = (field){.width = small->width, .height = small->height};
    size_t n = (size_t)f->width * (size_t)f->height, ends = 2 * ((size_t)f->width + (size_t)f->height);
    f->level = en_alloc(n);
    f->lit = en_calloc(n, 1);
    f->runs = en_alloc(((size_t)f->width + 1) / 2 * (size_t)f->height * sizeof *f->runs);
    f->points = en_calloc(ends, sizeof *f->points);
    f->x = en_calloc(ends, sizeof *f->x);
    f->y = en_calloc(ends, sizeof *f->y);
    if (f->level == NULL || f->lit == NULL || f->runs == NULL || f->points == NULL || f->x == NULL || f->y == NULL) {
        return en_error_nomem(err, "looking for the retina");
    }
    double colour[3];
    bool bright = bright_background(small, colour);
    uint8_t *level = f->level;
    for (size_t i = 0; i < n; i++) {
        level[i] = level_of(small->rgb + 3 * i, bright, colour);
    }
    return EN_OK;
}

/* Mean level of the darkest of the four corners, each a sixteenth of the sides. */
static double dark_level(const field *f)
{
    int w = f->width / 16 + 1, h = f->height / 16 + 1;
    double darkest = 255;
    for (int corner = 0; corner < 4; corner++) {
        int x0 = corner % 2 == 0 ? 0 : f->width - w, y0 = corner / 2 == 0 ? 0 : f->height - h;
        double sum = 0;
        for (int y = y0; y < y0 + h; y++) {
            for (int x = x0; x < x0 + w; x++) {
                sum += f->level[y * f->width + x];
            }
        }
        if (sum / (w * h) < darkest) {
            darkest = sum / (w * h);
        }
    }
    return darkest;
}

static int percentile(const field *f, double fraction)
{
    size_t histogram[256] = {0}, n = (size_t)f->width * (size_t)f->height, below = 0;
    for (size_t i = 0; i < n; i++) {
        histogram[f->level[i]]++;
    }
    int level = 0;
    while (level < 255 && (double)(below += histogram[level]) < fraction * (double)n) {
        level++;
    }
    return level;
}

/* Marks what is lit; false when nothing is. */
static bool light(field *f)
{
    double dark = dark_level(f), bright = percentile(f, 0.95);
    if (bright - dark < 2 * LIT_ABOVE_DARK && dark < 64) {
        return false;
    }
    double above = LIT_FRACTION * (bright - dark);
    /* No corner is dark: the retina fills the picture. */
    f->threshold = dark > bright / 2 ? dark / 2 : dark + (above > LIT_ABOVE_DARK ? above : LIT_ABOVE_DARK);
    size_t n = (size_t)f->width * (size_t)f->height;
    const uint8_t *level = f->level, least = (uint8_t)ceil(f->threshold); /* 141 at most */
    uint8_t *lit = f->lit;
    for (size_t i = 0; i < n; i++) {
        lit[i] = level[i] >= least;
    }
    return true;
}

/* The first run of a run's region; the way there is halved for the next who asks. */
static int32_t first_of(run *runs, int32_t at)
{
    while (runs[at].parent != at) {
        runs[at].parent = runs[runs[at].parent].parent;
        at = runs[at].parent;
    }
    return at;
}

/* Joins run `at` with the runs of the row above that it touches; [*above, row_start) are those not yet passed. */
static void join_above(run *runs, int32_t at, int32_t *above, int32_t row_start)
{
    while (*above < row_start && runs[*above].end <= runs[at].first) {
        (*above)++;
    }
    for (int32_t i = *above; i < row_start && runs[i].first < runs[at].end; i++) {
        int32_t a = first_of(runs, i), b = first_of(runs, at);
        runs[a > b ? a : b].parent = a > b ? b : a;
    }
}

/* The runs of lit px from top to bottom, each joined to its region; returns how many. */
static int32_t find_runs(field *f)
{
    int32_t count = 0, above = 0;
    for (int32_t y = 0; y < f->height; y++) {
        const uint8_t *lit = f->lit + (ptrdiff_t)y * f->width;
        int32_t row_start = count;
        for (int32_t x = 0; x < f->width; x++) {
            if (lit[x] == 0) {
                continue;
            }
            int32_t first = x;
            while (x < f->width && lit[x] != 0) {
                x++;
            }
            f->runs[count] = (run){.row = y, .first = first, .end = x, .parent = count};
            join_above(f->runs, count++, &above, row_start);
        }
        above = row_start;
    }
    return count;
}

/* Of equally large regions the one that begins first, from left to right in rows from top to bottom. */
static void mark_largest_region(field *f)
{
    int32_t count = find_runs(f), best = -1;
    for (int32_t i = 0; i < count; i++) {
        f->runs[first_of(f->runs, i)].size += f->runs[i].end - f->runs[i].first;
    }
    for (int32_t i = 0; i < count; i++) {
        if (f->runs[i].parent == i && (best < 0 || f->runs[i].size > f->runs[best].size)) {
            best = i;
        }
    }
    for (int32_t i = 0; i < count; i++) {
        const run *r = &f->runs[i];
        if (first_of(f->runs, i) == best) {
            memset(f->lit + (ptrdiff_t)r->row * f->width + r->first, 2, (size_t)(r->end - r->first));
        }
    }
}

/* Where between the centres of two neighbours, a dark one and a lit one, the threshold is crossed: 0..1. */
static double crossing(const field *f, int dark, int lit)
{
    double low = f->level[dark], high = f->level[lit];
    return high > low ? fmin(fmax((f->threshold - low) / (high - low), 0), 1) : 0.5;
}

/* The first and last lit px of one line (a row or a column: `count` px, `step` apart) unless they touch the border. */
static void line_ends(field *f, int start, int step, int count, double across, bool is_row)
{
    int first = 0, last = count - 1;
    while (first < count && f->lit[start + first * step] != 2) {
        first++;
    }
    if (first == count) {
        return;
    }
    while (f->lit[start + last * step] != 2) {
        last--;
    }
    if (first > 0) {
        double at = first - 0.5 + crossing(f, start + (first - 1) * step, start + first * step);
        f->points[f->count++] = is_row ? (point){at, across, 0} : (point){across, at, 0};
    }
    if (last < count - 1) {
        double at = last + 1.5 - crossing(f, start + (last + 1) * step, start + last * step);
        f->points[f->count++] = is_row ? (point){at, across, 0} : (point){across, at, 0};
    }
}

static void collect_points(field *f)
{
    for (int y = 0; y < f->height; y++) {
        line_ends(f, y * f->width, 1, f->width, y + 0.5, true);
    }
    for (int x = 0; x < f->width; x++) {
        line_ends(f, x, f->width, f->height, x + 0.5, false);
    }
}

static bool plausible(const field *f, circle c)
{
    int longer = f->width > f->height ? f->width : f->height;
    return c.radius >= RADIUS_MIN * longer && c.radius <= RADIUS_MAX * longer && c.x > 0 && c.x < f->width && c.y > 0 &&
           c.y < f->height;
}

/* The circle through three points; false when they lie on a line. */
static bool circle_through(point a, point b, point c, circle *out)
{
    double bx = b.x - a.x, by = b.y - a.y, cx = c.x - a.x, cy = c.y - a.y;
    double d = 2 * (bx * cy - by * cx);
    if (fabs(d) < 1e-6) {
        return false;
    }
    double bb = bx * bx + by * by, cc = cx * cx + cy * cy;
    double x = (cy * bb - by * cc) / d, y = (bx * cc - cx * bb) / d;
    *out = (circle){a.x + x, a.y + y, sqrt(x * x + y * y)};
    return true;
}

/* Points on the circle, less those outside it: a circle through the edge of a shadow leaves much outside. Where it can
 * no longer be more than `most`, anything up to that. */
static int agreement(const field *f, circle c, int most)
{
    double in = (c.radius - TOLERANCE) * (c.radius - TOLERANCE), out = (c.radius + TOLERANCE) * (c.radius + TOLERANCE);
    int64_t score = 0;
    for (size_t from = 0; from < f->count && score + (int64_t)(f->count - from) > most; from += POINTS_AT_ONCE) {
        size_t end = from + POINTS_AT_ONCE < f->count ? from + POINTS_AT_ONCE : f->count;
        for (size_t i = from; i < end; i++) {
            double dx = f->x[i] - c.x, dy = f->y[i] - c.y, d = dx * dx + dy * dy;
            score += (int64_t)(d >= in) - 2 * (int64_t)(d > out); /* no branches: this is where the time goes */
        }
        if (end == f->count) {
            return (int)score;
        }
    }
    return most;
}

static int by_angle(const void *a, const void *b)
{
    const point *p = a, *q = b;
    return (p->angle > q->angle) - (p->angle < q->angle);
}

/* Around their middle, so that a step through the points is a step around the circle. */
static void sort_points(field *f)
{
    double x = 0, y = 0;
    for (size_t i = 0; i < f->count; i++) {
        x += f->points[i].x / (double)f->count;
        y += f->points[i].y / (double)f->count;
    }
    for (size_t i = 0; i < f->count; i++) {
        f->points[i].angle = atan2(f->points[i].y - y, f->points[i].x - x);
    }
    qsort(f->points, f->count, sizeof *f->points, by_angle);
    for (size_t i = 0; i < f->count; i++) {
        f->x[i] = f->points[i].x;
        f->y[i] = f->points[i].y;
    }
}

/* Tries circles through points a good way apart: the second and third follow the first by these fractions of all. */
static int best_circle(const field *f, circle *best)
{
    static const double apart[4][2] = {{1 / 3.0, 2 / 3.0}, {1 / 4.0, 1 / 2.0}, {1 / 6.0, 1 / 3.0}, {1 / 6.0, 1 / 2.0}};
    int most = 0;
    for (size_t try = 0; try < TRIES; try++) {
        const double *fraction = apart[try % 4];
        size_t a = try * f->count / TRIES;
        size_t b = (a + (size_t)(fraction[0] * (double)f->count)) % f->count;
        size_t c = (a + (size_t)(fraction[1] * (double)f->count)) % f->count;
        circle trial;
        if (!circle_through(f->points[a], f->points[b], f->points[c], &trial) || !plausible(f, trial)) {
            continue;
        }
        int score = agreement(f, trial, most);
        if (score > most) {
            most = score;
            *best = trial;
        }
    }
    return most;
}

/* One step of weighted least squares (Kasa 1976: x^2+y^2+dx+ey+g is linear in d, e, g), about c for precision. Weights
 * fall smoothly to nothing at REACH from c (Tukey's biweight), so that a slightly different picture gives a slightly
 * different circle. */
static circle refine(const field *f, circle c)
{
    double xx = 0, xy = 0, yy = 0, x = 0, y = 0, xz = 0, yz = 0, z = 0, n = 0;
    for (size_t i = 0; i < f->count; i++) {
        double u = f->points[i].x - c.x, v = f->points[i].y - c.y, square = u * u + v * v;
        double off = (sqrt(square) - c.radius) / REACH, w = 1 - off * off;
        if (w <= 0) {
            continue;
        }
        w *= w;
        xx += w * u * u, xy += w * u * v, yy += w * v * v, x += w * u, y += w * v, n += w;
        xz += w * u * square, yz += w * v * square, z += w * square;
    }
    if (n < POINTS_MIN / 2) {
        return c;
    }
    xx -= x * x / n, xy -= x * y / n, yy -= y * y / n, xz -= x * z / n, yz -= y * z / n;
    double det = xx * yy - xy * xy;
    if (det < 1e-6 * xx * yy) {
        return c;
    }
    double u = (xz * yy - yz * xy) / (2 * det), v = (yz * xx - xz * xy) / (2 * det);
    double square = (z - 2 * u * x - 2 * v * y) / n + u * u + v * v;
    circle better = {c.x + u, c.y + v, sqrt(fmax(square, 0))};
    return plausible(f, better) ? better : c;
}

/* The circle about the lit region's bounding box: for a retina without a visible rim. */
static circle around_lit(const field *f)
{
    int left = f->width, right = 0, top = f->height, bottom = 0;
    for (int y = 0; y < f->height; y++) {
        for (int x = 0; x < f->width; x++) {
            if (f->lit[y * f->width + x] != 2) {
                continue;
            }
            left = x < left ? x : left;
            right = x + 1 > right ? x + 1 : right;
            top = y < top ? y : top;
            bottom = y + 1 > bottom ? y + 1 : bottom;
        }
    }
    int longer = right - left > bottom - top ? right - left : bottom - top;
    return (circle){(left + right) / 2.0, (top + bottom) / 2.0, longer / 2.0};
}

static bool find_in_field(field *f, circle *out)
{
    if (!light(f)) {
        return false;
    }
    mark_largest_region(f);
    collect_points(f);
    circle c = {0};
    if (f->count >= POINTS_MIN) {
        sort_points(f);
        int score = best_circle(f, &c);
        if (score >= POINTS_MIN && (size_t)score >= f->count / 5) {
            for (int i = 0; i < REFINEMENTS; i++) {
                c = refine(f, c);
            }
            *out = c;
            return true;
        }
    }
    *out = around_lit(f);
    return out->radius > 0;
}

en_disc en_disc_scaled(en_disc disc, const en_image *from, const en_image *to)
{
    double from_width = from->full_width * from->scale, from_height = from->full_height * from->scale;
    double to_width = to->full_width * to->scale, to_height = to->full_height * to->scale;
    return (en_disc){disc.found, disc.x * (to_width / from_width), disc.y * (to_height / from_height),
                     disc.radius * (fmax(to_width, to_height) / fmax(from_width, from_height))};
}

en_status en_disc_find(const en_image *image, en_disc *disc, en_error *err)
{
    en_image own = {0};
    const en_image *small;
    field f = {0};
    en_status st = en_small_copy(image, &own, &small, err);
    if (st == EN_OK) {
        st = field_init(&f, small, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    circle c;
    bool found = find_in_field(&f, &c);
    if (!found) {
        c = (circle){f.width / 2.0, f.height / 2.0, (f.width > f.height ? f.width : f.height) / 2.0};
    }
    *disc = en_disc_scaled((en_disc){found, c.x, c.y, c.radius}, small, image);
done:
    field_clear(&f);
    en_image_clear(&own);
    return st;
}
