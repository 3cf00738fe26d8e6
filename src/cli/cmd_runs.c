/* eyenet runs. */
#include <inttypes.h>
#include <math.h>

#include "catalog/evaluation.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "db/row.h"
#include "db/statements.h"
#include "training/classes.h"
#include "training/metrics.h"

/* A row of run/list. */
typedef struct run_row {
    int64_t run_id, epochs, max_epochs, best_epoch, test_evaluation_id; /* -1: none, or not known */
    uint64_t seed;
    char *run, *state, *model, *target, *subset, *classes, *started_at;
    double val_loss, val_accuracy, val_auc, seconds;
} run_row;

static const en_row_column columns[] = {
    {"run_id", EN_COL(run_row, run_id)},
    {"run", EN_COL(run_row, run)},
    {"state", EN_COL(run_row, state)},
    {"model", EN_COL(run_row, model)},
    {"target", EN_COL(run_row, target)},
    {"subset", EN_COL(run_row, subset)},
    {"classes", EN_COL(run_row, classes)},
    {"seed", EN_COL(run_row, seed)},
    {"epochs", EN_COL(run_row, epochs)},
    {"max_epochs", EN_COL(run_row, max_epochs)},
    {"best_epoch", EN_COL(run_row, best_epoch)},
    {"val_loss", EN_COL(run_row, val_loss)},
    {"val_accuracy", EN_COL(run_row, val_accuracy)},
    {"val_auc", EN_COL(run_row, val_auc)},
    {"seconds", EN_COL(run_row, seconds)},
    {"started_at", EN_COL(run_row, started_at)},
    {"test_evaluation_id", EN_COL(run_row, test_evaluation_id)},
};
static const en_row_type run_type = EN_ROW_TYPE(run_row, columns);

/* The one metric by which runs are compared: the AUC where there are two classes, else the accuracy. */
typedef struct test_metric {
    bool is_auc;
    int64_t n; /* photographs; 0: no evaluation on a test part */
    double value, low, high;
} test_metric;

