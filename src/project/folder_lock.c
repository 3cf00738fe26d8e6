/* Locks on the folders of a project. */
#include "project/folder_lock.h"

#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/memory.h"

en_status en_folder_lock_acquire(const en_project *project, const char *folder, const char *who, en_folder_lock *lock,
                                 en_error *err)
{
    *lock = (en_folder_lock){0};
    char *path;
    en_status st = en_project_path(project, folder, &path, err);
    if (st == EN_OK) {
        st = en_file_mkdirs(path, err);
    }
    if (st == EN_OK) {
        en_lock_outcome outcome = en_lock_folder(path, &lock->fd);
        lock->held = outcome == EN_LOCK_TAKEN;
        st = outcome == EN_LOCK_BUSY     ? en_error_hint(err, en_error_set(err, EN_BUSY, "%s '%s' now", who, folder),
                                                         "try again when it has ended")
             : outcome == EN_LOCK_FAILED ? en_error_errno(err, "cannot lock '%s'", folder)
                                         : EN_OK;
    }
    en_free(path);
    return st;
}

void en_folder_lock_release(en_folder_lock *lock)
{
    if (lock->held) {
        (void)close(lock->fd);
    }
    *lock = (en_folder_lock){0};
}

bool en_folder_locked(const en_project *project, const char *folder)
{
    char *path;
    int fd = -1;
    bool taken = en_project_path(project, folder, &path, NULL) != EN_OK || en_lock_folder(path, &fd) == EN_LOCK_BUSY;
    if (fd >= 0) {
        (void)close(fd);
    }
    en_free(path);
    return taken;
}
