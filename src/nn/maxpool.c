/* Max pooling: one image per chunk. In training it remembers where each maximum lay. */
#include "nn/layer.h"

static void plan(en_layer *l, en_plan *plan)
{
    l->u.maxpool.shape = (en_pool_shape){l->in.h, l->in.w, l->in.c, l->spec->kh, l->spec->stride, l->out.h, l->out.w};
    l->u.maxpool.place = plan->train ? en_memory_take(&plan->work, plan->batch, l->out_size, sizeof(uint8_t)) : NULL;
}

static uint8_t *place_of(const en_layer *l, size_t image)
{
    return l->u.maxpool.place != NULL ? l->u.maxpool.place + image * l->out_size : NULL;
}

static void forward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    work->pass->k->maxpool(&l->u.maxpool.shape, l->x + image * l->in_size, l->y + image * l->out_size,
                           place_of(l, image));
}

static void forward(en_layer *l, const en_pass *pass)
{
    en_pool_run(pass->pool, pass->n, forward_image, &(en_work){l, pass});
}

static void backward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    work->pass->k->maxpool_back(&l->u.maxpool.shape, l->dy + image * l->out_size, place_of(l, image),
                                l->dx + image * l->in_size);
}

static void backward(en_layer *l, const en_pass *pass)
{
    en_pool_run(pass->pool, pass->n, backward_image, &(en_work){l, pass});
}

const en_layer_ops en_layer_maxpool = {plan, NULL, forward, backward, NULL};
