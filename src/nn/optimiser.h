/* How parameters follow their gradients. An optimiser keeps numbers of its own beside each parameter, its slots. */
#ifndef EN_NN_OPTIMISER_H
#define EN_NN_OPTIMISER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "kernel/kernel.h"

#define EN_OPTIMISER_SLOTS 2 /* most */

typedef enum en_optimiser_kind {
    EN_OPTIMISER_ADAM = 1, /* Kingma & Ba 2015, epsilon beside the uncorrected sqrt(v): Keras's and the paper's "epsilon
                            * hat" */
    EN_OPTIMISER_ADAM_TORCH, /* epsilon beside the corrected sqrt(v): the paper's algorithm 1, and PyTorch's */
    EN_OPTIMISER_SGD         /* with momentum: m = momentum*m + g, w = w - lr*m */
} en_optimiser_kind;

typedef struct en_optimiser {
    en_optimiser_kind kind;
    double beta1, beta2, epsilon; /* of Adam */
    double momentum;              /* of SGD, 0..1 */
    bool nesterov;                /* of SGD: w = w - lr*(g + momentum*m) */
    double decay;                 /* weight decay, of tensors of rank 2 and more; 0: none */
    bool coupled; /* weight decay is added to the gradient (L2), not taken from the weights (AdamW: Loshchilov & Hutter
                   * 2019) */
    double average; /* 0..1: the network keeps an exponential moving average of its weights with this decay, 0: none */
} en_optimiser;

#define EN_OPTIMISER_TEXT 128 /* bytes of a canonical text with its NUL */

/* As text: "adam" or "adam-torch" with [beta1 B] [beta2 B] [epsilon E], "sgd" with [momentum M] [nesterov]; each with
 * [decay D], the weight decay, [coupled], and [average A]. EN_USAGE names the word and says what is known. */
en_status en_optimiser_parse(const char *text, en_optimiser *out, en_error *err) EN_CHECKED;
/* The canonical text: words that are as by default are left out; returns `out`. */
const char *en_optimiser_text(const en_optimiser *optimiser, char out[EN_OPTIMISER_TEXT]);

/* Adam with beta 0.9 and 0.999 and epsilon 1e-7, or 1e-8 as PyTorch has it; SGD with momentum 0.9; decoupled decay. */
en_optimiser en_optimiser_of(en_optimiser_kind kind);
/* How many slots it has, and their names in a checkpoint: "adam_m", ... */
size_t en_optimiser_slots(const en_optimiser *optimiser);
const char *en_optimiser_slot_name(const en_optimiser *optimiser, size_t slot);

/* Updates n numbers w and their slots from the gradient g, which may be changed. `step` counts from 1; lr is the
 * learning rate; `decays`: weight decay is for them. */
void en_optimiser_apply(const en_optimiser *optimiser, const en_kernels *k, uint64_t step, double lr, bool decays,
                        size_t n, float *g, float *w, float *const *slot);

#endif
