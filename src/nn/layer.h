/* What the layers of a network have in common; for src/nn alone.
 *
 * A network is built twice by the same code: once to count the bytes of both arenas, once to cut the pieces out of
 * them. A layer's backward pass hands each gradient to the sink of the pass: either the optimiser uses it at once,
 * while it is in the cache, and it is never kept as a whole; or it is kept, or added to what is kept, and used at the
 * end. */
#ifndef EN_NN_LAYER_H
#define EN_NN_LAYER_H

#include <stdbool.h>

#include "base/arena.h"
#include "nn/conv.h"
#include "nn/network.h"

#define EN_LAYER_PARAMETERS 4

/* A planned piece of memory: counts while arena is NULL, cuts afterwards. */
typedef struct en_memory {
    en_arena *arena;
    size_t bytes;
    bool overflow; /* the sizes do not even fit a size_t */
} en_memory;

/* count*each items of `size` bytes, aligned for vectors; NULL while counting. */
void *en_memory_take(en_memory *memory, size_t count, size_t each, size_t size);

/* Memory that is needed from one step of a pass to another and may be another's before and after. */
typedef struct en_span {
    size_t bytes, first, last; /* steps, both included */
    void **where;              /* gets its address */
    size_t offset;
} en_span;

#define EN_SPANS_MAX ((size_t)16 * EN_SPEC_LAYERS)

typedef struct en_plan {
    const en_kernels *kernels;
    const char *convolution; /* the algorithm that is forced, or NULL */
    const en_optimiser *optimiser;
    en_memory state, work;
    size_t batch, threads;
    bool train, gradients, average;
    bool explain; /* the layer's backward pass runs, though none of its parameters is trained */
    size_t parameters;
    double flops;          /* of one sample's forward pass */
    size_t shared_floats;  /* the most any one layer needs at a time, beside its own */
    size_t scratch_floats; /* the same for each worker */
    size_t spans;
    en_span span[EN_SPANS_MAX];
} en_plan;

/* Asks for memory that a layer has only while it runs. */
void en_plan_shared(en_plan *plan, size_t count, size_t each);
void en_plan_scratch(en_plan *plan, size_t count, size_t each);
/* count*each items of `size` bytes from step first to last; their address goes to *where when memory is cut. */
void en_plan_span(en_plan *plan, size_t first, size_t last, size_t count, size_t each, size_t size, void **where);
/* Lays out all spans so that those that live at the same time do not overlap, and cuts them. */
void en_plan_place(en_plan *plan);

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
    const en_optimiser *optimiser;
    size_t n; /* samples in it */
    bool train;
    bool fresh;            /* parameters may have changed since the pass before */
    const en_batch *batch; /* truth and keys; NULL in prediction */
    const en_step *step;   /* NULL in prediction */
    en_sink sink;
    double weight_sum; /* of the whole step's samples, also of those in other micro-batches */
    float *shared, *scratch;
    size_t scratch_stride; /* floats from one worker's scratch to the next one's */
} en_pass;

typedef struct en_layer en_layer;
typedef struct en_layer_kind en_layer_kind;

/* What a chunk of work is given. */
typedef struct en_work {
    en_layer *layer;
    const en_pass *pass;
} en_work;

struct en_layer {
    const en_layer_kind *kind;
    const en_layer_spec *spec;
    size_t index;                          /* of its line, the input not counted: part of names and of random keys */
    en_activation act;                     /* applied by this layer itself */
    size_t inputs, input[EN_LAYER_INPUTS]; /* tensors: 0 is the network's input, i+1 is the output of layer i */
    en_dims in, out;                       /* of the first input */
    size_t in_size, out_size;              /* floats per sample */
    size_t forward_step, backward_step;    /* of a pass: for en_plan_span */
    bool frozen;                           /* its parameters are not trained and have no optimiser's slots */

    /* Set by `plan`. */
    bool works_in_place;   /* y may be x, and dx dy */
    bool reads_x, reads_y; /* its backward pass needs them */

    bool in_place;                   /* y is x */
    float *x[EN_LAYER_INPUTS], *y;   /* (batch,in), (batch,out) */
    float *dx[EN_LAYER_INPUTS], *dy; /* the same shapes; dx NULL: not wanted */
    bool adds[EN_LAYER_INPUTS];      /* dx is added to: only for kinds with adds_dx */
    bool beside[EN_LAYER_INPUTS];    /* dx is memory that the network then adds to the tensor's gradient */
    double flops;                    /* of one sample's forward pass */
    size_t bytes;                    /* of its parameters, of what it keeps for a pass, and of its output */
    size_t parameters;
    en_parameter parameter[EN_LAYER_PARAMETERS];
    union {
        struct {
            en_conv_shape shape;
            bool relu, folds; /* folds: the norm that follows is part of these weights, in prediction */
            bool explained;   /* its backward pass follows, in prediction too */
            const en_conv_algorithm *algorithm;
            float *prepared; /* the algorithm's, from pass to pass */
            void *kept;      /* the algorithm's, from forward to backward */
            float *w, *b;    /* what the algorithm gets, where they are not the parameters: folded, or a bias of 0 */
            float *scale;    /* of the norm that is folded */
        } conv;
        struct {
            void *mean, *scale, *sums; /* see batchnorm.c */
            bool folded;
        } norm;
        struct {
            en_pool_shape shape; /* of the image with its border */
            size_t top, left;
            void *place; /* uint8_t (batch,out) */
        } pool;
        struct {
            void *place; /* uint32_t (batch,c): the pixel of the maximum */
        } global;
        struct {
            size_t forward_rows, backward_rows; /* of the weights in one chunk */
        } dense;
        struct {
            void *mean, *unit, *factor; /* see squeeze.c */
            void *dunit, *dfactor;
        } squeeze;
    } u;
};

/* Adds a parameter to l (name, shape) and takes its memory. rank 1 or more; shape is copied. A tensor of rank 2 and
 * more takes part in weight decay, biases and a norm's scales do not. */
en_parameter *en_parameter_plan(en_layer *l, const char *what, const size_t *shape, unsigned rank, en_plan *plan);
/* The same for numbers that are kept with the weights but not trained: a norm's running statistics. */
en_parameter *en_statistic_plan(en_layer *l, const char *what, size_t count, en_plan *plan);
/* Uniform numbers in (-limit, limit), the same for any number of threads. `item` tells the tensors of a layer apart. */
void en_parameter_draw(en_parameter *p, size_t layer, size_t item, en_pool *pool, uint64_t seed, double limit);
void en_parameter_fill(en_parameter *p, float value);
/* The limit for a layer of so many inputs and outputs a unit: He's before relu and its like, otherwise Glorot's. */
double en_init_limit(en_activation act, double fan_in, double fan_out);

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

/* One image per chunk. */
void en_layer_each_image(en_layer *l, const en_pass *pass, en_chunk_fn *fn);

/* y = act(x) and dx = dy*act'(x), n numbers; y may be x. activate_back gets x where the kind reads x, else y. */
void en_activate(en_activation act, const en_kernels *k, const float *x, float *y, size_t n);
void en_activate_back(en_activation act, const en_kernels *k, const float *x, const float *y, float *dy, size_t n);
bool en_activation_reads_x(en_activation act);

#endif
