/* Locks on files and folders. */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

en_lock_outcome en_lock_descriptor(int fd)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        return EN_LOCK_TAKEN;
    }
    return errno == EWOULDBLOCK ? EN_LOCK_BUSY : EN_LOCK_FAILED;
}

en_lock_outcome en_lock_folder(const char *path, int *fd)
{
    *fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0) {
        return EN_LOCK_FAILED;
    }
    en_lock_outcome outcome = en_lock_descriptor(*fd);
    if (outcome != EN_LOCK_TAKEN) {
        int why = errno;
        (void)close(*fd);
        errno = why;
        *fd = -1;
    }
    return outcome;
}
