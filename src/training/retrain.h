/* retrain: a run is trained on with the photographs that came since, and takes its own place only when it is not worse.
 *
 * What is new: accepted photographs that the run neither learned from nor was validated on, of patients in no part of
 * its split, or fetched after all that it learned from or was validated on. The patients of a test part stay test
 * patients, and their new photographs are kept out. Every other patient keeps the part it had, in a split that extends
 * the run's; new patients come into train or val by chance, in the proportions of the old split. The subset is that of
 * the run, and what its query chooses of the new photographs of the part train. */
#ifndef EN_TRAINING_RETRAIN_H
#define EN_TRAINING_RETRAIN_H

#include "project/project.h"
#include "training/drift.h"
#include "training/promote.h"

typedef struct en_retrain_options {
    const char *run;       /* name, uuid or @ALIAS */
    const char *since;     /* a day, 2026-01-31, or a time as the catalog has them, UTC: only photographs whose source
                            * brought something since; NULL: all */
    const char *condition; /* SQL over the view images: only photographs that fit it; NULL: all */
    const char *name;      /* of the new run and its subset; NULL: the run's and +2, +3, ... */
    const char *alias;     /* that the new run is to get; NULL: the one by which the run was named, or that it has, or
                            * EN_PROMOTE_ALIAS. Where no run has it, the run gets it first */
    const char *metric;    /* as in training/promote.h */
    double margin;         /* the same */
    int64_t epochs;        /* 0: as many as the run was to have */
    double learning_rate;  /* 0: the run's */
    double time_limit;     /* seconds of training after which to save and stop (EN_INTERRUPTED); 0: none */
} en_retrain_options;

typedef struct en_retrain_result {
    char run[128], again[128], split[128], subset[128], test_subset[128];
    int64_t photographs, patients; /* new: of the parts train and val; patients that were in no part before */
    int64_t kept_out, rejected;    /* new photographs of test patients, and those that the gate rejected */
    en_drift drift[EN_DRIFT_MEASURES];
    char drifted[512]; /* which measures have, and by how much; empty: none */
    int64_t epochs, best_epoch;
    char decision[16];         /* "promoted", "kept": the old run keeps its place */
    en_promote_result compare; /* NaN where they could not be compared */
    char reason[512];
    double seconds;
} en_retrain_result;

/* Every step that is done is kept: the same call again goes on where it was stopped. EN_INPUT, with nothing changed but
 * that the plain subset of the part test may be frozen: the run was imported, has not finished, has no weights, no
 * split or no test part; the alias is another run's; there are no new photographs that can be learned from. That the
 * new run is not promoted is a result. EN_INTERRUPTED as en_train; EN_BUSY while another process trains it. */
en_status en_retrain(en_project *project, const en_retrain_options *options, en_retrain_result *result,
                     en_error *err) EN_CHECKED;

#endif
