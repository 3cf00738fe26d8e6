/* Reports of small made-up projects. */
#include "report_project.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "image/decode.h"

#define HOSTILE_NAME "</pre><script>alert('x')</script>&\""
#define HOSTILE HOSTILE_NAME "\x01"

static void every_photograph_is_accounted_for(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    report(p, NULL);
    const en_report_result *r = &p->report;
    assert_int_equal(r->files, 2 * PATIENTS + 2);
    assert_int_equal(r->states.row[0].count, 2 * PATIENTS);
    assert_int_equal(r->states.row[1].count, 1);
    assert_int_equal(r->pending, 1);
    assert_int_equal(r->labelled, 2 * PATIENTS);
    assert_int_equal(r->samples, 2 * PATIENTS);
    assert_int_equal(r->balances, 5);
    for (size_t i = 0; i < r->balances; i++) {
        assert_int_equal(r->balance[i].train, 8);
        assert_int_equal(r->balance[i].val, 4);
        assert_int_equal(r->balance[i].test, 4);
        assert_int_equal(r->balance[i].none, 0);
    }
    assert_string_equal(r->balance[4].name, "4 proliferative");
}

/* A project in which no two numbers of what is collected are equal. */
static void every_number_is_its_own(void **state)
{
    project *p = *state;
    char sql[2000];
    make_project(p, &plain);
    snprintf(
        sql, sizeof sql,
        "INSERT INTO source (source_id, uri, version, kind, state) SELECT 70, uri, 2, 'http', 'broken' FROM source;"
        "INSERT INTO member (member_id, source_id, path, photograph, bytes) VALUES (701, 70, 'photos/70/a.png', 1, "
        "1), (702, 70, 'photos/70/b.png', 1, 1), (703, 70, 'photos/70/c.png', 1, 1);"
        "INSERT INTO image (name, patient, member_id, status, sha256, width, height) VALUES "
        "('a', 'a', 701, 'accepted', printf('%%064d', 701), 16, 16), "
        "('b', 'b', 702, 'accepted', printf('%%064d', 702), 16, 16);"
        "INSERT INTO image (image_id, name, patient, status) SELECT 9001, 'of val', min(patient), 'listed' "
        "FROM assignment WHERE part = 'val' AND split_id = %lld;"
        "INSERT INTO image (image_id, name, patient, status) SELECT 9001 + value, 'x' || value, 'x', 'listed' "
        "FROM json_each('[1,2,3]');"
        "INSERT INTO label (image_id, scheme, import_id, grade) SELECT image_id, 'icdr', %lld, 2 FROM image "
        "WHERE image_id > 9000;"
        "INSERT INTO variant (image_id, mirror, rotation) VALUES (%lld, 1, 0)",
        (long long)p->split, (long long)p->import, (long long)p->image[0]);
    if (en_db_exec(en_catalog_db(p->project.catalog), sql, "test", &p->err) != EN_OK) {
        fail_msg("%s", p->err.text);
    }
    report(p, "first");
    const en_report_result *r = &p->report;
    const int64_t is[] = {r->files, r->pending, r->patients, r->labelled, r->samples, r->variants};
    const int64_t wanted[] = {2 * PATIENTS + 5, 2, PATIENTS + 3, 2 * PATIENTS + 4, 2 * PATIENTS, 2 * PATIENTS + 1};
    assert_memory_equal(is, wanted, sizeof wanted);
    assert_string_equal(r->balance[2].name, "2 moderate");
    assert_int_equal(r->balance[2].train, 8);
    assert_int_equal(r->balance[2].val, 5);
    assert_int_equal(r->balance[2].test, 4);
    assert_int_equal(r->balance[2].none, 3);
    assert_string_equal(r->grade[2].name, "2 moderate");
    assert_int_equal(r->grade[2].n, 4);
    assert_int_equal(r->grade[2].right, 3);
    assert_true(r->grade[2].mean_score > 0 && r->grade[2].mean_score < 1);
}

