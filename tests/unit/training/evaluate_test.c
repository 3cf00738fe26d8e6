/* evaluate and predict, and the C library over them: metrics that SQL gives as well, and models that are what they
 * were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/evaluate.h"

#include <eyenet/eyenet.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "training/predict.h"
#include "dataset/subset.h"
#include "training/train/train.h"
#include "base/memory.h"
#include "image/encode.h"
#include "scratch_project.h"

#define MODEL "runs/first/model.safetensors"

static void train(scratch *r, const char *target, int64_t epochs)
{
    en_train_result result;
    const en_train_options options = {.model = "tiny.net",
                                      .subset = "train",
                                      .name = "first",
                                      .target = target,
                                      .epochs = epochs,
                                      .batch = 8,
                                      .seed = 1};
    SCRATCH_OK(r, en_train(&r->project, &options, &result, &r->err));
}

/* `result` is cleared first: start with a zeroed one, and clear the last. */
static en_status evaluate(scratch *r, en_part part, const char *subset, en_evaluate_result *result)
{
    en_evaluate_clear(result);
    const en_evaluate_options options = {.run = "first", .part = part, .subset = subset};
    return en_evaluate(&r->project, &options, result, &r->err);
}

static void predictions_are_rows_and_figures_are_those_of_sql(void **state)
{
    scratch *r = *state;
    en_evaluate_result result = {0};
    scratch_fill(r, 24);
    train(r, "eye", 12);
    SCRATCH_OK(r, evaluate(r, EN_PART_NONE, NULL, &result));
    assert_string_equal(result.subset, "main/test");
    assert_int_equal(result.classes.count, 2);
    assert_string_equal(result.classes.name[1], "right");
    assert_int_equal(result.metrics.n, scratch_number(r, "SELECT variants FROM subsets WHERE subset = 'main/test'"));
    assert_int_equal(result.metrics.n,
                     scratch_number(r, "SELECT count(*) FROM predictions WHERE run = 'first' AND part = 'test'"));
    assert_int_equal(result.metrics.correct,
                     scratch_number(r, "SELECT count(*) FROM predictions WHERE truth = predicted"));
    assert_int_equal(result.metrics.n - result.metrics.correct, scratch_number(r, "SELECT count(*) FROM errors"));
    assert_true(result.metrics.binary.auc.value > 0.9); /* learned on patients it never saw */
    scratch_near(result.metrics.binary.auc.value, scratch_real(r, "SELECT auc(score, truth) FROM predictions"), 1e-12);
    assert_true(isnan(result.metrics.binary.auc.is_in.low) && strstr(result.metrics.too_few, "auc") != NULL);
    scratch_near(result.metrics.kappa.value, scratch_real(r, "SELECT kappa(truth, predicted) FROM predictions"), 1e-12);
    scratch_near(result.metrics.binary.ece.value, scratch_real(r, "SELECT ece(score, truth) FROM predictions"), 1e-12);
    scratch_near(result.metrics.binary.sensitivity_at_90.value,
                 scratch_real(r, "SELECT sensitivity_at(score, truth, 0.9) FROM predictions"), 1e-12);
    scratch_near(result.metrics.accuracy.value, scratch_real(r, "SELECT avg(truth = predicted) FROM predictions"),
                 1e-12);
    scratch_near(result.metrics.loss, scratch_real(r, "SELECT avg(-ln(max(p, 1e-7))) FROM predictions"), 1e-6);
    assert_int_equal(
        en_confusion_at(&result.metrics.confusion, 1, 1),
        scratch_number(r,
                       "SELECT count(*) FROM predictions WHERE truth_class = 'right' AND predicted_class = 'right'"));
    assert_int_equal(scratch_number(r, "SELECT max(shared_patients) FROM leakage WHERE run = 'first'"), 0);
    int64_t shown = scratch_number(r, "SELECT count(*) FROM predictions");
    SCRATCH_OK(r, evaluate(r, EN_PART_NONE, NULL, &result)); /* the same once more is a row more, and counts once */
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM evaluation"), 2);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM prediction"), 2 * shown);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM predictions"), shown);
    assert_int_equal(scratch_number(r, "SELECT sum(count) FROM confusion WHERE subset = 'main/test'"),
                     result.metrics.n);
    SCRATCH_OK(r, evaluate(r, EN_PART_VAL, NULL, &result)); /* another evaluation, beside the first */
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM evaluation"), 3);
    en_evaluate_clear(&result);
}

