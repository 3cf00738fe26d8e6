/* runs: the rows of run/list, and the test metric of each run from its stored predictions. */
#include "training/runs.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/evaluation.h"
#include "catalog/run_imported.h"
#include "db/row.h"
#include "db/statements.h"
#include "training/classes.h"
#include "training/metrics.h"

static const en_row_column columns[] = {
    {"run_id", EN_COL(en_run_summary, run_id)},
    {"run", EN_COL_IS(en_run_summary, run, EN_RULE_FILE_NAME)},
    {"state", EN_COL_WORD(en_run_summary, state, en_run_states)},
    {"model", EN_COL_IS(en_run_summary, model, EN_RULE_TEXT)},
    {"target", EN_COL_IS(en_run_summary, target, EN_RULE_TEXT)},
    {"subset", EN_COL(en_run_summary, subset)},
    {"classes", EN_COL_IS(en_run_summary, classes, EN_RULE_TEXT)},
    {"seed", EN_COL(en_run_summary, seed)},
    {"scale", EN_COL(en_run_summary, scale)},
    {"calibration", EN_COL(en_run_summary, calibration)},
    {"augmentation", EN_COL(en_run_summary, augmentation)},
    {"trouble", EN_COL(en_run_summary, trouble)},
    {"epochs", EN_COL_MAY(en_run_summary, epochs, EN_RULE_EPOCH)},
    {"max_epochs", EN_COL(en_run_summary, max_epochs)},
    {"best_epoch", EN_COL_MAY(en_run_summary, best_epoch, EN_RULE_EPOCH)},
    {"val_loss", EN_COL(en_run_summary, val_loss)},
    {"val_accuracy", EN_COL(en_run_summary, val_accuracy)},
    {"val_auc", EN_COL(en_run_summary, val_auc)},
    {"seconds", EN_COL(en_run_summary, seconds)},
    {"started_at", EN_COL(en_run_summary, started_at)},
    {"test_weights_kept", EN_COL(en_run_summary, test_weights_kept)},
    {"test_evaluation_id", EN_COL(en_run_summary, test_evaluation_id)},
};
static const en_row_type run_type = EN_ROW_TYPE(en_run_summary, columns);

static en_status measure(en_project *project, en_run_summary *r, en_error *err)
{
    en_catalog_predictions rows = {0};
    en_metrics metrics = {0};
    en_classes classes;
    en_calibration calibration;
    r->test = r->test_low = r->test_high = (double)NAN;
    r->auc = r->accuracy = r->balanced_accuracy = r->kappa = r->sensitivity = r->specificity = (double)NAN;
    r->val = r->val_auc;
    r->metric = "auc";
    if (strcmp(r->classes, EN_NO_CLASSES) == 0) { /* an imported run without predictions */
        return EN_OK;
    }
    en_status st = en_classes_from_json(r->classes, &classes, err);
    if (st == EN_OK) {
        st = en_classes_scale(&classes, r->target, r->scale, err);
    }
    if (st == EN_OK) {
        st = en_calibration_from_json(r->calibration, classes.count, &calibration, err);
    }
    if (st != EN_OK) {
        return st;
    }
    const bool by_auc = classes.count == 2;
    r->metric = by_auc ? "auc" : "accuracy";
    r->val = by_auc ? r->val_auc : r->val_accuracy;
    if (r->test_evaluation_id < 0) {
        return EN_OK;
    }
    st = en_catalog_predictions_of(project->catalog, r->test_evaluation_id, &rows, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_metrics_compute(&rows, &classes, r->target, &calibration, EN_UNIT_PHOTOGRAPH, EN_COMBINE_WORST, &metrics,
                            err);
    if (st != EN_OK) {
        goto done;
    }
    r->test_n = metrics.n;
    r->test = by_auc ? metrics.binary.auc.value : metrics.accuracy.value;
    r->test_low = by_auc ? metrics.binary.auc.is_in.low : metrics.accuracy.is_in.low;
    r->test_high = by_auc ? metrics.binary.auc.is_in.high : metrics.accuracy.is_in.high;
    r->auc = metrics.binary.auc.value;
    r->accuracy = metrics.accuracy.value;
    r->balanced_accuracy = metrics.balanced_accuracy.value;
    r->kappa = metrics.kappa.value;
    r->sensitivity = metrics.binary.sensitivity.value;
    r->specificity = metrics.binary.specificity.value;
done:
    en_metrics_clear(&metrics);
    en_catalog_predictions_clear(&rows);
    return st;
}

static void drop_oldest(en_run_summaries *list)
{
    en_row_clear(&run_type, &list->row[0]);
    list->count--;
    memmove(&list->row[0], &list->row[1], list->count * sizeof list->row[0]);
}

en_status en_runs_list(en_project *project, const en_runs_options *options, en_run_summaries *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_run_summaries){0};
    en_status st = en_db_prepare(en_catalog_db(project->catalog), EN_SQL_RUN_LIST, &s, err);
    if (st != EN_OK) {
        return st;
    }
    const int64_t newest = options != NULL && options->newest > 0 ? options->newest : 0;
    en_stmt_bind_int(s, "newest", newest > 0 ? newest + 1 : -1); /* one more tells that there are more */
    st = en_rows_read(s, &run_type, &rows, &out->count, err);
    out->row = rows;
    if (newest > 0 && out->count > (size_t)newest) {
        out->more = true;
        drop_oldest(out);
    }
    for (size_t i = 0; i < out->count && st == EN_OK; i++) {
        st = en_stop_check(&project->events, err);
        if (st == EN_OK) {
            st = measure(project, &out->row[i], err);
        }
    }
    const bool chosen = options != NULL && (options->where != NULL || options->columns != NULL ||
                                            options->sort != NULL || options->limit > 0);
    return st == EN_OK && chosen ? en_runs_choose(project, options, out, err) : st;
}

void en_run_summaries_clear(en_run_summaries *runs)
{
    for (size_t i = 0; runs->value != NULL && i < runs->count * runs->columns; i++) {
        en_free(runs->value[i].text);
    }
    for (size_t i = 0; i < runs->columns; i++) {
        en_free(runs->column[i]);
    }
    en_free(runs->value);
    en_free(runs->column);
    en_rows_clear(&run_type, runs->row, runs->count);
    *runs = (en_run_summaries){0};
}
