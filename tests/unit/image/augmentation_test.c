/* Augmentations: their text, and what is drawn of them. */
#include "draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/augmentation.h"
#include "image/variant.h"

static en_augmentation parsed(const char *text)
{
    en_error err;
    en_augmentation a;
    assert_ok(en_augmentation_parse(text, &a, &err));
    return a;
}

static void assert_text(const char *text, const char *canonical)
{
    char out[EN_AUGMENTATION_TEXT];
    en_augmentation a = parsed(text);
    assert_string_equal(en_augmentation_text(&a, out), canonical);
    a = parsed(out);
    assert_string_equal(en_augmentation_text(&a, out), canonical);
}

static void a_text_has_one_canonical_form(void **state)
{
    (void)state;
    assert_text("none", "none");
    assert_text("flip", "flip");
    assert_text("  hue 5.0\tmirror\n rotate 015 ", "mirror rotate 15 hue 5");
    assert_text("saturation 0.2 contrast .3 brightness 1e-1 shift 0.05 zoom 0.90..1.1 rotate 15 quarter flip mirror",
                "mirror flip quarter rotate 15 zoom 0.9..1.1 shift 0.05 brightness 0.1 contrast 0.3 saturation 0.2");
    assert_text("light", EN_AUGMENTATION_LIGHT);
    assert_text("strong", EN_AUGMENTATION_STRONG);
    assert_text("rotate 0.1234567890123456", "rotate 0.1234567890123456");
    /* the longest there is */
    assert_text("mirror flip quarter rotate 0.12345678901234567 zoom 0.32345678901234567..0.52345678901234567 shift "
                "0.12345678901234567 brightness 0.12345678901234567 contrast 0.12345678901234567 saturation "
                "0.12345678901234567 hue 0.12345678901234567",
                "mirror flip quarter rotate 0.12345678901234566 zoom 0.32345678901234565..0.5234567890123457 shift "
                "0.12345678901234566 brightness 0.12345678901234566 contrast 0.12345678901234566 saturation "
                "0.12345678901234566 hue 0.12345678901234566");
}

static void assert_refused(const char *text, const char *words)
{
    en_error err;
    en_augmentation a = {.shift = 0.125};
    assert_int_equal(en_augmentation_parse(text, &a, &err), EN_USAGE);
    if (strstr(err.text, words) == NULL) {
        fail_msg("'%s': \"%s\" lacks \"%s\"", text, err.text, words);
    }
    assert_true(a.shift > 0.1); /* left alone */
}

static void an_error_names_the_word(void **state)
{
    (void)state;
    assert_refused("mirror flipp", "unknown word 'flipp'; did you mean 'flip'?");
    assert_refused("elastic 3", "unknown word 'elastic'; known are mirror, flip, quarter, rotate D, zoom A..B,");
    assert_refused("strong hue 3", "'strong' stands alone");
    assert_refused("mirror mirror", "'mirror' is given twice");
    assert_refused("hue 3 hue 3", "'hue' is given twice");
    assert_refused("rotate", "'rotate' takes a number above 0 and at most 180, degrees, not ''");
    assert_refused("rotate quarter", "'rotate' takes a number above 0 and at most 180, degrees, not 'quarter'");
    assert_refused("rotate 181", "not '181'");
    assert_refused("shift -0.1", "'shift' takes a number above 0 and at most 0.5, of the width, not '-0.1'");
    assert_refused("brightness 0", "not '0'");
    assert_refused("contrast 0.81", "at most 0.8");
    assert_refused("hue nan", "not 'nan'");
    assert_refused("zoom 1.1", "'zoom' takes factors from 0.25 to 4 as A..B, not '1.1'");
    assert_refused("zoom 1.1..0.9", "not '1.1..0.9'");
    assert_refused("zoom 0.2..1", "not '0.2..1'");
    assert_refused("zoom 1..5", "not '1..5'");
    assert_refused("", "there are no words; write 'none' for none");
    assert_refused("a-word-that-is-longer-than-any-that-is-known-and-than-any-number-there-is",
                   "unknown word 'a-word-that-is-l...'");
}

static bool same(const en_distortion *a, const en_distortion *b)
{
    const double x[] = {a->degrees,    a->zoom,     a->shift_x,    a->shift_y,
                        a->brightness, a->contrast, a->saturation, a->hue_deg};
    const double y[] = {b->degrees,    b->zoom,     b->shift_x,    b->shift_y,
                        b->brightness, b->contrast, b->saturation, b->hue_deg};
    return a->mirror == b->mirror && memcmp(x, y, sizeof x) == 0;
}

