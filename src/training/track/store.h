/* A store of another program's experiments: its runs are listed, then read one by one into a writer (writer.h), so that
 * memory does not grow with the metrics. Stores come from strangers: what is not of the form that their program writes
 * is EN_INPUT, in one line. */
#ifndef EN_TRAINING_TRACK_STORE_H
#define EN_TRAINING_TRACK_STORE_H

#include "base/events.h"
#include "catalog/run.h"
#include "training/track/writer.h"

#define EN_STORE_RUNS_MAX 100000 /* of one import */

typedef struct en_store_run {
    char *id;                     /* as the store has it */
    char *where;                  /* of the kind: where its files are; NULL: it does not need that */
    char *name;                   /* NULL or "": it has none */
    char *experiment;             /* NULL: none */
    en_run_state state;           /* created: it has not ended, as far as the store knows */
    int64_t started_ms, ended_ms; /* since 1970; -1: not known */
} en_store_run;

typedef struct en_store_runs {
    en_store_run *row; /* oldest first */
    size_t count;
    size_t damaged; /* runs and experiments that cannot be told apart from others: named, and passed over */
} en_store_runs;

typedef struct en_store en_store;
/* How a kind of store is read. `read` gives a run's tags first; EN_DONE of the writer ends it. */
typedef struct en_store_kind {
    const char *title, *prefix; /* "MLflow"; "mlflow", of names that are made for lack of others */
    en_status (*list)(en_store *s, const char *experiment, const char *run, en_store_runs *out, en_error *err);
    en_status (*read)(en_store *s, const en_store_run *run, en_track_writer *w, en_error *err);
    void (*close)(en_store *s);
} en_store_kind;

struct en_store {
    const en_store_kind *kind;
    void *ctx;               /* of the kind */
    const en_events *events; /* its stop ends a long reading */
};

/* Opens PATH: an SQLite file or a folder mlruns. */
en_status en_store_open_mlflow(const char *path, const en_events *events, en_store *out, en_error *err) EN_CHECKED;
en_status en_store_open_mlflow_db(const char *path, const en_events *events, en_store *out, en_error *err) EN_CHECKED;
en_status en_store_open_mlflow_folder(const char *path, const en_events *events, en_store *out,
                                      en_error *err) EN_CHECKED;
/* The SQLite file of a Trackio project; the project is named as the file is. */
en_status en_store_open_trackio(const char *path, const en_events *events, en_store *out, en_error *err) EN_CHECKED;
void en_store_close(en_store *s); /* safe on a zeroed one */
void en_store_runs_clear(en_store_runs *runs);

#endif
