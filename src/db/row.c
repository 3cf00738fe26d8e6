/* Reading rows into structs by column name. Uses SQLite through the statement. */
#include "db/row.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "db/internal.h"

static size_t find_column(const en_row_type *type, const char *name)
{
    size_t i = 0;
    while (i < type->columns && strcmp(type->column[i].name, name) != 0) {
        i++;
    }
    return i;
}

en_status en_row_bind(en_stmt *s, const en_row_type *type, en_error *err)
{
    if (s->type == type) {
        return EN_OK;
    }
    int found = sqlite3_column_count(s->raw);
    bool seen[EN_ROW_COLUMNS_MAX] = {false};
    if (type->columns > EN_ROW_COLUMNS_MAX || found > EN_ROW_COLUMNS_MAX) {
        return en_error_set(err, EN_BUG, "sql/%s or %s has more than %d columns", en_sql_name[s->id], type->name,
                            EN_ROW_COLUMNS_MAX);
    }
    for (int c = 0; c < found; c++) {
        const char *name = sqlite3_column_name(s->raw, c);
        if (name == NULL) {
            return en_error_nomem(err, "a column name");
        }
        size_t i = find_column(type, name);
        if (i == type->columns || seen[i]) {
            return en_error_set(err, EN_BUG, "sql/%s has %s column '%s' for %s", en_sql_name[s->id],
                                i == type->columns ? "a surplus" : "a second", name, type->name);
        }
        seen[i] = true;
        s->field[c] = (unsigned char)i;
    }
    for (size_t i = 0; i < type->columns; i++) {
        if (!seen[i]) {
            return en_error_set(err, EN_BUG, "sql/%s lacks the column '%s' of %s", en_sql_name[s->id],
                                type->column[i].name, type->name);
        }
    }
    s->type = type;
    return EN_OK;
}

static const char *whose(const en_stmt *s) { return s->db->foreign ? "store" : "catalog"; }

static en_status read_chars(const en_stmt *s, int c, char *member, size_t size, en_error *err)
{
    const char *text = en_stmt_text(s, c);
    size_t length = text != NULL ? strlen(text) : 0;
    if (length >= size) {
        return en_error_set(err, EN_INPUT, "the %s's %s is longer than %zu bytes", whose(s),
                            sqlite3_column_name(s->raw, c), size - 1);
    }
    memcpy(member, text != NULL ? text : "", length + 1);
    return EN_OK;
}

static en_status read_word(const en_stmt *s, int c, const en_wordlist *words, void *member, en_error *err)
{
    const char *text = en_stmt_text(s, c);
    const unsigned value = en_word_find(words, text);
    if (value == 0 && text != NULL && text[0] != '\0') {
        return en_error_set(err, EN_INPUT, "the %s's %s '%.40s' is not a %s", whose(s), sqlite3_column_name(s->raw, c),
                            text, words->what);
    }
    memcpy(member, &value, sizeof value);
    return EN_OK;
}

/* What is wrong with the type of a value, or NULL: SQLite would convert it, and not every table is STRICT that a
 * stranger has made. */
static const char *type_fault(const en_stmt *s, int c, en_column_kind kind)
{
    const int type = sqlite3_column_type(s->raw, c);
    if (type == SQLITE_NULL || kind == EN_COLUMN_OTHER) {
        return NULL;
    }
    switch (kind) {
    case EN_COLUMN_INT:
    case EN_COLUMN_UINT:
    case EN_COLUMN_UINT16:
    case EN_COLUMN_BOOL: return type == SQLITE_INTEGER ? NULL : "is not a whole number";
    case EN_COLUMN_DOUBLE: return type == SQLITE_INTEGER || type == SQLITE_FLOAT ? NULL : "is not a number";
    default: return type == SQLITE_BLOB ? "is not a text" : NULL;
    }
}

/* A text ends at its first zero byte for everything that reads it afterwards. */
static const char *length_fault(const en_stmt *s, int c, const char *text)
{
    return text != NULL && strlen(text) != (size_t)sqlite3_column_bytes(s->raw, c) ? "has a zero byte" : NULL;
}

/* Every value of a catalog passes here before it is believed: its type, then its rule. */
static en_status check_value(const en_stmt *s, int c, const en_row_column *column, en_error *err)
{
    const int type = sqlite3_column_type(s->raw, c);
    if (type == SQLITE_NULL && (column->rule == EN_RULE_NONE || column->optional)) {
        return EN_OK;
    }
    const char *fault = type_fault(s, c, column->kind);
    const bool is_number = en_rule_is_of_numbers(column->rule);
    if (fault == NULL && is_number && type != SQLITE_NULL) {
        fault = en_rule_number_fault(column->rule, en_stmt_int(s, c));
    }
    const char *text = type == SQLITE_BLOB ? "" : en_stmt_text(s, c);
    if (text == NULL && type != SQLITE_NULL) {
        return en_error_nomem(err, "a text");
    }
    if (fault == NULL && !is_number) {
        fault = length_fault(s, c, text);
    }
    if (fault == NULL && (!is_number || type == SQLITE_NULL)) {
        fault = en_rule_fault(column->rule, text);
    }
    if (fault == NULL) {
        return EN_OK;
    }
    (void)en_error_set(err, EN_INPUT, "the %s's %s '%.200s' %s", whose(s), column->name, text != NULL ? text : "",
                       fault);
    return s->db->foreign ? EN_INPUT : en_error_hint(err, EN_INPUT, EN_DB_LOOK);
}

