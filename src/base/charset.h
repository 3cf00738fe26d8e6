/* Text in whatever encoding it came, as UTF-8: names in archives and on disks, files that spreadsheets wrote. */
#ifndef EN_BASE_CHARSET_H
#define EN_BASE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/* Whether the bytes are well-formed UTF-8. */
bool en_charset_is_utf8(const char *text, size_t size);

/* What a text is most likely encoded in, as iconv calls it, static: by its byte order mark, or as UTF-8 where it is
 * well-formed, as UTF-16 by the zeros of ASCII letters in it, else the code page in which it has the most characters
 * that are common in that page's language: GB18030, CP932, BIG5, CP949, CP1251, CP866, CP1252 or CP850. A guess: the
 * longer the text, the better. *mark (may be NULL) is the length of the byte order mark. */
const char *en_charset_detect(const char *text, size_t size, size_t *mark);

/* EN_USAGE unless iconv(3) knows the encoding. */
en_status en_charset_check(const char *encoding, en_error *err) EN_CHECKED;

/* Appends the text as UTF-8 to `out`. encoding NULL: detected, its mark left out, and what is not valid in it becomes
 * U+FFFD; else as iconv(3) knows it, EN_USAGE for a name that it does not, and EN_INPUT for text that is not valid in
 * it. */
en_status en_charset_to_utf8(const char *text, size_t size, const char *encoding, en_buf *out,
                             en_error *err) EN_CHECKED;

#endif
