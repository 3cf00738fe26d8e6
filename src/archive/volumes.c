/* Finding the volumes of a cut archive and reading them as one stream. Uses POSIX files and base. */
#include "archive/volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define SUFFIX 4 /* ".001" */

unsigned en_volume_number(const char *path)
{
    const char *base = en_path_base(path);
    size_t length = strlen(base);
    if (length <= SUFFIX) {
        return 0;
    }
    const char *dot = base + length - SUFFIX;
    if (dot[0] != '.' || strspn(dot + 1, "0123456789") != SUFFIX - 1) {
        return 0;
    }
    return (unsigned)((dot[1] - '0') * 100 + (dot[2] - '0') * 10 + (dot[3] - '0'));
}

/* The folder of `path`, to be listed: "." for a bare name. */
static char *folder_of(const char *path)
{
    const char *base = en_path_base(path);
    if (base == path) {
        return en_strdup(".");
    }
    return base == path + 1 ? en_strdup("/") : en_strndup(path, (size_t)(base - path) - 1);
}

static en_status add_file(en_volumes *v, size_t index, char *path, en_error *err)
{
    struct stat s;
    v->item[index].path = path; /* owned from here on, also on errors */
    if (path == NULL) {
        return en_error_nomem(err, "a path");
    }
    if (stat(path, &s) != 0) {
        return errno == ENOENT || errno == ENOTDIR ? en_error_set(err, EN_INPUT, "there is no file '%s'", path)
                                                   : en_error_errno(err, "cannot read '%s'", path);
    }
    if (!S_ISREG(s.st_mode)) {
        return en_error_set(err, EN_INPUT, "cannot read '%s': it is not a regular file", path);
    }
    v->item[index].bytes = s.st_size;
    if (__builtin_add_overflow(v->bytes, (int64_t)s.st_size, &v->bytes)) {
        return en_error_set(err, EN_INPUT, "cannot read '%s': its volumes are too large together", v->path);
    }
    return EN_OK;
}

static en_status allocate(en_volumes *v, size_t count, en_error *err)
{
    v->item = en_calloc(count, sizeof *v->item);
    if (v->item == NULL) {
        return en_error_nomem(err, "a list of volumes");
    }
    v->count = count;
    return EN_OK;
}

/* Marks which numbers of the sequence v->path are in its folder; *last is the highest of them, 0 for none. */
static en_status list_numbers(const en_volumes *v, bool there[EN_VOLUMES_MAX + 1], unsigned *last, en_error *err)
{
    en_names names = {0};
    *last = 0;
    char *folder = folder_of(v->path);
    if (folder == NULL) {
        return en_error_nomem(err, "a path");
    }
    en_status st = en_file_list(folder, &names, err);
    if (st != EN_OK) {
        goto done;
    }
    const char *whole = en_path_base(v->path);
    size_t length = strlen(whole);
    for (size_t i = 0; i < names.count; i++) {
        unsigned number = en_volume_number(names.name[i]);
        if (number > 0 && strlen(names.name[i]) == length + SUFFIX && strncmp(names.name[i], whole, length) == 0) {
            there[number] = true;
            *last = number > *last ? number : *last;
        }
    }
done:
    en_names_free(&names);
    en_free(folder);
    return st;
}

static en_status find_sequence(en_volumes *v, en_error *err)
{
    bool there[EN_VOLUMES_MAX + 1] = {false};
    unsigned last;
    en_status st = list_numbers(v, there, &last, err);
    if (st != EN_OK) {
        return st;
    }
    for (unsigned n = 1; n <= last; n++) {
        if (!there[n]) {
            return en_error_set(err, EN_INPUT,
                                "'%s.%03u' is missing: '%s.%03u' is there, and all volumes before it are needed",
                                v->path, n, en_path_base(v->path), last);
        }
    }
    st = allocate(v, last, err);
    for (unsigned n = 1; n <= last && st == EN_OK; n++) {
        st = add_file(v, n - 1, en_format("%s.%03u", v->path, n), err);
    }
    return st;
}

bool en_volume_is_split(const char *path)
{
    const char *ext = en_path_ext(path);
    size_t length = strlen(ext);
    return (ext[0] == 'z' || ext[0] == 'Z') && (length == 3 || length == 4) &&
           strspn(ext + 1, "0123456789") == length - 1;
}

/* `stem`, its first `length` bytes, with `usual` behind it, or with `other` where only that is a file; en_free. */
static char *spelled(const char *stem, size_t length, const char *usual, const char *other)
{
    char *name = en_format("%.*s%s", (int)length, stem, usual);
    if (name == NULL || en_file_exists(name)) {
        return name;
    }
    char *second = en_format("%.*s%s", (int)length, stem, other);
    bool there = second != NULL && en_file_exists(second);
    en_free(there ? name : second);
    return there ? second : name;
}

