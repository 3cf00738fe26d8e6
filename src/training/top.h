/* The trainings of a project as they are now: what one who looks on sees of each. */
#ifndef EN_TRAINING_TOP_H
#define EN_TRAINING_TOP_H

#include "catalog/words.h"
#include "project/project.h"

#define EN_TOP_POINTS 256 /* of a curve, at most */

typedef struct en_top_curve {
    double value[EN_TOP_POINTS]; /* from left to right; NaN: not a number */
    size_t count;
} en_top_curve;

typedef struct en_top_run {
    char *run;
    en_run_state state;
    bool dead;                /* in state running, but its process is gone */
    int64_t epoch;            /* running: that is trained now; else: done */
    int64_t max_epochs;       /* at most, or -1: not known */
    int64_t step;             /* the newest that is recorded, over all epochs; 0: none */
    double loss;              /* of that step, as training minimises it */
    double images_per_second; /* over the newest steps, without validation; NaN: too early to tell */
    double seconds;           /* running: since the first attempt began; else: of all attempts */
    double left;              /* until max_epochs at the pace of this attempt, s; NaN: too early to tell */
    int64_t memory_bytes;     /* planned for the network, or -1 */
    int64_t best_epoch;       /* whose weights are kept, or -1 */
    const char *metric;       /* of the validation part: "auc", "concordance" or "accuracy"; NULL: none; static */
    double val, val_loss;     /* that metric and the weighted loss at the best epoch; NaN: not measured */
    en_top_curve train;       /* weighted loss by steps, each point the mean of neighbouring ones */
    en_top_curve validation;  /* weighted loss by epochs, likewise */
} en_top_run;

typedef struct en_top {
    en_top_run *run; /* those that train, the oldest first; behind them those that ended of late */
    size_t count;
} en_top;

/* recent: of the runs that ended, those of so many last seconds. en_top_clear it, also after an error. */
en_status en_top_read(en_project *project, int64_t recent, en_top *out, en_error *err) EN_CHECKED;
void en_top_clear(en_top *top);

#endif
