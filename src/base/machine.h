/* The machine: what a run records of it, and how much memory a process may use. */
#ifndef EN_BASE_MACHINE_H
#define EN_BASE_MACHINE_H

#include <stddef.h>
#include <stdint.h>

typedef struct en_machine {
    char host[256];
    char cpu[128];        /* "AMD EPYC 7763", "unknown" */
    int64_t memory_bytes; /* en_machine_memory; 0: unknown */
} en_machine;

void en_machine_read(en_machine *machine);
/* The bytes of memory this process may use: the physical memory or the smallest limit of the control groups (version 2)
 * it is in, whichever is less. SIZE_MAX when unknown. */
size_t en_machine_memory(void);
/* The smallest memory limit, in bytes, of the control groups (version 2) mounted at `root`: of the group that the file
 * `membership` ("/proc/self/cgroup") names and of every group above it. SIZE_MAX when none has a limit. */
size_t en_machine_group_limit(const char *root, const char *membership);

#endif
