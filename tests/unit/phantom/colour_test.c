/* No mean colour tells a referable eye from another: the grade must be read from the lesions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "base/memory.h"
#include "phantom/phantom.h"

enum { PATIENTS = 150, PHOTOGRAPHS = 2 * PATIENTS, MEASURES = 8, WIDTH = 96 };

typedef struct measured {
    double value[MEASURES]; /* red, green, blue, brightness: of the whole photograph, and of what is lit */
    int referable;
} measured;

static void measure(const en_image *image, measured *out)
{
    double sum[2][3] = {{0.0}}, pixels[2] = {0.0};
    for (size_t i = 0; i < en_image_bytes(image); i += 3) {
        const uint8_t *p = image->rgb + i;
        for (size_t lit = 0; lit <= (p[0] + p[1] + p[2] > 60 ? 1u : 0u); lit++) {
            pixels[lit]++;
            for (size_t c = 0; c < 3; c++) {
                sum[lit][c] += p[c];
            }
        }
    }
    for (size_t lit = 0; lit < 2; lit++) {
        for (size_t c = 0; c < 3; c++) {
            out->value[4 * lit + c] = sum[lit][c] / fmax(pixels[lit], 1.0);
        }
        const double *v = out->value + 4 * lit;
        out->value[4 * lit + 3] = 0.299 * v[0] + 0.587 * v[1] + 0.114 * v[2];
    }
}

/* By its definition: how often a referable photograph has the larger value. */
static double auc(const measured *m, size_t which)
{
    double wins = 0.0, pairs = 0.0;
    for (size_t i = 0; i < PHOTOGRAPHS; i++) {
        for (size_t j = 0; j < PHOTOGRAPHS; j++) {
            if (m[i].referable && !m[j].referable) {
                double a = m[i].value[which], b = m[j].value[which];
                wins += a > b ? 1.0 : a == b ? 0.5 : 0.0;
                pairs++;
            }
        }
    }
    return wins / pairs;
}

static void mean_colour_does_not_give_the_grade_away(void **state)
{
    (void)state;
    en_error err;
    measured *m = en_calloc(PHOTOGRAPHS, sizeof *m);
    en_phantom_easel *easel;
    assert_non_null(m);
    assert_int_equal(en_phantom_easel_new(&easel, &err), EN_OK);
    for (uint64_t seed = 1; seed <= 2; seed++) {
        en_phantom_plan plan;
        assert_int_equal(en_phantom_plan_make(PATIENTS, seed, &plan, &err), EN_OK);
        for (uint32_t i = 0; i < PHOTOGRAPHS; i++) {
            en_image image = {0};
            en_phantom_side side = i % 2 == 0 ? EN_PHANTOM_LEFT : EN_PHANTOM_RIGHT;
            assert_int_equal(en_phantom_draw(&plan, i / 2 + 1, side, WIDTH, easel, &image, &err), EN_OK);
            measure(&image, &m[i]);
            m[i].referable = plan.patient[i / 2].grade[i % 2] >= 2;
            en_image_clear(&image);
        }
        for (size_t which = 0; which < MEASURES; which++) {
            double found = auc(m, which);
            if (fmax(found, 1.0 - found) >= 0.6) {
                fail_msg("seed %d: measure %zu tells grade >= 2 with AUC %.3f", (int)seed, which, found);
            }
        }
        en_phantom_plan_clear(&plan);
    }
    en_phantom_easel_free(easel);
    en_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(mean_colour_does_not_give_the_grade_away)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
