/* retrain: checks, and the steps one after the other; each looks first whether it is done. */
#include "training/retrain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/evaluation.h"
#include "catalog/run_edit.h"
#include "catalog/run_imported.h"
#include "dataset/subset.h"
#include "project/run_weights.h"
#include "training/evaluate.h"
#include "training/retrain_begin.h"
#include "training/train/train.h"

static en_status check_run(en_retraining *x, en_error *err)
{
    const en_catalog_run *run = &x->run;
    char *path = NULL;
    en_catalog_checkpoint kept = {0};
    en_status st = en_catalog_run_need_trained(run, "train on from", err);
    if (st == EN_OK && run->state != EN_RUN_FINISHED) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "run '%s' is %s: only a finished run is trained on", run->name,
                                        en_word(&en_run_states, run->state)),
                           "go on with it: 'eyenet train --resume %s'", run->name);
    }
    if (st == EN_OK && run->split == NULL) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT,
                                        "run '%s' was trained without a split: which patients are for testing is not "
                                        "known",
                                        run->name),
                           "make one with 'eyenet split', and train on a subset of its part train");
    }
    if (st == EN_OK) {
        st = en_run_checkpoint_find(x->project, run, EN_CHECKPOINT_BEST, &path, &kept, err);
    }
    en_free(path);
    en_catalog_checkpoint_clear(&kept);
    return st;
}

/* The test photographs on which both are measured, none of them of a patient that the run learned from. */
static en_status find_test(en_retraining *x, en_error *err)
{
    int64_t patients = 0, images = 0;
    en_status st = en_subset_plain(x->project, x->run.split, EN_PART_TEST, &x->test, err);
    if (st == EN_DONE) {
        return en_error_hint(
            err, en_error_set(err, EN_INPUT, "split '%s' has no plain variants of part 'test'", x->run.split),
            "make them with 'eyenet augment plain'");
    }
    if (st == EN_OK) {
        st = en_catalog_subset_shared(x->project->catalog, x->run.subset_id, x->test.id, &patients, &images, err);
    }
    if (st == EN_OK && patients > 0) {
        st = en_error_set(err, EN_INPUT,
                          "run '%s' learned from %lld of the patients of subset '%s': nothing is left to "
                          "test on",
                          x->run.name, (long long)patients, x->test.name);
    }
    return st;
}

/* The alias that the new run is to get. */
static en_status find_alias(en_retraining *x, char alias[EN_ALIAS_MAX + 1], en_error *err)
{
    const en_retrain_options *o = x->options;
    en_catalog_promotions all = {0};
    const char *found = o->alias != NULL ? o->alias : o->run[0] == '@' ? o->run + 1 : NULL;
    en_status st = found == NULL ? en_catalog_promotions_all(x->project->catalog, &all, err) : EN_OK;
    for (size_t i = 0; st == EN_OK && i < all.count && found == NULL; i++) {
        if (all.row[i].current == 1 && strcmp(all.row[i].run, x->run.name) == 0) {
            found = all.row[i].alias;
        }
    }
    found = found != NULL ? found : EN_PROMOTE_ALIAS;
    st = st == EN_OK ? en_catalog_alias_check(found, err) : st;
    if (st == EN_OK) {
        snprintf(alias, EN_ALIAS_MAX + 1, "%s", found);
    }
    en_catalog_promotions_clear(&all);
    return st;
}

/* *holds: the run has it; without it nobody does. */
static en_status check_alias(en_retraining *x, const char *alias, bool *holds, en_error *err)
{
    int64_t holder = -1;
    char name[EN_ALIAS_MAX + 2];
    en_catalog_run other = {0};
    en_status st = en_catalog_alias_holder(x->project->catalog, alias, &holder, err);
    *holds = st == EN_OK && holder == x->run.id;
    if (st == EN_DONE || (st == EN_OK && *holds)) {
        return EN_OK;
    }
    snprintf(name, sizeof name, "@%s", alias);
    st = st == EN_OK ? en_catalog_run_get(x->project->catalog, name, &other, err) : st;
    if (st == EN_OK) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "@%s is run '%s', and not '%s'", alias, other.name, x->run.name),
                           "train on from '@%s', or name another alias with --as", alias);
    }
    en_catalog_run_clear(&other);
    return st;
}

static en_status measure_drift(en_retraining *x, en_retrain_result *r, en_error *err)
{
    en_catalog_subset subset = {0};
    size_t used = 0;
    en_status st = en_catalog_subset_get(x->project->catalog, x->row.subset, &subset, err);
    if (st == EN_OK) {
        st = en_drift_measure(x->project, subset.id, x->run.subset_id, r->drift, err);
    }
    for (size_t i = 0; st == EN_OK && i < EN_DRIFT_MEASURES; i++) {
        const en_drift *d = &r->drift[i];
        if (d->drifted && used < sizeof r->drifted) {
            used += (size_t)snprintf(r->drifted + used, sizeof r->drifted - used,
                                     "%s%s (distance %.2f, n %zu and %zu, medians %.4g and %.4g)", used > 0 ? ", " : "",
                                     d->measure, d->ks.distance, d->ks.n, d->ks.m, d->fresh, d->old);
        }
    }
    if (st == EN_OK && used > 0) {
        en_event_warn(&x->project->events, "the new photographs differ from those learned from in %s", r->drifted);
    }
    en_catalog_subset_clear(&subset);
    return st;
}

