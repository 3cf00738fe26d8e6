/* A project: its folder, its open catalog, and the context that every workflow shares. Workflows are functions
 * en_<verb>(project, options, result, err) in the layers above; they never print and report through project->events. */
#ifndef EN_PROJECT_PROJECT_H
#define EN_PROJECT_PROJECT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/events.h"
#include "base/threads.h"
#include "base/untrusted.h"
#include "catalog/catalog.h"
#include "kernel/kernel.h"

#define EN_PHOTOS_DIR "photos"
#define EN_SAMPLES_DIR "samples"
#define EN_RUNS_DIR "runs"
#define EN_MODELS_DIR "models"       /* imported weights */
#define EN_DOWNLOADS_DIR "downloads" /* downloaded files, until they are extracted */

typedef struct en_project_options {
    const char *start;  /* a folder in the project, NULL: the current one; its parents are searched too */
    bool read_only;     /* for commands that change nothing */
    bool repair_schema; /* see en_catalog_options */
    int *repaired;
    bool force_network_fs;    /* open a catalog even on a network file system */
    unsigned threads;         /* 0: one per processor */
    const char *isa;          /* "ref", "avx2", ...; NULL: the fastest this processor supports */
    const char *convolution;  /* the algorithm to force, "im2col", ...; NULL: the fastest for each shape */
    const char *command_line; /* recorded with each run; NULL: "" */
    en_events events;
} en_project_options;

typedef struct en_project {
    char *root;          /* the project folder, owned */
    en_catalog *catalog; /* owned */
    en_events events;
    unsigned threads;
    const char *isa, *convolution, *command_line; /* borrowed from the options */
    en_pool *pool;                                /* created by the first en_project_pool; owned */
} en_project;

/* Creates `dir` (and its parents) with a new catalog and the folders of a project. EN_INPUT when it already is one. */
en_status en_project_init(const char *dir, bool force_network_fs, en_error *err) EN_CHECKED;

/* EN_INPUT "no eyenet project here ..." when neither `start` nor a parent holds eyenet.db. Opened for writing, it
 * recovers runs that were killed (project/recover.h). */
en_status en_project_open(const en_project_options *options, en_project *project, en_error *err) EN_CHECKED;
void en_project_close(en_project *project); /* safe on a zeroed project */

en_status en_project_pool(en_project *project, en_pool **pool, en_error *err) EN_CHECKED; /* borrowed */
/* The kernels selected by `isa`; static. */
en_status en_project_kernels(const en_project *project, const en_kernels **kernels, en_error *err) EN_CHECKED;
/* EN_USAGE unless `name` is a valid name (EN_RULE_NAME) of a `kind`: split, subset, run. */
en_status en_name_check(const char *kind, const char *name, en_error *err) EN_CHECKED;
/* The absolute form of a path relative to the project (en_free), which en_path_beneath has checked: every file that the
 * catalog names is opened by a path from here. Its file or folder need not be there yet. */
en_status en_project_path(const en_project *project, const char *relative, char **path, en_error *err) EN_CHECKED;
/* The folder of a run, relative: "runs/FOLDER" (en_free), by its own name for it. EN_INPUT when that cannot name one.
 */
en_status en_run_folder(const char *name, char **relative, en_error *err) EN_CHECKED;

#endif