/* Two versions of a source, and a file of labels. */
static void origins_are_told_apart(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    ok(en_db_exec(en_catalog_db(p->project.catalog),
                  "INSERT INTO source (source_id, uri, version, kind, state) "
                  "SELECT 70, uri, 2, 'http', 'broken' FROM source;"
                  "INSERT INTO member (member_id, source_id, path, photograph, bytes) "
                  "SELECT 700 + value, 70, 'photos/70/' || value, 1, 1 FROM json_each('[1,2,3]');"
                  "INSERT INTO image (name, patient, member_id, status, sha256, width, height) "
                  "SELECT 'n' || value, 'n', value, 'accepted', printf('%064d', value), 16, 16 FROM "
                  "json_each('[701,702]')",
                  "test", &p->err));
    report(p, "first");
    const en_report_origin *source = p->report.source, *labels = p->report.label_file;
    assert_int_equal(p->report.sources, 2);
    assert_int_equal(source[0].version, 1);
    assert_string_equal(source[1].name, plain.word);
    assert_string_equal(source[1].kind, "http");
    assert_string_equal(source[1].state, "broken");
    assert_int_equal(source[1].version, 2);
    assert_int_equal(source[1].count, 3);
    assert_int_equal(source[1].accepted, 2);
    assert_string_equal(labels->name, plain.word);
    assert_string_equal(labels->kind, "icdr");
    assert_int_equal(labels->version, -1);
    assert_int_equal(labels->count, 2 * PATIENTS);
    assert_int_equal(labels->accepted, -1);
    en_buf page;
    read_page(p, &page);
    assert_non_null(strstr(en_buf_str(&page), "<th scope=\"row\">plain</th><td>folder</td>"));
    assert_non_null(strstr(en_buf_str(&page), "<th scope=\"row\">plain, version 2</th><td>http</td>"));
    en_buf_clear(&page);
}

static void a_page_takes_the_place_of_a_page_only(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    char *catalog = en_path_join(p->project.root, "eyenet.db"), *page = en_path_join(p->project.root, "page.html");
    en_report_options options = {.run = "first", .out = catalog};
    assert_int_equal(en_report(&p->project, &options, &p->report, &p->err), EN_INPUT);
    assert_non_null(strstr(p->err.text, "eyenet.db' exists and is not a page"));
    assert_string_equal(p->err.hint, "name another file");
    options.out = page;
    for (int i = 0; i < 2; i++) { /* there is none yet; there is one */
        assert_int_equal(en_report(&p->project, &options, &p->report, &p->err), EN_OK);
        en_report_clear(&p->report);
    }
    en_free(catalog);
    en_free(page);
}

static void a_run_is_reported_with_its_figures(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    report(p, "first");
    const en_report_result *r = &p->report;
    assert_true(r->has_run && r->has_evaluation && r->metrics.is_binary);
    assert_int_equal(r->metrics.n, 20);
    assert_int_equal(r->metrics.patients, 10);
    assert_int_equal(r->metrics.correct, 18);
    assert_int_equal(r->metrics.binary.positives, 12);
    assert_near(r->metrics.binary.sensitivity.value, 11 / 12.0, 1e-12);
    assert_near(r->metrics.binary.specificity.value, 7 / 8.0, 1e-12);
    /* of the 96 pairs of a positive and a negative 12*7 are in order, 11*1 equal, 1*1 the wrong way round */
    assert_near(r->metrics.binary.auc.value, (84 + 0.5 * 11) / 96, 1e-12);
    assert_true(isnan(r->metrics.binary.auc.is_in.low)); /* of 10 patients */
    assert_string_equal(r->metrics.too_few,
                        "accuracy balanced_accuracy kappa auc pr_auc sensitivity specificity ppv npv "
                        "sensitivity_at_90 ece brier");
    assert_near(r->metrics.binary.brier.value, (18 * 0.01 + 0.81 + 0.64) / 20, 1e-6);
    /* with a negative at 0.9 no threshold is 90% specific but the one that finds none of the 12 positives */
    assert_near(r->metrics.binary.sensitivity_at_90.value, 0, 0);
    assert_int_equal(r->shared_patients, 0);
    assert_string_equal(en_report_class(r, 1), "yes");
    assert_int_equal(r->grades, 5);
    assert_int_equal(r->grade[2].n, 4);
    assert_int_equal(r->grade[2].right, 3);
}

