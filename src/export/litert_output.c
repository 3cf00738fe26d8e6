/* From logits to calibrated probabilities, as LiteRT's operators in single precision, all classes together.
 *
 * Ordinal units are made non-increasing first, a_k = min(z_0..z_k), which is the same as to make their sigmoids so.
 * Then class k is as probable as s(a_k-1) - s(a_k) = s(a_k-1) s(-a_k) (1 - exp(a_k - a_k-1)), which loses no digits
 * where both are near 0 or 1; the first factor is 1 for the first class, the second for the last, and the third for
 * both. No infinity takes part in that: the interpreter's sigmoid of a very large number is not a number. */
#include <float.h>
#include <stdio.h>

#include "base/memory.h"
#include "export/litert_graph.h"

#define LEAST_P 1.2e-38 /* of which a logarithm is taken: the least normal float */

/* x (N,width) with `before` columns in front and `behind` at the end, of `value`. */
static int32_t widen(en_litert_graph *g, const char *part, int32_t x, size_t width, size_t before, size_t behind,
                     double value)
{
    char name[2][EN_LITERT_NAME];
    (void)snprintf(name[0], sizeof name[0], "%s.by", part);
    (void)snprintf(name[1], sizeof name[1], "%s.with", part);
    const int32_t edges[] = {0, 0, (int32_t)before, (int32_t)behind};
    const int32_t input[] = {x, en_litert_ints(g, name[0], edges, 4, 2), en_litert_scalar(g, name[1], value)};
    return en_litert_add(g, EN_LITERT_PAD_VALUE, part, en_litert_flat(width + before + behind), input, 3, NULL);
}

/* `width` columns from `first` on. */
static int32_t narrow(en_litert_graph *g, const char *part, int32_t x, size_t first, size_t width)
{
    char name[2][EN_LITERT_NAME];
    (void)snprintf(name[0], sizeof name[0], "%s.begin", part);
    (void)snprintf(name[1], sizeof name[1], "%s.size", part);
    const int32_t begin[] = {0, (int32_t)first}, size[] = {-1, (int32_t)width};
    const int32_t input[] = {x, en_litert_ints(g, name[0], begin, 2, 0), en_litert_ints(g, name[1], size, 2, 0)};
    return en_litert_add(g, EN_LITERT_SLICE, part, en_litert_flat(width), input, 3, NULL);
}

/* min(z_0..z_k) for every k: of 2, 4, 8, ... neighbours, each time of two such minima. */
static int32_t add_minima(en_litert_graph *g, int32_t z, size_t units)
{
    char part[3][EN_LITERT_NAME / 2];
    for (size_t by = 1; by < units; by *= 2) {
        (void)snprintf(part[0], sizeof part[0], "first%zu", units - by);
        (void)snprintf(part[1], sizeof part[1], "behind%zu", by);
        (void)snprintf(part[2], sizeof part[2], "least%zu", 2 * by);
        const int32_t first = narrow(g, part[0], z, 0, units - by);
        z = en_litert_binary(g, EN_LITERT_MINIMUM, part[2], z,
                             widen(g, part[1], first, units - by, by, 0, (double)FLT_MAX));
    }
    return z;
}

/* 1 - exp(a_k - a_k-1) of the classes in the middle, and 1 of the first and the last. */
static int32_t add_gaps(en_litert_graph *g, int32_t least, size_t units)
{
    const int32_t before = narrow(g, "before", least, 0, units - 1), after = narrow(g, "after", least, 1, units - 1);
    const int32_t step = en_litert_binary(g, EN_LITERT_SUB, "step", after, before);
    const int32_t ratio = en_litert_unary(g, EN_LITERT_EXP, "ratio", step);
    const int32_t negative = en_litert_unary(g, EN_LITERT_NEG, "ratio.negative", ratio);
    return widen(g, "gaps", en_litert_with(g, EN_LITERT_ADD, "gap", negative, 1), units - 1, 1, 1, 1);
}

