/* eyenet runs show and diff. */
#include "catalog/run.h"
#include "catalog/run_facts.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

static en_status find(const en_project *project, const char *word, int64_t *id, en_error *err)
{
    en_catalog_run run;
    en_status st = en_catalog_run_get(project->catalog, word, &run, err);
    *id = run.id;
    en_catalog_run_clear(&run);
    return st;
}

static en_status show(const en_cli *cli, const en_call *call, en_error *err)
{
    int64_t id;
    en_project project;
    en_catalog_run_fact_list facts = {0};
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = find(&project, call->words > 0 ? call->word[0] : NULL, &id, err);
    if (st == EN_OK) {
        st = en_catalog_run_facts(project.catalog, id, &facts, err);
    }
    if (st == EN_OK) {
        st = en_show_facts(cli->out, &facts, err);
    }
    en_catalog_run_facts_clear(&facts);
    en_project_close(&project);
    return st;
}

static const en_example show_examples[] = {
    {"eyenet runs show first", NULL},
    {"eyenet sql \"SELECT epoch, part, value FROM metrics WHERE run = 'first' AND metric = 'loss'\"", "its curves"},
    {NULL, NULL},
};
static const en_exit_code show_codes[] = {{EN_INPUT, "no such run"}, {EN_OK, NULL}};
const en_command en_cmd_runs_show = {
    .name = "runs show",
    .group = EN_GROUP_MODELS,
    .args = "[RUN]",
    .summary = "show all that is known about a run",
    .text =
        "RUN is a name, a uuid or its beginning; without it, the newest run. One fact per row: what it was made of, "
        "its settings, its metrics at the epoch whose weights are kept, its evaluations and its files; the view "
        "run_facts has the same of all runs.",
    .table = true,
    .examples = show_examples,
    .exit_codes = show_codes,
    .run = show,
};

static en_status diff(const en_cli *cli, const en_call *call, en_error *err)
{
    int64_t id[2] = {0};
    en_project project;
    en_catalog_run_fact_list facts = {0};
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; st == EN_OK && i < 2; i++) {
        st = find(&project, call->word[i], &id[i], err);
    }
    if (st == EN_OK) {
        st = en_catalog_run_differences(project.catalog, id[0], id[1], &facts, err);
    }
    if (st == EN_OK) {
        st = en_show_differences(cli->out, &facts, err);
    }
    en_catalog_run_facts_clear(&facts);
    en_project_close(&project);
    return st;
}

static const en_example diff_examples[] = {{"eyenet runs diff first second", NULL}, {NULL, NULL}};
static const en_exit_code diff_codes[] = {{EN_INPUT, "no such run"}, {EN_OK, NULL}};
const en_command en_cmd_runs_diff = {
    .name = "runs diff",
    .group = EN_GROUP_MODELS,
    .args = "RUN RUN",
    .summary = "show what two runs were made with otherwise",
    .text = "One row per fact that differs: network, data, machine, program, settings, and the metrics at the epochs "
            "whose weights are kept. Whether one is better than the other, that does not say.",
    .table = true,
    .examples = diff_examples,
    .exit_codes = diff_codes,
    .run = diff,
};
