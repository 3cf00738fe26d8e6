/* The run as values: what was asked, the network, how it learned, provenance. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "report/parts.h"

#define PAPER_EPOCHS 40 /* rows of a table on paper */

static void asked(en_values *v, const en_report_result *r)
{
    static const en_value_column class_columns[] = {{"class", "Class", false}, {"label", "What it is called", false}};
    en_values_section(v, "run", "The run");
    en_values_facts(v);
    en_values_fact(v, "name", "name", r->run.name);
    en_values_fact(v, "uuid", "uuid", r->run.uuid);
    en_values_fact(v, "state", "state", en_word(&en_run_states, r->run.state));
    en_values_fact(v, "target", "target", r->run.target);
    en_values_fact(v, "recipe", "recipe", r->run.recipe);
    en_values_fact(v, "model", "network", r->run.model);
    en_values_fact(v, "origin", "origin", en_word(&en_run_origins, r->run.origin));
    en_values_fact_code(v, "command_line", "command line", r->run.command_line);
    en_values_facts_end(v);
    if (r->members.count > 0) {
        static const en_value_column member_columns[] = {{"run", "Member", false}};
        en_values_table(v, "members", NULL, member_columns, 1);
        for (size_t i = 0; i < r->members.count; i++) {
            en_values_text(v, r->members.run[i].name);
        }
        en_values_table_end(v);
    }
    en_values_table(v, "classes", NULL, class_columns, 2);
    for (size_t i = 0; i < r->classes.count; i++) {
        en_values_text(v, r->classes.name[i]);
        en_values_text(v, en_report_class(r, i));
    }
    en_values_table_end(v);
    en_values_section_end(v);
}

static void calibration(en_values *v, const en_report_result *r)
{
    const en_calibration *c = &r->calibration;
    en_values_fact(v, "calibration", "calibration",
                   c->method != 0 ? en_word(&en_calibrate_methods, c->method) : "none");
    en_values_fact_count(v, "calibration_n", "images it is fitted on", c->method != 0 ? c->n : -1);
    en_values_fact_real(v, "calibration_scale", "its scale", c->method != 0 ? c->scale : (double)NAN, 4);
    en_values_fact_real(v, "calibration_shift", "its shift", c->method != 0 ? c->shift : (double)NAN, 4);
}

static void network(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {{"setting", "Setting", false}, {"value", "Value", false}};
    static const en_value_column cut_columns[] = {{"class", "Class", false},
                                                  {"from", "From an expected value of", true}};
    en_values_section(v, "network", "The network");
    en_values_facts(v);
    en_values_fact_code(v, "spec", "layers", r->run.spec);
    calibration(v, r);
    en_values_facts_end(v);
    en_values_table(v, "settings", NULL, columns, 2);
    for (size_t i = 0; i < r->params.count; i++) {
        if (strcmp(r->params.row[i].name, EN_CALIBRATION_SETTING) != 0) {
            en_values_text(v, r->params.row[i].name);
            en_values_text(v, r->params.row[i].value);
        }
    }
    en_values_table_end(v);
    if (r->calibration.cuts > 0) {
        en_values_table(v, "cuts", "From which expected value on a class is the answer", cut_columns, 2);
        for (size_t i = 0; i < r->calibration.cuts; i++) {
            en_values_text(v, r->classes.name[i + 1]);
            en_values_real(v, r->calibration.cut[i], 3);
        }
        en_values_table_end(v);
    }
    en_values_section_end(v);
}

static double value_at(const en_catalog_curve *curve, double epoch)
{
    for (size_t i = 0; curve != NULL && i < curve->count; i++) {
        if (fabs(curve->epoch[i] - epoch) < 0.5) {
            return curve->value[i];
        }
    }
    return (double)NAN;
}

