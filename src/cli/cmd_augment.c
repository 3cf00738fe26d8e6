/* eyenet augment. */
#include "lab/augment.h"

#include "cli/commands.h"
#include "cli/project.h"

static en_status show(const en_cli *cli, const char *policy, const en_augment_result *r, en_error *err)
{
    static const en_column columns[] = {{"policy", 0}, {"added", 0}, {"variants", 0}, {"seconds", 1}};
    en_table *t;
    en_status st = en_record_new(cli->out, columns, sizeof columns / sizeof *columns, &t, err);
    if (st != EN_OK) {
        return st;
    }
    en_table_text(t, policy);
    en_table_int(t, r->added);
    en_table_int(t, r->total);
    en_table_real(t, r->seconds);
    return en_table_end(t, err);
}

static en_status augment(const en_cli *cli, const en_call *call, en_error *err)
{
    en_augment_result result;
    en_lab lab;
    en_status st = en_project_open(cli, EN_CHANGE, &lab, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_augment(&lab, call->word[0], &result, err);
    en_lab_close(&lab);
    return st == EN_OK ? show(cli, call->word[0], &result, err) : st;
}

static const en_example examples[] = {
    {"eyenet augment seed", "the policy of the original EyeNet"},
    {"eyenet augment plain", "each photograph once, as it is"},
    {"eyenet sql 'SELECT grade, mirror, rotation, count(*) FROM variants GROUP BY 1, 2, 3'", "what there is now"},
    {NULL, NULL},
};

static const en_ending endings[] = {{EN_INPUT, "no such policy"}, {EN_OK, NULL}};

const en_command en_cmd_augment = {
    .name = "augment",
    .group = EN_GROUP_SAMPLES,
    .args = "POLICY",
    .summary = "make variants: mirrored and rotated views of the photographs",
    .text = "A variant is a row, no pixels: a photograph, mirrored or not, rotated by so many degrees. Its pixels are made when it is "
            "read.\n\n"
            "Policies: seed makes grade 0 as it is and mirrored; grades 1 to 4 as they are, mirrored, and rotated by 90, 120, 180 "
            "and 270 degrees. plain makes each as it is. Variants that exist stay.",
    .table = true,
    .examples = examples,
    .endings = endings,
    .run = augment,
};
