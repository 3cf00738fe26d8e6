/* Multinomial logistic regression by L-BFGS. Uses base. */
#include "stats/softmax.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

enum { CHUNKS = 16, PAIRS = 10, HALVINGS = 40 };
#define FLAT 1e-6     /* of every derivative, at the minimum */
#define DECREASE 1e-4 /* of what the slope promises, at least (Nocedal and Wright, "Numerical Optimization", 3.1) */

typedef struct problem {
    const en_softmax_data *data;
    double penalty;
    en_pool *pool;
    size_t count;     /* of weights */
    double learned;   /* rows */
    const double *at; /* where it is evaluated */
    double *part;     /* [CHUNKS * count] gradients of the rows of a chunk */
    double loss[CHUNKS];
} problem;

size_t en_softmax_weights(const en_softmax_data *data) { return data->classes * (data->size + 1); }

/* Four sums beside each other: the order of additions is fixed, and they need not wait for one another. */
static double dot_row(const float *x, const double *w, size_t n)
{
    double sum[4] = {0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        for (size_t k = 0; k < 4; k++) {
            sum[k] += (double)x[i + k] * w[i + k];
        }
    }
    for (; i < n; i++) {
        sum[0] += (double)x[i] * w[i];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* The probabilities; returns ln of the sum of exp(logits). */
static double forward(const en_softmax_data *data, const double *weights, const float *row, double *p)
{
    double most = -(double)INFINITY, sum = 0;
    for (size_t c = 0; c < data->classes; c++) {
        const double *w = weights + c * (data->size + 1);
        p[c] = dot_row(row, w, data->size) + w[data->size];
        most = fmax(most, p[c]);
    }
    for (size_t c = 0; c < data->classes; c++) {
        p[c] = exp(p[c] - most);
        sum += p[c];
    }
    for (size_t c = 0; c < data->classes; c++) {
        p[c] /= sum;
    }
    return most + log(sum);
}

void en_softmax_predict(const en_softmax_data *data, const double *weights, const float *row, double *probability)
{
    (void)forward(data, weights, row, probability);
}

static void add_row(const problem *q, size_t row, double *gradient, double *loss)
{
    const en_softmax_data *data = q->data;
    const float *x = data->x + row * data->size;
    const size_t truth = (size_t)data->truth[row];
    double p[EN_SOFTMAX_CLASSES_MAX];
    const double *w = q->at + truth * (data->size + 1);
    *loss += forward(data, q->at, x, p) - (dot_row(x, w, data->size) + w[data->size]);
    for (size_t c = 0; c < data->classes; c++) {
        const double off = p[c] - (c == truth ? 1.0 : 0.0);
        double *g = gradient + c * (data->size + 1);
        for (size_t i = 0; i < data->size; i++) {
            g[i] += off * (double)x[i];
        }
        g[data->size] += off;
    }
}

static void add_rows(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    problem *q = ctx;
    double *gradient = q->part + chunk * q->count, loss = 0;
    memset(gradient, 0, q->count * sizeof *gradient);
    const size_t rows = q->data->rows, end = rows * (chunk + 1) / CHUNKS;
    for (size_t row = rows * chunk / CHUNKS; row < end; row++) {
        if (q->data->held == NULL || q->data->held[row] == 0) {
            add_row(q, row, gradient, &loss);
        }
    }
    q->loss[chunk] = loss;
}

/* What is minimised, and its gradient. */
static double evaluate(problem *q, const double *at, double *gradient)
{
    const size_t per_class = q->data->size + 1;
    double loss = 0, squares = 0;
    q->at = at;
    en_pool_run(q->pool, CHUNKS, add_rows, q);
    for (size_t i = 0; i < q->count; i++) {
        double sum = 0;
        for (size_t k = 0; k < CHUNKS; k++) {
            sum += q->part[k * q->count + i];
        }
        gradient[i] = sum / q->learned;
        if (i % per_class != per_class - 1) {
            gradient[i] += q->penalty * at[i];
            squares += at[i] * at[i];
        }
    }
    for (size_t k = 0; k < CHUNKS; k++) {
        loss += q->loss[k];
    }
    return loss / q->learned + q->penalty / 2 * squares;
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

static void add(double *to, double factor, const double *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] += factor * from[i];
    }
}

/* The pairs of steps and changes of the gradient, the newest last, in a ring. */
typedef struct history {
    double *step[PAIRS], *change[PAIRS], rho[PAIRS];
    size_t count, next;
} history;

/* The direction -H g, H the inverse Hessian as the pairs have it (two loops, Nocedal 1980). */
static void choose_direction(const history *h, const double *gradient, size_t n, double *direction)
{
    double alpha[PAIRS];
    for (size_t i = 0; i < n; i++) {
        direction[i] = -gradient[i];
    }
    for (size_t k = 0; k < h->count; k++) { /* the newest first */
        const size_t at = (h->next + PAIRS - 1 - k) % PAIRS;
        alpha[at] = h->rho[at] * dot(h->step[at], direction, n);
        add(direction, -alpha[at], h->change[at], n);
    }
    if (h->count > 0) {
        const size_t at = (h->next + PAIRS - 1) % PAIRS;
        const double scale = 1 / (h->rho[at] * dot(h->change[at], h->change[at], n));
        for (size_t i = 0; i < n; i++) {
            direction[i] *= scale;
        }
    }
    for (size_t k = h->count; k-- > 0;) { /* the oldest first */
        const size_t at = (h->next + PAIRS - 1 - k) % PAIRS;
        add(direction, alpha[at] - h->rho[at] * dot(h->change[at], direction, n), h->step[at], n);
    }
}

/* A pair without curvature teaches nothing. */
static void remember(history *h, const double *from, const double *to, const double *before, const double *after,
                     size_t n)
{
    double *step = h->step[h->next], *change = h->change[h->next];
    for (size_t i = 0; i < n; i++) {
        step[i] = to[i] - from[i];
        change[i] = after[i] - before[i];
    }
    const double curvature = dot(step, change, n);
    if (curvature > 1e-12 * dot(change, change, n)) {
        h->rho[h->next] = 1 / curvature;
        h->next = (h->next + 1) % PAIRS;
        h->count += h->count < PAIRS;
    }
}

static int is_flat(const double *gradient, size_t n)
{
    int flat = 1;
    for (size_t i = 0; i < n; i++) {
        flat = flat && fabs(gradient[i]) <= FLAT;
    }
    return flat;
}

/* work: four vectors of the gradient's length. */
static void minimise(problem *q, history *h, size_t steps, double *weights, double *work)
{
    const size_t n = q->count;
    double *gradient = work, *direction = work + n, *next = work + 2 * n, *there = work + 3 * n;
    double loss = evaluate(q, weights, gradient);
    for (size_t k = 0; k < steps && !is_flat(gradient, n); k++) {
        choose_direction(h, gradient, n, direction);
        const double slope = dot(gradient, direction, n);
        double length = h->count > 0 ? 1 : 1 / fmax(1, sqrt(dot(gradient, gradient, n))), reached = loss;
        int halvings = 0;
        do {
            memcpy(next, weights, n * sizeof *next);
            add(next, length, direction, n);
            reached = evaluate(q, next, there);
            length /= 2;
        } while (!(reached <= loss + 2 * length * DECREASE * slope) && ++halvings < HALVINGS);
        if (halvings == HALVINGS) {
            return; /* nowhere to go within a float's rounding */
        }
        remember(h, weights, next, gradient, there, n);
        memcpy(weights, next, n * sizeof *next);
        memcpy(gradient, there, n * sizeof *there);
        loss = reached;
    }
}

en_status en_softmax_fit(const en_softmax_data *data, double penalty, size_t steps, en_pool *pool, double *weights,
                         en_error *err)
{
    problem q = {.data = data, .penalty = penalty, .pool = pool, .count = en_softmax_weights(data)};
    history h = {0};
    size_t numbers = 0;
    if (data->classes < 2 || data->classes > EN_SOFTMAX_CLASSES_MAX) {
        return en_error_set(err, EN_BUG, "a regression of %zu classes", data->classes);
    }
    for (size_t i = 0; i < data->rows; i++) {
        q.learned += data->held == NULL || data->held[i] == 0 ? 1 : 0;
    }
    if (!(q.learned > 0)) {
        return en_error_set(err, EN_INPUT, "there is nothing to learn from");
    }
    q.part = en_mul(CHUNKS + 2 * PAIRS + 4, q.count, &numbers) ? en_calloc(numbers, sizeof *q.part) : NULL;
    if (q.part == NULL) {
        return en_error_nomem(err, "a regression");
    }
    double *free_part = q.part + CHUNKS * q.count;
    for (size_t k = 0; k < PAIRS; k++) {
        h.step[k] = free_part + 2 * k * q.count;
        h.change[k] = h.step[k] + q.count;
    }
    memset(weights, 0, q.count * sizeof *weights);
    minimise(&q, &h, steps, weights, free_part + 2 * PAIRS * q.count);
    en_free(q.part);
    return EN_OK;
}
