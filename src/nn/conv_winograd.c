/* Convolution with kernels of 3x3 at stride 1 by Winograd's algorithm (kernel/winograd.h). The weights are transformed
 * once per pass; groups of tiles, so few that what they become stays in the second-level cache, are transformed,
 * multiplied and transformed back.
 *
 * The gradient of the input is the same convolution over dy with other weights. The gradient of the weights sums over
 * tiles, in blocks of channels that fit the cache: the tiles are cut into parts by shape and batch alone, within a part
 * sums are brought back to 3x3 every few hundred tiles, which also keeps rounding small, and parts are added in order.
 * Where y > 0 is kept in bits, so that y need not be read again. The transformed input is not kept: it is 2.25 times as
 * large as the input, and reading it back costs as much as making it again. */
#include <string.h>

#include "kernel/winograd.h"
#include "nn/conv.h"

#define PANEL EN_WINOGRAD_PANEL
#define POINTS EN_WINOGRAD_POINTS
#define OUT EN_WINOGRAD_OUT

#define GROUP_TILES 24u   /* at most; a multiple of the rows that the kernels keep in registers */
#define GROUP_LEAST 6u    /* not fewer, unless there are no more */
#define CHUNKS 16u        /* wanted, for threads to share */
#define CHUNKS_MOST 128u  /* not more: neighbouring groups share pixels */
#define PANELS_AT_ONCE 4u /* of outputs, made from one group before they are transformed back */
#define BLOCK_IN 32u      /* channels of a block of the weights' gradient */
#define BLOCK_OUT 64u
#define STREAM_FLOATS ((size_t)1 << 22) /* of a tensor: 16 MiB */
#define FLUSH_TILES 512u                /* summed before they are brought back to 3x3 */
/* Where it is the fastest. */
#define LEAST_CHANNELS 8u
#define LEAST_PIXELS 6u /* of a tile's 16 */
#define MANY_TILES 9u
#define MANY_WEIGHTS ((size_t)128 * 128)

static size_t divide_up(size_t a, size_t b) { return (a + b - 1) / b; }

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t most(size_t a, size_t b) { return a > b ? a : b; }

static size_t panels(size_t channels) { return divide_up(channels, PANEL); }

/* Of a panel from one point to the next: odd in cache lines, so that the points of a tile fall into different sets. */
static size_t step_of(size_t tiles) { return (tiles | 1u) * PANEL; }

/* Of `channels` of a group of tiles, transformed. */
static size_t group_floats(size_t tiles, size_t channels) { return panels(channels) * POINTS * step_of(tiles); }

/* Of transformed weights, rows being channels in. */
static size_t weight_floats(size_t in, size_t out) { return group_floats(in, out); }

/* The tiles of 4x4 pixels that cover the images of a tensor, and the groups that they are worked on in. */
typedef struct grid {
    size_t columns, image; /* tiles in a row, in an image */
    size_t tiles, group;   /* in the batch, in a group */
    size_t groups;
} grid;

static grid grid_of(size_t n, size_t h, size_t w)
{
    grid g = {.columns = divide_up(w, OUT)};
    g.image = divide_up(h, OUT) * g.columns;
    g.tiles = n * g.image;
    g.group = least(GROUP_TILES, most(GROUP_LEAST, divide_up(g.tiles, CHUNKS)));
    g.groups = divide_up(g.tiles, g.group);
    return g;
}

static size_t group_tiles(const grid *g, size_t group) { return least(g->group, g->tiles - group * g->group); }

typedef struct place {
    size_t image, row, column; /* of the tile's first pixel */
} place;

static place place_of(const grid *g, size_t tile)
{
    size_t in_image = tile % g->image;
    return (place){tile / g->image, in_image / g->columns * OUT, in_image % g->columns * OUT};
}

/* A convolution over a batch: the forward pass, or the gradient of the input. */
typedef struct product {
    const en_winograd_kernels *k;
    en_winograd_image from; /* image 0 */
    en_winograd_target to;
    ptrdiff_t top, left; /* padding; may be negative */
    const float *u;
    grid grid;
    size_t chunks; /* that share the groups, */
    size_t splits; /* times those that share the panels of a group */
} product;

