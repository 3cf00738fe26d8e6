/* Widths come from the C library's wcwidth, for which main.c chose a UTF-8 locale. */
#include "render/utf8.h"

#include <stdbool.h>
#include <wchar.h>

size_t en_utf8_char_width(uint32_t c)
{
    int width = wcwidth((wchar_t)c);
    return width < 0 ? 1 : (size_t)width;
}

size_t en_utf8_width(const char *text, size_t size)
{
    size_t width = 0;
    for (size_t i = 0, taken; i < size; i += taken) {
        width += en_utf8_char_width(en_utf8_next(text + i, size - i, &taken));
    }
    return width;
}

size_t en_utf8_fit(const char *text, size_t size, size_t width)
{
    size_t i = 0, used = 0, taken;
    for (; i < size; i += taken) {
        used += en_utf8_char_width(en_utf8_next(text + i, size - i, &taken));
        if (used > width) {
            break;
        }
    }
    return i;
}

en_status en_utf8_visible(const char *text, size_t size, en_buf *out, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0, taken; i < size && st == EN_OK; i += taken) {
        uint32_t c = en_utf8_next(text + i, size - i, &taken);
        if (c == '\n' || c == '\t' || c == '\r') {
            st = en_buf_text(out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r", err);
        } else if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
            st = en_buf_printf(out, err, "\\x%02x", (unsigned)c);
        } else {
            st = en_utf8_valid(text + i, taken, out, err);
        }
    }
    return st;
}

en_status en_utf8_valid(const char *text, size_t size, en_buf *out, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0, taken; i < size && st == EN_OK; i += taken) {
        bool bad = en_utf8_next(text + i, size - i, &taken) == EN_UTF8_BAD && taken == 1;
        st = bad ? en_buf_text(out, "\xEF\xBF\xBD", err) : en_buf_add(out, text + i, taken, err);
    }
    return st;
}
