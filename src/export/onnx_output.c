/* From logits to probabilities, calibrated, as ONNX nodes in single precision.
 *
 * Ordinal units are made non-increasing first, a = min(z_0..z_k), which is the same as to make their sigmoids so. Then
 * with b the next one s(a) - s(b) = s(a) s(-b) (1 - exp(b - a)), which loses no digits where both are near 0 or 1. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/onnx_graph.h"

#define LEAST_P 1e-38 /* of which a logarithm is taken, as in calibrate.c */

static const char *numbered(char out[EN_ONNX_NAME], const char *what, size_t k)
{
    (void)snprintf(out, EN_ONNX_NAME, "output.%s%zu", what, k);
    return out;
}

/* logits (N,units) -> "output.unit0", ... of (N,1) */
static void split_units(en_onnx_graph *g, size_t units, const char *logits)
{
    char name[EN_ONNX_NAME], first[EN_ONNX_NAME], end[EN_ONNX_NAME];
    en_onnx_shape(g, "output.axis", (const int64_t[]){1}, 1);
    for (size_t k = 0; k < units; k++) {
        en_onnx_shape(g, numbered(first, "first", k), (const int64_t[]){(int64_t)k}, 1);
        en_onnx_shape(g, numbered(end, "end", k), (const int64_t[]){(int64_t)k + 1}, 1);
        en_onnx_node(g, "Slice", numbered(name, "unit", k), (const char *const[]){logits, first, end, "output.axis"}, 4,
                     NULL);
    }
}

static void negate_sigmoid(en_onnx_graph *g, size_t k)
{
    char least[EN_ONNX_NAME], negative[EN_ONNX_NAME], below[EN_ONNX_NAME];
    en_onnx_unary(g, "Neg", numbered(negative, "negative", k), numbered(least, "least", k));
    en_onnx_unary(g, "Sigmoid", numbered(below, "below", k), negative);
}

/* The probability of class k, 0 < k < units: above unit k-1 and not above unit k. */
static void add_middle(en_onnx_graph *g, size_t k)
{
    char a[EN_ONNX_NAME], b[EN_ONNX_NAME], name[6][EN_ONNX_NAME];
    en_onnx_binary(g, "Sub", numbered(name[0], "step", k), numbered(b, "least", k), numbered(a, "least", k - 1));
    en_onnx_unary(g, "Exp", numbered(name[1], "ratio", k), name[0]);
    en_onnx_binary(g, "Sub", numbered(name[2], "gap", k), "output.one", name[1]);
    en_onnx_unary(g, "Sigmoid", numbered(name[3], "above", k), a);
    en_onnx_binary(g, "Mul", numbered(name[4], "both", k), name[3], numbered(name[5], "below", k));
    en_onnx_binary(g, "Mul", numbered(name[0], "class", k), name[4], name[2]);
}

static void add_ordinal(en_onnx_graph *g, size_t classes, const char *logits, const char *probabilities)
{
    size_t units = classes - 1;
    char name[EN_ONNX_NAME], before[EN_ONNX_NAME], unit[EN_ONNX_NAME];
    split_units(g, units, logits);
    if (units > 1) {
        en_onnx_scalar(g, "output.one", 1);
    }
    for (size_t k = 0; k < units; k++) {
        numbered(unit, "unit", k);
        numbered(name, "least", k);
        if (k == 0) {
            en_onnx_unary(g, "Identity", name, unit);
        } else {
            en_onnx_binary(g, "Min", name, numbered(before, "least", k - 1), unit);
        }
        negate_sigmoid(g, k);
    }
    en_onnx_unary(g, "Identity", numbered(name, "class", 0), numbered(before, "below", 0));
    for (size_t k = 1; k < units; k++) {
        add_middle(g, k);
    }
    en_onnx_unary(g, "Sigmoid", numbered(name, "class", units), numbered(before, "least", units - 1));
    char(*all)[EN_ONNX_NAME] = en_calloc(classes, sizeof *all);
    const char **input = en_calloc(classes, sizeof *input);
    en_proto a;
    en_proto_init(&a);
    if (all == NULL || input == NULL) {
        g->nodes.status = en_error_nomem(&g->nodes.error, "an ONNX graph");
    }
    for (size_t k = 0; g->nodes.status == EN_OK && k < classes; k++) {
        input[k] = numbered(all[k], "class", k);
    }
    en_onnx_int(&a, "axis", 1);
    en_onnx_node(g, "Concat", probabilities, input, g->nodes.status == EN_OK ? classes : 0, &a);
    en_proto_clear(&a);
    en_free(all);
    en_free(input);
}