/* Image 0 of a batch. */
static en_winograd_image image_of(const float *x, const uint16_t *bits, size_t h, size_t w, size_t c)
{
    return (en_winograd_image){
        .x = x, .bits = bits, .h = h, .w = w, .pixel = c, .row = w * c, .panels = panels(c), .channels = c};
}

/* Image `image` of the batch, channels first to first+channels; first begins a panel. */
static en_winograd_image image_at(const en_winograd_image *batch, size_t image, size_t first, size_t channels)
{
    en_winograd_image at = *batch;
    size_t offset = image * batch->h * batch->row + first;
    at.x += offset;
    if (batch->bits != NULL) {
        at.bits += image * batch->h * batch->w * batch->panels + first / PANEL;
    }
    at.channels = channels;
    return at;
}

static en_winograd_target target_at(const en_winograd_target *batch, size_t image, size_t first, size_t channels)
{
    en_winograd_target at = *batch;
    at.y += image * batch->h * batch->row + first;
    at.bias = batch->bias != NULL ? batch->bias + first : NULL;
    if (batch->bits != NULL) {
        at.bits += image * batch->h * batch->w * batch->panels + first / PANEL;
    }
    at.channels = channels;
    return at;
}

static size_t splits_of(const grid *g, size_t out)
{
    return g->groups < CHUNKS ? least(divide_up(panels(out), PANELS_AT_ONCE), divide_up(CHUNKS, g->groups)) : 1;
}

/* Of relu: where y > 0, a bit each, which is a 32nd of y. */
static size_t bit_floats(const en_conv_shape *s, size_t n)
{
    return divide_up(n * s->oh * s->ow * panels(s->oc) * sizeof(uint16_t), sizeof(float));
}

static uint16_t *bits_of(const en_conv_call *call)
{
    return call->relu && call->train ? (uint16_t *)(void *)call->kept : NULL;
}

/* Whether a tensor is so large that it leaves the cache before it is read. */
static bool streams(size_t floats) { return floats >= STREAM_FLOATS; }

static en_winograd_target target_of(float *y, size_t h, size_t w, size_t c, size_t n)
{
    return (en_winograd_target){.y = y,
                                .h = h,
                                .w = w,
                                .pixel = c,
                                .row = w * c,
                                .channels = c,
                                .panels = panels(c),
                                .stream = streams(n * h * w * c)};
}

static product forward_product(const en_conv_call *call, const float *u)
{
    const en_conv_shape *s = call->s;
    product p = {.k = call->k->winograd,
                 .from = image_of(call->x, NULL, s->h, s->w, s->c),
                 .to = target_of(call->y, s->oh, s->ow, s->oc, call->n),
                 .top = (ptrdiff_t)s->pad_top,
                 .left = (ptrdiff_t)s->pad_left,
                 .u = u,
                 .grid = grid_of(call->n, s->oh, s->ow)};
    p.to.bias = call->b;
    p.to.relu = call->relu;
    p.to.bits = bits_of(call);
    p.splits = splits_of(&p.grid, s->oc);
    p.chunks = least(p.grid.groups, CHUNKS_MOST);
    return p;
}

/* dx[i] = sum over r of dy[i + pad - r] w[r] = sum over r of dy[i - (2 - pad) + r] w[2 - r]. */
static product input_product(const en_conv_call *call, const float *u)
{
    const en_conv_shape *s = call->s;
    product p = {.k = call->k->winograd,
                 .from = image_of(call->dy, bits_of(call), s->oh, s->ow, s->oc),
                 .to = target_of(call->dx, s->h, s->w, s->c, call->n),
                 .top = 2 - (ptrdiff_t)s->pad_top,
                 .left = 2 - (ptrdiff_t)s->pad_left,
                 .u = u,
                 .grid = grid_of(call->n, s->h, s->w)};
    p.splits = splits_of(&p.grid, s->c);
    p.chunks = least(p.grid.groups, CHUNKS_MOST);
    return p;
}

/* While a group is multiplied, point by point, the tiles of the next one come into the second-level cache. */
static void fetch_at_point(const en_winograd_kernels *k, const en_winograd_image *batch, const grid *g, size_t group,
                           size_t point, ptrdiff_t top, ptrdiff_t left)
{
    if (group < g->groups && point < group_tiles(g, group)) {
        place at = place_of(g, group * g->group + point);
        en_winograd_image from = image_at(batch, at.image, 0, batch->channels);
        k->fetch(&from, (ptrdiff_t)at.row - top, (ptrdiff_t)at.column - left);
    }
}

