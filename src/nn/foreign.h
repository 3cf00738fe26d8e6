/* Weights that other programs trained, read from their safetensors files into a network of ours: names, layouts and
 * shapes are translated and checked. What is known are the names that PyTorch's packages use for the built-in networks
 * for transfer learning:
 *
 *   efficientnet-lite0, -lite1, -lite2    efficientnet_lite_pytorch
 *   mobilenet-v3-large, resnet18          torchvision
 *
 *   PyTorch                               here
 *   weight (out, in/groups, kh, kw)       conv.weight (kh, kw, in/groups, out)
 *   weight (out, in)                      dense.weight (in, out), after global pooling
 *   weight, bias, running_mean, running_var of a norm      batchnorm.scale, .shift, .mean, .variance
 *   num_batches_tracked                   passed over */
#ifndef EN_NN_FOREIGN_H
#define EN_NN_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "nn/network.h"
#include "nn/spec.h"

/* Whether names of weights for the preset are known. */
bool en_foreign_knows(const char *preset);

/* How many classes the head in the file has: rows of its last dense layer's weight. EN_INPUT when there is none. */
en_status en_foreign_classes(const char *path, const char *preset, const en_spec *spec, size_t *out,
                             en_error *err) EN_CHECKED;

typedef struct en_foreign_result {
    size_t tensors;    /* read */
    size_t parameters; /* numbers in them, a norm's statistics included */
    size_t left_out;   /* tensors of the head, where it is not read */
} en_foreign_result;

/* Reads the file's tensors into the network, which is the preset's; without `head` the last dense layer keeps what it
 * has. EN_INPUT, with the network as it was, names the tensors that are missing, that are surplus, or one that has
 * another shape or type; EN_INPUT too, with some tensors read, for a number that is not finite or a negative
 * variance; EN_IO when reading fails. */
en_status en_foreign_read(en_network *net, const en_spec *spec, const char *preset, const char *path, bool head,
                          en_foreign_result *out, en_error *err) EN_CHECKED;

#endif
