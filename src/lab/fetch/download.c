/* Downloading a file, or the volumes of one until there are no more. Uses net, and archive for the names of volumes. */
#include "lab/fetch/download.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/reader.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "lab/fetch/fetch.h"

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

/* The name of volume `number` of the sequence that `name`, a volume's, belongs to; en_free. */
static char *volume_name(const char *name, unsigned number)
{
    return en_format("%.*s.%03u", (int)strlen(name) - 4, name, number);
}

static en_status start_at_first_volume(en_fetch_download *d, en_error *err)
{
    char *first = volume_name(d->name, 1);
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

en_status en_fetch_download_begin(en_fetch_download *d, const en_lab *lab, const char *url, en_error *err)
{
    char key[EN_SHA256_HEX], *relative = NULL;
    *d = (en_fetch_download){.url = en_strdup(url), .name = safe_name(url)};
    en_status st = EN_OK;
    if (d->url == NULL || d->name == NULL) {
        st = d->url != NULL ? en_error_set(err, EN_INPUT, "this is no http or https URL that can be read")
                            : en_error_nomem(err, "a URL");
        goto done;
    }
    if (en_volume_number(d->name) > 0) {
        st = start_at_first_volume(d, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    d->uri = en_http_public_url(d->url);
    st = d->uri != NULL ? en_sha256_bytes(d->uri, strlen(d->uri), key, err) : en_error_nomem(err, "a URL");
    if (st != EN_OK) {
        goto done;
    }
    relative = en_format(EN_DOWNLOADS_DIR "/%.16s", key);
    d->folder = relative != NULL ? en_lab_path(lab, relative) : NULL;
    st = d->folder != NULL ? EN_OK : en_error_nomem(err, "a path");
done:
    en_free(relative);
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
    const en_lab *lab;
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

/* File `number` (1, 2, ...) of the sequence; EN_DONE when the server has no more. */
static en_status get_file(transfer *s, unsigned number, en_error *err)
{
    en_fetch_download *d = s->d;
    en_http_result result = {0};
    en_http_identity identity;
    char *url = NULL, *path = NULL, *name = number == 1 ? en_strdup(d->name) : volume_name(d->name, number);
    if (name != NULL) {
        url = number == 1 ? en_strdup(d->url) : en_http_with_file_name(d->url, name);
        path = en_path_join(d->folder, name);
    }
    en_status st = EN_OK;
    if (url == NULL || path == NULL) {
        st = en_error_nomem(err, "a URL");
        goto done;
    }
    bool known = known_identity(s->known, number - 1, &identity);
    st = en_http_download(s->http, url, path, known ? &identity : NULL, &result, err);
    if (number > 1 && (result.status == 404 || result.status == 410)) {
        st = EN_DONE;
    } else if (number > 1 && st == EN_DENIED) {
        en_event_warn(&s->lab->events, "the server denies '%s' (%d): taken for the end of the volumes", name,
                      result.status);
        st = EN_DONE;
    }
    if (st != EN_OK) {
        goto done;
    }
    d->count = number;
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
    unsigned most = en_volume_number(s->d->name) > 0 ? EN_VOLUMES_MAX : 1;
    en_status st = EN_OK;
    s->away = 0;
    en_buf_reset(&s->identities);
    for (unsigned number = 1; number <= most && st == EN_OK; number++) {
        st = get_file(s, number, err);
    }
    return st == EN_DONE ? EN_OK : st;
}

/* What an earlier call left of a longer sequence must not pass for its end. */
static en_status remove_longer(const en_fetch_download *d, en_error *err)
{
    for (unsigned number = (unsigned)d->count + 1; en_volume_number(d->name) > 0 && number <= EN_VOLUMES_MAX;
         number++) {
        char *name = volume_name(d->name, number), *path = name != NULL ? en_path_join(d->folder, name) : NULL;
        en_status st = path == NULL                           ? en_error_nomem(err, "a path")
                       : unlink(path) == 0 || errno == ENOENT ? EN_OK
                                                              : en_error_errno(err, "cannot remove '%s'", path);
        en_free(name);
        en_free(path);
        if (st != EN_OK) {
            return st;
        }
    }
    return EN_OK;
}

en_status en_fetch_download_run(en_fetch_download *d, const en_lab *lab, const en_http_options *options,
                                const char *known, en_error *err)
{
    transfer s = {.d = d, .lab = lab, .known = known};
    en_buf_init(&s.identities, (size_t)EN_VOLUMES_MAX * (EN_HTTP_VALIDATOR + 1));
    en_status st = en_http_new(options, &lab->events, &s.http, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_file_mkdirs(d->folder, err);
    if (st == EN_OK) {
        st = get_all(&s, err);
    }
    en_http_identity more;
    d->unchanged = st == EN_OK && s.away == d->count && !known_identity(known, d->count, &more);
    if (st == EN_OK && s.away > 0 && !d->unchanged) { /* some changed: then all are needed */
        s.known = NULL;
        st = get_all(&s, err);
    }
    if (st == EN_OK) {
        st = remove_longer(d, err);
    }
    if (st == EN_OK) {
        en_free(d->identities);
        d->identities = en_strdup(en_buf_str(&s.identities));
        st = d->identities != NULL ? EN_OK : en_error_nomem(err, "a list of identities");
    }
    en_buf_clear(&s.identities);
    en_http_free(s.http);
    return st;
}

en_status en_fetch_download_sweep(const en_fetch_download *d, en_error *err)
{
    return en_file_remove_tree(d->folder, err);
}

void en_fetch_download_clear(en_fetch_download *d)
{
    en_free(d->url);
    en_free(d->uri);
    en_free(d->name);
    en_free(d->folder);
    en_free(d->identities);
    *d = (en_fetch_download){0};
}
