/* What names tell: patient and eye, however they are written; and nothing where they tell nothing. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

static void patients_and_eyes_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *path, *patient, *eye;
    } told[] = {
        {"photos/1/train/10_left.jpeg", "10", "left"},
        {"12_OD", "12", "right"},
        {"12_os.png", "12", "left"},
        {"12-L.jpg", "12", "left"},
        {"12.r", "12", "right"},
        {"7.OS", "7", "left"},
        {"12 Right.JPG", "12", "right"},
        {"P-0012_LEFT", "P-0012", "left"},
        {"12_left_1", "12", "left"},
        {"12_right_20200101", "12", "right"},
        {"1_l1", "1", "left"},
        {"set\\1\\1_r2.jpg", "1", "right"},
        {"OD_12.png", "12", "right"},
        {"OS-12_1", "12", "left"},
        {"left_007-0004", "007-0004", "left"},
        {"r_12_left", "r_12", "left"}, /* the longer word */
        {"set/P7/left.jpg", "P7", "left"},
        {"set/P7/OD_2.jpg", "P7", "right"},
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        en_catalog_name n;
        OK(en_catalog_name_parse(told[i].path, &n, &err));
        if (n.eye == NULL || strcmp(n.eye, told[i].eye) != 0 || strcmp(n.patient, told[i].patient) != 0) {
            fail_msg("%s: patient '%s', %s eye", told[i].path, n.patient, n.eye != NULL ? n.eye : "no");
        }
        assert_int_equal(n.from, EN_PATIENT_NAME);
    }
}

static void other_names_tell_nothing(void **state)
{
    (void)state;
    static const char *const name[] = {"IDRiD_001",     "000c1434d8d7", "20051020_43808_0100_PP",
                                       "007-0004-000",  "left",         "_left",
                                       "12_left_right", "12_OD_OS",     "ODIR_12",
                                       "R12",           "oscar_lind",   "12left",
                                       "x_L123"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        en_catalog_name n;
        OK(en_catalog_name_parse(name[i], &n, &err));
        if (n.eye != NULL || n.from != EN_PATIENT_UNKNOWN || strcmp(n.patient, name[i]) != 0) {
            fail_msg("%s: patient '%s', %s eye", name[i], n.patient, n.eye != NULL ? n.eye : "no");
        }
    }
}

static void a_pattern_tells_what_names_do_not(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *path, *patient, *eye;
    } told[] = {
        {"{patient}_{eye}", "photos/1/12_1_L.jpeg", "12_1", "left"},
        {"{patient}-*", "007-0004-100.jpg", "007-0004", NULL},
        {"{patient}/*", "photos/1/P7/0001.png", "P7", NULL},
        {"{eye}/{patient}", "set/right/12.png", "12", "right"},
        {"IMG_{eye}_{patient}", "img_od_0012.tif", "0012", "right"},
        {"{patient}_{eye}*", "1_l1.jpg", "1", "left"},
        {"{patient}", "IDRiD_001", "IDRiD_001", NULL},
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        en_catalog_name n = {0};
        const char *pattern;
        OK(en_catalog_pattern(told[i].pattern, &pattern, &err));
        assert_true(en_catalog_pattern_match(pattern, told[i].path, &n));
        assert_string_equal(n.patient, told[i].patient);
        assert_true(told[i].eye == NULL ? n.eye == NULL : strcmp(n.eye, told[i].eye) == 0);
        assert_int_equal(n.from, EN_PATIENT_PATTERN);
    }
    en_catalog_name n = {0};
    assert_false(en_catalog_pattern_match("{patient}_{eye}", "12_middle.jpeg", &n));
    assert_false(en_catalog_pattern_match("{patient}/*", "12.jpeg", &n));
    const char *pattern;
    OK(en_catalog_pattern("DDR", &pattern, &err));
    assert_string_equal(pattern, "{patient}-*");
    FAILS(en_catalog_pattern("messidor2", &pattern, &err), EN_USAGE, "--pairs");
    FAILS(en_catalog_pattern("{eye}", &pattern, &err), EN_USAGE, "'{eye}' is not a pattern");
    FAILS(en_catalog_pattern("{patient}{visit}", &pattern, &err), EN_USAGE, "is not a pattern");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patients_and_eyes_are_recognised),
        cmocka_unit_test(other_names_tell_nothing),
        cmocka_unit_test(a_pattern_tells_what_names_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
