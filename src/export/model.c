/* What the writers have in common. */
#include "export/model.h"

#include "base/memory.h"

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