static void seed_epoch_and_key_are_what_is_drawn_by(void **state)
{
    (void)state;
    const en_augmentation a = parsed("strong");
    const en_distortion d = en_augmentation_draw(&a, 1, 2, 3, false, 0);
    const en_distortion again = en_augmentation_draw(&a, 1, 2, 3, false, 0);
    const en_distortion seed = en_augmentation_draw(&a, 2, 2, 3, false, 0);
    const en_distortion epoch = en_augmentation_draw(&a, 1, 3, 3, false, 0);
    const en_distortion key = en_augmentation_draw(&a, 1, 2, 4, false, 0);
    const en_distortion high = en_augmentation_draw(&a, 1, 2, 3 + ((uint64_t)1 << 48), false, 0);
    assert_true(same(&d, &again));
    assert_false(same(&d, &seed));
    assert_false(same(&d, &epoch));
    assert_false(same(&d, &key));
    assert_false(same(&d, &high));
}

static void a_word_left_out_does_not_change_the_others(void **state)
{
    (void)state;
    const en_augmentation all = parsed("strong"), few = parsed("shift 0.05 hue 5");
    for (uint64_t key = 0; key < 50; key++) {
        const en_distortion a = en_augmentation_draw(&all, 1, 1, key, false, 0);
        const en_distortion b = en_augmentation_draw(&few, 1, 1, key, false, 0);
        const en_distortion wanted = {.zoom = 1,
                                      .shift_x = a.shift_x,
                                      .shift_y = a.shift_y,
                                      .brightness = 1,
                                      .contrast = 1,
                                      .saturation = 1,
                                      .hue_deg = a.hue_deg};
        assert_true(same(&b, &wanted));
    }
    const en_augmentation none = parsed("none");
    const en_distortion as_is = EN_DISTORTION_NONE, d = en_augmentation_draw(&none, 1, 1, 1, false, 0);
    assert_true(same(&d, &as_is));
    assert_false(en_augmentation_is_any(&none));
    assert_true(en_augmentation_is_any(&few));
    assert_false(en_augmentation_mirrors(&few));
    assert_false(en_augmentation_turns(&few));
    assert_true(en_augmentation_mirrors(&all));
    assert_true(en_augmentation_turns(&all));
}

/* Mean, and the mean square, of a number drawn uniformly from low to high; and that it fills its range. */
typedef struct moments {
    double low, high, sum, square;
} moments;
enum { DRAWN = 20000 };

static void count(moments *s, double value)
{
    s->low = value < s->low ? value : s->low;
    s->high = value > s->high ? value : s->high;
    s->sum += value;
    s->square += value * value;
}

static void assert_uniform(const moments *s, double low, double high)
{
    double width = high - low, mean = s->sum / DRAWN, variance = s->square / DRAWN - mean * mean;
    assert_true(s->low >= low && s->low < low + width / 1000);
    assert_true(s->high <= high && s->high > high - width / 1000);
    assert_true(fabs(mean - (low + high) / 2) < 4.5 * width / sqrt(12.0 * DRAWN));
    assert_true(fabs(variance / (width * width / 12) - 1) < 4.5 * sqrt(0.8 / DRAWN)); /* kurtosis of a uniform: 1.8 */
}

static void numbers_are_uniform_over_their_ranges(void **state)
{
    (void)state;
    const en_augmentation a =
        parsed("rotate 15 zoom 0.8..1.5 shift 0.05 brightness 0.1 contrast 0.2 saturation 0.3 hue 5");
    moments s[8];
    for (int i = 0; i < 8; i++) {
        s[i] = (moments){.low = 1e9, .high = -1e9};
    }
    double product = 0; /* the two shifts are drawn apart */
    for (uint64_t key = 0; key < DRAWN; key++) {
        const en_distortion d = en_augmentation_draw(&a, 5, 1, key, false, 0);
        const double value[] = {d.degrees,    log(d.zoom), d.shift_x,    d.shift_y,
                                d.brightness, d.contrast,  d.saturation, d.hue_deg};
        for (int i = 0; i < 8; i++) {
            count(&s[i], value[i]);
        }
        product += d.shift_x * d.shift_y;
        assert_false(d.mirror);
    }
    const double low[] = {-15, log(0.8), -0.05, -0.05, 0.9, 0.8, 0.7, -5},
                 high[] = {15, log(1.5), 0.05, 0.05, 1.1, 1.2, 1.3, 5};
    for (int i = 0; i < 8; i++) {
        assert_uniform(&s[i], low[i], high[i]);
    }
    assert_true(fabs(product / DRAWN) < 4.5 * 0.05 * 0.05 / 3 / sqrt(DRAWN));
}

