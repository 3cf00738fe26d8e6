/* eyenet sql. */
#include "cli/commands.h"
#include "cli/project.h"

#define MOST_SQL_BYTES ((size_t)16 << 20)

static en_status sql(const en_cli *cli, const en_call *call, en_error *err)
{
    en_project project;
    en_buf buffer;
    const char *text;
    en_buf_init(&buffer, MOST_SQL_BYTES);
    en_status st = en_cli_sql(call->word[0], &buffer, &text, err);
    if (st == EN_OK) {
        st = en_cli_open(cli, EN_LOOK, &project, err);
    }
    if (st == EN_OK) {
        st = en_cli_query(cli, &project, "sql", text, err);
        en_project_close(&project);
    }
    en_buf_clear(&buffer);
    return st;
}

static const en_example examples[] = {
    {"eyenet sql 'SELECT grade, count(*) FROM images GROUP BY grade'", NULL},
    {"eyenet sql \"SELECT auc(score, truth) FROM predictions \\\n      WHERE run = 'first' AND part = 'test'\"",
     "aggregates of our own"},
    {"eyenet sql --csv 'SELECT * FROM predictions' > predictions.csv", NULL},
    {"eyenet sql - < query.sql", "the query from a file"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {{EN_INPUT, "SQL that fails, or that does more than read"}, {EN_OK, NULL}};

const en_command en_cmd_sql = {
    .name = "sql",
    .group = EN_GROUP_CATALOG,
    .args = "SQL",
    .summary = "ask the catalog anything; reads only",
    .text =
        "SQL is one SELECT statement in SQLite's dialect; - reads it from standard input. 'eyenet schema' "
        "describes the views: images, labels, variants, subsets, runs, metrics, predictions, errors and others.\n\n"
        "Beyond SQLite's own there are the aggregates kappa(truth, predicted), auc(score, truth), "
        "sensitivity_at(score, truth, specificity), ece(score, truth), median(x) and stdev(x); score is the "
        "probability "
        "of truth 1, as in the view predictions, whose p is that of the truth. Numbers are rounded to six digits for "
        "text output; --json and --csv give them in full.",
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = sql,
};
