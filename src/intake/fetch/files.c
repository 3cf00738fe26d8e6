/* Photographs from files that are here: identifying, hashing and unpacking them; and the kind of source of the files
 * that a path names. Uses archive. */
#include <stdlib.h>
#include <string.h>

#include "archive/reader.h"
#include "archive/zipdir.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/fetched.h"
#include "image/decode.h"
#include "intake/fetch/inside.h"
#include "intake/fetch/kind.h"
#include "intake/fetch/members.h"

/* "jpg", "png" and so on by the first bytes, "archive", or NULL: neither. */
static en_status identify(const en_volumes *v, const char *shown, const char **form, en_error *err)
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
    const en_image_format format = en_format_of(head, got);
    *form = format != EN_FORMAT_NONE      ? en_format_extension(format)
            : en_archive_known(head, got) ? "archive"
            : en_zip_ends(v)              ? "archive"
                                          : NULL;
    if (*form != NULL) {
        return EN_OK;
    }
    if (head[strspn((const char *)head, " \t\r\n\xef\xbb\xbf")] == '<') {
        return en_error_set(err, EN_INPUT,
                            "'%s' is a web page, not a photograph or an archive: is a login needed there?", shown);
    }
    return en_error_set(
        err, EN_INPUT, "'%s' is neither a photograph (JPEG, PNG, TIFF, WebP, BMP, DICOM) nor " EN_ARCHIVE_FORMS "%s",
        shown,
        got == 0                                   ? ": it is empty"
        : got >= 4 && memcmp(head, "Rar!", 4) == 0 ? ": it is a RAR archive; unpack it, and fetch the folder"
                                                   : "");
}

/* Adds the bytes of one volume to the hash of all and, unless that is NULL, to its own. */
static en_status hash_volume(en_fetch_job *job, en_volume_stream *stream, int64_t bytes, en_sha256 *all, en_sha256 *own,
                             en_error *err)
{
    const en_events *events = &job->project->events;
    en_status st = EN_OK;
    while (bytes > 0 && st == EN_OK) {
        size_t got, capacity = bytes < (int64_t)EN_FETCH_BLOCK ? (size_t)bytes : EN_FETCH_BLOCK;
        st = en_volume_stream_read(stream, job->block, capacity, &got, err);
        if (st != EN_OK) {
            return st;
        }
        en_sha256_add(all, job->block, got);
        if (own != NULL) {
            en_sha256_add(own, job->block, got);
        }
        bytes -= (int64_t)got;
        en_event_progress(events, en_volume_stream_tell(stream), job->files.volumes->bytes, NULL);
        st = en_stop_check(events, err);
    }
    return st;
}

/* The same for all of them, with the hash of each when there are several. */
static en_status hash_volumes(en_fetch_job *job, en_volume_stream *stream, en_sha256 *all, en_sha256 *one,
                              en_error *err)
{
    const en_volumes *v = job->files.volumes;
    bool several = v->count > 1;
    for (size_t i = 0; i < v->count; i++) {
        en_status st = hash_volume(job, stream, v->item[i].bytes, all, several ? one : NULL, err);
        if (st != EN_OK) {
            return st;
        }
        if (several && !en_sha256_hex(one, job->files.sha256[i])) {
            return en_error_nomem(err, "a hash");
        }
    }
    return EN_OK;
}

/* Hashes the volumes, each and all together: the hash that `cat train.zip.* | sha256sum` prints. */
en_status en_fetch_files_hash(en_fetch_job *job, en_error *err)
{
    const en_volumes *v = job->files.volumes;
    const en_events *events = &job->project->events;
    en_volume_stream *stream = NULL;
    en_status st = EN_OK;
    if (job->members != NULL) {
        return EN_OK; /* all of it is not here */
    }
    en_sha256 *all = en_sha256_new(), *one = en_sha256_new();
    en_free(job->files.sha256);
    job->files.sha256 = en_calloc(v->count, sizeof *job->files.sha256);
    if (all == NULL || one == NULL || job->files.sha256 == NULL) {
        st = en_error_nomem(err, "a hash");
        goto done;
    }
    st = en_volume_stream_open(v, &stream, err);
    if (st != EN_OK) {
        goto done;
    }
    en_event_begin(events, "check", "bytes", v->bytes);
    st = hash_volumes(job, stream, all, one, err);
    en_event_end(events, en_volume_stream_tell(stream), v->bytes);
    if (st != EN_OK) {
        goto done;
    }
    if (!en_sha256_hex(all, job->origin.sha256)) {
        st = en_error_nomem(err, "a hash");
        goto done;
    }
    if (v->count == 1) {
        memcpy(job->files.sha256[0], job->origin.sha256, EN_SHA256_HEX);
    }
done:
    en_volume_stream_close(stream);
    en_sha256_free(all);
    en_sha256_free(one);
    return st;
}

