/* Which eyenet this is. */
#ifndef EN_BASE_VERSION_H
#define EN_BASE_VERSION_H

const char *en_version(void);      /* "0.1.0" */
const char *en_version_date(void); /* of that version, "2026-11-24": for pages that must not change with the day */
const char *en_commit(void); /* the commit it was built from, "unknown" outside a checkout, "-dirty" when changed */

#endif
