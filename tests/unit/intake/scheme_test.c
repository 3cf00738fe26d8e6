/* Labels on scales of the user's own: columns of public collections, maps, files that change grades, and how far
 * graders agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/agreement.h"
#include "intake/label.h"

#include <math.h>
#include <string.h>

#include "catalog/scheme.h"
#include "scratch_project.h"

static void add_scheme(scratch *r, const char *name, const char *range, bool kinds)
{
    const en_catalog_scheme_options o = {.name = name, .range = range, .kinds = kinds};
    SCRATCH_OK(r, en_catalog_scheme_add(r->project.catalog, &o, &r->err));
}

static en_status import(scratch *r, const char *file, const char *text, en_label_options options,
                        en_label_result *result)
{
    scratch_write(file, text);
    options.file = file;
    options.unknown = EN_UNKNOWN_ADD;
    return en_label_import(&r->project, &options, result, &r->err);
}

static void refuses(scratch *r, const char *text, en_label_options options, en_status wanted, const char *words)
{
    en_label_result result;
    scratch_refused(r, import(r, "refused.csv", text, options, &result), wanted, words);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM label_import WHERE file = 'refused.csv'"), 0);
}

static const char idrid[] = "Image name,Retinopathy grade,Risk of macular edema ,,,\r\n"
                            "IDRiD_001,3,2,,,\r\nIDRiD_002,0,0,,,\r\nIDRiD_003,2,1,,,\r\n";

static void columns_of_collections_are_read_when_their_scheme_is_asked_for(void **state)
{
    scratch *r = *state;
    en_label_result result;
    refuses(r, idrid, (en_label_options){.scheme = "dme"}, EN_INPUT,
            "there is no scheme 'dme' yet; 'eyenet scheme add dme 0..2' adds it");
    refuses(r, idrid, (en_label_options){.scheme = "edema"}, EN_INPUT, "'eyenet scheme add NAME LO..HI' adds one");
    SCRATCH_OK(r, import(r, "a.csv", idrid, (en_label_options){0}, &result)); /* nobody asked for edema */
    assert_string_equal(result.scheme.name, "icdr");
    add_scheme(r, "dme", "0..2", false);
    SCRATCH_OK(r, import(r, "a.csv", idrid, (en_label_options){0}, &result)); /* nor now */
    assert_string_equal(result.scheme.name, "icdr");
    SCRATCH_OK(r, import(r, "a.csv", idrid, (en_label_options){.scheme = "dme"}, &result));
    assert_int_equal(result.imported, 3);
    assert_int_equal(result.by_grade[2], 1);
    SCRATCH_OK(r, import(r, "a.csv", idrid, (en_label_options){.grade_column = "Risk of macular edema "}, &result));
    assert_string_equal(result.scheme.name, "dme");
    assert_int_equal(result.unchanged, 3);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM images WHERE (image, grade, label(image_id, 'dme')) IN "
                                       "(VALUES ('IDRiD_001', 3, 2), ('IDRiD_002', 0, 0), ('IDRiD_003', 2, 1))"),
                     3);
    add_scheme(r, "laser", "0..1", false);
    SCRATCH_OK(r, import(r, "l.csv", "image,Laser\nIDRiD_001,1\n", (en_label_options){.scheme = "laser"}, &result));
    assert_int_equal(result.by_grade[1], 1); /* a column of the scheme's name */
}

static void what_says_yes_or_no_is_not_a_grade(void **state)
{
    scratch *r = *state;
    en_label_result result;
    static const char rfmid[] = "ID,Disease_Risk,DR,ARMD\n1,1,1,0\n2,1,0,1\n3,0,0,0\n";
    refuses(r, rfmid, (en_label_options){0}, EN_INPUT, "no column for the grade");
    refuses(r, rfmid, (en_label_options){.grade_column = "DR", .scheme = "icdr"}, EN_USAGE,
            "column 'DR' has only 0 and 1, which say no and yes and are not grades of the scheme icdr");
    refuses(r, rfmid, (en_label_options){.grade_column = "3", .scheme = "icdr"}, EN_USAGE, "column 'DR' has only 0");
    refuses(r, rfmid, (en_label_options){.grade_column = " disease_risk", .scheme = "eyeq"}, EN_USAGE, "eyeq");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM label"), 0);
    SCRATCH_OK(r, import(r, "m.csv", rfmid, (en_label_options){.grade_column = "DR", .scheme = "icdr", .map = "1="},
                         &result)); /* the user says what 1 means: nothing */
    assert_int_equal(result.imported, 2);
    SCRATCH_OK(r,
               import(r, "g.csv", "image,DR\n7,4\n8,1\n9,0\n",
                      (en_label_options){.grade_column = "DR", .scheme = "icdr"}, &result)); /* grades, as they say */
    assert_int_equal(result.imported, 3);
    add_scheme(r, "dr", "0..1", false);
    add_scheme(r, "disease", "0..1", false);
    SCRATCH_OK(r, import(r, "r.csv", rfmid, (en_label_options){.scheme = "dr"}, &result));
    assert_int_equal(result.by_grade[1], 1);
    SCRATCH_OK(r, import(r, "r.csv", rfmid, (en_label_options){.scheme = "disease"}, &result));
    assert_int_equal(result.by_grade[1], 2);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM images WHERE grade = 1 AND image IN ('1', '2', '3')"), 0);
}

