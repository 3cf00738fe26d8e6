/* Reads the members of a result through its table of fields. */
#include "render/field.h"

#include "base/memory.h"

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

en_status en_table_fields(en_out *out, const en_field *fields, const void *rows, size_t count, size_t stride,
                          en_error *err)
{
    size_t n = 0;
    while (fields[n].name != NULL) {
        n++;
    }
    en_table *t;
    en_column *columns = en_calloc(n, sizeof *columns);
    if (columns == NULL) {
        return en_error_nomem(err, "a table");
    }
    for (size_t i = 0; i < n; i++) {
        columns[i] = (en_column){fields[i].name, fields[i].decimals};
    }
    en_status st = en_table_new(out, columns, n, &t, err);
    if (st == EN_OK) {
        for (size_t i = 0; i < count * n; i++) {
            en_cell cell = en_field_cell(&fields[i % n], (const char *)rows + i / n * stride);
            en_table_put(t, &cell);
        }
        st = en_table_end(t, err);
    }
    en_free(columns);
    return st;
}