static int32_t add_ordinal(en_litert_graph *g, size_t classes, int32_t logits)
{
    const size_t units = classes - 1;
    const int32_t least = add_minima(g, logits, units);
    const int32_t over = en_litert_unary(g, EN_LITERT_LOGISTIC, "over", least);
    const int32_t negative = en_litert_unary(g, EN_LITERT_NEG, "negative", least);
    const int32_t under = en_litert_unary(g, EN_LITERT_LOGISTIC, "under", negative);
    const int32_t above = widen(g, "above", over, units, 1, 0, 1), below = widen(g, "below", under, units, 0, 1, 1);
    const int32_t both = en_litert_binary(g, EN_LITERT_MUL, "both", above, below);
    return units > 1 ? en_litert_binary(g, EN_LITERT_MUL, "plain", both, add_gaps(g, least, units)) : both;
}

static int32_t add_logarithm(en_litert_graph *g, const char *part, int32_t p)
{
    char name[EN_LITERT_NAME];
    (void)snprintf(name, sizeof name, "%s.clamped", part);
    return en_litert_unary(g, EN_LITERT_LOG, part, en_litert_with(g, EN_LITERT_MAXIMUM, name, p, LEAST_P));
}

static int32_t add_calibration(en_litert_graph *g, const en_export_model *model, int32_t logarithms)
{
    float *offset = en_calloc(model->classes, sizeof *offset);
    for (size_t k = 0; offset != NULL && k < model->classes; k++) {
        offset[k] = (float)model->offset[k];
    }
    const int32_t offsets =
        en_litert_floats_owned(g, "calibration.offset", offset, (en_litert_shape){1, {(int32_t)model->classes}});
    const int32_t scaled = en_litert_with(g, EN_LITERT_MUL, "calibration.scaled", logarithms, model->factor);
    const int32_t shifted = en_litert_binary(g, EN_LITERT_ADD, "calibration.logits", scaled, offsets);
    return en_litert_softmax(g, "calibrated", shifted);
}

/* The logarithm of the sums of probabilities that a matrix names, which is freed. */
static int32_t add_side(en_litert_graph *g, const char *part, const char *sum, int32_t p, float *matrix, size_t classes)
{
    const int32_t sums = en_litert_product(g, sum, p, matrix, en_export_no_bias, classes, classes - 1);
    en_free(matrix);
    return add_logarithm(g, part, sums);
}

static int32_t add_cumulative(en_litert_graph *g, const en_export_model *model, int32_t p)
{
    const size_t classes = model->classes;
    const int32_t above = add_side(g, "cumulative.above", "cumulative.above.sum", p, en_export_above(classes), classes);
    const int32_t below =
        add_side(g, "cumulative.below", "cumulative.below.sum", p, en_export_not_above(classes), classes);
    const int32_t odds = en_litert_binary(g, EN_LITERT_SUB, "cumulative.odds", above, below);
    const int32_t scaled = en_litert_with(g, EN_LITERT_MUL, "cumulative.scaled", odds, model->scale);
    const int32_t shifted = en_litert_with(g, EN_LITERT_ADD, "cumulative.shifted", scaled, model->shift);
    const int32_t exceeding = en_litert_unary(g, EN_LITERT_LOGISTIC, "cumulative.exceeding", shifted);
    float *steps = en_export_steps(classes);
    const int32_t result =
        en_litert_product(g, "cumulative", exceeding, steps, en_export_steps_bias, classes - 1, classes);
    en_free(steps);
    return result;
}

int32_t en_litert_output(en_litert_graph *g, const en_export_model *model, int32_t logits)
{
    const bool ordinal = model->spec->output == EN_ACT_ORDINAL;
    int32_t p;
    (void)snprintf(g->scope, sizeof g->scope, "output");
    if (ordinal) {
        p = add_ordinal(g, model->classes, logits);
    } else if (!model->calibrated) {
        p = en_litert_softmax(g, "plain", logits);
    } else {
        p = en_litert_unary(g, EN_LITERT_LOG_SOFTMAX, "logarithm", logits);
    }
    if (model->calibrated) {
        p = add_calibration(g, model, ordinal ? add_logarithm(g, "logarithm", p) : p);
    }
    return model->cumulative ? add_cumulative(g, model, p) : p;
}
