/* Reading a catalog in a folder that cannot be written, where SQLite cannot make the index of its log: as it stands
 * when nobody is at it and its log is empty, else through a private copy with its log. Uses SQLite and base. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "db/internal.h"

#define BLOCK ((size_t)1 << 20)
#define SQLITE_LOCKS 0x40000000 /* SQLite's file format, "pending byte": locks are on the 512 bytes from here on */

/* Whether another process has SQLite's locks on the file now. */
static en_status check_unlocked(const char *path, en_error *err)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = SQLITE_LOCKS, .l_len = 512};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return en_error_errno(err, "cannot open '%s'", path);
    }
    bool locked = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    (void)close(fd);
    return locked ? en_error_hint(err, en_error_set(err, EN_BUSY, "'%s' is held by another program", path),
                                  "try again when it has ended")
                  : EN_OK;
}

static en_status copy_file(const char *from, const char *to, en_error *err)
{
    int fd = -1, in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) {
        return en_error_errno(err, "cannot open '%s'", from);
    }
    int64_t at = 0;
    ssize_t got = 0;
    char *block = en_alloc(BLOCK);
    en_status st = block != NULL ? EN_OK : en_error_nomem(err, "a copy");
    if (st == EN_OK && (fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) < 0) {
        st = en_error_errno(err, "cannot write '%s'", to);
    }
    while (st == EN_OK && (got = read(in, block, BLOCK)) > 0) {
        st = en_fd_write(fd, to, block, (size_t)got, at, err);
        at += got;
    }
    if (st == EN_OK && got < 0) {
        st = en_error_errno(err, "cannot read '%s'", from);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    (void)close(in);
    en_free(block);
    return st;
}

static en_status make_folder(char **folder, en_error *err)
{
    static const char *const place[] = {"/tmp", "/var/tmp", "/dev/shm"};
    for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
        *folder = en_format("%s/eyenet-XXXXXX", place[i]);
        if (*folder == NULL) {
            return en_error_nomem(err, "a path");
        }
        if (mkdtemp(*folder) != NULL) {
            return EN_OK;
        }
        en_free(*folder);
        *folder = NULL;
    }
    return en_error_hint(err, en_error_errno(err, "cannot make a folder for a copy of the catalog in /tmp"),
                         "make /tmp writable, or copy the project");
}

/* The file and its log, in a folder of their own. */
static en_status copy_catalog(const char *path, const char *log, en_db_reading *r, en_error *err)
{
    char *copied_log = NULL;
    en_status st = make_folder(&r->folder, err);
    if (st == EN_OK) {
        r->name = en_path_join(r->folder, en_path_base(path));
        copied_log = r->name != NULL ? en_format("%s-wal", r->name) : NULL;
        st = copied_log != NULL ? copy_file(path, r->name, err) : en_error_nomem(err, "a path");
    }
    if (st == EN_OK) {
        st = copy_file(log, copied_log, err);
    }
    en_free(copied_log);
    return st;
}

/* "file:PATH?immutable=1", what a URI would read otherwise escaped. */
static en_status as_immutable(const char *path, char **name, en_error *err)
{
    en_buf uri;
    en_buf_init(&uri, (size_t)1 << 16);
    en_status st = en_buf_text(&uri, "file:", err);
    for (const char *c = path; *c != '\0' && st == EN_OK; c++) {
        st = strchr("%?#", *c) != NULL ? en_buf_printf(&uri, err, "%%%02X", (unsigned char)*c)
                                       : en_buf_add(&uri, c, 1, err);
    }
    if (st == EN_OK) {
        st = en_buf_text(&uri, "?immutable=1", err);
    }
    if (st == EN_OK && (*name = en_strdup(en_buf_str(&uri))) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    en_buf_clear(&uri);
    return st;
}

bool en_db_folder_is_writable(const char *path)
{
    char *folder = en_strndup(path, (size_t)(en_path_base(path) - path));
    bool writable = folder == NULL || access(folder[0] != '\0' ? folder : ".", W_OK) == 0 ||
                    (errno != EROFS && errno != EACCES && errno != EPERM);
    en_free(folder);
    return writable;
}

en_status en_db_reading_begin(const char *path, en_db_reading *r, en_error *err)
{
    *r = (en_db_reading){0};
    char *log = en_format("%s-wal", path), *index = en_format("%s-shm", path);
    en_status st = log != NULL && index != NULL ? EN_OK : en_error_nomem(err, "a path");
    if (st != EN_OK || en_file_exists(index)) { /* with an index SQLite reads without writing */
        goto done;
    }
    st = check_unlocked(path, err);
    if (st != EN_OK) {
        goto done;
    }
    struct stat s;
    st = stat(log, &s) == 0 && s.st_size > 0 ? copy_catalog(path, log, r, err) : as_immutable(path, &r->name, err);
done:
    if (st != EN_OK) {
        en_db_reading_end(r);
    }
    en_free(log);
    en_free(index);
    return st;
}

void en_db_reading_end(en_db_reading *r)
{
    if (r->folder != NULL) {
        (void)!en_file_remove_tree(r->folder, NULL);
    }
    en_free(r->folder);
    en_free(r->name);
    *r = (en_db_reading){0};
}
