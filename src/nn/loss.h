/* What training minimises, from the network's last numbers (logits) z, and what prediction makes of them.
 *
 * The output softmax has a logit for each class: p = exp(z)/sum exp(z). The output ordinal has one for each class but
 * the first: s_k = 1/(1+exp(-z_k)) is the probability that the class is above k (Niu 2016); made non-increasing, their
 * differences are the classes' probabilities. A network of two classes with that output is a binary classifier.
 *
 * Losses of one sample with truth t and class weight w (natural logarithms):
 *   cross-entropy  softmax: -w sum_k q_k ln p_k with q = (1-e)[k = t] + e/classes, e the label smoothing (Szegedy 2016)
 *                  ordinal: -w sum_k (q_k ln s_k + (1-q_k) ln(1-s_k)) with q_k = (1-e)[t > k] + e/2
 *   focal          -w (1-p_t)^gamma ln p_t (Lin 2017); ordinal: the same for each threshold, summed
 *   squared        w (E - t)^2, E the expected class: sum_k k p_k, or sum_k s_k */
#ifndef EN_NN_LOSS_H
#define EN_NN_LOSS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "nn/spec.h"

typedef enum en_loss_kind { EN_LOSS_CROSS_ENTROPY = 1, EN_LOSS_FOCAL, EN_LOSS_SQUARED } en_loss_kind;

typedef struct en_loss {
    en_loss_kind kind;
    double smoothing; /* of cross-entropy, 0..1 */
    double gamma;     /* of focal, at least 0; 2 in the paper */
} en_loss;

#define EN_LOSS_TEXT 64 /* bytes of a canonical text with its NUL */

/* As text: "cross-entropy [smoothing E]", "focal [gamma G]" or "squared". EN_USAGE names the word and says what is
 * known.
 */
en_status en_loss_parse(const char *text, en_loss *out, en_error *err) EN_CHECKED;
/* The canonical text; returns `out`. */
const char *en_loss_text(const en_loss *loss, char out[EN_LOSS_TEXT]);

/* Probabilities (classes) of one sample from its logits; `output` as in en_spec. */
void en_output_probabilities(en_activation output, const float *logits, size_t classes, float *probabilities);
/* The loss of one sample, times `weight`; its gradient times `weight` goes to dlogits, unless that is NULL. */
double en_loss_of(const en_loss *loss, en_activation output, const float *logits, size_t classes, int32_t truth,
                  double weight, float *dlogits);

#endif