/* What the new run is validated on: the same part of the new split, the run's own subset, or nothing. */
static en_status find_validation(en_retraining *x, en_catalog_subset *out, const char **name, en_error *err)
{
    *name = x->run.val_subset;
    if (!en_retrain_validates_part(x)) {
        return EN_OK;
    }
    en_status st = en_subset_plain(x->project, x->row.split, EN_PART_VAL, out, err);
    *name = out->name;
    return st == EN_DONE ? en_error_set(err, EN_INPUT, "split '%s' has no plain variants of part 'val'", x->row.split)
                         : st;
}

static en_status other_option(const en_retraining *x, const char *option, double was, double is, en_error *err)
{
    en_status st =
        en_error_set(err, EN_INPUT, "run '%s' was begun with --%s %g, and not %g", x->row.name, option, was, is);
    return en_error_hint(err, st, "repeat the command as it was, or remove the run with 'eyenet runs rm %s'",
                         x->row.name);
}

/* A run that was begun has settings, which the options must not contradict. */
static en_status check_options(const en_retraining *x, const en_catalog_run *again, en_error *err)
{
    static const char *const setting[] = {"epochs", "learning_rate"}, *const option[] = {"epochs", "lr"};
    const double is[] = {(double)x->options->epochs, x->options->learning_rate};
    en_catalog_params params = {0};
    en_status st = en_catalog_run_params(x->project->catalog, again->id, &params, err);
    for (size_t i = 0; i < params.count; i++) {
        for (size_t k = 0; st == EN_OK && k < 2; k++) {
            double was;
            if (is[k] > 0 && strcmp(params.row[i].name, setting[k]) == 0 &&
                en_parse_double(params.row[i].value, &was) && fabs(was - is[k]) > 1e-6 * is[k]) {
                st = other_option(x, option[k], was, is[k], err);
            }
        }
    }
    en_catalog_params_clear(&params);
    return st;
}

static en_status train(en_retraining *x, en_retrain_result *r, en_error *err)
{
    const char *name = x->row.name;
    en_catalog_run again = {0};
    en_catalog_subset val = {0};
    en_train_options how = {0};
    en_train_result trained = {0};
    const bool there = en_catalog_run_name_free(x->project->catalog, name, NULL) != EN_OK;
    en_status st = there ? en_catalog_run_get(x->project->catalog, name, &again, err)
                         : find_validation(x, &val, &how.validation, err);
    if (st != EN_OK) {
        goto done;
    }
    if (there && (again.parent_id != x->run.id || again.origin != EN_RUN_TRAINED)) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "run '%s' was not trained on from '%s'", name, x->run.name),
                           "give it another name: 'eyenet runs rename'");
        goto done;
    }
    if (there && again.state == EN_RUN_FINISHED) {
        r->epochs = again.epochs;
        r->best_epoch = again.best_epoch;
        goto done;
    }
    how.time_limit = x->options->time_limit;
    if (there) {
        st = check_options(x, &again, err);
        how.resume = again.uuid;
    } else {
        how.repeat = how.init = x->run.uuid;
        how.onward = how.init_whole = true;
        how.name = name;
        how.subset = x->row.subset;
        how.epochs = x->options->epochs;
        how.learning_rate = x->options->learning_rate;
    }
    st = st == EN_OK ? en_train(x->project, &how, &trained, err) : st;
    r->epochs = trained.epochs;
    r->best_epoch = trained.best_epoch;
    if (st == EN_INTERRUPTED) {
        st = en_error_hint(err, st, "the same command goes on");
    } else if (st == EN_FAILED) {
        st = en_error_hint(err, st, "after 'eyenet runs rm %s' the command can be given with another --lr", name);
    }
done:
    en_catalog_run_clear(&again);
    en_catalog_subset_clear(&val);
    return st;
}

static en_status evaluate(en_retraining *x, const char *run, en_error *err)
{
    en_catalog_run row = {0};
    en_catalog_evaluations list = {0};
    en_evaluate_result result = {0};
    bool done = false;
    en_status st = en_catalog_run_get(x->project->catalog, run, &row, err);
    if (st == EN_OK) {
        st = en_catalog_evaluations_of(x->project->catalog, row.id, &list, err);
    }
    for (size_t i = 0; st == EN_OK && i < list.count; i++) {
        done = done || (list.row[i].subset_id == x->test.id && list.row[i].weights_kept);
    }
    if (st == EN_OK && !done) {
        const en_evaluate_options o = {.run = row.uuid, .subset = x->test.name};
        st = en_evaluate(x->project, &o, &result, err);
    }
    en_evaluate_clear(&result);
    en_catalog_evaluations_clear(&list);
    en_catalog_run_clear(&row);
    return st;
}

