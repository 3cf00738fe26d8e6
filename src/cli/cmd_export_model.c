/* eyenet export onnx, coreml, litert and page. */
#include "training/export_model.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct export_options {
    const char *out;
} export_options;

static en_status export_model(const en_cli *cli, const en_call *call, en_model_format format, en_error *err)
{
    const export_options *given = call->options;
    const en_export_options options = {.run = call->word[0], .format = format, .file = given->out};
    en_export_result result = {0};
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_export_model_of_run(&project, &options, &result, err);
    if (st == EN_OK) {
        st = en_show_export(cli->out, &result, err);
    }
    en_export_result_clear(&result);
    en_project_close(&project);
    return st;
}

static en_status export_onnx(const en_cli *cli, const en_call *call, en_error *err)
{
    return export_model(cli, call, EN_MODEL_ONNX, err);
}
static en_status export_coreml(const en_cli *cli, const en_call *call, en_error *err)
{
    return export_model(cli, call, EN_MODEL_COREML, err);
}
static en_status export_litert(const en_cli *cli, const en_call *call, en_error *err)
{
    return export_model(cli, call, EN_MODEL_LITERT, err);
}
static en_status export_page(const en_cli *cli, const en_call *call, en_error *err)
{
    return export_model(cli, call, EN_MODEL_PAGE, err);
}

#define OUT(file)                                                                                                      \
    {                                                                                                                  \
        .name = "out", .letter = 'o', EN_FIELD(export_options, out), .arg = "FILE",                                    \
        .doc = "where to write it; without it, runs/RUN/" file " in the project"                                       \
    }

static const en_option onnx_options[] = {OUT("model.onnx"), {.name = NULL}};
static const en_option coreml_options[] = {OUT("model.mlmodel"), {.name = NULL}};
static const en_option litert_options[] = {OUT("model.tflite"), {.name = NULL}};
static const en_option page_options[] = {OUT("page.html"), {.name = NULL}};

static const en_example onnx_examples[] = {
    {"eyenet export onnx first -o first.onnx", "for ONNX Runtime, and what reads its format"},
    {NULL, NULL},
};
static const en_example coreml_examples[] = {
    {"eyenet export coreml first -o First.mlmodel", "for Xcode, which makes a class First of it"},
    {NULL, NULL},
};
static const en_example litert_examples[] = {
    {"eyenet export litert first -o first.tflite", "for an app's folder assets, and what reads its format"},
    {NULL, NULL},
};
static const en_example page_examples[] = {
    {"eyenet export page first -o first.html", "open the file in a browser and choose a photograph"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT,
     "no such run, a run that kept no weights, or a file in the place that eyenet did not export: it is not replaced"},
    {EN_OK, NULL},
};
static const en_exit_code page_exit_codes[] = {
    {EN_FAILED, "this eyenet was built without the engine for browsers"},
    {EN_INPUT,
     "no such run, a run that kept no weights, or a file in the place that eyenet did not export: it is not replaced"},
    {EN_OK, NULL},
};

const en_command en_cmd_export_onnx = {
    .name = "export onnx",
    .group = EN_GROUP_MODELS,
    .args = "RUN",
    .summary = "write a run's model as an ONNX file",
    .text =
        "ONNX (IR version 7, opset 13) is read by ONNX Runtime, OpenVINO, TensorRT and many others. The graph takes "
        "samples as bytes, pixels (N,H,W,3), and gives the calibrated probabilities that 'predict' gives, and the "
        "logits; scaling, normalisation and the order of channels are part of it. How a photograph becomes a sample "
        "is the recipe, which is in the file's metadata with the classes, the calibration, the thresholds chosen on "
        "the validation images, the run's uuid, and origin and licence of imported weights.",
    .options = onnx_options,
    .size = sizeof(export_options),
    .table = true,
    .examples = onnx_examples,
    .exit_codes = exit_codes,
    .run = export_onnx,
};

const en_command en_cmd_export_coreml = {
    .name = "export coreml",
    .group = EN_GROUP_MODELS,
    .args = "RUN",
    .summary = "write a run's model as a Core ML file",
    .text = "A Core ML model for iPhone, iPad and Mac: a neural network classifier of specification version 1 (4 where "
            "the network has a gelu). It takes an image, the sample as the recipe makes it of a photograph, and gives "
            "the class and the calibrated probability of each, those of 'predict'. Scaling and normalisation are part "
            "of it; the metadata are those of 'export onnx'.",
    .options = coreml_options,
    .size = sizeof(export_options),
    .table = true,
    .examples = coreml_examples,
    .exit_codes = exit_codes,
    .run = export_coreml,
};

const en_command en_cmd_export_litert = {
    .name = "export litert",
    .group = EN_GROUP_MODELS,
    .args = "RUN",
    .summary = "write a run's model as a LiteRT file",
    .text =
        "LiteRT, formerly TensorFlow Lite, runs models on Android and small computers. The file has single precision "
        "and operators of its interpreter's own alone. It takes samples as bytes, pixels (1,H,W,3), and gives the "
        "calibrated probabilities that 'predict' gives, and the logits; scaling and normalisation are part of it. "
        "The metadata are those of 'export onnx', each in a buffer of its own.",
    .options = litert_options,
    .size = sizeof(export_options),
    .table = true,
    .examples = litert_examples,
    .exit_codes = exit_codes,
    .run = export_litert,
};

const en_command en_cmd_export_page = {
    .name = "export page",
    .group = EN_GROUP_MODELS,
    .args = "RUN",
    .summary = "write a run's model as a page that grades photographs offline",
    .text =
        "One HTML file with the model and with eyenet's own engine as WebAssembly, for any browser since 2023: it "
        "judges and crops the photograph that is chosen, and shows the calibrated probabilities, the answer and, of "
        "two classes, which thresholds are reached. It asks the network for nothing, and no photograph leaves the "
        "device. Of the same pixels it says what 'predict' says; of a large JPEG, 'predict' decodes fewer pixels "
        "than a browser, which moves probabilities a little. A page is as large as four thirds of the weights.",
    .options = page_options,
    .size = sizeof(export_options),
    .table = true,
    .examples = page_examples,
    .exit_codes = page_exit_codes,
    .run = export_page,
};
