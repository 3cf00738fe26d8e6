/* The sum of two tensors of one shape: a residual connection. y may be the first of them. */
#include <string.h>

#include "nn/kind.h"

static en_status read(en_reader *r, en_layer_spec *l)
{
    l->inputs = 2;
    return en_reader_tensor(r, &l->input[1]);
}

static en_status size(en_reader *r, en_layer_spec *l)
{
    en_dims other = l->input[1] > 0 ? r->spec->layer[l->input[1] - 1].out : r->spec->input;
    if (l->in.h != other.h || l->in.w != other.w || l->in.c != other.c) {
        return en_reader_fault(r, "add of %zux%zux%zu to %zux%zux%zu: the shapes differ", other.h, other.w, other.c,
                               l->in.h, l->in.w, l->in.c);
    }
    return EN_OK;
}

static en_status text(const en_spec *spec, const en_layer_spec *l, en_buf *out, en_error *err)
{
    return en_buf_printf(out, err, "add %s", en_tensor_name(spec, l->input[1]));
}

static void plan(en_layer *l, en_plan *plan)
{
    (void)plan;
    l->works_in_place = true;
}

static void forward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    float *y = l->y + image * l->out_size;
    if (!l->in_place) {
        memcpy(y, l->x[0] + image * l->out_size, l->out_size * sizeof *y);
    }
    work->pass->k->add(y, l->x[1] + image * l->out_size, l->out_size);
}

static void forward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, forward_image); }

/* The gradient of a sum is that of each of its terms. dx[0] may be dy, so the second term is served first. */
static void backward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    size_t at = image * l->out_size;
    for (size_t i = EN_LAYER_INPUTS; i-- > 0;) {
        if (l->dx[i] == NULL) {
            continue;
        }
        if (l->adds[i]) {
            work->pass->k->add(l->dx[i] + at, l->dy + at, l->out_size);
        } else if (l->dx[i] != l->dy) {
            memcpy(l->dx[i] + at, l->dy + at, l->out_size * sizeof *l->dy);
        }
    }
}

static void backward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, backward_image); }

const en_layer_kind en_layer_add = {
    .word = "add",
    .takes = EN_TAKES_NORM | EN_TAKES_ACT,
    .read = read,
    .size = size,
    .text = text,
    .adds_dx = true,
    .plan = plan,
    .forward = forward,
    .backward = backward,
};
