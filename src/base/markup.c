/* UTF-8 and entities. The checks are those of RFC 3629 and of the XML 1.0 Char production. Uses base only. */
#include "base/markup.h"

#include <stdbool.h>

#define REPLACEMENT 0xFFFDu

static bool xml_allows(unsigned ch)
{
    if (ch < 0x20) {
        return ch == '\t' || ch == '\n' || ch == '\r';
    }
    return ch != 0x7f && !(ch >= 0x80 && ch < 0xa0) && !(ch >= 0xD800 && ch < 0xE000) && ch != 0xFFFE && ch != 0xFFFF &&
           ch <= 0x10FFFF;
}

unsigned en_markup_next(const char **text)
{
    const unsigned char *s = (const unsigned char *)*text;
    static const unsigned smallest[] = {0, 0x80, 0x800, 0x10000}; /* a longer form of a smaller character is a lie */
    unsigned more = s[0] < 0x80 ? 0 : s[0] >= 0xf0 ? 3 : s[0] >= 0xe0 ? 2 : 1;
    unsigned ch = more == 0 ? s[0] : s[0] & (0x3fu >> more);
    bool good = s[0] < 0x80 || (s[0] >= 0xc2 && s[0] < 0xf5);
    for (unsigned i = 1; good && i <= more; i++) {
        good = (s[i] & 0xc0) == 0x80; /* stops at the NUL */
        ch = ch << 6 | (s[i] & 0x3fu);
    }
    if (!good) {
        *text += 1;
        return REPLACEMENT;
    }
    *text += 1 + more;
    return ch < smallest[more] || !xml_allows(ch) ? REPLACEMENT : ch;
}

size_t en_markup_encode(unsigned ch, char out[4])
{
    if (ch < 0x80) {
        out[0] = (char)ch;
        return 1;
    }
    size_t more = ch < 0x800 ? 1 : ch < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    for (size_t i = more; i > 0; i--) {
        out[i] = (char)(0x80 | (ch & 0x3f));
        ch >>= 6;
    }
    out[0] = (char)(lead[more] | ch);
    return more + 1;
}

en_status en_markup_text(en_buf *out, const char *text, en_error *err)
{
    en_status st = EN_OK;
    while (st == EN_OK && text != NULL && *text != '\0') {
        unsigned ch = en_markup_next(&text);
        char plain[4];
        switch (ch) {
        case '&': st = en_buf_text(out, "&amp;", err); break;
        case '<': st = en_buf_text(out, "&lt;", err); break;
        case '>': st = en_buf_text(out, "&gt;", err); break;
        case '"': st = en_buf_text(out, "&quot;", err); break;
        case '\'': st = en_buf_text(out, "&#39;", err); break;
        default: st = en_buf_add(out, plain, en_markup_encode(ch, plain), err);
        }
    }
    return st;
}
