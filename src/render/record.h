/* A table of one row: what a command did. As text its columns stand below each other, and those without a value are
 * left out; as JSON and CSV it is like any other table. */
#ifndef EN_RENDER_RECORD_H
#define EN_RENDER_RECORD_H

#include "render/table.h"

#define EN_RECORD_COLUMNS 128

/* Begin with en_record r = {.out = out}; nothing needs clearing. */
typedef struct en_record {
    en_out *out;
    size_t count; /* of columns given, even beyond those that fit */
    en_column column[EN_RECORD_COLUMNS];
    en_cell cell[EN_RECORD_COLUMNS];
} en_record;

/* Names and texts are borrowed until the end. A NULL text, a NaN and an unknown number are columns without a value. */
void en_record_text(en_record *r, const char *name, const char *text);
void en_record_int(en_record *r, const char *name, int64_t value);
void en_record_int_if(en_record *r, const char *name, bool known, int64_t value);
void en_record_real(en_record *r, const char *name, int decimals, double value);
void en_record_cell(en_record *r, const char *name, int decimals, en_cell cell);
/* Prints it. */
en_status en_record_end(en_record *r, en_error *err) EN_CHECKED;

#endif
