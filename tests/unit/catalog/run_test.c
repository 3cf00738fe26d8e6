/* Runs, metrics, checkpoints, evaluations and predictions. */
#include "catalog/step.h"
#include "fixture.h"

#include "base/memory.h"
#include "catalog/run_edit.h"
#include "catalog/run_imported.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int64_t recipe, train, test;

static void fill(void)
{
    add_patients(10);
    add_split("main", 10);
    recipe = add_samples();
    train = add_subset("train", "SELECT variant_id FROM variants WHERE part = 'train'");
    test = add_subset("test", "SELECT variant_id FROM variants WHERE part = 'test' AND mirror = 0 AND rotation = 0");
}

static void a_run_goes_from_created_to_finished(void **state)
{
    (void)state;
    en_catalog_run r;
    int64_t attempt;
    fill();
    int64_t id = add_run("first", train, recipe);
    OK(en_catalog_run_get(catalog, "first", &r, &err));
    assert_int_equal(r.state, EN_RUN_CREATED);
    assert_int_equal(strlen(r.uuid), 36);
    assert_int_equal(r.uuid[14], '4');
    assert_string_equal(r.model, "eyenet");
    assert_string_equal(r.split, "main");
    assert_string_equal(r.recipe, "crop=retina size=256");
    assert_null(r.val_subset);
    assert_int_equal(r.val_subset_id, -1);
    assert_int_equal(r.seed, 7);
    assert_true(isnan(r.seconds));
    en_catalog_run_clear(&r);
    OK(en_catalog_run_start(catalog, id, &attempt, &err));
    assert_int_equal(attempt, 1);
    OK(en_catalog_run_end(catalog, id, EN_RUN_INTERRUPTED, 3, 2, 1.5, &err));
    OK(en_catalog_run_start(catalog, id, &attempt, &err));
    assert_int_equal(attempt, 2);
    OK(en_catalog_run_end(catalog, id, EN_RUN_FINISHED, 9, 7, 2.5, &err));
    OK(en_catalog_run_get(catalog, NULL, &r, &err));
    assert_int_equal(r.state, EN_RUN_FINISHED);
    assert_int_equal(r.epochs, 9);
    assert_int_equal(r.best_epoch, 7);
    assert_true(fabs(r.seconds - 4.0) < 1e-9);
    assert_non_null(r.ended_at);
    en_catalog_run_clear(&r);
    FAILS(en_catalog_run_start(catalog, id, &attempt, &err), EN_INPUT, "this run is finished and cannot change");
    FAILS(en_catalog_run_param(catalog, id, "a", "b", &err), EN_INPUT, "this run is finished and cannot change");
}

static void runs_without_a_name_are_numbered(void **state)
{
    (void)state;
    en_catalog_run r;
    fill();
    add_run(NULL, train, recipe);
    add_run("eyenet-2", train, recipe);
    add_run(NULL, train, recipe);
    OK(en_catalog_run_get(catalog, "last", &r, &err));
    assert_string_equal(r.name, "eyenet-3");
    en_catalog_run_clear(&r);
}

static void a_run_is_found_by_name_or_uuid(void **state)
{
    (void)state;
    en_catalog_run r, again;
    char prefix[9] = {0};
    FAILS(en_catalog_run_get(catalog, "first", &r, &err), EN_INPUT, "there is no run 'first': there are none yet");
    fill();
    add_run("first", train, recipe);
    add_run("second", train, recipe);
    OK(en_catalog_run_get(catalog, "first", &r, &err));
    memcpy(prefix, r.uuid, 8);
    OK(en_catalog_run_get(catalog, prefix, &again, &err));
    assert_int_equal(again.id, r.id);
    en_catalog_run_clear(&again);
    prefix[3] = '\0'; /* too short to be meant */
    FAILS(en_catalog_run_get(catalog, prefix, &again, &err), EN_INPUT, "there is no run");
    FAILS(en_catalog_run_get(catalog, "frist", &again, &err), EN_INPUT, "did you mean 'first'?");
    exec("UPDATE run SET name = 'third' WHERE name = 'second'");
    exec("INSERT INTO run (uuid, name, model_id, subset_id, recipe_id, target, classes, seed) VALUES "
         "('abcd0000-0000-4000-8000-000000000001', 'x', 1, 1, 1, 't', '[]', 1), "
         "('abcd0000-0000-4000-8000-000000000002', 'y', 1, 1, 1, 't', '[]', 1)");
    FAILS(en_catalog_run_get(catalog, "abcd0000", &again, &err), EN_INPUT, "several runs");
    en_catalog_run_clear(&r);
    int64_t id;
    en_catalog_run_spec taken = {.name = "first",
                                 .parent_id = -1,
                                 .model_id = 1,
                                 .subset_id = train,
                                 .val_subset_id = test,
                                 .recipe_id = recipe,
                                 .target = "t",
                                 .classes = "[]",
                                 .threads = -1};
    FAILS(en_catalog_run_create(catalog, &taken, &id, &err), EN_INPUT, "there is a run 'first' already");
}

