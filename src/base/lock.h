/* The lock on a folder: the kernel's (flock), which ends with its process however that ends. */
#ifndef EN_BASE_LOCK_H
#define EN_BASE_LOCK_H

/* Locks an existing folder without waiting. Returns a file descriptor, whose close releases the lock, or -1 with errno:
 * EWOULDBLOCK when the lock is held, by another process or by another descriptor of this one. */
int en_lock_folder(const char *path);

#endif
