/* A small network and noise to train it on, for the tests that do not look at the numbers themselves. */
#ifndef EN_TEST_TOY_H
#define EN_TEST_TOY_H

#include "nn/network.h"

#define TOY_CLASSES 3u
#define TOY_BATCH 20u

/* Every kind of layer, and more images than groups of gradients. */
#define TOY_TEXT                                                                                                       \
    "input 20x18x3 scale 1/255 shift -0.5\nconv 9 5x5 stride 2 pad same relu\nconv 6 3x3\nmaxpool 2\nsigmoid\n"        \
    "dropout 0.3\ndense 11 relu\ndropout 0.5\ndense classes softmax"

/* Branches, norms and what else a modern network has; a norm by the batch's statistics among them. */
#define TOY_GRAPH                                                                                                      \
    "input 20x18x3 scale 1/255 shift -0.5\nconv 12 3x3 stride 2 pad same batchnorm relu as a\n"                        \
    "conv 24 1x1 batchnorm frozen relu6\nconv 24 3x3 depthwise pad same hswish\nsqueeze-excite 4\n"                    \
    "conv 12 1x1 batchnorm\nadd a relu as b\nconv 12 1x1 from b\nadd b\navgpool 2\nmaxpool 3 stride 1 pad 1\n"         \
    "dropout 0.2\nglobalavgpool\ndense classes ordinal"

typedef struct toy_data {
    uint8_t *pixels;
    int32_t truth[TOY_BATCH];
    uint64_t ids[TOY_BATCH];
} toy_data;

/* The three below fail the running test when they cannot. */
/* micro: samples in memory at a time, 0 for all; with `keep`, gradients are kept all the same. */
en_network *toy_network_of(const char *text, size_t classes, size_t batch, size_t micro, bool keep, en_mode mode,
                           en_pool *pool);
en_network *toy_network(const char *text, size_t classes, size_t batch, en_mode mode, en_pool *pool);
/* For training, in the calling thread. */
en_network *toy_network_with(const char *text, size_t classes, size_t batch, const en_optimiser *optimiser);
toy_data toy_noise(const en_network *net);
void toy_free(toy_data *data);
/* Steps first..last of a run; n samples each. */
void toy_train(en_network *net, const toy_data *data, size_t n, uint64_t first, uint64_t last);
/* Fails the test unless both have the same parameters and moments, bit for bit. */
void toy_assert_same(en_network *a, en_network *b);

#endif
