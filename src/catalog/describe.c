/* The comments of the DDL, line by line. Uses db. */
#include "catalog/describe.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/internal.h"
#include "db/migrate.h"
#include "db/row.h"
#include "db/statements.h"

#define COMMENT_CAP 4000
#define MOST_REFERENCES 8 /* from one view to the next for the meaning of a column */
#define OTHER_COLUMNS "Other columns: as in "

/* A piece of the DDL; borrowed. */
typedef struct span {
    const char *at;
    size_t size;
} span;

/* One line of the DDL. */
typedef struct line {
    enum { NOTHING, PURPOSE, COLUMN, OTHERS } kind;
    span name; /* of a column; of the view that has the others */
    span text; /* purpose or meaning; may be empty */
} line;

static span trimmed(const char *at, const char *end)
{
    while (at < end && *at == ' ') {
        at++;
    }
    while (end > at && end[-1] == ' ') {
        end--;
    }
    return (span){at, (size_t)(end - at)};
}

static bool is_word(span s, const char *word) { return s.size == strlen(word) && strncmp(s.at, word, s.size) == 0; }

/* Up to the first character that does not belong to a name. */
static span first_name(span s)
{
    size_t size = 0;
    while (size < s.size && strchr(" ,.()-", s.at[size]) == NULL) {
        size++;
    }
    return (span){s.at, size};
}

/* Where the comment behind a definition begins, outside quotes; the end when there is none. */
static const char *comment_in(span s)
{
    char quote = '\0';
    for (size_t i = 0; i < s.size; i++) {
        char c = s.at[i];
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '-' && i + 1 < s.size && s.at[i + 1] == '-') {
            return s.at + i;
        }
    }
    return s.at + s.size;
}

/* "--   column   meaning", "-- Other columns: as in view.", "-- What it shows.", or "column TYPE ...,  -- meaning". */
static line read_line(const char *at, const char *end)
{
    line l = {.kind = NOTHING};
    const span whole = trimmed(at, end);
    const char *stop = whole.at + whole.size;
    if (whole.size < 2) {
        return l;
    }
    if (strncmp(whole.at, "--", 2) != 0) {
        const char *comment = comment_in(whole);
        l.kind = COLUMN;
        l.name = first_name(whole);
        l.text = comment < stop ? trimmed(comment + 2, stop) : (span){stop, 0};
        return l;
    }
    const span text = trimmed(whole.at + 2, stop);
    const size_t others = strlen(OTHER_COLUMNS);
    if (text.size > others && strncmp(text.at, OTHER_COLUMNS, others) == 0) {
        l.kind = OTHERS;
        l.name = first_name((span){text.at + others, text.size - others});
    } else if (text.at - whole.at >= 5) {
        l.kind = COLUMN;
        l.name = first_name(text);
        l.text = trimmed(text.at + l.name.size, stop);
    } else {
        l.kind = PURPOSE;
        l.text = text;
    }
    return l;
}

/* The next line of *at, which moves on; false at the end. */
static bool next_line(const char **at, line *l)
{
    if (**at == '\0') {
        return false;
    }
    size_t size = strcspn(*at, "\n");
    *l = read_line(*at, *at + size);
    *at += size + ((*at)[size] == '\n');
    return true;
}

/* The first line is CREATE itself. */
static const char *second_line(const char *sql)
{
    size_t size = strcspn(sql, "\n");
    return sql + size + (sql[size] == '\n');
}

static en_status read_purpose(const char *sql, en_buf *out, en_error *err)
{
    const char *at = second_line(sql);
    line l;
    en_status st = EN_OK;
    while (st == EN_OK && next_line(&at, &l) && l.kind == PURPOSE) {
        st = en_buf_printf(out, err, "%s%.*s", out->size > 0 ? " " : "", (int)l.text.size, l.text.at);
    }
    return st;
}

static const char *sql_of(const en_catalog_objects *objects, span name)
{
    for (size_t i = 0; i < objects->count; i++) {
        const en_catalog_object *o = &objects->row[i];
        if (is_word(name, o->name) && (strcmp(o->type, "view") == 0 || strcmp(o->type, "table") == 0)) {
            return o->sql;
        }
    }
    return NULL;
}