static void the_worst_mistakes_come_with_their_pictures(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    report(p, "first");
    const en_report_result *r = &p->report;
    assert_int_equal(r->mistakes_all, 2);
    assert_int_equal(r->mistakes, 2);
    assert_int_equal(r->shown, 2);
    assert_int_equal(r->mistake[0].why, EN_REPORT_MISSED);
    assert_string_equal(r->mistake[0].image, "32_right");
    assert_string_equal(r->mistake[0].grade, "2 moderate");
    assert_near(r->mistake[0].p, 0.2, 1e-6);
    assert_int_equal(r->mistake[1].why, EN_REPORT_FALSE_ALARM);
    assert_string_equal(r->mistake[1].image, "31_right");
    assert_string_equal(r->mistake[1].grade, "1 mild");
    assert_near(r->mistake[1].p, 0.1, 1e-6);
    assert_memory_equal(r->mistake[0].jpeg.data, "\xff\xd8\xff", 3);
    en_buf page;
    read_page(p, &page);
    assert_non_null(strstr(page.data, "src=\"data:image/jpeg;base64,/9j/"));
    en_buf_clear(&page);
}

/* Which quarter of the sample is seen top left, top right, bottom left and bottom right, found with a piece of paper:
 * mirrored first, then turned anticlockwise. 0 is the sample's top left, 1 its top right, 2 its bottom left, 3 its
 * bottom right. */
static const struct {
    int mirror, rotation, quarter[4];
} view[] = {{0, 0, {0, 1, 2, 3}}, {0, 90, {1, 3, 0, 2}}, {0, 180, {3, 2, 1, 0}}, {0, 270, {2, 0, 3, 1}},
            {1, 0, {1, 0, 3, 2}}, {1, 90, {0, 2, 1, 3}}, {1, 180, {2, 3, 0, 1}}, {1, 270, {3, 1, 2, 0}}};

/* The picture's quarters are of these greys, within what a JPEG loses; returns which view it was. */
static size_t assert_picture(const en_report_mistake *m, int image)
{
    en_image picture = {0};
    uint8_t grey[4];
    size_t v = 0;
    while (v < 8 && (m->mirror != view[v].mirror || m->rotation != view[v].rotation)) {
        v++;
    }
    assert_in_range(v, 0, 7);
    ok(en_decode(m->jpeg.data, m->jpeg.size, NULL, &picture, NULL, NULL));
    assert_int_equal(picture.width, EDGE);
    assert_int_equal(picture.height, EDGE);
    sample_greys(image, grey);
    for (int y = 0; y < EDGE; y++) {
        for (int x = 0; x < EDGE; x++) {
            int quarter = view[v].quarter[2 * (y >= EDGE / 2) + (x >= EDGE / 2)];
            int is = picture.rgb[3 * (y * EDGE + x) + 1];
            if (is < grey[quarter] - 5 || is > grey[quarter] + 5) {
                fail_msg("%s, mirror %d, rotation %d: pixel %d,%d is %d, not %d", m->image, m->mirror, m->rotation, x,
                         y, is, grey[quarter]);
            }
        }
    }
    en_image_clear(&picture);
    return v;
}