static void what_an_imported_run_answers_is_said_once(void **state)
{
    (void)state;
    en_catalog_run r;
    bool repeated;
    int64_t id;
    const en_catalog_metric first = {1, 3, 3, EN_PART_VAL, "loss", 0.5}, same = first,
                            other = {1, 3, 3, EN_PART_VAL, "loss", 0.25},
                            none = {1, 4, 4, EN_PART_VAL, "loss", (double)NAN};
    fill();
    const en_catalog_run_spec spec = {.name = "elsewhere",
                                      .origin = EN_RUN_IMPORTED,
                                      .parent_id = -1,
                                      .model_id = -1,
                                      .subset_id = -1,
                                      .val_subset_id = -1,
                                      .recipe_id = -1,
                                      .target = "t",
                                      .classes = EN_NO_CLASSES,
                                      .threads = -1};
    OK(en_catalog_run_create(catalog, &spec, &id, &err));
    OK(en_catalog_run_get(catalog, "elsewhere", &r, &err));
    assert_int_equal(r.origin, EN_RUN_IMPORTED);
    assert_string_equal(r.model, "imported");
    assert_null(r.subset);
    assert_null(r.recipe);
    assert_null(r.spec);
    FAILS(en_catalog_run_need_trained(&r, "resume from", &err), EN_INPUT, "there are no weights to resume from");
    en_catalog_run_clear(&r);
    OK(en_catalog_metric_log(catalog, id, &first, &repeated, &err));
    assert_false(repeated);
    OK(en_catalog_metric_log(catalog, id, &same, &repeated, &err));
    assert_true(repeated);
    OK(en_catalog_metric_log(catalog, id, &none, &repeated, &err));
    OK(en_catalog_metric_log(catalog, id, &none, &repeated, &err));
    assert_true(repeated);
    FAILS(en_catalog_metric_log(catalog, id, &other, &repeated, &err), EN_INPUT, "is 0.5 already, and not 0.25");
    OK(en_catalog_run_param(catalog, id, "best_epoch", "5", &err)); /* beyond the epochs there are */
    OK(en_catalog_run_imported_end(catalog, id, EN_RUN_FINISHED, &err));
    OK(en_catalog_run_answers(catalog, id, "eye", "[\"left\",\"right\"]", train, &err));
    OK(en_catalog_run_get(catalog, "elsewhere", &r, &err));
    assert_int_equal(r.state, EN_RUN_FINISHED);
    assert_int_equal(r.epochs, 4);
    assert_int_equal(r.best_epoch, -1);
    assert_int_equal(r.subset_id, train);
    assert_string_equal(r.target, "eye");
    en_catalog_run_clear(&r);
    FAILS(en_catalog_run_answers(catalog, id, "eye", "[]", -1, &err), EN_INPUT, "a run keeps what it was made of");
    int64_t here = add_run("first", train, recipe);
    FAILS(en_catalog_run_answers(catalog, here, "eye", "[]", -1, &err), EN_BUG, "is not imported");
}