/* NAME.z01 in the spelling of NAME.zip, or in the other one; en_free. */
static char *split_name(const char *last, unsigned number)
{
    char lower[16], upper[16];
    size_t length = strlen(last);
    bool is_upper = last[length - 1] == 'P';
    en_print(lower, sizeof lower, "z%02u", number);
    en_print(upper, sizeof upper, "Z%02u", number);
    return spelled(last, length - 3, is_upper ? upper : lower, is_upper ? lower : upper);
}

/* NAME.zip of a split zip, by any of its volumes; NULL in *last when `path` is none of it. */
static en_status split_of(const char *path, char **last, en_error *err)
{
    bool upper = strcmp(en_path_ext(path), "ZIP") == 0;
    *last = NULL;
    if (en_volume_is_split(path)) {
        size_t length = strlen(path) - strlen(en_path_ext(path));
        bool is_upper = path[length] == 'Z';
        *last = spelled(path, length, is_upper ? "ZIP" : "zip", is_upper ? "zip" : "ZIP");
        if (*last != NULL && !en_file_exists(*last)) {
            en_status st = en_error_set(err, EN_INPUT, "'%s' is missing: it is the last volume of '%s'", *last, path);
            en_free(*last);
            *last = NULL;
            return st;
        }
        return *last != NULL ? EN_OK : en_error_nomem(err, "a path");
    }
    if ((upper || strcmp(en_path_ext(path), "zip") == 0) && en_file_exists(path)) {
        char *first = split_name(path, 1), *second = split_name(path, 2);
        bool split = first != NULL && second != NULL && (en_file_exists(first) || en_file_exists(second));
        en_free(first);
        en_free(second);
        *last = split ? en_strdup(path) : NULL;
        return split && *last == NULL ? en_error_nomem(err, "a path") : EN_OK;
    }
    return EN_OK;
}

/* The volumes before NAME.zip, and that: how many there must be, its directory says. */
static en_status find_split(en_volumes *v, const char *last, en_error *err)
{
    unsigned count = 0, gap = 0;
    for (unsigned n = 1; n <= EN_VOLUMES_MAX && n <= count + 2; n++) {
        char *name = split_name(last, n);
        bool there = name != NULL && en_file_exists(name);
        gap = !there && gap == 0 ? n : gap;
        count = there ? n : count;
        en_free(name);
    }
    if (gap > 0 && gap < count) {
        char *name = split_name(last, gap);
        en_status st = en_error_set(err, EN_INPUT, "'%s' is missing, and all volumes of '%s' are needed",
                                    name != NULL ? name : "a volume", last);
        en_free(name);
        return st;
    }
    v->path = en_strdup(last);
    en_status st = v->path != NULL ? allocate(v, count + 1, err) : en_error_nomem(err, "a path");
    for (unsigned n = 1; n <= count && st == EN_OK; n++) {
        st = add_file(v, n - 1, split_name(last, n), err);
    }
    return st == EN_OK ? add_file(v, count, en_strdup(last), err) : st;
}

/* Whether `path` stands for a sequence: one of its volumes, or the name of the whole when only the volumes are there.
 */
static en_status sequence_of(const char *path, char **whole, en_error *err)
{
    *whole = NULL;
    if (en_file_exists(path)) {
        if (en_volume_number(path) == 0) {
            return EN_DONE;
        }
        *whole = en_strndup(path, strlen(path) - SUFFIX);
        return *whole == NULL ? en_error_nomem(err, "a path") : EN_OK;
    }
    char *first = en_format("%s.001", path);
    if (first == NULL) {
        return en_error_nomem(err, "a path");
    }
    bool cut = en_file_exists(first);
    en_free(first);
    if (!cut) {
        return EN_DONE;
    }
    *whole = en_strdup(path);
    return *whole == NULL ? en_error_nomem(err, "a path") : EN_OK;
}

en_status en_volumes_find(const char *path, en_volumes *out, en_error *err)
{
    char *last = NULL;
    *out = (en_volumes){0};
    en_status st = split_of(path, &last, err);
    if (st == EN_OK && last != NULL) {
        st = find_split(out, last, err);
        en_free(last);
        if (st != EN_OK) {
            en_volumes_clear(out);
        }
        return st;
    }
    st = st == EN_OK ? sequence_of(path, &out->path, err) : st;
    if (st == EN_OK) {
        st = find_sequence(out, err);
    } else if (st == EN_DONE) {
        out->path = en_strdup(path);
        st = out->path == NULL ? en_error_nomem(err, "a path") : allocate(out, 1, err);
        if (st == EN_OK) {
            st = add_file(out, 0, en_strdup(path), err);
        }
    }
    if (st != EN_OK) {
        en_volumes_clear(out);
    }
    return st;
}

