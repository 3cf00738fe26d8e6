/* Downloading a file, or the volumes of one until there are no more. Uses net, and archive for the names of volumes. */
#include "intake/fetch/download.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/reader.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "intake/fetch/fetch.h"
#include "intake/fetch/sequence.h"
#include "intake/fetch/stray.h"

/* A name under which a download can lie here: the URL's own when that is one. */
static char *safe_name(const char *url)
{
    char *name = en_http_file_name(url);
    if (name != NULL && (strchr(name, '/') != NULL || name[0] == '.' || strlen(name) > 200 ||
                         en_archive_check_path(name, NULL) != EN_OK)) {
        en_free(name);
        name = en_strdup("download");
    }
    return name;
}

/* Fills folder from uri. */
static en_status choose_folder(en_fetch_download *d, const en_project *project, en_error *err)
{
    char key[EN_SHA256_HEX];
    en_status st = d->uri != NULL ? en_sha256_bytes(d->uri, strlen(d->uri), key, err) : en_error_nomem(err, "a URL");
    char *relative = st == EN_OK ? en_format(EN_DOWNLOADS_DIR "/%.16s", key) : NULL;
    if (st == EN_OK) {
        st = relative != NULL ? en_project_path(project, relative, &d->folder, err) : en_error_nomem(err, "a path");
    }
    en_free(relative);
    return st;
}

en_status en_fetch_download_begin_at(en_fetch_download *d, const en_project *project, const char *uri, const char *name,
                                     en_fetch_places places, en_error *err)
{
    *d = (en_fetch_download){.places = places, .uri = en_strdup(uri), .name = en_strdup(name)};
    en_status st = d->uri != NULL && d->name != NULL ? choose_folder(d, project, err) : en_error_nomem(err, "a name");
    if (st != EN_OK) {
        en_fetch_download_clear(d);
    }
    return st;
}

static en_status start_at_first_volume(en_fetch_download *d, en_error *err)
{
    char *first = en_fetch_volume_name(d->name, 1);
    char *url = first != NULL ? en_http_with_file_name(d->url, first) : NULL;
    if (url == NULL) {
        en_free(first);
        return en_error_nomem(err, "a URL");
    }
    en_free(d->url);
    en_free(d->name);
    d->url = url;
    d->name = first;
    return EN_OK;
}

