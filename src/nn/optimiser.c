/* See optimiser.h. */
#include "nn/optimiser.h"

#include <math.h>

#include "base/settings.h"

static const char *const kinds[] = {"adam", "adam-torch", "sgd", NULL};

/* Of a kind, as a bit. */
#define OF(kind) (1u << ((kind)-EN_OPTIMISER_ADAM))
#define ADAMS (OF(EN_OPTIMISER_ADAM) | OF(EN_OPTIMISER_ADAM_TORCH))
#define ALL (ADAMS | OF(EN_OPTIMISER_SGD))
#define MOST_RATE 0.999999 /* of what is kept from step to step: below 1 */

static const en_setting words[] = {
    {"beta1", ADAMS, false, offsetof(en_optimiser, beta1), 0, MOST_RATE, 0.9},
    {"beta2", ADAMS, false, offsetof(en_optimiser, beta2), 0, MOST_RATE, 0.999},
    {"epsilon", OF(EN_OPTIMISER_ADAM), false, offsetof(en_optimiser, epsilon), 1e-12, 1, 1e-7},
    {"epsilon", OF(EN_OPTIMISER_ADAM_TORCH), false, offsetof(en_optimiser, epsilon), 1e-12, 1, 1e-8},
    {"momentum", OF(EN_OPTIMISER_SGD), false, offsetof(en_optimiser, momentum), 0, MOST_RATE, 0.9},
    {"nesterov", OF(EN_OPTIMISER_SGD), true, offsetof(en_optimiser, nesterov), 0, 0, 0},
    {"decay", ALL, false, offsetof(en_optimiser, decay), 0, 10, 0},
    {"coupled", ALL, true, offsetof(en_optimiser, coupled), 0, 0, 0},
    {"average", ALL, false, offsetof(en_optimiser, average), 0, MOST_RATE, 0},
};
static const en_settings table = {"optimiser", kinds, words, sizeof words / sizeof *words};

en_status en_optimiser_parse(const char *text, en_optimiser *out, en_error *err)
{
    en_optimiser o = {0};
    size_t kind;
    en_status st = en_settings_parse(&table, text, &kind, &o, err);
    if (st == EN_OK) {
        o.kind = (en_optimiser_kind)(kind + EN_OPTIMISER_ADAM);
        *out = o;
    }
    return st;
}

const char *en_optimiser_text(const en_optimiser *o, char out[EN_OPTIMISER_TEXT])
{
    return en_settings_text(&table, (size_t)(o->kind - EN_OPTIMISER_ADAM), o, out, EN_OPTIMISER_TEXT);
}

en_optimiser en_optimiser_of(en_optimiser_kind kind)
{
    en_optimiser o = {0};
    (void)!en_optimiser_parse(kinds[kind - EN_OPTIMISER_ADAM], &o, NULL); /* a kind alone is always right */
    return o;
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

void en_optimiser_apply(const en_optimiser *o, const en_kernels *k, uint64_t step, double lr, bool decays, size_t n,
                        float *g, float *w, float *const *slot)
{
    double decay = decays ? o->decay : 0;
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