static void a_scale_need_not_begin_with_0(void **state)
{
    scratch *r = *state;
    en_label_result result;
    add_scheme(r, "pain", "1..10", false);
    const en_label_options o = {.scheme = "pain", .map = "none=1,worst=10,x=ungradable,?="};
    SCRATCH_OK(r, import(r, "p.csv", "image,pain\n1,1\n2,10\n3,none\n4,worst\n5,?\n6,x\n7,7.0\n", o, &result));
    assert_int_equal(result.imported, 6);
    assert_int_equal(result.empty, 1);
    assert_int_equal(result.ungradable, 1);
    assert_int_equal(result.by_grade[1], 2);
    assert_int_equal(result.by_grade[10], 2);
    assert_int_equal(scratch_number(r, "SELECT gradable FROM images WHERE image = '6'"), 0);
    refuses(r, "image,pain\n1,0\n", o, EN_INPUT, "pain '0' is outside the scheme pain, 1 to 10");
    refuses(r, "image,pain\n1,11\n", o, EN_INPUT, "outside the scheme pain, 1 to 10");
    refuses(r, "image,pain\n1,1\n", (en_label_options){.scheme = "pain", .map = "a=0"}, EN_USAGE, "is not a pair");
}

static void a_file_that_changes_grades_of_another_says_how_many(void **state)
{
    scratch *r = *state;
    en_label_result result;
    static const char other[] = "image,dme\nIDRiD_001,1\nIDRiD_002,0\nIDRiD_003,0\n";
    add_scheme(r, "dme", "0..2", false);
    SCRATCH_OK(r, import(r, "a.csv", idrid, (en_label_options){.scheme = "dme"}, &result));
    scratch_refused(r, import(r, "b.csv", other, (en_label_options){.scheme = "dme"}, &result), EN_INPUT,
                    "'b.csv' changes 2 grades that another file gave; the first: 'IDRiD_001' in line 2; if it grades "
                    "the same photographs, use --supersede");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM label"), 3);
    SCRATCH_OK(r, import(r, "b.csv", other, (en_label_options){.scheme = "dme", .supersede = true}, &result));
    assert_int_equal(result.superseded, 2);
    assert_int_equal(scratch_number(r, "SELECT sum(grade) FROM labels"), 1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM label"), 6);
}

/* Of patient p both eyes have grade p % 3; the second grader calls some left eyes one more, and some right ones one
 * less. Expected values: kappa by its definition, its influences by numerical derivatives, in another program. */
static void grade_twice(scratch *r, int patients, const char *scheme)
{
    en_label_result result;
    en_buf first, second;
    en_buf_init(&first, 1 << 20);
    en_buf_init(&second, 1 << 20);
    SCRATCH_OK(r, en_buf_text(&first, "image,level\n", &r->err));
    SCRATCH_OK(r, en_buf_text(&second, "image,level\n", &r->err));
    for (int p = 1; p <= patients; p++) {
        int grade = p % 3, more = p % 5 == 0 && grade < 2 ? grade + 1 : grade,
            less = p % 4 == 0 && grade > 0 ? grade - 1 : grade;
        SCRATCH_OK(r, en_buf_printf(&first, &r->err, "%d_left,%d\n%d_right,%d\n", p, grade, p, grade));
        SCRATCH_OK(r, en_buf_printf(&second, &r->err, "%d_left,%d\n%d_right,%d\n", p, more, p, less));
    }
    const en_label_options a = {.scheme = scheme, .grade_column = "level", .grader = "anna"},
                           b = {.scheme = scheme, .grade_column = "level", .grader = "berta", .supersede = true};
    SCRATCH_OK(r, import(r, "a.csv", en_buf_str(&first), a, &result));
    SCRATCH_OK(r, import(r, "b.csv", en_buf_str(&second), b, &result));
    en_buf_clear(&first);
    en_buf_clear(&second);
}

static void graders_agree_so_far(void **state)
{
    scratch *r = *state;
    en_agreements list;
    en_label_result result;
    add_scheme(r, "dme", "0..2", false);
    add_scheme(r, "kind", "0..2", true);
    SCRATCH_OK(r, en_label_agreement(&r->project, NULL, &list, &r->err));
    assert_int_equal(list.count, 0);
    grade_twice(r, 60, "dme");
    grade_twice(r, 60, "kind");
    SCRATCH_OK(r, en_db_exec(en_catalog_db(r->project.catalog),
                             "INSERT INTO image (name, patient, status, reason) VALUES ('9_again', '9', 'rejected', "
                             "'duplicate')",
                             "test", &r->err)); /* which does not count twice */
    for (int grader = 0; grader < 2; grader++) {
        SCRATCH_OK(
            r, import(r, "copy.csv", grader == 0 ? "image,dme\n9_again,0\n" : "image,dme\n9_again,2\n",
                      (en_label_options){.scheme = "dme", .grader = grader == 0 ? "anna" : "berta", .supersede = true},
                      &result));
    }
    SCRATCH_OK(r, import(r, "c.csv", "image,dme\n1_left,1\n2_left,2\n77_left,0\n",
                         (en_label_options){.scheme = "dme", .grader = "carla"}, &result));
    SCRATCH_OK(r, en_label_agreement(&r->project, NULL, &list, &r->err));
    assert_int_equal(list.count, 4); /* dme: anna and berta, anna and carla, berta and carla; kind: anna and berta */
    const en_agreement *dme = &list.row[0], *few = &list.row[1], *kind = &list.row[3];
    assert_string_equal(dme->scheme, "dme");
    assert_string_equal(dme->first, "anna");
    assert_string_equal(dme->second, "berta");
    assert_int_equal(dme->photographs, 120);
    assert_int_equal(dme->patients, 60);
    assert_int_equal(dme->equal, 102);
    scratch_near(dme->agreement, 0.85, 1e-12);
    assert_true(dme->agreement_in.low < 0.85 && dme->agreement_in.high > 0.85);
    assert_string_equal(dme->weights, "quadratic");
    scratch_near(dme->kappa, 0.8875, 1e-9);
    scratch_near(dme->kappa_in.low, 0.8184074, 1e-6);
    scratch_near(dme->kappa_in.high, 0.9312974, 1e-6);
    assert_string_equal(few->second, "carla");
    assert_int_equal(few->photographs, 2);
    assert_true(isnan(few->kappa_in.low));
    assert_string_equal(kind->scheme, "kind");
    assert_string_equal(kind->weights, "none");
    scratch_near(kind->kappa, 0.775, 1e-9);
    scratch_near(kind->kappa_in.low, 0.6585322, 1e-6);
    scratch_near(kind->kappa_in.high, 0.8552109, 1e-6);
    en_agreements_clear(&list);
    SCRATCH_OK(r, en_label_agreement(&r->project, "kind", &list, &r->err));
    assert_int_equal(list.count, 1);
    en_agreements_clear(&list);
    scratch_refused(r, en_label_agreement(&r->project, "kid", &list, &r->err), EN_INPUT, "did you mean 'kind'?");
    en_agreements_clear(&list);
}

/* The rarer value may be the other grader's: the order of their names changes nothing. */
static void an_interval_needs_patients_of_every_value_of_either_grader(void **state)
{
    scratch *r = *state;
    en_agreements list;
    en_label_result result;
    grade_twice(r, 60, "icdr");
    SCRATCH_OK(r, import(r, "b2.csv", "image,level\n3_left,4\n",
                         (en_label_options){.grader = "berta", .supersede = true}, &result));
    SCRATCH_OK(r, en_label_agreement(&r->project, NULL, &list, &r->err));
    assert_int_equal(list.count, 1);
    assert_int_equal(list.row[0].equal, 101);
    assert_true(!isnan(list.row[0].kappa) && isnan(list.row[0].kappa_in.low));
    en_agreements_clear(&list);
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(columns_of_collections_are_read_when_their_scheme_is_asked_for),
        IN_A_SCRATCH_PROJECT(what_says_yes_or_no_is_not_a_grade),
        IN_A_SCRATCH_PROJECT(a_scale_need_not_begin_with_0),
        IN_A_SCRATCH_PROJECT(a_file_that_changes_grades_of_another_says_how_many),
        IN_A_SCRATCH_PROJECT(graders_agree_so_far),
        IN_A_SCRATCH_PROJECT(an_interval_needs_patients_of_every_value_of_either_grader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
