/* Where the weights of a run are: the file named by its checkpoint row, checked against the hash in that row. */
#ifndef EN_PROJECT_RUN_WEIGHTS_H
#define EN_PROJECT_RUN_WEIGHTS_H

#include "base/hash.h"
#include "catalog/run.h"
#include "project/project.h"

/* New weights are written to FILE.next, their row is committed, and then FILE.next is renamed to FILE; after a crash
 * between the last two steps the right weights are in FILE.next. */
#define EN_WEIGHTS_NEXT ".next"

/* The absolute path (en_free) of the best weights of a run, and their hash. EN_INPUT when the run has none, or the file
 * is missing or has another hash. */
en_status en_run_weights_find(en_project *project, const en_catalog_run *run, char **path, char sha256[EN_SHA256_HEX],
                              en_error *err) EN_CHECKED;
/* The same for a run by name, uuid prefix or NULL for the newest; the path alone. */
en_status en_run_weights_path(en_project *project, const char *run, char **path, en_error *err) EN_CHECKED;

#endif
