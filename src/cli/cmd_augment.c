/* eyenet augment. */
#include "dataset/augment.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

static en_status augment(const en_cli *cli, const en_call *call, en_error *err)
{
    en_augment_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_augment(&project, call->word[0], &result, err);
    en_project_close(&project);
    return st == EN_OK ? en_show_augment(cli->out, call->word[0], &result, err) : st;
}

static const en_example examples[] = {
    {"eyenet augment seed", "the policy of the original EyeNet"},
    {"eyenet augment even", "the same views of every grade"},
    {"eyenet sql 'SELECT grade, rotation, count(*) FROM variants GROUP BY 1, 2'", "what there is now"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {{EN_INPUT, "no such policy"}, {EN_OK, NULL}};

const en_command en_cmd_augment = {
    .name = "augment",
    .group = EN_GROUP_SAMPLES,
    .args = "POLICY",
    .summary = "make variants: mirrored and rotated views of the photographs",
    .text = "A variant is a row in the catalog and stores no pixels: a photograph, mirrored or not, rotated by so many "
            "degrees. Its pixels are "
            "made when it is read. Variants that exist stay.\n\n"
            "The policy seed, the original's, rotates only photographs with retinopathy: a network can then learn "
            "the rotation instead of the disease. Choose views evenly when you make a subset of them, or use the "
            "policy even.",
    .choice = en_choice_policy,
    .choices_heading = "Policies",
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = augment,
};
