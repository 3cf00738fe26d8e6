/* Credentials from files and variables: small texts that are never shown. For fetch alone. */
#ifndef EN_INTAKE_FETCH_SECRET_H
#define EN_INTAKE_FETCH_SECRET_H

#include "base/buf.h"
#include "base/error.h"
#include "base/events.h"

/* The value of an environment variable, or NULL when it is missing or empty; borrowed. Given by cli, which alone reads
 * the environment. */
typedef const char *en_variable_fn(const char *name);

/* NULL also when there is no function. */
const char *en_variable(en_variable_fn *variable, const char *name);
/* "HOME/NAME", or NULL without a HOME or memory; en_free. */
char *en_home_path(en_variable_fn *variable, const char *name);

/* The text of a small file, appended to `out` without white space at its ends; EN_DONE when there is no such file. A
 * warning when others than its owner may read it. */
en_status en_secret_read(const char *path, const en_events *events, en_buf *out, en_error *err) EN_CHECKED;
/* Empties the buffer, its old bytes overwritten, and frees it. */
void en_secret_clear(en_buf *secret);
/* Overwrites and frees a text; safe on NULL. */
void en_secret_free(char *text);

#endif
