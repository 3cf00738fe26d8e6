/* The list of runs. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "render/field.h"
#include "render/show.h"

/* A terminal has 80 columns: name, state, progress and the test metric. */
typedef struct line {
    const char *name, *metric;
    char state[48], epochs[48], test[32], interval[64];
    int64_t best_epoch, n;
    double val;
} line;

static line line_of(const en_run_summary *r)
{
    line l = {
        .name = r->run, .metric = r->metric, .test = "-", .best_epoch = r->best_epoch, .n = r->test_n, .val = r->val};
    snprintf(l.state, sizeof l.state, "%s%s%.*s", en_word(&en_run_states, r->state), r->trouble != NULL ? ", " : "",
             r->trouble != NULL ? (int)strcspn(r->trouble, " ") : 0, r->trouble != NULL ? r->trouble : "");
    if (strcmp(r->model, en_word(&en_run_origins, EN_RUN_ENSEMBLE)) == 0 && r->subset == NULL) {
        snprintf(l.epochs, sizeof l.epochs, "-");
    } else if (r->max_epochs >= 0) {
        snprintf(l.epochs, sizeof l.epochs, "%" PRId64 "/%" PRId64, r->epochs, r->max_epochs);
    } else {
        snprintf(l.epochs, sizeof l.epochs, "%" PRId64, r->epochs);
    }
    if (!isnan(r->test)) {
        snprintf(l.test, sizeof l.test, "%.3f", r->test);
    }
    if (!isnan(r->test) && r->test_weights_kept == 0) {
        snprintf(l.interval, sizeof l.interval, "old weights");
    } else if (!isnan(r->test_low) && !isnan(r->test_high)) {
        snprintf(l.interval, sizeof l.interval, "%.3f-%.3f", r->test_low, r->test_high);
    } else if (!isnan(r->test)) {
        snprintf(l.interval, sizeof l.interval, "too few");
    }
    return l;
}

/* A further column that the table has already is not there twice. */
static bool is_further(const en_field *fields, const char *name)
{
    while (fields->name != NULL && strcmp(fields->name, name) != 0) {
        fields++;
    }
    return fields->name == NULL;
}

/* A table of these fields and the further columns that were asked for. */
static en_status begin(en_out *out, const en_field *fields, const en_run_summaries *runs, en_table **t, en_error *err)
{
    en_column column[EN_FIELDS_MAX + EN_RUNS_COLUMNS_MAX];
    size_t n = 0;
    for (; fields[n].name != NULL; n++) {
        column[n] = (en_column){fields[n].name, fields[n].decimals};
    }
    for (size_t i = 0; i < runs->columns; i++) {
        if (is_further(fields, runs->column[i])) {
            column[n++] = (en_column){runs->column[i], EN_SIGNIFICANT};
        }
    }
    return en_table_new(out, column, n, t, err);
}

static void put_values(en_table *t, const en_field *fields, const en_run_summaries *runs, size_t row)
{
    for (size_t i = 0; i < runs->columns; i++) {
        const en_run_value *v = &runs->value[row * runs->columns + i];
        int64_t whole;
        double real;
        if (!is_further(fields, runs->column[i])) {
            continue;
        }
        if (v->number && en_parse_int(v->text, &whole)) {
            en_table_int(t, whole);
        } else if (v->number && en_parse_double(v->text, &real)) {
            en_table_real(t, real);
        } else {
            en_table_text(t, v->text);
        }
    }
}

static en_status show_lines(en_out *out, const en_run_summaries *runs, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", line, name, 0),
        EN_SHOW("state", line, state, EN_UNCUT),
        EN_SHOW("epochs", line, epochs, EN_UNCUT),
        EN_SHOW_FROM("best", line, best_epoch, 0),
        EN_SHOW("metric", line, metric, 0),
        EN_SHOW("val", line, val, 3),
        EN_SHOW("test", line, test, EN_UNCUT),
        EN_SHOW("95%", line, interval, EN_UNCUT),
        EN_SHOW_FROM("n", line, n, 1),
        EN_FIELDS_END,
    };
    en_table *t;
    en_status st = begin(out, fields, runs, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < runs->count; i++) {
        const line l = line_of(&runs->row[i]);
        en_table_row(t, fields, &l);
        put_values(t, fields, runs, i);
    }
    return en_table_end(t, err);
}

