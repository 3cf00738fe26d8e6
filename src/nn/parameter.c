/* Trainable tensors: their memory, their first values and their updates. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "nn/layer.h"

#define DRAW_FLOATS ((size_t)1 << 16)   /* drawn by one chunk, from a stream of its own */
#define UPDATE_FLOATS ((size_t)1 << 12) /* summed and updated by one chunk */
#define LAYER_SHIFT 40                  /* of the random key's item: above every chunk number */

void en_parameter_plan(en_layer *l, en_parameter *p, const char *what, const size_t *shape, unsigned rank,
                       en_plan *plan)
{
    *p = (en_parameter){.rank = rank, .count = 1};
    (void)snprintf(p->name, sizeof p->name, "%zu.%s", l->index, what);
    for (unsigned i = 0; i < rank; i++) {
        p->shape[i] = shape[i];
        plan->state.overflow |= __builtin_mul_overflow(p->count, shape[i], &p->count);
    }
    plan->parameters += p->count;
    p->value = en_memory_take(&plan->state, p->count, 1, sizeof(float));
    if (plan->train) {
        p->m = en_memory_take(&plan->state, p->count, 1, sizeof(float));
        p->v = en_memory_take(&plan->state, p->count, 1, sizeof(float));
    }
}

double en_init_limit(bool relu, double fan_in, double fan_out) { return sqrt(6 / (relu ? fan_in : fan_in + fan_out)); }

typedef struct draw {
    en_parameter *p;
    size_t layer;
    uint64_t seed;
    double limit;
} draw;

static void draw_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const draw *d = ctx;
    (void)worker;
    en_random random = en_random_init(d->seed, 0, (uint64_t)d->layer << LAYER_SHIFT | chunk, EN_FOR_INIT);
    size_t first = chunk * DRAW_FLOATS, left = d->p->count - first;
    for (size_t i = first; i < first + (left < DRAW_FLOATS ? left : DRAW_FLOATS); i++) {
        d->p->value[i] = (float)en_random_between(&random, -d->limit, d->limit);
    }
}

void en_parameter_draw(en_parameter *p, size_t layer, en_pool *pool, uint64_t seed, double limit)
{
    draw d = {p, layer, seed, limit};
    en_pool_run(pool, (p->count + DRAW_FLOATS - 1) / DRAW_FLOATS, draw_chunk, &d);
}

en_adam en_adam_of(const en_step *step, bool decays)
{
    const double beta1 = 0.9, beta2 = 0.999; /* Kingma & Ba 2015 */
    double t = (double)step->step;
    double rate = (double)step->lr * sqrt(1 - pow(beta2, t)) / (1 - pow(beta1, t));
    return (en_adam){
        .rate = (float)rate,
        .beta1 = (float)beta1,
        .beta2 = (float)beta2,
        .rest1 = (float)(1 - beta1),
        .rest2 = (float)(1 - beta2),
        .epsilon = 1e-7f, /* Keras's; it stands beside the uncorrected sqrt(v), as "epsilon hat" in the paper */
        .decay = decays ? step->lr * step->weight_decay : 0,
    };
}

typedef struct update {
    en_parameter *p;
    const en_pass *pass;
    float *parts;
    size_t count, stride;
    en_adam adam;
} update;

static void update_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const update *u = ctx;
    (void)worker;
    size_t first = chunk * UPDATE_FLOATS, left = u->p->count - first;
    size_t n = left < UPDATE_FLOATS ? left : UPDATE_FLOATS;
    float *sum = u->parts + first;
    for (size_t part = 1; part < u->count; part++) {
        u->pass->k->add(sum, u->parts + part * u->stride + first, n);
    }
    u->pass->k->adam(&u->adam, n, sum, u->p->value + first, u->p->m + first, u->p->v + first);
}

void en_parameter_update(en_parameter *p, const en_pass *pass, float *parts, size_t count, size_t stride, bool decays)
{
    update u = {p, pass, parts, count, stride, en_adam_of(pass->step, decays)};
    en_pool_run(pass->pool, (p->count + UPDATE_FLOATS - 1) / UPDATE_FLOATS, update_chunk, &u);
}
