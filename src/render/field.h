/* How a result is shown, member by member: one table of fields per result type, read by every format. A table is an
 * array of en_field ended by EN_FIELDS_END:
 *
 *     static const en_field fields[] = {EN_SHOW("rows", en_label_result, rows, 0), ..., EN_FIELDS_END};
 */
#ifndef EN_RENDER_FIELD_H
#define EN_RENDER_FIELD_H

#include "base/wordlist.h"
#include "render/record.h"

typedef enum en_field_kind {
    EN_FIELD_CHARS, /* char [N]; empty: no value */
    EN_FIELD_TEXT,  /* char *; NULL: no value */
    EN_FIELD_WORD,  /* an enumeration; 0: no value */
    EN_FIELD_INT64,
    EN_FIELD_REAL /* not finite: no value */
} en_field_kind;

typedef struct en_field {
    const char *name; /* of the column */
    en_field_kind kind;
    int decimals; /* as in en_column */
    size_t offset;
    int64_t least;    /* an integer below it is no value */
    bool conditional; /* no value unless the bool at `flag` is true */
    size_t flag;
    const en_wordlist *words; /* of an enumeration */
} en_field;

/* The kind follows from the type of the member; a type that cannot be shown does not compile. */
#define EN_SHOW_KIND(type, member)                                                                                     \
    _Generic(&((type *)0)->member, char(*)[sizeof((type *)0)->member]                                                  \
             : EN_FIELD_CHARS, char **                                                                                 \
             : EN_FIELD_TEXT, const char **                                                                            \
             : EN_FIELD_TEXT, int64_t *                                                                                \
             : EN_FIELD_INT64, double *                                                                                \
             : EN_FIELD_REAL)
#define EN_SHOW_REST(column, type, member, digits)                                                                     \
    .name = (column), .kind = EN_SHOW_KIND(type, member), .decimals = (digits), .offset = offsetof(type, member)

#define EN_SHOW(column, type, member, digits)                                                                          \
    {                                                                                                                  \
        EN_SHOW_REST(column, type, member, digits), .least = INT64_MIN                                                 \
    }
/* An integer that has no value below `smallest`. */
#define EN_SHOW_FROM(column, type, member, smallest)                                                                   \
    {                                                                                                                  \
        EN_SHOW_REST(column, type, member, 0), .least = (smallest)                                                     \
    }
/* An enumeration, by its words. */
#define EN_SHOW_WORD(column, type, member, list)                                                                       \
    {                                                                                                                  \
        .name = (column), .kind = EN_FIELD_WORD, .offset = offsetof(type, member), .words = &(list)                    \
    }
/* A member that has a value only where the bool member `known` is true. */
#define EN_SHOW_IF(column, type, member, digits, known)                                                                \
    {                                                                                                                  \
        EN_SHOW_REST(column, type, member, digits), .least = INT64_MIN, .conditional = true,                           \
                                                    .flag = offsetof(type, known)                                      \
    }
#define EN_FIELDS_END                                                                                                  \
    {                                                                                                                  \
        .name = NULL                                                                                                   \
    }

#define EN_FIELDS_MAX EN_RECORD_COLUMNS /* of a table */

/* The field of one row, which is borrowed; row NULL: no value. */
en_cell en_field_cell(const en_field *field, const void *row);
/* Adds every field as a column of a record. Texts are borrowed until its end. */
void en_record_fields(en_record *r, const en_field *fields, const void *row);
/* Prints a record of these fields and no other columns. */
en_status en_show_record(en_out *out, const en_field *fields, const void *row, en_error *err) EN_CHECKED;
/* A table with a column for every field, and a row of it. */
en_status en_table_new_fields(en_out *out, const en_field *fields, en_table **table, en_error *err) EN_CHECKED;
void en_table_row(en_table *t, const en_field *fields, const void *row);
/* Prints `count` rows, `stride` bytes apart, as a table. */
en_status en_table_fields(en_out *out, const en_field *fields, const void *rows, size_t count, size_t stride,
                          en_error *err) EN_CHECKED;

#endif
