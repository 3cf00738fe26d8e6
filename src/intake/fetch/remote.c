/* Downloading the photographs of a listing. */
#include "intake/fetch/remote.h"

#include <string.h>
#include <unistd.h>

#include "archive/reader.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"

en_status en_fetch_remote_compare(en_fetch_job *job, en_fetch_item *item, en_error *err)
{
    en_fetch_have have;
    if (en_fetch_is_new(job)) {
        return EN_OK;
    }
    en_status st = en_fetch_store_have(job->store, item->path, &have, err);
    if (st != EN_OK || !have.row) {
        return st;
    }
    bool same = item->bytes == 0 || have.bytes == item->bytes; /* 0: the listing does not say */
    item->row = true;
    item->crc32 = have.crc32;
    if (!same) {
        en_fetch_tally_add(&job->changed, item->path);
    }
    item->here = !same || (have.file && !job->options->force);
    return EN_OK;
}

static en_status read_member(void *from, void *data, size_t capacity, size_t *got, en_error *err)
{
    return en_archive_read(from, data, capacity, got, err);
}

/* The one member of a zip that a server made of the file. */
static en_status import_zipped(en_fetch_job *job, const char *path, const en_volumes *file, en_error *err)
{
    en_archive *archive = NULL;
    const en_member *member;
    en_status st = en_archive_open(file, NULL, &archive, err);
    if (st == EN_OK) {
        st = en_archive_next(archive, &member, err);
    }
    if (st == EN_OK && strcmp(en_path_base(member->path), en_path_base(path)) != 0) {
        st = en_error_set(err, EN_INPUT, "'%s' came as a zip of '%s'", path, member->path);
    }
    if (st == EN_OK) {
        st = en_fetch_import(job, path, read_member, archive, err);
    }
    en_archive_free(archive);
    return st == EN_DONE ? en_error_set(err, EN_INPUT, "'%s' came as an empty zip", path) : st;
}

static en_status import_file(en_fetch_job *job, const char *path, const char *file, en_error *err)
{
    en_volumes v;
    en_volume_stream *stream = NULL;
    unsigned char head[4] = {0};
    size_t got = 0;
    en_status st = en_volumes_find(file, &v, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_volume_stream_open(&v, &stream, err);
    if (st == EN_OK) {
        st = en_volume_stream_read(stream, head, sizeof head, &got, err);
    }
    en_volume_stream_close(stream);
    if (st == EN_OK) {
        st = got == 4 && memcmp(head, "PK\3\4", 4) == 0 ? import_zipped(job, path, &v, err)
                                                        : en_fetch_import_file(job, path, &v, err);
    }
    en_volumes_clear(&v);
    return st;
}

/* Names of photographs may be longer than a name in a folder can be with ".part" after it. */
static char *local_path(const char *folder, const char *path)
{
    char key[EN_SHA256_HEX];
    return en_sha256_bytes(path, strlen(path), key, NULL) == EN_OK ? en_format("%s/%.32s", folder, key) : NULL;
}

static en_status bring(en_fetch_job *job, const en_fetch_remote *remote, const char *folder, size_t index,
                       en_error *err)
{
    const en_fetch_item *item = &job->list.item[index];
    en_http_place place = {0};
    en_http_result result = {0};
    char *file = local_path(folder, item->path), *note = NULL;
    en_status st = file != NULL ? remote->place(remote->ctx, index, &place, err) : en_error_nomem(err, "a path");
    if (st == EN_OK) {
        st = en_http_fetch(remote->http, &place, file, NULL, &result, err);
    }
    if (st == EN_OK) {
        job->result->downloaded += result.unchanged ? 0 : result.bytes - result.resumed;
        st = import_file(job, item->path, file, err);
        note = en_format("%s.note", file);
        (void)unlink(file);
        (void)(note != NULL && unlink(note));
    }
    en_free(note);
    en_free(file);
    return st;
}

en_status en_fetch_remote_copy(en_fetch_job *job, const en_fetch_remote *remote, en_error *err)
{
    char key[EN_SHA256_HEX], *relative = NULL, *folder = NULL;
    en_status st = en_sha256_bytes(job->origin.uri, strlen(job->origin.uri), key, err);
    if (st == EN_OK) {
        relative = en_format(EN_DOWNLOADS_DIR "/%.16s", key);
        st = relative != NULL ? en_project_path(job->project, relative, &folder, err) : en_error_nomem(err, "a path");
    }
    if (st == EN_OK) {
        st = en_file_mkdirs(folder, err);
    }
    for (size_t i = 0; i < job->list.count && st == EN_OK; i++) {
        st = job->list.item[i].here || job->list.item[i].left ? EN_OK : bring(job, remote, folder, i, err);
    }
    if (st == EN_OK) {
        st = en_file_remove_tree(folder, err);
    } else if (folder != NULL) {
        (void)rmdir(folder); /* which it refuses while a part waits in it for the next time */
    }
    en_free(relative);
    en_free(folder);
    return st;
}
