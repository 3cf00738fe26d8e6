/* Dropout (Srivastava 2014), the inverted form: in training a value is set to 0 with probability `rate` and the others
 * grow by 1/(1-rate), so that prediction does nothing. Which ones is a function of seed, epoch, variant and layer
 * alone; the backward pass draws the same numbers again. */
#include <string.h>

#include "base/random.h"
#include "nn/kind.h"

#define LAYER_SHIFT 56 /* of the random key's item: above every key */

static en_status read(en_reader *r, en_layer_spec *l)
{
    en_status st = en_reader_number(r, "a fraction from 0 to below 1", &l->rate);
    if (st == EN_OK && !(l->rate >= 0 && l->rate < 1)) {
        st = en_reader_fault(r, "'%s' is not a fraction from 0 to below 1", r->word[r->next - 1]);
    }
    return st;
}

static en_status text(const en_spec *spec, const en_layer_spec *l, en_buf *out, en_error *err)
{
    (void)spec;
    return en_buf_printf(out, err, "dropout " EN_TEXT_NUMBER, l->rate);
}

static void plan(en_layer *l, en_plan *plan)
{
    (void)plan;
    l->works_in_place = true;
}

static void drop(const en_layer *l, const en_pass *pass, size_t image, const float *from, float *to)
{
    uint64_t item = pass->batch->keys[image] | (uint64_t)l->index << LAYER_SHIFT;
    en_random random = en_random_init(pass->step->seed, pass->step->epoch, item, EN_FOR_DROPOUT);
    uint32_t limit = (uint32_t)(l->spec->rate * 0x1p32);
    float grow = (float)(1 / (1 - l->spec->rate));
    for (size_t i = 0; i < l->out_size; i++) {
        to[i] = en_random_u32(&random) < limit ? 0 : from[i] * grow;
    }
}

static void forward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    drop(l, work->pass, image, l->x[0] + image * l->in_size, l->y + image * l->out_size);
}

static void forward(en_layer *l, const en_pass *pass)
{
    if (pass->train) {
        en_layer_each_image(l, pass, forward_image);
    } else if (!l->in_place) {
        memcpy(l->y, l->x[0], pass->n * l->out_size * sizeof *l->y);
    }
}

static void backward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    if (!work->pass->train) {
        memmove(l->dx[0] + image * l->in_size, l->dy + image * l->out_size, l->out_size * sizeof *l->dy);
        return;
    }
    drop(l, work->pass, image, l->dy + image * l->out_size, l->dx[0] + image * l->in_size);
}

static void backward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, backward_image); }

const en_layer_kind en_layer_dropout = {
    .word = "dropout",
    .read = read,
    .text = text,
    .plan = plan,
    .forward = forward,
    .backward = backward,
};
