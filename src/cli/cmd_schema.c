/* eyenet schema. */
#include <string.h>

#include "cli/commands.h"
#include "cli/project.h"

typedef struct schema_options {
    bool all;
} schema_options;

static en_status show_rows(const en_cli *cli, const en_catalog_objects *objects, bool all, en_error *err)
{
    static const en_column columns[] = {{"type", 0}, {"name", 0}, {"sql", 0}};
    en_table *t;
    en_status st = en_table_new(cli->out, columns, 3, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < objects->count; i++) {
        const en_catalog_object *o = &objects->row[i];
        if (all || strcmp(o->type, "view") == 0) {
            en_table_text(t, o->type);
            en_table_text(t, o->name);
            en_table_text(t, o->sql);
        }
    }
    return en_table_end(t, err);
}

/* SQL reads better as it was written than in a table. */
static void show_text(const en_cli *cli, const en_catalog_objects *objects, bool all)
{
    bool first = true;
    for (size_t i = 0; i < objects->count; i++) {
        const en_catalog_object *o = &objects->row[i];
        if (all || strcmp(o->type, "view") == 0) {
            en_out_line(cli->out, "%s%s;", first ? "" : "\n", o->sql);
            first = false;
        }
    }
}

static en_status schema(const en_cli *cli, const en_call *call, en_error *err)
{
    const schema_options *given = call->options;
    en_catalog_objects objects = {0};
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_schema(project.catalog, &objects, err);
    if (st == EN_OK && cli->out->format == EN_OUT_TEXT) {
        show_text(cli, &objects, given->all);
    } else if (st == EN_OK) {
        st = show_rows(cli, &objects, given->all, err);
    }
    en_catalog_objects_clear(&objects);
    en_project_close(&project);
    return st;
}

static const en_option options[] = {
    {.name = "all", .letter = 'a', EN_FIELD(schema_options, all), .doc = "tables, indices and triggers, too"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet schema", "the views and what their columns mean"},
    {"eyenet schema --all | less", "the whole catalog"},
    {NULL, NULL},
};

const en_command en_cmd_schema = {
    .name = "schema",
    .group = EN_GROUP_CATALOG,
    .args = "",
    .summary = "print the views of the catalog with their comments",
    .text = "The views are the catalog's interface and stay as they are; the tables behind them may change with a new "
            "version.",
    .options = options,
    .size = sizeof(schema_options),
    .table = true,
    .examples = examples,
    .run = schema,
};
