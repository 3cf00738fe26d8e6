/* Reports of small made-up projects. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/source.h"
#include "catalog/image.h"
#include "catalog/sample.h"
#include "catalog/label.h"
#include "catalog/metric.h"
#include "catalog/run.h"
#include "catalog/evaluation.h"
#include "catalog/split.h"
#include "catalog/subset.h"
#include "catalog/items.h"
#include "catalog/variant.h"
#include "image/pack.h"
#include "image/recipe.h"
#include "lab/report/report.h"

#define HOSTILE "</pre><script>alert('x')</script>&\"\x01"
#define EDGE 16         /* px of a sample */
#define WEIGHTS "%064d" /* the hash of the weights, as far as the rows know */

enum { PATIENTS = 40 };

/* fontconfig keeps some hundred bytes for good, which is no leak of ours. */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void) { return "leak:libfontconfig"; }

typedef struct project {
    char *root;
    en_lab lab;
    en_report_result report;
    en_error err;
    int64_t image[2 * PATIENTS], recipe, split, import;
} project;

/* What a project is made of. */
typedef struct plan {
    const char *word; /* put into every text that a stranger could choose */
    const char *target, *classes;
    size_t class_count;
    bool evaluate;
    const char *policy; /* NULL: plain */
} plan;

static const plan plain = {"plain", "grade >= 2", "[\"0\",\"1\"]", 2, true, NULL};

#define ok(status) assert_int_equal(status, EN_OK)
#define assert_near(a, b, epsilon) assert_true(fabs((a) - (b)) <= (epsilon))

/* Patients 0..19 are for training, 20..29 for validation, 30..39 for testing; both eyes have the grade patient % 5. */
static int64_t grade_of(int patient) { return patient % 5; }
static const char *part_of(int patient) { return patient < 20 ? "train" : patient < 30 ? "val" : "test"; }

static void add_photographs(project *p, const char *word)
{
    en_catalog *c = p->lab.catalog;
    char path[64], state[] = "whole", kind[] = "folder", accepted[] = "accepted", sha256[EN_SHA256_HEX];
    char *uri = en_strdup(word), *reason = en_strdup(word);
    en_catalog_source source = {.uri = uri, .kind = kind, .bytes = -1, .state = state};
    ok(en_catalog_begin(c, &p->err));
    ok(en_catalog_source_put(c, &source, &p->err));
    for (int i = 0; i < 2 * PATIENTS; i++) {
        snprintf(path, sizeof path, "photos/1/%d_%s.jpeg", i / 2, i % 2 == 0 ? "left" : "right");
        snprintf(sha256, sizeof sha256, "%064d", i);
        en_catalog_member member = {.source_id = source.id, .path = path, .photograph = true, .bytes = 1, .crc32 = -1};
        ok(en_catalog_member_put(c, &member, &p->err));
        en_catalog_image image = {
            .member_id = member.id, .name = path, .status = accepted, .sha256 = sha256, .width = EDGE, .height = EDGE};
        ok(en_catalog_image_put(c, &image, NULL, NULL, &p->err));
        p->image[i] = image.id;
    }
    char black[] = "photos/1/900_left.jpeg", waiting[] = "photos/1/901_left.jpeg", rejected[] = "rejected";
    en_catalog_member member = {.source_id = source.id, .path = black, .photograph = true, .bytes = 1, .crc32 = -1};
    ok(en_catalog_member_put(c, &member, &p->err));
    en_catalog_image image = {
        .member_id = member.id, .name = black, .status = rejected, .reason = reason, .width = -1, .height = -1};
    ok(en_catalog_image_put(c, &image, NULL, NULL, &p->err));
    member.path = waiting;
    ok(en_catalog_member_put(c, &member, &p->err));
    ok(en_catalog_commit(c, &p->err));
    en_free(uri);
    en_free(reason);
}