static void add_over_classes(en_onnx_graph *g, const char *type, const char *y, const char *x)
{
    en_proto a;
    en_proto_init(&a);
    en_onnx_int(&a, "axis", 1);
    en_onnx_node(g, type, y, &x, 1, &a);
}

static void add_calibration(en_onnx_graph *g, const en_export_model *model, const char *logarithms, const char *y)
{
    float *offset = en_calloc(model->classes, sizeof *offset);
    for (size_t k = 0; offset != NULL && k < model->classes; k++) {
        offset[k] = (float)model->offset[k];
    }
    en_onnx_scalar(g, "calibration.factor", model->factor);
    en_onnx_floats_owned(g, "calibration.offset", offset, (const int64_t[]){1, (int64_t)model->classes}, 2);
    en_onnx_binary(g, "Mul", "calibration.scaled", logarithms, "calibration.factor");
    en_onnx_binary(g, "Add", "calibration.logits", "calibration.scaled", "calibration.offset");
    add_over_classes(g, "Softmax", y, "calibration.logits");
}

/* y = x * matrix (rows,cols), which is taken over. */
static void add_product(en_onnx_graph *g, const char *y, const char *x, const char *name, float *matrix, size_t rows,
                        size_t cols)
{
    en_onnx_floats_owned(g, name, matrix, (const int64_t[]){(int64_t)rows, (int64_t)cols}, 2);
    en_onnx_binary(g, "MatMul", y, x, name);
}

/* The logarithm of the sums of probabilities that a matrix names. */
static void add_logarithm(en_onnx_graph *g, const char *side, const char *p, float *matrix, size_t classes)
{
    char name[4][EN_ONNX_NAME];
    static const char *const part[] = {"matrix", "sum", "clamped", "logarithm"};
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(name[i], EN_ONNX_NAME, "cumulative.%s.%s", side, part[i]);
    }
    add_product(g, name[1], p, name[0], matrix, classes, classes - 1);
    en_onnx_binary(g, "Max", name[2], name[1], "cumulative.smallest");
    en_onnx_unary(g, "Log", name[3], name[2]);
}

static void add_cumulative(en_onnx_graph *g, const en_export_model *model, const char *p)
{
    const size_t classes = model->classes;
    en_onnx_scalar(g, "cumulative.smallest", LEAST_P);
    add_logarithm(g, "above", p, en_export_above(classes), classes);
    add_logarithm(g, "below", p, en_export_not_above(classes), classes);
    en_onnx_binary(g, "Sub", "cumulative.odds", "cumulative.above.logarithm", "cumulative.below.logarithm");
    en_onnx_scalar(g, "cumulative.scale", model->scale);
    en_onnx_scalar(g, "cumulative.shift", model->shift);
    en_onnx_binary(g, "Mul", "cumulative.scaled", "cumulative.odds", "cumulative.scale");
    en_onnx_binary(g, "Add", "cumulative.shifted", "cumulative.scaled", "cumulative.shift");
    en_onnx_unary(g, "Sigmoid", "cumulative.above", "cumulative.shifted");
    add_product(g, "cumulative.rest", "cumulative.above", "cumulative.steps", en_export_steps(classes), classes - 1,
                classes);
    en_onnx_floats(g, "cumulative.first", en_export_steps_bias, (const int64_t[]){1, (int64_t)classes}, 2);
    en_onnx_binary(g, "Add", "probabilities", "cumulative.rest", "cumulative.first");
}

void en_onnx_output(en_onnx_graph *g, const en_export_model *model, const char *logits)
{
    const bool ordinal = model->spec->output == EN_ACT_ORDINAL;
    const char *last = model->cumulative ? "cumulative.from" : "probabilities";
    if (ordinal) {
        add_ordinal(g, model->classes, logits, model->calibrated ? "output.probabilities" : last);
    } else {
        add_over_classes(g, model->calibrated ? "LogSoftmax" : "Softmax",
                         model->calibrated ? "output.logarithms" : last, logits);
    }
    if (model->calibrated && ordinal) {
        en_onnx_scalar(g, "output.smallest", LEAST_P);
        en_onnx_binary(g, "Max", "output.clamped", "output.probabilities", "output.smallest");
        en_onnx_unary(g, "Log", "output.logarithms", "output.clamped");
    }
    if (model->calibrated) {
        add_calibration(g, model, "output.logarithms", last);
    }
    if (model->cumulative) {
        add_cumulative(g, model, last);
    }
}
