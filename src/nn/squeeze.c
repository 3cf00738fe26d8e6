/* Squeeze and excitation (Hu 2018, with the hard sigmoid of Howard 2019): every channel times a factor from the means
 * of all of them.
 *
 *   m = mean of x over the pixels;  u = relu(m*W1 + b1);  s = u*W2 + b2;  f = min(max(s + 3, 0), 6)/6;  y = x*f
 *
 * Backward, each image by itself up to the gradients of the small matrices, which are products over the batch:
 *   df = sum over the pixels of dy*x;  ds = df/6 where 0 < f < 1, else 0;  du = ds*W2' where u > 0
 *   dx = dy*f + (du*W1')/pixels */
#include <string.h>

#include "nn/kind.h"

enum { REDUCE, REDUCE_BIAS, EXPAND, EXPAND_BIAS };

static en_status read(en_reader *r, en_layer_spec *l)
{
    return en_reader_count(r, "a number of units", 1, EN_UNITS_MAX, &l->units);
}

static en_status text(const en_spec *spec, const en_layer_spec *l, en_buf *out, en_error *err)
{
    (void)spec;
    return en_buf_printf(out, err, "squeeze-excite %zu", l->units);
}

static void plan(en_layer *l, en_plan *plan)
{
    size_t c = l->out.c, units = l->spec->units;
    (void)en_parameter_plan(l, "squeeze.reduce.weight", (size_t[]){c, units}, 2, plan);
    (void)en_parameter_plan(l, "squeeze.reduce.bias", &units, 1, plan);
    (void)en_parameter_plan(l, "squeeze.expand.weight", (size_t[]){units, c}, 2, plan);
    (void)en_parameter_plan(l, "squeeze.expand.bias", &c, 1, plan);
    l->reads_x = true;
    plan->flops += 4.0 * (double)c * (double)units + 2.0 * (double)l->out_size;
    size_t each[] = {c, units, c, units, c};
    void **where[] = {&l->u.squeeze.mean, &l->u.squeeze.unit, &l->u.squeeze.factor, &l->u.squeeze.dunit,
                      &l->u.squeeze.dfactor};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        en_plan_span(plan, l->forward_step, l->backward_step, plan->batch, each[i], sizeof(float), where[i]);
    }
    size_t larger = l->parameter[REDUCE].count; /* both matrices have as many */
    en_plan_shared(plan, larger + units + c, 1);
    en_plan_scratch(plan, c, 1);
}

static void init(en_layer *l, en_pool *pool, uint64_t seed)
{
    double c = (double)l->out.c, units = (double)l->spec->units;
    en_parameter_draw(&l->parameter[REDUCE], l->index, 0, pool, seed, en_init_limit(EN_ACT_RELU, c, units));
    en_parameter_draw(&l->parameter[EXPAND], l->index, 1, pool, seed, en_init_limit(EN_ACT_NONE, units, c));
}

static size_t pixels(const en_layer *l) { return l->out.h * l->out.w; }

/* v(cols) = b + u(rows) * w(rows,cols) */
static void product(const float *u, const float *w, const float *b, size_t rows, size_t cols, float *v)
{
    memcpy(v, b, cols * sizeof *v);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            v[j] += u[i] * w[i * cols + j];
        }
    }
}

static void forward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    size_t c = l->out.c, units = l->spec->units;
    const float *x = l->x[0] + image * l->in_size;
    float *mean = (float *)l->u.squeeze.mean + image * c, *unit = (float *)l->u.squeeze.unit + image * units;
    float *factor = (float *)l->u.squeeze.factor + image * c, *y = l->y + image * l->out_size;
    (void)worker;
    memset(mean, 0, c * sizeof *mean);
    work->pass->k->sum_rows(x, pixels(l), c, mean);
    for (size_t i = 0; i < c; i++) {
        mean[i] /= (float)pixels(l);
    }
    product(mean, l->parameter[REDUCE].value, l->parameter[REDUCE_BIAS].value, c, units, unit);
    work->pass->k->relu(unit, units);
    product(unit, l->parameter[EXPAND].value, l->parameter[EXPAND_BIAS].value, units, c, factor);
    for (size_t i = 0; i < c; i++) {
        float s = factor[i] + 3;
        factor[i] = (s < 0 ? 0 : s > 6 ? 6 : s) / 6;
    }
    for (size_t p = 0; p < pixels(l); p++) {
        for (size_t i = 0; i < c; i++) {
            y[p * c + i] = x[p * c + i] * factor[i];
        }
    }
}

