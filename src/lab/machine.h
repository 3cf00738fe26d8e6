/* The machine a run was made on, for the record. */
#ifndef EN_LAB_MACHINE_H
#define EN_LAB_MACHINE_H

#include <stdint.h>

typedef struct en_machine {
    char host[256];
    char cpu[128];        /* "AMD EPYC 7763", "unknown" */
    int64_t memory_bytes; /* 0: unknown */
} en_machine;

void en_machine_read(en_machine *machine);

#endif
