/* Opening the project and showing queries. */
#include "cli/project.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

en_project_options en_cli_project_options(const en_cli *cli, en_access access)
{
    return (en_project_options){
        .start = cli->project,
        .read_only = access == EN_LOOK,
        .force_network_fs = cli->force_network_fs,
        .threads = cli->threads,
        .isa = cli->isa,
        .convolution = cli->convolution,
        .command_line = cli->line,
        .events = *cli->events,
    };
}

en_status en_cli_open(const en_cli *cli, en_access access, en_project *project, en_error *err)
{
    const en_project_options options = en_cli_project_options(cli, access);
    return en_project_open(&options, project, err);
}

static void put_value(en_table *t, const en_query *q, int column)
{
    size_t bytes;
    const void *blob;
    switch (en_query_kind(q, column)) {
    case EN_VALUE_NULL: en_table_null(t); break;
    case EN_VALUE_INT: en_table_int(t, en_query_int(q, column)); break;
    case EN_VALUE_DOUBLE: en_table_real(t, en_query_double(q, column)); break;
    case EN_VALUE_TEXT: en_table_text(t, en_query_text(q, column)); break;
    case EN_VALUE_BLOB:
        blob = en_query_blob(q, column, &bytes);
        en_table_blob(t, blob, bytes);
        break;
    }
}

en_status en_cli_query(const en_cli *cli, en_project *project, const char *what, const char *sql, en_error *err)
{
    en_query *q = NULL;
    en_table *t = NULL;
    en_column *column = NULL;
    en_status st = en_catalog_query(project->catalog, what, sql, cli->events, &q, err);
    if (st != EN_OK) {
        return st;
    }
    int columns = en_query_columns(q);
    column = en_calloc((size_t)columns, sizeof *column);
    if (column == NULL) {
        st = en_error_nomem(err, "a table");
        goto done;
    }
    for (int i = 0; i < columns; i++) {
        column[i] = (en_column){en_query_name(q, i), EN_SIGNIFICANT};
    }
    st = en_table_new(cli->out, column, (size_t)columns, &t, err);
    while (st == EN_OK && !en_out_failed(cli->out)) {
        st = en_query_next(q, err);
        for (int i = 0; st == EN_OK && i < columns; i++) {
            put_value(t, q, i);
        }
    }
    if (st == EN_OK || st == EN_DONE) {
        st = en_table_end(t, err);
    } else {
        en_table_drop(t);
    }
done:
    en_query_close(q);
    en_free(column);
    return st;
}

en_status en_cli_sql(const char *word, en_buf *buffer, const char **sql, en_error *err)
{
    *sql = word;
    if (strcmp(word, "-") != 0) {
        return EN_OK;
    }
    char piece[4096];
    size_t got;
    while ((got = fread(piece, 1, sizeof piece, stdin)) > 0) {
        en_status st = en_buf_add(buffer, piece, got, err);
        if (st != EN_OK) {
            en_error_prefix(err, "the SQL on standard input");
            return st;
        }
    }
    if (ferror(stdin)) {
        return en_error_errno(err, "cannot read standard input");
    }
    *sql = en_buf_str(buffer);
    return EN_OK;
}
