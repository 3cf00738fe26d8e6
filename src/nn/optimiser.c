/* See optimiser.h. */
#include "nn/optimiser.h"

#include <math.h>

static const char *const words[] = {NULL, "adam", "adam-torch", "sgd"};
const en_wordlist en_optimiser_words = EN_WORDLIST("optimiser", words);

en_optimiser en_optimiser_of(en_optimiser_kind kind)
{
    return (en_optimiser){.kind = kind,
                          .beta1 = 0.9,
                          .beta2 = 0.999,
                          .epsilon = kind == EN_OPTIMISER_ADAM_TORCH ? 1e-8 : 1e-7,
                          .momentum = 0.9};
}

size_t en_optimiser_slots(const en_optimiser *optimiser) { return optimiser->kind == EN_OPTIMISER_SGD ? 1 : 2; }

const char *en_optimiser_slot_name(const en_optimiser *optimiser, size_t slot)
{
    static const char *const names[] = {"adam_m", "adam_v"};
    return optimiser->kind == EN_OPTIMISER_SGD ? "momentum" : names[slot];
}

/* rate = lr*sqrt(1-beta2^t)/(1-beta1^t) makes m/(sqrt(v)+epsilon) the step of the paper's section 2. Its algorithm 1
 * has sqrt(v/(1-beta2^t)) + epsilon instead, which is the same with epsilon*sqrt(1-beta2^t) here. */
static void apply_adam(const en_optimiser *o, const en_kernels *k, uint64_t step, double lr, double decay, size_t n,
                       const float *g, float *w, float *const *slot)
{
    double t = (double)step, correction = sqrt(1 - pow(o->beta2, t));
    const en_adam adam = {
        .rate = (float)(lr * correction / (1 - pow(o->beta1, t))),
        .beta1 = (float)o->beta1,
        .beta2 = (float)o->beta2,
        .rest1 = (float)(1 - o->beta1),
        .rest2 = (float)(1 - o->beta2),
        .epsilon = (float)(o->kind == EN_OPTIMISER_ADAM_TORCH ? o->epsilon * correction : o->epsilon),
        .decay = (float)(lr * decay),
    };
    k->adam(&adam, n, g, w, slot[0], slot[1]);
}

void en_optimiser_apply(const en_optimiser *o, const en_kernels *k, uint64_t step, double lr, double decay, size_t n,
                        float *g, float *w, float *const *slot)
{
    if (o->coupled && decay > 0) {
        for (size_t i = 0; i < n; i++) {
            g[i] += (float)decay * w[i];
        }
        decay = 0;
    }
    if (o->kind != EN_OPTIMISER_SGD) {
        apply_adam(o, k, step, lr, decay, n, g, w, slot);
        return;
    }
    const en_sgd sgd = {
        .rate = (float)lr, .momentum = (float)o->momentum, .decay = (float)(lr * decay), .nesterov = o->nesterov};
    k->sgd(&sgd, n, g, w, slot[0]);
}
