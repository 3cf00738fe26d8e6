/* Comparing photographs with what the catalog says of them. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "catalog/fetched.h"
#include "catalog/source.h"
#include "intake/fetch/fetch.h"

#define NAMED_MOST 10 /* faults that are named one by one */

typedef struct verifying {
    en_project *project;
    en_fetch_verified *result;
} verifying;

static void say(const verifying *v, const char *path, const char *what)
{
    int64_t faults = v->result->missing + v->result->changed;
    if (faults <= NAMED_MOST) {
        en_event_warn(&v->project->events, "'%s' %s", path, what);
    }
}

static en_status verify_one(const verifying *v, const en_catalog_member *m, en_error *err)
{
    char sha256[EN_SHA256_HEX] = "";
    int64_t bytes = -1;
    char *path = NULL;
    en_status st = en_project_path(v->project, m->path, &path, err);
    if (st != EN_OK) {
        return st;
    }
    v->result->photographs++;
    v->result->bytes += m->bytes;
    bool there = en_file_exists(path);
    bool right = there && en_file_size(path, &bytes, NULL) == EN_OK && bytes == m->bytes &&
                 en_sha256_file(path, sha256, NULL) == EN_OK && (m->sha256 == NULL || strcmp(sha256, m->sha256) == 0);
    v->result->right += right;
    v->result->missing += !there;
    v->result->changed += there && !right;
    if (!there) {
        say(v, m->path, "is missing");
    } else if (!right) {
        say(v, m->path,
            bytes != m->bytes   ? "has another length than when it was fetched"
            : sha256[0] == '\0' ? "cannot be read"
                                : "has other bytes than when it was fetched");
    }
    en_free(path);
    return en_stop_check(&v->project->events, err);
}

static en_status verify_source(const verifying *v, int64_t source_id, en_error *err)
{
    en_catalog_members members;
    int64_t damaged = 0;
    en_status st = en_catalog_members_of(v->project->catalog, source_id, &members, err);
    for (size_t i = 0; st == EN_OK && i < members.count; i++) {
        st = verify_one(v, &members.row[i], err);
        en_event_progress(&v->project->events, v->result->photographs, -1, NULL);
    }
    en_catalog_members_clear(&members);
    if (st == EN_OK) {
        st = en_catalog_damage_count(v->project->catalog, source_id, &damaged, err);
        v->result->damaged += damaged;
    }
    return st;
}

/* The sources of a uri, as it was given or as a path. */
static en_status find(const verifying *v, const char *source, const char *dataset, en_catalog_ids *ids, en_error *err)
{
    en_status st = en_catalog_sources(v->project->catalog, source, dataset, ids, err);
    if (st == EN_OK && ids->count == 0 && source != NULL) {
        char *path = en_file_url_path(source), *whole = realpath(path != NULL ? path : source, NULL);
        st = whole != NULL ? en_catalog_sources(v->project->catalog, whole, dataset, ids, err) : EN_OK;
        free(whole);
        en_free(path);
    }
    if (st == EN_OK && ids->count == 0) {
        st = source != NULL    ? en_error_set(err, EN_INPUT, "nothing was fetched from '%s'", source)
             : dataset != NULL ? en_error_set(err, EN_INPUT, "nothing was fetched into the dataset '%s'", dataset)
                               : en_error_set(err, EN_INPUT, "nothing was fetched yet");
    }
    return st;
}

en_status en_fetch_verify(en_project *project, const char *source, const char *dataset, en_fetch_verified *result,
                          en_error *err)
{
    const verifying v = {project, result};
    en_catalog_ids ids = {0};
    *result = (en_fetch_verified){0};
    en_status st = find(&v, source, dataset, &ids, err);
    if (st != EN_OK) {
        return st;
    }
    en_event_begin(&project->events, "verify", "photographs", -1);
    for (size_t i = 0; st == EN_OK && i < ids.count; i++) {
        st = verify_source(&v, ids.id[i], err);
    }
    en_event_end(&project->events, result->right, result->photographs);
    en_free(ids.id);
    if (st == EN_OK && result->missing + result->changed > 0) {
        st = en_error_hint(
            err,
            en_error_set(err, EN_FAILED, "of %lld photographs %lld are missing and %lld have other bytes",
                         (long long)result->photographs, (long long)result->missing, (long long)result->changed),
            "fetch their source again");
    }
    return st;
}
