/* Rows of the catalog as lines of JSON, both ways: a row is an array of values in the order of its fields, or an object
 * with their names. For the files of this folder alone. */
#ifndef EN_BUNDLE_ROW_H
#define EN_BUNDLE_ROW_H

#include <jansson.h>
#include <stdbool.h>

#include "base/untrusted.h"
#include "db/db.h"

typedef enum en_bundle_type {
    EN_BUNDLE_TEXT,
    EN_BUNDLE_INT,
    EN_BUNDLE_REAL,   /* null: not a number */
    EN_BUNDLE_ANOTHER /* the caller's */
} en_bundle_type;

typedef struct en_bundle_field {
    const char *name; /* of the column and of the parameter */
    en_bundle_type type;
    bool optional; /* null is a value, too */
    en_rule rule;
} en_bundle_field;

#define EN_BUNDLE_TEXT_MAX (1 << 20) /* bytes of a text */

/* The columns of the current row, in the order of the fields, as a new array or, `named`, a new object. */
en_status en_bundle_row_read(const en_stmt *s, const en_bundle_field *field, size_t fields, bool named, json_t **out,
                             en_error *err) EN_CHECKED;
/* EN_INPUT: it does not have these values, no more and no less. `what` begins the message. */
en_status en_bundle_row_check(const json_t *row, const en_bundle_field *field, size_t fields, const char *what,
                              en_error *err) EN_CHECKED;
/* Binds the values of a checked row to the parameters of their names; EN_BUNDLE_ANOTHER is left out. */
void en_bundle_row_bind(en_stmt *s, const json_t *row, const en_bundle_field *field, size_t fields);
/* The value of a field of a checked row; borrowed. */
const json_t *en_bundle_row_value(const json_t *row, const en_bundle_field *field, size_t fields, const char *name);

/* A real as JSON: null for NaN, "inf" and "-inf" as words; and back. NULL when out of memory. */
json_t *en_bundle_real(double value);

#endif
