/* See folds.h. */
#include "training/train/folds.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/memory.h"
#include "catalog/run.h"
#include "catalog/split.h"
#include "dataset/subset.h"

static en_status train_fold(en_project *project, const char *split, const en_train_options *options, en_fold_run *run,
                            en_error *err)
{
    en_catalog_subset subset = {0};
    snprintf(run->split, sizeof run->split, "%s", split);
    en_status st = en_subset_plain(project, split, EN_PART_TRAIN, &subset, err);
    if (st == EN_DONE) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "split '%s' has no plain variants of part 'train'", split),
                             "make them with 'eyenet augment plain'");
    }
    if (st == EN_OK) {
        en_train_options fold = *options;
        fold.subset = subset.name;
        st = en_train(project, &fold, &run->result, err);
    }
    if (st == EN_DONE) {
        en_event_note(&project->events, "run '%s' has finished before: it is kept", run->result.run);
        st = EN_OK;
    } else {
        run->trained = true;
    }
    en_catalog_subset_clear(&subset);
    return st;
}

static en_status train_all(en_project *project, const char *partition, const en_catalog_splits *splits,
                           const en_train_options *options, en_folds_result *result, en_error *err)
{
    const double began = en_clock_seconds();
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < splits->count && i < EN_FOLDS_MAX; i++) {
        en_train_options fold = *options;
        char *name = en_format("%s-%zu", options->name != NULL ? options->name : partition, i + 1);
        if (name == NULL) {
            return en_error_nomem(err, "a name");
        }
        fold.name = name;
        fold.resume = NULL;
        fold.validation = NULL;
        fold.keep_finished = true;
        if (options->time_limit > 0) { /* a run begun too late is stopped at once, and saved */
            fold.time_limit = fmax(options->time_limit - (en_clock_seconds() - began), 1e-3);
        }
        st = train_fold(project, splits->row[i].name, &fold, &result->run[i], err);
        result->count += result->run[i].result.run[0] != '\0';
        en_free(name);
    }
    return st;
}

static void sum_up(en_folds_result *r)
{
    double loss = 0, auc = 0;
    for (size_t i = 0; i < r->count; i++) { /* NaN of one is NaN of all */
        loss += r->run[i].result.best.val_loss / (double)r->count;
        auc += r->run[i].result.best.val_auc / (double)r->count;
    }
    r->mean_loss = r->count > 0 ? loss : (double)NAN;
    r->mean_auc = r->count > 0 ? auc : (double)NAN;
}

/* What to do next, with names that are no run's. */
static void offer_ensemble(const en_project *project, const char *partition, const en_train_options *options,
                           const en_folds_result *r)
{
    char *members = NULL;
    bool whole = r->count > 1;
    for (size_t i = 0; whole && i < r->count; i++) {
        char *more =
            members != NULL ? en_format("%s,%s", members, r->run[i].result.run) : en_strdup(r->run[i].result.run);
        whole = more != NULL && r->run[i].result.state == EN_RUN_FINISHED;
        en_free(members);
        members = more;
    }
    const char *name = options->name != NULL ? options->name : partition;
    if (whole && en_catalog_run_name_free(project->catalog, name, NULL) == EN_OK) {
        en_event_note(&project->events, "make one run of them: eyenet run combine '%s' '%s'", name, members);
    }
    en_free(members);
}

en_status en_train_folds(en_project *project, const char *partition, const en_train_options *options,
                         en_folds_result *result, en_error *err)
{
    *result = (en_folds_result){.mean_loss = (double)NAN, .mean_auc = (double)NAN};
    en_catalog_splits splits = {0};
    en_status st = en_catalog_folds_read(project->catalog, partition, &splits, err);
    if (st == EN_OK) {
        st = train_all(project, partition, &splits, options, result, err);
        sum_up(result);
        if (st == EN_OK) {
            offer_ensemble(project, partition, options, result);
        }
    }
    en_catalog_splits_clear(&splits);
    return st;
}
