/* See page.h: a network's operations with its weights, as the engine reads them. */
#include <string.h>

#include "offline/page.h"

static void put_dims(uint32_t to[3], en_dims from)
{
    to[0] = (uint32_t)from.h;
    to[1] = (uint32_t)from.w;
    to[2] = (uint32_t)from.c;
}

static en_offline_operation operation_of(const en_operation *op, size_t *at)
{
    en_offline_operation o = {.kind = op->kind,
                              .act = op->act,
                              .inputs = (uint32_t)op->inputs,
                              .kh = (uint32_t)op->kh,
                              .kw = (uint32_t)op->kw,
                              .stride = (uint32_t)op->stride,
                              .dilation = (uint32_t)op->dilation,
                              .groups = (uint32_t)op->groups,
                              .top = (uint32_t)op->top,
                              .left = (uint32_t)op->left,
                              .units = (uint32_t)op->units,
                              .epsilon = (float)op->epsilon};
    put_dims(o.in, op->in);
    put_dims(o.out, op->out);
    for (size_t i = 0; i < op->inputs; i++) {
        o.input[i] = (uint32_t)op->input[i];
    }
    for (size_t i = 0; i < EN_OFFLINE_TENSORS; i++) {
        o.tensor[i] = op->tensor[i] != NULL ? (uint32_t)*at : EN_OFFLINE_NONE;
        *at += op->tensor[i] != NULL ? op->count[i] : 0;
    }
    return o;
}

static en_status check(const en_offline_page *page, en_error *err)
{
    const en_spec *spec = page->model->spec;
    const size_t side = (size_t)page->recipe->size;
    size_t numbers = 0;
    if (page->model->classes > EN_OFFLINE_CLASSES) {
        return en_error_set(err, EN_INPUT, "a page shows at most %d classes, and '%s' has %zu", EN_OFFLINE_CLASSES,
                            page->model->name, page->model->classes);
    }
    if (spec->input.h != side || spec->input.w != side || spec->input.c != EN_OFFLINE_CHANNELS) {
        return en_error_set(err, EN_INPUT, "'%s' takes %zux%zux%zu, and its recipe makes %zux%zux%d", page->model->name,
                            spec->input.h, spec->input.w, spec->input.c, side, side, EN_OFFLINE_CHANNELS);
    }
    for (size_t i = 0; i < page->model->ops.count; i++) {
        for (size_t k = 0; k < EN_OFFLINE_TENSORS; k++) {
            const en_operation *op = &page->model->ops.op[i];
            numbers += op->tensor[k] != NULL ? op->count[k] : 0;
        }
    }
    if (numbers > EN_OFFLINE_WEIGHTS_MAX / sizeof(float)) {
        return en_error_set(err, EN_INPUT, "a page carries at most %zu MiB of weights, and '%s' has %zu",
                            EN_OFFLINE_WEIGHTS_MAX >> 20, page->model->name, numbers * sizeof(float) >> 20);
    }
    return EN_OK;
}

static en_offline_model head_of(const en_offline_page *page)
{
    const en_export_model *m = page->model;
    const size_t bytes = sizeof(en_offline_model) + m->ops.count * sizeof(en_offline_operation);
    en_offline_model o = {.begins = EN_OFFLINE_BEGINS,
                          .operations = (uint32_t)m->ops.count,
                          .last = (uint32_t)m->ops.last,
                          .classes = (uint32_t)m->classes,
                          .output = m->spec->output,
                          .crop = (int32_t)page->recipe->crop,
                          .centre_px = page->recipe->centre_px,
                          .size = page->recipe->size,
                          .normalise = (int32_t)page->recipe->normalise,
                          .calibrated = m->calibrated,
                          .cumulative = m->cumulative,
                          .cuts = (uint32_t)page->cuts,
                          .weights = (uint32_t)((bytes + 15) / 16 * 16),
                          .by = m->factor,
                          .scale = m->scale,
                          .shifted = m->shift};
    for (size_t c = 0; c < EN_OFFLINE_CHANNELS; c++) {
        double factor, shift;
        en_export_input(m->spec, c, &factor, &shift);
        o.factor[c] = (float)factor;
        o.shift[c] = (float)shift;
    }
    memcpy(o.offset, m->offset, m->classes * sizeof *o.offset);
    if (page->cuts > 0) {
        memcpy(o.value, page->value, m->classes * sizeof *o.value);
        memcpy(o.cut, page->cut, page->cuts * sizeof *o.cut);
    }
    return o;
}

en_status en_offline_layout(const en_offline_page *page, en_buf *out, en_error *err)
{
    static const char zeros[16] = {0};
    en_status st = check(page, err);
    if (st != EN_OK) {
        return st;
    }
    const en_offline_model head = head_of(page);
    size_t at = 0, begin = out->size;
    st = en_buf_add(out, &head, sizeof head, err);
    for (size_t i = 0; st == EN_OK && i < page->model->ops.count; i++) {
        const en_offline_operation o = operation_of(&page->model->ops.op[i], &at);
        st = en_buf_add(out, &o, sizeof o, err);
    }
    return st == EN_OK ? en_buf_add(out, zeros, head.weights - (out->size - begin), err) : st;
}

en_status en_offline_model_bytes(const en_offline_page *page, en_buf *out, en_error *err)
{
    en_status st = en_offline_layout(page, out, err);
    for (size_t i = 0; st == EN_OK && i < page->model->ops.count; i++) {
        const en_operation *op = &page->model->ops.op[i];
        for (size_t k = 0; st == EN_OK && k < EN_OFFLINE_TENSORS; k++) {
            if (op->tensor[k] != NULL) {
                st = en_buf_add(out, op->tensor[k], op->count[k] * sizeof(float), err);
            }
        }
    }
    return st;
}