static void a_picture_shows_the_variant_mirrored_and_turned(void **state)
{
    project *p = *state;
    plan even = plain;
    even.policy = "even";
    make_project(p, &even);
    ok(en_report(&p->project, &(en_report_options){.mistakes = 16, .run = "first"}, &p->report, &p->err));
    const en_report_result *r = &p->report;
    unsigned seen[2] = {0};
    assert_int_equal(r->mistakes, 16);
    for (size_t i = 0; i < 16; i++) {
        bool first = strcmp(r->mistake[i].image, "31_right") == 0;
        assert_string_equal(r->mistake[i].image, first ? "31_right" : "32_right");
        seen[first] |= 1U << assert_picture(&r->mistake[i], first ? 63 : 65); /* images are numbered left, right */
    }
    assert_int_equal(seen[0], 0xff);
    assert_int_equal(seen[1], 0xff);
}

static void mistakes_are_counted_when_no_picture_is_wanted(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    ok(en_report(&p->project, &(en_report_options){.run = "first", .no_page = true}, &p->report, &p->err));
    assert_int_equal(p->report.mistakes_all, 2);
    assert_int_equal(p->report.mistakes, 0);
}

static void expect(const en_buf *page, const char *text)
{
    if (strstr(page->data, text) == NULL) {
        fail_msg("the page does not say '%s'", text);
    }
}

static void the_page_is_written_for_people(void **state)
{
    project *p = *state;
    plan told = plain;
    told.word = "--test 0.3 --seed 1";
    make_project(p, &told);
    report(p, "first");
    en_buf page;
    read_page(p, &page);
    expect(&page, "<dt>memory</dt><dd>7.3 MiB</dd>");
    expect(&page, "<code><span>--test 0.3</span> <span>--seed 1</span></code>"); /* each stays in one line */
    expect(&page, "2\xc2\xa0"
                  "answers were wrong, each view of a photograph counted.");
    expect(&page, "<h3>Other positives, missed (1)</h3>");
    expect(&page, "<h3>False alarms (1)</h3>");
    expect(&page, "not their pixels or labels");                /* what the hash of a subset does not cover */
    expect(&page, "20, 10 patients; grade &gt;= 2: no / yes<"); /* below the titles of the charts */
    en_buf_clear(&page);
}

static void a_single_mistake_is_told_in_the_singular(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    ok(en_report(&p->project, &(en_report_options){.run = "first", .mistakes = 1}, &p->report, &p->err));
    en_buf page;
    read_page(p, &page);
    expect(&page, "2\xc2\xa0"
                  "answers were wrong");
    en_buf_clear(&page);
    p->report.mistakes_all = 1;
    en_buf_init(&page, (size_t)64 << 20);
    ok(en_report_html(&p->report, &page, &p->err));
    expect(&page, "1\xc2\xa0"
                  "answer was wrong, each");
    en_buf_clear(&page);
}

static void a_missing_pack_costs_the_pictures_only(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    char *pack = en_path_join(p->project.root, "samples/1.pack");
    assert_int_equal(remove(pack), 0);
    en_free(pack);
    report(p, "first");
    assert_int_equal(p->report.mistakes, 2);
    assert_int_equal(p->report.mistake[0].jpeg.size, 0);
}

static void the_page_stands_by_itself(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    report(p, "first");
    en_buf page;
    read_page(p, &page);
    assert_null(strstr(page.data, "<script"));
    assert_null(strstr(page.data, "<link"));
    assert_null(strstr(page.data, "url("));
    assert_null(strstr(page.data, "@import"));
    for (const char *at = page.data; (at = strstr(at, "src=\"")) != NULL; at++) {
        assert_memory_equal(at, "src=\"data:", 10);
    }
    for (const char *at = page.data; (at = strstr(at, "href=\"")) != NULL; at++) {
        assert_memory_equal(at, "href=\"#", 7);
    }
    for (const char *at = page.data; (at = strstr(at, "http")) != NULL; at++) {
        assert_true(strncmp(at, "http://www.w3.org/2000/svg\"", 27) == 0 || strncmp(at, "http-equiv=", 11) == 0);
    }
    en_buf_clear(&page);
}