static void add_labels(project *p, const char *word)
{
    en_catalog *c = p->lab.catalog;
    en_catalog_label_outcome outcome;
    char sha256[EN_SHA256_HEX];
    snprintf(sha256, sizeof sha256, "%064d", 7);
    ok(en_catalog_begin(c, &p->err));
    ok(en_catalog_label_begin(c, &(en_catalog_label_import){word, sha256, "icdr", word}, &p->import, &p->err));
    for (int i = 0; i < 2 * PATIENTS; i++) {
        ok(en_catalog_label_put(c, p->import, p->image[i], grade_of(i / 2), &outcome, &p->err));
    }
    ok(en_catalog_commit(c, &p->err));
}

/* A sample of an image is one grey, its number. */
static void add_samples(project *p)
{
    en_catalog *c = p->lab.catalog;
    char text[64], sha256[EN_SHA256_HEX];
    snprintf(text, sizeof text, "crop=none size=%d", EDGE);
    ok(en_sha256_bytes(text, strlen(text), sha256, &p->err));
    char *path = en_lab_path(&p->lab, "samples/1.pack");
    en_pack_writer writer;
    ok(en_pack_writer_open(&writer, path, EDGE, sha256, 0, &p->err));
    en_free(path);
    ok(en_catalog_begin(c, &p->err));
    int64_t pack, slot;
    ok(en_catalog_recipe_put(c, text, &p->recipe, &p->err));
    ok(en_catalog_pack_put(c, p->recipe, "samples/1.pack", &pack, &p->err));
    for (int i = 0; i < 2 * PATIENTS; i++) {
        uint8_t pixels[EDGE * EDGE * 3];
        memset(pixels, i, sizeof pixels);
        ok(en_pack_writer_add(&writer, pixels, &slot, &p->err));
        ok(en_catalog_sample_put(c, p->image[i], p->recipe, pack, slot, sha256, &p->err));
    }
    ok(en_pack_writer_sync(&writer, &p->err));
    en_pack_writer_close(&writer);
    ok(en_catalog_commit(c, &p->err));
}

static void add_split(project *p, const char *word, const char *policy_name)
{
    en_catalog *c = p->lab.catalog;
    ok(en_catalog_begin(c, &p->err));
    ok(en_catalog_split_create(c, word, 1, word, &p->split, &p->err));
    for (int i = 0; i < PATIENTS; i++) {
        char patient[16];
        snprintf(patient, sizeof patient, "%d", i);
        ok(en_catalog_split_assign(c, p->split, patient, part_of(i), &p->err));
    }
    ok(en_catalog_commit(c, &p->err));
    const en_catalog_policy *policy;
    int64_t added, total;
    ok(en_catalog_policy_get(policy_name, &policy, &p->err));
    ok(en_catalog_variants_apply(c, policy, &added, &total, &p->err));
}

static int64_t add_subset(project *p, const char *name, const char *part, const char *split)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT variant_id FROM variants WHERE part = '%s'", part);
    en_catalog_subset subset = {0};
    ok(en_catalog_subset_create(p->lab.catalog, name, sql, split, NULL, &subset, &p->err));
    int64_t id = subset.id;
    en_catalog_subset_clear(&subset);
    return id;
}

static void add_metrics(project *p, int64_t run, int64_t attempt)
{
    for (int64_t epoch = 1; epoch <= 4; epoch++) {
        double x = (double)epoch;
        const en_catalog_metric metric[] = {{attempt, epoch, epoch, "train", "loss", 1 / x},
                                            {attempt, epoch, epoch, "val", "loss", 1 / x + 0.1},
                                            {attempt, epoch, epoch, "train", "accuracy", 1 - 0.5 / x},
                                            {attempt, epoch, epoch, "val", "accuracy", (double)NAN}};
        ok(en_catalog_metrics_add(p->lab.catalog, run, metric, 4, &p->err));
    }
}

