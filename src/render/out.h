/* Results on standard output: as a table as text, as JSON or as CSV. The caller describes rows once; how they look
 * is decided here. Every write is checked, by en_out_finish at the latest. */
#ifndef EN_RENDER_OUT_H
#define EN_RENDER_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

typedef enum en_out_format { EN_OUT_TEXT, EN_OUT_JSON, EN_OUT_CSV, EN_OUT_HTML } en_out_format;

typedef struct en_out {
    FILE *stream;
    en_out_format format;
    size_t width; /* of the terminal in columns; 0: lines may be as long as they like */
    bool colour;  /* bold headings */
    bool utf8;    /* the terminal understands it */
    int failure;  /* errno of the first write that failed, or 0 */
    int fd;       /* where the stream of en_out_open writes */
} en_out;

/* Gives `out` a stream of its own that writes to the file descriptor and keeps the reason of the first failure, which
 * errno no longer has by the time the output is finished. `out` must stay where it is until en_out_close.
 * Lines go out as they end when the descriptor is a terminal. */
en_status en_out_open(en_out *out, int fd, en_error *err) EN_CHECKED;
/* Frees the stream and leaves the descriptor open; fine on what was never opened. */
void en_out_close(en_out *out);
/* A line as text; nothing in the other formats, whose readers want only the rows. */
void en_out_line(en_out *out, const char *fmt, ...) EN_PRINTF(2, 3);
/* True once a write failed: there is no point in going on. */
bool en_out_failed(en_out *out);
/* Flushes, and reports the first failed write: EN_IO; a closed pipe (EPIPE) is not an error. */
en_status en_out_finish(en_out *out, en_error *err) EN_CHECKED;

typedef struct en_column {
    const char *name; /* borrowed while the table lives */
    int decimals;     /* of real numbers, in text only; or one of these: */
} en_column;
#define EN_SIGNIFICANT (-1) /* six significant digits */
#define EN_UNCUT (-2)       /* a text that means nothing when a narrow terminal cuts it */
#define EN_WRAPPED (-3)     /* a text that is wrapped on a narrow terminal; one column of a table at most */

/* A table being printed: give each row its cells from left to right; the row ends by itself. As text, the first
 * thousand rows decide how wide the columns are, and the rest streams; when the narrowest columns do not fit the
 * terminal, each row stands upright instead, a line a column. JSON (an array of objects) and CSV (RFC 4180,
 * with a header) stream from the start. A table without rows is a header, or an empty array. */
typedef struct en_table en_table;
en_status en_table_new(en_out *out, const en_column *columns, size_t count, en_table **table, en_error *err) EN_CHECKED;
void en_table_text(en_table *t, const char *text); /* NULL: as en_table_null */
void en_table_int(en_table *t, int64_t value);
void en_table_real(en_table *t, double value); /* NaN and infinities: as en_table_null */
void en_table_null(en_table *t);
void en_table_blob(en_table *t, const void *data, size_t bytes); /* in hex */
/* Ends and frees the table. Memory that ran out on the way is reported here. */
en_status en_table_end(en_table *t, en_error *err) EN_CHECKED;
/* Frees it where it stands, after an error: JSON stays open, so that it cannot be mistaken for the whole. NULL is fine.
 */
void en_table_drop(en_table *t);

#endif