static void hostile_texts_are_only_text(void **state)
{
    project *p = *state;
    plan hostile = plain;
    hostile.word = HOSTILE;
    hostile.name = HOSTILE_NAME;
    hostile.classes = "[\"<b>0\",\"<i>1\"]";
    make_project(p, &hostile);
    report(p, "first");
    en_buf page;
    read_page(p, &page);
    assert_null(strstr(page.data, "<script"));
    assert_null(strstr(page.data, "<b>0"));
    assert_null(strstr(page.data, "<i>1"));
    assert_null(strchr(page.data, '\x01'));
    assert_non_null(strstr(page.data, "&lt;script&gt;"));
    en_buf_clear(&page);
}

static void the_same_catalog_gives_the_same_page(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    report(p, "first");
    en_buf once, twice;
    read_page(p, &once);
    en_report_clear(&p->report);
    report(p, NULL);
    read_page(p, &twice);
    assert_int_equal(once.size, twice.size);
    assert_memory_equal(once.data, twice.data, once.size);
    en_buf_clear(&once);
    en_buf_clear(&twice);
}

static void five_classes_have_no_roc(void **state)
{
    project *p = *state;
    make_project(p, &(plan){"plain", NULL, "grade", "[\"0\",\"1\",\"2\",\"3\",\"4\"]", 5, true, NULL, false, false});
    report(p, "first");
    assert_false(p->report.metrics.is_binary);
    assert_int_equal(p->report.classes.count, 5);
    assert_string_equal(en_report_class(&p->report, 1), "1 mild");
    assert_int_equal(p->report.metrics.correct, 0);
    en_buf page;
    read_page(p, &page);
    assert_null(strstr(page.data, "ROC curve"));
    assert_non_null(strstr(page.data, "Class by class"));
    en_buf_clear(&page);
}

static void rotation_that_gives_the_target_away_is_said(void **state)
{
    project *p = *state;
    plan seed = plain;
    seed.policy = "seed"; /* rotates eyes from grade 1 on only */
    make_project(p, &seed);
    report(p, "first");
    en_buf page;
    read_page(p, &page);
    /* 4 of 6 variants of grades 2, 3 and 4; of grade 0 none of 2, of grade 1 4 of 6: 4 of 8 */
    assert_non_null(strstr(
        page.data, "<p class=\"warn\"><strong>Rotation is confounded with the target.</strong> Of what it learned "
                   "from, 67% of \xe2\x80\x9cyes\xe2\x80\x9d are rotated and 50% of"));
    en_buf_clear(&page);
}

static void a_run_on_even_views_has_no_such_warning(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    report(p, "first");
    assert_false(p->report.uneven_views);
}

static void answers_that_are_all_alike_are_called_no_better_than_chance(void **state)
{
    project *p = *state;
    plan dull = plain;
    dull.constant = true;
    make_project(p, &dull);
    report(p, "first");
    assert_near(p->report.metrics.binary.auc.value, 0.5, 0);
    assert_true(isnan(p->report.metrics.binary.auc.is_in.low) && isnan(p->report.metrics.binary.auc.is_in.high));
    en_buf page;
    read_page(p, &page);
    expect(&page, "Perhaps no better than chance.");
    assert_null(strstr(page.data, "(95% interval"));
    en_buf_clear(&page);
}

static void a_run_that_was_not_measured_says_so(void **state)
{
    project *p = *state;
    plan young = plain;
    young.evaluate = false;
    make_project(p, &young);
    report(p, "first");
    assert_false(p->report.has_evaluation);
    en_buf page;
    read_page(p, &page);
    assert_non_null(strstr(page.data, "eyenet evaluate first --part test"));
    en_buf_clear(&page);
}

