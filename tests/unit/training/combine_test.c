/* run combine: the decision of an ensemble is fitted on what each member says of the validation images that it did not
 * learn from, and evaluate and predict answer by it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/run_combine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/evaluation.h"
#include "dataset/split.h"
#include "scratch_project.h"
#include "training/ensemble.h"
#include "training/evaluate.h"
#include "training/predict.h"
#include "training/promote.h"
#include "training/reproduce.h"
#include "training/train/folds.h"

enum { FOLDS = 3 };

/* A partition 'cv' and its runs NAME-1 to NAME-3. */
static void train_folds(scratch *r, const char *name, const char *target, uint64_t seed)
{
    en_folds_result *result = en_calloc(1, sizeof *result);
    assert_non_null(result);
    const en_train_options options = {
        .model = "tiny.net", .name = name, .target = target, .epochs = 2, .batch = 8, .seed = seed};
    SCRATCH_OK(r, en_train_folds(&r->project, "cv", &options, result, &r->err));
    en_free(result);
}

static void cut(scratch *r)
{
    en_split_result *result = en_calloc(1, sizeof *result);
    const en_split_options options = {.name = "cv", .test = 0.25, .folds = FOLDS, .seed = 1};
    assert_non_null(result);
    SCRATCH_OK(r, en_split(&r->project, &options, result, &r->err));
    en_free(result);
}

static void train(scratch *r, const char *name, const char *target, uint64_t seed)
{
    en_train_result result;
    const en_train_options options = {
        .model = "tiny.net", .subset = "train", .name = name, .target = target, .epochs = 2, .batch = 8, .seed = seed};
    SCRATCH_OK(r, en_train(&r->project, &options, &result, &r->err));
}

static const char *const two_names[] = {"a", "b"};
static const char *const three_names[] = {"cv-1,cv-2,cv-3"};

static void combine(scratch *r, const char *name, const char *members, bool views, en_run_combine_result *result)
{
    const en_run_combine_options options = {.name = name, .member = &members, .members = 1, .views = views};
    SCRATCH_OK(r, en_run_combine(&r->project, &options, result, &r->err));
}

static void refuses(scratch *r, const char *members, bool views, en_status wanted, const char *words)
{
    en_run_combine_result result;
    const int64_t before = scratch_number(r, "SELECT count(*) FROM run");
    const en_run_combine_options options = {.name = "all", .member = &members, .members = 1, .views = views};
    scratch_refused(r, en_run_combine(&r->project, &options, &result, &r->err), wanted, words);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM run"), before);
}

/* Measures the part, and appends the stored predictions. */
static void predictions_of(scratch *r, const char *run, en_part part, en_catalog_predictions *out)
{
    en_evaluate_result *result = en_calloc(1, sizeof *result);
    assert_non_null(result);
    const en_evaluate_options options = {.run = run, .part = part};
    SCRATCH_OK(r, en_evaluate(&r->project, &options, result, &r->err));
    const int64_t id = scratch_number(r, "SELECT max(evaluation_id) FROM evaluation");
    SCRATCH_OK(r, en_catalog_predictions_of(r->project.catalog, id, out, &r->err));
    en_evaluate_clear(result);
    en_free(result);
}

static void read_decision(scratch *r, const char *run, en_classes *classes, en_calibration *out)
{
    en_catalog_run row;
    SCRATCH_OK(r, en_catalog_run_get(r->project.catalog, run, &row, &r->err));
    SCRATCH_OK(r, en_classes_of_run(r->project.catalog, row.id, row.classes, row.target, classes, &r->err));
    SCRATCH_OK(r, en_calibration_of_run(r->project.catalog, row.id, classes->count, out, &r->err));
    en_catalog_run_clear(&row);
}

