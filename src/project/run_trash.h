/* Removing runs: into the trash, which is rows of the catalog, out of it again, and for good. */
#ifndef EN_PROJECT_RUN_TRASH_H
#define EN_PROJECT_RUN_TRASH_H

#include "catalog/run_edit.h"
#include "project/project.h"

/* A run that was removed, restored or deleted. */
typedef struct en_run_gone {
    char run[128], uuid[EN_UUID_TEXT], folder[128]; /* folder: relative to the project */
    en_run_state state;
    char repeated_by[256]; /* runs that repeat it and are not removed; "": none */
    char removed_at[32];   /* "": it is not removed; of rows from en_runs_delete, only left-over files are meant */
    int64_t files, bytes, files_left; /* of eyenet in its folder, and of others, which stay */
} en_run_gone;

typedef struct en_runs_gone {
    en_run_gone *row; /* owned */
    size_t count;
} en_runs_gone;
void en_runs_gone_clear(en_runs_gone *gone);

/* Moves runs (each a name, uuid or beginning of a uuid) to the trash, all or none. EN_INPUT: there is no such run;
 * EN_BUSY: one is being trained. */
en_status en_runs_remove(en_project *project, const char *const *run, size_t count, en_runs_gone *out,
                         en_error *err) EN_CHECKED;
/* Brings one back under `name`, NULL: the name it had. EN_INPUT: that is another run's, or `run` means several. */
en_status en_run_restore(en_project *project, const char *run, const char *name, en_runs_gone *out,
                         en_error *err) EN_CHECKED;
/* Deletes removed runs for good, count 0: all of them, and what a kill left in the folders of finished ones; with
 * `dry_run` only says what would go. The files go before the rows: killed in between, the next call does the rest. Of a
 * run's folder only what eyenet wrote is deleted. `out` has what was deleted, also after an error. */
en_status en_runs_delete(en_project *project, const char *const *run, size_t count, bool dry_run, en_runs_gone *out,
                         en_error *err) EN_CHECKED;

#endif