static void a_project_without_runs_has_an_overview(void **state)
{
    project *p = *state;
    report(p, NULL); /* not even photographs */
    assert_false(p->report.has_run);
    en_report_clear(&p->report);
    add_photographs(p, "plain");
    add_labels(p, "plain");
    report(p, NULL);
    assert_false(p->report.has_run);
    assert_int_equal(p->report.balance[0].none, 16);
    assert_true(en_file_exists(p->report.file));
}

static void an_unknown_run_is_named(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    assert_int_equal(en_report(&p->project, &(en_report_options){.run = "second"}, &p->report, &p->err), EN_INPUT);
    assert_non_null(strstr(p->err.text, "second"));
}

static void charts_become_files(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    char *dir = en_path_join(p->root, "charts");
    en_report_options options = {.run = "first", .no_page = true, .charts = dir};
    for (int format = EN_CHART_SVG; format <= EN_CHART_PDF; format++) {
        options.chart_format = (en_chart_format)format;
        ok(en_report(&p->project, &options, &p->report, &p->err));
        assert_null(p->report.file);
        en_report_clear(&p->report);
    }
    en_names names;
    ok(en_file_list(dir, &names, &p->err));
    assert_int_equal(names.count, 3 * 12);
    assert_string_equal(names.name[0], "accuracy.pdf");
    en_names_free(&names);
    en_free(dir);
}

static void subgroups_are_counted_by_unit_and_eye(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    report(p, "first");
    const en_report_result *r = &p->report;
    static const struct {
        const char *name;
        int64_t n, positives;
    } wanted[] = {{"Counted per", -1, 0}, {"photograph", 20, 12}, {"eye", 20, 12}, {"patient", 10, 6},
                  {"Eye", -1, 0},         {"left", 10, 6},        {"right", 10, 6}};
    assert_int_equal(r->subgroups, sizeof wanted / sizeof *wanted); /* one dataset, one size, no quality: no groups */
    for (size_t i = 0; i < r->subgroups; i++) {
        assert_string_equal(r->subgroup[i].name, wanted[i].name);
        assert_int_equal(r->subgroup[i].n, wanted[i].n);
        assert_true(wanted[i].n < 0 || r->subgroup[i].positives == wanted[i].positives);
    }
    assert_near(r->subgroup[1].value.value, r->metrics.binary.auc.value, 0);
    assert_near(r->subgroup[5].value.value, 1, 0); /* both mistakes are of right eyes */
    /* of the 24 pairs of right eyes 3 * 5 are in order, 5 equal (negatives at 0.9), 3 of the positive at 0.2 in order
     */
    assert_near(r->subgroup[6].value.value, (15 + 0.5 * 5 + 3) / 24, 1e-12);
    assert_near(r->subgroup[6].sensitivity.value, 5 / 6.0, 1e-12);
    assert_near(r->subgroup[6].specificity.value, 3 / 4.0, 1e-12);
}

