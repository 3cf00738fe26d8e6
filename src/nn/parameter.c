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
    *p = (en_parameter){.rank = rank, .count = 1, .decays = rank > 1};
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
    if (plan->gradients) {
        p->gradient = en_memory_take(&plan->state, p->count, 1, sizeof(float));
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

void en_parameter_sink(en_parameter *p, const en_pass *pass, size_t first, size_t count, float *gradient)
{
    if (pass->sink == EN_SINK_APPLY) {
        en_adam adam = en_adam_of(pass->step, p->decays);
        pass->k->adam(&adam, count, gradient, p->value + first, p->m + first, p->v + first);
    } else if (gradient == p->gradient + first) {
        return; /* it was made where it is kept */
    } else if (pass->sink == EN_SINK_ADD) {
        pass->k->add(p->gradient + first, gradient, count);
    } else {
        memcpy(p->gradient + first, gradient, count * sizeof *gradient);
    }
}

typedef struct update {
    en_parameter *p;
    const en_pass *pass;
    float *parts;
    size_t count, stride;
    float scale;
} update;

static size_t update_chunks(const en_parameter *p) { return (p->count + UPDATE_FLOATS - 1) / UPDATE_FLOATS; }

static size_t update_floats(const en_parameter *p, size_t chunk)
{
    size_t left = p->count - chunk * UPDATE_FLOATS;
    return left < UPDATE_FLOATS ? left : UPDATE_FLOATS;
}

static void sum_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const update *u = ctx;
    (void)worker;
    size_t first = chunk * UPDATE_FLOATS, n = update_floats(u->p, chunk);
    float *sum = u->parts + first;
    for (size_t part = 1; part < u->count; part++) {
        u->pass->k->add(sum, u->parts + part * u->stride + first, n);
    }
    en_parameter_sink(u->p, u->pass, first, n, sum);
}

void en_parameter_sink_parts(en_parameter *p, const en_pass *pass, float *parts, size_t count, size_t stride)
{
    en_pool_run(pass->pool, update_chunks(p), sum_chunk, &(update){p, pass, parts, count, stride, 1});
}

static void apply_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const update *u = ctx;
    (void)worker;
    size_t first = chunk * UPDATE_FLOATS, n = update_floats(u->p, chunk);
    float *gradient = u->p->gradient + first;
    if (u->scale < 1) {
        for (size_t i = 0; i < n; i++) {
            gradient[i] *= u->scale;
        }
    }
    en_adam adam = en_adam_of(u->pass->step, u->p->decays);
    u->pass->k->adam(&adam, n, gradient, u->p->value + first, u->p->m + first, u->p->v + first);
}

void en_parameter_apply(en_parameter *p, const en_pass *pass, float scale)
{
    en_pool_run(pass->pool, update_chunks(p), apply_chunk, &(update){.p = p, .pass = pass, .scale = scale});
}

double en_parameter_gradient_norm2(const en_parameter *p)
{
    double sum = 0; /* chunk by chunk, so that no term is lost beside a large sum */
    for (size_t chunk = 0; chunk < update_chunks(p); chunk++) {
        const float *gradient = p->gradient + chunk * UPDATE_FLOATS;
        double part = 0;
        for (size_t i = 0; i < update_floats(p, chunk); i++) {
            part += (double)gradient[i] * (double)gradient[i];
        }
        sum += part;
    }
    return sum;
}
