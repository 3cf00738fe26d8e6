/* Runs and views that are asked as one: the mean of what each says, and refusals of what cannot be averaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/ensemble.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "image/variant.h"
#include "scratch_project.h"
#include "training/predict.h"
#include "training/train/train.h"

static void train(scratch *r, const char *name, const char *target, uint64_t seed)
{
    en_train_result result;
    const en_train_options options = {
        .model = "tiny.net", .subset = "train", .name = name, .target = target, .epochs = 2, .batch = 8, .seed = seed};
    SCRATCH_OK(r, en_train(&r->project, &options, &result, &r->err));
}

/* The JPEG of an eye that no run has seen. */
static void draw(en_buf *jpeg)
{
    en_buf_init(jpeg, 1 << 20);
    scratch_draw(501, true, jpeg);
}

/* What the runs say of it; returns how many classes there are. */
static size_t ask(scratch *r, const char *runs, bool views, const en_buf *jpeg, float *probability)
{
    en_ensemble e;
    const en_ensemble_options options = {.runs = runs, .views = views};
    SCRATCH_OK(r, en_ensemble_open(&r->project, &options, &e, &r->err));
    SCRATCH_OK(r, en_ensemble_predict(&e, jpeg->data, jpeg->size, probability, NULL, &r->err));
    const size_t classes = e.model[0].classes.count;
    en_ensemble_close(&e);
    return classes;
}

static void several_runs_answer_the_mean_of_their_probabilities(void **state)
{
    scratch *r = *state;
    en_buf jpeg;
    float one[EN_MAX_CLASSES], two[EN_MAX_CLASSES], three[EN_MAX_CLASSES], all[EN_MAX_CLASSES];
    scratch_fill(r, 20);
    train(r, "a", "grade", 1);
    train(r, "b", "grade", 2);
    train(r, "c", "grade", 3);
    draw(&jpeg);
    const size_t classes = ask(r, "a", false, &jpeg, one);
    assert_int_equal(ask(r, "b", false, &jpeg, two), classes);
    assert_int_equal(ask(r, "c", false, &jpeg, three), classes);
    assert_int_equal(ask(r, "a,b, c", false, &jpeg, all), classes);
    double sum = 0;
    for (size_t i = 0; i < classes; i++) {
        scratch_near((double)all[i], ((double)one[i] + (double)two[i] + (double)three[i]) / 3, 1e-6);
        sum += (double)all[i];
    }
    scratch_near(sum, 1, 1e-5);
    assert_true(memcmp(one, two, classes * sizeof *one) != 0);
    en_buf_clear(&jpeg);
}

static void views_are_the_eight_mirrored_and_turned_ones(void **state)
{
    scratch *r = *state;
    en_buf jpeg;
    float mean[EN_MAX_CLASSES], plain[EN_MAX_CLASSES];
    double sum[EN_MAX_CLASSES] = {0};
    scratch_fill(r, 20);
    train(r, "a", "grade", 1);
    draw(&jpeg);
    const size_t classes = ask(r, "a", true, &jpeg, mean);
    (void)ask(r, "a", false, &jpeg, plain);
    en_catalog_run run = {0};
    en_model model;
    SCRATCH_OK(r, en_catalog_run_get(r->project.catalog, "a", &run, &r->err));
    SCRATCH_OK(r, en_model_of_run(&r->project, &run, 1, &model, NULL, &r->err));
    uint8_t *sample = en_alloc(en_recipe_bytes(&model.recipe));
    assert_non_null(sample);
    SCRATCH_OK(r, en_model_sample(&model, jpeg.data, jpeg.size, sample, NULL, &r->err));
    for (int view = 0; view < 8; view++) {
        float p[EN_MAX_CLASSES];
        en_variant_render(sample, model.recipe.size, view % 2 == 1, view / 2 * 90, model.sample);
        SCRATCH_OK(r, en_network_predict(model.network, model.sample, 1, p, &r->err));
        en_calibration_apply(&model.calibration, p, classes);
        for (size_t i = 0; i < classes; i++) {
            sum[i] += (double)p[i];
        }
    }
    for (size_t i = 0; i < classes; i++) {
        scratch_near((double)mean[i], sum[i] / 8, 1e-6);
    }
    assert_true(memcmp(mean, plain, classes * sizeof *mean) != 0);
    en_free(sample);
    en_model_close(&model);
    en_catalog_run_clear(&run);
    en_buf_clear(&jpeg);
}

