/* Locks on the folders of a project. */
#include "project/folder_lock.h"

#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/memory.h"

en_status en_folder_lock_acquire(const en_project *project, const char *folder, const char *who, en_folder_lock *hold,
                                 en_error *err)
{
    *hold = (en_folder_lock){0};
    char *path = en_project_path(project, folder);
    en_status st = path != NULL ? en_file_mkdirs(path, err) : en_error_nomem(err, "a path");
    if (st == EN_OK) {
        *hold = (en_folder_lock){.held = true, .fd = en_lock_folder(path)};
        if (hold->fd < 0) {
            hold->held = false;
            st = errno == EWOULDBLOCK ? en_error_hint(err, en_error_set(err, EN_BUSY, "%s '%s' now", who, folder),
                                                      "try again when it has ended")
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
    int fd = path != NULL ? en_lock_folder(path) : -1;
    bool taken = path == NULL || (fd < 0 && errno == EWOULDBLOCK);
    if (fd >= 0) {
        (void)close(fd);
    }
    en_free(path);
    return taken;
}
