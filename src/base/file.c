/* Paths, reading, and all-or-nothing writing of files. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

#define ROOM_TO_SPARE ((int64_t)16 << 20) /* bytes kept free for the catalog and other programs */

char *en_path_join(const char *a, const char *b)
{
    if (b[0] == '/' || a[0] == '\0') {
        return en_strdup(b);
    }
    return en_format("%s%s%s", a, a[strlen(a) - 1] == '/' ? "" : "/", b);
}

const char *en_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

const char *en_path_ext(const char *path)
{
    const char *base = en_path_base(path), *dot = strrchr(base, '.');
    return dot != NULL && dot != base ? dot + 1 : "";
}

bool en_file_exists(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0;
}

bool en_file_is_dir(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

en_status en_file_size(const char *path, int64_t *bytes, en_error *err)
{
    struct stat s;
    if (stat(path, &s) != 0) {
        return en_error_errno(err, "cannot read '%s'", path);
    }
    *bytes = s.st_size;
    return EN_OK;
}

/* A new folder survives a crash only when its parent folder has been synced. */
static en_status make_folder(const char *path, en_error *err)
{
    if (mkdir(path, 0777) == 0) {
        return en_file_sync_folder(path, err);
    }
    return errno == EEXIST && en_file_is_dir(path) ? EN_OK : en_error_errno(err, "cannot make folder '%s'", path);
}

en_status en_file_mkdirs(const char *path, en_error *err)
{
    if (path[0] == '\0') {
        return en_error_set(err, EN_INPUT, "cannot make a folder without a name");
    }
    char *copy = en_strdup(path);
    if (copy == NULL) {
        return en_error_nomem(err, "a path");
    }
    en_status st = EN_OK;
    for (char *at = copy + 1; st == EN_OK; at++) {
        if (*at != '/' && *at != '\0') {
            continue;
        }
        char kept = *at;
        *at = '\0';
        st = make_folder(copy, err);
        *at = kept;
        if (kept == '\0') {
            break;
        }
    }
    en_free(copy);
    return st;
}

en_status en_file_read(const char *path, en_buf *out, en_error *err)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return en_error_errno(err, "cannot open '%s'", path);
    }
    en_status st = EN_OK;
    struct stat s;
    if (fstat(fileno(f), &s) == 0 && S_ISDIR(s.st_mode)) {
        st = en_error_set(err, EN_INPUT, "cannot read '%s': it is a folder", path);
        goto done;
    }
    char block[1 << 14];
    size_t got;
    while (st == EN_OK && (got = fread(block, 1, sizeof block, f)) > 0) {
        st = en_buf_add(out, block, got, err);
        if (st != EN_OK) {
            en_error_prefix(err, "cannot read '%s'", path);
        }
    }
    if (st == EN_OK && ferror(f)) {
        st = en_error_errno(err, "cannot read '%s'", path);
    }
done:
    fclose(f);
    return st;
}

en_status en_file_free_space(const char *path, int64_t *bytes, en_error *err)
{
    struct statvfs s;
    if (statvfs(path, &s) != 0) {
        return en_error_errno(err, "cannot determine the free space of '%s'", path);
    }
    *bytes = (int64_t)s.f_bavail * (int64_t)s.f_frsize;
    return EN_OK;
}

en_status en_file_check_space(const char *path, int64_t bytes, en_error *err)
{
    int64_t left = 0;
    char needed[32], there[32];
    en_status st = en_file_free_space(path, &left, err);
    if (st != EN_OK || left - ROOM_TO_SPARE >= bytes) {
        return st;
    }
    return en_error_hint(err,
                         en_error_set(err, EN_IO, "%s are needed and only %s are free where '%s' is",
                                      en_human_size(bytes, needed, sizeof needed),
                                      en_human_size(left, there, sizeof there), path),
                         "free some disk space and repeat the command: it resumes");
}

/* errno has the reason; for a full disk, the free space and the remedy are added. */
static en_status write_error(int fd, const char *path, en_error *err)
{
    int cause = errno;
    struct statvfs s;
    char there[32];
    en_status st = en_error_errno(err, "cannot write '%s'", path);
    if (err != NULL && (cause == ENOSPC || cause == EDQUOT) && fstatvfs(fd, &s) == 0) {
        size_t used = strlen(err->text);
        snprintf(err->text + used, sizeof err->text - used, " (%s free)",
                 en_human_size((int64_t)s.f_bavail * (int64_t)s.f_frsize, there, sizeof there));
        return en_error_hint(err, st, "free some disk space and repeat the command");
    }
    return st;
}

en_status en_fd_write(int fd, const char *path, const void *data, size_t bytes, int64_t at, en_error *err)
{
    const char *from = data;
    while (bytes > 0) {
        ssize_t n = pwrite(fd, from, bytes, (off_t)at);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return write_error(fd, path, err);
        }
        from += n;
        bytes -= (size_t)n;
        at += n;
    }
    return EN_OK;
}

const char *en_file_network_fs(const char *path)
{
    struct statfs s;
    if (statfs(path, &s) != 0) {
        return NULL;
    }
    switch ((unsigned long)s.f_type) {
    case NFS_SUPER_MAGIC: return "nfs";
    case SMB_SUPER_MAGIC: return "smb";
    case 0xFF534D42UL: return "cifs"; /* CIFS_MAGIC_NUMBER, not in linux/magic.h before 5.16 */
    case 0xFE534D42UL: return "smb2";
    case AFS_SUPER_MAGIC: return "afs";
    case CODA_SUPER_MAGIC: return "coda";
    case 0x00C36400UL: return "ceph";
    case V9FS_MAGIC: return "9p";
    default: return NULL;
    }
}

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *walk)
{
    (void)s;
    (void)type;
    (void)walk;
    return remove(path);
}