/* Panels first..end-1 of outputs of one group. */
static void multiply_group(const product *p, size_t group, size_t first, size_t end, float *scratch)
{
    size_t tiles = group_tiles(&p->grid, group), step = step_of(tiles), in = p->from.channels;
    float *v = scratch, *m = v + group_floats(tiles, in);
    for (size_t t = 0; t < tiles; t++) {
        place at = place_of(&p->grid, group * p->grid.group + t);
        en_winograd_image from = image_at(&p->from, at.image, 0, in);
        p->k->input(&from, (ptrdiff_t)at.row - p->top, (ptrdiff_t)at.column - p->left, v + t * PANEL, step);
    }
    for (size_t panel = first, count; panel < end; panel += count) {
        count = least(PANELS_AT_ONCE, end - panel);
        for (size_t i = 0; i < POINTS; i++) {
            if (panel == first) {
                fetch_at_point(p->k, &p->from, &p->grid, group + 1, i, p->top, p->left);
            }
            p->k->multiply(v + i * step, step, tiles, in, p->u + (panel * POINTS + i) * step_of(in), step_of(in), count,
                           m + i * step, step);
        }
        size_t channels = least(count * PANEL, p->to.channels - panel * PANEL);
        for (size_t t = 0; t < tiles; t++) {
            place at = place_of(&p->grid, group * p->grid.group + t);
            en_winograd_target to = target_at(&p->to, at.image, panel * PANEL, channels);
            p->k->output(m + t * PANEL, step, &to, at.row, at.column);
        }
    }
}

typedef struct product_pass {
    const en_conv_call *call;
    product p;
} product_pass;

static void multiply_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const product_pass *pass = ctx;
    const product *p = &pass->p;
    size_t all = panels(p->to.channels), split = chunk % p->splits, run = chunk / p->splits;
    for (size_t g = p->grid.groups * run / p->chunks; g < p->grid.groups * (run + 1) / p->chunks; g++) {
        multiply_group(p, g, all * split / p->splits, all * (split + 1) / p->splits,
                       pass->call->scratch + worker * pass->call->scratch_stride);
    }
}

static void multiply_all(const en_conv_call *call, product p)
{
    en_pool_run(call->pool, p.chunks * p.splits, multiply_chunk, &(product_pass){call, p});
}

typedef struct weight_pass {
    const en_conv_call *call;
    bool turned;
    float *u;
} weight_pass;

static void transform_panel(void *ctx, size_t panel, unsigned worker)
{
    const weight_pass *pass = ctx;
    const en_conv_shape *s = pass->call->s;
    (void)worker;
    size_t step = step_of(pass->turned ? s->oc : s->c);
    pass->call->k->winograd->weights(pass->call->w, s->c, s->oc, pass->turned, panel, pass->u + panel * POINTS * step,
                                     step);
}

static void transform_weights(const en_conv_call *call, bool turned, float *u)
{
    size_t out = turned ? call->s->c : call->s->oc;
    en_pool_run(call->pool, panels(out), transform_panel, &(weight_pass){call, turned, u});
}

/* How the gradient of the weights is cut: blocks of channels, and parts of the groups of tiles. */
typedef struct blocks {
    size_t in, out;             /* channels in a block, except the last */
    size_t in_count, out_count; /* blocks */
    size_t parts, most_parts;   /* of this batch, of any */
} blocks;

/* g: NULL where nothing depends on the batch. */
static blocks blocks_of(const en_conv_shape *s, const grid *g)
{
    blocks b = {.in_count = divide_up(s->c, BLOCK_IN), .out_count = divide_up(s->oc, BLOCK_OUT)};
    b.in = divide_up(panels(s->c), b.in_count) * PANEL;
    b.out = divide_up(panels(s->oc), b.out_count) * PANEL;
    b.in_count = divide_up(s->c, b.in);
    b.out_count = divide_up(s->oc, b.out);
    b.most_parts = divide_up(CHUNKS, b.in_count * b.out_count);
    b.parts = g != NULL ? least(g->groups, b.most_parts) : b.most_parts;
    return b;
}

