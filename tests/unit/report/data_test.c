/* The report on photographs alone. */
#include "report_project.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "db/db.h"

static void change(project *p, const char *sql)
{
    if (en_db_exec(en_catalog_db(p->project.catalog), sql, "test", &p->err) != EN_OK) {
        fail_msg("%s", p->err.text);
    }
}

static void describe(project *p)
{
    ok(en_report(&p->project, &(en_report_options){.data = true}, &p->report, &p->err));
}

static bool page_has(const project *p, const char *text)
{
    en_buf page;
    read_page(p, &page);
    bool has = memmem(page.data, page.size, text, strlen(text)) != NULL;
    en_buf_clear(&page);
    return has;
}

static void it_is_about_the_photographs_where_there_are_runs(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    describe(p);
    assert_false(p->report.has_run);
    assert_int_equal(p->report.runs, 1);
    assert_non_null(strstr(p->report.file, "/report.html"));
    assert_null(strstr(p->report.file, "runs/"));
    assert_false(page_has(p, "No network has been trained yet."));
    en_report_clear(&p->report);
    change(p, "DROP TRIGGER label_stays_history; DELETE FROM label");
    describe(p); /* nothing is graded: no chart of it */
    assert_int_equal(p->report.balance[0].grade, -1);
    assert_false(page_has(p, "any retinopathy"));
    assert_true(page_has(p, "<h3>no grade</h3>"));
}

static void a_histogram_counts_each_photograph_once(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    change(p,
           "INSERT INTO quality (image_id, brightness, contrast, sharpness, black_fraction, disc_radius, disc_coverage,"
           " score, phash) SELECT image_id, CASE WHEN image_id % 4 = 0 THEN 0.05 ELSE 0.0499 END, 1, 0.51, 0, 0, 0,"
           " CASE status WHEN 'accepted' THEN 0.999 ELSE 0 END, 0 FROM image");
    describe(p);
    const en_report_result *r = &p->report;
    int64_t fourths = 0, rest = 0;
    for (int i = 0; i < 2 * PATIENTS; i++) {
        *(p->image[i] % 4 == 0 ? &fourths : &rest) += 1;
    }
    assert_int_equal(r->histogram[EN_REPORT_BRIGHTNESS].accepted[1], fourths); /* 0.05 begins the second bin */
    assert_int_equal(r->histogram[EN_REPORT_BRIGHTNESS].accepted[0], rest);
    assert_int_equal(r->histogram[EN_REPORT_CONTRAST].accepted[EN_REPORT_BINS - 1],
                     2 * PATIENTS); /* 1 is in the last */
    assert_int_equal(r->histogram[EN_REPORT_CONTRAST].rejected[EN_REPORT_BINS - 1], 1);
    assert_int_equal(r->histogram[EN_REPORT_SHARPNESS].accepted[10], 2 * PATIENTS);
    assert_int_equal(r->histogram[EN_REPORT_SCORE].accepted[19], 2 * PATIENTS);
    assert_int_equal(r->histogram[EN_REPORT_SCORE].rejected[0], 1);
    assert_true(page_has(p, "accepted, n = 80"));
    assert_true(page_has(p, "rejected, n = 1<"));
}

static void sizes_come_with_their_share_of_referable_photographs(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    change(p, "DROP TRIGGER image_keeps_its_file; UPDATE image SET width = 300, height = 200 WHERE patient IN ('2', "
              "'3', '10')"); /* grades 2, 3 and 0 */
    change(p, "DROP TRIGGER label_stays_history;"
              " DELETE FROM label WHERE image_id IN (SELECT image_id FROM image WHERE patient = '3' AND eye = 'left')");
    describe(p);
    const en_report_size *s = &p->report.size[1];
    assert_int_equal(p->report.sizes, 2);
    assert_int_equal(s->width, 300);
    assert_int_equal(s->height, 200);
    assert_int_equal(s->photographs, 6);
    assert_int_equal(s->patients, 3);
    assert_int_equal(s->graded, 5);
    assert_int_equal(s->referable, 3);
    assert_true(page_has(p, "300 x 200"));
    assert_true(page_has(p, "60%"));
}

static void variants_are_counted_by_grade(void **state)
{
    project *p = *state;
    plan even = plain;
    even.policy = "even";
    make_project(p, &even);
    describe(p);
    assert_int_equal(p->report.views_by_grade, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(p->report.view[i].grade, i);
        assert_int_equal(p->report.view[i].plain, 16);
        assert_int_equal(p->report.view[i].changed, 7 * 16);
    }
}

static void each_grade_has_its_examples(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    describe(p);
    assert_int_equal(p->report.examples, 5 * EN_REPORT_EXAMPLES);
    for (size_t i = 0; i < p->report.examples; i++) {
        assert_true(p->report.example[i].jpeg.size > 0);
    }
    /* The hash of image i is i: both eyes of patients 0, 5 and 10 come first of grade 0. */
    assert_string_equal(p->report.example[0].image, "0_left");
    assert_string_equal(p->report.example[3].image, "5_right");
    assert_string_equal(p->report.example[EN_REPORT_EXAMPLES].image, "1_left");
    assert_string_equal(p->report.example[EN_REPORT_EXAMPLES].grade, "1 mild");
    en_report_clear(&p->report);
    char *pack = en_path_join(p->root, "samples/1.pack");
    assert_int_equal(remove(pack), 0);
    en_free(pack);
    describe(p);
    assert_int_equal(p->report.example[0].jpeg.size, 0);
    assert_true(page_has(p, "Its pixels are not in the project any more."));
}

static void running_out_of_memory_is_an_error_anywhere(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    int failed = 0;
    for (long nth = 1;; nth += 1 + nth / 40) {
        en_alloc_fail_at(nth);
        en_status st = en_report(&p->project, &(en_report_options){.data = true}, &p->report, &p->err);
        en_alloc_fail_at(0);
        if (st == EN_OK) {
            break;
        }
        assert_int_equal(st, EN_NOMEM);
        failed++;
    }
    assert_true(failed > 50);
}

#define REPORT_TEST(name) cmocka_unit_test_setup_teardown(name, open_project, close_project)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPORT_TEST(it_is_about_the_photographs_where_there_are_runs),
        REPORT_TEST(a_histogram_counts_each_photograph_once),
        REPORT_TEST(sizes_come_with_their_share_of_referable_photographs),
        REPORT_TEST(variants_are_counted_by_grade),
        REPORT_TEST(each_grade_has_its_examples),
        REPORT_TEST(running_out_of_memory_is_an_error_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
