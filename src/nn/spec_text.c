/* Writes a network's canonical text: what the parser reads, one way to say each thing. */
#include <inttypes.h>

#include "nn/kind.h"

#define NUMBER EN_TEXT_NUMBER

/* " mean M..." or " std D...", unless all are `usual`. */
static en_status add_channels(const en_spec *spec, const char *word, const double *value, double usual, en_buf *out,
                              en_error *err)
{
    bool said = false;
    for (size_t i = 0; i < spec->input.c && i < EN_SPEC_CHANNELS; i++) {
        said |= value[i] < usual || value[i] > usual;
    }
    en_status st = said ? en_buf_printf(out, err, " %s", word) : EN_OK;
    for (size_t i = 0; st == EN_OK && said && i < spec->input.c; i++) {
        st = en_buf_printf(out, err, " " NUMBER, value[i]);
    }
    return st;
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
    if (st == EN_OK && spec->normalised) {
        st = add_channels(spec, "mean", spec->mean, 0, out, err);
    }
    if (st == EN_OK && spec->normalised) {
        st = add_channels(spec, "std", spec->std, 1, out, err);
    }
    return st == EN_OK ? en_buf_text(out, "\n", err) : st;
}

const char *en_tensor_name(const en_spec *spec, size_t tensor)
{
    return tensor > 0 ? spec->layer[tensor - 1].name : "input";
}

en_status en_text_window(const en_layer_spec *l, size_t stride, en_buf *out, en_error *err)
{
    en_status st = EN_OK;
    if (l->stride != stride) {
        st = en_buf_printf(out, err, " stride %zu", l->stride);
    }
    if (st == EN_OK && l->same) {
        st = en_buf_text(out, " pad same", err);
    } else if (st == EN_OK && l->pad != 0) {
        st = en_buf_printf(out, err, " pad %zu", l->pad);
    }
    return st;
}

en_status en_text_norm(const en_layer_spec *l, en_buf *out, en_error *err)
{
    en_status st = en_buf_text(out, l->norm == EN_NORM_FROZEN ? "batchnorm frozen" : "batchnorm", err);
    return st == EN_OK && l->epsilon != EN_EPSILON ? en_buf_printf(out, err, " epsilon " NUMBER, l->epsilon) : st;
}

static en_status add_words(const en_spec *spec, const en_layer_spec *l, en_buf *out, en_error *err)
{
    if (l->kind->text != NULL) {
        return l->kind->text(spec, l, out, err);
    }
    return en_buf_text(out, l->kind->word, err);
}

en_status en_spec_layer_text(const en_spec *spec, const en_layer_spec *l, en_buf *out, en_error *err)
{
    bool own = l->kind == &en_layer_activation; /* its words are an activation's, or a norm's */
    en_status st = own ? EN_OK : add_words(spec, l, out, err);
    if (st == EN_OK && l->norm != EN_NORM_NONE && l->kind != &en_layer_batchnorm) {
        st = en_buf_text(out, " ", err);
        st = st == EN_OK ? en_text_norm(l, out, err) : st;
    }
    if (st == EN_OK && l->act != EN_ACT_NONE) {
        st = en_buf_printf(out, err, "%s%s", own ? "" : " ", en_activation_word(l->act));
    }
    if (st == EN_OK && l->input[0] != (size_t)(l - spec->layer)) {
        st = en_buf_printf(out, err, " from %s", en_tensor_name(spec, l->input[0]));
    }
    if (st == EN_OK && l->name[0] != '\0') {
        st = en_buf_printf(out, err, " as %s", l->name);
    }
    return st;
}

en_status en_spec_text(const en_spec *spec, en_buf *out, en_error *err)
{
    en_status st = add_input(spec, out, err);
    for (size_t i = 0; st == EN_OK && i < spec->count; i++) {
        st = en_spec_layer_text(spec, &spec->layer[i], out, err);
        if (st == EN_OK) {
            st = en_buf_text(out, "\n", err);
        }
    }
    return st;
}