/* A part's dw and db; with a single part they are the caller's. */
static size_t part_floats(const en_conv_shape *s) { return (9 * s->c + 1) * s->oc; }

typedef struct gradient_pass {
    const en_conv_call *call;
    grid grid;
    blocks b;
    float *parts; /* NULL: there is only one */
} gradient_pass;

/* One block of one part. */
typedef struct sum {
    const en_conv_call *call;
    ptrdiff_t top, left;                       /* padding */
    en_winograd_image x, dy;                   /* images 0 */
    size_t in, out, in_channels, out_channels; /* first, and how many */
    float *du, *dsum; /* (out panels,36,in_channels,16), (out_channels): since the last flush */
    float *dw, *db;   /* db: NULL where another block sums it */
    size_t tiles;     /* in du */
    bool flushed;
} sum;

static void clear_sum(sum *s)
{
    memset(s->du, 0, weight_floats(s->in_channels, s->out_channels) * sizeof *s->du);
    memset(s->dsum, 0, s->out_channels * sizeof *s->dsum);
    s->tiles = 0;
}

static void flush(sum *s)
{
    const en_conv_shape *shape = s->call->s;
    s->call->k->winograd->weights_back(s->du, step_of(s->in_channels), s->in_channels, s->out_channels,
                                       s->dw + s->in * shape->oc + s->out, shape->c * shape->oc, shape->oc, s->flushed);
    if (s->db != NULL && s->flushed) {
        s->call->k->add(s->db + s->out, s->dsum, s->out_channels);
    } else if (s->db != NULL) {
        memcpy(s->db + s->out, s->dsum, s->out_channels * sizeof *s->dsum);
    }
    s->flushed = true;
    clear_sum(s);
}

static void sum_group(sum *s, const grid *g, size_t group, float *scratch)
{
    const en_winograd_kernels *k = s->call->k->winograd;
    size_t tiles = group_tiles(g, group), step = step_of(tiles), u_step = step_of(s->in_channels);
    float *v = scratch, *d = v + group_floats(tiles, s->in_channels);
    for (size_t t = 0; t < tiles; t++) {
        place at = place_of(g, group * g->group + t);
        en_winograd_image x = image_at(&s->x, at.image, s->in, s->in_channels);
        en_winograd_image dy = image_at(&s->dy, at.image, s->out, s->out_channels);
        k->input(&x, (ptrdiff_t)at.row - s->top, (ptrdiff_t)at.column - s->left, v + t * PANEL, step);
        k->gradient(&dy, at.row, at.column, d + t * PANEL, step, s->db != NULL ? s->dsum : NULL);
    }
    for (size_t i = 0; i < POINTS; i++) {
        fetch_at_point(k, &s->x, g, group + 1, i, s->top, s->left);
        fetch_at_point(k, &s->dy, g, group + 1, i, 2, 2);
        k->accumulate(v + i * step, step, tiles, s->in_channels, d + i * step, step, panels(s->out_channels),
                      s->du + i * u_step, u_step);
    }
    s->tiles += tiles;
    if (s->tiles >= FLUSH_TILES) {
        flush(s);
    }
}

static sum sum_of(const gradient_pass *pass, size_t chunk, float *scratch)
{
    const en_conv_call *call = pass->call;
    const en_conv_shape *shape = call->s;
    const blocks *b = &pass->b;
    size_t in = chunk % b->in_count * b->in, out = chunk / b->in_count % b->out_count * b->out;
    size_t part = chunk / b->in_count / b->out_count;
    sum s = {.call = call,
             .x = image_of(call->x, NULL, shape->h, shape->w, shape->c),
             .dy = image_of(call->dy, bits_of(call), shape->oh, shape->ow, shape->oc),
             .top = (ptrdiff_t)shape->pad_top,
             .left = (ptrdiff_t)shape->pad_left,
             .in = in,
             .out = out,
             .in_channels = least(b->in, shape->c - in),
             .out_channels = least(b->out, shape->oc - out),
             .du = scratch,
             .dsum = scratch + weight_floats(b->in, b->out)};
    s.dw = pass->parts != NULL ? pass->parts + part * part_floats(shape) : call->dw;
    s.db = pass->parts != NULL ? s.dw + 9 * shape->c * shape->oc : call->db;
    s.db = in == 0 ? s.db : NULL;
    return s;
}