en_status en_fetch_files_compare(en_fetch_job *job, en_fetch_item *item, en_error *err)
{
    en_fetch_have have = {0};
    bool rows = job->standing == EN_FETCH_UNCHANGED || job->standing == EN_FETCH_SAME_BYTES;
    en_status st = EN_OK;
    if (rows && !job->options->force) {
        st = en_fetch_store_have(job->store, item->path, &have, err);
    }
    item->here = have.row && have.file && have.bytes == item->bytes && (item->sum < 0 || item->sum == have.crc32);
    return st;
}

typedef struct unpacking {
    en_fetch_job *job;
    en_archive *archive;
    bool damaged; /* the member being read */
} unpacking;

static en_status next_member(const unpacking *u, const en_member **member, en_error *err)
{
    en_status st = en_archive_next(u->archive, member, err);
    u->job->standing = st == EN_INPUT ? EN_FETCH_BROKEN : u->job->standing;
    return st;
}

static en_status read_member(void *from, void *data, size_t capacity, size_t *got, en_error *err)
{
    unpacking *u = from;
    en_status st = en_archive_read(u->archive, data, capacity, got, err);
    u->damaged = st == EN_INPUT;
    return st;
}

en_status en_fetch_damaged(en_fetch_job *job, en_fetch_item *item, const char *why, en_error *err)
{
    const en_volumes *v = job->files.volumes;
    const char *volume = v->count == 1   ? en_path_base(v->item[0].path)
                         : item->at >= 0 ? en_path_base(en_volume_at(v, item->at))
                                         : NULL;
    if (job->damaged.count == 0) {
        bool several = volume != NULL && v->count > 1;
        en_print(job->damage, sizeof job->damage, "%s%s%s%s", why, several ? ", in '" : "", several ? volume : "",
                 several ? "'" : "");
    }
    item->left = true;
    en_fetch_tally_add(&job->damaged, item->path);
    job->methods += item->method;
    job->standing = EN_FETCH_BROKEN;
    return en_catalog_damage_put(job->project->catalog, job->source.id, item->path, volume, why, err);
}

/* One photograph of the list. A damaged one costs only itself where the archive can be read on behind it. */
static en_status unpack_one(unpacking *u, en_fetch_item *item, en_error *err)
{
    en_error why = {0};
    if (item->unwanted) {
        return EN_OK;
    }
    if (item->damage != NULL) {
        return en_fetch_damaged(u->job, item, item->damage, err);
    }
    if (item->here) {
        return EN_OK;
    }
    u->damaged = false;
    en_status st = en_fetch_import(u->job, item->path, read_member, u, &why);
    if (st == EN_INPUT && u->damaged) {
        en_status noted = en_fetch_damaged(u->job, item, en_archive_why(u->archive), err);
        if (noted != EN_OK || en_archive_goes_on(u->archive)) {
            return noted;
        }
    }
    return st == EN_OK ? EN_OK : en_error_copy(err, &why);
}

/* The list was made of the same archive, so its photographs come in the list's order. */
en_status en_fetch_unpack(en_fetch_job *job, const en_volumes *v, en_error *err)
{
    unpacking u = {.job = job};
    const en_member *member;
    size_t next = 0;
    const en_archive_caps caps = {.events = &job->project->events,
                                  .member_bytes = EN_FETCH_MEMBER_CAP,
                                  .total_bytes = job->list.total_cap,
                                  .encoding = job->list.encoding};
    en_status st = en_archive_open(v, &caps, &u.archive, err);
    while (st == EN_OK && (st = next_member(&u, &member, err)) == EN_OK) {
        if (!en_fetch_is_photograph(member->path)) {
            continue;
        }
        while (next < job->list.count && strcmp(job->list.item[next].path, member->path) != 0 &&
               job->list.item[next].apart) {
            next++;
        }
        bool listed = next < job->list.count && strcmp(job->list.item[next].path, member->path) == 0;
        if (listed) {
            st = unpack_one(&u, &job->list.item[next++], err);
        } else if (!en_fetch_list_is_repeated(&job->list, member->path)) {
            st = en_error_set(err, EN_INPUT, "'%s' changed while it was read", v->path);
        }
    }
    en_archive_free(u.archive);
    return st == EN_DONE ? EN_OK : st;
}

