/* Strict, locale-free reading and writing of numbers and words. */
#ifndef EN_BASE_TEXT_H
#define EN_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The whole string must be the number; false otherwise, leaving *out alone. */
bool en_parse_int(const char *text, int64_t *out);
bool en_parse_double(const char *text, double *out); /* decimal and finite: "-1.5e3", but no "0x1", "inf" or "nan" */
/* snprintf and vsnprintf with a point in the numbers, whatever locale the embedding program has set: for everything
 * that is read by machines, JSON, SQL and files. en_format and en_buf_printf go through it. */
int en_print(char *out, size_t capacity, const char *fmt, ...) EN_PRINTF(3, 4);
int en_printv(char *out, size_t capacity, const char *fmt, va_list args) EN_PRINTF(3, 0);
/* "8G", "512M", "64k" (powers of 1024) or plain bytes. */
bool en_parse_size(const char *text, int64_t *bytes);
/* "1.5 MiB" into `out`, as text. */
const char *en_human_size(int64_t bytes, char *out, size_t capacity);
/* "15 s", "4 min 10 s", "2 h 05 min" into `out`; "0 s" of a NaN and of what is negative. */
const char *en_human_duration(double seconds, char *out, size_t capacity);
/* Returns where the text begins behind the blanks before it; *length, given as that of the text, becomes that without
 * the blanks around it. Blanks are those of ASCII and U+00A0, U+200B, U+3000 and U+FEFF, which spreadsheets and web
 * pages leave. */
const char *en_trimmed(const char *text, size_t *length);
bool en_starts_with(const char *text, const char *prefix);
/* The nearest of `words` (NULL-terminated) to a misspelt word by edit distance, or NULL when none is near. */
const char *en_nearest_word(const char *word, const char *const *words);
/* Compares "2_left" before "10_left": digits as numbers, the rest by byte value. */
int en_natural_compare(const char *a, const char *b);

#endif
