/* The kind of source of a text file of links, one in a line: the volumes of one archive whose links are signed each for
 * itself, so that none leads to another; or one link that is too long, or too secret, for a command line. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "intake/fetch/download.h"
#include "intake/fetch/kind.h"

#define TEXT_CAP ((size_t)4 << 20)

typedef struct opened {
    char **url; /* in the order of volumes */
    size_t count;
    char *uri, *shown;
    en_fetch_download download;
    bool downloads;
} opened;

/* The text of the file; EN_DONE when it is not one of links. */
static en_status read_text(const char *path, en_buf *text, en_error *err)
{
    struct stat s; /* what is looked at is read again: a pipe cannot be */
    if (stat(path, &s) != 0 || !S_ISREG(s.st_mode) || s.st_size > (off_t)TEXT_CAP) {
        return EN_DONE;
    }
    en_status st = en_file_read(path, text, err);
    const char *start = en_buf_str(text);
    start += strspn(start, " \t\r\n");
    while (*start == '#') { /* a remark */
        start += strcspn(start, "\n");
        start += strspn(start, " \t\r\n");
    }
    return st == EN_OK && !en_http_is_url(start) ? EN_DONE : st;
}

static bool accepts(const char *source)
{
    en_buf text;
    en_buf_init(&text, TEXT_CAP);
    bool links = read_text(source, &text, NULL) == EN_OK && strlen(en_buf_str(&text)) == text.size;
    en_buf_clear(&text);
    return links;
}

static en_status add_url(opened *o, const char *line, size_t length, const char *source, en_error *err)
{
    char **grown = en_array_grow(o->url, o->count, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    o->url = grown;
    char *text = en_strndup(line, length);
    o->url[o->count] = text != NULL ? en_http_encoded_url(text) : NULL;
    en_free(text);
    if (o->url[o->count] == NULL) {
        return en_error_nomem(err, "a list of links");
    }
    char *public = en_http_public_url(o->url[o->count++]);
    en_free(public);
    return public != NULL && o->count <= EN_VOLUMES_MAX
               ? EN_OK
               : en_error_set(err, EN_INPUT, "'%s': link %zu is not a readable http or https URL", source, o->count);
}

/* Up to the end of the line, or the next link in it: a URL may have blanks in it, as people write them. */
static size_t link_length(const char *at)
{
    size_t length = strcspn(at, "\r\n");
    for (size_t i = 1; *at != '#' && i < length; i++) {
        if (strchr(" \t", at[i - 1]) != NULL && en_http_is_url(at + i)) {
            return i;
        }
    }
    return length;
}

static en_status read_links(opened *o, const char *source, en_error *err)
{
    en_buf text;
    en_buf_init(&text, TEXT_CAP);
    en_status st = read_text(source, &text, err);
    for (const char *at = en_buf_str(&text); st == EN_OK && *at != '\0';) {
        at += strspn(at, " \t\r\n");
        size_t length = link_length(at);
        if (length > 0 && *at != '#') {
            st = add_url(o, at, length, source, err);
            at += length;
        } else {
            at += strcspn(at, "\n");
        }
    }
    en_buf_clear(&text);
    return st;
}

static int by_name(const void *a, const void *b)
{
    char *x = en_http_file_name(*(char *const *)a), *y = en_http_file_name(*(char *const *)b);
    int order = x != NULL && y != NULL ? en_natural_compare(x, y) : 0;
    en_free(x);
    en_free(y);
    return order;
}

/* Several links are volumes .001, .002, ... of one archive, each there once. */
static en_status check_sequence(const opened *o, const char *source, en_error *err)
{
    char *first = en_http_file_name(o->url[0]);
    en_status st = first != NULL ? EN_OK : en_error_nomem(err, "a name");
    for (size_t i = 0; st == EN_OK && o->count > 1 && i < o->count; i++) {
        char *name = en_http_file_name(o->url[i]);
        size_t whole = strlen(first) > 4 ? strlen(first) - 4 : 0;
        bool fits = name != NULL && en_volume_number(name) == i + 1 && strlen(name) == whole + 4 &&
                    strncmp(name, first, whole) == 0;
        if (!fits) {
            st = en_error_set(err, EN_INPUT, "'%s': volume %zu is missing or another file: found '%s'", source, i + 1,
                              name != NULL ? name : "");
        }
        en_free(name);
    }
    en_free(first);
    return st;
}

static en_status place(void *ctx, unsigned number, en_http_place *out, en_error *err)
{
    opened *o = ctx;
    if (number > o->count) {
        return EN_DONE;
    }
    en_free(o->shown);
    o->shown = en_http_public_url(o->url[number - 1]);
    out->url = o->url[number - 1];
    out->shown = o->shown;
    return o->shown != NULL ? EN_OK : en_error_nomem(err, "a URL");
}

static en_status begin(en_fetch_job *job, opened *o, en_error *err)
{
    char *name = en_http_file_name(o->url[0]);
    const bool safe = name != NULL && name[0] != '\0' && name[0] != '.' && en_archive_check_path(name, NULL) == EN_OK;
    o->uri = en_http_public_url(o->url[0]);
    en_status st = o->uri != NULL ? EN_OK : en_error_nomem(err, "a URL");
    if (st == EN_OK) {
        st = en_fetch_download_begin_at(&o->download, job->project, o->uri, safe ? name : "download",
                                        (en_fetch_places){.place = place, .ctx = o}, err);
    }
    en_free(name);
    if (st != EN_OK) {
        return st;
    }
    o->downloads = true;
    return en_fetch_bring(job, &o->download, EN_SOURCE_HTTP, err);
}

static en_status open_links(en_fetch_job *job, en_error *err)
{
    opened *o = job->opened = en_calloc(1, sizeof *o);
    en_status st = o != NULL ? read_links(o, job->options->source, err) : en_error_nomem(err, "fetching");
    if (st == EN_OK) {
        qsort(o->url, o->count, sizeof *o->url, by_name);
        st = check_sequence(o, job->options->source, err);
    }
    return st == EN_OK ? begin(job, o, err) : st;
}

static void close_links(en_fetch_job *job, en_status st, en_error *err)
{
    opened *o = job->opened;
    if (o == NULL) {
        return;
    }
    if (o->downloads) {
        en_fetch_bring_end(job, &o->download, st, err);
    }
    for (size_t i = 0; i < o->count; i++) {
        en_free(o->url[i]);
    }
    en_free(o->url);
    en_free(o->uri);
    en_free(o->shown);
    en_free(o);
}

const en_fetch_kind en_fetch_links = {
    .accepts = accepts,
    .open = open_links,
    .list = en_fetch_files_list,
    .hash = en_fetch_files_hash,
    .compare = en_fetch_files_compare,
    .copy = en_fetch_files_copy,
    .close = close_links,
};