static int64_t add_run(project *p, const plan *made_of, int64_t train, int64_t val)
{
    en_catalog *c = p->lab.catalog;
    int64_t model, run, attempt;
    ok(en_catalog_model_put(c, made_of->word, made_of->word, &model, &p->err));
    const char *word = made_of->word;
    en_catalog_run_spec spec = {.name = "first",
                                .parent_id = -1,
                                .model_id = model,
                                .subset_id = train,
                                .val_subset_id = val,
                                .recipe_id = p->recipe,
                                .target = made_of->target,
                                .classes = made_of->classes,
                                .seed = 5,
                                .cpu = word,
                                .isa = word,
                                .version = word,
                                .commit = word,
                                .command_line = word,
                                .threads = 2};
    ok(en_catalog_run_create(c, &spec, &run, &p->err));
    ok(en_catalog_run_start(c, run, &attempt, &p->err));
    ok(en_catalog_run_param(c, run, made_of->word, made_of->word, &p->err));
    ok(en_catalog_run_param(c, run, "memory_bytes", "7621568", &p->err));
    add_metrics(p, run, attempt);
    char kind[] = "last", path[] = "runs/first/last";
    en_catalog_checkpoint weights = {.kind = kind, .path = path, .attempt = attempt, .epoch = 4, .step = 4};
    snprintf(weights.sha256, sizeof weights.sha256, WEIGHTS, 9);
    ok(en_catalog_checkpoint_put(c, run, &weights, &p->err));
    ok(en_catalog_run_end(c, run, "finished", 4, 3, 12.5, &p->err));
    return run;
}

/* The positives of the test part score 0.9, its negatives 0.1, but the right eye of patient 31, a negative, 0.9, and
 * that of patient 32, a positive, 0.2. With more classes the answer is the truth plus one. */
static void add_evaluation(project *p, const plan *made_of, int64_t run, int64_t subset)
{
    en_catalog *c = p->lab.catalog;
    en_catalog_items items = {0};
    char weights[EN_SHA256_HEX];
    snprintf(weights, sizeof weights, WEIGHTS, 9);
    int64_t evaluation;
    ok(en_catalog_subset_load(c, subset, "grade", p->recipe, NULL, &items, &p->err));
    ok(en_catalog_begin(c, &p->err));
    ok(en_catalog_evaluation_create(c, run, subset, 5, weights, &evaluation, &p->err));
    for (size_t i = 0; i < items.count; i++) {
        float probability[5] = {0};
        int64_t grade = items.item[i].target[0] - '0', truth = grade, predicted = (grade + 1) % 5;
        if (made_of->class_count == 2) {
            const char *image = items.item[i].image;
            truth = grade >= 2;
            float score = truth == 1 ? 0.9f : 0.1f;
            score = strcmp(image, "31_right") == 0 ? 0.9f : strcmp(image, "32_right") == 0 ? 0.2f : score;
            predicted = score >= 0.5f;
            probability[1] = score;
            probability[0] = 1 - score;
        } else {
            probability[predicted] = 1;
        }
        ok(en_catalog_prediction_add(c, evaluation, items.item[i].variant_id, truth, predicted, probability,
                                     made_of->class_count, &p->err));
    }
    ok(en_catalog_commit(c, &p->err));
    en_catalog_items_clear(&items);
}

static void make_project(project *p, const plan *made_of)
{
    add_photographs(p, made_of->word);
    add_labels(p, made_of->word);
    add_samples(p);
    add_split(p, made_of->word, made_of->policy != NULL ? made_of->policy : "plain");
    int64_t train = add_subset(p, made_of->word, "train", made_of->word);
    int64_t val = add_subset(p, "val", "val", made_of->word), test = add_subset(p, "test", "test", made_of->word);
    int64_t run = add_run(p, made_of, train, val);
    if (made_of->evaluate) {
        add_evaluation(p, made_of, run, test);
    }
}

