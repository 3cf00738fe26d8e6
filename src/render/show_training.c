/* What train, evaluate and predict found. */
#include <math.h>
#include <stdio.h>

#include "render/confusion.h"
#include "render/metrics.h"
#include "render/show.h"

en_status en_show_train(en_out *out, const en_train_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_train_result, run, 0),
        EN_SHOW_WORD("state", en_train_result, state, en_run_states),
        EN_SHOW("images", en_train_result, members, 0),
        EN_SHOW("validation_images", en_train_result, validation_members, 0),
        EN_SHOW("without_target", en_train_result, without_target, 0),
        EN_SHOW("without_sample", en_train_result, without_sample, 0),
        EN_SHOW("epochs", en_train_result, epochs, 0),
        EN_SHOW_FROM("best_epoch", en_train_result, best_epoch, 1),
        EN_SHOW("train_loss", en_train_result, best.train_loss, 4),
        EN_SHOW("train_weighted_loss", en_train_result, best.train_weighted_loss, 4),
        EN_SHOW("train_accuracy", en_train_result, best.train_accuracy, 3),
        EN_SHOW("val_loss", en_train_result, best.val_loss, 4),
        EN_SHOW("val_weighted_loss", en_train_result, best.val_weighted_loss, 4),
        EN_SHOW("val_accuracy", en_train_result, best.val_accuracy, 3),
        EN_SHOW("val_auc", en_train_result, best.val_auc, 3),
        EN_SHOW("seconds", en_train_result, seconds, 1),
        EN_SHOW("images_per_second", en_train_result, images_per_second, 1),
        EN_SHOW("parameters", en_train_result, parameters, 0),
        EN_SHOW("memory_bytes", en_train_result, memory_bytes, 0),
        EN_SHOW("weights", en_train_result, weights, 0),
        EN_SHOW("uuid", en_train_result, uuid, 0),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_folds(en_out *out, const en_folds_result *r, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_fold_run, result.run, 0),
        EN_SHOW("split", en_fold_run, split, 0),
        EN_SHOW_WORD("state", en_fold_run, result.state, en_run_states),
        EN_SHOW_IF("images", en_fold_run, result.members, 0, trained),
        EN_SHOW_IF("validation_images", en_fold_run, result.validation_members, 0, trained),
        EN_SHOW("epochs", en_fold_run, result.epochs, 0),
        EN_SHOW_FROM("best_epoch", en_fold_run, result.best_epoch, 1),
        EN_SHOW("val_loss", en_fold_run, result.best.val_loss, 4),
        EN_SHOW("val_accuracy", en_fold_run, result.best.val_accuracy, 3),
        EN_SHOW("val_auc", en_fold_run, result.best.val_auc, 3),
        EN_SHOW_IF("seconds", en_fold_run, result.seconds, 1, trained),
        EN_FIELDS_END,
    };
    en_status st = en_table_fields(out, fields, r->run, r->count, sizeof *r->run, err);
    if (st == EN_OK && !isnan(r->mean_loss)) {
        char auc[32] = "";
        if (!isnan(r->mean_auc)) {
            snprintf(auc, sizeof auc, ", val_auc %.3f", r->mean_auc);
        }
        en_out_line(out, "\nmean of %zu folds: val_loss %.4f%s; each run's best epoch was chosen on its fold", r->count,
                    r->mean_loss, auc);
    }
    return st;
}

static en_status show_metrics(en_out *out, const en_evaluate_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_evaluate_result, run, 0),
        EN_SHOW("subset", en_evaluate_result, subset, 0),
        EN_SHOW("target", en_evaluate_result, target, 0),
        EN_SHOW("weights", en_evaluate_result, weights, 0),
        EN_SHOW("weights_sha256", en_evaluate_result, weights_sha256, 0),
        EN_SHOW("decision", en_evaluate_result, decision, 0),
        EN_SHOW_FROM("without_target", en_evaluate_result, without_target, 0),
        EN_SHOW_FROM("without_sample", en_evaluate_result, without_sample, 0),
        EN_SHOW_FROM("without_class", en_evaluate_result, without_class, 1),
        EN_SHOW_FROM("with_fellow", en_evaluate_result, with_fellow, 0),
        EN_FIELDS_END,
    };
    en_record r = {.out = out};
    en_record_fields(&r, fields, result);
    en_record_fields(&r, en_metrics_fields, &result->metrics);
    en_record_real(&r, "seconds", 1, result->seconds);
    return en_record_end(&r, err);
}

en_status en_show_evaluate(en_out *out, const en_evaluate_result *r, en_error *err)
{
    en_status st = show_metrics(out, r, err);
    if (st == EN_OK && out->format == EN_OUT_TEXT) { /* programs find the same in the view confusion */
        st = en_confusion_show(out, &r->metrics.confusion, &r->classes, r->target, err);
    }
    return st;
}

