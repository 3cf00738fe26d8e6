/* The dense layer, y = x*w + b, for up to hundreds of millions of weights. Both passes go over the weights once, in
 * chunks of rows. Forward, each chunk's partial y is kept and the partial sums are added in order; backward, w is read
 * for dx before it changes, and a chunk's gradient stays in the cache until the optimiser has used it, or is made where
 * it is kept. */
#include <string.h>

#include "nn/kind.h"

enum { WEIGHT, BIAS };

#define FORWARD_WEIGHTS ((size_t)1 << 19)  /* in a chunk: few enough partial sums of y */
#define BACKWARD_WEIGHTS ((size_t)1 << 15) /* in a chunk: w, m, v and gradient, 512 KiB, in the second-level cache */

static en_status read(en_reader *r, en_layer_spec *l)
{
    return en_reader_take(r, "classes")
               ? EN_OK
               : en_reader_count(r, "'classes' or a number of units", 1, EN_UNITS_MAX, &l->units);
}

static en_status size(en_reader *r, en_layer_spec *l)
{
    (void)r;
    l->out = (en_dims){1, 1, l->units};
    return EN_OK;
}

static en_status text(const en_spec *spec, const en_layer_spec *l, en_buf *out, en_error *err)
{
    (void)spec;
    return l->units == 0 ? en_buf_text(out, "dense classes", err) : en_buf_printf(out, err, "dense %zu", l->units);
}

static size_t chunk_rows(const en_layer *l, size_t weights)
{
    size_t rows = weights / l->out_size;
    rows = rows > 0 ? rows : 1;
    return rows < l->in_size ? rows : l->in_size;
}

static size_t chunks(const en_layer *l, size_t rows) { return (l->in_size + rows - 1) / rows; }

static size_t rows_in(const en_layer *l, size_t rows, size_t chunk)
{
    size_t left = l->in_size - chunk * rows;
    return left < rows ? left : rows;
}

static void plan(en_layer *l, en_plan *plan)
{
    l->u.dense.forward_rows = chunk_rows(l, FORWARD_WEIGHTS);
    l->u.dense.backward_rows = chunk_rows(l, BACKWARD_WEIGHTS);
    const en_parameter *weight = en_parameter_plan(l, "dense.weight", (size_t[]){l->in_size, l->out_size}, 2, plan);
    (void)en_parameter_plan(l, "dense.bias", &l->out_size, 1, plan);
    l->reads_x = true;
    plan->flops += 2.0 * (double)weight->count;
    size_t parts = chunks(l, l->u.dense.forward_rows);
    en_plan_shared(plan, plan->batch * parts, l->out_size); /* also enough for the bias's gradient */
    if (plan->train) {
        en_plan_scratch(plan, l->u.dense.backward_rows, l->out_size);
    }
}

static void init(en_layer *l, en_pool *pool, uint64_t seed)
{
    double limit = en_init_limit(l->spec->act, (double)l->in_size, (double)l->out_size);
    en_parameter_draw(&l->parameter[WEIGHT], l->index, 0, pool, seed, limit);
}

static void forward_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    size_t rows = l->u.dense.forward_rows, first = chunk * rows;
    float *partial = work->pass->shared + chunk * work->pass->n * l->out_size;
    work->pass->k->gemm(false, false, work->pass->n, l->out_size, rows_in(l, rows, chunk), l->x[0] + first, l->in_size,
                        l->parameter[WEIGHT].value + first * l->out_size, l->out_size, false, partial, l->out_size);
}

static void forward(en_layer *l, const en_pass *pass)
{
    size_t parts = chunks(l, l->u.dense.forward_rows), size = pass->n * l->out_size;
    en_pool_run(pass->pool, parts, forward_chunk, &(en_work){l, pass});
    memcpy(l->y, pass->shared, size * sizeof *l->y);
    for (size_t part = 1; part < parts; part++) {
        pass->k->add(l->y, pass->shared + part * size, size);
    }
    pass->k->bias(l->y, l->parameter[BIAS].value, pass->n, l->out_size, false);
}

static void backward_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const en_work *work = ctx;
    const en_pass *pass = work->pass;
    en_layer *l = work->layer;
    size_t count = rows_in(l, l->u.dense.backward_rows, chunk), first = chunk * l->u.dense.backward_rows;
    size_t at = first * l->out_size;
    bool kept = pass->sink != EN_SINK_APPLY;
    float *gradient = kept ? l->parameter[WEIGHT].gradient + at : pass->scratch + worker * pass->scratch_stride;
    if (l->dx[0] != NULL) {
        pass->k->gemm(false, true, pass->n, count, l->out_size, l->dy, l->out_size, l->parameter[WEIGHT].value + at,
                      l->out_size, false, l->dx[0] + first, l->in_size);
    }
    if (l->parameter[WEIGHT].frozen) {
        return;
    }
    pass->k->gemm(true, false, count, l->out_size, pass->n, l->x[0] + first, l->in_size, l->dy, l->out_size,
                  pass->sink == EN_SINK_ADD, gradient, l->out_size);
    en_parameter_sink(&l->parameter[WEIGHT], pass, at, count * l->out_size, gradient);
}

static void backward(en_layer *l, const en_pass *pass)
{
    en_pool_run(pass->pool, chunks(l, l->u.dense.backward_rows), backward_chunk, &(en_work){l, pass});
    if (l->parameter[BIAS].frozen) {
        return;
    }
    memset(pass->shared, 0, l->out_size * sizeof *pass->shared);
    pass->k->sum_rows(l->dy, pass->n, l->out_size, pass->shared);
    en_parameter_sink_parts(&l->parameter[BIAS], pass, pass->shared, 1, l->out_size);
}

const en_layer_kind en_layer_dense = {
    .word = "dense",
    .takes = EN_TAKES_NORM | EN_TAKES_ACT | EN_TAKES_OUTPUT,
    .read = read,
    .size = size,
    .text = text,
    .plan = plan,
    .init = init,
    .forward = forward,
    .backward = backward,
};
