/* Statements with users' SQL in them. */
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "db/db.h"

#define TEXT_CAP ((size_t)2 << 20)

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_') {
        length++;
    }
    return length;
}

static const char *piece_of(const en_sql_piece *piece, size_t pieces, const char *word, size_t length)
{
    for (size_t i = 0; i < pieces; i++) {
        if (strlen(piece[i].name) == length && strncmp(piece[i].name, word, length) == 0) {
            return piece[i].sql;
        }
    }
    return NULL;
}

char *en_sql_compose(en_sql id, const en_sql_piece *piece, size_t pieces)
{
    const char *at = en_sql_text[id];
    while (strncmp(at, "--", 2) == 0) {
        at += strcspn(at, "\n") + 1;
    }
    const char *end = strrchr(at, ';');
    en_buf text;
    en_buf_init(&text, TEXT_CAP);
    en_status st = EN_OK;
    while (st == EN_OK && at < end) {
        size_t length = *at == ':' ? word_length(at + 1) : 0;
        const char *sql = length > 0 ? piece_of(piece, pieces, at + 1, length) : NULL;
        st = sql != NULL ? en_buf_text(&text, sql, NULL) : en_buf_add(&text, at, length + 1, NULL);
        at += length + 1;
    }
    char *whole = st == EN_OK ? en_strdup(en_buf_str(&text)) : NULL;
    en_buf_clear(&text);
    return whole;
}