en_status en_file_remove_tree(const char *path, en_error *err)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT) {
        return en_error_errno(err, "cannot remove '%s'", path);
    }
    return EN_OK;
}

/* Only a regular file may be replaced: a rename would destroy a device, a pipe or a folder. */
en_status en_file_check_target(const char *path, en_error *err)
{
    struct stat s;
    if (stat(path, &s) != 0) {
        return errno == ENOENT ? EN_OK : en_error_errno(err, "cannot write '%s'", path);
    }
    return S_ISREG(s.st_mode)
               ? EN_OK
               : en_error_set(err, EN_PATH, "cannot write '%s': it exists and is not a regular file", path);
}

en_status en_file_check_kind(const char *path, const void *begins, size_t bytes, const char *what, en_error *err)
{
    char head[64];
    struct stat s;
    if (stat(path, &s) != 0 || !S_ISREG(s.st_mode)) { /* opening a pipe would wait */
        return EN_OK;
    }
    FILE *there = fopen(path, "re");
    if (there == NULL) {
        return en_error_errno(err, "cannot see whether '%s' is %s", path, what);
    }
    size_t got = fread(head, 1, bytes, there);
    (void)fclose(there);
    return got == 0 || (got == bytes && memcmp(head, begins, bytes) == 0)
               ? EN_OK
               : en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' exists and is not %s", path, what),
                               "name another file");
}

en_status en_writer_open(en_writer *w, const char *path, en_error *err)
{
    *w = (en_writer){0};
    en_status writable = en_file_check_target(path, err);
    if (writable != EN_OK) {
        return writable;
    }
    *w = (en_writer){.path = en_strdup(path), .part = en_format("%s.part-%ld", path, (long)getpid())};
    if (w->path == NULL || w->part == NULL) {
        en_writer_abort(w);
        return en_error_nomem(err, "a path");
    }
    w->stream = fopen(w->part, "wb");
    if (w->stream == NULL) {
        en_status st = en_error_errno(err, "cannot write '%s'", path);
        en_writer_abort(w);
        return st;
    }
    return EN_OK;
}

en_status en_writer_write(en_writer *w, const void *data, size_t bytes, en_error *err)
{
    if (fwrite(data, 1, bytes, w->stream) != bytes) {
        return en_error_errno(err, "cannot write '%s'", w->path);
    }
    return EN_OK;
}

en_status en_file_sync_folder(const char *path, en_error *err)
{
    char copy[PATH_MAX]; /* a longer path could not have been opened */
    snprintf(copy, sizeof copy, "%s", path);
    const char *folder = dirname(copy);
    en_status st = EN_OK;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL)) {
        st = en_error_errno(err, "cannot sync the folder '%s'", folder);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return st;
}

en_status en_writer_sync(en_writer *w, en_error *err)
{
    return fflush(w->stream) == 0 && fsync(fileno(w->stream)) == 0 ? EN_OK
                                                                   : en_error_errno(err, "cannot write '%s'", w->path);
}

en_status en_writer_commit(en_writer *w, en_error *err)
{
    en_status st = en_writer_sync(w, err);
    if (fclose(w->stream) != 0 && st == EN_OK) {
        st = en_error_errno(err, "cannot write '%s'", w->path);
    }
    w->stream = NULL;
    if (st == EN_OK && rename(w->part, w->path) != 0) {
        st = en_error_errno(err, "cannot write '%s'", w->path);
    }
    if (st == EN_OK) {
        st = en_file_sync_folder(w->path, err);
        en_free(w->part);
        w->part = NULL;
    }
    en_writer_abort(w);
    return st;
}

void en_writer_abort(en_writer *w)
{
    if (w->stream != NULL) {
        fclose(w->stream);
    }
    if (w->part != NULL) {
        (void)unlink(w->part);
    }
    en_free(w->part);
    en_free(w->path);
    *w = (en_writer){0};
}

en_status en_file_write(const char *path, const void *data, size_t bytes, en_error *err)
{
    en_writer w = {0};
    en_status st = en_writer_open(&w, path, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_writer_write(&w, data, bytes, err);
    if (st != EN_OK) {
        en_writer_abort(&w);
        return st;
    }
    return en_writer_commit(&w, err);
}

static int by_bytes(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

en_status en_file_list(const char *dir, en_names *out, en_error *err)
{
    *out = (en_names){0};
    DIR *d = opendir(dir);
    if (d == NULL) {
        return en_error_errno(err, "cannot open folder '%s'", dir);
    }
    en_status st = EN_OK;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(d);
        if (entry == NULL) {
            st = errno != 0 ? en_error_errno(err, "cannot read folder '%s'", dir) : EN_OK;
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        char **grown = en_array_grow(out->name, out->count, sizeof *grown, err);
        if (grown == NULL) {
            st = EN_NOMEM;
            break;
        }
        out->name = grown;
        out->name[out->count] = en_strdup(entry->d_name);
        if (out->name[out->count] == NULL) {
            st = en_error_nomem(err, "a folder's names");
            break;
        }
        out->count++;
    }
    closedir(d);
    if (st != EN_OK) {
        en_names_free(out);
    } else if (out->count > 1) {
        qsort(out->name, out->count, sizeof *out->name, by_bytes);
    }
    return st;
}

void en_names_free(en_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        en_free(names->name[i]);
    }
    en_free(names->name);
    *names = (en_names){0};
}
