/* Moving averages of the weights. */
#include <string.h>

#include "nn/build.h"

void en_network_keep_average(en_network *net)
{
    for (size_t i = 0; i < net->parameters; i++) {
        const en_parameter *p = net->parameter[i];
        if (p->average != NULL) {
            memcpy(p->average, p->value, p->count * sizeof *p->value);
        }
    }
}

/* average = d*average + (1-d)*value; statistics are taken as they are. Early on d grows with the steps, so that the
 * first weights are soon forgotten (as TensorFlow's ExponentialMovingAverage with num_updates). */
void en_network_update_average(en_network *net, uint64_t step)
{
    double most = net->optimiser.average, early = (1 + (double)step) / (10 + (double)step);
    float decay = (float)(most < early ? most : early);
    for (size_t i = 0; most > 0 && i < net->parameters; i++) {
        const en_parameter *p = net->parameter[i];
        if (p->statistic) {
            memcpy(p->average, p->value, p->count * sizeof *p->value);
        }
        for (size_t j = 0; !p->statistic && j < p->count; j++) {
            p->average[j] += (1 - decay) * (p->value[j] - p->average[j]);
        }
    }
}

void en_network_swap_average(en_network *net)
{
    for (size_t i = 0; i < net->parameters; i++) {
        en_parameter *p = net->parameter[i];
        for (size_t j = 0; p->average != NULL && j < p->count; j++) {
            float value = p->value[j];
            p->value[j] = p->average[j];
            p->average[j] = value;
        }
    }
    net->stale = true;
}
