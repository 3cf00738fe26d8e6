/* Trainable tensors: their memory, their first values and their updates. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "nn/layer.h"

#define DRAW_FLOATS ((size_t)1 << 16)   /* drawn by one chunk, from a stream of its own */
#define UPDATE_FLOATS ((size_t)1 << 12) /* summed and updated by one chunk */
#define LAYER_SHIFT 40                  /* of the random key's item: above every chunk number */
#define TENSOR_SHIFT 32                 /* the tensors of a layer, between them */

static en_parameter *plan_tensor(en_layer *l, const char *what, const size_t *shape, unsigned rank, en_plan *plan)
{
    en_parameter *p = &l->parameter[l->parameters++];
    bool frozen = p->frozen || l->frozen;
    double rate = p->rate;
    *p = (en_parameter){.rank = rank, .count = 1, .line = l->index, .decays = rank > 1, .frozen = frozen, .rate = rate};
    (void)snprintf(p->name, sizeof p->name, "%zu.%s", l->index, what);
    for (unsigned i = 0; i < rank; i++) {
        p->shape[i] = shape[i];
        plan->state.overflow |= __builtin_mul_overflow(p->count, shape[i], &p->count);
    }
    p->value = en_memory_take(&plan->state, p->count, 1, sizeof(float));
    if (plan->average) {
        p->average = en_memory_take(&plan->state, p->count, 1, sizeof(float));
    }
    return p;
}

en_parameter *en_parameter_plan(en_layer *l, const char *what, const size_t *shape, unsigned rank, en_plan *plan)
{
    en_parameter *p = plan_tensor(l, what, shape, rank, plan);
    plan->parameters += p->count;
    for (size_t i = 0; plan->train && !l->frozen && i < en_optimiser_slots(plan->optimiser); i++) {
        p->slot[i] = en_memory_take(&plan->state, p->count, 1, sizeof(float));
    }
    if (plan->gradients && !l->frozen) {
        p->gradient = en_memory_take(&plan->state, p->count, 1, sizeof(float));
    }
    return p;
}

en_parameter *en_statistic_plan(en_layer *l, const char *what, size_t count, en_plan *plan)
{
    en_parameter *p = plan_tensor(l, what, &count, 1, plan);
    p->statistic = true;
    return p;
}

double en_init_limit(en_activation act, double fan_in, double fan_out)
{
    bool one_sided = act != EN_ACT_NONE && act != EN_ACT_SIGMOID && act != EN_ACT_TANH && act < EN_ACT_SOFTMAX;
    return sqrt(6 / (one_sided ? fan_in : fan_in + fan_out));
}

void en_parameter_fill(en_parameter *p, float value)
{
    for (size_t i = 0; i < p->count; i++) {
        p->value[i] = value;
    }
}

typedef struct draw {
    en_parameter *p;
    uint64_t item, seed;
    double limit;
} draw;

static void draw_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const draw *d = ctx;
    (void)worker;
    en_random random = en_random_init(d->seed, 0, d->item | chunk, EN_FOR_INIT);
    size_t first = chunk * DRAW_FLOATS, left = d->p->count - first;
    for (size_t i = first; i < first + (left < DRAW_FLOATS ? left : DRAW_FLOATS); i++) {
        d->p->value[i] = (float)en_random_between(&random, -d->limit, d->limit);
    }
}

void en_parameter_draw(en_parameter *p, size_t layer, size_t item, en_pool *pool, uint64_t seed, double limit)
{
    draw d = {p, (uint64_t)layer << LAYER_SHIFT | (uint64_t)item << TENSOR_SHIFT, seed, limit};
    en_pool_run(pool, (p->count + DRAW_FLOATS - 1) / DRAW_FLOATS, draw_chunk, &d);
}

/* Updates elements first..first+count-1 of p from their gradient. */
static void update_range(en_parameter *p, const en_pass *pass, size_t first, size_t count, float *gradient)
{
    const en_optimiser *o = pass->optimiser;
    float *slot[EN_OPTIMISER_SLOTS] = {NULL};
    for (size_t i = 0; i < en_optimiser_slots(o); i++) {
        slot[i] = p->slot[i] + first;
    }
    double rate = (double)pass->step->lr * (p->rate > 0 ? p->rate : 1);
    en_optimiser_apply(o, pass->k, pass->step->step, rate, p->decays, count, gradient, p->value + first, slot);
}

void en_parameter_sink(en_parameter *p, const en_pass *pass, size_t first, size_t count, float *gradient)
{
    if (pass->sink == EN_SINK_APPLY) {
        update_range(p, pass, first, count, gradient);
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
    update_range(u->p, u->pass, first, n, gradient);
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
