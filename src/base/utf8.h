/* Decoding untrusted UTF-8. */
#ifndef EN_BASE_UTF8_H
#define EN_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define EN_UTF8_BAD 0xFFFDu /* the replacement character stands for every byte that is not valid UTF-8 */

/* The character at text[0..size), size > 0; *taken is how many bytes it has (1 when they are not valid). */
uint32_t en_utf8_next(const char *text, size_t size, size_t *taken);

#endif
