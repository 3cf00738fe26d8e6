/* Seconds as text: how long a workflow took. Never part of a result that must repeat. */
#ifndef EN_BASE_CLOCK_H
#define EN_BASE_CLOCK_H

#include <time.h>

static inline double en_clock_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
