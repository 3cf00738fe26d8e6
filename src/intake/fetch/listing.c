/* Listings: choosing among files, and fetching what was chosen. */
#include "intake/fetch/listing.h"

#include <string.h>

#include "archive/reader.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "intake/fetch/archives.h"
#include "intake/fetch/remote.h"

/* Files ------------------------------------------------------------------------------------------------------------ */

en_status en_fetch_files_add(en_fetch_remote_files *files, const char *name, int64_t bytes, const char *etag,
                             en_error *err)
{
    en_status st = en_archive_check_path(name, err);
    if (st != EN_OK) {
        en_error_prefix(err, "refused the listing");
        return st;
    }
    en_fetch_file *grown = en_array_grow(files->item, files->count, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    files->item = grown;
    en_fetch_file *file = &grown[files->count++];
    *file = (en_fetch_file){
        .name = en_strdup(name), .etag = etag != NULL ? en_strdup(etag) : NULL, .bytes = bytes > 0 ? bytes : 0};
    if (file->name == NULL || (etag != NULL && file->etag == NULL) ||
        __builtin_add_overflow(files->bytes, file->bytes, &files->bytes)) {
        return en_error_nomem(err, "a listing");
    }
    return EN_OK;
}

void en_fetch_files_clear(en_fetch_remote_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        en_free(files->item[i].name);
        en_free(files->item[i].etag);
    }
    en_free(files->item);
    *files = (en_fetch_remote_files){0};
}

size_t en_fetch_files_find(const en_fetch_remote_files *files, const char *name)
{
    size_t i = 0;
    while (i < files->count && strcmp(files->item[i].name, name) != 0) {
        i++;
    }
    return i;
}

/* Choosing files --------------------------------------------------------------------------------------------------- */

static en_status unknown_file(const en_fetch_listing *o, const char *file, en_error *err)
{
    const char **names = en_calloc(o->files.count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < o->files.count; i++) {
        names[i] = o->files.item[i].name;
    }
    const char *near = names != NULL ? en_nearest_word(file, names) : NULL;
    en_status st =
        en_error_set(err, EN_INPUT, "%s has no file '%s' among its %zu files", o->where, file, o->files.count);
    if (near != NULL) {
        (void)en_error_hint(err, st, "did you mean '%s'?", near);
    }
    en_free(names);
    return st;
}

/* All volumes of the sequence that `whole` is the name of, without a number; all but the last are equally long. */
static en_status want_volumes(en_fetch_listing *o, const char *whole, en_error *err)
{
    unsigned last = 0;
    size_t length = strlen(whole);
    for (size_t i = 0; i < o->files.count; i++) {
        const char *name = o->files.item[i].name;
        unsigned number = en_volume_number(name);
        if (number > last && strlen(name) == length + 4 && strncmp(name, whole, length) == 0) {
            last = number;
        }
    }
    for (unsigned n = 1; n <= last; n++) {
        char *name = en_format("%s.%03u", whole, n);
        size_t i = name != NULL ? en_fetch_files_find(&o->files, name) : 0;
        en_free(name);
        if (i == o->files.count) {
            return en_error_set(err, EN_INPUT, "'%s.%03u' is missing in the listing: there are volumes up to .%03u",
                                whole, n, last);
        }
        o->wanted[o->count++] = i;
        int64_t first = o->files.item[o->wanted[0]].bytes, bytes = o->files.item[i].bytes;
        if (first > 0 && bytes > 0 && (n < last ? bytes != first : bytes > first)) {
            return en_error_set(err, EN_INPUT, "'%s.%03u' has %lld bytes in the listing, and the first volume %lld",
                                whole, n, (long long)bytes, (long long)first);
        }
    }
    return EN_OK;
}

/* The file that was named, or the volumes of its sequence. */
static en_status want_file(en_fetch_listing *o, const char *file, en_error *err)
{
    char *whole = en_volume_number(file) > 0 ? en_strndup(file, strlen(file) - 4) : en_strdup(file);
    char *first = whole != NULL ? en_format("%s.001", whole) : NULL;
    en_status st = first != NULL ? EN_OK : en_error_nomem(err, "a name");
    size_t i = en_fetch_files_find(&o->files, file);
    if (st == EN_OK && (en_volume_number(file) > 0 ||
                        (i == o->files.count && en_fetch_files_find(&o->files, first) < o->files.count))) {
        st = want_volumes(o, whole, err);
    } else if (st == EN_OK && i < o->files.count) {
        o->wanted[o->count++] = i;
    }
    if (st == EN_OK && o->count == 0) {
        st = unknown_file(o, file, err);
    }
    en_free(first);
    en_free(whole);
    return st;
}

/* Archives become sources of their own, and loose photographs beside them are this source's. */
static en_status want_all(en_fetch_job *job, en_fetch_listing *o, en_error *err)
{
    size_t archives = 0;
    en_status st = EN_OK;
    for (size_t i = 0; i < o->files.count; i++) {
        archives += en_fetch_is_archive(o->files.item[i].name);
    }
    bool apart = archives > 0 || o->zip_name == NULL;
    for (size_t i = 0; apart && i < o->files.count && st == EN_OK; i++) {
        const char *name = o->files.item[i].name;
        if (en_fetch_is_archive(name) && !en_fetch_is_zipped_text(name) && en_volume_number(name) <= 1) {
            char *part = o->source_of(o->ctx, name);
            st = part != NULL ? en_fetch_add_part(job, part, err) : en_error_nomem(err, "a name");
            en_free(part);
        } else if (en_fetch_is_photograph(name)) {
            o->wanted[o->count++] = i;
            st = en_fetch_list_add(&job->list, name, o->files.item[i].bytes, err);
        } else if (en_volume_number(name) == 0) {
            en_fetch_list_skip(&job->list, name);
        }
    }
    o->loose = o->count > 0;
    job->only_parts = archives > 0 && !o->loose;
    return st;
}