/* The decision fitted once more, on the stored validation predictions of the members. */
static void fit_again(scratch *r, const char *prefix, const en_classes *classes, en_calibration *out)
{
    enum { MOST = 2000 };
    float *p = en_calloc((size_t)MOST * classes->count, sizeof *p);
    int32_t *truth = en_calloc(MOST, sizeof *truth);
    const double wish[EN_OPERATING_RULES] = {0.9, 0.9, (double)NAN, EN_TRAIN_MISS_COST};
    size_t n = 0;
    assert_non_null(p);
    assert_non_null(truth);
    for (int fold = 1; fold <= FOLDS; fold++) {
        char name[32];
        en_catalog_predictions rows = {0};
        snprintf(name, sizeof name, "%s-%d", prefix, fold);
        predictions_of(r, name, EN_PART_VAL, &rows);
        for (size_t i = 0; i < rows.count; i++, n++) {
            assert_true(n < MOST);
            truth[n] = (int32_t)rows.row[i].truth;
            memcpy(p + n * classes->count, rows.row[i].probability, classes->count * sizeof *p);
        }
        en_catalog_predictions_clear(&rows);
    }
    SCRATCH_OK(r, en_calibration_fit(classes, NULL, p, truth, n, wish, out, &r->err));
    en_free(p);
    en_free(truth);
}

static void folds_are_pooled_so_that_every_training_patient_counts_once(void **state)
{
    scratch *r = *state;
    en_run_combine_result result;
    en_classes classes;
    en_calibration is, should;
    scratch_fill(r, 120);
    cut(r);
    train_folds(r, "cv", "grade >= 2", 1);
    combine(r, "all", "cv-1,cv-2, cv-3", false, &result);
    assert_string_equal(result.fitted_on, "folds");
    assert_int_equal(result.members, FOLDS);
    assert_int_equal(result.views, 1);
    assert_int_equal(result.each_by, 1);
    assert_int_equal(result.left_out, 0);
    assert_int_equal(result.validation_images, scratch_number(r, "SELECT count(*) FROM variants v JOIN assignment a ON "
                                                                 "a.patient = v.patient JOIN split s ON s.split_id = "
                                                                 "a.split_id WHERE s.name = 'cv-1' AND a.part <> "
                                                                 "'test' AND mirror = 0 AND rotation = 0"));
    read_decision(r, "all", &classes, &is);
    fit_again(r, "cv", &classes, &should);
    assert_int_equal(is.method, EN_CALIBRATE_PLATT);
    assert_int_equal(is.n, result.validation_images);
    scratch_near(is.scale, should.scale, 1e-6);
    scratch_near(is.shift, should.shift, 1e-6);
    for (int k = 0; k < EN_OPERATING_RULES; k++) {
        scratch_near(is.point[k].threshold, should.point[k].threshold, 1e-6);
        scratch_near(is.point[k].sensitivity, should.point[k].sensitivity, 1e-9);
    }
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM runs WHERE run = 'all' AND state = 'finished' AND members "
                                       "= 'cv-1, cv-2, cv-3'"),
                     1);
}

/* What evaluate stores of the ensemble is the calibrated mean of what it stores of the members. */
static void an_evaluation_has_the_calibrated_means(void **state)
{
    scratch *r = *state;
    en_run_combine_result result;
    en_classes classes;
    en_calibration decision;
    en_catalog_predictions all, of[FOLDS];
    scratch_fill(r, 300);
    cut(r);
    train_folds(r, "cv", "grade", 1);
    combine(r, "all", "cv-1,cv-2,cv-3", false, &result);
    assert_non_null(strstr(result.decision, "cuts of the expected value, chosen on"));
    predictions_of(r, "all", EN_PART_TEST, &all);
    assert_true(all.count > 0);
    read_decision(r, "all", &classes, &decision);
    assert_int_equal(decision.method, EN_CALIBRATE_CUMULATIVE);
    assert_int_equal(decision.cuts, 4);
    for (int fold = 0; fold < FOLDS; fold++) {
        char name[16];
        snprintf(name, sizeof name, "cv-%d", fold + 1);
        predictions_of(r, name, EN_PART_TEST, &of[fold]);
        assert_int_equal(of[fold].count, all.count);
    }
    for (size_t i = 0; i < all.count; i++) {
        float mean[EN_MAX_CLASSES] = {0};
        for (size_t c = 0; c < classes.count; c++) {
            for (int fold = 0; fold < FOLDS; fold++) {
                assert_int_equal(of[fold].row[i].variant_id, all.row[i].variant_id);
                mean[c] += of[fold].row[i].probability[c] / FOLDS;
            }
        }
        en_calibration_apply(&decision, mean, classes.count);
        for (size_t c = 0; c < classes.count; c++) {
            scratch_near((double)all.row[i].probability[c], (double)mean[c], 1e-5);
        }
        assert_int_equal(all.row[i].predicted,
                         (int64_t)en_calibration_answer(&decision, &classes, all.row[i].probability));
    }
    for (int fold = 0; fold < FOLDS; fold++) {
        en_catalog_predictions_clear(&of[fold]);
    }
    en_catalog_predictions_clear(&all);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM evaluations WHERE run = 'all' AND weights_kept = 1"), 1);
}