static void params_checkpoints_and_artifacts_are_kept(void **state)
{
    (void)state;
    fill();
    int64_t id = add_run("first", train, recipe);
    OK(en_catalog_run_param(catalog, id, "batch", "16", &err));
    OK(en_catalog_run_param(catalog, id, "learning_rate", "0.1", &err));
    OK(en_catalog_run_param(catalog, id, "learning_rate", "0.001", &err));
    en_catalog_params params;
    OK(en_catalog_run_params(catalog, id, &params, &err));
    assert_int_equal(params.count, 2);
    assert_string_equal(params.row[1].value, "0.001");
    en_catalog_params_clear(&params);

    char path[] = "runs/x/best.safetensors";
    en_catalog_checkpoint cp = {.kind = EN_CHECKPOINT_BEST,
                                .path = path,
                                .attempt = 1,
                                .epoch = 2,
                                .step = 10,
                                .sha256 = HASH_A},
                          found;
    assert_int_equal(en_catalog_checkpoint_find(catalog, id, EN_CHECKPOINT_BEST, &found, NULL), EN_DONE);
    OK(en_catalog_checkpoint_put(catalog, id, &cp, &err));
    cp.epoch = 5;
    memcpy(cp.sha256, HASH_B, sizeof cp.sha256);
    OK(en_catalog_checkpoint_put(catalog, id, &cp, &err));
    OK(en_catalog_checkpoint_find(catalog, id, EN_CHECKPOINT_BEST, &found, &err));
    assert_int_equal(found.epoch, 5);
    assert_string_equal(found.sha256, HASH_B);
    assert_string_equal(found.path, path);
    en_catalog_checkpoint_clear(&found);
    FAILS(en_catalog_artifact_put(catalog, id, "report", "/home/somebody/report.html", HASH_A, &err), EN_INPUT,
          "relative to the project");
    FAILS(en_catalog_artifact_put(catalog, id, "report", "../report.html", HASH_A, &err), EN_INPUT,
          "relative to the project");
    OK(en_catalog_artifact_put(catalog, id, "report", "runs/x/report.html", HASH_A, &err));
    OK(en_catalog_artifact_put(catalog, id, "report", "runs/x/report.html", HASH_B, &err));
    assert_int_equal(number("SELECT count(*) FROM artifact"), 1);
}

static void metrics_come_back_as_curves_of_the_newest_attempt(void **state)
{
    (void)state;
    en_catalog_curves curves;
    fill();
    int64_t id = add_run("first", train, recipe);
    const en_catalog_metric first[] = {{1, 10, 1, EN_PART_TRAIN, "loss", 0.9},
                                       {1, 20, 2, EN_PART_TRAIN, "loss", 0.8},
                                       {1, 20, 2, EN_PART_VAL, "auc", (double)NAN},
                                       {1, 30, 3, EN_PART_TRAIN, "loss", 0.7}};
    const en_catalog_metric second[] = {{2, 30, 3, EN_PART_TRAIN, "loss", 0.6}, {2, 40, 4, EN_PART_TRAIN, "loss", 0.5}};
    OK(en_catalog_metrics_add(catalog, id, first, 4, &err));
    OK(en_catalog_metrics_add(catalog, id, second, 2, &err));
    OK(en_catalog_metrics_of(catalog, id, &curves, &err));
    assert_int_equal(curves.count, 2);
    assert_int_equal(curves.row[0].part, EN_PART_TRAIN);
    assert_int_equal(curves.row[0].count, 4);
    static const double loss[] = {0.9, 0.8, 0.6, 0.5};
    for (size_t i = 0; i < 4; i++) {
        assert_true(fabs(curves.row[0].epoch[i] - (double)(i + 1)) < 1e-9);
        assert_true(fabs(curves.row[0].value[i] - loss[i]) < 1e-9);
    }
    assert_string_equal(curves.row[1].name, "auc");
    assert_true(isnan(curves.row[1].value[0]));
    en_catalog_curves_clear(&curves);
    assert_int_equal(number("SELECT count(*) FROM metrics WHERE run = 'first'"), 6);
    assert_int_equal(number("SELECT count(*) FROM latest_metrics WHERE metric = 'loss' AND epoch = 4 AND attempt = 2"),
                     1);
    assert_int_equal(number("SELECT count(*) FROM latest_metrics"), 2);
    /* a batch is whole or not there */
    const en_catalog_metric half[] = {{3, 50, 5, EN_PART_TRAIN, "loss", 0.4}, {3, 50, 5, EN_PART_TRAIN, NULL, 0.4}};
    FAILS(en_catalog_metrics_add(catalog, id, half, 2, &err), EN_INPUT, "metric.name");
    assert_int_equal(number("SELECT count(*) FROM metrics"), 6);
}

