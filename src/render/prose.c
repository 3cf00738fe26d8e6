/* Paragraphs and word wrap. */
#include "render/prose.h"

#include <string.h>

#include "base/buf.h"
#include "render/utf8.h"

bool en_prose_next(const char **text, en_block *block)
{
    if (*text == NULL || **text == '\0') {
        return false;
    }
    const char *end = strstr(*text, "\n\n");
    size_t size = end != NULL ? (size_t)(end - *text) : strlen(*text);
    *block = (en_block){.text = *text, .size = size, .literal = **text == ' '};
    *text += block->size + (end != NULL ? 2 : 0);
    return true;
}

/* A text may quote a name from elsewhere, which must not steer the terminal. */
static void put_visible(FILE *to, const char *text, size_t size)
{
    en_buf visible;
    en_buf_init(&visible, 16 * (size + 1));
    if (en_utf8_visible(text, size, &visible, NULL) == EN_OK) {
        fputs(en_buf_str(&visible), to);
    }
    en_buf_clear(&visible);
}

void en_prose_wrap(FILE *to, const char *text, size_t size, size_t at, size_t indent, size_t width)
{
    bool fresh = true; /* nothing on this line yet */
    for (size_t i = 0; i < size;) {
        size_t length = 0;
        while (i + length < size && text[i + length] != ' ' && text[i + length] != '\n') {
            length++;
        }
        size_t columns = en_utf8_width(text + i, length);
        if (!fresh && at + 1 + columns > width) {
            fprintf(to, "\n%*s", (int)indent, "");
            at = indent;
            fresh = true;
        }
        fputs(fresh ? "" : " ", to);
        put_visible(to, text + i, length);
        at += columns + !fresh;
        fresh = false;
        i += length + 1;
    }
    fputc('\n', to);
}