/* predict reads the photograph anew, evaluate its sample. */
static void predict_says_what_evaluate_stored(void **state)
{
    scratch *r = *state;
    en_run_combine_result result;
    en_catalog_predictions all;
    scratch_fill(r, 40);
    cut(r);
    train_folds(r, "cv", "grade >= 2", 1);
    combine(r, "views", "cv-1,cv-2,cv-3", true, &result);
    assert_int_equal(result.views, 8);
    predictions_of(r, "views", EN_PART_TEST, &all);
    const char *path = all.row[0].path;
    en_predict_result predicted;
    const en_predict_options options = {.run = "views", .at = "youden"};
    SCRATCH_OK(r, en_predict(&r->project, &options, &path, 1, &predicted, &r->err));
    assert_int_equal(predicted.runs, FOLDS);
    assert_int_equal(predicted.views, 8);
    assert_string_equal(predicted.run, "views");
    assert_int_equal(strlen(predicted.uuid), 36);
    assert_non_null(strstr(predicted.decision, "for youden"));
    assert_non_null(strstr(predicted.decision, "of the members"));
    scratch_near(predicted.row[0].probability[1], (double)all.row[0].probability[1], 1e-5);
    assert_int_equal(predicted.row[0].predicted, predicted.row[0].probability[1] >= predicted.threshold);
    en_predict_result_clear(&predicted);
    const en_predict_options heat = {.run = "views", .heat = "heat"};
    scratch_refused(r, en_predict(&r->project, &heat, &path, 1, &predicted, &r->err), EN_USAGE,
                    "a heat map is of one run and one view");
    en_predict_result_clear(&predicted);
    combine(r, "plain", "cv-1,cv-2,cv-3", false, &result);
    const en_predict_options more = {.run = "plain", .views = true};
    scratch_refused(r, en_predict(&r->project, &more, &path, 1, &predicted, &r->err), EN_USAGE,
                    "was combined for one view");
    en_predict_result_clear(&predicted);
    const en_predict_options both = {.run = "plain,cv-1"};
    scratch_refused(r, en_predict(&r->project, &both, &path, 1, &predicted, &r->err), EN_INPUT,
                    "run 'plain' is an ensemble itself");
    en_predict_result_clear(&predicted);
    const en_predict_options last = {.run = "cv-1,plain"};
    scratch_refused(r, en_predict(&r->project, &last, &path, 1, &predicted, &r->err), EN_INPUT,
                    "run 'plain' is an ensemble itself");
    en_predict_result_clear(&predicted);
    en_catalog_predictions_clear(&all);
}

static void runs_of_one_split_are_averaged_on_their_common_images(void **state)
{
    scratch *r = *state;
    en_run_combine_result result;
    scratch_fill(r, 120);
    cut(r);
    train(r, "a", "grade >= 2", 1);
    train(r, "b", "grade >= 2", 2);
    combine(r, "ab", "a , b", false, &result);
    assert_string_equal(result.fitted_on, "common");
    assert_int_equal(result.each_by, 2);
    assert_int_equal(result.validation_images, scratch_number(r, "SELECT count(*) FROM subset_member m JOIN subset s "
                                                                 "ON s.subset_id = m.subset_id JOIN run r ON "
                                                                 "r.val_subset_id = s.subset_id WHERE r.name = 'a'"));
    /* what both were validated on is said once */
    en_catalog_predictions rows;
    en_buf_clear(&r->said);
    predictions_of(r, "ab", EN_PART_VAL, &rows);
    const char *first = strstr(en_buf_str(&r->said), "optimistically biased");
    assert_non_null(first);
    assert_null(strstr(first + 1, "optimistically biased"));
    en_catalog_predictions_clear(&rows);
    /* two seeds of each fold: each image by two of six */
    train_folds(r, "x", "grade >= 2", 1);
    train_folds(r, "y", "grade >= 2", 2);
    combine(r, "six", "x-1,x-2,x-3,y-1,y-2,y-3", false, &result);
    assert_string_equal(result.fitted_on, "folds");
    assert_int_equal(result.each_by, 2);
    assert_int_equal(result.left_out, 0);
    /* a fold twice and another once: nothing is common to all */
    refuses(r, "x-1,y-1,x-2", false, EN_INPUT, "none of these is common to all of them");
}

