/* UTF-8 as it appears on a terminal: how wide it is, and what of it is shown. */
#ifndef EN_RENDER_UTF8_H
#define EN_RENDER_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/utf8.h"

/* Columns it takes: 0 for combining marks, 2 for wide ones, 1 for the rest. */
size_t en_utf8_char_width(uint32_t c);
size_t en_utf8_width(const char *text, size_t size);
/* How many bytes of the text fit into `width` columns. */
size_t en_utf8_fit(const char *text, size_t size, size_t width);
/* Adds the text to `out` with everything that could steer a terminal made visible: "\n", "\x1b". */
en_status en_utf8_visible(const char *text, size_t size, en_buf *out, en_error *err) EN_CHECKED;
/* Adds the text with every byte that is not part of valid UTF-8 replaced. */
en_status en_utf8_valid(const char *text, size_t size, en_buf *out, en_error *err) EN_CHECKED;

#endif
