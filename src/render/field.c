/* Reads the members of a result through its table of fields. */
#include "render/field.h"

en_cell en_field_cell(const en_field *field, const void *row)
{
    const en_cell none = {.kind = EN_CELL_NULL};
    if (row == NULL) {
        return none;
    }
    const char *base = row, *at = base + field->offset;
    if (field->conditional && !*(const bool *)(base + field->flag)) {
        return none;
    }
    switch (field->kind) {
    case EN_FIELD_CHARS: return en_cell_of_text(*at != '\0' ? at : NULL);
    case EN_FIELD_TEXT: return en_cell_of_text(*(const char *const *)at);
    case EN_FIELD_REAL: return en_cell_of_real(*(const double *)at);
    case EN_FIELD_WORD: return en_cell_of_text(en_word(field->words, *(const unsigned *)at));
    case EN_FIELD_INT64: break;
    }
    int64_t whole = *(const int64_t *)at;
    return whole < field->least ? none : (en_cell){.kind = EN_CELL_INT, .whole = whole};
}

void en_record_fields(en_record *r, const en_field *fields, const void *row)
{
    for (const en_field *f = fields; f->name != NULL; f++) {
        en_record_cell(r, f->name, f->decimals, en_field_cell(f, row));
    }
}

en_status en_show_record(en_out *out, const en_field *fields, const void *row, en_error *err)
{
    en_record r = {.out = out};
    en_record_fields(&r, fields, row);
    return en_record_end(&r, err);
}

en_status en_table_new_fields(en_out *out, const en_field *fields, en_table **table, en_error *err)
{
    en_column column[EN_FIELDS_MAX];
    size_t n = 0;
    for (; fields[n].name != NULL; n++) {
        if (n == EN_FIELDS_MAX) {
            return en_error_set(err, EN_BUG, "a table has more than %d fields", EN_FIELDS_MAX);
        }
        column[n] = (en_column){fields[n].name, fields[n].decimals};
    }
    return en_table_new(out, column, n, table, err);
}

void en_table_row(en_table *t, const en_field *fields, const void *row)
{
    for (const en_field *f = fields; f->name != NULL; f++) {
        const en_cell cell = en_field_cell(f, row);
        en_table_put(t, &cell);
    }
}

en_status en_table_fields(en_out *out, const en_field *fields, const void *rows, size_t count, size_t stride,
                          en_error *err)
{
    en_table *t;
    en_status st = en_table_new_fields(out, fields, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < count; i++) {
        en_table_row(t, fields, (const char *)rows + i * stride);
    }
    return en_table_end(t, err);
}
