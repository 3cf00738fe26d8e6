/* The layers of a Core ML neural network; values are named blobs of (c,h,w). */
#ifndef EN_EXPORT_COREML_LAYERS_H
#define EN_EXPORT_COREML_LAYERS_H

#include "export/model.h"
#include "export/proto.h"

#define EN_COREML_NAME 64
#define EN_COREML_IMAGE "image" /* the input */

typedef struct en_coreml_net {
    const en_export_model *model;
    en_proto layers; /* of the message NeuralNetworkClassifier */
    float *divisor;  /* [3], of the weights that read the image; NULL: the image is normalised as it is read */
    bool exact_gelu; /* one was written: specification version 4 */
} en_coreml_net;

/* Writes all operations; `logits` is the name of the last value, (units,1,1). `from` is the name of the image. */
void en_coreml_operations(en_coreml_net *net, const char *from, char logits[EN_COREML_NAME]);
/* From logits to "probabilities". */
void en_coreml_output(en_coreml_net *net, const char *logits);

/* A layer of one output; `params` is the message of its kind, of that field, which is emptied. */
void en_coreml_layer(en_coreml_net *net, const char *output, const char *const *input, size_t inputs, unsigned field,
                     en_proto *params);
/* y = scale * x + bias for each of n channels, both of which are taken over. */
void en_coreml_scale(en_coreml_net *net, const char *y, const char *x, float *scale, float *bias, size_t n);
/* y = x * tensor[0] + tensor[1], of (inputs,units) and (units). The second is borrowed until the file is written. */
void en_coreml_product(en_coreml_net *net, const char *y, const char *x, const float *const *tensor, size_t inputs,
                       size_t units);
void en_coreml_linear(en_coreml_net *net, const char *y, const char *x, double alpha, double beta);
void en_coreml_activation(en_coreml_net *net, en_activation act, const char *y, const char *x);
typedef enum en_coreml_function { EN_COREML_EXP = 4, EN_COREML_LOG = 5, EN_COREML_THRESHOLD = 7 } en_coreml_function;
/* f(scale*x), of the logarithm f(max(scale*x, limit)), of the threshold max(scale*x, limit). */
void en_coreml_unary(en_coreml_net *net, const char *y, const char *x, en_coreml_function f, double scale,
                     double limit);
void en_coreml_add(en_coreml_net *net, const char *y, const char *a, const char *b);
void en_coreml_multiply(en_coreml_net *net, const char *y, const char *a, const char *b);

#endif