en_status en_fetch_download_begin(en_fetch_download *d, const en_project *project, const char *url, en_error *err)
{
    *d = (en_fetch_download){.url = en_http_encoded_url(url)};
    const char *fault = d->url != NULL ? en_http_url_fault(d->url) : NULL;
    en_status st = EN_OK;
    d->name = d->url != NULL && fault == NULL ? safe_name(d->url) : NULL;
    if (d->name == NULL) {
        st = fault != NULL ? en_error_set(err, EN_INPUT, "this is not a readable http or https URL: %s", fault)
                           : en_error_nomem(err, "a URL");
        goto done;
    }
    if (en_fetch_is_volume(d->name)) {
        st = start_at_first_volume(d, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    d->uri = en_http_public_url(d->url);
    st = choose_folder(d, project, err);
done:
    if (st != EN_OK) {
        en_fetch_download_clear(d);
    }
    return st;
}

/* One line a file: its ETag, which begins with a quote or "W/", or else its date, or nothing. */
static void parse_identity(const char *line, size_t length, en_http_identity *identity)
{
    *identity = (en_http_identity){0};
    bool etag = length > 1 && (line[0] == '"' || (line[0] == 'W' && line[1] == '/'));
    if (length < EN_HTTP_VALIDATOR) {
        memcpy(etag ? identity->etag : identity->last_modified, line, length);
    }
}

/* The line of number `index` among the known identities; false when there is none, or an empty one. */
static bool known_identity(const char *known, size_t index, en_http_identity *identity)
{
    for (; known != NULL && *known != '\0'; index--) {
        size_t length = strcspn(known, "\n");
        if (index == 0) {
            parse_identity(known, length, identity);
            return length > 0;
        }
        known += length + (known[length] == '\n');
    }
    return false;
}

typedef struct transfer {
    en_fetch_download *d;
    const en_project *project;
    en_http *http;
    const char *known;
    en_buf identities;
    size_t away; /* files that are what is known, and not here */
} transfer;

static en_status note_identity(transfer *s, const en_http_identity *identity, en_error *err)
{
    const char *line = identity->etag[0] != '\0' ? identity->etag : identity->last_modified;
    return en_buf_printf(&s->identities, err, "%s%s", s->d->count > 1 ? "\n" : "", line);
}

/* The files that came, and none that an earlier call left of a longer sequence. */
static en_status list_files(const en_fetch_download *d, en_volumes *out, en_error *err)
{
    bool sequence = en_fetch_is_volume(d->name);
    char *first = en_path_join(d->folder, d->name);
    *out = (en_volumes){.item = en_calloc(d->count, sizeof *out->item)};
    out->path = first != NULL ? en_fetch_whole_name(first) : NULL;
    en_status st = out->item != NULL && out->path != NULL ? EN_OK : en_error_nomem(err, "a list of volumes");
    for (size_t i = 0; st == EN_OK && i < d->count; i++) {
        en_volume *v = &out->item[out->count++];
        v->path = !sequence                        ? en_strdup(first)
                  : d->closed && i + 1 == d->count ? en_fetch_volume_name(first, 0)
                                                   : en_fetch_volume_name(first, (unsigned)i + 1);
        st = v->path != NULL ? en_file_size(v->path, &v->bytes, err) : en_error_nomem(err, "a path");
        out->bytes += v->bytes;
    }
    en_free(first);
    if (st != EN_OK) {
        en_volumes_clear(out);
    }
    return st;
}

/* What the downloaded files show: an archive by their start, and a zip with its directory at their end. */
static void look_at_files(const en_fetch_download *d, bool *archive, bool *whole_zip)
{
    en_volumes v;
    en_volume_stream *stream = NULL;
    en_archive *zip = NULL;
    unsigned char head[512] = {0};
    size_t got = 0;
    *archive = true;
    *whole_zip = false;
    if (list_files(d, &v, NULL) != EN_OK) {
        return;
    }
    if (en_volume_stream_open(&v, &stream, NULL) == EN_OK &&
        en_volume_stream_read(stream, head, sizeof head, &got, NULL) == EN_OK) {
        *archive = en_archive_known(head, got);
        *whole_zip = *archive && head[0] == 'P' && en_archive_open(&v, NULL, &zip, NULL) == EN_OK;
    }
    en_archive_free(zip);
    en_volume_stream_close(stream);
    en_volumes_clear(&v);
}

bool en_fetch_download_is_whole(const en_fetch_download *d)
{
    bool archive, whole_zip;
    if (d->places.place != NULL || !en_fetch_is_volume(d->name)) { /* how many there are is known */
        return d->count > 0;
    }
    look_at_files(d, &archive, &whole_zip);
    return whole_zip || (!archive && !en_volume_is_split(d->name));
}

/* Whether no further volume is needed. Some stores deny what they do not have, but so does a URL that has expired: then
 * only the files show. */
static bool ends_here(const transfer *s)
{
    bool archive, whole_zip = false;
    if (s->away == 0) {
        look_at_files(s->d, &archive, &whole_zip);
    }
    return whole_zip;
}

/* Nothing of what came as `path` is to be found by the next call. */
static en_status remove_stray(const char *path, en_error *err)
{
    char *note = en_format("%s.note", path);
    en_status st = note != NULL ? EN_OK : en_error_nomem(err, "a path");
    if (st == EN_OK && (unlink(path) != 0 || unlink(note) != 0)) {
        st = en_error_errno(err, "cannot remove '%s'", path);
    }
    en_free(note);
    return st;
}

/* Some servers have an answer to every name. EN_DONE when what came for file `number` of a sequence is no volume: then
 * the sequence ends before it, and of the first it is all. */
static en_status check_volume(transfer *s, unsigned number, const char *path, const char *content_type, en_error *err)
{
    en_fetch_download *d = s->d;
    en_volumes before = {0};
    en_status st = s->away == 0 && d->count > 0 ? list_files(d, &before, err) : EN_OK;
    const char *why = st == EN_OK ? en_fetch_why_stray(&before, path, content_type) : NULL;
    en_volumes_clear(&before);
    if (why == NULL || number == 1) {
        d->count = why != NULL ? number : d->count;
        return why != NULL ? EN_DONE : st;
    }
    d->stray = why;
    st = remove_stray(path, err);
    if (st == EN_OK) {
        en_event_note(&s->project->events, "the server answers '%s' %s: the volumes end before it", en_path_base(path),
                      why);
    }
    return st == EN_OK ? EN_DONE : st;
}

/* File `number` (1, 2, ...) of the sequence; EN_DONE when the server has no more. `last`: it is that of a split zip,
 * which must be there. */
static en_status get_file(transfer *s, unsigned number, bool last, en_error *err)
{
    en_fetch_download *d = s->d;
    en_http_result result = {0};
    en_http_identity identity;
    en_http_place place = {0};
    char *url = NULL, *path = NULL;
    char *name = number == 1 ? en_strdup(d->name) : en_fetch_volume_name(d->name, last ? 0 : number);
    bool placed = d->places.place != NULL;
    if (name != NULL) {
        place.url = url = placed ? NULL : number == 1 ? en_strdup(d->url) : en_http_with_file_name(d->url, name);
        path = en_path_join(d->folder, name);
    }
    en_status st = path == NULL || (url == NULL && !placed) ? en_error_nomem(err, "a URL") : EN_OK;
    if (st == EN_OK && placed) {
        st = d->places.place(d->places.ctx, number, &place, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    bool known = known_identity(s->known, number - 1, &identity);
    st = en_http_fetch(s->http, &place, path, known ? &identity : NULL, &result, err);
    if (placed) {
        ; /* how many there are is known */
    } else if (number > 1 && !last && st == EN_INPUT && (result.status == 404 || result.status == 410)) {
        st = EN_DONE;
    } else if (number > 1 && st == EN_DENIED && en_volume_is_split(d->name) && !last) {
        st = EN_DONE; /* the last volume says how many there are */
    } else if (number > 1 && st == EN_DENIED && ends_here(s)) {
        en_event_note(&s->project->events, "the server denies '%s' (%d); what came before it is whole without it", name,
                      result.status);
        st = EN_DONE;
    } else if (st == EN_OK && en_fetch_is_volume(d->name) && en_file_exists(path)) {
        st = check_volume(s, number, path, result.content_type, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    if (number == 1 && !placed && !en_fetch_is_volume(d->name) && result.name[0] != '\0' && result.name[0] != '.' &&
        en_archive_check_path(result.name, NULL) == EN_OK) {
        en_free(d->given);
        d->given = en_strdup(result.name);
    }
    d->count = number;
    d->closed = last;
    d->bytes += result.unchanged ? 0 : result.bytes - result.resumed;
    s->away += result.unchanged && !en_file_exists(path);
    st = note_identity(s, &result.identity, err);
done:
    en_free(name);
    en_free(url);
    en_free(path);
    return st;
}

static en_status get_all(transfer *s, en_error *err)
{
    unsigned most = en_fetch_is_volume(s->d->name) ? EN_VOLUMES_MAX : 1;
    en_status st = EN_OK;
    s->away = s->d->count = 0;
    s->d->stray = NULL;
    s->d->closed = false;
    en_buf_reset(&s->identities);
    for (unsigned number = 1; number <= most && st == EN_OK; number++) {
        en_http_identity more;
        st = get_file(s, number, false, err);
        if (st == EN_OK && s->away > 0 && (s->away < s->d->count || !known_identity(s->known, s->d->count, &more))) {
            break; /* all of what was whole is unchanged, or one is not: then all are needed */
        }
    }
    if (st == EN_DONE && s->d->count > 0 && s->d->places.place == NULL && en_volume_is_split(s->d->name)) {
        st = get_file(s, (unsigned)s->d->count + 1, true, err);
    }
    return st == EN_DONE ? EN_OK : st;
}

en_status en_fetch_download_run(en_fetch_download *d, const en_project *project, const en_http_options *options,
                                const char *known, en_error *err)
{
    transfer s = {.d = d, .project = project, .known = known};
    en_buf_init(&s.identities, (size_t)EN_VOLUMES_MAX * (EN_HTTP_VALIDATOR + 1));
    en_status st = en_http_new(options, &project->events, &s.http, err);
    if (st != EN_OK) {
        return st;
    }
    d->unchanged = false;
    st = en_file_mkdirs(d->folder, err);
    if (st != EN_OK) {
        goto done;
    }
    st = get_all(&s, err);
    if (st != EN_OK) {
        goto done;
    }
    en_http_identity more;
    d->unchanged = s.away == d->count && !known_identity(known, d->count, &more);
    if (s.away > 0 && !d->unchanged) { /* some changed: then all are needed */
        s.known = NULL;
        st = get_all(&s, err);
        if (st != EN_OK) {
            goto done;
        }
    }
    if (!d->unchanged) {
        en_volumes_clear(&d->files);
        st = list_files(d, &d->files, err);
        if (st != EN_OK) {
            goto done;
        }
    }
    en_free(d->identities);
    d->identities = en_strdup(en_buf_str(&s.identities));
    st = d->identities != NULL ? EN_OK : en_error_nomem(err, "a list of identities");
done:
    en_buf_clear(&s.identities);
    en_http_free(s.http);
    return st;
}

en_status en_fetch_download_sweep(const en_fetch_download *d, en_error *err)
{
    return en_file_remove_tree(d->folder, err);
}

void en_fetch_download_leave(const en_fetch_download *d)
{
    (void)rmdir(d->folder); /* which it refuses while there is something in it */
}

void en_fetch_download_cut_short(const en_fetch_download *d, en_error *err)
{
    unsigned number = en_volume_is_split(d->name) ? 0 : (unsigned)d->count + 1;
    char *next = en_fetch_volume_name(d->name, number);
    en_error_prefix(err,
                    "the server %s '%s'%s%s and without it the archive is incomplete; what came is kept "
                    "in '%s', for a repeat of the command to go on from (to begin anew, remove it)",
                    d->stray != NULL ? "answers" : "has no", next != NULL ? next : "next volume",
                    d->stray != NULL ? " " : "", d->stray != NULL ? d->stray : "", d->folder);
    en_free(next);
}

void en_fetch_download_clear(en_fetch_download *d)
{
    en_free(d->url);
    en_free(d->uri);
    en_free(d->given);
    en_free(d->name);
    en_free(d->folder);
    en_free(d->identities);
    en_volumes_clear(&d->files);
    *d = (en_fetch_download){0};
}