static void what_cannot_be_combined_is_refused(void **state)
{
    scratch *r = *state;
    en_run_combine_result result;
    scratch_fill(r, 40);
    train(r, "a", "grade", 1);
    train(r, "b", "grade", 2);
    train(r, "other", "grade >= 2", 1);
    train(r, "wide", "min(grade, 3)", 1);
    refuses(r, "a", false, EN_INPUT, "an ensemble of one run and one view is that run");
    refuses(r, "a,b,other", false, EN_INPUT, "run 'other' answers 'grade >= 2', not 'grade' as 'a' does");
    refuses(r, "a,a", false, EN_INPUT, "run 'a' is named twice");
    refuses(r, "a,,b", false, EN_USAGE, "a name is missing");
    refuses(r, "a,b,", false, EN_USAGE, "a name is missing");
    refuses(r, " , a", false, EN_USAGE, "a name is missing");
    refuses(r, "a,c", false, EN_INPUT, "there is no run 'c'");
    combine(r, "ab", "a,b", false, &result);
    static const char *const with_comma[] = {"a", "c,d"};
    const en_run_combine_options named = {.name = "acd", .member = with_comma, .members = 2};
    train(r, "c,d", "grade", 3);
    SCRATCH_OK(r, en_run_combine(&r->project, &named, &result, &r->err));
    assert_int_equal(result.members, 2);
    refuses(r, "a,ab", false, EN_INPUT, "run 'ab' is an ensemble itself");
    const en_run_combine_options taken = {.name = "b", .member = two_names, .members = 2};
    scratch_refused(r, en_run_combine(&r->project, &taken, &result, &r->err), EN_INPUT, "there is a run 'b' already");
    const en_run_combine_options odd = {.name = "../b", .member = two_names, .members = 2};
    scratch_refused(r, en_run_combine(&r->project, &odd, &result, &r->err), EN_USAGE, "cannot name a run");
    r->progress = 0;
    r->stop_after = 1;
    en_train_result stopped;
    const en_train_options half = {
        .model = "tiny.net", .subset = "train", .name = "half", .target = "grade", .epochs = 3, .batch = 8, .seed = 1};
    assert_int_equal(en_train(&r->project, &half, &stopped, &r->err), EN_INTERRUPTED);
    r->stop_after = 0;
    refuses(r, "a,half", false, EN_INPUT, "run 'half' is interrupted: only finished runs are combined");
}

static void patients_that_any_member_learned_from_are_not_measured(void **state)
{
    scratch *r = *state;
    en_run_combine_result result;
    en_evaluate_result *measured = en_calloc(1, sizeof *measured);
    assert_non_null(measured);
    scratch_fill(r, 40);
    cut(r);
    train_folds(r, "cv", "grade >= 2", 1);
    combine(r, "all", "cv-1,cv-2,cv-3", false, &result);
    const en_evaluate_options val = {.run = "all", .part = EN_PART_VAL};
    scratch_refused(r, en_evaluate(&r->project, &val, measured, &r->err), EN_INPUT,
                    "with the training subset of run 'cv-2'");
    en_evaluate_clear(measured);
    en_buf_clear(&r->said);
    const en_evaluate_options learned = {.run = "all", .part = EN_PART_TRAIN};
    SCRATCH_OK(r, en_evaluate(&r->project, &learned, measured, &r->err));
    const char *first = strstr((const char *)r->said.data, "the metrics measure memorisation");
    assert_non_null(first);
    assert_null(strstr(first + 1, "the metrics measure memorisation")); /* said once */
    en_evaluate_clear(measured);
    en_free(measured);
}

