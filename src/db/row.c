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

static en_status read_chars(const en_stmt *s, int c, char *member, size_t size, en_error *err)
{
    const char *text = en_stmt_text(s, c);
    size_t length = text != NULL ? strlen(text) : 0;
    if (length >= size) {
        return en_error_set(err, EN_INPUT, "the catalog's %s is longer than %zu bytes", sqlite3_column_name(s->raw, c),
                            size - 1);
    }
    memcpy(member, text != NULL ? text : "", length + 1);
    return EN_OK;
}

static en_status read_word(const en_stmt *s, int c, const en_wordlist *words, void *member, en_error *err)
{
    const char *text = en_stmt_text(s, c);
    const unsigned value = en_word_find(words, text);
    if (value == 0 && text != NULL && text[0] != '\0') {
        return en_error_set(err, EN_INPUT, "the catalog's %s '%.40s' is not a %s", sqlite3_column_name(s->raw, c), text,
                            words->what);
    }
    memcpy(member, &value, sizeof value);
    return EN_OK;
}

/* Texts by their rule; a count may be no other type than a whole number. */
static en_status check_rule(const en_stmt *s, int c, const en_row_column *column, en_error *err)
{
    const char *fault = NULL, *text = NULL;
    char number[24];
    int type = sqlite3_column_type(s->raw, c);
    if (column->rule == EN_RULE_NONE || (column->optional && type == SQLITE_NULL)) {
        return EN_OK;
    }
    if (column->rule == EN_RULE_COUNT) {
        snprintf(number, sizeof number, "%lld", (long long)en_stmt_int(s, c));
        text = type == SQLITE_INTEGER ? number : en_stmt_text(s, c);
        fault = type == SQLITE_NULL                               ? "is missing"
                : type != SQLITE_INTEGER || en_stmt_int(s, c) < 0 ? "is not a whole number of 0 or more"
                                                                  : NULL;
    } else {
        text = en_stmt_text(s, c);
        if (text == NULL && type != SQLITE_NULL) {
            return en_error_nomem(err, "a text");
        }
        fault = en_rule_fault(column->rule, text);
    }
    return fault == NULL ? EN_OK
                         : en_error_hint(err,
                                         en_error_set(err, EN_INPUT, "the catalog's %s '%.200s' %s", column->name,
                                                      text != NULL ? text : "", fault),
                                         "'eyenet doctor' looks the catalog over");
}

static en_status read_column(const en_stmt *s, int c, const en_row_column *column, void *row, en_error *err)
{
    void *member = (char *)row + column->offset;
    en_status st = check_rule(s, c, column, err);
    if (st != EN_OK) {
        return st;
    }
    switch (column->kind) {
    case EN_COLUMN_INT: *(int64_t *)member = en_stmt_id(s, c); return EN_OK;
    case EN_COLUMN_UINT: *(uint64_t *)member = (uint64_t)en_stmt_int(s, c); return EN_OK;
    case EN_COLUMN_UINT16: {
        int64_t value = en_stmt_int(s, c);
        if (value < 0 || value > UINT16_MAX) {
            return en_error_set(err, EN_INPUT, "the catalog's %s is %lld", column->name, (long long)value);
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
