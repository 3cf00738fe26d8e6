/* train --folds: the same training once for each fold of a partition, so that every patient who is not for testing is
 * predicted by a run that never saw them. */
#ifndef EN_TRAINING_FOLDS_H
#define EN_TRAINING_FOLDS_H

#include "dataset/split.h"
#include "training/train/train.h"

typedef struct en_fold_run {
    char split[128]; /* whose part val is the fold, and whose part train was learned from */
    bool trained;    /* false: it had finished with these settings before and is kept; of the result there are run,
                      * uuid, state, epochs and best_epoch then */
    en_train_result result;
} en_fold_run;

typedef struct en_folds_result {
    en_fold_run run[EN_FOLDS_MAX];
    size_t count;     /* begun or kept */
    double mean_loss; /* mean of the runs' val_loss, nats; NaN: of none, or some were kept */
    double mean_auc;  /* of their val_auc; NaN also where there are not two classes */
} en_folds_result;

/* partition: of `split --folds`, whose fold k has the split NAME-k. run k is called NAME-k,
 * NAME being options.name or, where that is NULL, the partition; it learns from the plain variants of that split's part
 * train. options.subset, validation and resume are not looked at; the time limit is for all runs together. The same
 * call again keeps runs that have finished, goes on with the one that was stopped, and trains the others. EN_INPUT:
 * there is no such partition, a split has no plain variants, or a run of that name has other settings; EN_INTERRUPTED
 * as en_train. The result holds what there is, also after an error. */
en_status en_train_folds(en_project *project, const char *partition, const en_train_options *options,
                         en_folds_result *result, en_error *err) EN_CHECKED;

#endif
