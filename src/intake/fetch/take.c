/* Fetching from files that are here: telling what they are, hashing them, unpacking what is missing. Uses archive. */
#include <stdlib.h>
#include <string.h>

#include "archive/reader.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "intake/fetch/job.h"

/* "jpg" or "png" by the first bytes, "archive", or NULL: neither. */
static en_status tell_form(const en_volumes *v, const char *shown, const char **form, en_error *err)
{
    en_volume_stream *stream = NULL;
    unsigned char head[512 + 1] = {0}; /* ends with a NUL: it may be read as text */
    size_t got = 0;
    en_status st = en_volume_stream_open(v, &stream, err);
    if (st == EN_OK) {
        st = en_volume_stream_read(stream, head, sizeof head - 1, &got, err);
    }
    en_volume_stream_close(stream);
    if (st != EN_OK) {
        return st;
    }
    *form = got >= 3 && memcmp(head, "\xff\xd8\xff", 3) == 0        ? "jpg"
            : got >= 8 && memcmp(head, "\x89PNG\r\n\x1a\n", 8) == 0 ? "png"
            : en_archive_known(head, got)                           ? "archive"
                                                                    : NULL;
    if (*form != NULL) {
        return EN_OK;
    }
    if (head[strspn((const char *)head, " \t\r\n\xef\xbb\xbf")] == '<') {
        return en_error_set(err, EN_INPUT,
                            "'%s' is a web page, not a photograph or an archive: is a login needed there?", shown);
    }
    return en_error_set(err, EN_INPUT, "'%s' is neither a photograph (JPEG, PNG) nor an archive (zip, tar, tar.gz)%s",
                        shown, got == 0 ? ": it is empty" : "");
}

typedef struct sums {
    char whole[EN_SHA256_HEX]; /* of all volumes in a row: what `cat train.zip.* | sha256sum` says */
    char (*volume)[EN_SHA256_HEX];
} sums;

/* Hashes the volumes, each and all together. */
static en_status hash_volumes(en_fetch_job *job, const en_volumes *v, sums *out, en_error *err)
{
    en_volume_stream *stream = NULL;
    en_sha256 *all = en_sha256_new(), *one = en_sha256_new();
    out->volume = en_calloc(v->count, sizeof *out->volume);
    en_status st = all == NULL || one == NULL || out->volume == NULL ? en_error_nomem(err, "a hash") : EN_OK;
    if (st == EN_OK) {
        st = en_volume_stream_open(v, &stream, err);
    }
    en_event_begin(&job->project->events, "check", "bytes", v->bytes);
    for (size_t i = 0; i < v->count && st == EN_OK; i++) {
        for (int64_t left = v->item[i].bytes; left > 0 && st == EN_OK;) {
            size_t got, room = left < (int64_t)EN_FETCH_BLOCK ? (size_t)left : EN_FETCH_BLOCK;
            st = en_volume_stream_read(stream, job->block, room, &got, err);
            if (st == EN_OK) {
                en_sha256_add(all, job->block, got);
                if (v->count > 1) {
                    en_sha256_add(one, job->block, got);
                }
                left -= (int64_t)got;
                en_event_progress(&job->project->events, en_volume_stream_tell(stream), v->bytes, NULL);
                st = en_stop_check(&job->project->events, err);
            }
        }
        if (st == EN_OK && v->count > 1) {
            st = en_sha256_hex(one, out->volume[i]) ? EN_OK : en_error_nomem(err, "a hash");
        }
    }
    en_event_end(&job->project->events, stream != NULL ? en_volume_stream_tell(stream) : 0, v->bytes);
    if (st == EN_OK) {
        st = en_sha256_hex(all, out->whole) ? EN_OK : en_error_nomem(err, "a hash");
        if (v->count == 1) {
            memcpy(out->volume[0], out->whole, EN_SHA256_HEX);
        }
    }
    en_volume_stream_close(stream);
    en_sha256_free(all);
    en_sha256_free(one);
    return st;
}

/* Marks what needs no fetching; *missing is the bytes of the rest. */
static en_status mark_here(en_fetch_job *job, int64_t *missing, en_error *err)
{
    bool rows = !job->fresh && job->same && !job->options->force;
    en_status st = EN_OK;
    *missing = 0;
    en_event_begin(&job->project->events, "compare", "photographs", (int64_t)job->list.count);
    for (size_t i = 0; i < job->list.count && st == EN_OK; i++) {
        en_fetch_item *item = &job->list.item[i];
        en_fetch_have have = {0};
        if (rows) {
            st = en_fetch_store_have(job->store, item->path, &have, err);
        }
        item->here = have.row && have.file && have.bytes == item->bytes;
        job->result->present += item->here;
        *missing += item->here ? 0 : item->bytes;
        en_event_progress(&job->project->events, (int64_t)i + 1, (int64_t)job->list.count, NULL);
        if (st == EN_OK) {
            st = en_stop_check(&job->project->events, err);
        }
    }
    en_event_end(&job->project->events, job->result->present, (int64_t)job->list.count);
    return st;
}

typedef struct unpacking {
    en_fetch_job *job;
    en_archive *archive;
} unpacking;

