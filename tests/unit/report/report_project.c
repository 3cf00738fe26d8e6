/* Made by the catalog's own functions, without training anything. */
#include "report_project.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

#define WEIGHTS "%064d" /* the hash of the weights, as far as the rows know */

/* fontconfig keeps some hundred bytes for good, which is no leak of ours. */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void) { return "leak:libfontconfig"; }

const plan plain = {"plain", NULL, "grade >= 2", "[\"0\",\"1\"]", 2, true, NULL, false, false};

/* Patients 0..19 are for training, 20..29 for validation, 30..39 for testing; both eyes have the grade patient % 5. */
static int64_t grade_of(int patient) { return patient % 5; }
static en_part part_of(int patient) { return patient < 20 ? EN_PART_TRAIN : patient < 30 ? EN_PART_VAL : EN_PART_TEST; }

void add_photographs(project *p, const char *word)
{
    en_catalog *c = p->project.catalog;
    char path[64], sha256[EN_SHA256_HEX];
    char *uri = en_strdup(word);
    en_catalog_source source = {
        .uri = uri, .version = 1, .kind = EN_SOURCE_FOLDER, .bytes = -1, .state = EN_SOURCE_WHOLE};
    ok(en_catalog_begin(c, &p->err));
    ok(en_catalog_source_put(c, &source, &p->err));
    for (int i = 0; i < 2 * PATIENTS; i++) {
        snprintf(path, sizeof path, "photos/1/%d_%s.jpeg", i / 2, i % 2 == 0 ? "left" : "right");
        snprintf(sha256, sizeof sha256, "%064d", i);
        en_catalog_member member = {.source_id = source.id, .path = path, .photograph = true, .bytes = 1, .crc32 = -1};
        ok(en_catalog_member_put(c, &member, &p->err));
        en_catalog_image image = {.member_id = member.id,
                                  .name = path,
                                  .status = EN_IMAGE_ACCEPTED,
                                  .sha256 = sha256,
                                  .width = EDGE,
                                  .height = EDGE};
        ok(en_catalog_image_put(c, &image, NULL, NULL, &p->err));
        p->image[i] = image.id;
    }
    char black[] = "photos/1/900_left.jpeg", waiting[] = "photos/1/901_left.jpeg";
    en_catalog_member member = {.source_id = source.id, .path = black, .photograph = true, .bytes = 1, .crc32 = -1};
    ok(en_catalog_member_put(c, &member, &p->err));
    en_catalog_image image = {.member_id = member.id,
                              .name = black,
                              .status = EN_IMAGE_REJECTED,
                              .reason = EN_REJECTED_BLACK,
                              .width = -1,
                              .height = -1};
    ok(en_catalog_image_put(c, &image, NULL, NULL, &p->err));
    member.path = waiting;
    ok(en_catalog_member_put(c, &member, &p->err));
    ok(en_catalog_commit(c, &p->err));
    en_free(uri);
}