/* The comment on a column, here or in the view that has the others; empty when there is none. */
static span meaning_of(const en_catalog_objects *objects, const char *sql, const char *column)
{
    for (int i = 0; sql != NULL && i < MOST_REFERENCES; i++) {
        const char *at = second_line(sql);
        span others = {NULL, 0};
        line l;
        while (next_line(&at, &l)) {
            if (l.kind == COLUMN && l.text.size > 0 && is_word(l.name, column)) {
                return l.text;
            }
            others = l.kind == OTHERS ? l.name : others;
        }
        sql = others.size > 0 ? sql_of(objects, others) : NULL;
    }
    return (span){NULL, 0};
}

static const en_row_column column_columns[] = {
    {"name", EN_COL(en_catalog_column, name)},
    {"type", EN_COL(en_catalog_column, type)},
    {"meaning", EN_COL(en_catalog_column, meaning)},
};
static const en_row_type column_type = EN_ROW_TYPE(en_catalog_column, column_columns);

static en_status read_columns(en_catalog *c, const en_catalog_objects *objects, en_catalog_description *d,
                              en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    en_status st = en_db_prepare(c->db, EN_SQL_CATALOG_COLUMNS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", d->name);
    st = en_rows_read(s, &column_type, &rows, &d->columns, err);
    d->column = rows;
    for (size_t i = 0; i < d->columns && st == EN_OK; i++) {
        const span meaning = meaning_of(objects, d->sql, d->column[i].name);
        if (meaning.size > 0 && (d->column[i].meaning = en_strndup(meaning.at, meaning.size)) == NULL) {
            st = en_error_nomem(err, "the meaning of a column");
        }
    }
    return st;
}

static en_status describe(en_catalog *c, const en_catalog_objects *objects, const en_catalog_object *o,
                          en_catalog_description *d, en_error *err)
{
    en_buf purpose;
    en_buf_init(&purpose, COMMENT_CAP);
    en_status st = read_purpose(o->sql, &purpose, err);
    if (st == EN_OK) {
        d->type = en_strdup(o->type);
        d->name = en_strdup(o->name);
        d->sql = en_strdup(o->sql);
        d->purpose = en_strdup(en_buf_str(&purpose));
        st = d->type != NULL && d->name != NULL && d->sql != NULL && d->purpose != NULL
                 ? read_columns(c, objects, d, err)
                 : en_error_nomem(err, "a description");
    }
    en_buf_clear(&purpose);
    return st;
}

en_status en_catalog_describe(en_catalog *c, const char *name, en_catalog_description *out, en_error *err)
{
    en_catalog_objects objects;
    const en_catalog_object *found = NULL;
    *out = (en_catalog_description){0};
    en_status st = en_catalog_schema(c, &objects, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < objects.count && found == NULL; i++) {
        const en_catalog_object *o = &objects.row[i];
        if (strcmp(o->name, name) == 0 && (strcmp(o->type, "view") == 0 || strcmp(o->type, "table") == 0)) {
            found = o;
        }
    }
    st = found != NULL ? describe(c, &objects, found, out, err)
                       : en_catalog_unknown(c, "view or table", name, EN_SQL_CATALOG_VIEW_NAMES, err);
    en_catalog_objects_clear(&objects);
    if (st != EN_OK) {
        en_catalog_description_clear(out);
    }
    return st;
}

void en_catalog_description_clear(en_catalog_description *d)
{
    en_free(d->type);
    en_free(d->name);
    en_free(d->sql);
    en_free(d->purpose);
    en_rows_clear(&column_type, d->column, d->columns);
    *d = (en_catalog_description){0};
}

en_status en_catalog_first_row(en_catalog *c, const char *name, const en_events *events, en_query **out, en_error *err)
{
    en_stmt *s;
    char *sql = NULL;
    *out = NULL;
    en_status st = en_db_prepare(c->db, EN_SQL_CATALOG_FIRST_ROW, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    st = en_row_text(s, EN_RULE_TEXT, false, &sql, err);
    if (st == EN_OK) {
        st = en_catalog_query(c, name, sql, events, out, err);
    }
    en_free(sql);
    return st;
}

const char *en_catalog_view_nth(size_t n, char *purpose, size_t capacity)
{
    size_t count;
    const en_view *view = en_views(&count);
    if (n >= count) {
        return NULL;
    }
    const char *at = second_line(view[n].sql);
    line l;
    purpose[0] = '\0';
    if (next_line(&at, &l) && l.kind == PURPOSE) { /* of one line, as ours are */
        (void)en_print(purpose, capacity, "%.*s", (int)l.text.size, l.text.at);
    }
    return view[n].name;
}
