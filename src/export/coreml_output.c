/* From logits to calibrated probabilities, as Core ML's layers. The formulas of ordinal units are those of the ONNX
 * output: a = min(z_0..z_k), b the next, and s(a) - s(b) = s(a) s(-b) (1 - exp(b - a)). */
#include <stdio.h>

#include "base/memory.h"
#include "export/coreml_layers.h"

#define LEAST_P 1.2e-38 /* of which a logarithm is taken: the least normal float */

enum { KIND_SOFTMAX = 175, KIND_MIN = 261, KIND_CONCAT = 320, KIND_SLICE = 350 };

static const char *numbered(char out[EN_COREML_NAME], const char *what, size_t k)
{
    (void)snprintf(out, EN_COREML_NAME, "output.%s%zu", what, k);
    return out;
}

static void add_plain(en_coreml_net *net, const char *y, const char *const *x, size_t inputs, unsigned field)
{
    en_proto params;
    en_proto_init(&params);
    en_coreml_layer(net, y, x, inputs, field, &params);
}

/* Channel k of (units,1,1), not above those before it. */
static void add_least(en_coreml_net *net, const char *logits, size_t k)
{
    char unit[EN_COREML_NAME], before[EN_COREML_NAME], least[EN_COREML_NAME];
    en_proto params;
    en_proto_init(&params);
    en_proto_int(&params, 1, (int64_t)k);
    en_proto_int(&params, 2, (int64_t)k + 1);
    en_proto_int(&params, 3, 1);
    en_proto_int(&params, 4, 0); /* of the channels */
    numbered(least, "least", k);
    en_coreml_layer(net, k == 0 ? least : numbered(unit, "unit", k), &logits, 1, KIND_SLICE, &params);
    if (k > 0) {
        add_plain(net, least, (const char *const[]){numbered(before, "least", k - 1), unit}, 2, KIND_MIN);
    }
}

/* The probabilities above unit k, and not above it. */
static void add_sides(en_coreml_net *net, size_t k)
{
    char least[EN_COREML_NAME], negative[EN_COREML_NAME], name[EN_COREML_NAME];
    numbered(least, "least", k);
    en_coreml_activation(net, EN_ACT_SIGMOID, numbered(name, "above", k), least);
    en_coreml_linear(net, numbered(negative, "negative", k), least, -1, 0);
    en_coreml_activation(net, EN_ACT_SIGMOID, numbered(name, "below", k), negative);
}

/* Class k, 0 < k < units: above unit k-1 and not above unit k. */
static void add_middle(en_coreml_net *net, size_t k)
{
    char a[EN_COREML_NAME], b[EN_COREML_NAME], step[EN_COREML_NAME], ratio[EN_COREML_NAME], gap[EN_COREML_NAME],
        both[EN_COREML_NAME], name[EN_COREML_NAME];
    en_coreml_add(net, numbered(step, "step", k), numbered(a, "least", k), numbered(b, "negative", k - 1));
    en_coreml_unary(net, numbered(ratio, "ratio", k), step, EN_COREML_EXP, 1, 0);
    en_coreml_linear(net, numbered(gap, "gap", k), ratio, -1, 1);
    en_coreml_multiply(net, numbered(both, "both", k), numbered(a, "above", k - 1), numbered(b, "below", k));
    en_coreml_multiply(net, numbered(name, "class", k), both, gap);
}

static void add_ordinal(en_coreml_net *net, const char *logits, const char *y)
{
    const size_t classes = net->model->classes, units = classes - 1;
    char(*name)[EN_COREML_NAME] = en_calloc(classes, sizeof *name);
    const char **input = en_calloc(classes, sizeof *input);
    if (name == NULL || input == NULL) {
        net->layers.status = en_error_nomem(&net->layers.error, "a Core ML model");
    }
    for (size_t k = 0; k < units; k++) {
        add_least(net, logits, k);
        add_sides(net, k);
    }
    for (size_t k = 1; k < units; k++) {
        add_middle(net, k);
    }
    for (size_t k = 0; net->layers.status == EN_OK && k < classes; k++) {
        input[k] = k == 0       ? numbered(name[k], "below", 0)
                   : k == units ? numbered(name[k], "above", units - 1)
                                : numbered(name[k], "class", k);
    }
    add_plain(net, y, input, net->layers.status == EN_OK ? classes : 0, KIND_CONCAT);
    en_free(name);
    en_free(input);
}

