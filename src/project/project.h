/* The laboratory: a project folder, its open catalog, and what every workflow needs from its caller. Workflows are
 * functions en_<verb>(project, options, result, err), one file or folder each; they print nothing and speak through
 * project->events. */
#ifndef EN_PROJECT_PROJECT_H
#define EN_PROJECT_PROJECT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/events.h"
#include "base/threads.h"
#include "catalog/catalog.h"
#include "kernel/kernel.h"

#define EN_NAME_MAX 100 /* bytes of the name of a split, subset or run */
#define EN_PHOTOS_DIR "photos"
#define EN_SAMPLES_DIR "samples"
#define EN_RUNS_DIR "runs"
#define EN_DOWNLOADS_DIR "downloads" /* what URLs brought, until it is unpacked */

typedef struct en_project_options {
    const char *start;        /* a folder in the project; NULL is the current one; its parents are searched too */
    bool read_only;           /* for commands that only look */
    bool force_network_fs;    /* open a catalog on a network file system all the same */
    unsigned threads;         /* 0: as many as there are processors */
    const char *isa;          /* "ref", "avx2", ...; NULL: the best this processor has */
    const char *command_line; /* kept with each run; NULL: "" */
    en_events events;
} en_project_options;

typedef struct en_project {
    char *root;          /* the project folder, owned */
    en_catalog *catalog; /* owned */
    en_events events;
    unsigned threads;
    const char *isa, *command_line; /* borrowed from the options */
    en_pool *pool;                  /* made at first use by en_project_pool; owned */
} en_project;

/* Makes `dir` (and its parents) with a new catalog and the folders of a project. EN_INPUT when it already is one. */
en_status en_project_init(const char *dir, bool force_network_fs, en_error *err) EN_CHECKED;

/* EN_INPUT "no eyenet project here ..." when neither `start` nor a parent holds eyenet.db. Opened for writing, it
 * recovers runs that were killed (project/recover.h). */
en_status en_project_open(const en_project_options *options, en_project *project, en_error *err) EN_CHECKED;
void en_project_close(en_project *project); /* safe on a zeroed project */

en_status en_project_pool(en_project *project, en_pool **pool, en_error *err) EN_CHECKED; /* borrowed */
/* The kernels the project was asked for; static. */
en_status en_project_kernels(const en_project *project, const en_kernels **kernels, en_error *err) EN_CHECKED;
/* EN_USAGE unless `name` can name a `kind` of thing (split, subset, run): 1 to 100 bytes of UTF-8 without control
 * characters, no blank at either end. */
en_status en_name_check(const char *kind, const char *name, en_error *err) EN_CHECKED;
/* A path relative to the project made whole; en_free. NULL when out of memory. */
char *en_project_path(const en_project *project, const char *relative);
/* The folder of a run, relative: "runs/NAME"; en_free. NULL when out of memory. */
char *en_run_folder(const char *run);

#endif