/* Patients 30 to 39, two of each grade: a false alarm is of 31, a missed eye of 32, whose other eye is called. */
static void a_screening_refers_whom_it_cannot_grade(void **state)
{
    project *p = *state;
    char sql[1500];
    make_project(p, &plain);
    snprintf(sql, sizeof sql,
             "INSERT INTO image (image_id, name, patient, eye, status, reason) VALUES "
             "(9001, '999_left', '999', 'left', 'rejected', 'black'), (9002, '998_left', '998', 'left', 'rejected', "
             "'duplicate'), (9003, '35_x', '35', NULL, 'rejected', 'damaged'), "
             "(9004, '34_x', '34', NULL, 'rejected', 'damaged'), (9005, '36_x', '36', 'left', 'rejected', 'damaged');"
             "INSERT INTO label (image_id, scheme, import_id, grade) VALUES (9003, 'icdr', %lld, 1)",
             (long long)p->import);
    ok(en_db_exec(en_catalog_db(p->project.catalog), sql, "test", &p->err));
    ok(en_report(&p->project, &(en_report_options){.run = "first", .screening = true, .prevalence = 0.25}, &p->report,
                 &p->err));
    const en_report_screening *s = &p->report.screening;
    assert_true(p->report.has_screening);
    assert_int_equal(s->least, 2);
    assert_int_equal(s->patients, 10);
    assert_int_equal(s->ungradable, 1); /* 35; 34 is called positive, and of 36's left eye another photograph is good */
    assert_int_equal(s->referred, 6 + 1 + 1);
    assert_int_equal(s->never_graded, 2); /* 999, and 900 of every project; 998's is a copy of another photograph */
    const int64_t wanted[EN_REPORT_SCREENED][3] = {{0, 1, 0}, {1, 1, 1}, {2, 0, 0}, {2, 0, 0}, {2, 0, 0}, {0, 0, 0}};
    for (int g = 0; g < EN_REPORT_SCREENED; g++) {
        assert_int_equal(s->grade[g].positive, wanted[g][0]);
        assert_int_equal(s->grade[g].negative, wanted[g][1]);
        assert_int_equal(s->grade[g].ungradable, wanted[g][2]);
    }
    assert_near(s->sensitivity.value, 1, 0);
    assert_near(s->specificity.value, 2 / 4.0, 0);
    assert_near(s->specificity_gradable.value, 2 / 3.0, 1e-12);
    assert_near(s->imageability.value, 9 / 10.0, 1e-12);
    assert_near(s->ppv.value, 0.25 / (0.25 + 0.5 * 0.75), 1e-12);
    assert_near(s->npv.value, 1, 0);
    en_buf page;
    read_page(p, &page);
    expect(&page, "<h2>As a screening programme</h2>");
    expect(&page, "positive predictive value at a prevalence of 25.0%");
    en_buf_clear(&page);
}

static void a_screening_is_about_grades(void **state)
{
    project *p = *state;
    plan other = plain;
    other.target = "gradable";
    make_project(p, &other);
    const en_report_options options = {.run = "first", .screening = true, .no_page = true};
    assert_int_equal(en_report(&p->project, &options, &p->report, &p->err), EN_INPUT);
    assert_string_equal(p->err.text, "the target 'gradable' is not one of grades");
}

static void severe_eyes_that_were_missed_come_first(void **state)
{
    project *p = *state;
    plan severe = plain;
    severe.severe = true;
    make_project(p, &severe);
    report(p, "first");
    const en_report_result *r = &p->report;
    assert_int_equal(r->mistakes_all, 3);
    assert_int_equal(r->mistakes, 3);
    assert_int_equal(r->shown, 4);
    assert_string_equal(r->mistake[0].image, "34_left");
    assert_int_equal(r->mistake[0].why, EN_REPORT_MISSED_SEVERE);
    assert_string_equal(r->mistake[3].image, "33_left");
    assert_int_equal(r->mistake[3].why, EN_REPORT_DOUBTFUL);
    en_buf page;
    read_page(p, &page);
    expect(&page, "<h3>Severe and proliferative retinopathy, missed (1)</h3>");
    expect(&page, "<h3>Right answers, but doubtful (1)</h3>");
    en_buf_clear(&page);
}

static void a_chart_takes_the_place_of_a_picture_only(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    char *catalog = en_path_join(p->project.root, "eyenet.db"), *picture = en_path_join(p->project.root, "roc.svg");
    en_report_plot_options options = {.run = "first", .chart = EN_REPORT_ROC, .path = catalog};
    en_report_plotted out;
    assert_int_equal(en_report_plot(&p->project, &options, &out, &p->err), EN_INPUT);
    assert_non_null(strstr(p->err.text, "eyenet.db' exists and is not a picture"));
    en_report_plotted_clear(&out);
    options.path = picture;
    for (int i = 0; i < 2; i++) {
        ok(en_report_plot(&p->project, &options, &out, &p->err));
        assert_string_equal(out.run, "first");
        assert_string_equal(out.chart, "roc");
        assert_true(out.bytes > 1000);
        en_report_plotted_clear(&out);
    }
    options.chart = EN_REPORT_REJECTS;
    ok(en_report_plot(&p->project, &options, &out, &p->err));
    en_report_plotted_clear(&out);
    en_free(catalog);
    en_free(picture);
}