/* What cannot be promoted is a decision, too. */
static en_status keep_old(en_retraining *x, en_retrain_result *r, const char *why, en_error *err)
{
    en_catalog_run again = {0};
    const en_promote_result *c = &r->compare;
    en_status st = en_catalog_run_get(x->project->catalog, x->row.name, &again, err);
    if (st == EN_OK) {
        snprintf(r->decision, sizeof r->decision, "kept");
        snprintf(r->reason, sizeof r->reason, "%.500s", why);
        const en_catalog_decision d = {.new_run_id = again.id,
                                       .alias = c->alias,
                                       .metric = c->metric[0] != '\0' ? c->metric : NULL,
                                       .difference = c->difference,
                                       .low = c->low,
                                       .high = c->high,
                                       .margin = c->metric[0] != '\0' ? c->margin : (double)NAN,
                                       .n = c->n,
                                       .patients = c->patients,
                                       .reason = r->reason};
        st = en_catalog_retraining_decide(x->project->catalog, x->row.id, &d, err);
    }
    en_catalog_run_clear(&again);
    return st;
}

static en_status decide(en_retraining *x, const char *alias, bool holds, en_retrain_result *r, en_error *err)
{
    en_error why;
    const en_promote_options first = {.run = x->run.uuid, .alias = alias, .reason = "before it was trained on"};
    const en_promote_options o = {.run = x->row.name,
                                  .alias = alias,
                                  .metric = x->options->metric,
                                  .subset = x->test.name,
                                  .margin = x->options->margin,
                                  .reason = "trained on with new photographs",
                                  .retraining = x->row.id};
    en_status st = holds ? EN_OK : en_promote(x->project, &first, &r->compare, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_promote(x->project, &o, &r->compare, &why);
    if (st == EN_INPUT) {
        return keep_old(x, r, why.text, err);
    }
    if (st != EN_OK) {
        *err = why;
        return st;
    }
    snprintf(r->decision, sizeof r->decision, "promoted");
    snprintf(r->reason, sizeof r->reason, "%s", r->compare.reason);
    return EN_OK;
}

static en_status prepare(en_retraining *x, char *alias, bool *holds, en_error *err)
{
    const en_retrain_options *o = x->options;
    en_status st = o->name != NULL ? en_catalog_run_name_check(o->name, err) : EN_OK;
    if (st == EN_OK) {
        st = en_catalog_run_get(x->project->catalog, o->run, &x->run, err);
    }
    if (st == EN_OK) {
        st = check_run(x, err);
    }
    if (st == EN_OK) {
        st = find_alias(x, alias, err);
    }
    if (st == EN_OK) {
        st = check_alias(x, alias, holds, err);
    }
    if (st == EN_OK) {
        st = find_test(x, err);
    }
    if (st == EN_OK) {
        x->chosen =
            en_format("%s%s%s%s%s%s", o->since != NULL ? "--since " : "", o->since != NULL ? o->since : "",
                      o->since != NULL && o->condition != NULL ? " " : "", o->condition != NULL ? "--sql '" : "",
                      o->condition != NULL ? o->condition : "", o->condition != NULL ? "'" : "");
        st = x->chosen != NULL ? EN_OK : en_error_nomem(err, "options");
    }
    return st;
}

static void name_things(const en_retraining *x, en_retrain_result *r)
{
    snprintf(r->run, sizeof r->run, "%s", x->run.name);
    snprintf(r->again, sizeof r->again, "%s", x->row.name);
    snprintf(r->split, sizeof r->split, "%s", x->row.split);
    snprintf(r->subset, sizeof r->subset, "%s", x->row.subset);
    snprintf(r->test_subset, sizeof r->test_subset, "%s", x->test.name);
    r->photographs = x->row.photographs;
    r->patients = x->row.patients;
    r->kept_out = x->row.kept_out;
    r->rejected = x->row.rejected;
}

en_status en_retrain(en_project *project, const en_retrain_options *options, en_retrain_result *r, en_error *err)
{
    const double began = en_clock_seconds();
    char alias[EN_ALIAS_MAX + 1];
    bool holds = false;
    en_retraining x = {.project = project, .options = options};
    *r = (en_retrain_result){0};
    en_status st = prepare(&x, alias, &holds, err);
    if (st == EN_OK) {
        st = en_retrain_begin(&x, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    name_things(&x, r);
    st = measure_drift(&x, r, err);
    if (st == EN_OK) {
        st = train(&x, r, err);
    }
    if (st == EN_OK) {
        st = evaluate(&x, x.run.uuid, err);
    }
    if (st == EN_OK) {
        st = evaluate(&x, x.row.name, err);
    }
    if (st == EN_OK) {
        st = decide(&x, alias, holds, r, err);
    }
done:
    r->seconds = en_clock_seconds() - began;
    en_free(x.chosen);
    en_catalog_run_clear(&x.run);
    en_catalog_subset_clear(&x.test);
    en_catalog_retraining_clear(&x.row);
    return st;
}
