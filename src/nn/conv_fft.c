/* Convolution in the frequency domain, for large kernels at stride 1. The output is cut into tiles. Forward, a tile's
 * output is what does not wrap around of the inverse of (transform of its input) * (conjugate transform of the kernel):
 * overlap-save. Backward, the gradient of a tile's outputs, padded with zeros, is transformed once for both gradients:
 * times the transform of the kernel it is what the tile adds to the gradient of the input (overlap-add), and the
 * transform of the input times its conjugate, summed over tiles, is the gradient of the kernel. The transforms are in
 * kernel/fft.h; for its use in networks: Mathieu, Henaff & LeCun 2014.
 *
 * Work goes section by section, a section being some rows of tiles whose transforms fit the last-level cache, in three
 * steps: the rows of all tiles; column by column, the second half of the transform, the products and the way back; the
 * rows back. A column's part of the kernel's transform and of its gradient stays in the second-level cache for all
 * tiles of the section, and belongs to one chunk, which takes tiles in order: the same sums on any number of threads.
 *
 * The transform of the input is made anew in the backward pass: it takes less time than to write it to memory, 1.75
 * times as large as the activations, and to read it again. */
#include "nn/conv_fft.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

#define ROW_PARTS 4u /* chunks of a row of tiles on the way back to the gradient of the input */

/* One pass over a batch, and what its chunks are to do. */
typedef struct fft_pass {
    const en_conv_call *call;
    const en_fft_kernels *f;
    en_fft_plan p;
    float *w, *dw;   /* transform of the kernel, of its gradient */
    float *x, *d;    /* half transformed tiles */
    float *turned;   /* the kernel as (kh,kw,oc,c) */
    size_t from, to; /* rows of tiles of this section; or slices of the kernel */
} fft_pass;

static const en_conv_shape *shape_of(const fft_pass *pass) { return pass->call->s; }

static float *half_at(const en_fft_halves *h, float *at, size_t column, size_t tile)
{
    return at + column * h->column + tile * h->tile;
}

/* Columns 0 and t/2 are half as much work: a chunk's column, so that they come last. */
static size_t column_of(const fft_pass *pass, size_t chunk)
{
    size_t last = pass->p.columns - 1;
    return chunk + 1 < last ? chunk + 1 : chunk + 1 == last ? 0 : last;
}

static bool is_real(const fft_pass *pass, size_t column) { return column == 0 || column == pass->p.columns - 1; }

static size_t frequencies(const fft_pass *pass, size_t column)
{
    return is_real(pass, column) ? pass->p.columns : pass->p.t;
}

/* ---- The kernel's transform, before the first section. ---- */

/* Slices of the kernel, one of `slices` for each channel of the other side, are tiles of `channels` channels. */
typedef struct kernel_job {
    fft_pass *pass;
    const float *w; /* (kh,kw,slices,channels) */
    size_t slices, channels, width;
    const en_fft_halves *halves;
    const en_fft_spectra *spectra;
} kernel_job;

static void kernel_rows(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    const kernel_job *job = ctx;
    const fft_pass *pass = job->pass;
    const en_conv_shape *s = shape_of(pass);
    en_fft_source from = {.x = job->w + (pass->from + chunk) * job->channels,
                          .row = s->kw * job->slices * job->channels,
                          .pixel = job->slices * job->channels,
                          .channels = job->channels,
                          .bottom = s->kh,
                          .right = s->kw};
    pass->f->rows(pass->p.t, &from, half_at(job->halves, pass->x, 0, chunk), job->halves->column);
}

static void kernel_column(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    const kernel_job *job = ctx;
    const fft_pass *pass = job->pass;
    size_t column = column_of(pass, chunk);
    for (size_t i = pass->from; i < pass->to; i++) {
        pass->f->column(pass->p.t, is_real(pass, column), job->width / pass->p.lanes,
                        half_at(job->halves, pass->x, column, i - pass->from),
                        pass->w + column * job->spectra->column + i * job->spectra->row, job->spectra->frequency,
                        job->width);
    }
}

