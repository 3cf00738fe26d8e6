/* sweep: the runs of a plan, shared by all processes that were given the same one. A run is claimed as any training
 * claims its name, in the transaction that enters it, and held by the lock on its folder; what a killed process left is
 * taken up. */
#ifndef EN_TRAINING_SWEEP_H
#define EN_TRAINING_SWEEP_H

#include "project/project.h"
#include "training/sweep_plan.h"
#include "training/train/train.h"

typedef struct en_sweep_trial {
    const char *name;         /* of the run */
    const char *tried;        /* all that the file says of it, by which it is known again */
    bool check;               /* look, before any is trained, whether this one could be: it has a word that none before
                               * it has, as a network or target */
    en_train_options options; /* name, sweep and pause_at are set by the sweep */
} en_sweep_trial;

typedef struct en_sweep_options {
    const en_sweep_trial *trial;
    size_t trials;
    en_sweep_method method;
    const char *metric; /* of the validation part: "loss", "weighted_loss", "accuracy" or "auc" */
    int64_t epochs;     /* halving: that a run is to have in the end */
    int64_t first;      /* halving: epochs of the first rung, 1..epochs */
    double eta;         /* halving: of a rung's runs the best 1/eta go on, with eta times the epochs; above 1 */
    bool skip_done;     /* keep runs that have ended whatever they tried */
    bool dry_run;       /* train nothing */
    double time_limit;  /* seconds after which to save and stop (EN_INTERRUPTED); 0: none */
} en_sweep_options;

typedef struct en_sweep_run {
    size_t trial;
    en_run_state state;         /* 0: not begun */
    int64_t epochs, best_epoch; /* -1: none */
    int64_t dropped;            /* halving: after so many epochs; 0: it was not */
    double value;               /* of the metric, of the weights kept; NaN: none */
} en_sweep_run;

typedef struct en_sweep_result {
    en_sweep_run *row; /* owned; the best first, those without a value last */
    size_t count;
    int64_t trained, elsewhere; /* runs that this call trained, and that other processes train now */
} en_sweep_result;

/* Grid and random: trains each run that no process has, in the order of the plan. Halving (Jamieson and Talwalkar
 * 2016): all runs up to the first rung, where they are paused; the best 1/eta go on from there to the next rung, and so
 * on, which any schedule permits, as it is one of all epochs from the beginning. A rung begins when all runs of the one
 * before have come there: a process waits for those of others.
 *
 * A diverged run counts by the best of its epochs. EN_INPUT: a run of this name tried something else; otherwise as
 * en_train. EN_INTERRUPTED: the same call goes on. The result holds what there is, also after an error. */
en_status en_sweep(en_project *project, const en_sweep_options *options, en_sweep_result *result,
                   en_error *err) EN_CHECKED;
void en_sweep_clear(en_sweep_result *result);

#endif