static void learning(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {{"epoch", "Epoch", true},
                                              {"train_loss", "Train loss", true},
                                              {"val_loss", "Val. loss", true},
                                              {"train_accuracy", "Train accuracy", true},
                                              {"val_accuracy", "Val. accuracy", true},
                                              {"val_auc", "Val. AUC", true},
                                              {"seconds", "Seconds", true}};
    static const unsigned decimals[] = {4, 4, 3, 3, 3, 1};
    const en_catalog_curve *curve[] = {en_report_curve(r, EN_PART_TRAIN, en_report_loss(r)),
                                       en_report_curve(r, EN_PART_VAL, en_report_loss(r)),
                                       en_report_curve(r, EN_PART_TRAIN, "accuracy"),
                                       en_report_curve(r, EN_PART_VAL, "accuracy"),
                                       en_report_curve(r, EN_PART_VAL, "auc"),
                                       en_report_curve(r, EN_PART_NONE, "seconds")};
    en_values_section(v, "learning", "How it learned");
    en_values_facts(v);
    en_values_fact_count(v, "epochs_done", "epochs", r->run.epochs > 0 ? r->run.epochs : 0);
    en_values_fact_count(v, "best_epoch", "epoch whose weights were kept", r->run.best_epoch);
    en_values_fact(v, "loss", "loss that training minimised", en_report_loss(r));
    en_values_facts_end(v);
    /* On paper, where there are charts of them, not more epochs than fit a page. */
    const int64_t apart = v->form == EN_VALUES_PDF ? (r->run.epochs + PAPER_EPOCHS - 1) / PAPER_EPOCHS : 1;
    en_values_table(v, "epochs", apart > 1 ? "Some of the epochs, and the one whose weights were kept" : NULL, columns,
                    7);
    for (int64_t epoch = 1; epoch <= r->run.epochs; epoch++) {
        if (epoch % apart != 0 && epoch != r->run.best_epoch && epoch != 1) {
            continue;
        }
        en_values_count(v, epoch);
        for (size_t i = 0; i < sizeof curve / sizeof curve[0]; i++) {
            en_values_real(v, value_at(curve[i], (double)epoch), decimals[i]);
        }
    }
    en_values_table_end(v);
    en_values_section_end(v);
}

void en_report_values_run(en_values *v, const en_report_result *r)
{
    asked(v, r);
    network(v, r);
    learning(v, r);
}

void en_report_values_provenance(en_values *v, const en_report_result *r)
{
    char seed[32];
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)r->run.seed);
    en_values_section(v, "provenance", "Provenance");
    en_values_facts(v);
    en_values_fact(v, "started_at", "started", r->run.started_at);
    en_values_fact(v, "ended_at", "ended", r->run.ended_at);
    en_values_fact_real(v, "seconds", "training took, s", r->run.seconds, 1);
    en_values_fact_count(v, "attempts", "attempts", r->run.attempt);
    en_values_fact(v, "seed", "seed", r->run.origin != EN_RUN_TRAINED ? NULL : seed);
    en_values_fact(v, "program", "program", r->run.version);
    en_values_fact(v, "commit", "commit", r->run.commit);
    en_values_fact(v, "cpu", "processor", r->run.cpu);
    en_values_fact(v, "isa", "instruction set", r->run.isa);
    en_values_fact_count(v, "threads", "threads", r->run.threads);
    en_values_fact(v, "subset_sha256", "training subset, SHA-256", r->subset.sha256);
    en_values_fact(v, "weights", "weights", r->checkpoint.path);
    en_values_fact(v, "weights_sha256", "weights, SHA-256", r->checkpoint.path != NULL ? r->checkpoint.sha256 : NULL);
    en_values_fact(v, "measured_at", "measured", r->has_evaluation ? r->evaluation.created_at : NULL);
    en_values_fact(v, "imported_from", "predictions imported from", r->has_evaluation ? r->evaluation.file : NULL);
    en_values_fact(v, "measured_subset_sha256", "measured subset, SHA-256",
                   r->has_evaluation ? r->eval_subset.sha256 : NULL);
    en_values_facts_end(v);
    en_values_section_end(v);
}
