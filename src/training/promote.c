/* promote: the comparison with the run that has the alias, and its record. */
#include "training/promote.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "catalog/retraining.h"
#include "catalog/run.h"
#include "catalog/run_imported.h"

static const char *const metrics[] = {"auc",         "kappa",       "accuracy", "balanced_accuracy",
                                      "sensitivity", "specificity", NULL};

static en_status check_run(const en_catalog_run *run, en_error *err)
{
    en_status st = run->origin == EN_RUN_ENSEMBLE ? EN_OK : en_catalog_run_need_trained(run, "promote", err);
    if (st == EN_OK && run->state != EN_RUN_FINISHED) {
        st = en_error_set(err, EN_INPUT, "run '%s' is %s: only a finished run can be promoted", run->name,
                          en_word(&en_run_states, run->state));
    }
    return st;
}

/* The row of the metric that decides. */
static const en_compared *decisive(const en_compare_result *all, const char *metric)
{
    const en_compared *found = NULL;
    for (size_t i = 0; i < all->count; i++) {
        const char *name = all->row[i].metric;
        const bool is = metric != NULL ? strcmp(name, metric) == 0
                                       : strcmp(name, "auc") == 0 || (found == NULL && strcmp(name, "kappa") == 0);
        found = is ? &all->row[i] : found;
    }
    return found;
}

bool en_promote_is_fit(const en_compared *row, double margin)
{
    return row->low > -margin || strcmp(row->verdict, "same answers") == 0;
}

static en_status refuse(const en_promote_result *r, en_error *err)
{
    char interval[96] = "no interval: too few patients";
    if (!isnan(r->low)) {
        snprintf(interval, sizeof interval, "95%% interval %.4f to %.4f", r->low, r->high);
    }
    return en_error_hint(err,
                         en_error_set(err, EN_INPUT,
                                      "run '%s' may be worse than @%s, '%s', by %g or more: difference in %s %.4f, %s, "
                                      "%lld photographs of %lld patients",
                                      r->run, r->alias, r->replaced, r->margin, r->metric, r->difference, interval,
                                      (long long)r->n, (long long)r->patients),
                         "a wider --margin, more photographs, or --force");
}

/* Fills what the comparison says; EN_INPUT unless the run is not worse. */
static en_status compare(en_project *project, const en_promote_options *o, en_promote_result *r, en_error *err)
{
    const char *const pair[] = {r->replaced, r->run};
    const en_compare_options options = {.run = pair,
                                        .runs = 2,
                                        .part = o->subset == NULL ? EN_PART_TEST : EN_PART_NONE,
                                        .subset = o->subset,
                                        .unit = o->unit != 0 ? o->unit : EN_UNIT_PHOTOGRAPH,
                                        .combine = EN_COMBINE_WORST,
                                        .margin = r->margin};
    en_compare_result all = {0};
    en_status st = en_compare(project, &options, &all, err);
    const en_compared *row = st == EN_OK ? decisive(&all, o->metric) : NULL;
    if (st == EN_OK && row == NULL) {
        st = en_error_set(err, EN_INPUT, "these runs have no metric '%s'", o->metric != NULL ? o->metric : "auc");
    }
    if (st == EN_OK && row != NULL) {
        snprintf(r->metric, sizeof r->metric, "%s", row->metric);
        snprintf(r->verdict, sizeof r->verdict, "%s", row->verdict);
        r->value = row->second_value;
        r->replaced_value = row->first_value;
        r->difference = row->difference;
        r->low = row->low;
        r->high = row->high;
        r->n = all.pair[0].photographs;
        r->patients = row->patients;
        const bool good = en_promote_is_fit(row, r->margin);
        if (good && strcmp(row->verdict, "worse") == 0) {
            snprintf(r->verdict, sizeof r->verdict, "worse, but not by the margin");
        }
        st = good || o->force ? EN_OK : refuse(r, err);
    }
    en_compare_clear(&all);
    return st;
}

static void say_why(const en_promote_options *o, en_promote_result *r)
{
    const char *base = r->replaced[0] == '\0'  ? "the first of this alias"
                       : r->verdict[0] == '\0' ? "not compared"
                                               : r->verdict;
    snprintf(r->reason, sizeof r->reason, "%s%s%s%.400s", base, o->force && r->replaced[0] != '\0' ? ", forced" : "",
             o->reason != NULL ? "; " : "", o->reason != NULL ? o->reason : "");
}

