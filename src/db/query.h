/* SQL written by users: one statement that only reads. An authorizer refuses everything else (writing, ATTACH, PRAGMA,
 * loading extensions) when the text is prepared and, where a function prepares something of its own, when it steps, on
 * any handle; `eyenet sql` uses a read-only handle besides. */
#ifndef EN_DB_QUERY_H
#define EN_DB_QUERY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/events.h"
#include "db/db.h"

typedef struct en_query en_query;

typedef enum en_value_kind { EN_VALUE_NULL, EN_VALUE_INT, EN_VALUE_DOUBLE, EN_VALUE_TEXT, EN_VALUE_BLOB } en_value_kind;

/* `what` begins the messages: "eyenet sql", "subset 'small'". The query stops with EN_INTERRUPTED when events->stop
 * says so (events may be NULL). EN_INPUT: not one statement, or one that does more than read, or SQL's own complaint.
 */
en_status en_query_open(en_db *db, const char *what, const char *sql, const en_events *events, en_query **out,
                        en_error *err) EN_CHECKED;
/* The same for what must give the same answer whenever it is asked, as a target: functions that draw or ask the clock
 * are refused, too. */
en_status en_query_open_repeatable(en_db *db, const char *what, const char *sql, const en_events *events,
                                   en_query **out, en_error *err) EN_CHECKED;
void en_query_close(en_query *q); /* NULL is fine; end it before the handle is closed */
/* EN_OK: there is a row; EN_DONE. */
en_status en_query_next(en_query *q, en_error *err) EN_CHECKED;

int en_query_columns(const en_query *q);
const char *en_query_name(const en_query *q, int column);   /* borrowed until the query is closed */
en_value_kind en_query_kind(const en_query *q, int column); /* of this row's value: ask before reading it */
int64_t en_query_int(const en_query *q, int column);
double en_query_double(const en_query *q, int column);
/* The value as text, NULL for NULL; borrowed until the next row. A blob's bytes and their number are read by blob. */
const char *en_query_text(const en_query *q, int column);
/* The same in fresh memory (en_free). */
en_status en_query_dup(const en_query *q, int column, char **out, en_error *err) EN_CHECKED;
const void *en_query_blob(const en_query *q, int column, size_t *bytes);

#endif
