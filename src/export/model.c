/* What the writers have in common. */
#include "export/model.h"

#include "base/memory.h"

#define BLOCK 32 /* rows turned together, so that what is read and what is written both stay in the cache */

void en_export_input(const en_spec *spec, size_t c, double *factor, double *shift)
{
    *factor = spec->scale_top / spec->scale_bottom;
    *shift = spec->shift;
    if (spec->normalised) {
        *factor /= spec->std[c];
        *shift = (*shift - spec->mean[c]) / spec->std[c];
    }
}

float *en_export_kernels(const en_operation *conv)
{
    const float *from = conv->tensor[0];
    size_t kernels = conv->out.c, depth = conv->in.c / conv->groups, window = conv->kh * conv->kw;
    float *to = en_alloc(conv->count[0] * sizeof *to);
    for (size_t k = 0; to != NULL && k < kernels; k++) {
        for (size_t c = 0; c < depth; c++) {
            for (size_t at = 0; at < window; at++) {
                to[(k * depth + c) * window + at] = from[(at * depth + c) * kernels + k];
            }
        }
    }
    return to;
}

const float en_export_steps_bias[EN_CLASSES_MAX] = {1};
const float en_export_no_bias[EN_CLASSES_MAX] = {0};

static float *above_or_not(size_t classes, bool above)
{
    const size_t steps = classes - 1;
    float *m = en_calloc(classes * steps, sizeof *m);
    for (size_t i = 0; m != NULL && i < classes; i++) {
        for (size_t k = 0; k < steps; k++) {
            m[i * steps + k] = (i > k) == above ? 1 : 0;
        }
    }
    return m;
}

float *en_export_above(size_t classes) { return above_or_not(classes, true); }

float *en_export_not_above(size_t classes) { return above_or_not(classes, false); }

float *en_export_steps(size_t classes)
{
    float *m = en_calloc((classes - 1) * classes, sizeof *m);
    for (size_t k = 0; m != NULL && k + 1 < classes; k++) {
        m[k * classes + k] = -1;
        m[k * classes + k + 1] = 1;
    }
    return m;
}

float *en_export_turned(const float *from, size_t rows, size_t columns, const double *factor)
{
    float *to = en_alloc(rows * columns * sizeof *to);
    for (size_t first = 0; to != NULL && first < rows; first += BLOCK) {
        const size_t end = first + BLOCK < rows ? first + BLOCK : rows;
        for (size_t column = 0; column < columns; column++) {
            for (size_t row = first; row < end; row++) {
                const double value = (double)from[row * columns + column];
                to[column * rows + row] = (float)(factor != NULL ? value * factor[column] : value);
            }
        }
    }
    return to;
}
