/* Files of predictions: the columns that are recognised, and values that are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/answers.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

static en_error err;
static const en_answers_names any = {0};

static void read_text(const char *text, en_csv *csv)
{
    FILE *f = fopen("answers.csv", "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(en_csv_read("answers.csv", NULL, csv, &err), EN_OK);
    unlink("answers.csv");
}

/* The probabilities of the first row; what came of reading it. */
static en_status row_of(const char *text, const en_classes *classes, float *p)
{
    en_csv csv;
    en_answers_columns columns;
    en_classes named;
    read_text(text, &csv);
    en_status st = en_answers_find(&csv, "f", &any, &columns, &named, &err);
    if (st == EN_OK) {
        st = en_answers_fit(&columns, &csv, classes, "f", "t", &err);
    }
    if (st == EN_OK) {
        st = en_answers_read(&csv, 1, &columns, classes, p, &err);
    }
    en_csv_clear(&csv);
    return st;
}

static void a_column_per_class_goes_to_its_class(void **state)
{
    (void)state;
    const en_classes three = {.count = 3, .name = {"0", "1", "10"}, .positive = 2};
    float p[EN_MAX_CLASSES];
    assert_int_equal(row_of("p_10,file,Prob_0,probability_1,epoch\n0.5,a.png,0.2,0.3,7\n", &three, p), EN_OK);
    assert_true(fabsf(p[0] - 0.2F) < 1e-6F && fabsf(p[1] - 0.3F) < 1e-6F && fabsf(p[2] - 0.5F) < 1e-6F);
    /* rounded ones are made to add up to 1 */
    assert_int_equal(row_of("image,p_0,p_1,p_10\na,0.333,0.333,0.333\n", &three, p), EN_OK);
    assert_true(fabsf(p[0] + p[1] + p[2] - 1) < 1e-6F);
    assert_int_equal(row_of("image,p_0,p_1,p_10\na,,,\n", &three, p), EN_DONE);
    assert_int_equal(row_of("image,p_0,p_1,p_10\na,,0.5,0.5\n", &three, p), EN_INPUT);
    assert_int_equal(row_of("image,p_0,p_1,p_10\na,0.3,0.3,0.3\n", &three, p), EN_INPUT);
    assert_int_equal(row_of("image,p_0,p_1,p_10\na,inf,0,0\n", &three, p), EN_INPUT);
    assert_int_equal(row_of("image,p_0,p_1\na,0.3,0.7\n", &three, p), EN_INPUT);
    assert_int_equal(row_of("image,p_0,p_1,p_2\na,0.3,0.6,0.1\n", &three, p), EN_INPUT);
    assert_int_equal(row_of("image,p_0,p_1,p_10,p_11\na,0.3,0.6,0.1,0\n", &three, p), EN_INPUT);
    assert_int_equal(row_of("image,p_0,P_0,p_1,p_10\na,0.3,0.6,0.1,0\n", &three, p), EN_INPUT);
    assert_int_equal(row_of("image,p_0,prob_0\na,0.3,0.7\n", &three, p), EN_INPUT);
    assert_int_equal(row_of("image,probability\na,0.3\n", &three, p), EN_INPUT);
}

static void one_probability_is_of_the_positive_class(void **state)
{
    (void)state;
    const en_classes two = {.count = 2, .name = {"0", "1"}, .positive = 1};
    float p[EN_MAX_CLASSES];
    assert_int_equal(row_of("id_code,score,level\na,0.25,4\n", &two, p), EN_OK);
    assert_true(fabsf(p[1] - 0.25F) < 1e-6F && fabsf(p[0] - 0.75F) < 1e-6F);
    assert_int_equal(row_of("image,p\na,-0.1\n", &two, p), EN_INPUT);
    assert_int_equal(row_of("image,p\na,95\n", &two, p), EN_INPUT);
}

static void an_answer_is_certain(void **state)
{
    (void)state;
    const en_classes two = {.count = 2, .name = {"0", "1"}, .positive = 1};
    float p[EN_MAX_CLASSES];
    assert_int_equal(row_of("image,predicted\na,1.0\n", &two, p), EN_OK);
    assert_true(p[1] > 0.5F && p[0] < 0.5F);
    assert_int_equal(row_of("image,predicted\na,2\n", &two, p), EN_INPUT);
    assert_int_equal(row_of("image,predicted\na,0.5\n", &two, p), EN_INPUT);
    assert_int_equal(row_of("image,remark\na,1\n", &two, p), EN_INPUT);
    assert_int_equal(row_of("remark,predicted\na,1\n", &two, p), EN_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_per_class_goes_to_its_class),
        cmocka_unit_test(one_probability_is_of_the_positive_class),
        cmocka_unit_test(an_answer_is_certain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
