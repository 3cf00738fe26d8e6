/* The inside of a network, for the files that build, run and save it. */
#ifndef EN_NN_BUILD_H
#define EN_NN_BUILD_H

#include "nn/kind.h"

#define EN_LAYERS_MAX ((size_t)3 * EN_SPEC_LAYERS) /* a norm and an activation on a layer's line are layers here */

/* What lies between layers. Tensor 0 is the input, tensor i+1 the output of layer i. */
typedef struct en_value {
    size_t size;   /* floats per sample */
    bool trained;  /* its gradient is wanted: it depends on parameters */
    size_t shares; /* the tensor whose memory it lies in: itself, or one that a layer works on in place */
    size_t last;   /* step that reads it */
    size_t gradient_first, gradient_last; /* steps between which its gradient lives; 0: it has none yet */
    size_t gradient_shares;               /* the tensor whose gradient's memory is used */
    void *value, *gradient;               /* (batch,size) */
} en_value;

/* Seconds spent in the layers of each line (index+1; 0 is the input), added to. */
typedef struct en_layer_times {
    double *forward, *backward;
} en_layer_times;

struct en_network {
    en_spec spec;                   /* layers point into it */
    size_t classes, units, threads; /* units: of the output */
    size_t batch, micro_batch;      /* samples of a step, and of a pass: memory is planned for these */
    size_t frozen_lines;            /* lines that are not trained */
    bool gradients;                 /* are kept */
    bool stale;                     /* parameters may have changed since they were folded */
    en_mode mode;
    size_t map; /* EN_EXPLAIN: the tensor that is explained, see explain.h; 0: none */
    en_pool *pool;
    const en_kernels *kernels;
    const char *convolution;
    en_optimiser optimiser;
    en_arena state, work;
    size_t count;
    en_layer layer[EN_LAYERS_MAX];
    en_value tensor[EN_LAYERS_MAX + 1];
    size_t parameters;
    en_parameter *parameter[EN_LAYERS_MAX * EN_LAYER_PARAMETERS]; /* of the layers, in order */
    en_layer_times *times;                                        /* NULL: are not taken */
    void *added;       /* where a layer makes a gradient that is then added to what others made */
    size_t added_size; /* floats per sample */
    float *shared, *scratch;
    size_t scratch_stride;
};

/* Copies the configuration and makes the list of layers. */
en_status en_build_layers(en_network *net, const en_network_config *config, en_error *err) EN_CHECKED;
/* Lays out parameters, activations, gradients and scratch: counts while the plan has no arenas, cuts when it has. */
void en_build_memory(en_network *net, en_plan *plan);
/* One sample forward, then *score, the sum of its logits times `weight` (units), backward: the gradients of the tensors
 * from the map on are the score's. EN_EXPLAIN only. EN_FAILED when a logit is not finite. */
en_status en_network_trace(en_network *net, const uint8_t *pixels, const float *weight, double *score,
                           en_error *err) EN_CHECKED;
/* Moves the averages towards the weights after a step (average.c). */
void en_network_update_average(en_network *net, uint64_t step);

#endif