static en_status show_rows(en_out *out, const en_run_summaries *runs, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_run_summary, run, 0),
        EN_SHOW_WORD("state", en_run_summary, state, en_run_states),
        EN_SHOW("model", en_run_summary, model, 0),
        EN_SHOW("target", en_run_summary, target, 0),
        EN_SHOW("subset", en_run_summary, subset, 0),
        EN_SHOW("epochs", en_run_summary, epochs, 0),
        EN_SHOW_FROM("best_epoch", en_run_summary, best_epoch, 0),
        EN_SHOW("val_loss", en_run_summary, val_loss, 4),
        EN_SHOW("val_auc", en_run_summary, val_auc, 3),
        EN_SHOW("seconds", en_run_summary, seconds, 1),
        EN_SHOW("started_at", en_run_summary, started_at, 0),
        EN_SHOW_FROM("max_epochs", en_run_summary, max_epochs, 0),
        EN_SHOW("metric", en_run_summary, metric, 0),
        EN_SHOW("val_accuracy", en_run_summary, val_accuracy, 3),
        EN_SHOW("test", en_run_summary, test, 3),
        EN_SHOW("test_low", en_run_summary, test_low, 3),
        EN_SHOW("test_high", en_run_summary, test_high, 3),
        EN_SHOW_FROM("test_n", en_run_summary, test_n, 1),
        EN_SHOW("augmentation", en_run_summary, augmentation, 0),
        EN_SHOW_FROM("test_weights_kept", en_run_summary, test_weights_kept, 0),
        EN_SHOW("trouble", en_run_summary, trouble, 0),
        EN_SHOW("auc", en_run_summary, auc, 3),
        EN_SHOW("accuracy", en_run_summary, accuracy, 3),
        EN_SHOW("balanced_accuracy", en_run_summary, balanced_accuracy, 3),
        EN_SHOW("kappa", en_run_summary, kappa, 3),
        EN_SHOW("sensitivity", en_run_summary, sensitivity, 3),
        EN_SHOW("specificity", en_run_summary, specificity, 3),
        EN_FIELDS_END,
    };
    en_table *t;
    en_status st = begin(out, fields, runs, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < runs->count; i++) {
        en_table_row(t, fields, &runs->row[i]);
        put_values(t, fields, runs, i);
    }
    return en_table_end(t, err);
}

en_status en_show_runs(en_out *out, const en_run_summaries *runs, en_error *err)
{
    return out->format == EN_OUT_TEXT ? show_lines(out, runs, err) : show_rows(out, runs, err);
}

