/* The weights files of a run, checked against the hashes in their checkpoint rows. Uses catalog. */
#include "project/run_weights.h"

#include "catalog/run_imported.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

enum { CHUNK = 1 << 14, LENGTH_BYTES = 8 };

/* Reads to the end: what lies at `numbers` and behind it goes into both hashes. */
static bool add_stream(FILE *stream, uint64_t numbers, en_sha256 *tensors, en_sha256 *whole, uint64_t *size)
{
    unsigned char chunk[CHUNK];
    size_t n;
    *size = 0;
    while ((n = fread(chunk, 1, sizeof chunk, stream)) > 0) {
        const uint64_t skip = numbers > *size ? numbers - *size : 0;
        if (skip < n) {
            en_sha256_add(tensors, chunk + skip, n - (size_t)skip);
        }
        en_sha256_add(whole, chunk, n);
        *size += n;
    }
    return ferror(stream) == 0;
}

static en_status hash_stream(FILE *stream, const char *path, char sha256[EN_SHA256_HEX],
                             char file_sha256[EN_SHA256_HEX], en_error *err)
{
    en_sha256 *tensors = en_sha256_new(), *whole = en_sha256_new();
    unsigned char length[LENGTH_BYTES] = {0};
    uint64_t numbers = 0, size = 0;
    const size_t got = fread(length, 1, sizeof length, stream);
    for (size_t i = sizeof length; i-- > 0;) {
        numbers = numbers << 8 | length[i];
    }
    numbers = numbers < UINT64_MAX / 2 ? numbers + LENGTH_BYTES : UINT64_MAX;
    en_status st = EN_OK;
    if (tensors == NULL || whole == NULL) {
        st = en_error_nomem(err, "a hash");
    } else if (fseeko(stream, 0, SEEK_SET) != 0 || !add_stream(stream, numbers, tensors, whole, &size)) {
        st = en_error_set(err, EN_IO, "cannot read '%s'", path);
    } else if (got != sizeof length || numbers > size) {
        st = en_error_set(err, EN_INPUT, "'%s' is not a file of weights", path);
    } else if (!en_sha256_hex(tensors, sha256) || !en_sha256_hex(whole, file_sha256)) {
        st = en_error_set(err, EN_BUG, "cannot compute a SHA-256");
    }
    en_sha256_free(tensors);
    en_sha256_free(whole);
    return st;
}

en_status en_weights_hash(const char *path, char sha256[EN_SHA256_HEX], char file_sha256[EN_SHA256_HEX], en_error *err)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return en_error_errno(err, "cannot read '%s'", path);
    }
    en_status st = hash_stream(stream, path, sha256, file_sha256, err);
    (void)fclose(stream);
    return st;
}

/* Whether the file is the one that the row describes; then the row's hash of the numbers is filled in. */
static en_status is_of(const char *path, en_catalog_checkpoint *row, bool *same, en_error *err)
{
    char tensors[EN_SHA256_HEX], whole[EN_SHA256_HEX];
    *same = false;
    if (!en_file_exists(path)) {
        return EN_OK;
    }
    en_status st = en_weights_hash(path, tensors, whole, err);
    if (st == EN_INPUT) { /* some other file */
        return EN_OK;
    }
    *same = st == EN_OK && (row->file_sha256[0] == '\0' || strcmp(whole, row->file_sha256) == 0) &&
            (row->sha256[0] == '\0' || strcmp(tensors, row->sha256) == 0);
    if (*same) {
        memcpy(row->sha256, tensors, sizeof tensors);
    }
    return st;
}

/* FILE and FILE.next, absolute; both en_free. */
static en_status find_places(const en_project *project, const char *relative, char **file, char **next, en_error *err)
{
    char *waiting = en_format("%s" EN_WEIGHTS_NEXT, relative);
    en_status st = waiting != NULL ? en_project_path(project, relative, file, err) : en_error_nomem(err, "a path");
    if (st == EN_OK) {
        st = en_project_path(project, waiting, next, err);
    }
    en_free(waiting);
    return st;
}