static void several_classes_have_a_kappa_and_no_auc(void **state)
{
    scratch *r = *state;
    en_evaluate_result result = {0};
    scratch_fill(r, 24);
    train(r, "grade", 2);
    SCRATCH_OK(r, evaluate(r, EN_PART_NONE, NULL, &result));
    assert_int_equal(result.classes.count, 5);
    assert_true(isnan(result.metrics.binary.auc.value));
    double kappa = scratch_real(r, "SELECT kappa(truth, predicted) FROM predictions");
    assert_true(isnan(kappa) ? isnan(result.metrics.kappa.value) : fabs(kappa - result.metrics.kappa.value) < 1e-12);
    en_evaluate_clear(&result);
}

/* Refused with these words, and nothing is evaluated. */
static void refuses(scratch *r, en_part part, const char *subset, const char *words)
{
    en_evaluate_result result = {0};
    int64_t before = scratch_number(r, "SELECT count(*) FROM evaluation"),
            subsets = scratch_number(r, "SELECT count(*) FROM subset");
    scratch_refused(r, evaluate(r, part, subset, &result), EN_INPUT, words);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM evaluation"), before);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM subset"), subsets);
    en_evaluate_clear(&result);
}

static void patients_that_were_trained_on_are_not_measured_on(void **state)
{
    scratch *r = *state;
    en_evaluate_result result = {0};
    en_subset_result subset;
    scratch_fill(r, 12);
    refuses(r, EN_PART_NONE, NULL, "there is no run 'first'");
    train(r, "eye", 1);
    SCRATCH_OK(r, en_subset_freeze(&r->project, "all", "SELECT variant_id FROM variants", &subset, &r->err));
    SCRATCH_OK(r, en_subset_freeze(&r->project, "tests", "SELECT variant_id FROM variants WHERE part = 'test'", &subset,
                                   &r->err));
    refuses(r, EN_PART_NONE, "all", "subset 'all' shares");
    refuses(r, EN_PART_NONE, "nosuch", "there is no subset 'nosuch'");
    SCRATCH_OK(r, evaluate(r, EN_PART_NONE, "tests", &result));
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM predictions WHERE subset = 'tests'"), subset.members);
    /* views of a photograph count once; a mirrored left eye is a right one, and another truth */
    assert_int_equal(result.metrics.photographs,
                     scratch_number(r, "SELECT count(DISTINCT image) FROM predictions WHERE subset = 'tests'"));
    assert_int_equal(result.metrics.n, 2 * result.metrics.photographs);
    assert_true(result.metrics.n < subset.members);
    SCRATCH_OK(r, evaluate(r, EN_PART_TRAIN, NULL, &result));
    assert_non_null(strstr(r->said.data, "the run was trained on these patients"));
    en_evaluate_clear(&result);
}

static void flip_a_bit(const char *path, long from_end)
{
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, -from_end, SEEK_END), 0);
    int c = fgetc(f);
    assert_int_equal(fseek(f, -from_end, SEEK_END), 0);
    assert_int_not_equal(fputc(c ^ 1, f), EOF);
    assert_int_equal(fclose(f), 0);
}