static void an_ensemble_is_promoted_and_not_reproduced(void **state)
{
    scratch *r = *state;
    en_run_combine_result result;
    en_promote_result promoted;
    en_reproduce_result again;
    scratch_fill(r, 40);
    train(r, "a", "grade >= 2", 1);
    train(r, "b", "grade >= 2", 2);
    combine(r, "ab", "a,b", false, &result);
    const en_promote_options options = {.run = "ab"};
    SCRATCH_OK(r, en_promote(&r->project, &options, &promoted, &r->err));
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM promotion p JOIN run r ON r.run_id = p.run_id WHERE "
                                       "r.name = 'ab'"),
                     1);
    const en_reproduce_options how = {.run = "@champion"};
    scratch_refused(r, en_reproduce(&r->project, &how, &again, &r->err), EN_INPUT,
                    "run 'ab' is an ensemble: it has no weights of its own to reproduce");
}

/* An ensemble whose classes somebody changed in the catalog does not answer with those of others. */
static void other_classes_than_the_members_are_refused(void **state)
{
    scratch *r = *state;
    en_run_combine_result result;
    en_ensemble e;
    scratch_fill(r, 40);
    train(r, "a", "grade >= 2", 1);
    train(r, "b", "grade >= 2", 2);
    combine(r, "ab", "a,b", false, &result);
    SCRATCH_OK(r,
               en_db_exec(en_catalog_db(r->project.catalog),
                          "DROP TRIGGER run_finished_is_fixed; DROP TRIGGER run_keeps_what_it_is_made_of; UPDATE run "
                          "SET classes = '[\"1\",\"0\"]' WHERE name = 'ab'",
                          "test", &r->err));
    const en_ensemble_options options = {.runs = "ab"};
    scratch_refused(r, en_ensemble_open(&r->project, &options, &e, &r->err), EN_INPUT,
                    "ensemble 'ab' answers otherwise than its members");
    en_ensemble_close(&e);
}

/* Three stored evaluations: of a run that looks at one eye, of one that looks at both, of the second on one photograph
 * alone by predict. */
static void a_run_that_looks_at_both_eyes_answers_by_what_it_learned(void **state)
{
    scratch *r = *state;
    en_run_combine_result result;
    en_classes classes;
    en_fellow both;
    en_calibration decision, base;
    en_catalog_run row;
    en_catalog_predictions one, two;
    scratch_fill(r, 200);
    cut(r);
    train_folds(r, "cv", "grade >= 2", 1);
    combine(r, "one", "cv-1,cv-2,cv-3", false, &result);
    assert_int_equal(result.with_fellow, -1);
    const en_run_combine_options options = {.name = "two", .member = three_names, .members = 1, .fellow = true};
    SCRATCH_OK(r, en_run_combine(&r->project, &options, &result, &r->err));
    assert_int_equal(result.with_fellow, result.validation_images);
    assert_non_null(strstr(result.decision, "most probable"));
    read_decision(r, "one", &classes, &base);
    read_decision(r, "two", &classes, &decision);
    SCRATCH_OK(r, en_catalog_run_get(r->project.catalog, "two", &row, &r->err));
    SCRATCH_OK(r, en_fellow_of_run(r->project.catalog, row.id, 2, &both, &r->err));
    en_catalog_run_clear(&row);
    assert_int_equal(both.thresholds, 1);
    scratch_near(decision.scale, base.scale, 1e-12); /* what comes before is the same */
    scratch_near(both.alone.point[EN_AT_YOUDEN].threshold, base.point[EN_AT_YOUDEN].threshold, 1e-12);
    predictions_of(r, "one", EN_PART_TEST, &one);
    predictions_of(r, "two", EN_PART_TEST, &two);
    assert_int_equal(one.count, two.count);
    for (size_t i = 0; i < one.count; i++) { /* by name: 10_left, 10_right */
        const size_t other = strstr(one.row[i].image, "_left") != NULL ? i + 1 : i - 1;
        float p[2] = {one.row[i].probability[0], one.row[i].probability[1]};
        assert_int_equal(one.row[other].patient_group, one.row[i].patient_group);
        assert_true(en_fellow_apply(&both, one.row[other].probability, p, 2));
        scratch_near((double)two.row[i].probability[1], (double)p[1], 1e-5);
    }
    const char *const paths[] = {one.row[0].path, one.row[1].path};
    en_predict_result said;
    const en_predict_options ask = {.run = "two", .unit = EN_UNIT_PATIENT, .at = "youden"};
    SCRATCH_OK(r, en_predict(&r->project, &ask, paths, 2, &said, &r->err));
    assert_true(said.row[0].with_fellow && said.row[1].with_fellow);
    scratch_near(said.row[0].probability[1], (double)two.row[0].probability[1], 1e-5);
    assert_int_equal(said.units, 1);
    scratch_near(said.threshold, decision.point[EN_AT_YOUDEN].threshold, 1e-12);
    assert_int_equal(said.unit_row[0].predicted, said.unit_row[0].probability[1] >= said.threshold);
    en_predict_result_clear(&said);
    SCRATCH_OK(r, en_predict(&r->project, &ask, paths, 1, &said, &r->err));
    assert_false(said.row[0].with_fellow);
    scratch_near(said.row[0].probability[1], (double)one.row[0].probability[1], 1e-5);
    scratch_near(said.threshold_alone, base.point[EN_AT_YOUDEN].threshold, 1e-12);
    assert_int_equal(said.row[0].predicted, said.row[0].probability[1] >= said.threshold_alone);
    en_predict_result_clear(&said);
    en_catalog_predictions_clear(&one);
    en_catalog_predictions_clear(&two);
}

