/* doctor: looks the machine and the project over. */
#ifndef EN_PROJECT_DOCTOR_H
#define EN_PROJECT_DOCTOR_H

#include <stdbool.h>

#include "project/project.h"

typedef enum en_finding_kind {
    EN_FINDING_OK,
    EN_FINDING_NOTE,
    EN_FINDING_BAD,    /* damaged, missing or not as it should be */
    EN_FINDING_SKIPPED /* could not be looked at now: nothing is said about it */
} en_finding_kind;

typedef struct en_finding {
    en_finding_kind kind;
    char subject[48]; /* "catalog", "photographs", "processor", ... */
    char text[400];   /* what was found */
    char remedy[200]; /* "" when nothing is to be done */
} en_finding;

typedef struct en_doctor_result {
    en_finding finding[64];
    size_t count, bad, skipped;
} en_doctor_result;

/* project may be NULL outside a project: only the machine is checked then. deep: photographs and samples are read
 * whole and their hashes compared; else only their lengths are. EN_FAILED when something is bad, else EN_BUSY when
 * something could not be looked at. */
en_status en_doctor(en_project *project, bool deep, en_doctor_result *result, en_error *err) EN_CHECKED;
/* In a project whose catalog cannot be opened, `why` is the error: the machine and the disk are checked, and the
 * catalog is bad or could not be looked at. EN_FAILED or EN_BUSY. */
en_status en_doctor_unopened(const char *root, const en_error *why, en_doctor_result *result, en_error *err) EN_CHECKED;

#endif
