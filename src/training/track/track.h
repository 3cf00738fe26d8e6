/* import mlflow, import trackio: the runs of another program's store become imported runs. */
#ifndef EN_TRAINING_TRACK_TRACK_H
#define EN_TRAINING_TRACK_TRACK_H

#include "project/project.h"
#include "training/track/writer.h"

typedef enum en_track_kind { EN_TRACK_MLFLOW, EN_TRACK_TRACKIO } en_track_kind;

typedef struct en_track_options {
    en_track_kind kind;
    const char *path;       /* MLflow: its SQLite file, or its folder mlruns; Trackio: PROJECT.db */
    const char *experiment; /* only its runs; NULL: all. Of MLflow */
    const char *run;        /* only that of this name or id; NULL: all */
    bool optimiser_steps;   /* a metric's step is the optimiser's, and not an epoch */
} en_track_options;

typedef struct en_track_result {
    char store[16];
    int64_t runs;     /* of the store, that were chosen */
    int64_t imported; /* that are new here */
    int64_t skipped;  /* that were imported before, or came from here by export mlflow */
    int64_t damaged;  /* runs and experiments that say of themselves what cannot be read: warned of, and passed over */
    en_track_counts counts;
    double seconds;
} en_track_result;

/* Each run in a transaction of its own; a run's uuid is made from its id in the store, and a run whose uuid is in the
 * catalog is skipped. EN_INPUT names the run that cannot be read: those before it are kept; or there is nothing but
 * damage. */
en_status en_track_import(en_project *project, const en_track_options *options, en_track_result *result,
                          en_error *err) EN_CHECKED;

#endif
