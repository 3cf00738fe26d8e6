/* A network in memory: parameters, optimiser state and activations in two arenas that are planned before they are
 * allocated; nothing is allocated afterwards. All results are the same bits for any number of threads. */
#ifndef EN_NN_NETWORK_H
#define EN_NN_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"
#include "kernel/kernel.h"
#include "nn/loss.h"
#include "nn/optimiser.h"
#include "nn/spec.h"

#define EN_CLASSES_MAX 1000

typedef struct en_network en_network;

typedef enum en_mode {
    EN_INFER,
    EN_TRAIN,
    EN_EXPLAIN /* EN_INFER that can also say where it looked: nn/explain.h */
} en_mode;

typedef struct en_network_config {
    const en_spec *spec; /* copied */
    size_t classes;      /* 2..EN_CLASSES_MAX; resolves `dense classes` */
    size_t batch;        /* most samples in one step */
    size_t micro_batch;  /* most samples in memory at a time; 0: batch. A step of more accumulates the gradients of
                          * its micro-batches: the same result within rounding, for less memory */
    size_t frozen_lines; /* the first so many lines after the input are not trained: their backward pass does not run,
                          * and their norms use the running statistics */
    bool gradients;      /* keep the gradients of whole steps even without micro-batches: en_step.clip_norm */
    const en_optimiser *optimiser; /* copied; NULL: en_optimiser_of(EN_OPTIMISER_ADAM) */
    en_mode mode;                  /* EN_INFER has no optimiser state and needs far less memory */
    en_pool *pool;                 /* borrowed for the network's life; NULL: everything in the calling thread */
    const en_kernels *kernels;     /* from en_kernel_select */
    const char *convolution; /* static: the algorithm of all convolutions that it serves; NULL: the fastest for each */
} en_network_config;

/* What a network will take. */
typedef struct en_network_size {
    size_t parameters;  /* trainable numbers */
    size_t state_bytes; /* parameters and optimiser state */
    size_t work_bytes;  /* activations, gradients, scratch of every thread */
    size_t total_bytes;
    double flops; /* floating point operations of one sample's forward pass */
} en_network_size;

/* Checks spec against classes (the last layer must have as many units) and counts, without allocating. EN_INPUT when
 * they do not fit; EN_NOMEM, with the size, when it would take more than this machine's memory. `out` is filled even
 * then. */
en_status en_network_plan(const en_network_config *config, en_network_size *out, en_error *err) EN_CHECKED;
/* Plans, allocates and touches the memory; parameters are zero until en_network_init or a load. */
en_status en_network_new(const en_network_config *config, en_network **out, en_error *err) EN_CHECKED;
void en_network_free(en_network *net);

/* Draws the first weights (He 2015 uniform before relu and its like, Glorot 2010 uniform otherwise; biases 0; a norm's
 * scales and variances 1) and clears the optimiser. */
void en_network_init(en_network *net, uint64_t seed);

/* Samples in memory at a time: the micro-batch of the configuration. */
size_t en_network_micro_batch(const en_network *net);
const en_spec *en_network_spec(const en_network *net); /* its own, borrowed */
en_dims en_network_input(const en_network *net);
size_t en_network_classes(const en_network *net);
size_t en_network_batch(const en_network *net);
en_mode en_network_mode(const en_network *net);
const en_optimiser *en_network_optimiser(const en_network *net);
const en_kernels *en_network_kernels(const en_network *net);

typedef struct en_batch {  /* all borrowed for the call */
    const uint8_t *pixels; /* (n,H,W,C); NULL with features */
    const float *features; /* instead: the outputs of the lines before feature_line, (n,en_network_feature_size) */
    size_t feature_line;   /* 1..frozen_lines, from en_network_feature_line */
    const int32_t *truth;  /* (n) classes 0..classes-1 */
    const uint64_t *keys; /* (n) of the samples, below 2^56: dropout is drawn by them, so it does not depend on order */
    size_t n;             /* 1..batch; the last batch of an epoch may be smaller */
} en_batch;

typedef struct en_step {
    uint64_t seed; /* of the run */
    uint32_t epoch;
    uint64_t step;              /* 1, 2, ... over the whole run: Adam corrects its bias by it */
    float lr;                   /* learning rate, e.g. 0.001 */
    float clip_norm;            /* most norm of all gradients together (Pascanu 2013), else they are scaled; 0 = none */
    const float *class_weights; /* (classes), NULL = all 1; the loss is the weighted mean over the batch */
    const en_loss *loss;        /* NULL = cross-entropy */
} en_step;

