/* The last layer: softmax, and with it the loss, as their gradient together is simple.
 *
 *   p = exp(z) / sum exp(z)
 *   loss = sum_i w_i * -ln p_i[truth_i] / sum_i w_i
 *   dloss/dz_i = (p_i - onehot_i) * w_i / sum w
 *
 * The sums are over the samples of a step, of which a pass may see a micro-batch only. */
#include <math.h>

#include "nn/layer.h"

#define LEAST_P 1e-7

double en_cross_entropy(const float *probabilities, int32_t truth)
{
    double p = (double)probabilities[truth];
    return -log(p > LEAST_P || isnan(p) ? p : LEAST_P);
}

static void plan(en_layer *l, en_plan *plan)
{
    (void)l;
    (void)plan;
}

static void forward(en_layer *l, const en_pass *pass)
{
    for (size_t i = 0; i < pass->n; i++) {
        const float *z = l->x + i * l->in_size;
        float *p = l->y + i * l->out_size;
        float most = z[0];
        for (size_t c = 1; c < l->out_size; c++) {
            most = z[c] > most ? z[c] : most;
        }
        double sum = 0;
        for (size_t c = 0; c < l->out_size; c++) {
            p[c] = expf(z[c] - most);
            sum += (double)p[c];
        }
        for (size_t c = 0; c < l->out_size; c++) {
            p[c] = (float)((double)p[c] / sum);
        }
    }
}

static double weight_of(const en_pass *pass, size_t i) { return en_sample_weight(pass->step, pass->batch->truth[i]); }

void en_softmax_measure(const en_layer *l, const en_pass *pass, en_step_result *out)
{
    *out = (en_step_result){0};
    for (size_t i = 0; i < pass->n; i++) {
        const float *p = l->y + i * l->out_size;
        int32_t truth = pass->batch->truth[i];
        size_t best = 0;
        for (size_t c = 1; c < l->out_size; c++) {
            best = p[c] > p[best] ? c : best;
        }
        out->loss_sum += weight_of(pass, i) * en_cross_entropy(p, truth);
        out->weight_sum += weight_of(pass, i);
        out->correct += best == (size_t)truth;
    }
}

static void backward(en_layer *l, const en_pass *pass)
{
    for (size_t i = 0; i < pass->n; i++) {
        float weight = pass->weight_sum > 0 ? (float)(weight_of(pass, i) / pass->weight_sum) : 0;
        for (size_t c = 0; c < l->out_size; c++) {
            float hit = (size_t)pass->batch->truth[i] == c ? 1 : 0;
            l->dx[i * l->in_size + c] = (l->y[i * l->out_size + c] - hit) * weight;
        }
    }
}

const en_layer_ops en_layer_softmax = {plan, NULL, forward, backward, NULL};
