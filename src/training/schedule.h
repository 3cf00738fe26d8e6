/* Learning-rate schedules: by what factor the learning rate is multiplied at each step of a training, as a text:
 *
 *     constant                  1
 *     step [every E] [times F]  times F (0.1) after each proportion E (1/3) of the training
 *     cosine [to F]             (1 + cos(pi t))/2 scaled to fall from 1 to F (0), t being the training's progress 0..1
 *                               (Loshchilov and Hutter 2017, "SGDR", without restarts)
 *     onecycle [rise R] [to F]  from 1/25 up to 1 during the proportion R (0.3), then down to F (0.0001), both along a
 *                               cosine (Smith and Topin 2018, "Super-Convergence"; the cosines are those of fast.ai)
 *
 * each with [warmup W]: during the proportion W of the training (0..0.9; 0) the factor rises linearly to where the
 * schedule begins, and the schedule has the rest. Pure functions of step and steps; no optimiser is meant. */
#ifndef EN_TRAINING_SCHEDULE_H
#define EN_TRAINING_SCHEDULE_H

#include <stdint.h>

#include "base/error.h"

typedef enum en_schedule_kind { EN_CONSTANT, EN_STEPS, EN_COSINE, EN_ONE_CYCLE } en_schedule_kind;

typedef struct en_schedule {
    en_schedule_kind kind;
    double warmup; /* proportion of the training */
    double every;  /* of step: proportion of what follows the warm-up */
    double times;  /* of step */
    double rise;   /* of onecycle: proportion of what follows the warm-up */
    double to;     /* of cosine and onecycle */
} en_schedule;

#define EN_SCHEDULE_TEXT 128 /* bytes of a canonical text with its NUL */

/* EN_USAGE names the word and says what is known. */
en_status en_schedule_parse(const char *text, en_schedule *out, en_error *err) EN_CHECKED;
/* The canonical text: words that are as by default are left out; returns `out`. */
const char *en_schedule_text(const en_schedule *s, char out[EN_SCHEDULE_TEXT]);
/* The factor of step 0..steps-1. A warm-up of n steps has 1/(n+1), 2/(n+1), ... of the schedule's beginning, which the
 * step after it has; cosine and onecycle reach their ends with the last step. */
double en_schedule_factor(const en_schedule *s, uint64_t step, uint64_t steps);

#endif