static void a_model_that_is_not_what_its_run_wrote_is_refused(void **state)
{
    scratch *r = *state;
    en_evaluate_result result = {0};
    scratch_fill(r, 12);
    train(r, "eye", 1);
    flip_a_bit(MODEL, 2);
    refuses(r, EN_PART_NONE, NULL, "'" MODEL "' is not the file that run 'first' wrote: its hash differs");
    flip_a_bit(MODEL, 2);
    SCRATCH_OK(r, evaluate(r, EN_PART_NONE, NULL, &result));
    /* killed after the row was committed and before the file took its place */
    assert_int_equal(rename(MODEL, MODEL ".next"), 0);
    SCRATCH_OK(r, evaluate(r, EN_PART_NONE, NULL, &result));
    scratch_write(MODEL, "the epoch before");
    SCRATCH_OK(r, evaluate(r, EN_PART_NONE, NULL, &result));
    assert_int_equal(unlink(MODEL), 0);
    assert_int_equal(unlink(MODEL ".next"), 0);
    refuses(r, EN_PART_NONE, NULL, "the weights of run 'first', '" MODEL "', are missing; train again");
    en_evaluate_clear(&result);
}

static void add_jpeg(const char *path, unsigned number, bool left)
{
    en_error err;
    en_buf jpeg;
    en_buf_init(&jpeg, 1 << 20);
    scratch_draw(number, left, &jpeg);
    assert_int_equal(en_file_write(path, jpeg.data, jpeg.size, &err), EN_OK);
    en_buf_clear(&jpeg);
}

static void a_bad_file_does_not_spoil_the_others(void **state)
{
    scratch *r = *state;
    en_predict_result result;
    scratch_fill(r, 24);
    train(r, "eye", 12);
    add_jpeg("a.jpeg", 501, true);
    add_jpeg("b.jpeg", 502, false);
    scratch_write("bad.jpeg", "no picture");
    uint8_t *black = en_calloc(64 * 64, 3);
    en_buf png;
    en_buf_init(&png, 1 << 16);
    SCRATCH_OK(r, en_encode_png(black, 64, 64, &png, &r->err));
    SCRATCH_OK(r, en_file_write("black.png", png.data, png.size, &r->err));
    en_free(black);
    en_buf_clear(&png);
    static const char *const path[] = {"a.jpeg", "bad.jpeg", "nosuch.jpeg", "b.jpeg", "black.png"};
    scratch_refused(r, en_predict(&r->project, &(en_predict_options){.run = "first"}, path, 5, &result, &r->err),
                    EN_INPUT, "3 of 5 photographs have no prediction; the first is 'bad.jpeg': no image");
    assert_int_equal(result.count, 5);
    assert_int_equal(result.failed, 3);
    assert_int_equal(strncmp(result.row[4].reason, "black: ", 7), 0); /* the gate is the one of ingest */
    assert_string_equal(result.classes.name[result.row[0].predicted], "left");
    assert_string_equal(result.classes.name[result.row[3].predicted], "right");
    scratch_near(result.row[3].probability[0] + result.row[3].probability[1], 1, 1e-5);
    assert_null(result.row[3].reason);
    assert_non_null(strstr(result.row[2].reason, "nosuch.jpeg"));
    en_predict_result_clear(&result);
    scratch_refused(r, en_predict(&r->project, &(en_predict_options){.run = "frist"}, path, 1, &result, &r->err),
                    EN_INPUT, "did you mean 'first'?");
    en_predict_result_clear(&result);
}

static void a_photograph_of_the_catalog_is_predicted_as_it_was_evaluated(void **state)
{
    scratch *r = *state;
    en_evaluate_result evaluated = {0};
    en_predict_result result;
    en_buf name;
    scratch_fill(r, 12);
    train(r, "eye", 2);
    SCRATCH_OK(r, evaluate(r, EN_PART_NONE, NULL, &evaluated));
    en_buf_init(&name, 1000);
    scratch_dump(r, "SELECT path FROM predictions JOIN images USING (image) ORDER BY variant_id LIMIT 1", &name);
    name.data[strcspn(name.data, "\n")] = '\0';
    const char *path = name.data;
    SCRATCH_OK(r, en_predict(&r->project, &(en_predict_options){0}, &path, 1, &result, &r->err));
    scratch_near(result.row[0].probability[1],
                 scratch_real(r, "SELECT score FROM predictions ORDER BY variant_id LIMIT 1"), 1e-6);
    en_predict_result_clear(&result);
    en_buf_clear(&name);
    en_evaluate_clear(&evaluated);
}