static void transform_kernel(kernel_job *job)
{
    fft_pass *pass = job->pass;
    for (pass->from = 0; pass->from < job->slices; pass->from = pass->to) {
        pass->to = pass->from + pass->p.kernels < job->slices ? pass->from + pass->p.kernels : job->slices;
        en_pool_run(pass->call->pool, pass->to - pass->from, kernel_rows, job);
        en_pool_run(pass->call->pool, pass->p.columns, kernel_column, job);
    }
}

/* ---- Tiles. ---- */

/* Pixels of a tile that starts at `first` of the padded image: those at from..to-1 lie in the image, of `size`. Returns
 * the place in the image of the first of them. */
static size_t clip(size_t first, size_t pad, size_t size, size_t t, size_t *from, size_t *to)
{
    size_t low = pad > first ? pad - first : 0, high = size + pad > first ? size + pad - first : 0;
    *to = high < t ? high : t;
    *from = low < *to ? low : *to;
    return *from < *to ? first + *from - pad : 0;
}

/* A tile's place in memory. */
static size_t place(const fft_pass *pass, size_t row, size_t column)
{
    return row % pass->p.ring * pass->p.wide + column;
}

/* The same of the n-th of a section. */
static size_t section_place(const fft_pass *pass, size_t n)
{
    return place(pass, pass->from + n / pass->p.wide, n % pass->p.wide);
}

static size_t section_tiles(const fft_pass *pass) { return (pass->to - pass->from) * pass->p.wide; }

static void input_rows(const fft_pass *pass, size_t row, size_t column)
{
    const en_conv_shape *s = shape_of(pass);
    const en_fft_plan *p = &pass->p;
    en_fft_source from = {.row = s->w * s->c, .pixel = s->c, .channels = s->c};
    size_t y = clip(row % p->high * p->step_h, s->pad_top, s->h, p->t, &from.top, &from.bottom);
    size_t x = clip(column * p->step_w, s->pad_left, s->w, p->t, &from.left, &from.right);
    from.x = pass->call->x + ((row / p->high * s->h + y) * s->w + x) * s->c;
    pass->f->rows(p->t, &from, half_at(&p->x, pass->x, 0, place(pass, row, column)), p->x.column);
}

static void gradient_rows(const fft_pass *pass, size_t row, size_t column)
{
    const en_conv_shape *s = shape_of(pass);
    const en_fft_plan *p = &pass->p;
    en_fft_source from = {.row = s->ow * s->oc, .pixel = s->oc, .channels = s->oc};
    size_t y = clip(row % p->high * p->step_h, 0, s->oh, p->step_h, &from.top, &from.bottom);
    size_t x = clip(column * p->step_w, 0, s->ow, p->step_w, &from.left, &from.right);
    size_t at = ((row / p->high * s->oh + y) * s->ow + x) * s->oc;
    from.x = pass->call->dy + at;
    from.mask = pass->call->relu ? pass->call->y + at : NULL;
    pass->f->rows(p->t, &from, half_at(&p->d, pass->d, 0, place(pass, row, column)), p->d.column);
}

/* Blocks of nearly equal size: the tiles of block b are first..first+count-1 of the section. */
static size_t block_count(const fft_pass *pass) { return (section_tiles(pass) + EN_FFT_BLOCK - 1) / EN_FFT_BLOCK; }

static size_t block(const fft_pass *pass, size_t b, size_t *count)
{
    size_t tiles = section_tiles(pass), blocks = block_count(pass), first = tiles * b / blocks;
    *count = tiles * (b + 1) / blocks - first;
    return first;
}

