/* What the layers of a network have in common; for src/nn alone.
 *
 * A network is built twice by the same code: once to count the bytes of both arenas, once to cut the pieces out of
 * them. A layer's backward pass hands each gradient to the sink of the pass: either the optimiser uses it at once,
 * while it is in the cache, and it is never kept as a whole; or it is kept, or added to what is kept, and used at the
 * end.
 *
 * To add a kind of layer: its word, place in en_layer_kind and fields in spec.h; its reader in spec.c and its line in
 * spec_text.c; a file of its own with its en_layer_ops, declared below and chosen in build.c; a gradient test against
 * reference.c in tests/unit/nn; its line in docs/engine.md. */
#ifndef EN_NN_LAYER_H
#define EN_NN_LAYER_H

#include <stdbool.h>

#include "base/arena.h"
#include "nn/network.h"

/* A planned piece of memory: counts while arena is NULL, cuts afterwards. */
typedef struct en_memory {
    en_arena *arena;
    size_t bytes;
    bool overflow; /* the sizes do not even fit a size_t */
} en_memory;

/* count*each items of `size` bytes, aligned for vectors; NULL while counting. */
void *en_memory_take(en_memory *memory, size_t count, size_t each, size_t size);

typedef struct en_plan {
    const en_kernels *kernels;
    en_memory state, work;
    size_t batch;
    bool train, gradients;
    size_t parameters;
    double flops;          /* of one sample's forward pass */
    size_t shared_floats;  /* the most any one layer needs at a time, beside its own */
    size_t scratch_floats; /* the same for each worker */
} en_plan;

/* Asks for memory that a layer has only while it runs. */
void en_plan_shared(en_plan *plan, size_t count, size_t each);
void en_plan_scratch(en_plan *plan, size_t count, size_t each);

/* What becomes of a gradient. */
typedef enum en_sink {
    EN_SINK_APPLY, /* updates the parameter */
    EN_SINK_SET,   /* becomes the parameter's gradient */
    EN_SINK_ADD    /* is added to it: the micro-batches after the first */
} en_sink;

/* One pass over a batch, as the layers see it. */
typedef struct en_pass {
    const en_kernels *k;
    en_pool *pool;
    size_t n; /* samples in it */
    bool train;
    const en_batch *batch; /* truth and keys; NULL in prediction */
    const en_step *step;   /* NULL in prediction */
    en_sink sink;
    double weight_sum; /* of the whole step's samples, also of those in other micro-batches */
    float *shared, *scratch;
    size_t scratch_stride; /* floats from one worker's scratch to the next one's */
} en_pass;

typedef struct en_layer en_layer;

/* What a chunk of work is given. */
typedef struct en_work {
    en_layer *layer;
    const en_pass *pass;
} en_work;

typedef struct en_layer_ops {
    /* Claims parameters and memory; called once to count and once to cut, with the same answers. */
    void (*plan)(en_layer *l, en_plan *plan);
    void (*init)(en_layer *l, en_pool *pool, uint64_t seed); /* NULL: no parameters */
    void (*forward)(en_layer *l, const en_pass *pass);       /* y from x */
    /* dx, unless it is NULL, from dy, which may be overwritten; then the gradients of the parameters, into the sink.
     * Only a layer with parameters may find dx NULL: the first one does, and those before it are not called. */
    void (*backward)(en_layer *l, const en_pass *pass);
    const char *(*algorithm)(const en_layer *l); /* NULL: there is only one */
} en_layer_ops;

struct en_layer {
    const en_layer_ops *ops;
    const en_layer_spec *spec;
    size_t index;              /* of its line, the input not counted: part of names and of random keys */
    en_dims in, out;           /* `classes` resolved */
    size_t in_size, out_size;  /* floats per sample */
    bool works_in_place;       /* dx is dy, and, where x is not read again, y is x */
    bool in_place;             /* y is x */
    bool reads_y;              /* its backward pass needs y as it left it */
    float *x, *y;              /* (batch,in), (batch,out) */
    float *dx, *dy;            /* the same shapes; NULL outside training */
    en_parameter weight, bias; /* count = 0: none */
    union {
        struct {
            en_conv_shape shape;
            bool relu;
            const struct en_conv_algorithm *algorithm;
            float *kept; /* the algorithm's, from forward to backward */
        } conv;
        struct {
            en_pool_shape shape;
            uint8_t *place; /* (batch,out) */
        } maxpool;
        struct {
            uint32_t *place; /* (batch,c): the pixel of the maximum */
        } global;
        struct {
            size_t forward_rows, backward_rows; /* of the weights in one chunk */
        } dense;
    } u;
};

extern const en_layer_ops en_layer_conv, en_layer_maxpool, en_layer_globalmax, en_layer_globalavg, en_layer_dense,
    en_layer_dropout, en_layer_relu, en_layer_sigmoid, en_layer_softmax;

/* Fills p (name, shape) and takes its memory. rank 1 or more; shape is copied. A tensor of rank 2 and more takes part
 * in weight decay, a bias does not. */
void en_parameter_plan(en_layer *l, en_parameter *p, const char *what, const size_t *shape, unsigned rank,
                       en_plan *plan);
/* Uniform numbers in (-limit, limit), the same for any number of threads. */
void en_parameter_draw(en_parameter *p, size_t layer, en_pool *pool, uint64_t seed, double limit);
/* The limit for a layer of so many inputs and outputs a unit: He's before relu, otherwise Glorot's. */
double en_init_limit(bool relu, double fan_in, double fan_out);

/* The numbers of a step of Adam; `decays`: the tensor takes part in weight decay. */
en_adam en_adam_of(const en_step *step, bool decays);
/* Hands elements first..first+count-1 of p's gradient to the sink of the pass. `gradient` may be where they are kept.
 */
void en_parameter_sink(en_parameter *p, const en_pass *pass, size_t first, size_t count, float *gradient);
/* The same for all of p: parts (count of them, p->count floats each, `stride` floats apart) are summed in order. */
void en_parameter_sink_parts(en_parameter *p, const en_pass *pass, float *parts, size_t count, size_t stride);
/* Updates p from the gradient kept, times `scale`. */
void en_parameter_apply(en_parameter *p, const en_pass *pass, float scale);
/* The sum of the squares of the gradient kept. */
double en_parameter_gradient_norm2(const en_parameter *p);

/* What a sample of that class counts in the loss. */
static inline double en_sample_weight(const en_step *step, int32_t truth)
{
    return step->class_weights != NULL ? (double)step->class_weights[truth] : 1;
}

/* The network's last layer: y are probabilities. Loss and hits of the pass. */
void en_softmax_measure(const en_layer *l, const en_pass *pass, en_step_result *out);

#endif
