/* eyenet predict. */
#include "training/predict.h"

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/confusion.h"
#include "cli/project.h"

#define COLUMNS_BEFORE 2 /* image, predicted */
#define COLUMNS_AFTER 2  /* no_prediction, warning */

/* People read "yes" of "grade >= 2"; programs get the class itself, which does not change with our wording. */
static const char *answer(const en_out *out, const en_predict_result *r, const en_prediction_row *row)
{
    if (row->reason != NULL) {
        return NULL;
    }
    return out->format == EN_FORMAT_PEOPLE ? en_classes_label(&r->classes, r->target, row->predicted)
                                           : r->classes.name[row->predicted];
}

static void put(const en_out *out, en_table *t, const en_predict_result *r, const en_prediction_row *row)
{
    en_table_text(t, row->path);
    en_table_text(t, answer(out, r, row));
    for (size_t c = 0; c < r->classes.count; c++) {
        if (row->reason == NULL) {
            en_table_real(t, row->probability[c]);
        } else {
            en_table_null(t);
        }
    }
    en_table_text(t, row->reason);
    en_table_text(t, row->warning);
}

static en_status show(const en_cli *cli, const en_predict_result *r, en_error *err)
{
    en_column columns[COLUMNS_BEFORE + EN_MAX_CLASSES + COLUMNS_AFTER] = {{"image", 0}, {"predicted", 0}};
    char heading[EN_MAX_CLASSES][EN_CLASS_NAME + 2], predicted[EN_HEADING_ROOM];
    size_t n = COLUMNS_BEFORE;
    if (cli->out->format == EN_FORMAT_PEOPLE) {
        columns[1].name = en_heading_of("predicted", r->target, predicted);
    }
    for (size_t c = 0; c < r->classes.count; c++) {
        snprintf(heading[c], sizeof heading[c], "p_%s", r->classes.name[c]);
        columns[n++] = (en_column){heading[c], 4};
    }
    columns[n++] = (en_column){"no_prediction", 0};
    columns[n++] = (en_column){"warning", 0};
    en_table *t;
    en_status st = en_table_new(cli->out, columns, n, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < r->count; i++) {
        put(cli->out, t, r, &r->row[i]);
    }
    return en_table_end(t, err);
}

static en_status predict(const en_cli *cli, const en_call *call, en_error *err)
{
    en_predict_result *result = en_calloc(1, sizeof *result);
    en_project project;
    if (result == NULL) {
        return en_error_nomem(err, "predictions");
    }
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        en_free(result);
        return st;
    }
    st = en_predict(&project, call->word[0], call->word + 1, call->words - 1, result, err);
    en_project_close(&project);
    /* When some photographs failed, the others are shown all the same. */
    if (result->count > 0) {
        en_error shown;
        en_status ended = show(cli, result, &shown);
        st = en_first_error(st, ended, &shown, err);
    }
    en_predict_result_clear(result);
    en_free(result);
    return st;
}

static const en_example examples[] = {
    {"eyenet predict first 10_left.jpeg 10_right.jpeg", "two photographs"},
    {"eyenet predict last --csv new/*.jpeg > answers.csv", "the newest run, for a spreadsheet"},
    {NULL, NULL},
};

static const en_ending endings[] = {
    {EN_INPUT, "no such run, or a file that is not a photograph; the other photographs are predicted all the same"},
    {EN_OK, NULL},
};

const en_command en_cmd_predict = {
    .name = "predict",
    .group = EN_GROUP_MODELS,
    .args = "RUN IMAGE...",
    .summary = "ask a run's model about photographs",
    .text = "RUN is a name, a uuid or its beginning, or 'last'. The photographs need not be in the catalog: they go "
            "through the recipe the run was trained with, and nothing is written.",
    .table = true,
    .examples = examples,
    .endings = endings,
    .run = predict,
};
