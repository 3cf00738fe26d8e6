/* Text safe to put into SVG, XML and HTML, whatever bytes it holds. Uses base only. */
#ifndef EN_BASE_MARKUP_H
#define EN_BASE_MARKUP_H

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/* Appends `text` for use between tags or inside a quoted attribute: & < > " ' become entities; bytes that are not
 * UTF-8, and characters XML forbids, become U+FFFD. NULL is an empty text. */
en_status en_markup_text(en_buf *out, const char *text, en_error *err) EN_CHECKED;

/* Reads one character at *text, which must not be at its end, and moves past it. Bytes that are not a UTF-8 character,
 * and those XML forbids, count as one U+FFFD each. */
unsigned en_markup_next(const char **text);

/* Writes `character` as UTF-8 into out[4]; returns the bytes written. */
size_t en_markup_encode(unsigned character, char out[4]);

#endif
