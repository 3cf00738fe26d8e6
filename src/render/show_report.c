/* A report on standard output: the run in numbers, or the photographs where there is no run. */
#include "render/confusion.h"
#include "render/metrics.h"
#include "render/show.h"

static en_status show_run(en_out *out, const en_report_result *r, en_error *err)
{
    static const en_field run[] = {
        EN_SHOW("run", en_report_result, run.name, 0),
        EN_SHOW_WORD("state", en_report_result, run.state, en_run_states),
        EN_SHOW("model", en_report_result, run.model, 0),
        EN_SHOW("target", en_report_result, run.target, 0),
        EN_SHOW("subset", en_report_result, run.subset, 0),
        EN_SHOW("recipe", en_report_result, run.recipe, 0),
        EN_SHOW_FROM("epochs", en_report_result, run.epochs, 0),
        EN_SHOW_FROM("best_epoch", en_report_result, run.best_epoch, 0),
        EN_SHOW("seconds", en_report_result, run.seconds, 1),
        EN_SHOW_IF("measured_on", en_report_result, evaluation.subset, 0, has_evaluation),
        EN_FIELDS_END,
    };
    static const en_field rest[] = {
        EN_SHOW_IF("mistakes", en_report_result, mistakes_all, 0, has_evaluation),
        EN_SHOW("file", en_report_result, file, 0),
        EN_FIELDS_END,
    };
    en_record record = {.out = out};
    en_record_fields(&record, run, r);
    en_record_fields(&record, en_metrics_fields, r->has_evaluation ? &r->metrics : NULL);
    en_record_fields(&record, rest, r);
    return en_record_end(&record, err);
}

static en_status show_mistakes(en_out *out, const en_report_result *r, en_error *err)
{
    static const en_column columns[] = {{"worst_mistakes", 0}, {"truth", 0}, {"predicted", 0}, {"p_of_truth", 4}};
    en_table *t;
    en_out_line(out, "%s", "");
    en_status st = en_table_new(out, columns, 4, &t, err);
    for (size_t i = 0; st == EN_OK && i < r->mistakes; i++) {
        const en_report_mistake *m = &r->mistake[i];
        en_table_text(t, m->image);
        en_table_text(t, en_report_class(r, m->truth));
        en_table_text(t, en_report_class(r, m->predicted));
        en_table_real(t, m->p);
    }
    return st == EN_OK ? en_table_end(t, err) : st;
}

/* A project without runs: what photographs it has. */
static en_status show_project(en_out *out, const en_report_result *r, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("grade", en_report_balance, name, 0),   EN_SHOW("train", en_report_balance, train, 0),
        EN_SHOW("val", en_report_balance, val, 0),      EN_SHOW("test", en_report_balance, test, 0),
        EN_SHOW("no_part", en_report_balance, none, 0), EN_FIELDS_END,
    };
    for (size_t i = 0; i < r->states.count; i++) {
        en_out_line(out, "%-9s %lld photographs", r->states.row[i].name, (long long)r->states.row[i].count);
    }
    en_out_line(out, "%s", "");
    en_status st = en_table_fields(out, fields, r->balance, r->balances, sizeof *r->balance, err);
    if (r->file != NULL) {
        en_out_line(out, "\nthe report %s is about the photographs", r->file);
    }
    return st;
}

en_status en_show_report(en_out *out, const en_report_result *r, en_error *err)
{
    if (!r->has_run) {
        return show_project(out, r, err);
    }
    en_status st = show_run(out, r, err);
    if (st != EN_OK || out->format != EN_OUT_TEXT || !r->has_evaluation) {
        return st;
    }
    st = en_confusion_show(out, &r->metrics.confusion, &r->classes, r->run.target, err);
    return st == EN_OK && r->mistakes > 0 ? show_mistakes(out, r, err) : st;
}

en_status en_show_several(en_out *out, const en_report_several_result *r, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_report_result, run.name, 0),
        EN_SHOW_WORD("state", en_report_result, run.state, en_run_states),
        EN_SHOW_IF("measured_on", en_report_result, evaluation.subset, 0, has_evaluation),
        EN_SHOW_IF("n", en_report_result, metrics.n, 0, has_evaluation),
        EN_SHOW_IF("patients", en_report_result, metrics.patients, 0, has_evaluation),
        EN_SHOW_IF("auc", en_report_result, metrics.binary.auc.value, 3, metrics.is_binary),
        EN_SHOW_IF("auc_low", en_report_result, metrics.binary.auc.is_in.low, 3, metrics.is_binary),
        EN_SHOW_IF("auc_high", en_report_result, metrics.binary.auc.is_in.high, 3, metrics.is_binary),
        EN_SHOW_IF("accuracy", en_report_result, metrics.accuracy.value, 3, has_evaluation),
        EN_SHOW_IF("kappa", en_report_result, metrics.kappa.value, 3, has_evaluation),
        EN_FIELDS_END,
    };
    en_status st = en_table_fields(out, fields, r->run, r->runs, sizeof *r->run, err);
    for (size_t i = 1; st == EN_OK && i < r->runs; i++) {
        if (r->other[i].why_not != NULL) {
            en_out_line(out, "\nnot compared: %s", r->other[i].why_not);
        }
    }
    if (r->file != NULL) {
        en_out_line(out, "\nthe report %s is about these runs", r->file);
    }
    return st;
}

en_status en_show_plotted(en_out *out, const en_report_plotted *plotted, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("chart", en_report_plotted, chart, 0),
        EN_SHOW("run", en_report_plotted, run, 0),
        EN_SHOW("file", en_report_plotted, path, 0),
        EN_SHOW("bytes", en_report_plotted, bytes, 0),
        EN_FIELDS_END,
    };
    if (plotted->path == NULL) {
        fputs(en_buf_str(&plotted->picture), out->stream);
        return EN_OK;
    }
    return en_show_record(out, fields, plotted, err);
}

en_status en_show_contact(en_out *out, const en_contact_result *r, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("image", en_contact_row, image, 0),      EN_SHOW("status", en_contact_row, status, 0),
        EN_SHOW("reason", en_contact_row, reason, 0),    EN_SHOW("detail", en_contact_row, detail, 0),
        EN_SHOW_FROM("grade", en_contact_row, grade, 0), EN_SHOW("score", en_contact_row, score, 3),
        EN_SHOW("path", en_contact_row, path, 0),        EN_FIELDS_END,
    };
    en_status st = en_table_fields(out, fields, r->row, r->count, sizeof *r->row, err);
    if (st == EN_OK && r->sheet != NULL) {
        en_out_line(out, "\nthe contact sheet is %s", r->sheet);
    }
    return st;
}
