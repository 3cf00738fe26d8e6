/* Parts of downloads on disk. Uses POSIX files, jansson for the note, and base. */
#include "net/part.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define NOTE_CAP ((size_t)64 << 10)
#define ROOM_TO_SPARE ((int64_t)16 << 20) /* bytes left free for the catalog and others */

/* Validators go back into request headers: nothing but printable ASCII may come from a file. */
static void copy_validator(char out[EN_HTTP_VALIDATOR], const char *text)
{
    out[0] = '\0';
    if (text == NULL || strlen(text) >= EN_HTTP_VALIDATOR) {
        return;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < ' ' || *c > '~') {
            return;
        }
    }
    strcpy(out, text);
}

/* Fills identity and total from the note when it is about this URL; a note that cannot be read is no note. */
static void read_note(en_http_part *p)
{
    en_buf text;
    en_buf_init(&text, NOTE_CAP);
    json_t *note = NULL;
    if (en_file_exists(p->note) && en_file_read(p->note, &text, NULL) == EN_OK) {
        note = json_loadb(en_buf_str(&text), text.size, 0, NULL);
    }
    const char *url = json_string_value(json_object_get(note, "url"));
    if (url != NULL && strcmp(url, p->url) == 0) {
        copy_validator(p->identity.etag, json_string_value(json_object_get(note, "etag")));
        copy_validator(p->identity.last_modified, json_string_value(json_object_get(note, "last_modified")));
        const json_t *bytes = json_object_get(note, "bytes");
        p->total = json_is_integer(bytes) ? (int64_t)json_integer_value(bytes) : -1;
    }
    json_decref(note);
    en_buf_clear(&text);
}

static en_status write_note(const en_http_part *p, en_error *err)
{
    json_t *note = json_pack("{s:s, s:s, s:s, s:I}", "url", p->url, "etag", p->identity.etag, "last_modified",
                             p->identity.last_modified, "bytes", (json_int_t)p->total);
    char *text = note != NULL ? json_dumps(note, JSON_INDENT(2)) : NULL;
    json_decref(note);
    if (text == NULL) { /* the URL is not UTF-8, or memory is short: then this download cannot be resumed, that is all */
        (void)unlink(p->note);
        return EN_OK;
    }
    en_status st = en_file_write(p->note, text, strlen(text), err);
    free(text); /* jansson's, not en_alloc's */
    return st;
}

en_status en_http_part_open(en_http_part *p, const char *path, const char *url, en_error *err)
{
    struct stat s;
    en_status st = EN_OK;
    *p = (en_http_part){.path = en_strdup(path), .part = en_format("%s.part", path), .note = en_format("%s.part.json", path),
                        .url = url, .fd = -1, .total = -1};
    if (p->path == NULL || p->part == NULL || p->note == NULL) {
        st = en_error_nomem(err, "a path");
        goto done;
    }
    p->fd = open(p->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (p->fd < 0) {
        st = en_error_errno(err, "cannot write '%s'", p->part);
        goto done;
    }
    if (flock(p->fd, LOCK_EX | LOCK_NB) != 0) {
        st = errno == EWOULDBLOCK ? en_error_set(err, EN_BUSY, "'%s' is being downloaded by another process", path)
                                  : en_error_errno(err, "cannot lock '%s'", p->part);
        close(p->fd); /* not ours: it must not be removed as empty */
        p->fd = -1;
        goto done;
    }
    if (fstat(p->fd, &s) != 0) {
        st = en_error_errno(err, "cannot read '%s'", p->part);
        goto done;
    }
    if (s.st_nlink == 0 || !en_file_exists(p->part)) { /* it was finished by its owner between open and lock */
        st = en_error_set(err, EN_BUSY, "'%s' was being downloaded by another process: try again", path);
        close(p->fd);
        p->fd = -1;
        goto done;
    }
    read_note(p);
    p->have = en_http_part_validator(p) != NULL ? s.st_size : 0;
done:
    if (st != EN_OK) {
        en_http_part_close(p);
    }
    return st;
}

const char *en_http_part_validator(const en_http_part *p)
{
    const en_http_identity *id = &p->identity;
    if (id->etag[0] == '"') { /* a weak one, W/"...", says nothing about bytes */
        return id->etag;
    }
    return id->last_modified[0] != '\0' ? id->last_modified : NULL;
}

en_status en_http_part_restart(en_http_part *p, const en_http_identity *identity, int64_t total, en_error *err)
{
    if (ftruncate(p->fd, 0) != 0) {
        return en_error_errno(err, "cannot write '%s'", p->part);
    }
    p->have = 0;
    p->total = total;
    copy_validator(p->identity.etag, identity->etag);
    copy_validator(p->identity.last_modified, identity->last_modified);
    return write_note(p, err);
}

en_status en_http_part_room(const en_http_part *p, int64_t bytes, en_error *err)
{
    int64_t left;
    char needed[32], there[32];
    en_status st = en_file_free_space(p->part, &left, err);
    if (st != EN_OK || left - ROOM_TO_SPARE >= bytes) {
        return st;
    }
    return en_error_set(err, EN_IO, "cannot download '%s': %s more are needed and only %s are free on this disk; make room "
                        "and repeat the command, it goes on from here", p->path,
                        en_human_size(bytes, needed, sizeof needed), en_human_size(left, there, sizeof there));
}

en_status en_http_part_add(en_http_part *p, const void *data, size_t bytes, en_error *err)
{
    const char *from = data;
    while (bytes > 0) {
        ssize_t n = pwrite(p->fd, from, bytes, (off_t)p->have);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0 && (errno == ENOSPC || errno == EDQUOT)) {
            int64_t rest = p->total > p->have ? p->total - p->have : (int64_t)bytes;
            en_status st = en_http_part_room(p, rest, err);
            errno = ENOSPC;
            return st != EN_OK ? st : en_error_errno(err, "cannot write '%s'", p->part);
        }
        if (n < 0) {
            return en_error_errno(err, "cannot write '%s'", p->part);
        }
        from += n;
        bytes -= (size_t)n;
        p->have += n;
    }
    return EN_OK;
}

en_status en_http_part_commit(en_http_part *p, en_error *err)
{
    if (ftruncate(p->fd, (off_t)p->have) != 0 || fsync(p->fd) != 0) {
        return en_error_errno(err, "cannot write '%s'", p->part);
    }
    if (rename(p->part, p->path) != 0) {
        return en_error_errno(err, "cannot write '%s'", p->path);
    }
    (void)unlink(p->note);
    close(p->fd);
    p->fd = -1;
    return EN_OK;
}

void en_http_part_close(en_http_part *p)
{
    if (p->fd >= 0) {
        if (p->have == 0) {
            (void)unlink(p->part);
            (void)unlink(p->note);
        }
        close(p->fd);
    }
    en_free(p->path);
    en_free(p->part);
    en_free(p->note);
    *p = (en_http_part){.fd = -1};
}
