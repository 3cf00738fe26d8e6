/* eyenet scheme add, list and rm. */
#include "catalog/scheme.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct add_options {
    const char *values, *describe;
    bool kinds;
} add_options;

static en_status add(const en_cli *cli, const en_call *call, en_error *err)
{
    const add_options *given = call->options;
    const en_catalog_scheme_options o = {.name = call->word[0],
                                         .range = call->word[1],
                                         .values = given->values,
                                         .description = given->describe,
                                         .kinds = given->kinds};
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_scheme_add(project.catalog, &o, err);
    en_project_close(&project);
    return st;
}

static const add_options add_defaults = {0};
static const en_option add_option[] = {
    {.name = "values",
     EN_FIELD(add_options, values),
     .arg = "NAMES",
     .doc = "what the values are called, as in '0=none,1=outside the macula,2=in the macula'"},
    {.name = "describe", EN_FIELD(add_options, describe), .arg = "TEXT", .doc = "what is graded"},
    {.name = "kinds",
     EN_FIELD(add_options, kinds),
     .doc = "the values are kinds without an order: kappa is unweighted"},
    {.name = NULL},
};
static const en_example add_examples[] = {
    {"eyenet scheme add dme 0..2", "macular edema as IDRiD grades it"},
    {"eyenet scheme add dr 0..1 --values '0=no retinopathy,1=retinopathy'", "yes or no"},
    {"eyenet label import a.csv --scheme dme --column 'Risk of macular edema '", "grades on that scale"},
    {"eyenet subset edema \"SELECT variant_id FROM variants WHERE label(image_id, 'dme') IS NOT NULL\"",
     "the variants of graded images"},
    {"eyenet train --subset edema --target \"label(image_id, 'dme') >= 1\"", "a model of them"},
    {NULL, NULL},
};
static const en_exit_code add_codes[] = {
    {EN_INPUT, "the name is taken or not valid, or the range or the names of values are not"},
    {EN_OK, NULL},
};
const en_command en_cmd_scheme_add = {
    .name = "scheme add",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "NAME LO..HI",
    .summary = "add a scale of labels",
    .text =
        "A scheme is a scale of whole numbers, from a lowest to a highest value between 0 and 100. Labels on it are "
        "imported as any others ('eyenet label import --scheme NAME'), keep their history, and are in the view labels; "
        "label(image_id, 'NAME') is an image's current grade in SQL, NULL without one: in a subset's query, in a "
        "target, in 'eyenet sql'. A scheme cannot be changed; one without labels can be removed.",
    .options = add_option,
    .defaults = &add_defaults,
    .size = sizeof(add_options),
    .examples = add_examples,
    .exit_codes = add_codes,
    .run = add,
};

static en_status list(const en_cli *cli, const en_call *call, en_error *err)
{
    (void)call;
    en_project project;
    en_catalog_scheme_list schemes;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_scheme_all(project.catalog, &schemes, err);
    en_project_close(&project);
    if (st == EN_OK) {
        st = en_show_schemes(cli->out, &schemes, err);
    }
    en_catalog_scheme_list_clear(&schemes);
    return st;
}

static const en_example list_examples[] = {
    {"eyenet scheme list", NULL},
    {"eyenet sql \"SELECT grade, meaning, count(*) AS images FROM labels WHERE scheme = 'dme' GROUP BY grade\"",
     "how often each value of one was given"},
    {NULL, NULL},
};
const en_command en_cmd_scheme_list = {
    .name = "scheme list",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "",
    .summary = "list the scales of labels",
    .text =
        "With the range of their values, how many images have a label on each, how many graders gave them, and what "
        "the values are called. The view schemes has the same.",
    .table = true,
    .examples = list_examples,
    .run = list,
};

static en_status rm(const en_cli *cli, const en_call *call, en_error *err)
{
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_scheme_remove(project.catalog, call->word[0], err);
    en_project_close(&project);
    return st;
}

static const en_example rm_examples[] = {{"eyenet scheme rm dme", NULL}, {NULL, NULL}};
static const en_exit_code rm_codes[] = {
    {EN_INPUT, "no such scheme, it is built in, or it has labels"},
    {EN_OK, NULL},
};
const en_command en_cmd_scheme_rm = {
    .name = "scheme rm",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "SCHEME",
    .summary = "remove a scale that has no labels",
    .text = "Labels are history and are never deleted, so a scheme that has some cannot be removed, nor one that is "
            "built in.",
    .examples = rm_examples,
    .exit_codes = rm_codes,
    .run = rm,
};
