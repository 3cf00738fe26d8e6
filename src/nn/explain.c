/* Grad-CAM from the engine's own backward pass, which ends at the map: see explain.h. */
#include "nn/explain.h"

#include "base/memory.h"
#include "nn/build.h"

/* Padding before the first pixel along one axis: see the sizes in conv.c and pool.c. */
static double pad_of(const en_layer_spec *spec, size_t in, size_t out, size_t reach)
{
    size_t all = (out - 1) * spec->stride + reach;
    return spec->same ? (double)(all > in ? (all - in) / 2 : 0) : (double)spec->pad;
}

en_feature_map en_network_map(const en_network *net)
{
    const en_dims d = net->layer[net->map - 1].out;
    en_feature_map m = {.h = d.h, .w = d.w, .channels = d.c, .step_y = 1, .step_x = 1};
    for (size_t at = net->map; at > 0; at = net->layer[at - 1].input[0]) { /* towards the input */
        const en_layer *l = &net->layer[at - 1];
        bool conv = l->kind == &en_layer_conv;
        if (!conv && l->kind != &en_layer_maxpool && l->kind != &en_layer_avgpool) {
            continue;
        }
        size_t dilation = conv ? l->spec->dilation : 1;
        size_t high = (l->spec->kh - 1) * dilation + 1, wide = (l->spec->kw - 1) * dilation + 1;
        double stride = (double)l->spec->stride;
        m.start_y = m.start_y * stride + (double)(high - 1) / 2 - pad_of(l->spec, l->in.h, l->out.h, high);
        m.start_x = m.start_x * stride + (double)(wide - 1) / 2 - pad_of(l->spec, l->in.w, l->out.w, wide);
        m.step_y *= stride;
        m.step_x *= stride;
    }
    return m;
}

en_status en_network_explain(en_network *net, const uint8_t *pixels, size_t class, float *map, double *score,
                             en_error *err)
{
    if (net->map == 0 || class >= net->classes) {
        return en_error_set(err, EN_BUG, "class %zu of %zu explained by a network made for mode %d", class,
                            net->classes, (int)net->mode);
    }
    const en_feature_map m = en_network_map(net);
    double y, *alpha = en_calloc(m.channels, sizeof *alpha);
    if (alpha == NULL) {
        return en_error_nomem(err, "a heat map");
    }
    float weight[EN_CLASSES_MAX];
    bool ordinal = net->spec.output == EN_ACT_ORDINAL;
    for (size_t i = 0; i < net->units; i++) {
        weight[i] = ordinal ? 0 : -1 / (float)(net->classes - 1);
    }
    weight[ordinal && class > 0 ? class - 1 : class] = 1;
    en_status st = en_network_trace(net, pixels, weight, &y, err);
    const float *a = net->tensor[net->map].value, *gradient = net->tensor[net->map].gradient;
    for (size_t i = 0; st == EN_OK && i < m.h * m.w * m.channels; i++) {
        alpha[i % m.channels] += (double)gradient[i];
    }
    for (size_t i = 0; st == EN_OK && i < m.h * m.w; i++) {
        double sum = 0;
        for (size_t k = 0; k < m.channels; k++) {
            sum += alpha[k] * (double)a[i * m.channels + k];
        }
        sum /= (double)(m.h * m.w);
        map[i] = sum > 0 ? (float)sum : 0;
    }
    if (st == EN_OK && score != NULL) {
        *score = y;
    }
    en_free(alpha);
    return st;
}
