/* Collects the columns of the one row, then prints them as a table does. */
#include "render/record.h"

#include <math.h>
#include <string.h>

void en_record_cell(en_record *r, const char *name, int decimals, en_cell cell)
{
    if (r->count < EN_RECORD_COLUMNS) {
        r->column[r->count] = (en_column){name, decimals};
        r->cell[r->count] = cell;
    }
    r->count++;
}

void en_record_text(en_record *r, const char *name, const char *text)
{
    en_record_cell(r, name, 0, en_cell_of_text(text));
}

void en_record_int(en_record *r, const char *name, int64_t value) { en_record_int_if(r, name, true, value); }

void en_record_int_if(en_record *r, const char *name, bool known, int64_t value)
{
    en_record_cell(r, name, 0,
                   known ? (en_cell){.kind = EN_CELL_INT, .whole = value} : (en_cell){.kind = EN_CELL_NULL});
}

void en_record_real(en_record *r, const char *name, int decimals, double value)
{
    en_record_cell(r, name, decimals, en_cell_of_real(value));
}

en_status en_record_end(en_record *r, en_error *err)
{
    if (r->count > EN_RECORD_COLUMNS) {
        return en_error_set(err, EN_BUG, "a record has more than %d columns", EN_RECORD_COLUMNS);
    }
    en_table *t;
    en_status st = en_table_new_record(r->out, r->column, r->count, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < r->count; i++) {
        en_table_put(t, &r->cell[i]);
    }
    return en_table_end(t, err);
}