static void views_are_equally_likely(void **state)
{
    (void)state;
    const en_augmentation a = parsed("mirror quarter"), b = parsed("mirror"), c = parsed("flip");
    int seen[2][4] = {{0}}, mirrored = 0, flipped = 0;
    for (uint64_t key = 0; key < DRAWN; key++) {
        const en_distortion d = en_augmentation_draw(&a, 7, 1, key, false, 0);
        seen[d.mirror][((int)d.degrees % 360 + 360) % 360 / 90]++;
        const en_distortion m = en_augmentation_draw(&b, 7, 1, key, false, 0);
        assert_true(fabs(m.degrees) < 1e-12);
        mirrored += m.mirror;
        const en_distortion f = en_augmentation_draw(&c, 7, 1, key, false, 0);
        assert_true(fabs(f.degrees - (f.mirror ? 180 : 0)) < 1e-12);
        flipped += f.mirror;
    }
    const double spread = 4.5 * sqrt(DRAWN * 0.125 * 0.875);
    for (int i = 0; i < 8; i++) {
        assert_true(fabs(seen[i / 4][i % 4] - DRAWN * 0.125) < spread);
    }
    assert_true(abs(mirrored - DRAWN / 2) < 4.5 * sqrt(DRAWN * 0.25));
    assert_true(abs(flipped - DRAWN / 2) < 4.5 * sqrt(DRAWN * 0.25));
}

/* The variant is made first, and what is shown of it is mirrored, flipped and turned. */
static void the_variant_comes_first(void **state)
{
    (void)state;
    enum { N = 3, BYTES = 27 };
    uint8_t sample[BYTES], variant[BYTES], wanted[BYTES], got[BYTES];
    for (int i = 0; i < BYTES; i++) {
        sample[i] = (uint8_t)(9 * i);
    }
    const en_augmentation mirror = parsed("mirror"), flip = parsed("flip"), quarter = parsed("quarter");
    int kinds = 0;
    for (uint64_t key = 0; key < 64; key++) {
        const bool mirrored = key % 2 != 0;
        const int rotation = 90 * (int)(key / 2 % 4);
        en_variant_render(sample, N, mirrored, rotation, variant);
        en_distortion d = en_augmentation_draw(&mirror, 1, 1, key, false, 0);
        en_variant_render(variant, N, d.mirror, 0, wanted);
        kinds |= d.mirror ? 1 : 2;
        d = en_augmentation_draw(&mirror, 1, 1, key, mirrored, rotation);
        en_distort(sample, N, &d, got);
        assert_memory_equal(got, wanted, BYTES);

        d = en_augmentation_draw(&flip, 1, 1, key, false, 0);
        for (int i = 0; i < BYTES; i++) { /* top and bottom exchanged */
            wanted[i] = variant[d.mirror ? 9 * (2 - i / 9) + i % 9 : i];
        }
        kinds |= d.mirror ? 4 : 8;
        d = en_augmentation_draw(&flip, 1, 1, key, mirrored, rotation);
        en_distort(sample, N, &d, got);
        assert_memory_equal(got, wanted, BYTES);

        d = en_augmentation_draw(&quarter, 1, 1, key, false, 0);
        en_variant_render(variant, N, false, (int)d.degrees, wanted);
        kinds |= 16 << (int)d.degrees / 90;
        d = en_augmentation_draw(&quarter, 1, 1, key, mirrored, rotation);
        en_distort(sample, N, &d, got);
        assert_memory_equal(got, wanted, BYTES);
    }
    assert_int_equal(kinds, 255); /* every case was met */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_has_one_canonical_form),
        cmocka_unit_test(an_error_names_the_word),
        cmocka_unit_test(seed_epoch_and_key_are_what_is_drawn_by),
        cmocka_unit_test(a_word_left_out_does_not_change_the_others),
        cmocka_unit_test(numbers_are_uniform_over_their_ranges),
        cmocka_unit_test(views_are_equally_likely),
        cmocka_unit_test(the_variant_comes_first),
    };
    return cmocka_run_group_tests_name("augmentation", tests, NULL, NULL);
}
