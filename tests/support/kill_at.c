/* To be preloaded: kills the program that it is loaded into, as kill -9 does, just before a call of its own that
 * changes a file or brings one to the disk. EN_KILL_AT says before which, counted from 1 over all threads; with 0 or
 * without it the program lives, and writes at its end how many calls there were to the file that EN_KILL_COUNT names.
 * What stdio writes is not counted. */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static atomic_long calls;

static void count(void)
{
    const char *at = getenv("EN_KILL_AT");
    long call = atomic_fetch_add(&calls, 1) + 1;
    if (at != NULL && call == atol(at)) {
        kill(getpid(), SIGKILL);
        pause(); /* it may reach another thread first */
    }
}

__attribute__((destructor)) static void report(void)
{
    const char *path = getenv("EN_KILL_COUNT");
    FILE *f = path != NULL ? fopen(path, "w") : NULL;
    if (f != NULL) {
        fprintf(f, "%ld\n", atomic_load(&calls));
        fclose(f);
    }
}

/* A call of this name: counted, and then the one that is found after this library's own. */
#define COUNTED(type, name, parameters, arguments)                                                                     \
    EXPORT type name parameters                                                                                        \
    {                                                                                                                  \
        static type(*next) parameters;                                                                                 \
        if (next == NULL) {                                                                                            \
            *(void **)&next = dlsym(RTLD_NEXT, #name);                                                                 \
        }                                                                                                              \
        count();                                                                                                       \
        return next arguments;                                                                                         \
    }

COUNTED(ssize_t, write, (int fd, const void *data, size_t bytes), (fd, data, bytes))
COUNTED(ssize_t, pwrite, (int fd, const void *data, size_t bytes, off_t at), (fd, data, bytes, at))
COUNTED(ssize_t, pwrite64, (int fd, const void *data, size_t bytes, off64_t at), (fd, data, bytes, at))
COUNTED(int, ftruncate, (int fd, off_t bytes), (fd, bytes))
COUNTED(int, ftruncate64, (int fd, off64_t bytes), (fd, bytes))
COUNTED(int, fsync, (int fd), (fd))
COUNTED(int, fdatasync, (int fd), (fd))
COUNTED(int, syncfs, (int fd), (fd))
COUNTED(int, mkdir, (const char *path, mode_t mode), (path, mode))
COUNTED(int, rename, (const char *from, const char *to), (from, to))
COUNTED(int, link, (const char *from, const char *to), (from, to))
COUNTED(int, unlink, (const char *path), (path))