static void forward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, forward_image); }

/* out(rows) = w(rows,cols) * v(cols) */
static void transposed_product(const float *v, const float *w, size_t rows, size_t cols, float *out)
{
    for (size_t i = 0; i < rows; i++) {
        float sum = 0;
        for (size_t j = 0; j < cols; j++) {
            sum += w[i * cols + j] * v[j];
        }
        out[i] = sum;
    }
}

static void backward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    size_t c = l->out.c, units = l->spec->units, at = image * l->in_size;
    const float *x = l->x[0] + at, *dy = l->dy + at, *unit = (float *)l->u.squeeze.unit + image * units;
    const float *factor = (float *)l->u.squeeze.factor + image * c;
    float *dunit = (float *)l->u.squeeze.dunit + image * units, *ds = (float *)l->u.squeeze.dfactor + image * c;
    float *dmean = work->pass->scratch + worker * work->pass->scratch_stride;
    memset(ds, 0, c * sizeof *ds);
    for (size_t p = 0; p < pixels(l); p++) {
        for (size_t i = 0; i < c; i++) {
            ds[i] += dy[p * c + i] * x[p * c + i];
        }
    }
    for (size_t i = 0; i < c; i++) {
        ds[i] = factor[i] > 0 && factor[i] < 1 ? ds[i] / 6 : 0;
    }
    transposed_product(ds, l->parameter[EXPAND].value, units, c, dunit);
    work->pass->k->relu_back(dunit, unit, units);
    if (l->dx[0] == NULL) {
        return;
    }
    transposed_product(dunit, l->parameter[REDUCE].value, c, units, dmean);
    float *dx = l->dx[0] + at;
    for (size_t p = 0; p < pixels(l); p++) {
        for (size_t i = 0; i < c; i++) {
            dx[p * c + i] = dy[p * c + i] * factor[i] + dmean[i] / (float)pixels(l);
        }
    }
}

/* The gradients of one of the two matrices and its bias: left(n,rows)' * right(n,cols). */
static void sink_matrix(en_layer *l, const en_pass *pass, size_t which, const float *left, const float *right)
{
    en_parameter *w = &l->parameter[which], *b = &l->parameter[which + 1];
    size_t rows = w->shape[0], cols = w->shape[1];
    if (w->frozen) {
        return;
    }
    float *dw = pass->shared, *db = dw + w->count;
    pass->k->gemm(true, false, rows, cols, pass->n, left, rows, right, cols, false, dw, cols);
    memset(db, 0, cols * sizeof *db);
    pass->k->sum_rows(right, pass->n, cols, db);
    en_parameter_sink_parts(w, pass, dw, 1, 0);
    en_parameter_sink_parts(b, pass, db, 1, 0);
}

static void backward(en_layer *l, const en_pass *pass)
{
    en_layer_each_image(l, pass, backward_image);
    sink_matrix(l, pass, REDUCE, l->u.squeeze.mean, l->u.squeeze.dunit);
    sink_matrix(l, pass, EXPAND, l->u.squeeze.unit, l->u.squeeze.dfactor);
}

const en_layer_kind en_layer_squeeze = {
    .word = "squeeze-excite",
    .takes = 0,
    .read = read,
    .text = text,
    .plan = plan,
    .init = init,
    .forward = forward,
    .backward = backward,
};