/* What every section goes through: each step in chunks of its own. */
static void run_sections(fft_pass *pass, en_chunk_fn *rows, size_t rows_of_tile, en_chunk_fn *column, en_chunk_fn *back,
                         size_t chunks_of_row)
{
    const en_fft_plan *p = &pass->p;
    for (pass->from = 0; pass->from < p->total; pass->from = pass->to) {
        pass->to = pass->from + p->section < p->total ? pass->from + p->section : p->total;
        en_pool_run(pass->call->pool, section_tiles(pass) * rows_of_tile, rows, pass);
        en_pool_run(pass->call->pool, p->columns, column, pass);
        if (back != NULL) {
            en_pool_run(pass->call->pool, (pass->to - pass->from) * chunks_of_row, back, pass);
        }
    }
}

/* ---- Forward. ---- */

static void forward_rows(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    const fft_pass *pass = ctx;
    input_rows(pass, pass->from + chunk / pass->p.wide, chunk % pass->p.wide);
}

/* Transforms some columns of a block of tiles: the same column of each. */
static void transform_block(const fft_pass *pass, size_t column, size_t first, size_t count, const en_fft_halves *h,
                            float *halves, size_t width, const en_fft_spectra *to, float *spectra)
{
    for (size_t i = 0; i < count; i++) {
        pass->f->column(pass->p.t, is_real(pass, column), width / pass->p.lanes,
                        half_at(h, halves, column, section_place(pass, first + i)), spectra + i * to->row,
                        to->frequency, width);
    }
}

static void transform_block_back(const fft_pass *pass, size_t column, size_t first, size_t count, size_t width,
                                 const float *spectra)
{
    for (size_t i = 0; i < count; i++) {
        pass->f->column_back(pass->p.t, is_real(pass, column), width / pass->p.lanes, spectra + i * pass->p.sy.row,
                             pass->p.sy.frequency, width,
                             half_at(&pass->p.x, pass->x, column, section_place(pass, first + i)));
    }
}

static void forward_column(void *ctx, size_t chunk, unsigned worker)
{
    const fft_pass *pass = ctx;
    const en_fft_plan *p = &pass->p;
    const en_conv_call *call = pass->call;
    size_t column = column_of(pass, chunk), count;
    float *sx = call->scratch + worker * call->scratch_stride, *sy = sx + p->sx.column;
    for (size_t b = 0; b < block_count(pass); b++) {
        size_t first = block(pass, b, &count);
        transform_block(pass, column, first, count, &p->x, pass->x, p->gi, &p->sx, sx);
        en_fft_product product = {.frequencies = frequencies(pass, column),
                                  .rows = count,
                                  .depth = call->s->c,
                                  .groups = p->go / p->lanes,
                                  .x = sx,
                                  .x_frequency = p->sx.frequency,
                                  .x_row = p->sx.row,
                                  .x_depth = 1,
                                  .x_plane = p->gi,
                                  .w = pass->w + column * p->w.column,
                                  .w_frequency = p->w.frequency,
                                  .w_depth = p->w.row,
                                  .w_plane = p->go,
                                  .conjugate = true,
                                  .z = sy,
                                  .z_frequency = p->sy.frequency,
                                  .z_row = p->sy.row,
                                  .z_plane = p->go};
        pass->f->product(&product);
        transform_block_back(pass, column, first, count, p->go, sy);
    }
}

static float scale_of(const fft_pass *pass) { return 1 / (float)(pass->p.t * pass->p.t); }

static void forward_back(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    const fft_pass *pass = ctx;
    const en_conv_shape *s = shape_of(pass);
    const en_fft_plan *p = &pass->p;
    size_t row = pass->from + chunk / p->wide, column = chunk % p->wide;
    en_fft_target to = {.row = s->ow * s->oc,
                        .pixel = s->oc,
                        .channels = s->oc,
                        .scale = scale_of(pass),
                        .bias = pass->call->b,
                        .relu = pass->call->relu};
    size_t y = clip(row % p->high * p->step_h, 0, s->oh, p->step_h, &to.top, &to.bottom);
    size_t x = clip(column * p->step_w, 0, s->ow, p->step_w, &to.left, &to.right);
    to.y = pass->call->y + ((row / p->high * s->oh + y) * s->ow + x) * s->oc;
    pass->f->rows_back(p->t, half_at(&p->x, pass->x, 0, place(pass, row, column)), NULL, 0, p->x.column, &to);
}