static void steps_are_kept_and_those_that_are_repeated_forgotten(void **state)
{
    (void)state;
    en_catalog_step step[10], newest[4];
    double loss[5];
    size_t count;
    fill();
    int64_t id = add_run("first", train, recipe), other = add_run("second", train, recipe);
    for (int i = 0; i < 10; i++) {
        step[i] = (en_catalog_step){.step = i + 1,
                                    .epoch = i / 4 + 1,
                                    .images = i % 4 * 8 + 8,
                                    .loss = i == 3 ? (double)NAN : 1 - i * 0.05,
                                    .learning_rate = 0.001 * (i + 1),
                                    .seconds = i % 4 * 0.5 + 0.25};
    }
    OK(en_catalog_steps_add(catalog, id, step, 10, &err));
    OK(en_catalog_steps_add(catalog, other, step, 1, &err));
    OK(en_catalog_steps_newest(catalog, id, newest, 4, &count, &err));
    assert_int_equal(count, 4);
    for (int i = 0; i < 4; i++) {
        const en_catalog_step *is = &newest[i], *was = &step[9 - i];
        assert_int_equal(is->step, was->step);
        assert_int_equal(is->epoch, was->epoch);
        assert_int_equal(is->images, was->images);
        assert_memory_equal(&is->loss, &was->loss, sizeof is->loss);
        assert_memory_equal(&is->learning_rate, &was->learning_rate, sizeof is->loss);
        assert_memory_equal(&is->seconds, &was->seconds, sizeof is->loss);
    }
    /* two neighbours each; of steps 3 and 4 only the third has a loss */
    OK(en_catalog_steps_curve(catalog, id, loss, 5, &count, &err));
    assert_int_equal(count, 5);
    static const double mean[] = {0.975, 0.9, 0.775, 0.675, 0.575};
    for (size_t i = 0; i < 5; i++) {
        assert_true(fabs(loss[i] - mean[i]) < 1e-12);
    }
    OK(en_catalog_steps_drop(catalog, id, 3, &err));
    OK(en_catalog_steps_curve(catalog, id, loss, 5, &count, &err)); /* fewer steps than points */
    assert_int_equal(count, 3);
    assert_true(fabs(loss[2] - 0.9) < 1e-12);
    OK(en_catalog_steps_add(catalog, id, step + 3, 2, &err));
    assert_int_equal(number("SELECT count(*) FROM steps WHERE run = 'first' AND loss IS NULL"), 1);
    assert_int_equal(number("SELECT count(*) FROM steps"), 6);
    /* a batch is whole or not there */
    FAILS(en_catalog_steps_add(catalog, id, step + 4, 3, &err), EN_INPUT, "recorded already");
    assert_int_equal(number("SELECT max(step) FROM steps"), 5);
    OK(en_catalog_steps_newest(catalog, 99, newest, 4, &count, &err));
    assert_int_equal(count, 0);
}

