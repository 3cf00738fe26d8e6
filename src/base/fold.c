/* Folding by utf8proc; ASCII, which most names are, without it. */
#include "base/fold.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/memory.h"

static bool is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80) {
        text++;
    }
    return *text == '\0';
}

en_status en_fold(const char *text, en_buf *out, en_error *err)
{
    const size_t from = out->size;
    utf8proc_uint8_t *folded = NULL;
    const bool plain = is_ascii(text);
    const utf8proc_ssize_t n = plain ? UTF8PROC_ERROR_INVALIDUTF8
                                     : utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)strlen(text),
                                                    &folded, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    if (n == UTF8PROC_ERROR_NOMEM) {
        return en_error_nomem(err, "a name");
    }
    en_status st = n >= 0 ? en_buf_add(out, folded, (size_t)n, err) : en_buf_text(out, text, err);
    free(folded); /* the library's own */
    for (size_t i = from; plain && st == EN_OK && i < out->size; i++) {
        char c = out->data[i];
        out->data[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return st;
}
