/* eyenet runs. */
#include "cli/commands.h"
#include "cli/project.h"
#include "db/statements.h"

typedef enum audience { EVERYBODY, PEOPLE, PROGRAMS } audience;

/* The columns of run/list. People have 80 columns on a line: they see what tells runs apart and how good they are. */
static const struct {
    en_column column;
    audience audience;
} shown[] = {
    {{"run", 0}, EVERYBODY},       {{"state", EN_UNCUT}, EVERYBODY}, {{"model", 0}, EVERYBODY},
    {{"target", 0}, PROGRAMS},     {{"subset", 0}, PROGRAMS},        {{"epochs", 0}, EVERYBODY},
    {{"best_epoch", 0}, PROGRAMS}, {{"val_loss", 4}, EVERYBODY},     {{"val_auc", 3}, EVERYBODY},
    {{"seconds", 1}, EVERYBODY},   {{"started", EN_UNCUT}, PEOPLE},  {{"started_at", 0}, PROGRAMS},
};
#define COLUMNS (sizeof shown / sizeof *shown)

static void put(en_table *t, const en_query *q, int column)
{
    switch (en_query_kind(q, column)) {
    case EN_VALUE_INT: en_table_int(t, en_query_int(q, column)); break;
    case EN_VALUE_DOUBLE: en_table_real(t, en_query_double(q, column)); break;
    default: en_table_text(t, en_query_text(q, column)); break; /* NULL, too */
    }
}

static en_status show(const en_cli *cli, en_query *q, en_error *err)
{
    en_column column[COLUMNS];
    int at[COLUMNS];
    size_t columns = 0;
    const audience other = cli->out->format == EN_OUT_TEXT ? PROGRAMS : PEOPLE;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (shown[i].audience != other) {
            column[columns] = shown[i].column;
            at[columns++] = (int)i;
        }
    }
    en_table *t;
    en_status st = en_table_new(cli->out, column, columns, &t, err);
    if (st != EN_OK) {
        return st;
    }
    while ((st = en_query_next(q, err)) == EN_OK) {
        for (size_t i = 0; i < columns; i++) {
            put(t, q, at[i]);
        }
    }
    if (st == EN_DONE) {
        return en_table_end(t, err);
    }
    en_table_drop(t);
    return st;
}

static en_status runs(const en_cli *cli, const en_call *call, en_error *err)
{
    (void)call;
    en_project project;
    en_query *q = NULL;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_query(project.catalog, "runs", en_sql_text[EN_SQL_RUN_LIST], cli->events, &q, err);
    if (st == EN_OK) {
        st = show(cli, q, err);
    }
    en_query_close(q);
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
        "The oldest first. val_loss and val_auc are those of the best epoch, whose weights are kept; figures on the "
        "test part come from 'eyenet evaluate'. --json and --csv have target, subset and best_epoch, too, and the view "
        "runs everything else: seed, recipe, host, instruction set, program version and so on.",
    .table = true,
    .examples = examples,
    .run = runs,
};