static en_status read_column(const en_stmt *s, int c, const en_row_column *column, void *row, en_error *err)
{
    void *member = (char *)row + column->offset;
    en_status st = check_value(s, c, column, err);
    if (st != EN_OK) {
        return st;
    }
    switch (column->kind) {
    case EN_COLUMN_INT: *(int64_t *)member = en_stmt_id(s, c); return EN_OK;
    case EN_COLUMN_UINT: *(uint64_t *)member = (uint64_t)en_stmt_int(s, c); return EN_OK;
    case EN_COLUMN_UINT16: {
        int64_t value = en_stmt_int(s, c);
        if (value < 0 || value > UINT16_MAX) {
            return en_error_set(err, EN_INPUT, "the %s's %s is %lld", whose(s), column->name, (long long)value);
        }
        *(uint16_t *)member = (uint16_t)value;
        return EN_OK;
    }
    case EN_COLUMN_BOOL: *(bool *)member = en_stmt_int(s, c) != 0; return EN_OK;
    case EN_COLUMN_DOUBLE: *(double *)member = en_stmt_double(s, c); return EN_OK;
    case EN_COLUMN_TEXT: return en_stmt_dup(s, c, (char **)member, err);
    case EN_COLUMN_CHARS: return read_chars(s, c, member, column->size, err);
    case EN_COLUMN_WORD: return read_word(s, c, column->words, member, err);
    case EN_COLUMN_OTHER: return EN_OK;
    }
    return EN_OK;
}

en_status en_row_read(const en_stmt *s, void *row, en_error *err)
{
    if (s->type == NULL) {
        return en_error_set(err, EN_BUG, "sql/%s was not bound to a type of rows", en_sql_name[s->id]);
    }
    en_status st = EN_OK;
    for (size_t c = 0; c < s->type->columns && st == EN_OK; c++) {
        st = read_column(s, (int)c, &s->type->column[s->field[c]], row, err);
    }
    return st;
}

const char *en_row_column_text(const en_stmt *s, const char *name)
{
    for (size_t c = 0; s->type != NULL && c < s->type->columns; c++) {
        if (strcmp(s->type->column[s->field[c]].name, name) == 0) {
            return en_stmt_text(s, (int)c);
        }
    }
    return NULL;
}

en_status en_row_one(en_stmt *s, const en_row_type *type, void *row, en_error *err)
{
    memset(row, 0, type->size);
    en_status st = en_row_bind(s, type, err);
    if (st == EN_OK) {
        st = en_stmt_step(s, err);
    }
    if (st == EN_OK) {
        st = en_row_read(s, row, err);
    }
    en_stmt_reset(s);
    if (st != EN_OK) {
        en_row_clear(type, row);
    }
    return st;
}

en_status en_rows_read(en_stmt *s, const en_row_type *type, void **rows, size_t *count, en_error *err)
{
    en_status st = en_row_bind(s, type, err);
    if (st != EN_OK) {
        en_stmt_reset(s);
        return st;
    }
    while ((st = en_stmt_step(s, err)) == EN_OK) {
        char *grown = en_array_grow(*rows, *count, type->size, err);
        if (grown == NULL) {
            st = EN_NOMEM;
            break;
        }
        *rows = grown;
        void *row = grown + *count * type->size;
        (*count)++; /* counted even if reading fails: en_rows_clear frees what was read */
        st = en_row_read(s, row, err);
        if (st != EN_OK) {
            break;
        }
    }
    en_stmt_reset(s);
    return st == EN_DONE ? EN_OK : st;
}

void en_row_clear(const en_row_type *type, void *row)
{
    for (size_t i = 0; i < type->columns; i++) {
        if (type->column[i].kind == EN_COLUMN_TEXT) {
            en_free(*(char **)(void *)((char *)row + type->column[i].offset));
        }
    }
    memset(row, 0, type->size);
}

void en_rows_clear(const en_row_type *type, void *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        en_row_clear(type, (char *)rows + i * type->size);
    }
    en_free(rows);
}

en_status en_row_text(en_stmt *s, en_rule rule, bool optional, char **text, en_error *err)
{
    *text = NULL;
    en_status st = en_stmt_step(s, err);
    if (st == EN_OK) {
        const char *name = sqlite3_column_name(s->raw, 0);
        const en_row_column column = {
            .name = name != NULL ? name : "text", .kind = EN_COLUMN_TEXT, .rule = rule, .optional = optional};
        st = check_value(s, 0, &column, err);
        if (st == EN_OK) {
            st = en_stmt_dup(s, 0, text, err);
        }
        en_stmt_reset(s);
    }
    return st;
}
