/* Rows as JSON. */
#include "bundle/row.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

json_t *en_bundle_real(double value)
{
    return isnan(value) ? json_null() : isinf(value) ? json_string(value > 0 ? "inf" : "-inf") : json_real(value);
}

static en_status read_value(const en_stmt *s, int column, const en_bundle_field *f, json_t **out, en_error *err)
{
    if (en_stmt_is_null(s, column)) {
        *out = json_null();
        return EN_OK;
    }
    switch (f->type) {
    case EN_BUNDLE_INT: *out = json_integer(en_stmt_int(s, column)); break;
    case EN_BUNDLE_REAL: *out = en_bundle_real(en_stmt_double(s, column)); break;
    default: {
        const char *text = en_stmt_text(s, column);
        *out = text != NULL ? json_string(text) : NULL;
        if (text != NULL && *out == NULL) { /* short of memory, or not UTF-8, which is likelier */
            return en_error_set(err, EN_INPUT, "%s '%.60s' is not UTF-8", f->name, text);
        }
    }
    }
    return *out != NULL ? EN_OK : en_error_nomem(err, "a row");
}

en_status en_bundle_row_read(const en_stmt *s, const en_bundle_field *field, size_t fields, bool named, json_t **out,
                             en_error *err)
{
    json_t *row = named ? json_object() : json_array();
    en_status st = row != NULL ? EN_OK : en_error_nomem(err, "a row");
    for (size_t i = 0; st == EN_OK && i < fields; i++) {
        json_t *value = NULL;
        st = read_value(s, (int)i, &field[i], &value, err);
        const int failed = st != EN_OK ? 0
                           : named     ? json_object_set_new(row, field[i].name, value)
                                       : json_array_append_new(row, value);
        if (failed != 0) {
            st = en_error_nomem(err, "a row");
        }
    }
    if (st != EN_OK) {
        json_decref(row);
        row = NULL;
    }
    *out = row;
    return st;
}

static const json_t *value_at(const json_t *row, const en_bundle_field *field, size_t i)
{
    return json_is_object(row) ? json_object_get(row, field[i].name) : json_array_get(row, i);
}

static bool is_infinite(const json_t *value)
{
    const char *word = json_string_value(value);
    return word != NULL && (strcmp(word, "inf") == 0 || strcmp(word, "-inf") == 0);
}

static const char *fault_of(const json_t *value, const en_bundle_field *f)
{
    if (json_is_null(value)) {
        return f->optional ? NULL : "is missing";
    }
    switch (f->type) {
    case EN_BUNDLE_INT:
        return !json_is_integer(value)          ? "is not a whole number"
               : en_rule_is_of_numbers(f->rule) ? en_rule_number_fault(f->rule, (int64_t)json_integer_value(value))
                                                : NULL;
    case EN_BUNDLE_REAL: return json_is_number(value) || is_infinite(value) ? NULL : "is not a number";
    case EN_BUNDLE_TEXT:
        return !json_is_string(value)                           ? "is not a text"
               : json_string_length(value) > EN_BUNDLE_TEXT_MAX ? "is longer than 1 MiB"
                                                                : en_rule_fault(f->rule, json_string_value(value));
    default: return value != NULL ? NULL : "is missing";
    }
}

en_status en_bundle_row_check(const json_t *row, const en_bundle_field *field, size_t fields, const char *what,
                              en_error *err)
{
    const size_t size = json_is_object(row) ? json_object_size(row) : json_array_size(row);
    if (size != fields) {
        return en_error_set(err, EN_INPUT, "%s: expected %zu values, got %zu", what, fields, size);
    }
    for (size_t i = 0; i < fields; i++) {
        const char *fault = fault_of(value_at(row, field, i), &field[i]);
        if (fault != NULL) {
            return en_error_set(err, EN_INPUT, "%s: %s %s", what, field[i].name, fault);
        }
    }
    return EN_OK;
}

void en_bundle_row_bind(en_stmt *s, const json_t *row, const en_bundle_field *field, size_t fields)
{
    for (size_t i = 0; i < fields; i++) {
        const json_t *value = value_at(row, field, i);
        if (field[i].type == EN_BUNDLE_ANOTHER) {
            continue;
        }
        if (json_is_null(value)) {
            en_stmt_bind_null(s, field[i].name);
        } else if (field[i].type == EN_BUNDLE_INT) {
            en_stmt_bind_int(s, field[i].name, (int64_t)json_integer_value(value));
        } else if (field[i].type == EN_BUNDLE_TEXT) {
            en_stmt_bind_text(s, field[i].name, json_string_value(value));
        } else if (is_infinite(value)) {
            en_stmt_bind_double(s, field[i].name, *json_string_value(value) == '-' ? -HUGE_VAL : HUGE_VAL);
        } else {
            en_stmt_bind_double(s, field[i].name, json_number_value(value));
        }
    }
}

const json_t *en_bundle_row_value(const json_t *row, const en_bundle_field *field, size_t fields, const char *name)
{
    for (size_t i = 0; i < fields; i++) {
        if (strcmp(field[i].name, name) == 0) {
            return value_at(row, field, i);
        }
    }
    return NULL;
}
