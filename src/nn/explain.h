/* Where a network looked: Grad-CAM (Selvaraju et al. 2017, Grad-CAM: visual explanations from deep networks via
 * gradient-based localization, ICCV, equations 1 and 2).
 *
 *   alpha_k = 1/Z sum_ij dy/dA_kij        L_ij = max(0, sum_k alpha_k A_kij)
 *
 * A is the feature map (h,w,channels) that is explained: the output of the last layer of more than one pixel, with the
 * norm and activation on its line, that is not a pooling or a dropout. Z = h*w. y is the score of a class:
 *
 *   softmax   its logit, before the softmax, less the mean of the others': of two classes the log odds. The paper takes
 *             the logit alone, which is not determined: adding a number to all logits changes no probability, and what
 *             all of them have in common would show in the map
 *   ordinal   the logit of `class > k` with k = class-1, the evidence that the class is at least this one; of the first
 *             class that of the second, as nothing speaks for being at least the first
 *
 * Where a dense layer without a global pooling reads the map, alpha averages weights that differ from pixel to pixel,
 * and the map is a coarser account of the network than where a global pooling reads it. */
#ifndef EN_NN_EXPLAIN_H
#define EN_NN_EXPLAIN_H

#include "nn/network.h"

typedef struct en_feature_map {
    size_t h, w, channels;
    /* The centre of what pixel (i,j) of the map sees is pixel (start_y + i*step_y, start_x + j*step_x) of the sample,
     * px, 0 being the middle of the first. By the sizes, strides and paddings of the layers between, along the first
     * input of those that have two. */
    double start_y, start_x, step_y, step_x;
} en_feature_map;

/* Of a network made for EN_EXPLAIN. */
en_feature_map en_network_map(const en_network *net);
/* The heat map L (h,w) of one sample (H,W,C) for a class, in units of the score, the largest value being whatever it
 * is; all 0: nothing speaks for the class. score (may be NULL) gets y. The same bits for any number of threads. EN_BUG:
 * not made for EN_EXPLAIN, or no such class; EN_FAILED: the weights are corrupt. */
en_status en_network_explain(en_network *net, const uint8_t *pixels, size_t class, float *map, double *score,
                             en_error *err) EN_CHECKED;

#endif
