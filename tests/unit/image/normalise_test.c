/* Normalisation against its formula in double precision, pixel by pixel, on pictures without symmetry. */
#include "draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "image/normalise.h"

#define SIDE 181 /* tiles of 23 px, of which a level may have 4 before it is clipped */
#define EVERY 5  /* values from one that is looked at to the next */

static const en_disc disc = {.found = true, .x = 98.2, .y = 83.9, .radius = 108};

static uint8_t *picture(void)
{
    en_image image = {0};
    draw_eye(&image, SIDE, SIDE, (eye){.x = 98.2, .y = 83.9, .radius = 108, .light = 0.6, .vessels = true, .seed = 5});
    uint8_t *rgb = malloc(en_image_bytes(&image));
    assert_non_null(rgb);
    memcpy(rgb, image.rgb, en_image_bytes(&image));
    for (size_t i = 0; i < (size_t)SIDE * SIDE * 3; i++) { /* and texture, different in every channel */
        rgb[i] = (uint8_t)(rgb[i] / 2 + i * i % 97);
    }
    en_image_clear(&image);
    return rgb;
}

static double away(size_t row, size_t column)
{
    return hypot((double)column + 0.5 - disc.x, (double)row + 0.5 - disc.y);
}

static int inside(int i) { return i < 0 ? -i : i >= SIDE ? 2 * (SIDE - 1) - i : i; }

/* 4*(v - the Gaussian mean about it) + 128, the mean over a square of six sigma. */
static double graham_at(const uint8_t *rgb, int row, int column, int channel)
{
    double sigma = disc.radius / 30, sum = 0, weights = 0;
    int reach = (int)ceil(3 * sigma);
    for (int i = -reach; i <= reach; i++) {
        for (int j = -reach; j <= reach; j++) {
            double w = exp(-(i * i + j * j) / (2 * sigma * sigma));
            sum += w * rgb[(inside(row + i) * SIDE + inside(column + j)) * 3 + channel];
            weights += w;
        }
    }
    double v = 4 * (rgb[(row * SIDE + column) * 3 + channel] - sum / weights) + 128;
    return fmin(fmax(v, 0), 255);
}

static void graham_takes_the_local_mean_away_within_the_disc(void **state)
{
    (void)state;
    en_error err;
    uint8_t *rgb = picture(), *out = picture();
    assert_ok(en_normalise_apply(EN_NORMALISE_GRAHAM, out, SIDE, disc, &err));
    size_t outside = 0;
    for (int i = 0; i < SIDE * SIDE * 3; i += EVERY) {
        int row = i / 3 / SIDE, column = i / 3 % SIDE;
        if (away((size_t)row, (size_t)column) > 0.9 * disc.radius) {
            assert_int_equal(out[i], 128);
            outside++;
        } else {
            assert_true(fabs(out[i] - graham_at(rgb, row, column, i % 3)) <= 0.51);
        }
    }
    assert_true(outside > 1000);
    free(rgb);
    free(out);
}

/* Y after equalisation, by the tiles' histograms counted anew for this pixel. */
static double clahe_at(const uint8_t *y, int row, int column)
{
    const int tile = (SIDE + 7) / 8;
    double at[2] = {(row + 0.5) / tile - 0.5, (column + 0.5) / tile - 0.5}, sum = 0;
    for (int corner = 0; corner < 4; corner++) {
        int t[2];
        double weight = 1;
        for (int axis = 0; axis < 2; axis++) {
            int far = corner >> axis & 1, low = (int)floor(at[axis]);
            weight *= far ? at[axis] - low : 1 - (at[axis] - low);
            t[axis] = low + far < 0 ? 0 : low + far > 7 ? 7 : low + far;
        }
        int counts[256] = {0}, limit = 2 * tile * tile / 256 < 1 ? 1 : 2 * tile * tile / 256, excess = 0, up_to = 0;
        for (int i = 0; i < tile * tile; i++) {
            counts[y[inside(t[0] * tile + i / tile) * SIDE + inside(t[1] * tile + i % tile)]]++;
        }
        for (int i = 0; i < 256; i++) {
            excess += counts[i] > limit ? counts[i] - limit : 0;
            counts[i] = counts[i] > limit ? limit : counts[i];
        }
        int rest = excess % 256, step = rest > 0 ? 256 / rest : 256;
        for (int i = 0; i <= y[row * SIDE + column]; i++) {
            up_to += counts[i] + excess / 256 + (rest > 0 && i % step == 0 && i / step < rest ? 1 : 0);
        }
        sum += weight * 255.0 * up_to / (tile * tile);
    }
    return sum;
}