static en_status next_member(const unpacking *u, const en_member **member, en_error *err)
{
    en_status st = en_archive_next(u->archive, member, err);
    u->job->bad = st == EN_INPUT;
    return st;
}

static en_status read_member(void *from, void *data, size_t room, size_t *got, en_error *err)
{
    const unpacking *u = from;
    en_status st = en_archive_read(u->archive, data, room, got, err);
    u->job->bad = st == EN_INPUT;
    return st;
}

/* The list was made of the same archive, so its photographs come in the list's order. */
static en_status unpack(en_fetch_job *job, const en_volumes *v, en_error *err)
{
    unpacking u = {.job = job};
    const en_member *member;
    size_t next = 0;
    en_status st = en_archive_open(v, NULL, &u.archive, err);
    while (st == EN_OK && (st = next_member(&u, &member, err)) == EN_OK) {
        if (!en_fetch_is_photograph(member->path)) {
            continue;
        }
        if (next == job->list.count || strcmp(job->list.item[next].path, member->path) != 0) {
            st = en_error_set(err, EN_INPUT, "'%s' changed while it was read", v->path);
        } else if (!job->list.item[next++].here) {
            st = en_fetch_bring(job, member->path, read_member, &u, err);
        }
    }
    en_archive_free(u.archive);
    return st == EN_DONE ? EN_OK : st;
}

static en_status put_volumes(en_fetch_job *job, const en_volumes *v, const sums *s, en_error *err)
{
    en_status st = en_catalog_begin(job->project->catalog, err);
    for (size_t i = 0; i < v->count && st == EN_OK; i++) {
        st = en_catalog_volume_put(job->project->catalog, job->source.id, (int64_t)i + 1, en_path_base(v->item[i].path),
                                   v->item[i].bytes, s->volume[i], err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(job->project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(job->project->catalog);
    }
    return st;
}

/* Brings what is not here yet, and leaves the row in the state that it came to. */
static en_status bring_missing(en_fetch_job *job, const en_volumes *v, bool archive, const sums *sum, int64_t missing,
                               en_error *err)
{
    en_status st = en_fetch_store_room(job->store, missing, err);
    if (st == EN_OK) {
        st = en_fetch_set_state(job, "fetching", err);
    }
    if (st == EN_OK) {
        st = put_volumes(job, v, sum, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_event_begin(&job->project->events, archive ? "unpack" : "copy", "photographs", (int64_t)job->list.count);
    st = archive ? unpack(job, v, err) : en_fetch_bring_file(job, job->list.item[0].path, v, err);
    if (st == EN_OK) {
        st = en_fetch_store_flush(job->store, err);
    }
    en_event_end(&job->project->events, job->result->present + job->result->fetched, (int64_t)job->list.count);
    if (job->bad && en_fetch_set_state(job, "broken", NULL) != EN_OK) {
        en_event_warn(&job->project->events, "source %lld could not be marked as broken", (long long)job->source.id);
    }
    return st == EN_OK ? en_fetch_set_state(job, "whole", err) : st;
}

/* What the files hold. */
static en_status list_photographs(en_fetch_job *job, const en_volumes *v, const char *form, const char *shown,
                                  const char *name, en_error *err)
{
    en_status st;
    bool archive = strcmp(form, "archive") == 0;
    snprintf(job->result->kind, sizeof job->result->kind, "%s", archive ? "archive" : "photograph");
    job->result->volumes = (int64_t)v->count;
    if (archive) {
        st = en_fetch_list_archive(v, &job->project->events, &job->list, err);
    } else { /* a URL may end in anything, "download?id=7": what is a photograph is to be called one */
        char *path = en_fetch_is_photograph(name) ? en_strdup(name) : en_format("%s.%s", name, form);
        st = path != NULL ? en_fetch_list_add(&job->list, path, v->bytes, err) : en_error_nomem(err, "a path");
        en_free(path);
    }
    return st == EN_OK ? en_fetch_count(job, shown, err) : st;
}

en_status en_fetch_take(en_fetch_job *job, const en_volumes *v, const char *uri, const char *kind, const char *etag,
                        const char *shown, const char *name, en_error *err)
{
    sums sum = {0};
    const char *form = NULL;
    int64_t missing = 0;
    en_status st = tell_form(v, shown, &form, err);
    if (st == EN_OK) {
        st = list_photographs(job, v, form, shown, name, err);
    }
    job->bad = st == EN_INPUT;
    if (st == EN_OK) {
        st = hash_volumes(job, v, &sum, err);
    }
    if (st == EN_OK) {
        st = en_fetch_settle(job, uri, kind, etag, v->bytes, sum.whole, err);
    }
    if (st == EN_OK) {
        st = mark_here(job, &missing, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    job->result->unchanged = job->result->present == job->result->photographs;
    if (!job->result->unchanged) {
        st = bring_missing(job, v, strcmp(form, "archive") == 0, &sum, missing, err);
    } else if (!job->settled) {
        st = en_fetch_set_state(job, "whole", err);
    }
done:
    en_free(sum.volume);
    return st;
}