static void refuses(scratch *r, const char *runs, bool views, bool explain, en_status wanted, const char *words)
{
    en_ensemble e;
    const en_ensemble_options options = {.runs = runs, .views = views, .explain = explain};
    scratch_refused(r, en_ensemble_open(&r->project, &options, &e, &r->err), wanted, words);
    en_ensemble_close(&e);
}

static void what_cannot_be_averaged_is_refused(void **state)
{
    scratch *r = *state;
    scratch_fill(r, 20);
    train(r, "a", "grade", 1);
    train(r, "b", "grade >= 2", 1);
    refuses(r, "a,b", false, false, EN_INPUT,
            "run 'b' answers 'grade >= 2' with 2 classes, not 'grade' with the 5 of 'a'");
    refuses(r, "a,a", false, false, EN_INPUT, "run 'a' is named twice");
    refuses(r, "a,,b", false, false, EN_USAGE, "a name is missing");
    refuses(r, "a,d", false, false, EN_INPUT, "there is no run 'd'");
    refuses(r, "a", true, true, EN_USAGE, "a heat map is of one run and one view");
    train(r, "odd", "CASE WHEN mirror = 0 AND rotation = 0 THEN eye ELSE 'another' END", 1);
    refuses(r, "odd", true, false, EN_INPUT, "changes when photographs are mirrored or turned");
}

static void a_target_that_mirroring_changes_has_the_turned_views_alone(void **state)
{
    scratch *r = *state;
    en_ensemble e;
    scratch_fill(r, 20);
    train(r, "side", "eye", 1);
    const en_ensemble_options options = {.runs = "side", .views = true};
    SCRATCH_OK(r, en_ensemble_open(&r->project, &options, &e, &r->err));
    assert_int_equal(e.views, 4);
    assert_int_equal(e.view[0], 0);
    en_ensemble_close(&e);
}

static void a_threshold_is_of_one_run_and_one_view(void **state)
{
    scratch *r = *state;
    en_buf jpeg;
    en_predict_result result;
    const char *path = "a.jpeg";
    scratch_fill(r, 20);
    train(r, "a", "grade >= 2", 1);
    train(r, "b", "grade >= 2", 2);
    draw(&jpeg);
    SCRATCH_OK(r, en_file_write(path, jpeg.data, jpeg.size, &r->err));
    const en_predict_options several = {.run = "a,b", .at = "youden"};
    scratch_refused(r, en_predict(&r->project, &several, &path, 1, &result, &r->err), EN_INPUT,
                    "a threshold for 'youden' was chosen for one run and one view");
    en_predict_result_clear(&result);
    const en_predict_options both = {.run = "b,a", .views = true};
    SCRATCH_OK(r, en_predict(&r->project, &both, &path, 1, &result, &r->err));
    assert_string_equal(result.run, "b, a");
    assert_string_equal(result.uuid, "");
    assert_int_equal(result.runs, 2);
    assert_int_equal(result.views, 8);
    en_predict_result_clear(&result);
    en_buf_clear(&jpeg);
}

static void a_scale_is_answered_by_the_means_of_the_cuts(void **state)
{
    scratch *r = *state;
    en_ensemble e;
    scratch_fill(r, 300); /* 120 photographs validate: enough to choose cuts */
    train(r, "a", "grade", 1);
    train(r, "b", "grade", 2);
    const en_ensemble_options options = {.runs = "a,b"};
    SCRATCH_OK(r, en_ensemble_open(&r->project, &options, &e, &r->err));
    assert_int_equal(e.calibration.cuts, 4);
    for (size_t i = 0; i < 4; i++) {
        scratch_near(e.calibration.cut[i], (e.model[0].calibration.cut[i] + e.model[1].calibration.cut[i]) / 2, 1e-12);
    }
    en_ensemble_close(&e);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(several_runs_answer_the_mean_of_their_probabilities),
        IN_SCRATCH(views_are_the_eight_mirrored_and_turned_ones),
        IN_SCRATCH(what_cannot_be_averaged_is_refused),
        IN_SCRATCH(a_target_that_mirroring_changes_has_the_turned_views_alone),
        IN_SCRATCH(a_threshold_is_of_one_run_and_one_view),
        IN_SCRATCH(a_scale_is_answered_by_the_means_of_the_cuts),
    };
    return cmocka_run_group_tests_name("ensemble", tests, NULL, NULL);
}
