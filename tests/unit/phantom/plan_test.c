/* Grades, traits and defects are dealt out in their proportions, whatever the seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "phantom/camera.h"
#include "phantom/plan.h"

static en_phantom_plan make(uint32_t patients, uint64_t seed)
{
    en_error err;
    en_phantom_plan plan;
    assert_int_equal(en_phantom_plan_make(patients, seed, &plan, &err), EN_OK);
    return plan;
}

static void grades_have_the_competitions_proportions(void **state)
{
    (void)state;
    static const double proportion[EN_PHANTOM_GRADES] = {0.73, 0.07, 0.15, 0.02, 0.02};
    for (uint64_t seed = 1; seed <= 20; seed++) {
        en_phantom_plan plan = make(200, seed);
        double have[EN_PHANTOM_GRADES] = {0};
        for (uint32_t i = 0; i < plan.patients; i++) {
            have[plan.patient[i].grade[0]] += 1.0 / 400;
            have[plan.patient[i].grade[1]] += 1.0 / 400;
        }
        for (size_t grade = 0; grade < EN_PHANTOM_GRADES; grade++) {
            assert_true(fabs(have[grade] - proportion[grade]) < 0.015);
        }
        en_phantom_plan_clear(&plan);
    }
}

static void the_eyes_of_a_patient_mostly_agree(void **state)
{
    (void)state;
    en_phantom_plan plan = make(1000, 3);
    unsigned same = 0, left_worse = 0, right_worse = 0;
    for (uint32_t i = 0; i < plan.patients; i++) {
        const uint8_t *grade = plan.patient[i].grade;
        same += grade[0] == grade[1];
        left_worse += grade[0] > grade[1];
        right_worse += grade[1] > grade[0];
    }
    assert_in_range(same, 850, 890);
    assert_true(left_worse > 35 && right_worse > 35);
    en_phantom_plan_clear(&plan);
}

typedef struct defects {
    unsigned of[EN_PHANTOM_TRUNCATED + 1], both_eyes;
} defects;

static defects count_defects(const en_phantom_plan *plan)
{
    defects d = {0};
    for (uint32_t i = 0; i < plan->patients; i++) {
        const en_phantom_patient *patient = &plan->patient[i];
        d.of[patient->defect[0]]++;
        d.of[patient->defect[1]]++;
        d.both_eyes += patient->both_eyes;
        if (patient->both_eyes) {
            assert_int_equal(patient->grade[0], patient->grade[1]);
            assert_int_equal(patient->defect[0] + patient->defect[1], EN_PHANTOM_SOUND);
        }
    }
    return d;
}

static void every_defect_has_its_share(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        en_phantom_plan plan = make(1000, seed);
        defects d = count_defects(&plan);
        assert_int_equal(d.of[EN_PHANTOM_BLACK], 20);
        assert_int_equal(d.of[EN_PHANTOM_BLURRED], 40);
        assert_int_equal(d.of[EN_PHANTOM_OVEREXPOSED], 20);
        assert_int_equal(d.of[EN_PHANTOM_TRUNCATED], 10);
        assert_int_equal(d.both_eyes, 10);
        en_phantom_plan_clear(&plan);
    }
}

static void twenty_patients_have_one_of_each_defect_and_fewer_have_none(void **state)
{
    (void)state;
    en_phantom_plan plan = make(20, 9);
    defects d = count_defects(&plan);
    for (size_t i = EN_PHANTOM_BLACK; i <= EN_PHANTOM_TRUNCATED; i++) {
        assert_int_equal(d.of[i], 1);
    }
    assert_int_equal(d.both_eyes, 1);
    en_phantom_plan_clear(&plan);
    plan = make(19, 9);
    d = count_defects(&plan);
    assert_int_equal(d.of[EN_PHANTOM_SOUND], 38);
    assert_int_equal(d.both_eyes, 0);
    en_phantom_plan_clear(&plan);
}

/* In each tenth of 0..1 lies a tenth of the group, give or take the one at each border. */
static void every_trait_is_even_among_the_referable_and_among_the_others(void **state)
{
    (void)state;
    en_phantom_plan plan = make(500, 4);
    for (size_t trait = 0; trait < EN_PHANTOM_TRAITS; trait++) {
        unsigned tenth[2][10] = {{0}}, members[2] = {0};
        for (uint32_t i = 0; i < plan.patients; i++) {
            const en_phantom_patient *patient = &plan.patient[i];
            size_t group = patient->grade[0] >= 2 || patient->grade[1] >= 2;
            assert_true(patient->trait[trait] >= 0.0f && patient->trait[trait] <= 1.0f);
            tenth[group][(size_t)fminf(patient->trait[trait] * 10.0f, 9.0f)]++;
            members[group]++;
        }
        for (size_t group = 0; group < 2; group++) {
            for (size_t i = 0; i < 10; i++) {
                assert_true(fabs(tenth[group][i] - members[group] / 10.0) <= 2.0);
            }
        }
    }
    en_phantom_plan_clear(&plan);
}

