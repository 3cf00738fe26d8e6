/* Parts of downloads on disk. Uses POSIX files, jansson for the note, and base. */
#include "net/part.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/memory.h"
#include "net/answer.h"

#define NOTE_CAP 16384

/* A validator of the note, which anybody may have written. */
static void read_validator(char out[EN_HTTP_VALIDATOR], const json_t *note, const char *key)
{
    const char *text = json_string_value(json_object_get(note, key));
    en_http_validator_copy(out, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

/* Fills identity and total from the note when it is about this URL; an unreadable note counts as absent. Returns
 * whether the part comes in ranges: its length says nothing then. */
static bool read_note(en_http_part *p)
{
    char text[NOTE_CAP];
    bool in_ranges = false;
    ssize_t length = pread(p->lock, text, sizeof text, 0);
    json_t *note = length > 0 ? json_loadb(text, (size_t)length, 0, NULL) : NULL;
    const char *url = json_string_value(json_object_get(note, "url"));
    if (url != NULL && strcmp(url, p->url) == 0) {
        read_validator(p->identity.etag, note, "etag");
        read_validator(p->identity.last_modified, note, "last_modified");
        const json_t *bytes = json_object_get(note, "bytes");
        p->total = json_is_integer(bytes) ? (int64_t)json_integer_value(bytes) : -1;
        in_ranges = json_is_true(json_object_get(note, "in_ranges"));
    }
    json_decref(note);
    return in_ranges;
}

/* In place, for it is locked, and to the disk, before any byte comes that it is about. A partial note counts as absent.
 */
static en_status write_note(const en_http_part *p, en_error *err)
{
    json_t *note =
        json_pack("{s:s, s:s, s:s, s:I, s:b}", "url", p->url, "etag", p->identity.etag, "last_modified",
                  p->identity.last_modified, "bytes", (json_int_t)p->total, "in_ranges", p->pieces.count > 0);
    char *text =
        note != NULL ? json_dumps(note, JSON_INDENT(2)) : NULL; /* NULL for a URL not in UTF-8: not resumed then */
    json_decref(note);
    size_t length = text != NULL && strlen(text) < NOTE_CAP ? strlen(text) : 0;
    bool written = ftruncate(p->lock, 0) == 0 && (length == 0 || pwrite(p->lock, text, length, 0) == (ssize_t)length) &&
                   fsync(p->lock) == 0;
    free(text); /* jansson's, not en_alloc's */
    return written ? EN_OK : en_error_errno(err, "cannot write '%s'", p->note);
}

/* Opens and locks the note, which its last owner may have removed in between. */
static en_status take_lock(en_http_part *p, en_error *err)
{
    struct stat s;
    p->lock = open(p->note, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (p->lock < 0) {
        return en_error_errno(err, "cannot write '%s'", p->note);
    }
    en_lock_outcome outcome = en_lock_descriptor(p->lock);
    if (outcome == EN_LOCK_TAKEN && fstat(p->lock, &s) != 0) {
        outcome = EN_LOCK_FAILED;
    }
    if (outcome == EN_LOCK_TAKEN && s.st_nlink > 0) {
        return EN_OK;
    }
    en_status st = outcome == EN_LOCK_FAILED
                       ? en_error_errno(err, "cannot lock '%s'", p->note)
                       : en_error_set(err, EN_BUSY, "'%s' is being downloaded by another process", p->path);
    close(p->lock);
    p->lock = -1;
    return st;
}

/* Opens the part, or sees that PATH is whole already. */
static en_status look(en_http_part *p, bool in_ranges, en_error *err)
{
    struct stat s;
    p->fd = open(p->part, O_RDWR | O_CLOEXEC);
    if (p->fd < 0 && errno != ENOENT) {
        return en_error_errno(err, "cannot write '%s'", p->part);
    }
    if (p->fd < 0) {
        p->whole = p->total >= 0 && stat(p->path, &s) == 0 && S_ISREG(s.st_mode) && s.st_size == p->total;
    } else if (fstat(p->fd, &s) != 0) {
        return en_error_errno(err, "cannot read '%s'", p->part);
    } else if (!in_ranges) {
        p->have = en_http_part_validator(p) != NULL ? s.st_size : 0;
    } else if (s.st_size == p->total && p->identity.etag[0] == '"' &&
               en_http_pieces_read(&p->pieces, p->ranges, p->identity.etag, p->total)) {
        p->have = en_http_pieces_have(&p->pieces);
    }
    return EN_OK;
}

en_status en_http_part_open(en_http_part *p, const char *path, const char *url, en_error *err)
{
    *p = (en_http_part){.path = en_strdup(path),
                        .part = en_format("%s.part", path),
                        .note = en_format("%s.note", path),
                        .ranges = en_format("%s.ranges", path),
                        .url = url,
                        .lock = -1,
                        .fd = -1,
                        .total = -1};
    en_status st = p->path == NULL || p->part == NULL || p->note == NULL || p->ranges == NULL
                       ? en_error_nomem(err, "a path")
                       : take_lock(p, err);
    if (st == EN_OK) {
        bool in_ranges = read_note(p);
        st = look(p, in_ranges, err);
    }
    if (st != EN_OK) {
        en_http_part_close(p);
    }
    return st;
}

const char *en_http_part_validator(const en_http_part *p)
{
    const en_http_identity *id = &p->identity;
    if (id->etag[0] == '"') { /* a weak one, W/"...", does not identify the bytes */
        return id->etag;
    }
    return id->last_modified[0] != '\0' ? id->last_modified : NULL;
}

en_status en_http_part_restart(en_http_part *p, const en_http_identity *identity, int64_t total, en_error *err)
{
    if (p->fd < 0) {
        p->fd = open(p->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    }
    /* Emptied on the disk before the new note is there: after a crash it must not stand beside the old bytes. */
    if (p->fd < 0 || ftruncate(p->fd, 0) != 0 || fsync(p->fd) != 0) {
        return en_error_errno(err, "cannot write '%s'", p->part);
    }
    if (unlink(p->ranges) != 0 && errno != ENOENT) {
        return en_error_errno(err, "cannot remove '%s'", p->ranges);
    }
    p->whole = false;
    en_http_part_forget(p);
    p->total = total;
    p->identity = *identity;
    return write_note(p, err);
}

void en_http_part_forget(en_http_part *p)
{
    en_http_pieces_clear(&p->pieces);
    p->have = p->unsaved = 0;
}

/* Takes the space of the whole part on the disk, where the file system knows how. */
static en_status allocate(const en_http_part *p, en_error *err)
{
    int failed = 0;
    do {
        failed = fallocate(p->fd, 0, 0, (off_t)p->total) == 0 ? 0 : errno;
    } while (failed == EINTR);
    if (failed == ENOSPC || failed == EDQUOT) {
        en_status st = en_http_part_room(p, p->total, err);
        return st != EN_OK ? st : en_error_set(err, EN_IO, "cannot write '%s': the disk is full", p->part);
    }
    if (failed == EFBIG || ftruncate(p->fd, (off_t)p->total) != 0) {
        errno = failed == EFBIG ? EFBIG : errno;
        return en_error_errno(err, "cannot write '%s'", p->part);
    }
    return EN_OK;
}

en_status en_http_part_split(en_http_part *p, int64_t size, const en_http_sums *sums, en_error *err)
{
    en_status st = en_http_pieces_init(&p->pieces, p->total, size, sums, err);
    if (st == EN_OK) {
        st = en_http_pieces_write(&p->pieces, p->ranges, p->identity.etag, err);
    }
    if (st == EN_OK) {
        st = write_note(p, err);
    }
    /* From here on the length of the part is not what came. */
    return st == EN_OK ? allocate(p, err) : st;
}

en_status en_http_part_put(en_http_part *p, size_t piece, const void *data, size_t bytes, en_error *err)
{
    int64_t *got = &p->pieces.got[piece], at = (int64_t)piece * p->pieces.size + *got;
    en_status st = en_fd_write(p->fd, p->part, data, bytes, at, err);
    if (st == EN_OK) {
        *got += (int64_t)bytes;
        p->have += (int64_t)bytes;
        p->unsaved += (int64_t)bytes;
    }
    return st;
}

en_status en_http_part_save(en_http_part *p, en_error *err)
{
    if (p->unsaved == 0) {
        return EN_OK;
    }
    if (fdatasync(p->fd) != 0) {
        return en_error_errno(err, "cannot write '%s'", p->part);
    }
    en_status st = en_http_pieces_write(&p->pieces, p->ranges, p->identity.etag, err);
    p->unsaved = st == EN_OK ? 0 : p->unsaved;
    return st;
}

en_status en_http_part_room(const en_http_part *p, int64_t bytes, en_error *err)
{
    en_status st = en_file_check_space(p->part, bytes, err);
    if (st != EN_OK) {
        en_error_prefix(err, "cannot download '%s'", p->path);
    }
    return st;
}

en_status en_http_part_add(en_http_part *p, const void *data, size_t bytes, en_error *err)
{
    en_status st = en_fd_write(p->fd, p->part, data, bytes, p->have, err);
    p->have += st == EN_OK ? (int64_t)bytes : 0; /* what came of the rest counts when the part is opened again */
    return st;
}

en_status en_http_part_commit(en_http_part *p, en_error *err)
{
    if (p->total != p->have) { /* the length was not announced */
        p->total = p->have;
        en_status st = write_note(p, err);
        if (st != EN_OK) {
            return st;
        }
    }
    if (ftruncate(p->fd, (off_t)p->have) != 0 || fsync(p->fd) != 0) {
        return en_error_errno(err, "cannot write '%s'", p->part);
    }
    if (rename(p->part, p->path) != 0) {
        return en_error_errno(err, "cannot write '%s'", p->path);
    }
    close(p->fd);
    p->fd = -1;
    p->whole = true;
    en_status st = en_file_sync_folder(p->path, err);
    if (st == EN_OK && p->pieces.count > 0) {
        (void)unlink(p->ranges); /* without a part it says nothing */
    }
    return st;
}

void en_http_part_close(en_http_part *p)
{
    if (p->fd >= 0) {
        if (p->have == 0) {
            (void)unlink(p->part);
            (void)unlink(p->ranges);
        }
        close(p->fd);
    }
    if (p->lock >= 0) {
        if (p->have == 0 && !p->whole) {
            (void)unlink(p->note);
        }
        close(p->lock);
    }
    en_free(p->path);
    en_free(p->part);
    en_free(p->note);
    en_free(p->ranges);
    en_http_pieces_clear(&p->pieces);
    *p = (en_http_part){.lock = -1, .fd = -1};
}
