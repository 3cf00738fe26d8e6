/* Folders of strangers: openat without links. */
#include "training/track/beneath.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

#define CHUNK ((size_t)64 << 10)

en_status en_beneath_root(const char *path, int *fd, en_error *err)
{
    *fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *fd >= 0 ? EN_OK : en_error_errno(err, "cannot open '%s'", path);
}

en_status en_beneath_open(int folder, const char *name, int *fd, bool *is_folder, en_error *err)
{
    struct stat s;
    *fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (*fd < 0) {
        const bool none = errno == ENOENT || errno == ELOOP || errno == ENXIO || errno == ENOTDIR;
        return none ? EN_DONE : en_error_errno(err, "cannot open '%.200s'", name);
    }
    const bool known = fstat(*fd, &s) == 0;
    *is_folder = known && S_ISDIR(s.st_mode);
    if (!known || !(S_ISREG(s.st_mode) || S_ISDIR(s.st_mode))) {
        (void)close(*fd);
        *fd = -1;
        return EN_DONE;
    }
    return EN_OK;
}

static int by_bytes(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

en_status en_beneath_list(int folder, en_names *out, en_error *err)
{
    const struct dirent *e;
    *out = (en_names){0};
    const int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = again >= 0 ? fdopendir(again) : NULL;
    if (dir == NULL) {
        if (again >= 0) {
            (void)close(again);
        }
        return en_error_errno(err, "cannot read a folder");
    }
    en_status st = EN_OK;
    while (st == EN_OK && (errno = 0, e = readdir(dir)) != NULL) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) {
            continue;
        }
        if (out->count == EN_BENEATH_NAMES_MAX) {
            st = en_error_set(err, EN_INPUT, "a folder has more than %d files", EN_BENEATH_NAMES_MAX);
            break;
        }
        char **rows = en_array_grow(out->name, out->count, sizeof *rows, err);
        if (rows == NULL) {
            st = EN_NOMEM;
            break;
        }
        out->name = rows;
        rows[out->count] = en_strdup(e->d_name);
        st = rows[out->count] != NULL ? EN_OK : en_error_nomem(err, "the names in a folder");
        out->count += st == EN_OK;
    }
    if (st == EN_OK && errno != 0) {
        st = en_error_errno(err, "cannot read a folder");
    }
    (void)closedir(dir);
    if (st == EN_OK && out->count > 0) {
        qsort(out->name, out->count, sizeof *out->name, by_bytes);
    } else if (st != EN_OK) {
        en_names_free(out);
    }
    return st;
}

en_status en_beneath_read(int fd, const char *name, en_buf *out, en_error *err)
{
    char *chunk = en_alloc(CHUNK);
    en_status st = chunk != NULL ? EN_OK : en_error_nomem(err, "a file");
    while (st == EN_OK) {
        const ssize_t n = read(fd, chunk, CHUNK);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            st = en_error_errno(err, "cannot read '%.200s'", name);
        } else if (n == 0) {
            break;
        } else if (out->size + (size_t)n > out->cap) {
            st = en_error_set(err, EN_INPUT, "'%.200s' has more than %zu bytes", name, out->cap);
        } else {
            st = en_buf_add(out, chunk, (size_t)n, err);
        }
    }
    en_free(chunk);
    return st;
}
