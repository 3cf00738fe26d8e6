/* To be preloaded: writes down, in order, what a program writes to files and brings to the disk, a line each to the
 * file that EN_SYNC_LOG names: the call, a tab, the path, and for a rename another tab and the new path. fdatasync
 * counts as fsync. What stdio writes is not seen. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

/* The call that is found after this library's own. */
#define NEXT(name)                                                                                                     \
    static __typeof__(name) *next;                                                                                     \
    if (next == NULL) {                                                                                                \
        *(void **)&next = dlsym(RTLD_NEXT, #name);                                                                     \
    }

static void say(const char *call, const char *path, const char *to)
{
    char line[8400];
    const char *log = getenv("EN_SYNC_LOG");
    int fd = log != NULL ? open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666) : -1;
    int length = snprintf(line, sizeof line, "%s\t%s%s%s\n", call, path, to[0] != '\0' ? "\t" : "", to);
    if (fd >= 0) {
        dprintf(fd, "%.*s", length, line);
        close(fd);
    }
}

static void say_fd(const char *call, int fd)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length > 0 && path[0] == '/') {
        path[length] = '\0';
        say(call, path, "");
    }
}

/* A path as /proc has those of open files: from the root. */
static const char *whole(const char *path, char out[4096])
{
    char here[2048];
    if (path[0] == '/' || getcwd(here, sizeof here) == NULL) {
        return path;
    }
    snprintf(out, 4096, "%s/%.2000s", here, path);
    return out;
}

EXPORT ssize_t write(int fd, const void *data, size_t bytes)
{
    NEXT(write)
    say_fd("write", fd);
    return next(fd, data, bytes);
}

EXPORT ssize_t pwrite(int fd, const void *data, size_t bytes, off_t at)
{
    NEXT(pwrite)
    say_fd("write", fd);
    return next(fd, data, bytes, at);
}

EXPORT ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t at)
{
    NEXT(pwrite64)
    say_fd("write", fd);
    return next(fd, data, bytes, at);
}

EXPORT int ftruncate(int fd, off_t bytes)
{
    NEXT(ftruncate)
    say_fd("truncate", fd);
    return next(fd, bytes);
}

EXPORT int fsync(int fd)
{
    NEXT(fsync)
    int result = next(fd);
    say_fd("fsync", fd);
    return result;
}

EXPORT int fdatasync(int fd)
{
    NEXT(fdatasync)
    int result = next(fd);
    say_fd("fsync", fd);
    return result;
}

EXPORT int syncfs(int fd)
{
    NEXT(syncfs)
    int result = next(fd);
    say_fd("syncfs", fd);
    return result;
}

EXPORT int mkdir(const char *path, mode_t mode)
{
    NEXT(mkdir)
    char at[4096];
    int result = next(path, mode);
    if (result == 0) {
        say("mkdir", whole(path, at), "");
    }
    return result;
}

EXPORT int rename(const char *from, const char *to)
{
    NEXT(rename)
    char before[4096], after[4096];
    int result = next(from, to);
    if (result == 0) {
        say("rename", whole(from, before), whole(to, after));
    }
    return result;
}