static int open_project(void **state)
{
    static project p;
    p = (project){0};
    const char *tmp = getenv("TMPDIR");
    p.root = en_path_join(tmp != NULL ? tmp : P_tmpdir, "eyenet-report-XXXXXX");
    assert_non_null(mkdtemp(p.root));
    ok(en_lab_init(p.root, false, &p.err));
    ok(en_lab_open(&(en_lab_options){.start = p.root, .threads = 1}, &p.lab, &p.err));
    *state = &p;
    return 0;
}

static int close_project(void **state)
{
    project *p = *state;
    en_alloc_fail_at(0);
    en_report_clear(&p->report);
    en_lab_close(&p->lab);
    ok(en_file_remove_tree(p->root, &p->err));
    en_free(p->root);
    return 0;
}

static void report(project *p, const char *run)
{
    ok(en_report(&p->lab, &(en_report_options){.mistakes = EN_REPORT_MISTAKES, .run = run}, &p->report, &p->err));
}

static void read_page(const project *p, en_buf *page)
{
    en_buf_init(page, (size_t)64 << 20);
    ok(en_file_read(p->report.html, page, NULL));
}

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

static void a_run_is_reported_with_its_figures(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    report(p, "first");
    const en_report_result *r = &p->report;
    assert_true(r->has_run && r->has_evaluation && r->figures.is_binary);
    assert_int_equal(r->figures.n, 20);
    assert_int_equal(r->figures.patients, 10);
    assert_int_equal(r->figures.correct, 18);
    assert_int_equal(r->figures.binary.positives, 12);
    assert_near(r->figures.binary.sensitivity, 11 / 12.0, 1e-12);
    assert_near(r->figures.binary.specificity, 7 / 8.0, 1e-12);
    /* of the 96 pairs of a positive and a negative 12*7 are in order, 11*1 equal, 1*1 the wrong way round */
    assert_near(r->figures.binary.auc, (84 + 0.5 * 11) / 96, 1e-12);
    assert_true(r->figures.binary.auc_low < r->figures.binary.auc &&
                r->figures.binary.auc < r->figures.binary.auc_high);
    assert_near(r->figures.binary.brier, (18 * 0.01 + 0.81 + 0.64) / 20, 1e-6);
    /* Wilson's interval of 7 in 8, from its formula by hand */
    assert_near(r->figures.binary.specificity_low, 0.5291, 1e-4);
    assert_near(r->figures.binary.specificity_high, 0.9776, 1e-4);
    assert_near(r->figures.accuracy_low, 0.6990, 1e-4); /* 18 in 20 */
    assert_near(r->figures.accuracy_high, 0.9721, 1e-4);
    assert_near(r->figures.binary.ppv_low, 0.6461, 1e-4);  /* 11 in 12 */
    assert_near(r->figures.binary.npv_high, 0.9776, 1e-4); /* 7 in 8 */
    /* with a negative at 0.9 no threshold is 90% specific but the one that finds none of the 12 positives */
    assert_near(r->figures.binary.sensitivity_at_90, 0, 0);
    assert_near(r->figures.binary.sensitivity_at_90_low, 0, 1e-15);
    assert_near(r->figures.binary.sensitivity_at_90_high, 0.2425, 1e-4);
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
    assert_string_equal(r->mistake[0].image, "31_right");
    assert_string_equal(r->mistake[0].grade, "1 mild");
    assert_near(r->mistake[0].p, 0.1, 1e-6);
    assert_string_equal(r->mistake[1].image, "32_right");
    assert_near(r->mistake[1].p, 0.2, 1e-6);
    assert_memory_equal(r->mistake[0].jpeg.data, "\xff\xd8\xff", 3);
    en_buf page;
    read_page(p, &page);
    assert_non_null(strstr(page.data, "src=\"data:image/jpeg;base64,/9j/"));
    en_buf_clear(&page);
}

