/* Giving a finished file its name without ever replacing another's. */
#ifndef EN_BASE_PLACE_H
#define EN_BASE_PLACE_H

#include "base/error.h"

/* `from`, whole and synced, becomes `to` in the same folder, which is synced; `from` is gone then. EN_DONE: there is a
 * `to` already, and both are as they were. */
en_status en_file_place(const char *from, const char *to, en_error *err) EN_CHECKED;

#endif
