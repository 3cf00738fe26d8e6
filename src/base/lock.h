/* Locks on open files and folders: the kernel's (flock), each of which ends with its process however that ends. Nothing
 * here waits. */
#ifndef EN_BASE_LOCK_H
#define EN_BASE_LOCK_H

typedef enum en_lock_outcome {
    EN_LOCK_TAKEN,
    EN_LOCK_BUSY,  /* held by another process, or through another descriptor of this one */
    EN_LOCK_FAILED /* errno is set: no such file, no permission, a file system without locks, ... */
} en_lock_outcome;

/* Locks an open file or folder for this descriptor alone; closing it releases the lock. */
en_lock_outcome en_lock_descriptor(int fd);
/* Opens and locks an existing folder. *fd is its descriptor, whose close releases the lock, or -1. */
en_lock_outcome en_lock_folder(const char *path, int *fd);

#endif
