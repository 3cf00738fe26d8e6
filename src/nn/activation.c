/* Activations: as layers of their own and for the layers that apply one themselves. relu, relu6, sigmoid and tanh are
 * undone from their output y; leaky, gelu and hswish need their input x. */
#include <math.h>
#include <string.h>

#include "nn/kind.h"

#define LEAK 0.01f                                   /* slope below 0 of leaky: PyTorch's default */
#define TWO_OVER_SQRT_PI_HALF 0.79788456080286535588 /* sqrt(2/pi) */

bool en_activation_reads_x(en_activation act)
{
    return act == EN_ACT_LEAKY || act == EN_ACT_GELU || act == EN_ACT_HSWISH;
}

static float gelu(float x) { return 0.5f * x * (1 + erff(x * (float)M_SQRT1_2)); } /* x*Phi(x) */

/* Phi(x) + x*phi(x) */
static float gelu_slope(float x)
{
    float density = 0.5f * (float)TWO_OVER_SQRT_PI_HALF * expf(-0.5f * x * x);
    return 0.5f * (1 + erff(x * (float)M_SQRT1_2)) + x * density;
}

static float relu6(float x) { return x < 0 ? 0 : x > 6 ? 6 : x; } /* NaN stays NaN */

static float hswish_slope(float x) { return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6; }

void en_activate(en_activation act, const en_kernels *k, const float *x, float *y, size_t n)
{
    if (y != x && act == EN_ACT_RELU) {
        memcpy(y, x, n * sizeof *y);
    }
    switch (act) {
    case EN_ACT_RELU: k->relu(y, n); break;
    case EN_ACT_RELU6:
        for (size_t i = 0; i < n; i++) {
            y[i] = relu6(x[i]);
        }
        break;
    case EN_ACT_LEAKY:
        for (size_t i = 0; i < n; i++) {
            y[i] = x[i] < 0 ? LEAK * x[i] : x[i];
        }
        break;
    case EN_ACT_SIGMOID:
        for (size_t i = 0; i < n; i++) {
            y[i] = 1 / (1 + expf(-x[i]));
        }
        break;
    case EN_ACT_TANH:
        for (size_t i = 0; i < n; i++) {
            y[i] = tanhf(x[i]);
        }
        break;
    case EN_ACT_GELU:
        for (size_t i = 0; i < n; i++) {
            y[i] = gelu(x[i]);
        }
        break;
    case EN_ACT_HSWISH:
        for (size_t i = 0; i < n; i++) {
            y[i] = x[i] * relu6(x[i] + 3) / 6;
        }
        break;
    case EN_ACT_NONE:
    case EN_ACT_SOFTMAX:
    case EN_ACT_ORDINAL: break;
    }
}

void en_activate_back(en_activation act, const en_kernels *k, const float *x, const float *y, float *dy, size_t n)
{
    switch (act) {
    case EN_ACT_RELU: k->relu_back(dy, y, n); break;
    case EN_ACT_RELU6:
        for (size_t i = 0; i < n; i++) {
            dy[i] = y[i] > 0 && y[i] < 6 ? dy[i] : 0;
        }
        break;
    case EN_ACT_LEAKY:
        for (size_t i = 0; i < n; i++) {
            dy[i] = x[i] < 0 ? LEAK * dy[i] : dy[i];
        }
        break;
    case EN_ACT_SIGMOID:
        for (size_t i = 0; i < n; i++) {
            dy[i] *= y[i] * (1 - y[i]);
        }
        break;
    case EN_ACT_TANH:
        for (size_t i = 0; i < n; i++) {
            dy[i] *= 1 - y[i] * y[i];
        }
        break;
    case EN_ACT_GELU:
        for (size_t i = 0; i < n; i++) {
            dy[i] *= gelu_slope(x[i]);
        }
        break;
    case EN_ACT_HSWISH:
        for (size_t i = 0; i < n; i++) {
            dy[i] *= hswish_slope(x[i]);
        }
        break;
    case EN_ACT_NONE:
    case EN_ACT_SOFTMAX:
    case EN_ACT_ORDINAL: break;
    }
}

static void plan(en_layer *l, en_plan *plan)
{
    (void)plan;
    l->works_in_place = true;
    l->reads_x = en_activation_reads_x(l->act);
    l->reads_y = !l->reads_x;
}

static void forward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    en_activate(l->act, work->pass->k, l->x[0] + image * l->in_size, l->y + image * l->out_size, l->out_size);
}

static void forward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, forward_image); }

/* dx is dy, or memory of its own. */
static void backward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    size_t at = image * l->out_size;
    if (l->dx[0] != l->dy) {
        memcpy(l->dx[0] + at, l->dy + at, l->out_size * sizeof *l->dy);
    }
    en_activate_back(l->act, work->pass->k, l->x[0] + at, l->y + at, l->dx[0] + at, l->out_size);
}

static void backward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, backward_image); }

const en_layer_kind en_layer_activation = {
    .takes = 0,
    .plan = plan,
    .forward = forward,
    .backward = backward,
};

void en_layer_each_image(en_layer *l, const en_pass *pass, en_chunk_fn *fn)
{
    en_pool_run(pass->pool, pass->n, fn, &(en_work){l, pass});
}
