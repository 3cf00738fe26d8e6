/* What the files of the doctor share; no other includes it. */
#ifndef EN_PROJECT_DOCTOR_LOOK_H
#define EN_PROJECT_DOCTOR_LOOK_H

#include "project/doctor.h"

void en_doctor_find(en_doctor_result *r, en_finding_kind kind, const char *subject, const char *remedy, const char *fmt,
                    ...) EN_PRINTF(5, 6);
/* Whether the error says that something could not be looked at now (no descriptors, no memory, no permission, another
 * program's lock), and nothing about what is there. */
bool en_doctor_cannot_look(const en_error *err);
/* The catalog, or what it says, is damaged, or could not be looked at. */
void en_doctor_blame(const char *root, en_doctor_result *r, const char *subject, const en_error *why);
/* What must hold between rows, patients against names, and, deep, the measures of photographs against the files. */
void en_doctor_look_at_rules(en_project *project, bool deep, en_doctor_result *r);

#endif