static void predictions_come_back_bit_for_bit_with_their_photographs(void **state)
{
    (void)state;
    en_catalog_items items;
    en_catalog_evaluations list;
    en_catalog_predictions p;
    fill();
    int64_t id = add_run("first", train, recipe), evaluation;
    OK(en_catalog_subset_load(catalog, test, "grade >= 2", recipe, NULL, &items, &err));
    assert_int_equal(items.count, 4);
    OK(en_catalog_begin(catalog, &err));
    OK(en_catalog_evaluation_create(catalog, id, test, 7, HASH_A, &evaluation, &err));
    for (size_t i = 0; i < items.count; i++) {
        float sick = 1.0f / 3.0f + (float)i * 0.1f;
        float both[2] = {1.0f - sick, sick};
        OK(en_catalog_prediction_add(catalog, evaluation, items.item[i].variant_id, i == 3 ? -1 : 0, sick > 0.5f, both,
                                     2, &err));
    }
    OK(en_catalog_commit(catalog, &err));
    OK(en_catalog_evaluations_of(catalog, id, &list, &err));
    assert_int_equal(list.count, 1);
    assert_int_equal(list.row[0].predictions, 4);
    assert_string_equal(list.row[0].subset, "test");
    assert_int_equal(list.row[0].part, EN_PART_TEST);
    en_catalog_evaluations_clear(&list);
    OK(en_catalog_predictions_of(catalog, evaluation, &p, &err));
    assert_int_equal(p.count, 4);
    assert_int_equal(p.classes, 2);
    for (size_t i = 0; i < p.count; i++) {
        float sick = 1.0f / 3.0f + (float)i * 0.1f;
        assert_int_equal(p.row[i].variant_id, items.item[i].variant_id);
        assert_string_equal(p.row[i].image, items.item[i].image);
        assert_memory_equal(&p.row[i].probability[1], &sick, sizeof sick);
        assert_true(fabs(p.row[i].score - (double)sick) < 1e-9);
        assert_true(strncmp(p.row[i].path, "photos/1/train/", 15) == 0);
    }
    assert_int_equal(p.row[0].patient_group, p.row[1].patient_group);
    assert_true(p.row[1].patient_group != p.row[2].patient_group);
    assert_int_equal(p.row[3].truth, -1);
    assert_true(isnan(p.row[3].p));
    assert_true(fabs(p.row[0].p - 2.0 / 3.0) < 1e-6);
    en_catalog_predictions_clear(&p);
    assert_int_equal(
        number("SELECT count(*) FROM errors WHERE run = 'first' AND predicted_class = '1' AND truth_class = '0'"), 1);
    assert_int_equal(number("SELECT sum(count) FROM confusion WHERE run = 'first'"), 3);
    assert_int_equal(number("SELECT shared_patients + shared_images FROM leakage WHERE run = 'first'"), 0);
    assert_int_equal(number("SELECT patients FROM leakage WHERE run = 'first'"), 2);
    const float nonsense[2] = {NAN, 0.5f};
    FAILS(en_catalog_prediction_add(catalog, evaluation, items.item[0].variant_id, 0, 0, nonsense, 2, &err), EN_INPUT,
          "not a number");
    en_catalog_items_clear(&items);
}

static void more_classes_have_the_expected_class_as_their_score(void **state)
{
    (void)state;
    int64_t evaluation, variant;
    fill();
    add_run("first", train, recipe);
    exec("INSERT INTO run (uuid, name, model_id, subset_id, recipe_id, target, classes, seed) SELECT "
         "'abcd0000-0000-4000-8000-000000000001', 'three', model_id, subset_id, recipe_id, 'grade', '[0,1,2]', 1 FROM "
         "run");
    int64_t id = number("SELECT run_id FROM run WHERE name = 'three'");
    variant = number("SELECT variant_id FROM subset_member WHERE subset_id = 2 LIMIT 1");
    OK(en_catalog_evaluation_create(catalog, id, test, 7, HASH_A, &evaluation, &err));
    const float three[3] = {0.25f, 0.25f, 0.5f};
    OK(en_catalog_prediction_add(catalog, evaluation, variant, 2, 2, three, 3, &err));
    assert_int_equal(number("SELECT count(*) FROM predictions WHERE score = 1.25 AND p = 0.5"), 1);
}

static void a_leak_between_training_and_measuring_shows(void **state)
{
    (void)state;
    int64_t evaluation;
    fill();
    int64_t id = add_run("first", train, recipe);
    int64_t leaky =
        add_subset("leaky", "SELECT variant_id FROM variants WHERE image IN ('1_left', '5_left', '5_right')");
    OK(en_catalog_evaluation_create(catalog, id, leaky, 7, HASH_A, &evaluation, &err));
    assert_int_equal(number("SELECT shared_patients FROM leakage WHERE measured_on = 'leaky'"), 1);
    assert_int_equal(number("SELECT shared_images FROM leakage WHERE measured_on = 'leaky'"), 1);
    assert_int_equal(number("SELECT patients FROM leakage WHERE measured_on = 'leaky'"), 2);
}

