/* relu and sigmoid as layers of their own; one image per chunk. Forward they work in place wherever the layer before
 * allows it, backward always. */
#include <math.h>
#include <string.h>

#include "nn/layer.h"

static void plan(en_layer *l, en_plan *plan)
{
    (void)plan;
    l->works_in_place = l->reads_y = true;
}

/* x moved to y, unless they are the same. */
static float *moved(const en_layer *l, size_t image)
{
    float *y = l->y + image * l->out_size;
    if (!l->in_place) {
        memcpy(y, l->x + image * l->in_size, l->out_size * sizeof *y);
    }
    return y;
}

static void relu_forward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    (void)worker;
    work->pass->k->relu(moved(work->layer, image), work->layer->out_size);
}

static void relu_backward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    work->pass->k->relu_back(l->dx + image * l->in_size, l->y + image * l->out_size, l->out_size);
}

static void sigmoid_forward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    (void)worker;
    float *y = moved(work->layer, image);
    for (size_t i = 0; i < work->layer->out_size; i++) {
        y[i] = 1 / (1 + expf(-y[i]));
    }
}

static void sigmoid_backward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    float *dx = l->dx + image * l->in_size;
    const float *y = l->y + image * l->out_size;
    for (size_t i = 0; i < l->out_size; i++) {
        dx[i] *= y[i] * (1 - y[i]);
    }
}

static void run(en_layer *l, const en_pass *pass, en_chunk_fn *fn)
{
    en_pool_run(pass->pool, pass->n, fn, &(en_work){l, pass});
}

static void relu_forward(en_layer *l, const en_pass *pass) { run(l, pass, relu_forward_image); }

static void sigmoid_forward(en_layer *l, const en_pass *pass) { run(l, pass, sigmoid_forward_image); }

static void relu_backward(en_layer *l, const en_pass *pass) { run(l, pass, relu_backward_image); }

static void sigmoid_backward(en_layer *l, const en_pass *pass) { run(l, pass, sigmoid_backward_image); }

const en_layer_ops en_layer_relu = {plan, NULL, relu_forward, relu_backward, NULL};
const en_layer_ops en_layer_sigmoid = {plan, NULL, sigmoid_forward, sigmoid_backward, NULL};