static en_status put_volumes(en_fetch_job *job, en_error *err)
{
    const en_volumes *v = job->files.volumes;
    en_status st = en_catalog_begin(job->project->catalog, err);
    for (size_t i = 0; i < v->count && st == EN_OK; i++) {
        st = en_catalog_volume_put(job->project->catalog, job->source.id, (int64_t)i + 1, en_path_base(v->item[i].path),
                                   v->item[i].bytes, job->files.sha256[i], err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(job->project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(job->project->catalog);
    }
    return st;
}

en_status en_fetch_files_copy(en_fetch_job *job, en_error *err)
{
    if (job->members != NULL) {
        return en_fetch_members_copy(job, err);
    }
    en_status st = put_volumes(job, err);
    if (st != EN_OK) {
        return st;
    }
    return job->files.archive ? en_fetch_unpack(job, job->files.volumes, err)
                              : en_fetch_import_file(job, job->list.item[0].path, job->files.volumes, err);
}

/* All that comes out of archives inside of one another is held to what the outermost may become. */
static en_status list_archive(en_fetch_job *job, const en_volumes *v, en_error *err)
{
    en_fetch_budget *budget = job->inside != NULL ? job->inside->budget : NULL;
    if (budget != NULL && budget->bytes < EN_FETCH_MEMBER_CAP) {
        job->list.total_cap = budget->bytes > 0 ? budget->bytes : 1;
    }
    en_status st = en_fetch_list_archive(v, &job->project->events, &job->list, err);
    if (st == EN_OK && budget != NULL) {
        budget->bytes -= job->list.bytes;
    }
    return st;
}

en_status en_fetch_files_list(en_fetch_job *job, en_error *err)
{
    if (job->members != NULL) {
        return en_fetch_members_list(job, err);
    }
    const char *form = NULL, *name = job->files.name;
    const en_volumes *v = job->files.volumes;
    en_status st = identify(v, job->origin.shown, &form, err);
    if (st != EN_OK) {
        return st;
    }
    job->files.archive = strcmp(form, "archive") == 0;
    job->result->form = job->files.archive ? EN_FETCH_ARCHIVE : EN_FETCH_PHOTOGRAPH;
    job->result->volumes = (int64_t)v->count;
    if (job->files.archive) {
        return list_archive(job, v, err);
    }
    /* a URL may end in anything, "download?id=7": what is a photograph is to be called one */
    char *path = en_fetch_is_photograph(name) ? en_strdup(name) : en_format("%s.%s", name, form);
    st = path != NULL ? en_fetch_list_add(&job->list, path, v->bytes, err) : en_error_nomem(err, "a path");
    en_free(path);
    return st;
}

/* The kind of source ----------------------------------------------------------------------------------------------- */

typedef struct local {
    en_volumes volumes;
    char *uri; /* realpath's */
} local;

/* Whether `source` is a file, or the name of an archive of which only the volumes are there. */
static bool is_there(const char *source)
{
    char *first = en_format("%s.001", source);
    bool there = en_file_exists(source) || (first != NULL && en_file_exists(first));
    en_free(first);
    return there;
}

static en_status open_files(en_fetch_job *job, en_error *err)
{
    const char *source = job->options->source;
    local *l = job->opened = en_calloc(1, sizeof *l);
    en_status st = l != NULL ? en_volumes_find(source, &l->volumes, err) : en_error_nomem(err, "fetching");
    if (st != EN_OK) {
        return st;
    }
    const char *first = l->volumes.item[0].path;
    first = en_volume_is_split(first) ? l->volumes.path : first; /* train.zip of train.z01, ..., train.zip */
    l->uri = realpath(first, NULL);
    if (l->uri == NULL) {
        return en_error_errno(err, "cannot read '%s'", source);
    }
    if (job->inside != NULL) { /* where its files lie is of no use to anybody later */
        en_free(l->volumes.path);
        l->volumes.path = en_strdup(job->inside->uri);
        if (l->volumes.path == NULL) {
            return en_error_nomem(err, "fetching");
        }
    }
    job->origin = (en_fetch_origin){
        .uri = l->uri, .kind = l->volumes.count > 1 ? EN_SOURCE_VOLUMES : EN_SOURCE_FILE, .shown = source};
    if (job->inside != NULL) {
        job->origin.uri = job->origin.shown = job->inside->uri;
        job->origin.etag = job->inside->etag;
    }
    job->files = (en_fetch_local){.volumes = &l->volumes, .name = en_path_base(l->volumes.item[0].path)};
    return EN_OK;
}

static void close_files(en_fetch_job *job, en_status st, en_error *err)
{
    local *l = job->opened;
    (void)st;
    (void)err;
    if (l != NULL) {
        en_volumes_clear(&l->volumes);
        free(l->uri);
        en_free(l);
    }
}

const en_fetch_kind en_fetch_files = {
    .accepts = is_there,
    .open = open_files,
    .list = en_fetch_files_list,
    .hash = en_fetch_files_hash,
    .compare = en_fetch_files_compare,
    .copy = en_fetch_files_copy,
    .close = close_files,
};
