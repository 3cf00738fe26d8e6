/* See coreml.h: the envelope of a Core ML file. The numbers of fields are those of Model.proto, FeatureTypes.proto and
 * NeuralNetwork.proto. */
#include "export/coreml.h"

#include <string.h>

#include "base/memory.h"
#include "base/version.h"
#include "export/coreml_layers.h"

enum { MODEL_VERSION = 1, MODEL_DESCRIPTION = 2, MODEL_CLASSIFIER = 403 };
enum { DESCRIPTION_INPUT = 1, DESCRIPTION_OUTPUT = 10, DESCRIPTION_LABEL = 11, DESCRIPTION_PROBABILITIES = 12 };
enum { DESCRIPTION_METADATA = 100 };
enum { METADATA_TEXT = 1, METADATA_VERSION = 2, METADATA_AUTHOR = 3, METADATA_LICENCE = 4, METADATA_OTHER = 100 };
enum { TYPE_STRING = 3, TYPE_IMAGE = 4, TYPE_DICTIONARY = 6 };
enum { CLASSIFIER_PREPROCESSING = 2, CLASSIFIER_LABELS = 100, CLASSIFIER_PROBABILITIES = 200 };
enum { COLOUR_RGB = 20 };

#define LABEL "classLabel"
#define PROBABILITIES "probabilities"

/* FeatureDescription with a FeatureType, which is emptied. */
static void add_feature(en_proto *description, unsigned field, const char *name, const char *text, unsigned kind,
                        en_proto *of_kind)
{
    en_proto type, feature;
    en_proto_init(&type);
    en_proto_init(&feature);
    en_proto_message(&type, kind, of_kind);
    en_proto_text(&feature, 1, name);
    en_proto_text(&feature, 2, text);
    en_proto_message(&feature, 3, &type);
    en_proto_message(description, field, &feature);
}

static void add_metadata(en_proto *description, const en_export_model *model)
{
    en_proto metadata, pair;
    en_proto_init(&metadata);
    en_proto_init(&pair);
    en_proto_text(&metadata, METADATA_TEXT, model->name);
    en_proto_text(&metadata, METADATA_VERSION, en_version());
    for (size_t i = 0; i < model->metas; i++) {
        if (strcmp(model->meta[i].key, "licence") == 0) {
            en_proto_text(&metadata, METADATA_LICENCE, model->meta[i].value);
        }
        en_proto_text(&pair, 1, model->meta[i].key);
        en_proto_text(&pair, 2, model->meta[i].value);
        en_proto_message(&metadata, METADATA_OTHER, &pair);
    }
    en_proto_message(description, DESCRIPTION_METADATA, &metadata);
}

static void add_author(en_proto *file)
{
    en_proto metadata, description;
    en_proto_init(&metadata);
    en_proto_init(&description);
    en_proto_text(&metadata, METADATA_AUTHOR, "eyenet");
    en_proto_message(&description, DESCRIPTION_METADATA, &metadata);
    en_proto_message(file, MODEL_DESCRIPTION, &description);
}

static void add_description(en_proto *file, const en_export_model *model)
{
    const en_dims in = model->spec->input;
    en_proto description, kind, key;
    en_proto_init(&description);
    en_proto_init(&kind);
    en_proto_init(&key);
    en_proto_int(&kind, 1, (int64_t)in.w);
    en_proto_int(&kind, 2, (int64_t)in.h);
    en_proto_int(&kind, 3, COLOUR_RGB);
    add_feature(&description, DESCRIPTION_INPUT, EN_COREML_IMAGE, "a sample, as the recipe makes it of a photograph",
                TYPE_IMAGE, &kind);
    en_proto_message(&kind, 2, &key); /* keys are texts */
    add_feature(&description, DESCRIPTION_OUTPUT, PROBABILITIES, "of each class, calibrated", TYPE_DICTIONARY, &kind);
    add_feature(&description, DESCRIPTION_OUTPUT, LABEL, "the most probable class", TYPE_STRING, &kind);
    en_proto_text(&description, DESCRIPTION_LABEL, LABEL);
    en_proto_text(&description, DESCRIPTION_PROBABILITIES, PROBABILITIES);
    add_metadata(&description, model);
    en_proto_message(file, MODEL_DESCRIPTION, &description);
}

