/* Runs: one training each, with what it was made of and what came of it. */
#ifndef EN_CATALOG_RUN_H
#define EN_CATALOG_RUN_H

#include "base/hash.h"
#include "catalog/catalog.h"
#include "catalog/words.h"

#define EN_UUID_TEXT 37 /* 36 characters and the NUL */

/* A network text by its name; the row is made when it is new. */
en_status en_catalog_model_put(en_catalog *c, const char *name, const char *spec, int64_t *id,
                               en_error *err) EN_CHECKED;

/* What a run starts from. Only borrowed. Ids that are not there: -1, texts: NULL, unless marked needed. */
typedef struct en_catalog_run_spec {
    const char *uuid;     /* NULL: a random one */
    const char *name;     /* NULL: the model's name and a number, the first that is free */
    int64_t parent_id;    /* the run this one continues or repeats */
    en_run_origin origin; /* 0: trained here */
    int64_t model_id;     /* needed of a run that is trained here; -1 of an imported one and of an ensemble */
    int64_t subset_id;    /* the same, but that of an imported one may be known */
    int64_t val_subset_id;
    int64_t recipe_id;   /* as model_id */
    const char *target;  /* needed: SQL */
    const char *classes; /* needed: a JSON array of the classes' names, in the order of the outputs; of an
                          * imported run "[]" until it has predictions */
    uint64_t seed;
    const char *host, *cpu, *isa, *version, *commit, *command_line;
    int64_t threads;
} en_catalog_run_spec;

typedef struct en_catalog_run {
    int64_t id, parent_id, model_id, subset_id, val_subset_id, split_id, recipe_id;
    char *uuid, *name;
    char *folder; /* of its files, beneath runs/: its first name, or one like it */
    en_run_state state;
    en_run_origin origin;
    char *model, *spec; /* name and text of the network; of another run its origin, "imported", and NULL */
    char *subset, *val_subset, *split, *recipe, *target, *classes; /* recipe: NULL of an imported run, as subset may
                                                                    * be; of an ensemble all of the first four */
    uint64_t seed;
    int64_t attempt;            /* 1, and one more for each time it was taken up again; 0: never started */
    int64_t epochs, best_epoch; /* -1: none yet */
    char *host, *cpu, *isa, *version, *commit, *command_line;
    int64_t threads;
    char *created_at, *started_at, *ended_at; /* UTC, ISO 8601 */
    double seconds;                           /* NAN until it ended */
} en_catalog_run;

/* EN_INPUT when there is a run of this very name. */
en_status en_catalog_run_name_free(en_catalog *c, const char *name, en_error *err) EN_CHECKED;
/* State created, with a fresh random uuid. EN_INPUT when the name is taken. *id: its row. The run's split is its
 * subset's. */
en_status en_catalog_run_create(en_catalog *c, const en_catalog_run_spec *spec, int64_t *id, en_error *err) EN_CHECKED;
/* To running: the attempt's number goes up by one and is returned. */
en_status en_catalog_run_start(en_catalog *c, int64_t run_id, int64_t *attempt, en_error *err) EN_CHECKED;
/* To finished, interrupted or failed. epochs done, best_epoch or -1, seconds of this attempt (they add up). */
en_status en_catalog_run_end(en_catalog *c, int64_t run_id, en_run_state state, int64_t epochs, int64_t best_epoch,
                             double seconds, en_error *err) EN_CHECKED;
/* A setting worth remembering: "learning_rate" = "0.001". Inserts or replaces. */
en_status en_catalog_run_param(en_catalog *c, int64_t run_id, const char *name, const char *value,
                               en_error *err) EN_CHECKED;

/* Without the setting, whether it is there or not. */
en_status en_catalog_run_param_drop(en_catalog *c, int64_t run_id, const char *name, en_error *err) EN_CHECKED;

/* By name, uuid, or the beginning of a uuid (4 digits or more); NULL or "last" is the newest. EN_INPUT when there is
 * none or it is ambiguous. */
