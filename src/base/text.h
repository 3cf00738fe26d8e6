/* Strict, locale-free reading of numbers and words. */
#ifndef EN_BASE_TEXT_H
#define EN_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The whole string must be the number; false otherwise, leaving *out alone. */
bool en_parse_int(const char *text, int64_t *out);
bool en_parse_double(const char *text, double *out); /* finite only */
/* "8G", "512M", "64k" (powers of 1024) or plain bytes. */
bool en_parse_size(const char *text, int64_t *bytes);
/* "1.5 MiB" into `out`, for people. */
const char *en_human_size(int64_t bytes, char *out, size_t room);
bool en_starts_with(const char *text, const char *prefix);
/* The nearest of `words` (NULL-terminated) to a misspelt word by edit distance, or NULL when none is near. */
const char *en_nearest_word(const char *word, const char *const *words);
/* Compares "2_left" before "10_left": digits as numbers, the rest by byte value. */
int en_natural_compare(const char *a, const char *b);

#endif
