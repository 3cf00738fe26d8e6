/* A network in prediction as a list of plain operations with their weights: for those who write it in the formats of
 * other programs. Dropout does nothing in prediction and is left out; an activation that a layer applies itself is part
 * of its operation. The output (softmax, ordinal) is not an operation: en_spec.output says what it is. */
#ifndef EN_NN_OPERATION_H
#define EN_NN_OPERATION_H

#include "nn/network.h"

typedef enum en_operation_kind {
    EN_OP_CONV,      /* tensors: weight (kh,kw,c/groups,kernels), bias (kernels) or NULL */
    EN_OP_DENSE,     /* tensors: weight (inputs,units), inputs in the order h,w,c; bias (units) */
    EN_OP_NORM,      /* tensors: scale, shift, mean, variance (c each) */
    EN_OP_MAXPOOL,   /* padding is never the maximum */
    EN_OP_AVGPOOL,   /* the mean of the pixels inside the image */
    EN_OP_GLOBALMAX, /* (h,w,c) -> (1,1,c) */
    EN_OP_GLOBALAVG,
    EN_OP_ADD,       /* two inputs of one shape */
    EN_OP_SQUEEZE,   /* tensors: reduce (c,units), its bias, expand (units,c), its bias; see squeeze.c */
    EN_OP_ACTIVATION /* `act` alone */
} en_operation_kind;

#define EN_OP_TENSORS 4

typedef struct en_operation {
    en_operation_kind kind;
    size_t line;                             /* its line's place after the input, as in the names of weights */
    size_t inputs, input[EN_LAYER_INPUTS];   /* values: 0 is the network's input, i+1 the result of operation i */
    en_dims in, out;                         /* of the first input; of the result */
    size_t kh, kw, stride, dilation, groups; /* conv; pooling: kh = kw = window, stride */
    size_t top, left, bottom, right;         /* padding of conv and pooling, pixels */
    double epsilon;                          /* norm */
    size_t units;                            /* squeeze */
    en_activation act;                       /* applied to the result */
    const float *tensor[EN_OP_TENSORS];      /* the network's own */
    size_t count[EN_OP_TENSORS];             /* numbers in each */
} en_operation;

typedef struct en_operations {
    en_operation *op; /* owned; in an order in which they can be run */
    size_t count;
    size_t last; /* the value that is the logits; 0 only in a network without operations */
} en_operations;

/* "conv", "dense", ...: as the names of weights have it, where it has any. Static. */
const char *en_operation_word(en_operation_kind kind);

/* Of any network; the weights stay those of the network, which must live as long. EN_NOMEM only. */
en_status en_operations_of(en_network *net, en_operations *out, en_error *err) EN_CHECKED;
void en_operations_clear(en_operations *ops); /* safe on a zeroed one */

#endif