static int count_rows(void *context, int columns, const char *const *names, const char *const *values)
{
    int *rows = context;
    assert_int_equal(columns, 1);
    assert_string_equal(names[0], "image");
    assert_non_null(values[0]);
    return ++*rows == 5; /* enough */
}

static void the_library_reads_catalogs_and_predicts(void **state)
{
    scratch *r = *state;
    scratch_fill(r, 24);
    train(r, "eye", 12);
    add_jpeg("a.jpeg", 502, false);
    scratch_write("bad.jpeg", "no picture");
    eyenet_catalog *catalog;
    eyenet_model *model, *same;
    eyenet_error error;
    int rows = 0;
    double p[2], q[2];
    assert_int_equal(eyenet_catalog_open("photos", &catalog, &error), EYENET_OK); /* a folder in the project will do */
    assert_int_equal(eyenet_catalog_query(catalog, "SELECT image FROM images", count_rows, &rows, &error), EYENET_OK);
    assert_int_equal(rows, 5);
    assert_int_equal(eyenet_catalog_query(catalog, "DELETE FROM image", count_rows, &rows, &error), EYENET_INPUT);
    assert_int_equal(eyenet_model_of_run(catalog, "nosuch", &model, &error), EYENET_INPUT);
    assert_null(model);
    assert_int_equal(eyenet_model_of_run(catalog, NULL, &model, &error), EYENET_OK);
    eyenet_catalog_close(catalog);
    assert_int_equal(eyenet_model_open(MODEL, &same, &error), EYENET_OK);
    assert_int_equal(eyenet_model_classes(model), 2);
    assert_string_equal(eyenet_model_class(model, 0), "left");
    assert_null(eyenet_model_class(model, 2));
    assert_string_equal(eyenet_model_label(model, 0), "left");
    assert_null(eyenet_model_label(model, 2));
    assert_string_equal(eyenet_model_target(model), "eye");
    assert_int_equal(eyenet_model_predict_file(model, "a.jpeg", p, 2, &error), EYENET_OK);
    assert_int_equal(eyenet_model_predict_file(same, "a.jpeg", q, 2, NULL), EYENET_OK);
    assert_true(p[1] > 0.5);
    assert_memory_equal(p, q, sizeof p);
    assert_int_equal(eyenet_model_predict_file(model, "a.jpeg", p, 1, &error), EYENET_USAGE);
    assert_int_equal(eyenet_model_predict_file(model, "bad.jpeg", p, 2, &error), EYENET_INPUT);
    assert_string_equal(error.text, "'bad.jpeg': no image: an unknown format");
    assert_int_equal(eyenet_model_predict_file(model, "nosuch.jpeg", p, 2, &error), EYENET_INPUT);
    eyenet_model_close(model);
    eyenet_model_close(same);
    assert_int_equal(eyenet_model_open("bad.jpeg", &model, &error), EYENET_INPUT);
    assert_int_equal(eyenet_catalog_open("/", &catalog, &error), EYENET_INPUT);
    assert_null(catalog);
    eyenet_catalog_close(NULL);
    eyenet_model_close(NULL);
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(predictions_are_rows_and_figures_are_those_of_sql),
        IN_A_SCRATCH_PROJECT(several_classes_have_a_kappa_and_no_auc),
        IN_A_SCRATCH_PROJECT(patients_that_were_trained_on_are_not_measured_on),
        IN_A_SCRATCH_PROJECT(a_model_that_is_not_what_its_run_wrote_is_refused),
        IN_A_SCRATCH_PROJECT(a_bad_file_does_not_spoil_the_others),
        IN_A_SCRATCH_PROJECT(a_photograph_of_the_catalog_is_predicted_as_it_was_evaluated),
        IN_A_SCRATCH_PROJECT(the_library_reads_catalogs_and_predicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