typedef struct en_step_result {
    double loss_sum;   /* sum of weight * loss (of cross-entropy in nats) */
    double weight_sum; /* sum of weights; loss_sum/weight_sum is what was minimised */
    size_t correct;    /* samples whose most probable class was the truth, before the update, under dropout */
} en_step_result;

/* One forward pass, backward pass and update. EN_FAILED, with the first layer whose output is not a number, when the
 * loss is none: nothing was updated then. EN_BUG for n or a truth out of range, or clip_norm without gradients. */
en_status en_network_train_step(en_network *net, const en_batch *batch, const en_step *step, en_step_result *out,
                                en_error *err) EN_CHECKED;

/* Probabilities (n,classes) of any number of samples (n,H,W,C), in slices of at most `batch`; no dropout. */
en_status en_network_predict(en_network *net, const uint8_t *pixels, size_t n, float *probabilities,
                             en_error *err) EN_CHECKED;
/* Features: what a line is given. The last line at or before `line` of which they are the same for a sample at each
 * time (no dropout before it) and all that is read of the lines before: they can be computed once, and whatever lies
 * above be trained and asked with them. 0: there is none. */
size_t en_network_feature_line(const en_network *net, size_t line);
/* Floats of a sample. */
size_t en_network_feature_size(const en_network *net, size_t line);
/* The features (n,size) of samples (n,H,W,C); `line` is one of en_network_feature_line, here and below. */
en_status en_network_features(en_network *net, size_t line, const uint8_t *pixels, size_t n, float *features,
                              en_error *err) EN_CHECKED;
/* en_network_predict from features: the same numbers. */
en_status en_network_predict_features(en_network *net, size_t line, const float *features, size_t n,
                                      float *probabilities, en_error *err) EN_CHECKED;
/* -ln p of the truth, as training counts it (p is clamped to 1e-7, one float's rounding). */
double en_cross_entropy(const float *probabilities, int32_t truth);

/* A trainable tensor; all memory belongs to the network. */
typedef struct en_parameter {
    char name[48]; /* "0.conv.weight": the line's place after the input, the layer's word, weight or bias */
    /* conv weight (kh,kw,c/groups,kernels); dense weight (inputs,units), inputs in order h,w,c; bias (units) */
    size_t shape[4];
    unsigned rank;
    size_t count;
    size_t line; /* its line's place after the input, as in the name */
    float *value;
    float *slot[EN_OPTIMISER_SLOTS]; /* the optimiser's; NULL in EN_INFER, of frozen lines and for statistics */
    float *gradient;                 /* of the step, before clipping; NULL unless gradients are kept */
    float *average; /* moving average of value, or value while the averages are in use; NULL unless it is kept */
    bool decays;    /* takes part in weight decay */
    bool statistic; /* a running mean or variance: kept with the weights, not trained */
    bool frozen;    /* the user's, and set for frozen_lines: not trained */
    double rate;    /* the user's: times the learning rate; 0 stands for 1 */
} en_parameter;
size_t en_network_parameters(const en_network *net); /* statistics included */
/* i below their number. Values may be written until the network is next used. */
en_parameter *en_network_parameter(en_network *net, size_t i);
/* Exchanges the weights with their moving averages, where en_optimiser.average keeps any: to evaluate or save them, and
 * back again before the next step. */
void en_network_swap_average(en_network *net);
/* Begins the moving averages anew, at the weights as they are: after weights were loaded to start from. */
void en_network_keep_average(en_network *net);

#define EN_LINE_TEXT 512 /* bytes of a line */

typedef struct en_line_info {
    char text[EN_LINE_TEXT]; /* canonical */
    en_dims out;
    size_t parameters;     /* trainable numbers */
    double flops;          /* of one sample's forward pass */
    const char *algorithm; /* of a convolution; "" */
} en_line_info;
/* What became of a line of the text, from 0 after the input. */
en_status en_network_line(const en_network *net, size_t line, en_line_info *out, en_error *err) EN_CHECKED;

/* A readable table: one line per layer with shapes, parameters and the algorithm chosen; appended to `out`. */
en_status en_network_describe(const en_network *net, en_buf *out, en_error *err) EN_CHECKED;

#endif