/* Measures the stored predictions of the run's newest evaluation on a test part, as `evaluate` does. */
static en_status measure(en_project *project, const run_row *r, test_metric *out, en_error *err)
{
    en_catalog_predictions rows = {0};
    en_metrics metrics = {0};
    en_classes classes;
    const double nothing = (double)NAN;
    *out = (test_metric){.value = nothing, .low = nothing, .high = nothing};
    en_status st = en_classes_from_json(r->classes, &classes, err);
    if (st != EN_OK) {
        return st;
    }
    out->is_auc = classes.count == 2;
    if (r->test_evaluation_id < 0) {
        return EN_OK;
    }
    st = en_catalog_predictions_of(project->catalog, r->test_evaluation_id, &rows, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_metrics_compute(&rows, classes.count, r->seed, &metrics, err);
    if (st != EN_OK) {
        goto done;
    }
    out->n = metrics.n;
    out->value = out->is_auc ? metrics.binary.auc : metrics.accuracy;
    out->low = out->is_auc ? metrics.binary.auc_low : metrics.accuracy_low;
    out->high = out->is_auc ? metrics.binary.auc_high : metrics.accuracy_high;
done:
    en_metrics_clear(&metrics);
    en_catalog_predictions_clear(&rows);
    return st;
}

static void put_int(en_table *t, int64_t value)
{
    if (value >= 0) {
        en_table_int(t, value);
    } else {
        en_table_null(t);
    }
}

/* People have 80 columns on a line: they see what tells runs apart, how far each came, and how good it is. */
static const en_column for_people[] = {{"run", 0},         {"state", EN_UNCUT}, {"epochs", EN_UNCUT},
                                       {"best", 0},        {"metric", 0},       {"val", 3},
                                       {"test", EN_UNCUT}, {"95%", EN_UNCUT},   {"n", 0}};

static void put_for_people(en_table *t, const run_row *r, const test_metric *m)
{
    char epochs[48], test[32] = "-", interval[64] = "";
    if (r->max_epochs >= 0) {
        snprintf(epochs, sizeof epochs, "%" PRId64 "/%" PRId64, r->epochs, r->max_epochs);
    } else {
        snprintf(epochs, sizeof epochs, "%" PRId64, r->epochs);
    }
    if (!isnan(m->value)) {
        snprintf(test, sizeof test, "%.3f", m->value);
    }
    if (!isnan(m->low) && !isnan(m->high)) {
        snprintf(interval, sizeof interval, "%.3f-%.3f", m->low, m->high);
    }
    en_table_text(t, r->run);
    en_table_text(t, r->state);
    en_table_text(t, epochs);
    put_int(t, r->best_epoch);
    en_table_text(t, m->is_auc ? "auc" : "accuracy");
    en_table_real(t, m->is_auc ? r->val_auc : r->val_accuracy);
    en_table_text(t, test);
    en_table_text(t, interval);
    put_int(t, m->n > 0 ? m->n : -1);
}

static const en_column for_programs[] = {
    {"run", 0},        {"state", 0},        {"model", 0},   {"target", 0},   {"subset", 0},     {"epochs", 0},
    {"best_epoch", 0}, {"val_loss", 4},     {"val_auc", 3}, {"seconds", 1},  {"started_at", 0}, {"max_epochs", 0},
    {"metric", 0},     {"val_accuracy", 3}, {"test", 3},    {"test_low", 3}, {"test_high", 3},  {"test_n", 0}};

static void put_for_programs(en_table *t, const run_row *r, const test_metric *m)
{
    en_table_text(t, r->run);
    en_table_text(t, r->state);
    en_table_text(t, r->model);
    en_table_text(t, r->target);
    en_table_text(t, r->subset);
    put_int(t, r->epochs);
    put_int(t, r->best_epoch);
    en_table_real(t, r->val_loss);
    en_table_real(t, r->val_auc);
    en_table_real(t, r->seconds);
    en_table_text(t, r->started_at);
    put_int(t, r->max_epochs);
    en_table_text(t, m->is_auc ? "auc" : "accuracy");
    en_table_real(t, r->val_accuracy);
    en_table_real(t, m->value);
    en_table_real(t, m->low);
    en_table_real(t, m->high);
    put_int(t, m->n > 0 ? m->n : -1);
}

static en_status show(const en_cli *cli, en_project *project, const run_row *rows, size_t count, en_error *err)
{
    const bool people = cli->out->format == EN_FORMAT_PEOPLE;
    en_table *t;
    en_status st = en_table_new(
        cli->out, people ? for_people : for_programs,
        people ? sizeof for_people / sizeof *for_people : sizeof for_programs / sizeof *for_programs, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < count; i++) {
        test_metric m;
        st = en_stop_check(cli->events, err);
        if (st == EN_OK) {
            st = measure(project, &rows[i], &m, err);
        }
        if (st != EN_OK) {
            en_table_drop(t);
            return st;
        }
        (people ? put_for_people : put_for_programs)(t, &rows[i], &m);
    }
    return en_table_end(t, err);
}

static en_status runs(const en_cli *cli, const en_call *call, en_error *err)
{
    (void)call;
    en_project project;
    en_stmt *s;
    void *rows = NULL;
    size_t count = 0;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_db_prepare(en_catalog_db(project.catalog), EN_SQL_RUN_LIST, &s, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_rows_read(s, &run_type, &rows, &count, err);
    if (st != EN_OK) {
        goto done;
    }
    st = show(cli, &project, rows, count, err);
done:
    en_rows_clear(&run_type, rows, count);
    en_project_close(&project);
    return st;
}

static const en_example examples[] = {
    {"eyenet runs", NULL},
    {"eyenet sql \"SELECT * FROM runs WHERE run = 'first'\" --json", "everything about one of them"},
    {NULL, NULL},
};

const en_command en_cmd_runs = {
    .name = "runs",
    .group = EN_GROUP_MODELS,
    .args = "",
    .summary = "list the training runs",
    .text =
        "The oldest first, each with the epochs that are done, and how many it was to have at most; best is the epoch "
        "whose weights are kept. metric is the area under the ROC curve (auc) where there are two classes, else the "
        "accuracy: val at the best epoch, and test as 'eyenet evaluate' last stored it for a test part, with its 95% "
        "interval and the number of photographs n, or - without an evaluation.\n\n"
        "--json and --csv have model, target, subset, losses and times, too, and the view runs everything else: seed, "
        "recipe, host, instruction set, program version and so on.",
    .table = true,
    .examples = examples,
    .run = runs,
};
