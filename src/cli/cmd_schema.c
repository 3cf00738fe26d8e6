/* eyenet schema. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "catalog/describe.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "render/prose.h"
#include "render/utf8.h"

#define EXAMPLE_WIDTH 24 /* of a text, as text */

typedef struct schema_options {
    bool all, sql;
} schema_options;

static bool is_shown(const en_catalog_object *o, const char *name, bool all)
{
    return name != NULL ? strcmp(o->name, name) == 0 : all || strcmp(o->type, "view") == 0;
}

/* The DDL of the object of this name; of the views, or of everything, without one. */
static en_status show_rows(const en_cli *cli, const en_catalog_objects *objects, const char *name, bool all,
                           en_error *err)
{
    static const en_column columns[] = {{"type", 0}, {"name", 0}, {"sql", 0}};
    en_table *t;
    en_status st = en_table_new(cli->out, columns, 3, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < objects->count; i++) {
        const en_catalog_object *o = &objects->row[i];
        if (is_shown(o, name, all)) {
            en_table_text(t, o->type);
            en_table_text(t, o->name);
            en_table_text(t, o->sql);
        }
    }
    return en_table_end(t, err);
}

/* SQL reads better as it was written than in a table. */
static void show_text(const en_cli *cli, const en_catalog_objects *objects, const char *name, bool all)
{
    bool first = true;
    for (size_t i = 0; i < objects->count; i++) {
        const en_catalog_object *o = &objects->row[i];
        if (is_shown(o, name, all)) {
            en_out_line(cli->out, "%s%s;", first ? "" : "\n", o->sql);
            first = false;
        }
    }
}

static en_status show_sql(const en_cli *cli, en_catalog *catalog, const char *name, bool all, en_error *err)
{
    en_catalog_objects objects;
    en_status st = en_catalog_schema(catalog, &objects, err);
    if (st != EN_OK) {
        return st;
    }
    if (cli->out->format == EN_OUT_TEXT) {
        show_text(cli, &objects, name, all);
    } else {
        st = show_rows(cli, &objects, name, all, err);
    }
    en_catalog_objects_clear(&objects);
    return st;
}

/* The type as it is declared, else that of the value. */
static const char *type_of(const en_catalog_column *column, en_value_kind kind)
{
    if (column->type != NULL) {
        return column->type;
    }
    switch (kind) {
    case EN_VALUE_INT: return "INTEGER";
    case EN_VALUE_DOUBLE: return "REAL";
    case EN_VALUE_TEXT: return "TEXT";
    case EN_VALUE_BLOB: return "BLOB";
    default: return NULL;
    }
}

/* A value as text: short, and in one kind of cell, whatever kinds the rows of the table have. */
static void put_short(en_table *t, const en_query *q, int column, en_value_kind kind)
{
    char text[40];
    const char *value;
    size_t size;
    switch (kind) {
    case EN_VALUE_NULL: en_table_text(t, "-"); break;
    case EN_VALUE_INT:
        snprintf(text, sizeof text, "%" PRId64, en_query_int(q, column));
        en_table_text(t, text);
        break;
    case EN_VALUE_DOUBLE:
        snprintf(text, sizeof text, "%.6g", en_query_double(q, column));
        en_table_text(t, text);
        break;
    default:
        value = kind == EN_VALUE_TEXT ? en_query_text(q, column) : "(bytes)";
        value = value != NULL ? value : "";
        size = strlen(value);
        if (en_utf8_width(value, size) > EXAMPLE_WIDTH) {
            char cut[4 * EXAMPLE_WIDTH + 4]; /* a character has 4 bytes at most */
            size = en_utf8_fit(value, size, EXAMPLE_WIDTH - 3);
            size = size < sizeof cut - 4 ? size : sizeof cut - 4;
            snprintf(cut, sizeof cut, "%.*s...", (int)size, value);
            en_table_text(t, cut);
        } else {
            en_table_text(t, value[0] != '\0' ? value : "-");
        }
    }
}