/* Fetching --------------------------------------------------------------------------------------------------------- */

static en_status place_at(en_fetch_listing *o, size_t at, en_http_place *out, en_error *err)
{
    const en_fetch_file *file = o->count > 0 ? &o->files.item[o->wanted[at]] : NULL;
    *out = (en_http_place){.bytes = file != NULL ? file->bytes : 0};
    return o->place(o->ctx, file, out, err);
}

static en_status volume_place(void *ctx, unsigned number, en_http_place *out, en_error *err)
{
    en_fetch_listing *o = ctx;
    size_t count = o->count > 0 ? o->count : 1;
    return number <= count ? place_at(o, number - 1, out, err) : EN_DONE;
}

static en_status loose_place(void *ctx, size_t index, en_http_place *out, en_error *err)
{
    return place_at(ctx, index, out, err);
}

/* Whether all of it has space, less what an earlier call brought. */
static en_status check_space(const en_fetch_job *job, const en_fetch_listing *o, en_error *err)
{
    int64_t needed = 0;
    for (size_t i = 0; i < o->count; i++) {
        const en_fetch_file *file = &o->files.item[o->wanted[i]];
        char *path = en_path_join(o->download.folder, en_path_base(file->name));
        char *part = path != NULL ? en_format("%s.part", path) : NULL;
        int64_t here = 0;
        if (part == NULL) {
            en_free(path);
            return en_error_nomem(err, "a path");
        }
        bool some = en_file_size(path, &here, NULL) == EN_OK || en_file_size(part, &here, NULL) == EN_OK;
        needed += file->bytes - (some && here <= file->bytes ? here : 0);
        en_free(path);
        en_free(part);
    }
    en_status st = en_file_check_space(job->project->root, needed, err);
    if (st != EN_OK) {
        en_error_prefix(err, "cannot download %s", o->where);
    }
    return st;
}

static en_status begin_download(en_fetch_job *job, en_fetch_listing *o, en_error *err)
{
    const en_fetch_places places = {.place = volume_place, .ctx = o};
    const char *file = o->count > 0 ? o->files.item[o->wanted[0]].name : NULL;
    const char *name = file != NULL ? en_path_base(file) : o->zip_name;
    o->uri = o->source_of(o->ctx, file);
    en_status st = o->uri != NULL ? en_fetch_download_begin_at(&o->download, job->project, o->uri, name, places, err)
                                  : en_error_nomem(err, "a name");
    if (st != EN_OK) {
        return st;
    }
    o->downloads = true;
    if (job->options->dry_run) {
        for (size_t i = 0; i < o->count; i++) {
            job->result->needed += o->files.item[o->wanted[i]].bytes;
        }
        job->result->needed += o->count == 0 ? o->files.bytes : 0;
        job->result->volumes = o->count > 0 ? (int64_t)o->count : 1;
        job->measured = true;
    }
    st = job->options->dry_run ? EN_OK : check_space(job, o, err);
    return st != EN_OK ? st : en_fetch_bring(job, &o->download, o->kind, err);
}

en_status en_fetch_listing_open(en_fetch_job *job, en_fetch_listing *o, const char *file, en_error *err)
{
    if (o->files.count == 0) {
        return en_error_set(err, EN_INPUT, "there are no files in %s", o->where);
    }
    o->wanted = en_calloc(o->files.count + 1, sizeof *o->wanted);
    en_status st = o->wanted == NULL ? en_error_nomem(err, "a listing")
                   : file != NULL    ? want_file(o, file, err)
                                     : want_all(job, o, err);
    if (st != EN_OK || job->only_parts) {
        return st;
    }
    if (!o->loose && (file != NULL || o->zip_name != NULL)) {
        return begin_download(job, o, err);
    }
    o->loose = true; /* even when there are none of them: that is said when they are counted */
    o->uri = o->source_of(o->ctx, NULL);
    job->origin = (en_fetch_origin){.uri = o->uri, .kind = o->kind, .shown = o->uri};
    return o->uri != NULL ? EN_OK : en_error_nomem(err, "a name");
}

en_status en_fetch_listing_list(en_fetch_job *job, en_fetch_listing *o, en_error *err)
{
    if (o->loose) {
        job->result->form = EN_FETCH_FOLDER;
        job->result->volumes = 1;
        return EN_OK; /* the list was made when the files were chosen */
    }
    return en_fetch_files_list(job, err);
}

en_status en_fetch_listing_hash(en_fetch_job *job, en_fetch_listing *o, en_error *err)
{
    return o->loose ? EN_OK : en_fetch_files_hash(job, err);
}

en_status en_fetch_listing_compare(en_fetch_job *job, en_fetch_listing *o, en_fetch_item *item, en_error *err)
{
    return o->loose ? en_fetch_remote_compare(job, item, err) : en_fetch_files_compare(job, item, err);
}

en_status en_fetch_listing_copy(en_fetch_job *job, en_fetch_listing *o, en_error *err)
{
    const en_fetch_remote remote = {.http = o->http, .place = loose_place, .ctx = o};
    return o->loose ? en_fetch_remote_copy(job, &remote, err) : en_fetch_files_copy(job, err);
}

void en_fetch_listing_close(en_fetch_job *job, en_fetch_listing *o, en_status st, en_error *err)
{
    if (o->downloads) {
        en_fetch_bring_end(job, &o->download, st, err);
    }
    en_fetch_files_clear(&o->files);
    en_free(o->wanted);
    en_free(o->uri);
}
