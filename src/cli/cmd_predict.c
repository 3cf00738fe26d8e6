/* eyenet predict. */
#include "training/predict.h"

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct predict_options {
    const char *at, *out, *unit, *combine;
    bool fhir, explain, views;
} predict_options;

static const char *const units[] = {"photograph", "eye", "patient", NULL};
static const char *const combines[] = {"worst", "mean", NULL};
static const char *const points[] = {"sensitivity", "specificity", "youden", "cost", NULL};

static en_status predict(const en_cli *cli, const en_call *call, en_error *err)
{
    const predict_options *given = call->options;
    if (given->fhir && cli->out->format != EN_OUT_TEXT) {
        return en_error_set(err, EN_USAGE, "--fhir and --%s are mutually exclusive",
                            cli->out->format == EN_OUT_JSON ? "json" : "csv");
    }
    const en_unit unit = en_word_find(&en_units, given->unit);
    if (unit > EN_UNIT_PHOTOGRAPH && given->explain) {
        return en_error_set(err, EN_USAGE, "--explain is of photographs: leave --unit %s out", given->unit);
    }
    en_predict_result *result = en_calloc(1, sizeof *result);
    en_project project;
    if (result == NULL) {
        return en_error_nomem(err, "predictions");
    }
    const en_predict_options wanted = {.run = call->word[0],
                                       .at = given->at,
                                       .one_run = given->fhir,
                                       .views = given->views,
                                       .unit = unit,
                                       .combine = en_word_find(&en_combines, given->combine),
                                       .heat = given->explain ? given->out : NULL};
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        en_free(result);
        return st;
    }
    st = en_predict(&project, &wanted, call->word + 1, call->words - 1, result, err);
    en_project_close(&project);
    /* When some photographs failed, the others are shown all the same. */
    if (result->count > 0) {
        en_error shown;
        en_status ended =
            given->fhir ? en_show_fhir(cli->out, result, &shown) : en_show_predict(cli->out, result, &shown);
        st = en_first_error(st, ended, &shown, err);
    }
    en_predict_result_clear(result);
    en_free(result);
    return st;
}

static const en_option options[] = {
    {.name = "at",
     EN_FIELD(predict_options, at),
     .arg = "POINT",
     .choices = points,
     .doc =
         "of two classes, answer by the threshold that training chose on the validation images for this; without it, "
         "by the most probable class, or of a scale by the cuts chosen there"},
    {.name = "fhir",
     EN_FIELD(predict_options, fhir),
     .doc =
         "print HL7 FHIR R4: a Bundle with a DiagnosticReport for each patient, with an Observation of the answer and "
         "one of the quality for each photograph"},
    {.name = "views",
     EN_FIELD(predict_options, views),
     .doc =
         "show each photograph mirrored and turned by quarters as well, as far as the target allows, and average the "
         "probabilities; for networks that were trained with such views"},
    {.name = "unit",
     .letter = 'u',
     EN_FIELD(predict_options, unit),
     .arg = "UNIT",
     .choices = units,
     .excludes = "fhir",
     .doc =
         "print a line for each photograph, eye (its photographs averaged) or patient, as the names of the files say"},
    {.name = "combine",
     EN_FIELD(predict_options, combine),
     .arg = "HOW",
     .choices = combines,
     .needs = "unit",
     .doc = "the eyes of a patient: the worst of them, or their mean"},
    {.name = "explain",
     EN_FIELD(predict_options, explain),
     .doc = "also write a heat map of each photograph, NAME-heat.png: where its answer comes from"},
    {.name = "out",
     .letter = 'o',
     EN_FIELD(predict_options, out),
     .arg = "DIR",
     .needs = "explain",
     .doc = "the folder for heat maps"},
    {.name = NULL},
};

static const predict_options defaults = {.out = "heat-maps", .unit = "photograph", .combine = "worst"};

static const en_example examples[] = {
    {"eyenet predict first 10_left.jpeg 10_right.jpeg", "two photographs"},
    {"eyenet predict last --csv new/*.jpeg > answers.csv", "the newest run, for a spreadsheet"},
    {"eyenet predict first --fhir 10_left.jpeg 10_right.jpeg", "a DiagnosticReport of both eyes of patient 10"},
    {"eyenet predict cv-1,cv-2,cv-3 --views new/*.jpeg", "three runs as one, as 'eyenet train --folds cv' makes them"},
    {"eyenet predict first --unit patient new/*.jpeg", "a line for each patient, by the worse eye"},
    {"eyenet predict first --explain 10_left.jpeg", "with heat-maps/10_left-heat.png"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such run, or a file that is not a photograph; the other photographs are predicted all the same"},
    {EN_OK, NULL},
};

const en_command en_cmd_predict = {
    .name = "predict",
    .group = EN_GROUP_MODELS,
    .args = "RUN IMAGE...",
    .summary = "ask a run's model about photographs",
    .text =
        "RUN is a name, a uuid or its beginning, or 'last'. The photographs need not be in the catalog: they go "
        "through the recipe the run was trained with, and nothing is written. The probabilities are calibrated: "
        "class weights "
        "are undone, and scale and shift fitted on the validation images where these are enough. Grades and other "
        "scales are answered by cuts of the expected value, chosen there for the greatest quadratic kappa.\n\n"
        "Several runs of one target, with commas between, answer as one: with the mean of their probabilities and, on "
        "a "
        "scale, by the means of their cuts. Prefer the one run that 'eyenet run combine' makes of them: its decision "
        "is "
        "fitted for their mean.\n\n"
        "A heat map (Grad-CAM, Selvaraju et al. 2017) lies over the sample, what the network saw: yellow where most "
        "speaks for the class in the column explained, the positive one of two, else the one answered; untouched "
        "where nothing does. It tells where the network looked, not whether it was right to.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(predict_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = predict,
};
