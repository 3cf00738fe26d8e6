/* Batch normalisation (Ioffe & Szegedy 2015), with a relu or relu6 that follows it on its line.
 *
 *   y = act(scale*(x - mean)/sqrt(variance + epsilon) + shift)     for each channel
 *
 * In training mean and variance are those of the pass's pixels (the biased variance), and the running ones follow with
 * momentum 0.1 (the unbiased variance, as in PyTorch); when frozen, and in prediction, the running ones are used. With
 * n pixels, g = dy*act'(y) and z = (x - mean)/sqrt(variance + epsilon):
 *
 *   dshift = sum g;  dscale = sum g*z
 *   dx = scale/sqrt(variance + epsilon) * (g - dshift/n - z*dscale/n)     frozen: without the last two
 *
 * Pixels are cut into chunks of one size; their moments are combined in order (Chan 1979), in double precision. */
#include <math.h>
#include <string.h>

#include "nn/kind.h"

#define CHUNK_FLOATS ((size_t)1 << 14) /* of x in one chunk: 64 KiB, which stay in the cache from mean to variance */
#define MOMENTUM 0.1

enum { SCALE, SHIFT, MEAN, VARIANCE };

static en_status read(en_reader *r, en_layer_spec *l) { return en_reader_norm(r, l); }

static en_status text(const en_spec *spec, const en_layer_spec *l, en_buf *out, en_error *err)
{
    (void)spec;
    return en_text_norm(l, out, err);
}

static size_t channels(const en_layer *l) { return l->out.c; }

static size_t pixels(const en_layer *l, size_t n) { return n * l->out.h * l->out.w; }

static size_t chunk_pixels(const en_layer *l) { return channels(l) < CHUNK_FLOATS ? CHUNK_FLOATS / channels(l) : 1; }

static size_t chunks(const en_layer *l, size_t n) { return (pixels(l, n) + chunk_pixels(l) - 1) / chunk_pixels(l); }

static size_t pixels_in(const en_layer *l, size_t n, size_t chunk)
{
    size_t left = pixels(l, n) - chunk * chunk_pixels(l);
    return left < chunk_pixels(l) ? left : chunk_pixels(l);
}

static bool uses_batch(const en_layer *l, const en_pass *pass) { return pass->train && l->spec->norm == EN_NORM_BATCH; }

static void plan(en_layer *l, en_plan *plan)
{
    size_t c = channels(l);
    (void)en_parameter_plan(l, "batchnorm.scale", &c, 1, plan);
    (void)en_parameter_plan(l, "batchnorm.shift", &c, 1, plan);
    (void)en_statistic_plan(l, "batchnorm.mean", c, plan);
    (void)en_statistic_plan(l, "batchnorm.variance", c, plan);
    l->reads_x = true;
    l->reads_y = l->act != EN_ACT_NONE;
    l->works_in_place = true;
    en_plan_span(plan, l->forward_step, l->backward_step, 2, c, sizeof(float), &l->u.norm.mean);
    en_plan_shared(plan, chunks(l, plan->batch) + 4, 2 * c);
}

static void init(en_layer *l, en_pool *pool, uint64_t seed)
{
    (void)pool;
    (void)seed;
    en_parameter_fill(&l->parameter[SCALE], 1);
    en_parameter_fill(&l->parameter[VARIANCE], 1);
}

/* The mean that is used, and 1/sqrt(variance + epsilon). */
static float *mean_of(const en_layer *l) { return l->u.norm.mean; }

static float *factor_of(const en_layer *l) { return mean_of(l) + channels(l); }

/* The mean of a chunk, and the sum of squares about it. */
static void moments_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    size_t c = channels(l);
    (void)worker;
    work->pass->k->moments(l->x[0] + chunk * chunk_pixels(l) * c, pixels_in(l, work->pass->n, chunk), c,
                           work->pass->shared + chunk * 2 * c, work->pass->shared + chunk * 2 * c + c);
}

static void use_running(const en_layer *l)
{
    for (size_t i = 0; i < channels(l); i++) {
        mean_of(l)[i] = l->parameter[MEAN].value[i];
        factor_of(l)[i] = (float)(1 / sqrt((double)l->parameter[VARIANCE].value[i] + l->spec->epsilon));
    }
}

static void use_batch(en_layer *l, const en_pass *pass)
{
    size_t c = channels(l), parts = chunks(l, pass->n);
    en_pool_run(pass->pool, parts, moments_chunk, &(en_work){l, pass});
    for (size_t i = 0; i < c; i++) {
        double mean = 0, squares = 0, seen = 0;
        for (size_t part = 0; part < parts; part++) {
            double count = (double)pixels_in(l, pass->n, part), all = seen + count;
            double apart = (double)pass->shared[part * 2 * c + i] - mean;
            mean += apart * count / all;
            squares += (double)pass->shared[part * 2 * c + c + i] + apart * apart * seen * count / all;
            seen = all;
        }
        float *running = &l->parameter[MEAN].value[i], *spread = &l->parameter[VARIANCE].value[i];
        *running = (float)((1 - MOMENTUM) * (double)*running + MOMENTUM * mean);
        *spread = (float)((1 - MOMENTUM) * (double)*spread + MOMENTUM * squares / (seen > 1 ? seen - 1 : 1));
        mean_of(l)[i] = (float)mean;
        factor_of(l)[i] = (float)(1 / sqrt(squares / seen + l->spec->epsilon));
    }
}