/* Scratch memory of a block's sums, before that of its groups. */
static size_t sum_floats(const blocks *b) { return weight_floats(b->in, b->out) + b->out; }

static void sum_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const gradient_pass *pass = ctx;
    const blocks *b = &pass->b;
    float *scratch = pass->call->scratch + worker * pass->call->scratch_stride;
    size_t part = chunk / b->in_count / b->out_count, end = pass->grid.groups * (part + 1) / b->parts;
    sum s = sum_of(pass, chunk, scratch);
    clear_sum(&s);
    for (size_t group = pass->grid.groups * part / b->parts; group < end; group++) {
        sum_group(&s, &pass->grid, group, scratch + sum_floats(b));
    }
    if (s.tiles > 0) {
        flush(&s);
    }
}

static void add_parts(const gradient_pass *pass)
{
    const en_conv_call *call = pass->call;
    size_t weights = 9 * call->s->c * call->s->oc;
    memcpy(call->dw, pass->parts, weights * sizeof(float));
    memcpy(call->db, pass->parts + weights, call->s->oc * sizeof(float));
    for (size_t part = 1; part < pass->b.parts; part++) {
        const float *from = pass->parts + part * part_floats(call->s);
        call->k->add(call->dw, from, weights);
        call->k->add(call->db, from + weights, call->s->oc);
    }
}

static void sum_all(const en_conv_call *call)
{
    gradient_pass pass = {.call = call, .grid = grid_of(call->n, call->s->oh, call->s->ow)};
    pass.b = blocks_of(call->s, &pass.grid);
    pass.parts = pass.b.parts > 1 ? call->shared : NULL;
    en_pool_run(call->pool, pass.b.parts * pass.b.in_count * pass.b.out_count, sum_chunk, &pass);
    if (pass.parts != NULL) {
        add_parts(&pass);
    }
}

static bool serves(const en_conv_shape *s, const en_kernels *k)
{
    return k->winograd != NULL && s->kh == 3 && s->kw == 3 && s->stride == 1 && s->groups == 1 && s->dilation == 1;
}

/* By measurement, beside direct convolution: with fewer channels in, the transforms outweigh the products; tiles mostly
 * outside the image are wasted; and many weights are worth transforming only for many tiles. */
static bool pays(const en_conv_shape *s)
{
    grid g = grid_of(1, s->oh, s->ow);
    return s->c >= LEAST_CHANNELS && s->oh * s->ow >= LEAST_PIXELS * g.tiles &&
           (g.tiles >= MANY_TILES || s->c * s->oc <= MANY_WEIGHTS);
}

static size_t product_scratch(size_t in, size_t out)
{
    return group_floats(GROUP_TILES, in) + group_floats(GROUP_TILES, least(out, PANELS_AT_ONCE * PANEL));
}

static en_conv_need need(const en_conv_shape *s, size_t n, bool train)
{
    en_conv_need need = {.shared = weight_floats(s->c, s->oc), .scratch = product_scratch(s->c, s->oc)};
    if (train) {
        need.kept = bit_floats(s, n);
        blocks b = blocks_of(s, NULL);
        size_t parts = b.most_parts > 1 ? b.most_parts * part_floats(s) : 0;
        need.shared = most(need.shared, most(weight_floats(s->oc, s->c), parts));
        size_t sums = sum_floats(&b) + group_floats(GROUP_TILES, b.in) + group_floats(GROUP_TILES, b.out);
        need.scratch = most(need.scratch, most(sums, product_scratch(s->oc, s->c)));
    }
    return need;
}

static void forward(const en_conv_call *call)
{
    transform_weights(call, false, call->shared);
    multiply_all(call, forward_product(call, call->shared));
}

static void backward(const en_conv_call *call)
{
    if (call->dx != NULL) {
        transform_weights(call, true, call->shared);
        multiply_all(call, input_product(call, call->shared));
    }
    if (call->dw != NULL) {
        sum_all(call);
    }
}

const en_conv_algorithm en_conv_winograd = {
    .name = "winograd",
    .serves = serves,
    .pays = pays,
    .need = need,
    .forward = forward,
    .backward = backward,
};