static void put_whole(en_table *t, const en_query *q, int column, en_value_kind kind)
{
    size_t bytes;
    const void *blob;
    switch (kind) {
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

/* A row per column; `row` is at its first row, or NULL when the view or table is empty. */
static en_status show_columns(const en_cli *cli, const en_catalog_description *d, const en_query *row, en_error *err)
{
    static const en_column columns[] = {
        {"column", EN_UNCUT}, {"type", EN_UNCUT}, {"meaning", EN_WRAPPED}, {"example", EN_SIGNIFICANT}};
    const bool as_text = cli->out->format == EN_OUT_TEXT;
    const char *nothing = as_text ? "-" : NULL;
    en_table *t;
    en_status st = en_table_new(cli->out, columns, 4, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < d->columns; i++) {
        const en_catalog_column *c = &d->column[i];
        const en_value_kind kind = row != NULL ? en_query_kind(row, (int)i) : EN_VALUE_NULL;
        const char *type = type_of(c, kind);
        en_table_text(t, c->name);
        en_table_text(t, type != NULL ? type : nothing);
        en_table_text(t, c->meaning != NULL ? c->meaning : nothing);
        if (as_text) {
            put_short(t, row, (int)i, kind);
        } else {
            put_whole(t, row, (int)i, kind);
        }
    }
    return en_table_end(t, err);
}

/* Nothing in the other formats, whose readers want only the rows. */
static void show_purpose(en_out *out, const char *purpose)
{
    if (out->format == EN_OUT_TEXT) {
        en_prose_wrap(out->stream, purpose, strlen(purpose), 0, 0, out->width > 0 ? out->width : SIZE_MAX);
        en_out_line(out, "%s", "");
    }
}

static en_status show_description(const en_cli *cli, en_catalog *catalog, const en_catalog_description *d,
                                  en_error *err)
{
    en_query *q;
    en_status st = en_catalog_first_row(catalog, d->name, cli->events, &q, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_query_next(q, err);
    if (st == EN_OK || st == EN_DONE) {
        if (d->purpose[0] != '\0') {
            show_purpose(cli->out, d->purpose);
        }
        st = show_columns(cli, d, st == EN_OK ? q : NULL, err);
    }
    en_query_close(q);
    return st;
}

static en_status schema(const en_cli *cli, const en_call *call, en_error *err)
{
    const schema_options *given = call->options;
    const char *name = call->words > 0 ? call->word[0] : NULL;
    en_catalog_description d = {0};
    en_project project;
    if (name != NULL && given->all) {
        return en_error_set(err, EN_USAGE, "schema: --all and the name of a view are mutually exclusive");
    }
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    if (name != NULL) {
        st = en_catalog_describe(project.catalog, name, &d, err);
    }
    if (st == EN_OK && (name == NULL || given->sql)) {
        st = show_sql(cli, project.catalog, name, given->all, err);
    } else if (st == EN_OK) {
        st = show_description(cli, project.catalog, &d, err);
    }
    en_catalog_description_clear(&d);
    en_project_close(&project);
    return st;
}

static const en_option options[] = {
    {.name = "sql",
     .letter = 's',
     EN_FIELD(schema_options, sql),
     .doc = "the SQL that makes VIEW instead of its columns"},
    {.name = "all", .letter = 'a', EN_FIELD(schema_options, all), .doc = "tables, indices and triggers, too"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet schema images", "what its columns mean, with an example"},
    {"eyenet schema run", "the same for a table"},
    {"eyenet schema", "all views as SQL"},
    {"eyenet schema --all | less", "the whole catalog"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {{EN_INPUT, "no such view or table"}, {EN_OK, NULL}};

const en_command en_cmd_schema = {
    .name = "schema",
    .group = EN_GROUP_CATALOG,
    .args = "[VIEW]",
    .summary = "describe the views of the catalog, column by column",
    .text =
        "Of VIEW, or of a table, it prints each column with its type, its meaning and the value in the first row of "
        "this "
        "catalog, shortened in text output; '-' where there is none. Without VIEW it prints the SQL that makes the "
        "views, "
        "with its comments.\n\n"
        "The views are the catalog's interface and stay as they are; the tables behind them may change with a new "
        "version.",
    .choice = en_choice_view,
    .choices_heading = "Views",
    .options = options,
    .size = sizeof(schema_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = schema,
};