static void constants(const en_layer *l, float *a, float *b)
{
    for (size_t i = 0; i < channels(l); i++) {
        a[i] = l->parameter[SCALE].value[i] * factor_of(l)[i];
        b[i] = l->parameter[SHIFT].value[i] - mean_of(l)[i] * a[i];
    }
}

void en_norm_running(const en_layer *l, float *a, float *b)
{
    use_running(l);
    constants(l, a, b);
}

static float most_of(en_activation act) { return act == EN_ACT_RELU6 ? 6 : INFINITY; }

static void forward_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    size_t c = channels(l), at = chunk * chunk_pixels(l) * c, rows = pixels_in(l, work->pass->n, chunk);
    const float *a = work->pass->shared, *b = a + c;
    (void)worker;
    work->pass->k->affine(l->x[0] + at, a, b, rows, c, l->act != EN_ACT_NONE ? 0 : -INFINITY, most_of(l->act),
                          l->y + at);
}

static void clamp_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    float *y = l->y + image * l->out_size;
    (void)worker;
    en_activate(EN_ACT_RELU6, work->pass->k, y, y, l->out_size);
}

static void forward(en_layer *l, const en_pass *pass)
{
    if (l->u.norm.folded) { /* the convolution did the rest */
        if (l->act == EN_ACT_RELU6) {
            en_layer_each_image(l, pass, clamp_image);
        }
        return;
    }
    if (uses_batch(l, pass)) {
        use_batch(l, pass);
    } else {
        use_running(l);
    }
    constants(l, pass->shared, pass->shared + channels(l));
    en_pool_run(pass->pool, chunks(l, pass->n), forward_chunk, &(en_work){l, pass});
}

/* g in dy's place, and the chunk's sums of g and g*z. */
static void sums_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    size_t c = channels(l), at = chunk * chunk_pixels(l) * c, rows = pixels_in(l, work->pass->n, chunk);
    float *sums = work->pass->shared + (chunk + 4) * 2 * c;
    (void)worker;
    if (l->act != EN_ACT_NONE) {
        en_activate_back(l->act, work->pass->k, NULL, l->y + at, l->dy + at, rows * c);
    }
    work->pass->k->norm_sums(l->x[0] + at, l->dy + at, mean_of(l), factor_of(l), rows, c, sums, sums + c);
}

/* dx = p*g + q*x + r: the formula above with its constants gathered. */
static void dx_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    size_t c = channels(l), at = chunk * chunk_pixels(l) * c, rows = pixels_in(l, work->pass->n, chunk);
    const float *p = work->pass->shared + 2 * c;
    (void)worker;
    work->pass->k->norm_back(l->x[0] + at, l->dy + at, p, p + c, p + 2 * c, rows, c, l->dx[0] + at);
}

static void backward(en_layer *l, const en_pass *pass)
{
    size_t c = channels(l), parts = chunks(l, pass->n);
    float *dshift = pass->shared, *dscale = dshift + c, *p = dscale + c, *q = p + c, *r = q + c;
    const float *sums = pass->shared + 4 * 2 * c;
    double count = (double)pixels(l, pass->n);
    bool of_batch = uses_batch(l, pass);
    en_pool_run(pass->pool, parts, sums_chunk, &(en_work){l, pass});
    for (size_t i = 0; i < c; i++) {
        double g = 0, gz = 0;
        for (size_t part = 0; part < parts; part++) {
            g += (double)sums[part * 2 * c + i];
            gz += (double)sums[part * 2 * c + c + i];
        }
        dshift[i] = (float)g;
        dscale[i] = (float)gz;
        double factor = (double)factor_of(l)[i], lead = (double)l->parameter[SCALE].value[i] * factor;
        double of_z = of_batch ? -lead * gz / count : 0;
        double of_one = of_batch ? -lead * g / count : 0;
        p[i] = (float)lead;
        q[i] = (float)(of_z * factor);
        r[i] = (float)(of_one - of_z * factor * (double)mean_of(l)[i]);
    }
    if (l->dx[0] != NULL) {
        en_pool_run(pass->pool, parts, dx_chunk, &(en_work){l, pass});
    }
    if (!l->parameter[SCALE].frozen) {
        en_parameter_sink_parts(&l->parameter[SCALE], pass, dscale, 1, 0);
        en_parameter_sink_parts(&l->parameter[SHIFT], pass, dshift, 1, 0);
    }
}

const en_layer_kind en_layer_batchnorm = {
    .word = "batchnorm",
    .takes = EN_TAKES_ACT,
    .read = read,
    .text = text,
    .fuses_relu = true,
    .plan = plan,
    .init = init,
    .forward = forward,
    .backward = backward,
};