/* Photographs of the patients 1 (both eyes), 2 (one) and 3 (not a photograph). */
static void photographs_of_a_patient_have_a_line(void **state)
{
    scratch *r = *state;
    scratch_fill(r, 20);
    train(r, "a", "grade >= 2", 1);
    scratch_write("3_left.jpeg", "no photograph");
    static const char *const paths[] = {"photos/1/2_left.jpeg", "photos/1/1_left.jpeg", "3_left.jpeg",
                                        "photos/1/1_right.jpeg", "photos/1/"};
    en_predict_result all, mean, eyes;
    en_predict_options ask = {.run = "a", .unit = EN_UNIT_PATIENT};
    scratch_refused(r, en_predict(&r->project, &ask, paths, 5, &all, &r->err), EN_INPUT,
                    "2 of 5 photographs have no prediction");
    assert_int_equal(all.units, 4); /* a folder has no name of a photograph, and spoils no other's line */
    assert_string_equal(all.unit_row[3].patient, "photos/1/");
    assert_string_equal(all.unit_row[0].patient, "2");
    assert_string_equal(all.unit_row[1].patient, "1");
    assert_int_equal(all.unit_row[1].photographs, 2);
    assert_int_equal(all.unit_row[1].failed, 0);
    const double left = all.row[1].probability[1], right = all.row[3].probability[1];
    scratch_near(all.unit_row[1].probability[1], fmax(left, right), 1e-6);
    assert_int_equal(all.unit_row[1].predicted, all.row[left > right ? 1 : 3].predicted);
    scratch_near(all.unit_row[0].probability[1], all.row[0].probability[1], 1e-6);
    assert_int_equal(all.unit_row[2].failed, 1);
    assert_non_null(all.unit_row[2].reason);
    ask.combine = EN_COMBINE_MEAN;
    assert_int_equal(en_predict(&r->project, &ask, paths, 4, &mean, &r->err), EN_INPUT);
    scratch_near(mean.unit_row[1].probability[1], (left + right) / 2, 1e-6);
    ask.unit = EN_UNIT_EYE;
    assert_int_equal(en_predict(&r->project, &ask, paths, 4, &eyes, &r->err), EN_INPUT);
    assert_int_equal(eyes.units, 4);
    assert_string_equal(eyes.unit_row[2].eye, "right");
    scratch_near(eyes.unit_row[2].probability[1], right, 1e-6);
    en_predict_result_clear(&all);
    en_predict_result_clear(&mean);
    en_predict_result_clear(&eyes);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(folds_are_pooled_so_that_every_training_patient_counts_once),
        IN_SCRATCH(an_evaluation_has_the_calibrated_means),
        IN_SCRATCH(predict_says_what_evaluate_stored),
        IN_SCRATCH(runs_of_one_split_are_averaged_on_their_common_images),
        IN_SCRATCH(what_cannot_be_combined_is_refused),
        IN_SCRATCH(patients_that_any_member_learned_from_are_not_measured),
        IN_SCRATCH(an_ensemble_is_promoted_and_not_reproduced),
        IN_SCRATCH(other_classes_than_the_members_are_refused),
        IN_SCRATCH(a_run_that_looks_at_both_eyes_answers_by_what_it_learned),
        IN_SCRATCH(photographs_of_a_patient_have_a_line),
    };
    return cmocka_run_group_tests_name("combine", tests, NULL, NULL);
}