en_status en_show_reproduce(en_out *out, const en_reproduce_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_reproduce_result, run, 0),
        EN_SHOW("again", en_reproduce_result, again, 0),
        EN_SHOW("outcome", en_reproduce_result, outcome, 0),
        EN_SHOW("weights_sha256", en_reproduce_result, weights_sha256, 0),
        EN_SHOW("again_sha256", en_reproduce_result, again_sha256, 0),
        EN_SHOW("metrics", en_reproduce_result, metrics, 0),
        EN_SHOW("metrics_different", en_reproduce_result, different, 0),
        EN_SHOW_FROM("first_different_epoch", en_reproduce_result, first_epoch, 0),
        EN_SHOW("differences", en_reproduce_result, differences, 0),
        EN_SHOW("seconds", en_reproduce_result, seconds, 1),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_run_combine(en_out *out, const en_run_combine_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_run_combine_result, run, 0),
        EN_SHOW("target", en_run_combine_result, target, 0),
        EN_SHOW("members", en_run_combine_result, members, 0),
        EN_SHOW("views", en_run_combine_result, views, 0),
        EN_SHOW("fitted_on", en_run_combine_result, fitted_on, 0),
        EN_SHOW("validation_images", en_run_combine_result, validation_images, 0),
        EN_SHOW("each_by", en_run_combine_result, each_by, 0),
        EN_SHOW("left_out", en_run_combine_result, left_out, 0),
        EN_SHOW_FROM("with_fellow", en_run_combine_result, with_fellow, 0),
        EN_SHOW("decision", en_run_combine_result, decision, 0),
        EN_SHOW("val_loss", en_run_combine_result, val_loss, 4),
        EN_SHOW("val_accuracy", en_run_combine_result, val_accuracy, 3),
        EN_SHOW("val_auc", en_run_combine_result, val_auc, 3),
        EN_SHOW("val_kappa", en_run_combine_result, val_kappa, 3),
        EN_SHOW("seconds", en_run_combine_result, seconds, 1),
        EN_SHOW("uuid", en_run_combine_result, uuid, 0),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_run_import(en_out *out, const en_run_import_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_run_import_result, run, 0),
        EN_SHOW("target", en_run_import_result, target, 0),
        EN_SHOW("subset", en_run_import_result, subset, 0),
        EN_SHOW("read_as", en_run_import_result, read_as, 0),
        EN_SHOW("rows", en_run_import_result, rows, 0),
        EN_SHOW("predictions", en_run_import_result, predictions, 0),
        EN_SHOW("repeated", en_run_import_result, repeated, 0),
        EN_SHOW("empty", en_run_import_result, empty, 0),
        EN_SHOW("outside", en_run_import_result, outside, 0),
        EN_SHOW("without_prediction", en_run_import_result, without_prediction, 0),
        EN_SHOW("without_target", en_run_import_result, without_target, 0),
        EN_SHOW("without_class", en_run_import_result, without_class, 0),
        EN_SHOW("seconds", en_run_import_result, seconds, 1),
        EN_SHOW("uuid", en_run_import_result, uuid, 0),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_run_log(en_out *out, const en_run_log_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_run_log_result, run, 0),
        EN_SHOW_WORD("state", en_run_log_result, state, en_run_states),
        EN_SHOW("lines", en_run_log_result, lines, 0),
        EN_SHOW("params", en_run_log_result, params, 0),
        EN_SHOW("metrics", en_run_log_result, metrics, 0),
        EN_SHOW("repeated", en_run_log_result, repeated, 0),
        EN_SHOW("tags", en_run_log_result, tags, 0),
        EN_SHOW("uuid", en_run_log_result, uuid, 0),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_track(en_out *out, const en_track_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("store", en_track_result, store, 0),
        EN_SHOW("runs", en_track_result, runs, 0),
        EN_SHOW("imported", en_track_result, imported, 0),
        EN_SHOW("skipped", en_track_result, skipped, 0),
        EN_SHOW("damaged", en_track_result, damaged, 0),
        EN_SHOW("params", en_track_result, counts.params, 0),
        EN_SHOW("metrics", en_track_result, counts.metrics, 0),
        EN_SHOW("replaced", en_track_result, counts.replaced, 0),
        EN_SHOW("tags", en_track_result, counts.tags, 0),
        EN_SHOW("left_out", en_track_result, counts.left_out, 0),
        EN_SHOW("seconds", en_track_result, seconds, 1),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_promote(en_out *out, const en_promote_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("alias", en_promote_result, alias, 0),
        EN_SHOW("run", en_promote_result, run, 0),
        EN_SHOW("replaced", en_promote_result, replaced, 0),
        EN_SHOW("metric", en_promote_result, metric, 0),
        EN_SHOW("difference", en_promote_result, difference, 4),
        EN_SHOW("low", en_promote_result, low, 4),
        EN_SHOW("high", en_promote_result, high, 4),
        EN_SHOW("margin", en_promote_result, margin, 4),
        EN_SHOW_FROM("n", en_promote_result, n, 0),
        EN_SHOW_FROM("patients", en_promote_result, patients, 0),
        EN_SHOW("reason", en_promote_result, reason, 0),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_retrain(en_out *out, const en_retrain_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_retrain_result, run, 0),
        EN_SHOW("new_run", en_retrain_result, again, 0),
        EN_SHOW("split", en_retrain_result, split, 0),
        EN_SHOW("subset", en_retrain_result, subset, 0),
        EN_SHOW("photographs", en_retrain_result, photographs, 0),
        EN_SHOW("patients", en_retrain_result, patients, 0),
        EN_SHOW("kept_out", en_retrain_result, kept_out, 0),
        EN_SHOW("rejected", en_retrain_result, rejected, 0),
        EN_SHOW("drifted", en_retrain_result, drifted, 0),
        EN_SHOW("epochs", en_retrain_result, epochs, 0),
        EN_SHOW_FROM("best_epoch", en_retrain_result, best_epoch, 0),
        EN_SHOW("test_subset", en_retrain_result, test_subset, 0),
        EN_SHOW("metric", en_retrain_result, compare.metric, 0),
        EN_SHOW("value", en_retrain_result, compare.replaced_value, 4),
        EN_SHOW("new_value", en_retrain_result, compare.value, 4),
        EN_SHOW("difference", en_retrain_result, compare.difference, 4),
        EN_SHOW("low", en_retrain_result, compare.low, 4),
        EN_SHOW("high", en_retrain_result, compare.high, 4),
        EN_SHOW("margin", en_retrain_result, compare.margin, 4),
        EN_SHOW_FROM("n", en_retrain_result, compare.n, 0),
        EN_SHOW_FROM("test_patients", en_retrain_result, compare.patients, 0),
        EN_SHOW("alias", en_retrain_result, compare.alias, 0),
        EN_SHOW("decision", en_retrain_result, decision, 0),
        EN_SHOW("reason", en_retrain_result, reason, 0),
        EN_SHOW("seconds", en_retrain_result, seconds, 1),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_promotions(en_out *out, const en_catalog_promotions *list, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("alias", en_catalog_promotion, alias, 0),
        EN_SHOW("run", en_catalog_promotion, run, 0),
        EN_SHOW("current", en_catalog_promotion, current, 0),
        EN_SHOW("replaced", en_catalog_promotion, replaced, 0),
        EN_SHOW("metric", en_catalog_promotion, metric, 0),
        EN_SHOW("difference", en_catalog_promotion, difference, 4),
        EN_SHOW("low", en_catalog_promotion, low, 4),
        EN_SHOW("high", en_catalog_promotion, high, 4),
        EN_SHOW("margin", en_catalog_promotion, margin, 4),
        EN_SHOW_FROM("n", en_catalog_promotion, n, 0),
        EN_SHOW_FROM("patients", en_catalog_promotion, patients, 0),
        EN_SHOW("reason", en_catalog_promotion, reason, 0),
        EN_SHOW("promoted_at", en_catalog_promotion, promoted_at, 0),
        EN_FIELDS_END,
    };
    return en_table_fields(out, fields, list->row, list->count, sizeof *list->row, err);
}