static void forward(const en_conv_call *call)
{
    const en_conv_shape *s = call->s;
    fft_pass pass = {.call = call, .f = call->k->fft};
    pass.p = en_fft_plan_for(s, pass.f->lanes, call->n, false);
    pass.w = call->shared;
    pass.x = pass.w + pass.p.w.size;
    kernel_job job = {.pass = &pass,
                      .w = call->w,
                      .slices = s->c,
                      .channels = s->oc,
                      .width = pass.p.go,
                      .halves = &pass.p.wf,
                      .spectra = &pass.p.w};
    transform_kernel(&job);
    run_sections(&pass, forward_rows, 1, forward_column, forward_back, pass.p.wide);
}

/* ---- Backward. ---- */

static void backward_rows(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    const fft_pass *pass = ctx;
    size_t tiles = section_tiles(pass), tile = chunk % tiles;
    size_t row = pass->from + tile / pass->p.wide, column = tile % pass->p.wide;
    if (chunk < tiles) {
        gradient_rows(pass, row, column);
    } else {
        input_rows(pass, row, column);
    }
}

/* Adds to the kernel's gradient, and to the bias's: the sum of a tile is its transform at frequency (0,0). */
static void add_gradients(const fft_pass *pass, size_t column, size_t count, const float *sx, const float *sd, bool add)
{
    const en_fft_plan *p = &pass->p;
    const en_conv_call *call = pass->call;
    en_fft_product product = {.frequencies = frequencies(pass, column),
                              .rows = call->s->c,
                              .depth = count,
                              .groups = p->go / p->lanes,
                              .x = sx,
                              .x_frequency = p->sx.frequency,
                              .x_row = 1,
                              .x_depth = p->sx.row,
                              .x_plane = p->gi,
                              .w = sd,
                              .w_frequency = p->sd.frequency,
                              .w_depth = p->sd.row,
                              .w_plane = p->go,
                              .conjugate = true,
                              .z = pass->dw + column * p->dw.column,
                              .z_frequency = p->dw.frequency,
                              .z_row = p->dw.row,
                              .z_plane = p->go,
                              .add = add};
    pass->f->product(&product);
    for (size_t i = 0; column == 0 && i < count; i++) {
        call->k->add(call->db, sd + i * p->sd.row, call->s->oc);
    }
}

static void backward_data(const fft_pass *pass, size_t column, size_t count, const float *sd, float *sy)
{
    const en_fft_plan *p = &pass->p;
    en_fft_product product = {.frequencies = frequencies(pass, column),
                              .rows = count,
                              .depth = pass->call->s->oc,
                              .groups = p->gi / p->lanes,
                              .x = sd,
                              .x_frequency = p->sd.frequency,
                              .x_row = p->sd.row,
                              .x_depth = 1,
                              .x_plane = p->go,
                              .w = pass->w + column * p->wt.column,
                              .w_frequency = p->wt.frequency,
                              .w_depth = p->wt.row,
                              .w_plane = p->gi,
                              .z = sy,
                              .z_frequency = p->sy.frequency,
                              .z_row = p->sy.row,
                              .z_plane = p->gi};
    pass->f->product(&product);
}

static void backward_column(void *ctx, size_t chunk, unsigned worker)
{
    const fft_pass *pass = ctx;
    const en_fft_plan *p = &pass->p;
    const en_conv_call *call = pass->call;
    size_t column = column_of(pass, chunk), count;
    float *sx = call->scratch + worker * call->scratch_stride, *sd = sx + p->sx.column;
    for (size_t b = 0; b < block_count(pass); b++) {
        size_t first = block(pass, b, &count);
        transform_block(pass, column, first, count, &p->d, pass->d, p->go, &p->sd, sd);
        if (call->dw != NULL) {
            transform_block(pass, column, first, count, &p->x, pass->x, p->gi, &p->sx, sx);
            add_gradients(pass, column, count, sx, sd, pass->from + b > 0);
        }
        if (call->dx != NULL) {
            backward_data(pass, column, count, sd, sx); /* over the input's, which has been used */
            transform_block_back(pass, column, first, count, p->gi, sx);
        }
    }
}