en_status en_catalog_run_get(en_catalog *c, const char *name, en_catalog_run *out, en_error *err) EN_CHECKED;
/* The newest one that was stopped or failed; EN_DONE when there is none. The second: of spec's network, subset, recipe,
 * target and seed. */
en_status en_catalog_run_stopped(en_catalog *c, en_catalog_run *out, en_error *err) EN_CHECKED;
en_status en_catalog_run_stopped_like(en_catalog *c, const en_catalog_run_spec *spec, en_catalog_run *out,
                                      en_error *err) EN_CHECKED;
/* By its number. EN_INPUT when there is none, or something that it depends on is not there. */
en_status en_catalog_run_by_id(en_catalog *c, int64_t run_id, en_catalog_run *out, en_error *err) EN_CHECKED;
void en_catalog_run_clear(en_catalog_run *run);

/* Runs in state running: whether their process still lives is not for the catalog to say. */
typedef struct en_catalog_running {
    int64_t id;
    char *name, *folder;
    int64_t epochs, best_epoch; /* with metrics; whose weights were kept, or -1 */
    double seconds;             /* of the epochs of this attempt */
} en_catalog_running;
typedef struct en_catalog_runnings {
    en_catalog_running *row;
    size_t count;
} en_catalog_runnings;
en_status en_catalog_runs_running(en_catalog *c, en_catalog_runnings *out, en_error *err) EN_CHECKED;
void en_catalog_runnings_clear(en_catalog_runnings *r);

typedef struct en_catalog_param {
    char *name, *value;
} en_catalog_param;
typedef struct en_catalog_params {
    en_catalog_param *row;
    size_t count;
} en_catalog_params;
en_status en_catalog_run_params(en_catalog *c, int64_t run_id, en_catalog_params *out, en_error *err) EN_CHECKED;
/* The setting of that name, borrowed; NULL when there is none. */
const char *en_catalog_params_get(const en_catalog_params *p, const char *name);
void en_catalog_params_clear(en_catalog_params *p);

/* The weights kept of a run: one row of each kind; a new one takes the old one's place. */
typedef struct en_catalog_checkpoint {
    int64_t run_id;
    en_checkpoint_kind kind;
    char *path;                      /* relative to the project */
    int64_t attempt, epoch, step;    /* epochs and steps done */
    char sha256[EN_SHA256_HEX];      /* of the numbers, so that equal weights have equal hashes; "": not known */
    char file_sha256[EN_SHA256_HEX]; /* of the whole file; "": not known */
} en_catalog_checkpoint;
en_status en_catalog_checkpoint_put(en_catalog *c, int64_t run_id, const en_catalog_checkpoint *cp,
                                    en_error *err) EN_CHECKED;
/* Removes the row of a kind, if there is one; not of a finished run. */
en_status en_catalog_checkpoint_drop(en_catalog *c, int64_t run_id, en_checkpoint_kind kind, en_error *err) EN_CHECKED;
/* Those whose sha256 is not known. */
typedef struct en_catalog_checkpoints {
    en_catalog_checkpoint *row;
    size_t count;
} en_catalog_checkpoints;
en_status en_catalog_checkpoints_unread(en_catalog *c, en_catalog_checkpoints *out, en_error *err) EN_CHECKED;
void en_catalog_checkpoints_clear(en_catalog_checkpoints *list);
/* Fills it in, of finished runs, too. */
en_status en_catalog_checkpoint_hash(en_catalog *c, const en_catalog_checkpoint *cp, const char *sha256,
                                     en_error *err) EN_CHECKED;
/* EN_DONE when there is none. */
en_status en_catalog_checkpoint_find(en_catalog *c, int64_t run_id, en_checkpoint_kind kind, en_catalog_checkpoint *out,
                                     en_error *err) EN_CHECKED;
void en_catalog_checkpoint_clear(en_catalog_checkpoint *cp);

/* Any other file made of a run: kind "weights", "report", "onnx", ... */
en_status en_catalog_artifact_put(en_catalog *c, int64_t run_id, const char *kind, const char *path, const char *sha256,
                                  en_error *err) EN_CHECKED;

#endif