#define COLUMNS_BEFORE 2 /* image, predicted */
#define UNIT_COLUMNS 7   /* all but those of the classes */
#define COLUMNS_AFTER 5  /* with_fellow, explained, heat_map, no_prediction, warning */

/* People read "yes" of "grade >= 2"; programs get the class itself, which does not change with our wording. */
static const char *class_of(const en_out *out, const en_predict_result *r, size_t class)
{
    return out->format == EN_OUT_TEXT ? en_classes_label(&r->classes, r->target, class) : r->classes.name[class];
}

static void put(const en_out *out, en_table *t, const en_predict_result *r, const en_prediction_row *row)
{
    en_table_text(t, row->path);
    en_table_text(t, row->reason == NULL ? class_of(out, r, row->predicted) : NULL);
    for (size_t c = 0; c < r->classes.count; c++) {
        if (row->reason == NULL) {
            en_table_real(t, row->probability[c]);
        } else {
            en_table_null(t);
        }
    }
    if (r->fellows) {
        en_table_int(t, row->with_fellow);
    }
    if (r->explained) {
        en_table_text(t, row->heat != NULL ? class_of(out, r, row->explained) : NULL);
        en_table_text(t, row->heat);
    }
    en_table_text(t, row->reason);
    en_table_text(t, row->warning);
}

static en_status show_units(en_out *out, const en_predict_result *r, en_error *err)
{
    const bool eyes = r->unit == EN_UNIT_EYE;
    en_column columns[UNIT_COLUMNS + EN_MAX_CLASSES] = {{"patient", 0}};
    char heading[EN_MAX_CLASSES][EN_CLASS_NAME + 2], predicted[EN_HEADING_ROOM];
    size_t n = 1;
    if (eyes) {
        columns[n++] = (en_column){"eye", 0};
    }
    columns[n++] = (en_column){"photographs", 0};
    columns[n++] =
        (en_column){out->format == EN_OUT_TEXT ? en_heading_of("predicted", r->target, predicted) : "predicted", 0};
    for (size_t c = 0; c < r->classes.count; c++) {
        snprintf(heading[c], sizeof heading[c], "p_%s", r->classes.name[c]);
        columns[n++] = (en_column){heading[c], 4};
    }
    columns[n++] = (en_column){"without_prediction", 0};
    columns[n++] = (en_column){"no_prediction", 0};
    en_table *t;
    en_status st = en_table_new(out, columns, n, &t, err);
    for (size_t i = 0; st == EN_OK && i < r->units; i++) {
        const en_prediction_unit *u = &r->unit_row[i];
        const bool is = u->failed < u->photographs;
        en_table_text(t, u->patient);
        if (eyes) {
            en_table_text(t, u->eye);
        }
        en_table_int(t, (int64_t)u->photographs);
        en_table_text(t, is ? class_of(out, r, u->predicted) : NULL);
        for (size_t c = 0; c < r->classes.count; c++) {
            if (is) {
                en_table_real(t, u->probability[c]);
            } else {
                en_table_null(t);
            }
        }
        en_table_int(t, (int64_t)u->failed);
        en_table_text(t, u->reason);
    }
    return st == EN_OK ? en_table_end(t, err) : st;
}

static en_status show_photographs(en_out *out, const en_predict_result *r, en_error *err)
{
    en_column columns[COLUMNS_BEFORE + EN_MAX_CLASSES + COLUMNS_AFTER] = {{"image", 0}, {"predicted", 0}};
    char heading[EN_MAX_CLASSES][EN_CLASS_NAME + 2], predicted[EN_HEADING_ROOM];
    size_t n = COLUMNS_BEFORE;
    if (out->format == EN_OUT_TEXT) {
        columns[1].name = en_heading_of("predicted", r->target, predicted);
    }
    for (size_t c = 0; c < r->classes.count; c++) {
        snprintf(heading[c], sizeof heading[c], "p_%s", r->classes.name[c]);
        columns[n++] = (en_column){heading[c], 4};
    }
    if (r->fellows) {
        columns[n++] = (en_column){"with_fellow", 0};
    }
    if (r->explained) {
        columns[n++] = (en_column){"explained", 0};
        columns[n++] = (en_column){"heat_map", 0};
    }
    columns[n++] = (en_column){"no_prediction", 0};
    columns[n++] = (en_column){"warning", 0};
    en_table *t;
    en_status st = en_table_new(out, columns, n, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < r->count; i++) {
        put(out, t, r, &r->row[i]);
    }
    return en_table_end(t, err);
}

en_status en_show_predict(en_out *out, const en_predict_result *r, en_error *err)
{
    en_status st = r->unit != 0 ? show_units(out, r, err) : show_photographs(out, r, err);
    if (st == EN_OK) {
        en_out_line(out, "\nanswered by %s", r->decision);
    }
    return st;
}
