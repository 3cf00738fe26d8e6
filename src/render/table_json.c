/* Tables as JSON: an array of objects. */
#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/number.h"
#include "render/table.h"
#include "render/utf8.h"

/* One value in JSON's own words; takes over the reference. */
static en_status json_put(en_table *t, json_t *value, int digits, en_error *err)
{
    if (value == NULL) {
        return en_error_nomem(err, "JSON");
    }
    /* A failed write shows in the stream and is reported when the output is finished. */
    (void)json_dumpf(value, t->out->stream, JSON_ENCODE_ANY | JSON_REAL_PRECISION((size_t)digits));
    json_decref(value);
    return EN_OK;
}

static en_status json_put_text(en_table *t, const void *text, size_t size, en_error *err)
{
    en_buf_reset(&t->scratch);
    en_status st = en_utf8_valid(text, size, &t->scratch, err);
    return st == EN_OK ? json_put(t, json_stringn(en_buf_str(&t->scratch), t->scratch.size), 0, err) : st;
}

/* Two columns of a query may have the same name, two keys of an object may not: the second "n" becomes "n:2". */
static en_status json_key(en_table *t, en_error *err)
{
    const char *name = t->column[t->next].name;
    size_t same = 1;
    for (size_t i = 0; i < t->next; i++) {
        same += strcmp(t->column[i].name, name) == 0;
    }
    if (same == 1) {
        return json_put_text(t, name, strlen(name), err);
    }
    char *unique = en_format("%s:%zu", name, same);
    if (unique == NULL) {
        return en_error_nomem(err, "JSON");
    }
    en_status st = json_put_text(t, unique, strlen(unique), err);
    en_free(unique);
    return st;
}

static en_status json_begin(en_table *t, en_error *err)
{
    (void)err;
    fputc('[', t->out->stream);
    return EN_OK;
}

static en_status json_cell(en_table *t, const en_cell *cell, en_error *err)
{
    fputs(t->next > 0 ? ", " : t->rows > 0 ? ",\n {" : "{", t->out->stream);
    en_status st = json_key(t, err);
    if (st != EN_OK) {
        return st;
    }
    fputs(": ", t->out->stream);
    switch (cell->kind) {
    case EN_CELL_NULL: return json_put(t, json_null(), 0, err);
    case EN_CELL_INT: return json_put(t, json_integer(cell->whole), 0, err);
    case EN_CELL_REAL: return json_put(t, json_real(cell->real), en_number_digits(cell->real), err);
    case EN_CELL_TEXT: return json_put_text(t, cell->data, cell->size, err);
    case EN_CELL_BLOB: break;
    }
    en_buf_reset(&t->scratch);
    st = en_cell_hex(cell, &t->scratch, err);
    return st == EN_OK ? json_put(t, json_string(en_buf_str(&t->scratch)), 0, err) : st;
}

static en_status json_row(en_table *t, en_error *err)
{
    (void)err;
    fputc('}', t->out->stream);
    return EN_OK;
}

static en_status json_end(en_table *t, en_error *err)
{
    (void)err;
    fputs("]\n", t->out->stream);
    return EN_OK;
}

const en_style en_style_json = {json_begin, json_cell, json_row, json_end, NULL};
