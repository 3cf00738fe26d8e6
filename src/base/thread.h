/* One thread. A header of its own, as what runs without threads has no pthread.h. */
#ifndef EN_BASE_THREAD_H
#define EN_BASE_THREAD_H

#include <pthread.h>

/* pthread_create with a stack of 2 MiB, whatever `ulimit -s` says; 0, or an errno. */
int en_thread_start(pthread_t *thread, void *(*run)(void *), void *ctx);

#endif
