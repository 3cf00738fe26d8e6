/* The first step of a retraining: the split that extends the run's and the subset with the new photographs. */
#ifndef EN_TRAINING_RETRAIN_BEGIN_H
#define EN_TRAINING_RETRAIN_BEGIN_H

#include "catalog/retraining.h"
#include "catalog/run.h"
#include "catalog/subset.h"
#include "training/retrain.h"

typedef struct en_retraining {
    en_project *project;
    const en_retrain_options *options;
    en_catalog_run run;
    en_catalog_subset test; /* the plain variants of the test part of the run's split */
    char *chosen;           /* which photographs, in the words of the command line */
    en_catalog_retraining row;
} en_retraining;

/* Fills row with the retraining that was stopped, or a new one. Errors as en_retrain. */
en_status en_retrain_begin(en_retraining *x, en_error *err) EN_CHECKED;

/* Whether the run was validated on the part val of its split, and not on nothing or a subset of its own. */
bool en_retrain_validates_part(const en_retraining *x);

#endif
