/* Decoding after the Unicode Standard, table 3-7 (well-formed byte sequences). */
#include "base/utf8.h"

#include <stdbool.h>

uint32_t en_utf8_next(const char *text, size_t size, size_t *taken)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t more = s[0] < 0x80 ? 0 : s[0] >= 0xC2 && s[0] < 0xE0 ? 1 : (s[0] & 0xF0) == 0xE0 ? 2 : 3;
    bool good = s[0] < 0x80 || (s[0] >= 0xC2 && s[0] <= 0xF4);

    *taken = 1;
    if (!good || more >= size) {
        return EN_UTF8_BAD;
    }
    uint32_t c = more == 0 ? s[0] : s[0] & (0x3Fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return EN_UTF8_BAD;
        }
        c = c << 6 | (s[i] & 0x3Fu);
    }
    /* overlong forms, surrogates, beyond Unicode */
    if ((more == 2 && (c < 0x800 || (c >= 0xD800 && c < 0xE000))) || (more == 3 && (c < 0x10000 || c > 0x10FFFF))) {
        return EN_UTF8_BAD;
    }
    *taken = more + 1;
    return c;
}
