/* eyenet export mlflow. */
#include "publish/mlflow.h"

#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct export_options {
    const char *to, *experiment;
} export_options;

static const export_options defaults = {.experiment = "eyenet"};

static en_status export_mlflow(const en_cli *cli, const en_call *call, en_error *err)
{
    const export_options *given = call->options;
    const en_http_options http = en_environment_http();
    const en_mlflow_options o = {.run = call->words > 0 ? call->word[0] : NULL,
                                 .url = given->to,
                                 .experiment = given->experiment,
                                 .http = &http,
                                 .token = en_environment_variable("MLFLOW_TRACKING_TOKEN"),
                                 .user = en_environment_variable("MLFLOW_TRACKING_USERNAME"),
                                 .password = en_environment_variable("MLFLOW_TRACKING_PASSWORD")};
    en_mlflow_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_export_mlflow(&project, &o, &result, err);
    if (st == EN_OK) {
        st = en_show_mlflow(cli->out, &result, err);
    }
    en_mlflow_result_clear(&result);
    en_project_close(&project);
    return st;
}

static const en_option options[] = {
    {.name = "to", EN_FIELD(export_options, to), .arg = "URL", .required = true, .doc = "the tracking server"},
    {.name = "experiment",
     EN_FIELD(export_options, experiment),
     .arg = "NAME",
     .doc = "the experiment on it, which is made when there is none"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet export mlflow first --to http://127.0.0.1:5000", NULL},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such run, one that is not finished or is there already, or what the server does not take"},
    {EN_DENIED, "the server wants other credentials"},
    {EN_OK, NULL},
};

const en_command en_cmd_export_mlflow = {
    .name = "export mlflow",
    .group = EN_GROUP_MODELS,
    .args = "[RUN]",
    .summary = "push a run to an MLflow tracking server",
    .text =
        "Makes a run there with the settings as params, the learning curves as metrics by epoch (auc/val) and those "
        "of its newest evaluation with the bounds of their intervals (evaluated_auc/test, evaluated_auc_low/test). "
        "No photograph and no patient's name leaves the project. The tag eyenet.uuid tells that it is this run: "
        "one that is there already is refused, and what a broken push left is completed.\n\n"
        "Credentials are read where MLflow's own client has them: MLFLOW_TRACKING_TOKEN, or "
        "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(export_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = export_mlflow,
};