void add_labels(project *p, const char *word)
{
    en_catalog *c = p->project.catalog;
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

void sample_greys(int image, uint8_t grey[4])
{
    static const int above[] = {0, 50, 100, 170};
    for (int i = 0; i < 4; i++) {
        grey[i] = (uint8_t)(image + above[i]);
    }
}

/* The pixels of image i's sample. */
static void draw_sample(int image, uint8_t pixels[EDGE * EDGE * 3])
{
    uint8_t grey[4];
    sample_greys(image, grey);
    for (int y = 0; y < EDGE; y++) {
        for (int x = 0; x < EDGE; x++) {
            memset(pixels + 3 * (y * EDGE + x), grey[2 * (y >= EDGE / 2) + (x >= EDGE / 2)], 3);
        }
    }
}

static void add_samples(project *p)
{
    en_catalog *c = p->project.catalog;
    char text[64], sha256[EN_SHA256_HEX];
    snprintf(text, sizeof text, "crop=none size=%d", EDGE);
    ok(en_sha256_bytes(text, strlen(text), sha256, &p->err));
    char *path = en_path_join(p->project.root, "samples/1.pack");
    en_pack_writer writer;
    ok(en_pack_writer_open(&writer, path, EDGE, sha256, 0, &p->err));
    en_free(path);
    ok(en_catalog_begin(c, &p->err));
    int64_t pack, slot;
    ok(en_catalog_recipe_put(c, text, &p->recipe, &p->err));
    ok(en_catalog_pack_put(c, p->recipe, "samples/1.pack", &pack, &p->err));
    for (int i = 0; i < 2 * PATIENTS; i++) {
        uint8_t pixels[EDGE * EDGE * 3];
        draw_sample(i, pixels);
        ok(en_pack_writer_add(&writer, pixels, &slot, &p->err));
        ok(en_catalog_sample_put(c, p->image[i], p->recipe, pack, slot, sha256, &p->err));
    }
    ok(en_pack_writer_sync(&writer, &p->err));
    en_pack_writer_close(&writer);
    ok(en_catalog_commit(c, &p->err));
}

static void add_split(project *p, const char *word, const char *policy_name)
{
    en_catalog *c = p->project.catalog;
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
    ok(en_catalog_subset_create(p->project.catalog, name, sql, split, NULL, &subset, &p->err));
    int64_t id = subset.id;
    en_catalog_subset_clear(&subset);
    return id;
}

static void add_metrics(project *p, int64_t run, int64_t attempt)
{
    for (int64_t epoch = 1; epoch <= 4; epoch++) {
        double x = (double)epoch;
        const en_catalog_metric metric[] = {{attempt, epoch, epoch, EN_PART_TRAIN, "loss", 1 / x},
                                            {attempt, epoch, epoch, EN_PART_VAL, "loss", 1 / x + 0.1},
                                            {attempt, epoch, epoch, EN_PART_TRAIN, "accuracy", 1 - 0.5 / x},
                                            {attempt, epoch, epoch, EN_PART_VAL, "accuracy", (double)NAN}};
        ok(en_catalog_metrics_add(p->project.catalog, run, metric, 4, &p->err));
    }
}

static int64_t add_run(project *p, const plan *made_of, int64_t train, int64_t val)
{
    en_catalog *c = p->project.catalog;
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
    char path[] = "runs/first/last";
    en_catalog_checkpoint weights = {
        .kind = EN_CHECKPOINT_LAST, .path = path, .attempt = attempt, .epoch = 4, .step = 4};
    snprintf(weights.sha256, sizeof weights.sha256, WEIGHTS, 9);
    ok(en_catalog_checkpoint_put(c, run, &weights, &p->err));
    ok(en_catalog_run_end(c, run, EN_RUN_FINISHED, 4, 3, 12.5, &p->err));
    return run;
}

/* The positives of the test part score 0.9, its negatives 0.1, but the right eye of patient 31, a negative, 0.9, and
 * that of patient 32, a positive, 0.2. With more classes the answer is the truth plus one. */
static void add_evaluation(project *p, const plan *made_of, int64_t run, int64_t subset)
{
    en_catalog *c = p->project.catalog;
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
            score = made_of->constant ? 0.3f : score;
            score = made_of->severe && strcmp(image, "34_left") == 0 ? 0.4f : score; /* of grade 4 */
            score = made_of->severe && strcmp(image, "33_left") == 0 ? 0.52f : score;
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

void make_project(project *p, const plan *made_of)
{
    const char *name = made_of->name != NULL ? made_of->name : made_of->word;
    add_photographs(p, made_of->word);
    add_labels(p, made_of->word);
    add_samples(p);
    add_split(p, name, made_of->policy != NULL ? made_of->policy : "plain");
    int64_t train = add_subset(p, name, "train", name);
    int64_t val = add_subset(p, "val", "val", name), test = add_subset(p, "test", "test", name);
    int64_t run = add_run(p, made_of, train, val);
    if (made_of->evaluate) {
        add_evaluation(p, made_of, run, test);
    }
}

int open_project(void **state)
{
    static project p;
    p = (project){0};
    const char *tmp = getenv("TMPDIR");
    p.root = en_path_join(tmp != NULL ? tmp : P_tmpdir, "eyenet-report-XXXXXX");
    assert_non_null(mkdtemp(p.root));
    ok(en_project_init(p.root, false, &p.err));
    ok(en_project_open(&(en_project_options){.start = p.root, .threads = 1}, &p.project, &p.err));
    *state = &p;
    return 0;
}

int close_project(void **state)
{
    project *p = *state;
    en_alloc_fail_at(0);
    en_report_clear(&p->report);
    en_project_close(&p->project);
    ok(en_file_remove_tree(p->root, &p->err));
    en_free(p->root);
    return 0;
}

void report(project *p, const char *run)
{
    ok(en_report(&p->project, &(en_report_options){.mistakes = EN_REPORT_MISTAKES, .run = run}, &p->report, &p->err));
}

void read_page(const project *p, en_buf *page)
{
    en_buf_init(page, (size_t)64 << 20);
    ok(en_file_read(p->report.file, page, NULL));
}