/* The file of a row, itself or its .next; *path stays NULL when neither is it. *there: some file is. */
static en_status locate(const en_project *project, en_catalog_checkpoint *row, char **path, bool *is_next, bool *there,
                        en_error *err)
{
    bool same = false;
    *path = NULL;
    char *file = NULL, *next = NULL;
    en_status st = find_places(project, row->path, &file, &next, err);
    if (st == EN_OK) {
        st = is_of(file, row, &same, err);
    }
    *is_next = st == EN_OK && !same;
    if (*is_next) {
        st = is_of(next, row, &same, err);
    }
    *there = file != NULL && en_file_exists(file);
    char **found = *is_next ? &next : &file;
    if (st == EN_OK && same) {
        *path = *found;
        *found = NULL;
    }
    en_free(file);
    en_free(next);
    return st;
}

en_status en_run_checkpoint_find(en_project *project, const en_catalog_run *run, en_checkpoint_kind kind, char **path,
                                 en_catalog_checkpoint *kept, en_error *err)
{
    bool is_next, there;
    *path = NULL;
    *kept = (en_catalog_checkpoint){0};
    en_status st = en_catalog_run_need_trained(run, "read", err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_checkpoint_find(project->catalog, run->id, kind, kept, err);
    if (st == EN_DONE) {
        return en_error_hint(
            err,
            en_error_set(err, EN_INPUT, "run '%s' (%s) has no weights", run->name, en_word(&en_run_states, run->state)),
            "train it to the end of an epoch");
    }
    if (st == EN_OK) {
        st = locate(project, kept, path, &is_next, &there, err);
    }
    if (st == EN_OK && *path == NULL) {
        st = there ? en_error_set(err, EN_INPUT, "'%s' is not the file that run '%s' wrote: its hash differs",
                                  kept->path, run->name)
                   : en_error_set(err, EN_INPUT, "the weights of run '%s', '%s', are missing", run->name, kept->path);
        st = en_error_hint(err, st, "train again");
    }
    if (st != EN_OK) {
        en_catalog_checkpoint_clear(kept);
    }
    return st;
}

en_status en_run_checkpoint_settle(en_project *project, const en_catalog_run *run, en_checkpoint_kind kind,
                                   en_error *err)
{
    en_catalog_checkpoint kept;
    bool is_next = false, there;
    char *path = NULL, *file = NULL;
    en_status st = en_catalog_checkpoint_find(project->catalog, run->id, kind, &kept, err);
    if (st != EN_OK) {
        return st == EN_DONE ? EN_OK : st;
    }
    st = locate(project, &kept, &path, &is_next, &there, err);
    if (st == EN_OK && path != NULL && is_next) {
        st = en_project_path(project, kept.path, &file, err);
        if (st == EN_OK && rename(path, file) != 0) {
            st = en_error_errno(err, "cannot write '%s'", kept.path);
        }
    }
    en_free(path);
    en_free(file);
    en_catalog_checkpoint_clear(&kept);
    return st;
}

en_status en_run_weights_read(en_project *project, en_error *err)
{
    en_catalog_checkpoints unread;
    en_status st = en_catalog_checkpoints_unread(project->catalog, &unread, err);
    for (size_t i = 0; st == EN_OK && i < unread.count; i++) {
        char *path = NULL;
        bool is_next, there;
        st = locate(project, &unread.row[i], &path, &is_next, &there, err);
        if (st == EN_OK && path != NULL) {
            st = en_catalog_checkpoint_hash(project->catalog, &unread.row[i], unread.row[i].sha256, err);
        }
        en_free(path);
    }
    en_catalog_checkpoints_clear(&unread);
    return st;
}

en_status en_run_weights_path(en_project *project, const char *name, char **path, en_error *err)
{
    *path = NULL;
    en_catalog_run run = {0};
    en_catalog_checkpoint kept = {0};
    en_status st = en_catalog_run_get(project->catalog, name, &run, err);
    if (st == EN_OK) {
        st = en_run_checkpoint_find(project, &run, EN_CHECKPOINT_BEST, path, &kept, err);
    }
    en_catalog_checkpoint_clear(&kept);
    en_catalog_run_clear(&run);
    return st;
}