/* softmax(factor * x + offset): of logits as of logarithms of probabilities, which differ by the same for all classes.
 */
static void add_calibration(en_coreml_net *net, const char *x, const char *y)
{
    const en_export_model *model = net->model;
    float *scale = en_calloc(model->classes, sizeof *scale), *bias = en_calloc(model->classes, sizeof *bias);
    for (size_t k = 0; scale != NULL && bias != NULL && k < model->classes; k++) {
        scale[k] = (float)model->factor;
        bias[k] = (float)model->offset[k];
    }
    if (bias == NULL) {
        net->layers.status = en_error_nomem(&net->layers.error, "a Core ML model");
    }
    en_coreml_scale(net, "calibration.logits", x, scale, bias, model->classes);
    add_plain(net, y, (const char *const[]){"calibration.logits"}, 1, KIND_SOFTMAX);
}

/* y = x * matrix (rows,cols) + bias; the matrix is freed. */
static void add_product(en_coreml_net *net, const char *y, const char *x, float *matrix, const float *bias, size_t rows,
                        size_t cols)
{
    if (matrix == NULL) {
        net->layers.status = en_error_nomem(&net->layers.error, "a Core ML model");
        return;
    }
    en_coreml_product(net, y, x, (const float *const[]){matrix, bias}, rows, cols);
    en_free(matrix);
}

static void add_cumulative(en_coreml_net *net, const char *p)
{
    const en_export_model *model = net->model;
    const size_t classes = model->classes, steps = classes - 1;
    add_product(net, "cumulative.above", p, en_export_above(classes), en_export_no_bias, classes, steps);
    add_product(net, "cumulative.below", p, en_export_not_above(classes), en_export_no_bias, classes, steps);
    en_coreml_unary(net, "cumulative.log.above", "cumulative.above", EN_COREML_LOG, 1, LEAST_P);
    en_coreml_unary(net, "cumulative.log.below", "cumulative.below", EN_COREML_LOG, 1, LEAST_P);
    en_coreml_linear(net, "cumulative.minus", "cumulative.log.below", -1, 0);
    en_coreml_add(net, "cumulative.odds", "cumulative.log.above", "cumulative.minus");
    en_coreml_linear(net, "cumulative.shifted", "cumulative.odds", model->scale, model->shift);
    en_coreml_activation(net, EN_ACT_SIGMOID, "cumulative.exceeds", "cumulative.shifted");
    add_product(net, "probabilities", "cumulative.exceeds", en_export_steps(classes), en_export_steps_bias, steps,
                classes);
}

void en_coreml_output(en_coreml_net *net, const char *logits)
{
    const bool ordinal = net->model->spec->output == EN_ACT_ORDINAL, calibrated = net->model->calibrated;
    const char *last = net->model->cumulative ? "cumulative.from" : "probabilities";
    if (ordinal) {
        add_ordinal(net, logits, calibrated ? "output.probabilities" : last);
        if (calibrated) {
            en_coreml_unary(net, "output.logarithms", "output.probabilities", EN_COREML_LOG, 1, LEAST_P);
            add_calibration(net, "output.logarithms", last);
        }
    } else if (calibrated) {
        add_calibration(net, logits, last);
    } else {
        add_plain(net, last, &logits, 1, KIND_SOFTMAX);
    }
    if (net->model->cumulative) {
        add_cumulative(net, last);
    }
}
