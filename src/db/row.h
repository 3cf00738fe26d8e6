/* Rows read into structs by column name. One table of columns per type says where each value goes; it serves reading,
 * clearing and checking, so the order of columns in a statement means nothing and a column that one side does not know
 * is an error before the first row is read.
 *
 *   static const en_row_column columns[] = {{"host", EN_COL(en_catalog_run, host)}, ...};
 *   static const en_row_type run_type = EN_ROW_TYPE(en_catalog_run, columns);
 *
 * The kind of a column follows from the member's type:
 *   int64_t     an integer; NULL is -1, the catalog's "unknown"
 *   uint64_t    the same bits (seeds); NULL is 0
 *   uint16_t    0..65535, else EN_INPUT; NULL is 0
 *   bool        false for 0 and NULL
 *   double      NULL is NaN
 *   char *      text in fresh memory that belongs to the row; NULL is NULL
 *   char[N]     text; NULL is ""; EN_INPUT when it does not fit
 *   an enum     its word; NULL and "" are 0; EN_INPUT when it is not a word: {"state", EN_COL_WORD(T, state, words)}
 *
 * A value of another type (a text for a number, bytes for a text) is EN_INPUT, whatever the table lets in, and so is a
 * text with a zero byte. A column of a catalog that may come from a stranger has a rule (base/untrusted.h) beside its
 * member:
 *   {"path", EN_COL_IS(en_catalog_member, path, EN_RULE_PATH)} */
#ifndef EN_DB_ROW_H
#define EN_DB_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/untrusted.h"
#include "base/wordlist.h"
#include "db/db.h"

typedef enum en_column_kind {
    EN_COLUMN_INT,
    EN_COLUMN_UINT,
    EN_COLUMN_UINT16,
    EN_COLUMN_BOOL,
    EN_COLUMN_DOUBLE,
    EN_COLUMN_TEXT,
    EN_COLUMN_CHARS,
    EN_COLUMN_WORD,
    EN_COLUMN_OTHER /* not a member: the caller reads it with en_row_column_text */
} en_column_kind;

typedef struct en_row_column {
    const char *name; /* in the statement's result */
    size_t offset;    /* of the member, bytes */
    size_t size;      /* of the member, bytes */
    en_column_kind kind;
    const en_wordlist *words; /* of an enumeration */
    en_rule rule;             /* of the value; what breaks it is EN_INPUT */
    bool optional;            /* NULL passes, too */
} en_row_column;

typedef struct en_row_type {
    const char *name;
    size_t size; /* of the struct, bytes */
    const en_row_column *column;
    size_t columns;
} en_row_type;

#define EN_ROW_COLUMNS_MAX 48

/* The rest of a column's initializer. The member's address tells an array of characters from a pointer. */
#define EN_COL(type, member) EN_COL_OF(type, member), EN_RULE_NONE, true
/* The same with a rule, for what a catalog from elsewhere could have wrong; EN_COL_MAY: or NULL. */
#define EN_COL_IS(type, member, rule) EN_COL_OF(type, member), rule, false
#define EN_COL_MAY(type, member, rule) EN_COL_OF(type, member), rule, true
#define EN_COL_OF(type, member)                                                                                        \
    offsetof(type, member), sizeof(((type *)NULL)->member),                                                              \
        _Generic(&((type *)NULL)->member,                                                                              \
            int64_t *: EN_COLUMN_INT,                                                                                  \
            uint64_t *: EN_COLUMN_UINT,                                                                                \
            uint16_t *: EN_COLUMN_UINT16,                                                                              \
            bool *: EN_COLUMN_BOOL,                                                                                    \
            double *: EN_COLUMN_DOUBLE,                                                                                \
            char **: EN_COLUMN_TEXT,                                                                                   \
            char(*)[sizeof(((type *)NULL)->member)]: EN_COLUMN_CHARS), NULL
/* The size is that of an enumeration, or it does not compile. */
#define EN_COL_WORD(type, member, words)                                                                               \
    offsetof(type, member), sizeof(((type *)NULL)->member) / (sizeof(((type *)NULL)->member) == sizeof(unsigned)),     \
        EN_COLUMN_WORD, &(words), EN_RULE_NONE, true
#define EN_COL_OTHER 0, 0, EN_COLUMN_OTHER, NULL, EN_RULE_NONE, true
#define EN_ROW_TYPE(type, list)                                                                                        \
    {                                                                                                                  \
#type, sizeof(type), (list), sizeof(list) / sizeof *(list)                                                     \
    }

/* Matches the columns of a statement with those of a type, once per handle. EN_BUG names the statement and the column
 * that one of them lacks, or that the statement has twice. Needed before en_row_read; the two functions below it do it
 * themselves, before the first step. */
en_status en_row_bind(en_stmt *s, const en_row_type *type, en_error *err) EN_CHECKED;
/* The current row into `row`, which must be zeroed or cleared. After an error, en_row_clear frees what was read. */
en_status en_row_read(const en_stmt *s, void *row, en_error *err) EN_CHECKED;
/* The text of a column by name, borrowed until the next step; NULL for NULL. For EN_COL_OTHER. */
const char *en_row_column_text(const en_stmt *s, const char *name);

/* The first row, and the statement's end; EN_DONE when there is none. `row` is cleared on any failure. */
en_status en_row_one(en_stmt *s, const en_row_type *type, void *row, en_error *err) EN_CHECKED;
/* All rows, appended to an array of `*count` structs (NULL and 0 to begin with). After an error the rows read so far
 * stay in the array: end it with en_rows_clear. */
en_status en_rows_read(en_stmt *s, const en_row_type *type, void **rows, size_t *count, en_error *err) EN_CHECKED;

/* The text in the first column of the only row, checked as a column with that rule is, in fresh memory (en_free), and
 * the statement's end; EN_DONE and NULL when there is no row. */
en_status en_row_text(en_stmt *s, en_rule rule, bool optional, char **text, en_error *err) EN_CHECKED;

/* Frees a row's texts and zeroes it. */
void en_row_clear(const en_row_type *type, void *row);
/* The same for an array, which is freed too. */
void en_rows_clear(const en_row_type *type, void *rows, size_t count);

#endif
