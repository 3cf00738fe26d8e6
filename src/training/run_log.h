/* run log: what another program says about its training becomes the settings, metrics, tags and note of an imported
 * run. */
#ifndef EN_TRAINING_RUN_LOG_H
#define EN_TRAINING_RUN_LOG_H

#include "catalog/run.h"
#include "project/project.h"
#include "training/log_line.h"

typedef struct en_run_log_options {
    const char *run;         /* name; a new one is made, an imported one is added to */
    const char *target;      /* of a new one; NULL: EN_TRAIN_TARGET */
    int input;               /* a file descriptor with lines as in log_line.h; -1: none, but `word` */
    const char *const *word; /* KEY=VALUE, or one JSON object: together one line */
    size_t words;
} en_run_log_options;

typedef struct en_run_log_result {
    char run[128], uuid[EN_UUID_TEXT];
    en_run_state state;
    int64_t lines, params, metrics, tags;
    int64_t repeated; /* metrics that were there already, with the same value */
} en_run_log_result;

/* Lines are written as they come, all that are there in one transaction, so that other processes see them and may log
 * to the same run. EN_INPUT names the first line that cannot be used: those before it are kept, and the result is
 * filled. */
en_status en_run_log(en_project *project, const en_run_log_options *options, en_run_log_result *result,
                     en_error *err) EN_CHECKED;
/* The imported run of this name, made where there is none; within a transaction. EN_INPUT: one of that name was trained
 * here. *made may be NULL. */
en_status en_run_log_find(en_project *project, const char *name, const char *target, const char *classes,
                          int64_t subset_id, en_catalog_run *run, bool *made, en_error *err) EN_CHECKED;
/* Writes what a line says; within a transaction. */
en_status en_run_log_write(en_project *project, int64_t run_id, const en_log_line *line, en_run_log_result *result,
                           en_error *err) EN_CHECKED;

#endif