static void a_removed_run_is_in_no_view_until_it_is_restored(void **state)
{
    (void)state;
    int64_t evaluation;
    en_catalog_run r;
    en_catalog_removed_list gone;
    fill();
    int64_t id = add_run("first", train, recipe), attempt;
    int64_t child = add_run("child", train, recipe);
    char *sql = en_format("UPDATE run SET parent_run_id = %d WHERE run_id = %d", (int)id, (int)child);
    exec("DROP TRIGGER run_keeps_its_origin");
    exec(sql);
    en_free(sql);
    OK(en_catalog_run_start(catalog, id, &attempt, &err));
    FAILS(en_catalog_run_remove(catalog, id, &err), EN_INPUT, "this run is being trained");
    OK(en_catalog_evaluation_create(catalog, id, test, 7, HASH_A, &evaluation, &err));
    OK(en_catalog_run_end(catalog, id, EN_RUN_FINISHED, 9, 7, 2.5, &err));
    OK(en_catalog_run_tag(catalog, id, "a tag", &err));
    OK(en_catalog_run_note(catalog, id, "a note", &err));
    assert_int_equal(number("SELECT count(*) FROM runs WHERE tags = 'a tag' AND note = 'a note'"), 1);
    OK(en_catalog_run_rename(catalog, id, "renamed", &err));
    assert_int_equal(number("SELECT count(*) FROM runs WHERE run = 'renamed' AND folder = 'runs/first'"), 1);
    OK(en_catalog_run_remove(catalog, id, &err));
    assert_int_equal(number("SELECT count(*) FROM runs"), 1);
    assert_int_equal(number("SELECT count(*) FROM evaluations"), 0);
    assert_int_equal(number("SELECT count(*) FROM removed_runs WHERE run = 'renamed' AND folder = 'runs/first'"), 1);
    FAILS(en_catalog_run_get(catalog, "renamed", &r, &err), EN_INPUT, "there is no run 'renamed'");
    OK(en_catalog_runs_removed(catalog, "renamed", &gone, &err));
    assert_int_equal(gone.count, 1);
    assert_string_equal(gone.row[0].folder, "first");
    assert_string_equal(gone.row[0].repeated_by, "child");
    assert_false(gone.row[0].shared);
    en_catalog_removed_clear(&gone);
    /* A new run of the first name must not write into the folder of the one in the trash. */
    add_run("first", train, recipe);
    OK(en_catalog_run_get(catalog, "first", &r, &err));
    assert_string_equal(r.folder, "first-2");
    en_catalog_run_clear(&r);
    FAILS(en_catalog_run_restore(catalog, id, "first", &err), EN_INPUT, "there is a run 'first' already");
    OK(en_catalog_run_restore(catalog, id, "renamed", &err));
    assert_int_equal(number("SELECT count(*) FROM evaluations"), 1);
    FAILS(en_catalog_run_delete(catalog, id, &err), EN_INPUT, "");
    assert_int_equal(number("SELECT count(*) FROM runs WHERE parent = 'renamed'"), 1);
    OK(en_catalog_run_remove(catalog, id, &err));
    OK(en_catalog_run_delete(catalog, id, &err));
    assert_int_equal(number("SELECT count(*) FROM evaluation"), 0);
    assert_int_equal(number("SELECT count(*) FROM run"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_goes_from_created_to_finished, open_project, close_project),
        cmocka_unit_test_setup_teardown(runs_without_a_name_are_numbered, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_run_is_found_by_name_or_uuid, open_project, close_project),
        cmocka_unit_test_setup_teardown(what_an_imported_run_answers_is_said_once, open_project, close_project),
        cmocka_unit_test_setup_teardown(params_checkpoints_and_artifacts_are_kept, open_project, close_project),
        cmocka_unit_test_setup_teardown(metrics_come_back_as_curves_of_the_newest_attempt, open_project, close_project),
        cmocka_unit_test_setup_teardown(steps_are_kept_and_those_that_are_repeated_forgotten, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(predictions_come_back_bit_for_bit_with_their_photographs, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(more_classes_have_the_expected_class_as_their_score, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(a_removed_run_is_in_no_view_until_it_is_restored, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_leak_between_training_and_measuring_shows, open_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