static void mistakes_are_counted_when_no_picture_is_wanted(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    ok(en_report(&p->lab, &(en_report_options){.run = "first", .no_html = true}, &p->report, &p->err));
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
                  "answers were wrong: these, as the network saw them, the surest first.");
    expect(&page, "not their pixels or labels");                /* what the hash of a subset does not cover */
    expect(&page, "20, 10 patients; grade &gt;= 2: no / yes<"); /* below the titles of the charts */
    en_buf_clear(&page);
}

static void a_single_mistake_is_told_in_the_singular(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    ok(en_report(&p->lab, &(en_report_options){.run = "first", .mistakes = 1}, &p->report, &p->err));
    en_buf page;
    read_page(p, &page);
    expect(&page, "2\xc2\xa0"
                  "answers were wrong. This is the one it was surest of, as the network saw it.");
    en_buf_clear(&page);
    p->report.mistakes_all = 1;
    en_buf_init(&page, (size_t)64 << 20);
    ok(en_report_html(&p->report, &page, &p->err));
    expect(&page, "1\xc2\xa0"
                  "answer was wrong: this one, as the network saw it.");
    en_buf_clear(&page);
}

static void a_missing_pack_costs_the_pictures_only(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    char *pack = en_lab_path(&p->lab, "samples/1.pack");
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
    make_project(p, &(plan){"plain", "grade", "[\"0\",\"1\",\"2\",\"3\",\"4\"]", 5, true, NULL});
    report(p, "first");
    assert_false(p->report.figures.is_binary);
    assert_int_equal(p->report.classes.count, 5);
    assert_string_equal(en_report_class(&p->report, 1), "1 mild");
    assert_int_equal(p->report.figures.correct, 0);
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
    assert_non_null(strstr(page.data,
                           "<p class=\"warn\"><strong>Rotation gives the target away.</strong> Of what it learned "
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
    assert_true(en_file_exists(p->report.html));
}

static void an_unknown_run_is_named(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    assert_int_equal(en_report(&p->lab, &(en_report_options){.run = "second"}, &p->report, &p->err), EN_INPUT);
    assert_non_null(strstr(p->err.text, "second"));
}

static void charts_become_files(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    char *dir = en_path_join(p->root, "charts");
    en_report_options options = {.run = "first", .no_html = true, .charts = dir};
    for (int format = EN_CHART_SVG; format <= EN_CHART_PDF; format++) {
        options.chart_format = (en_chart_format)format;
        ok(en_report(&p->lab, &options, &p->report, &p->err));
        assert_null(p->report.html);
        en_report_clear(&p->report);
    }
    en_names names;
    ok(en_file_list(dir, &names, &p->err));
    assert_int_equal(names.count, 3 * 7);
    assert_string_equal(names.name[0], "accuracy.pdf");
    en_names_free(&names);
    en_free(dir);
}

static void a_page_that_cannot_be_written_is_not_there(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    char *path = en_path_join(p->root, "no/such/folder.html");
    assert_int_equal(en_report(&p->lab, &(en_report_options){.html = path}, &p->report, &p->err), EN_IO);
    assert_non_null(strstr(p->err.text, "folder.html"));
    assert_null(p->report.html);
    en_free(path);
}

static void running_out_of_memory_is_an_error_anywhere(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    int failed = 0;
    for (long nth = 1;; nth += 1 + nth / 40) { /* every one at first, then fewer: there are a thousand */
        en_alloc_fail_at(nth);
        en_status st = en_report(&p->lab, &(en_report_options){.mistakes = EN_REPORT_MISTAKES, .run = "first"},
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
        REPORT_TEST(a_run_is_reported_with_its_figures),
        REPORT_TEST(the_worst_mistakes_come_with_their_pictures),
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
        REPORT_TEST(a_run_that_was_not_measured_says_so),
        REPORT_TEST(a_project_without_runs_has_an_overview),
        REPORT_TEST(an_unknown_run_is_named),
        REPORT_TEST(charts_become_files),
        REPORT_TEST(a_page_that_cannot_be_written_is_not_there),
        REPORT_TEST(running_out_of_memory_is_an_error_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
