/* The weights file of a run, checked against the hash in its checkpoint row. Uses catalog. */
#include "project/run_weights.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"

/* Whether the file is there with this hash. */
static en_status has_hash(const char *path, const char *wanted, bool *same, en_error *err)
{
    char sha256[EN_SHA256_HEX];
    *same = false;
    if (!en_file_exists(path)) {
        return EN_OK;
    }
    en_status st = en_sha256_file(path, sha256, err);
    *same = st == EN_OK && strcmp(sha256, wanted) == 0;
    return st;
}

en_status en_run_weights_find(en_project *project, const en_catalog_run *run, char **path, char sha256[EN_SHA256_HEX],
                              en_error *err)
{
    *path = NULL;
    en_catalog_checkpoint kept = {0};
    bool same = false;
    en_status st = en_catalog_checkpoint_find(project->catalog, run->id, "best", &kept, err);
    if (st == EN_DONE) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "run '%s' (%s) has no weights", run->name, run->state),
                           "train it to the end of an epoch");
    }
    if (st != EN_OK) {
        return st;
    }
    char *file = en_project_path(project, kept.path),
         *next = file != NULL ? en_format("%s" EN_WEIGHTS_NEXT, file) : NULL;
    st = next != NULL ? has_hash(file, kept.sha256, &same, err) : en_error_nomem(err, "a path");
    *path = file;
    if (st == EN_OK && !same) {
        st = has_hash(next, kept.sha256, &same, err);
        *path = next;
    }
    if (st == EN_OK && !same && en_file_exists(file)) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "'%s' is not the file that run '%s' wrote: its hash differs",
                                        kept.path, run->name),
                           "train again");
    } else if (st == EN_OK && !same) {
        st = en_error_hint(
            err, en_error_set(err, EN_INPUT, "the weights of run '%s', '%s', are missing", run->name, kept.path),
            "train again");
    }
    memcpy(sha256, kept.sha256, sizeof kept.sha256);
    en_free(*path == file ? next : file);
    if (st != EN_OK) {
        en_free(*path);
        *path = NULL;
    }
    en_catalog_checkpoint_clear(&kept);
    return st;
}

en_status en_run_weights_path(en_project *project, const char *name, char **path, en_error *err)
{
    *path = NULL;
    en_catalog_run run = {0};
    char sha256[EN_SHA256_HEX];
    en_status st = en_catalog_run_get(project->catalog, name, &run, err);
    if (st == EN_OK) {
        st = en_run_weights_find(project, &run, path, sha256, err);
    }
    en_catalog_run_clear(&run);
    return st;
}
