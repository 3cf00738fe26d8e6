/* eyenet label conflicts and label agreement. */
#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"
#include "catalog/label.h"
#include "intake/agreement.h"

typedef struct scheme_option {
    const char *scheme;
} scheme_option;

static const scheme_option defaults = {0};
static const en_option options[] = {
    {.name = "scheme", EN_FIELD(scheme_option, scheme), .arg = "SCHEME", .doc = "only of this scale; default: of all"},
    {.name = NULL},
};
static const en_exit_code exit_codes[] = {{EN_INPUT, "no such scheme"}, {EN_OK, NULL}};

static en_status conflicts(const en_cli *cli, const en_call *call, en_error *err)
{
    const scheme_option *given = call->options;
    en_catalog_conflicts found = {0};
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_label_conflicts(project.catalog, given->scheme, false, &found, err);
    en_project_close(&project);
    if (st == EN_OK) {
        st = en_show_conflicts(cli->out, &found, err);
    }
    en_catalog_conflicts_clear(&found);
    return st;
}

static const en_example conflict_examples[] = {
    {"eyenet label conflicts --csv", NULL},
    {"eyenet label conflicts --scheme icdr", "of the grades of retinopathy"},
    {NULL, NULL},
};

const en_command en_cmd_label_conflicts = {
    .name = "label conflicts",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "",
    .summary = "list photographs with grades that differ",
    .text = "Three kinds, of every scheme. copy: of two files with the same bytes or pixels one is used and the other "
            "is rejected as its duplicate; both have a grade, and one of the two is wrong. grader: another grader gave "
            "the image another grade than the current one. file: another file of the same grader did, as a correction "
            "that was imported with --supersede does.\n\n"
            "The current grade is the newest; of each grader, and of each file, the newest grade is compared with it.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(scheme_option),
    .table = true,
    .examples = conflict_examples,
    .exit_codes = exit_codes,
    .run = conflicts,
};

static en_status agreement(const en_cli *cli, const en_call *call, en_error *err)
{
    const scheme_option *given = call->options;
    en_agreements list;
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_label_agreement(&project, given->scheme, &list, err);
    en_project_close(&project);
    if (st == EN_OK) {
        st = en_show_agreement(cli->out, &list, err);
    }
    en_agreements_clear(&list);
    return st;
}

static const en_example agreement_examples[] = {
    {"eyenet label agreement", NULL},
    {"eyenet label agreement --scheme dme --csv", "of one scale"},
    {NULL, NULL},
};

const en_command en_cmd_label_agreement = {
    .name = "label agreement",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "",
    .summary = "say how far graders agree",
    .text = "One row per scheme and pair of graders who graded the same photographs: how many photographs and patients "
            "they have in common, how many grades are equal, and Cohen's kappa, with quadratic weights on an ordered "
            "scale and without weights where the values are kinds. Of each grader the newest grade counts; duplicates "
            "of other photographs are left out.\n\n"
            "Intervals are of 95% and clustered by patient: Wilson's with the effective number of photographs for the "
            "proportion, the delta method on Fisher's scale for kappa, which has no interval where one "
            "of the values was given to fewer than 15 patients.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(scheme_option),
    .table = true,
    .examples = agreement_examples,
    .exit_codes = exit_codes,
    .run = agreement,
};