static void clahe_adds_the_change_of_luma_to_every_channel_within_the_disc(void **state)
{
    (void)state;
    en_error err;
    uint8_t *rgb = picture(), *out = picture(), *y = malloc((size_t)SIDE * SIDE);
    assert_non_null(y);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
        y[i] = (uint8_t)((299 * rgb[3 * i] + 587 * rgb[3 * i + 1] + 114 * rgb[3 * i + 2] + 500) / 1000);
    }
    assert_ok(en_normalise_apply(EN_NORMALISE_CLAHE, out, SIDE, disc, &err));
    size_t changed = 0;
    for (int i = 0; i < SIDE * SIDE * 3; i += EVERY) {
        int row = i / 3 / SIDE, column = i / 3 % SIDE;
        double want = rgb[i];
        if (away((size_t)row, (size_t)column) <= disc.radius) {
            want = fmin(fmax(want + clahe_at(y, row, column) - y[i / 3], 0), 255);
        }
        assert_true(fabs(out[i] - want) <= 0.51);
        changed += out[i] != rgb[i];
    }
    assert_true(changed > (size_t)SIDE * SIDE * 3 / EVERY / 2);
    free(y);
    free(rgb);
    free(out);
}

static void no_normalisation_changes_nothing(void **state)
{
    (void)state;
    en_error err;
    uint8_t *rgb = picture(), *out = picture();
    assert_ok(en_normalise_apply(EN_NORMALISE_NONE, out, SIDE, disc, &err));
    assert_memory_equal(out, rgb, (size_t)SIDE * SIDE * 3);
    free(rgb);
    free(out);
}

/* The smallest sample, discs far smaller and far larger than it, and beside it. */
static void any_disc_is_served(void **state)
{
    (void)state;
    static const en_disc discs[] = {
        {true, 4, 4, 0.01}, {true, 4, 4, 1e9}, {true, -70, 300, 5}, {false, 3, 5, 90}, {true, 1e12, 0, 1}};
    for (size_t i = 0; i < sizeof discs / sizeof *discs; i++) {
        for (en_normalise how = EN_NORMALISE_GRAHAM; how <= EN_NORMALISE_CLAHE; how++) {
            en_error err;
            uint8_t pixels[8 * 8 * 3];
            memset(pixels, 77, sizeof pixels);
            assert_ok(en_normalise_apply(how, pixels, 8, discs[i], &err));
            if (how == EN_NORMALISE_GRAHAM) { /* a flat picture is its own mean */
                for (size_t k = 0; k < sizeof pixels; k++) {
                    assert_int_equal(pixels[k], 128);
                }
            }
        }
    }
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    uint8_t *out = picture();
    for (en_normalise how = EN_NORMALISE_GRAHAM; how <= EN_NORMALISE_CLAHE; how++) {
        en_error err;
        en_alloc_fail_at(1);
        assert_int_equal(en_normalise_apply(how, out, SIDE, disc, &err), EN_NOMEM);
        en_alloc_fail_at(0);
    }
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(graham_takes_the_local_mean_away_within_the_disc),
        cmocka_unit_test(clahe_adds_the_change_of_luma_to_every_channel_within_the_disc),
        cmocka_unit_test(no_normalisation_changes_nothing),
        cmocka_unit_test(any_disc_is_served),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests_name("normalise", tests, NULL, NULL);
}