/* Part of the rows that a row of tiles starts in the gradient of the input: up to the next row of tiles or, for the
 * last, to the end of the image. What the row of tiles above has for them is added before the rows' transform; what
 * tiles side by side share, after it, from left to right. */
static void backward_back(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    const fft_pass *pass = ctx;
    const en_conv_shape *s = shape_of(pass);
    const en_fft_plan *p = &pass->p;
    size_t row = pass->from + chunk / ROW_PARTS, part = chunk % ROW_PARTS, image = row / p->high, ty = row % p->high;
    size_t reach = ty + 1 < p->high ? p->step_h : p->t, top, bottom;
    (void)clip(ty * p->step_h, s->pad_top, s->h, reach, &top, &bottom);
    en_fft_target to = {.row = s->w * s->c, .pixel = s->c, .channels = s->c, .scale = scale_of(pass)};
    to.top = top + (bottom - top) * part / ROW_PARTS;
    to.bottom = top + (bottom - top) * (part + 1) / ROW_PARTS;
    size_t y = ty * p->step_h + to.top - s->pad_top;
    for (size_t tx = 0; tx < p->wide && to.top < to.bottom; tx++) {
        size_t x = clip(tx * p->step_w, s->pad_left, s->w, p->t, &to.left, &to.right);
        to.add = tx > 0 ? s->kw - 1 : 0;
        to.y = pass->call->dx + ((image * s->h + y) * s->w + x) * s->c;
        const float *above = ty > 0 ? half_at(&p->x, pass->x, 0, place(pass, row - 1, tx)) : NULL;
        pass->f->rows_back(p->t, half_at(&p->x, pass->x, 0, place(pass, row, tx)), above, p->step_h, p->x.column, &to);
    }
}

static void kernel_column_back(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    const fft_pass *pass = ctx;
    const en_fft_plan *p = &pass->p;
    size_t column = column_of(pass, chunk);
    for (size_t i = pass->from; i < pass->to; i++) {
        pass->f->column_back(p->t, is_real(pass, column), p->go / p->lanes,
                             pass->dw + column * p->dw.column + i * p->dw.row, p->dw.frequency, p->go,
                             half_at(&p->wf, pass->x, column, i - pass->from));
    }
}

static void kernel_rows_back(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    const fft_pass *pass = ctx;
    const en_conv_shape *s = shape_of(pass);
    en_fft_target to = {.y = pass->call->dw + (pass->from + chunk) * s->oc,
                        .row = s->kw * s->c * s->oc,
                        .pixel = s->c * s->oc,
                        .channels = s->oc,
                        .bottom = s->kh,
                        .right = s->kw,
                        .scale = scale_of(pass)};
    pass->f->rows_back(pass->p.t, half_at(&pass->p.wf, pass->x, 0, chunk), NULL, 0, pass->p.wf.column, &to);
}

static void gradient_of_kernel(fft_pass *pass)
{
    size_t slices = shape_of(pass)->c;
    for (pass->from = 0; pass->from < slices; pass->from = pass->to) {
        pass->to = pass->from + pass->p.kernels < slices ? pass->from + pass->p.kernels : slices;
        en_pool_run(pass->call->pool, pass->p.columns, kernel_column_back, pass);
        en_pool_run(pass->call->pool, pass->to - pass->from, kernel_rows_back, pass);
    }
}

/* One pixel of the kernel, transposed. */
static void turn_kernel(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    const fft_pass *pass = ctx;
    const en_conv_shape *s = shape_of(pass);
    const float *w = pass->call->w + chunk * s->c * s->oc;
    float *turned = pass->turned + chunk * s->c * s->oc;
    for (size_t o = 0; o < s->oc; o++) {
        for (size_t i = 0; i < s->c; i++) {
            turned[o * s->c + i] = w[i * s->oc + o];
        }
    }
}