static void the_seed_decides(void **state)
{
    (void)state;
    en_phantom_plan a = make(50, 1), same = make(50, 1), other = make(50, 2);
    unsigned differ = 0;
    for (uint32_t i = 0; i < 50; i++) {
        for (size_t trait = 0; trait < EN_PHANTOM_TRAITS; trait++) {
            assert_true(a.patient[i].trait[trait] == same.patient[i].trait[trait]); /* bits, not nearness */
            differ += a.patient[i].trait[trait] != other.patient[i].trait[trait];
        }
        assert_memory_equal(a.patient[i].grade, same.patient[i].grade, 2);
        assert_memory_equal(a.patient[i].defect, same.patient[i].defect, 2);
    }
    assert_true(differ > 200);
    en_phantom_plan_clear(&a);
    en_phantom_plan_clear(&same);
    en_phantom_plan_clear(&other);
}

static void nobody_and_too_many_are_refused(void **state)
{
    (void)state;
    en_error err;
    en_phantom_plan plan;
    assert_int_equal(en_phantom_plan_make(0, 1, &plan, &err), EN_USAGE);
    assert_non_null(strstr(err.text, "choose 1 to 100000"));
    assert_int_equal(en_phantom_plan_make(EN_PHANTOM_PATIENTS_MAX + 1, 1, &plan, &err), EN_USAGE);
    assert_null(plan.patient);
}

static void cameras_go_from_small_to_large(void **state)
{
    (void)state;
    en_camera first = en_camera_of(0.0f), last = en_camera_of(1.0f);
    assert_int_equal(first.width, 1024);
    assert_int_equal(first.height, 683);
    assert_int_equal(last.width, 4752);
    assert_int_equal(last.height, 3168);
    bool cut = false;
    for (float trait = 0.0f; trait < 1.0f; trait += 0.05f) {
        en_camera camera = en_camera_of(trait);
        cut = cut || camera.radius > 0.5f * (float)camera.height;
        assert_true(camera.radius < 0.5f * (float)camera.width);
    }
    assert_true(cut);
    en_camera small = en_camera_shrunk(last, 200);
    assert_int_equal(small.width, 200);
    assert_int_equal(small.height, 133);
    assert_int_equal(en_camera_shrunk(first, 2000).width, 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grades_have_the_competitions_proportions),
        cmocka_unit_test(the_eyes_of_a_patient_mostly_agree),
        cmocka_unit_test(every_defect_has_its_share),
        cmocka_unit_test(twenty_patients_have_one_of_each_defect_and_fewer_have_none),
        cmocka_unit_test(every_trait_is_even_among_the_referable_and_among_the_others),
        cmocka_unit_test(the_seed_decides),
        cmocka_unit_test(nobody_and_too_many_are_refused),
        cmocka_unit_test(cameras_go_from_small_to_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