static en_status find_replaced(en_project *project, const en_catalog_run *run, int64_t *id, en_promote_result *r,
                               en_error *err)
{
    en_catalog_run before = {0};
    char name[EN_ALIAS_MAX + 2];
    en_status st = en_catalog_alias_holder(project->catalog, r->alias, id, err);
    if (st == EN_DONE) {
        *id = -1;
        return EN_OK;
    }
    if (st == EN_OK && *id == run->id) {
        return en_error_set(err, EN_INPUT, "run '%s' is @%s already", run->name, r->alias);
    }
    snprintf(name, sizeof name, "@%s", r->alias);
    if (st == EN_OK) {
        st = en_catalog_run_get(project->catalog, name, &before, err);
    }
    if (st == EN_OK) {
        snprintf(r->replaced, sizeof r->replaced, "%s", before.name);
    }
    en_catalog_run_clear(&before);
    return st;
}

/* The comparison is outside of the transaction; that the alias is still the same run's is looked at within. */
static en_status record(en_project *project, const en_promote_options *o, const en_catalog_run *run, int64_t replaced,
                        en_promote_result *r, en_error *err)
{
    int64_t now = -1;
    const en_catalog_promotion row = {.metric = r->metric[0] != '\0' ? r->metric : NULL,
                                      .difference = r->difference,
                                      .low = r->low,
                                      .high = r->high,
                                      .margin = r->metric[0] != '\0' ? r->margin : (double)NAN,
                                      .n = r->n,
                                      .patients = r->patients,
                                      .reason = r->reason};
    en_status st = en_catalog_begin(project->catalog, err);
    if (st == EN_OK) {
        st = en_catalog_alias_holder(project->catalog, r->alias, &now, err);
        st = st == EN_DONE ? EN_OK : st;
    }
    if (st == EN_OK && now != replaced) {
        st = en_error_set(err, EN_BUSY, "@%s was given to another run meanwhile: try again", r->alias);
    }
    if (st == EN_OK) {
        st = en_catalog_promotion_put(project->catalog, r->alias, run->id, replaced, &row, err);
    }
    if (st == EN_OK && o->retraining > 0) {
        const en_catalog_decision d = {.new_run_id = run->id,
                                       .promoted = true,
                                       .alias = r->alias,
                                       .metric = row.metric,
                                       .difference = r->difference,
                                       .low = r->low,
                                       .high = r->high,
                                       .margin = row.margin,
                                       .n = r->n,
                                       .patients = r->patients,
                                       .reason = r->reason};
        st = en_catalog_retraining_decide(project->catalog, o->retraining, &d, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(project->catalog);
    }
    return st;
}

en_status en_promote(en_project *project, const en_promote_options *o, en_promote_result *r, en_error *err)
{
    en_catalog_run run = {0};
    int64_t replaced = -1;
    const char *alias = o->alias != NULL ? o->alias : EN_PROMOTE_ALIAS;
    *r = (en_promote_result){.value = (double)NAN,
                             .replaced_value = (double)NAN,
                             .difference = (double)NAN,
                             .low = (double)NAN,
                             .high = (double)NAN,
                             .margin = o->margin > 0 ? o->margin : EN_PROMOTE_MARGIN,
                             .n = -1,
                             .patients = -1};
    en_status st = en_catalog_alias_check(alias, err);
    for (size_t i = 0; st == EN_OK && o->metric != NULL && strcmp(metrics[i], o->metric) != 0; i++) {
        if (metrics[i + 1] == NULL) {
            st = en_error_set(err, EN_USAGE,
                              "'%s' cannot decide a promotion: auc, kappa, accuracy, balanced_accuracy, "
                              "sensitivity or specificity",
                              o->metric);
        }
    }
    if (st == EN_OK) {
        snprintf(r->alias, sizeof r->alias, "%s", alias);
        st = en_catalog_run_get(project->catalog, o->run, &run, err);
    }
    if (st == EN_OK) {
        snprintf(r->run, sizeof r->run, "%s", run.name);
        st = check_run(&run, err);
    }
    if (st == EN_OK) {
        st = find_replaced(project, &run, &replaced, r, err);
    }
    if (st == EN_OK && replaced >= 0) {
        en_error why;
        const en_status compared = compare(project, o, r, &why);
        if (compared != EN_OK && !(o->force && compared == EN_INPUT)) { /* forced: it need not be comparable */
            *err = why;
            st = compared;
        }
    }
    if (st == EN_OK) {
        say_why(o, r);
        st = record(project, o, &run, replaced, r, err);
    }
    en_catalog_run_clear(&run);
    return st;
}
