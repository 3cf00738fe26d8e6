/* CSV as RFC 4180 has it, with the line ends of Unix. */
#ifndef EN_EXPORT_CSV_H
#define EN_EXPORT_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* Appends a field; `first` of a line or behind a comma. A NULL text is an empty field, as is a number below 0. */
en_status en_csv_text(en_buf *out, bool first, const char *text, en_error *err) EN_CHECKED;
en_status en_csv_number(en_buf *out, bool first, int64_t value, en_error *err) EN_CHECKED;

#endif
