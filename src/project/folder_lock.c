/* Holding folders. */
#include "project/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* An open folder with its lock, or -1 with errno: EWOULDBLOCK when another process has it. */
static int lock_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int why = errno;
        (void)close(fd);
        errno = why;
        fd = -1;
    }
    return fd;
}

en_status en_folder_lock_acquire(const en_project *project, const char *folder, const char *who, en_folder_lock *hold,
                                 en_error *err)
{
    *hold = (en_folder_lock){0};
    char *path = en_project_path(project, folder);
    en_status st = path != NULL ? en_file_mkdirs(path, err) : en_error_nomem(err, "a path");
    if (st == EN_OK) {
        *hold = (en_folder_lock){.held = true, .fd = lock_folder(path)};
        if (hold->fd < 0) {
            hold->held = false;
            st = errno == EWOULDBLOCK
                     ? en_error_set(err, EN_BUSY, "%s '%s' now: try again when it has ended", who, folder)
                     : en_error_errno(err, "cannot lock '%s'", folder);
        }
    }
    en_free(path);
    return st;
}

void en_folder_lock_release(en_folder_lock *hold)
{
    if (hold->held) {
        (void)close(hold->fd);
    }
    *hold = (en_folder_lock){0};
}

bool en_folder_locked(const en_project *project, const char *folder)
{
    char *path = en_project_path(project, folder);
    int fd = path != NULL ? lock_folder(path) : -1;
    bool taken = path == NULL || (fd < 0 && errno == EWOULDBLOCK);
    if (fd >= 0) {
        (void)close(fd);
    }
    en_free(path);
    return taken;
}
