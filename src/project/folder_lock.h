/* Folders of the project that one process works in at a time: samples/ while it ingests, runs/NAME while it trains. The
 * lock is the kernel's (flock) and ends with its process, however that ends: a folder that is not locked is not in
 * use. */
#ifndef EN_PROJECT_FOLDER_LOCK_H
#define EN_PROJECT_FOLDER_LOCK_H

#include <stdbool.h>

#include "project/project.h"

typedef struct en_folder_lock { /* zeroed: holds nothing */
    bool held;
    int fd;
} en_folder_lock;

/* Makes the folder (relative to the project) when it is missing. EN_BUSY when another process holds it: "`who` ...". */
en_status en_folder_lock_acquire(const en_project *project, const char *folder, const char *who, en_folder_lock *lock,
                                 en_error *err) EN_CHECKED;
void en_folder_lock_release(en_folder_lock *lock); /* safe on a zeroed one */
/* Whether some process holds the folder now. */
bool en_folder_locked(const en_project *project, const char *folder);

#endif