void en_volumes_clear(en_volumes *volumes)
{
    for (size_t i = 0; i < volumes->count; i++) {
        en_free(volumes->item[i].path);
    }
    en_free(volumes->item);
    en_free(volumes->path);
    *volumes = (en_volumes){0};
}

struct en_volume_stream {
    const en_volumes *volumes;
    size_t current; /* the volume that `at` is in; volumes->count at the end */
    int64_t start;  /* of that volume in the whole */
    int64_t at;     /* in the whole */
    int fd;         /* of the volume `opened`, or -1 */
    size_t opened;
};

en_status en_volume_stream_open(const en_volumes *volumes, en_volume_stream **out, en_error *err)
{
    *out = en_calloc(1, sizeof **out);
    if (*out == NULL) {
        return en_error_nomem(err, "a stream");
    }
    (*out)->volumes = volumes;
    (*out)->fd = -1;
    en_volume_stream_seek(*out, 0);
    return EN_OK;
}

void en_volume_stream_seek(en_volume_stream *stream, int64_t at)
{
    const en_volumes *v = stream->volumes;
    stream->at = at < 0 ? 0 : at > v->bytes ? v->bytes : at;
    stream->current = 0;
    stream->start = 0;
    while (stream->current < v->count && stream->at - stream->start >= v->item[stream->current].bytes) {
        stream->start += v->item[stream->current++].bytes;
    }
}

int64_t en_volume_stream_tell(const en_volume_stream *stream) { return stream->at; }

static en_status open_current(en_volume_stream *stream, en_error *err)
{
    if (stream->fd >= 0 && stream->opened == stream->current) {
        return EN_OK;
    }
    if (stream->fd >= 0) {
        close(stream->fd);
    }
    const char *path = stream->volumes->item[stream->current].path;
    stream->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (stream->fd < 0) {
        return errno == EACCES || errno == ENOENT
                   ? en_error_set(err, EN_INPUT, "cannot open '%s': %s", path,
                                  errno == EACCES ? "permission denied" : "it no longer exists")
                   : en_error_errno(err, "cannot open '%s'", path);
    }
    stream->opened = stream->current;
    return EN_OK;
}

/* What is not in files. */
static en_status read_elsewhere(en_volume_stream *stream, void *data, size_t bytes, size_t *got, en_error *err)
{
    const en_volumes *v = stream->volumes;
    int64_t left = v->bytes - stream->at, at = stream->at - v->tail_at;
    size_t wanted = bytes < (size_t)left ? bytes : (size_t)left;
    en_status st = EN_OK;
    if (v->read != NULL) {
        st = wanted > 0 ? v->read(v->ctx, stream->at, data, wanted, err) : EN_OK;
    } else {
        memcpy(data, (const char *)v->tail + at, wanted);
    }
    *got += st == EN_OK ? wanted : 0;
    stream->at += st == EN_OK ? (int64_t)wanted : 0;
    return st;
}

en_status en_volume_stream_read(en_volume_stream *stream, void *data, size_t capacity, size_t *got, en_error *err)
{
    const en_volumes *v = stream->volumes;
    *got = 0;
    if (v->read != NULL) {
        return read_elsewhere(stream, data, capacity, got, err);
    }
    while (*got < capacity && stream->at < v->bytes) {
        if (v->tail != NULL && stream->at >= v->tail_at) {
            return read_elsewhere(stream, (char *)data + *got, capacity - *got, got, err);
        }
        en_status st = open_current(stream, err);
        if (st != EN_OK) {
            return st;
        }
        const en_volume *volume = &v->item[stream->current];
        int64_t end = stream->start + volume->bytes;
        int64_t left = (v->tail != NULL && v->tail_at < end ? v->tail_at : end) - stream->at;
        size_t wanted = capacity - *got < (size_t)left ? capacity - *got : (size_t)left;
        ssize_t n = pread(stream->fd, (char *)data + *got, wanted, (off_t)(stream->at - stream->start));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return en_error_errno(err, "cannot read '%s'", volume->path);
        }
        if (n == 0) {
            return en_error_set(err, EN_INPUT, "'%s' became shorter while it was read", volume->path);
        }
        *got += (size_t)n;
        stream->at += n;
        while (stream->current < v->count && stream->at - stream->start >= v->item[stream->current].bytes) {
            stream->start += v->item[stream->current++].bytes;
        }
    }
    return EN_OK;
}

void en_volume_stream_close(en_volume_stream *stream)
{
    if (stream != NULL) {
        if (stream->fd >= 0) {
            close(stream->fd);
        }
        en_free(stream);
    }
}

const char *en_volume_at(const en_volumes *v, int64_t at)
{
    size_t i = 0;
    for (; i + 1 < v->count && at >= v->item[i].bytes; i++) {
        at -= v->item[i].bytes;
    }
    return v->item[i].path;
}
