/* eyenet evaluate. */
#include "lab/evaluate.h"

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/confusion.h"
#include "cli/project.h"

typedef struct evaluate_options {
    const char *part, *subset;
} evaluate_options;

static const char *const parts[] = {"test", "val", "train", NULL};

static en_status show_figures(const en_cli *cli, const en_evaluate_result *r, en_error *err)
{
    static const en_column columns[] = {
        {"run", 0},         {"subset", 0},      {"target", 0}, {"n", 0},        {"without_target", 0},
        {"without_sample", 0}, {"correct", 0},  {"loss", 4},   {"accuracy", 4}, {"kappa", 4},
        {"auc", 4},         {"auc_low", 4},     {"auc_high", 4}, {"sensitivity", 4}, {"specificity", 4},
        {"sensitivity_at_90", 4}, {"ece", 4},   {"seconds", 1}};
    en_table *t;
    en_status st = en_record_new(cli->out, columns, sizeof columns / sizeof *columns, &t, err);
    if (st != EN_OK) {
        return st;
    }
    en_table_text(t, r->run);
    en_table_text(t, r->subset);
    en_table_text(t, r->target);
    en_table_int(t, r->n);
    en_table_int(t, r->without_target);
    en_table_int(t, r->without_sample);
    en_table_int(t, r->correct);
    const double figures[] = {r->loss,        r->accuracy,    r->kappa,             r->auc, r->auc_low, r->auc_high,
                              r->sensitivity, r->specificity, r->sensitivity_at_90, r->ece, r->seconds};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        en_table_real(t, figures[i]);
    }
    return en_table_end(t, err);
}

/* For people only: elsewhere the view confusion has the same. */
static en_status show_confusion(const en_cli *cli, const en_evaluate_result *r, en_error *err)
{
    const char *names[EN_MAX_CLASSES];
    for (size_t c = 0; c < r->classes; c++) {
        names[c] = r->class_name[c];
    }
    return en_confusion_show(cli->out, r->classes, names, &r->confusion[0][0], EN_MAX_CLASSES, err);
}

static en_status evaluate(const en_cli *cli, const en_call *call, en_error *err)
{
    const evaluate_options *given = call->options;
    if (given->part != NULL && given->subset != NULL) {
        return en_error_set(err, EN_USAGE, "evaluate: --part and --subset at once: choose one");
    }
    const en_evaluate_options options = {
        .run = call->words > 0 ? call->word[0] : NULL, .part = given->part, .subset = given->subset};
    en_evaluate_result *result = en_calloc(1, sizeof *result); /* large: it holds a confusion matrix of the most classes */
    en_lab lab;
    if (result == NULL) {
        return en_error_nomem(err, "an evaluation");
    }
    en_status st = en_project_open(cli, EN_CHANGE, &lab, err);
    if (st == EN_OK) {
        st = en_evaluate(&lab, &options, result, err);
        en_lab_close(&lab);
    }
    if (st == EN_OK) {
        st = show_figures(cli, result, err);
    }
    if (st == EN_OK && cli->out->format == EN_FORMAT_PEOPLE) {
        st = show_confusion(cli, result, err);
    }
    en_free(result);
    return st;
}

static const en_option options[] = {
    {.name = "part", .letter = 'p', EN_FIELD(evaluate_options, part), .arg = "PART", .choices = parts,
     .doc = "the plain variants of this part of the run's split; without it, test"},
    {.name = "subset", .letter = 's', EN_FIELD(evaluate_options, subset), .arg = "SUBSET", .doc = "this subset instead of a part"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet evaluate first", "on the test part of its split"},
    {"eyenet evaluate first --part val --json", NULL},
    {"eyenet sql \"SELECT image, grade, p FROM errors WHERE run = 'first' ORDER BY p LIMIT 20\"", "its worst mistakes"},
    {NULL, NULL},
};

static const en_ending endings[] = {
    {EN_INPUT, "no such run or subset, or a subset with patients the run was trained on"},
    {EN_OK, NULL},
};

const en_command en_cmd_evaluate = {
    .name = "evaluate",
    .group = EN_GROUP_MODELS,
    .args = "[RUN]",
    .summary = "measure a run's model on images it never saw",
    .text = "RUN is a name, a uuid or its beginning; without it, the newest run. Every prediction becomes a row: see the views predictions, "
            "errors and confusion.\n\n"
            "Figures: loss (cross-entropy), accuracy, kappa (quadratic weights) and, for two classes, the area under the ROC curve with "
            "its 95% interval, sensitivity and specificity at p = 0.5, sensitivity at 90% specificity, and the expected calibration "
            "error.",
    .options = options,
    .size = sizeof(evaluate_options),
    .table = true,
    .examples = examples,
    .endings = endings,
    .run = evaluate,
};
