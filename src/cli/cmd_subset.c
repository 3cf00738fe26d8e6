/* eyenet subset. */
#include "dataset/subset.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

#define MOST_SQL_BYTES ((size_t)1 << 20)

static en_status subset(const en_cli *cli, const en_call *call, en_error *err)
{
    en_subset_result result;
    en_project project;
    en_buf buffer;
    const char *sql;
    en_buf_init(&buffer, MOST_SQL_BYTES);
    en_status st = en_cli_sql(call->word[1], &buffer, &sql, err);
    if (st == EN_OK) {
        st = en_cli_open(cli, EN_CHANGE, &project, err);
    }
    if (st == EN_OK) {
        st = en_subset_freeze(&project, call->word[0], sql, &result, err);
        en_project_close(&project);
    }
    en_buf_clear(&buffer);
    return st == EN_OK ? en_show_subset(cli->out, call->word[0], &result, err) : st;
}

static const en_example examples[] = {
    {"eyenet subset all \"SELECT variant_id FROM variants WHERE part = 'train'\"", "the whole training part"},
    {"eyenet subset sharp \\\n    \"SELECT variant_id FROM variants WHERE part = 'train' AND sharpness > 0.3\"", NULL},
    {"eyenet subset tiny - < tiny.sql", "the query from a file"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "the query fails, writes, yields no variant_id or no row, or the name is taken"},
    {EN_OK, NULL},
};

const en_command en_cmd_subset = {
    .name = "subset",
    .group = EN_GROUP_SAMPLES,
    .args = "NAME SQL",
    .summary = "choose variants by a query, and freeze the choice",
    .text =
        "The query has a column variant_id; usually it reads the view variants. Its rows are written down with a "
        "checksum and never change, so that a training can be repeated. If SQL is -, it is read from standard input.",
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = subset,
};