/* factor * x + bias of a channel, factor the same for all: scale_top/scale_bottom, and what is left is the divisor. */
static void add_preprocessing(en_proto *classifier, const en_spec *spec)
{
    static const unsigned field[] = {22, 21, 20}; /* red, green, blue */
    en_proto scaler, preprocessing;
    en_proto_init(&scaler);
    en_proto_init(&preprocessing);
    en_proto_float(&scaler, 10, (float)(spec->scale_top / spec->scale_bottom));
    for (size_t c = 0; c < 3; c++) {
        en_proto_float(&scaler, field[c], (float)(spec->shift - (spec->normalised ? spec->mean[c] : 0)));
    }
    en_proto_text(&preprocessing, 1, EN_COREML_IMAGE);
    en_proto_message(&preprocessing, 10, &scaler);
    en_proto_message(classifier, CLASSIFIER_PREPROCESSING, &preprocessing);
}

/* Whether only convolutions of all channels read the image. Their padding is 0 of the divided image, too. */
static bool can_fold(const en_operations *ops)
{
    for (size_t i = 0; i < ops->count; i++) {
        const en_operation *op = &ops->op[i];
        for (size_t k = 0; k < op->inputs; k++) {
            if (op->input[k] == 0 && (op->kind != EN_OP_CONV || op->groups != 1)) {
                return false;
            }
        }
    }
    return true;
}

static void add_network(en_coreml_net *net, en_proto *classifier)
{
    const en_spec *spec = net->model->spec;
    const char *from = EN_COREML_IMAGE;
    float divisor[3];
    char logits[EN_COREML_NAME] = "";
    for (size_t c = 0; c < 3; c++) {
        divisor[c] = spec->normalised ? (float)spec->std[c] : 1;
    }
    if (spec->normalised && can_fold(&net->model->ops)) {
        net->divisor = divisor;
    } else if (spec->normalised) {
        float *scale = en_calloc(3, sizeof *scale);
        for (size_t c = 0; scale != NULL && c < 3; c++) {
            scale[c] = 1 / divisor[c];
        }
        from = "image.normalised";
        en_coreml_scale(net, from, EN_COREML_IMAGE, scale, NULL, 3);
    }
    en_coreml_operations(net, from, logits);
    en_coreml_output(net, logits);
    net->divisor = NULL;
    en_proto_join(classifier, &net->layers);
    add_preprocessing(classifier, spec);
}

static void add_labels(en_proto *classifier, const en_export_model *model)
{
    en_proto labels;
    en_proto_init(&labels);
    for (size_t i = 0; i < model->classes; i++) {
        en_proto_text(&labels, 1, model->class_name[i]);
    }
    en_proto_message(classifier, CLASSIFIER_LABELS, &labels);
    en_proto_text(classifier, CLASSIFIER_PROBABILITIES, PROBABILITIES);
}

en_status en_coreml_write(const en_export_model *model, const char *path, en_error *err)
{
    if (model->spec->input.c != 3) {
        return en_error_set(err, EN_INPUT, "Core ML takes images of 3 channels, and the network those of %zu",
                            model->spec->input.c);
    }
    en_coreml_net net = {.model = model};
    en_proto file, classifier;
    en_proto_init(&file);
    en_proto_init(&classifier);
    en_proto_init(&net.layers);
    add_network(&net, &classifier);
    add_labels(&classifier, model);
    add_author(&file);
    en_proto_int(&file, MODEL_VERSION, net.exact_gelu ? 4 : 1);
    add_description(&file, model);
    en_proto_message(&file, MODEL_CLASSIFIER, &classifier);
    en_status st = en_proto_save(&file, "Core ML", path, err);
    en_proto_clear(&file);
    en_proto_clear(&classifier);
    en_proto_clear(&net.layers);
    return st;
}