static size_t turned_floats(const en_conv_shape *s) { return en_arena_round(s->kh * s->kw * s->c * s->oc * 4) / 4; }

static void transform_turned_kernel(fft_pass *pass)
{
    const en_conv_shape *s = shape_of(pass);
    en_pool_run(pass->call->pool, s->kh * s->kw, turn_kernel, pass);
    kernel_job job = {.pass = pass,
                      .w = pass->turned,
                      .slices = s->oc,
                      .channels = s->c,
                      .width = pass->p.gi,
                      .halves = &pass->p.wb,
                      .spectra = &pass->p.wt};
    transform_kernel(&job);
}

static void backward(const en_conv_call *call)
{
    fft_pass pass = {.call = call, .f = call->k->fft};
    pass.p = en_fft_plan_for(call->s, pass.f->lanes, call->n, true);
    pass.turned = call->shared;
    pass.w = pass.turned + turned_floats(call->s);
    pass.dw = pass.w + pass.p.wt.size;
    pass.d = pass.dw + pass.p.dw.size;
    pass.x = pass.d + pass.p.d.size;
    if (call->dx != NULL) {
        transform_turned_kernel(&pass);
    }
    if (call->dw != NULL) {
        memset(call->db, 0, call->s->oc * sizeof *call->db);
    }
    run_sections(&pass, backward_rows, call->dw != NULL ? 2 : 1, backward_column,
                 call->dx != NULL ? backward_back : NULL, ROW_PARTS);
    if (call->dw != NULL) {
        gradient_of_kernel(&pass);
    }
}

/* ---- What it serves and needs. ---- */

#define SPECTRA_FLOATS ((size_t)32 << 20) /* of a kernel's transform, at most */

static bool serves(const en_conv_shape *s, const en_kernels *k)
{
    if (k->fft == NULL || s->stride != 1 || s->groups != 1 || s->dilation != 1 || s->kh < 4 || s->kw < 4) {
        return false;
    }
    size_t t = en_fft_tile(s, k->fft->lanes);
    return t != 0 && t * t * s->c * s->oc <= SPECTRA_FLOATS;
}

/* Against direct sums, twice as much of which is done in the same time: they wait for memory less. Measured on a Zen 5
 * where the two are even: 32 channels of 28x28 px by 5x5 (0.36 of the sums), 3 channels of 256x256 px by 7x7 (0.47). */
static bool pays(const en_conv_shape *s)
{
    const size_t lanes = 8;
    double direct = (double)(s->oh * s->ow) * (double)(s->kh * s->kw * s->c) * ceil((double)s->oc / (double)lanes);
    return 2 * en_fft_cost(s, en_fft_tile(s, lanes), lanes) < direct;
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* The kernels are not known here: as much as those that need the most. */
static en_conv_need need(const en_conv_shape *s, size_t n, bool train)
{
    static const size_t lanes[] = {1, 4, 8, 16};
    en_conv_need most = {0};
    for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++) {
        en_fft_plan p = en_fft_plan_for(s, lanes[i], n, false);
        most.shared = larger(most.shared, p.w.size + larger(p.x.size, p.wf.size));
        most.scratch = larger(most.scratch, p.sx.column + p.sy.column);
        if (train) {
            p = en_fft_plan_for(s, lanes[i], n, true);
            size_t halves = larger(p.x.size, larger(p.wf.size, p.wb.size));
            most.shared = larger(most.shared, turned_floats(s) + p.wt.size + p.dw.size + p.d.size + halves);
            most.scratch = larger(most.scratch, p.sx.column + p.sd.column);
        }
    }
    return most;
}

const en_conv_algorithm en_conv_fft = {
    .name = "fft",
    .serves = serves,
    .pays = pays,
    .need = need,
    .forward = forward,
    .backward = backward,
};