static void a_chart_without_anything_to_draw_is_an_error(void **state)
{
    project *p = *state;
    plan young = plain;
    young.evaluate = false;
    make_project(p, &young);
    en_report_plot_options options = {.run = "first", .chart = EN_REPORT_ROC, .path = "/nowhere/roc.svg"};
    en_report_plotted out;
    assert_int_equal(en_report_plot(&p->project, &options, &out, &p->err), EN_INPUT);
    assert_string_equal(p->err.text, "there is nothing to draw for the chart 'roc' of run 'first'");
    en_report_plotted_clear(&out);
}

static void a_page_that_cannot_be_written_is_not_there(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    char *path = en_path_join(p->root, "no/such/folder.html");
    assert_int_equal(en_report(&p->project, &(en_report_options){.out = path}, &p->report, &p->err), EN_PATH);
    assert_non_null(strstr(p->err.text, "folder.html"));
    assert_null(p->report.file);
    en_free(path);
}

static void running_out_of_memory_is_an_error_anywhere(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    int failed = 0;
    for (long nth = 1;; nth += 1 + nth / 40) { /* every one at first, then fewer: there are a thousand */
        en_alloc_fail_at(nth);
        en_status st = en_report(&p->project, &(en_report_options){.mistakes = EN_REPORT_MISTAKES, .run = "first"},
                                 &p->report, &p->err);
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
        REPORT_TEST(every_photograph_is_accounted_for),
        REPORT_TEST(every_number_is_its_own),
        REPORT_TEST(origins_are_told_apart),
        REPORT_TEST(a_run_is_reported_with_its_figures),
        REPORT_TEST(a_page_takes_the_place_of_a_page_only),
        REPORT_TEST(the_worst_mistakes_come_with_their_pictures),
        REPORT_TEST(a_picture_shows_the_variant_mirrored_and_turned),
        REPORT_TEST(mistakes_are_counted_when_no_picture_is_wanted),
        REPORT_TEST(the_page_is_written_for_people),
        REPORT_TEST(a_single_mistake_is_told_in_the_singular),
        REPORT_TEST(a_missing_pack_costs_the_pictures_only),
        REPORT_TEST(the_page_stands_by_itself),
        REPORT_TEST(hostile_texts_are_only_text),
        REPORT_TEST(the_same_catalog_gives_the_same_page),
        REPORT_TEST(five_classes_have_no_roc),
        REPORT_TEST(rotation_that_gives_the_target_away_is_said),
        REPORT_TEST(a_run_on_even_views_has_no_such_warning),
        REPORT_TEST(answers_that_are_all_alike_are_called_no_better_than_chance),
        REPORT_TEST(a_run_that_was_not_measured_says_so),
        REPORT_TEST(a_project_without_runs_has_an_overview),
        REPORT_TEST(an_unknown_run_is_named),
        REPORT_TEST(charts_become_files),
        REPORT_TEST(subgroups_are_counted_by_unit_and_eye),
        REPORT_TEST(a_screening_refers_whom_it_cannot_grade),
        REPORT_TEST(a_screening_is_about_grades),
        REPORT_TEST(severe_eyes_that_were_missed_come_first),
        REPORT_TEST(a_chart_takes_the_place_of_a_picture_only),
        REPORT_TEST(a_chart_without_anything_to_draw_is_an_error),
        REPORT_TEST(a_page_that_cannot_be_written_is_not_there),
        REPORT_TEST(running_out_of_memory_is_an_error_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
