/* eyenet run combine. */
#include "training/run_combine.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct combine_options {
    bool views, fellow;
} combine_options;

static en_status run_combine(const en_cli *cli, const en_call *call, en_error *err)
{
    const combine_options *given = call->options;
    en_run_combine_result result;
    en_project project;
    const en_run_combine_options options = {.name = call->word[0],
                                            .member = call->word + 1,
                                            .members = call->words - 1,
                                            .views = given->views,
                                            .fellow = given->fellow};
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st == EN_OK) {
        st = en_run_combine(&project, &options, &result, err);
        en_project_close(&project);
    }
    return st == EN_OK ? en_show_run_combine(cli->out, &result, err) : st;
}

static const en_option options[] = {
    {.name = "views",
     EN_FIELD(combine_options, views),
     .doc = "show each photograph mirrored and turned by quarters as well, as far as the target allows, whenever the "
            "ensemble is asked, and fit its decision so"},
    {.name = "fellow",
     EN_FIELD(combine_options, fellow),
     .doc =
         "let the answer for an eye depend on what is seen in the fellow eye, too, where there is a photograph of it"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet run combine all cv-1,cv-2,cv-3,cv-4,cv-5", "the runs of 'eyenet train --folds cv', as one"},
    {"eyenet run combine all-views cv-1,cv-2,cv-3,cv-4,cv-5 --views", "and with the views of each photograph"},
    {"eyenet run combine both first --fellow", "a single run that looks at both eyes of a patient"},
    {"eyenet evaluate all", "on the test part, which none of them has seen"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT,
     "a run that is not there, not finished, not trained here or an ensemble itself, one named twice, with another "
     "target or other classes than the first, or without validation images; or validation images on which no decision "
     "can be fitted"},
    {EN_OK, NULL},
};

const en_command en_cmd_run_combine = {
    .name = "run combine",
    .group = EN_GROUP_MODELS,
    .args = "NAME RUN...",
    .summary = "make one run of several: an ensemble, with a decision of its own",
    .text =
        "RUN... are runs, with commas or spaces between. The ensemble answers with the mean of its members' "
        "probabilities (Lakshminarayanan et al. 2017). It is a run "
        "without weights of its own: evaluate, predict, compare, report and promote read it like any other. Its "
        "members are finished runs of one target, up to 32, and cannot be removed before it.\n\n"
        "Its decision (calibration, thresholds for predict --at, and cuts of a scale) is fitted like that of a "
        "single run, on validation images that the members asked did not learn from. Of runs of 'eyenet train --folds' "
        "each image is predicted by the run that has it in its validation part, so that together every training "
        "patient "
        "counts once; what one member says is noisier than the mean of all, so that the probabilities err on the "
        "side of caution. Runs that were validated on the same images are averaged on those.\n\n"
        "With --fellow, where a patient has photographs of both eyes, each probability of a grade or more becomes a "
        "logistic function of its logits in the eye itself and in the fellow (three numbers per threshold, fitted on "
        "the same images by ridge regression), and cuts and thresholds are chosen anew for such eyes. Then evaluate "
        "looks at the eyes of its subset, and predict at the photographs named together, whose names say the "
        "patient.\n\n"
        "val_loss, val_accuracy, val_auc and val_kappa are of these same images, and somewhat optimistic: measure the "
        "ensemble with 'eyenet evaluate'.",
    .options = options,
    .size = sizeof(combine_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = run_combine,
};
