/* Writes a network's canonical text: what the parser reads, one way to say each thing. */
#include <inttypes.h>

#include "nn/spec.h"

/* The shortest text that reads back as the same double, for numbers typed by users. */
#define NUMBER "%.15g"

static const char *activation_word(en_activation act)
{
    static const char *const words[] = {"", "relu", "sigmoid", "softmax"};
    return words[act];
}

static en_status add_input(const en_spec *spec, en_buf *out, en_error *err)
{
    en_status st = en_buf_printf(out, err, "input %zux%zux%zu scale " NUMBER, spec->input.h, spec->input.w,
                                 spec->input.c, spec->scale_top);
    if (st == EN_OK && spec->scale_bottom != 1) {
        st = en_buf_printf(out, err, "/" NUMBER, spec->scale_bottom);
    }
    if (st == EN_OK && spec->shift != 0) {
        st = en_buf_printf(out, err, " shift " NUMBER, spec->shift);
    }
    return st == EN_OK ? en_buf_text(out, "\n", err) : st;
}

static en_status add_conv(const en_layer_spec *l, en_buf *out, en_error *err)
{
    en_status st = en_buf_printf(out, err, "conv %zu %zux%zu", l->units, l->kh, l->kw);
    if (st == EN_OK && l->stride != 1) {
        st = en_buf_printf(out, err, " stride %zu", l->stride);
    }
    if (st == EN_OK && l->same) {
        st = en_buf_text(out, " pad same", err);
    } else if (st == EN_OK && l->pad != 0) {
        st = en_buf_printf(out, err, " pad %zu", l->pad);
    }
    return st;
}

static en_status add_words(const en_layer_spec *l, en_buf *out, en_error *err)
{
    switch (l->kind) {
    case EN_LAYER_CONV: return add_conv(l, out, err);
    case EN_LAYER_MAXPOOL:
        return l->stride == l->kh ? en_buf_printf(out, err, "maxpool %zu", l->kh)
                                  : en_buf_printf(out, err, "maxpool %zu stride %zu", l->kh, l->stride);
    case EN_LAYER_GLOBALMAXPOOL: return en_buf_text(out, "globalmaxpool", err);
    case EN_LAYER_GLOBALAVGPOOL: return en_buf_text(out, "globalavgpool", err);
    case EN_LAYER_DENSE:
        return l->units == 0 ? en_buf_text(out, "dense classes", err) : en_buf_printf(out, err, "dense %zu", l->units);
    case EN_LAYER_DROPOUT: return en_buf_printf(out, err, "dropout " NUMBER, l->rate);
    case EN_LAYER_ACTIVATION: return EN_OK;
    }
    return EN_OK;
}

en_status en_spec_layer_text(const en_layer_spec *layer, en_buf *out, en_error *err)
{
    en_status st = add_words(layer, out, err);
    if (st == EN_OK && layer->act != EN_ACT_NONE) {
        st =
            en_buf_printf(out, err, "%s%s", layer->kind == EN_LAYER_ACTIVATION ? "" : " ", activation_word(layer->act));
    }
    return st;
}

en_status en_spec_text(const en_spec *spec, en_buf *out, en_error *err)
{
    en_status st = add_input(spec, out, err);
    for (size_t i = 0; st == EN_OK && i < spec->count; i++) {
        st = en_spec_layer_text(&spec->layer[i], out, err);
        if (st == EN_OK) {
            st = en_buf_text(out, "\n", err);
        }
    }
    return st;
}
