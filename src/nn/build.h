/* The inside of a network, for the files that build, run and save it. */
#ifndef EN_NN_BUILD_H
#define EN_NN_BUILD_H

#include "nn/layer.h"

#define EN_LAYERS_MAX ((size_t)2 * EN_SPEC_LAYERS) /* an activation on another layer's line is a layer here */

struct en_network {
    en_spec spec; /* layers point into it */
    size_t classes, threads;
    size_t batch, micro_batch; /* samples of a step, and of a pass: memory is planned for these */
    bool gradients;            /* are kept */
    en_mode mode;
    en_pool *pool;
    const en_kernels *kernels;
    en_arena state, work;
    size_t count;
    en_layer layer[EN_LAYERS_MAX];
    en_parameter *parameter[2 * EN_SPEC_LAYERS]; /* of the layers, in order */
    size_t parameters;
    size_t first_trained; /* the first layer with parameters: the backward pass ends there */
    float *input;         /* (batch, input) */
    float *shared, *scratch;
    size_t scratch_stride;
};

/* Copies the configuration and makes the list of layers. */
en_status en_build_layers(en_network *net, const en_network_config *config, en_error *err) EN_CHECKED;
/* Lays out parameters, activations, gradients and scratch: counts while the plan has no arenas, cuts when it has. */
void en_build_memory(en_network *net, en_plan *plan);

#endif
