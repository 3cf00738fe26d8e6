/* Folders of the project that one process works in at a time: samples/ while it ingests, runs/NAME while it trains. The
 * lock is the kernel's (flock) and ends with its process, however that ends: a folder that nobody holds is nobody's
 * work. */
#ifndef EN_LAB_HOLD_H
#define EN_LAB_HOLD_H

#include <stdbool.h>

#include "lab/lab.h"

typedef struct en_hold { /* zeroed: holds nothing */
    bool held;
    int fd;
} en_hold;

/* Makes the folder (relative to the project) when it is missing. EN_BUSY when another process holds it: "`who` ...". */
en_status en_hold_take(const en_lab *lab, const char *folder, const char *who, en_hold *hold, en_error *err) EN_CHECKED;
void en_hold_drop(en_hold *hold); /* safe on a zeroed one */
/* Whether some process holds the folder now. */
bool en_hold_taken(const en_lab *lab, const char *folder);

#endif
