/* Statements with users' SQL in them. */
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "db/db.h"

#define TEXT_CAP ((size_t)256 << 20)

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

/* Behind a quoted text or name, in which its closing mark may be doubled; NULL where it is not closed. */
static const char *behind_quoted(const char *at)
{
    const char close = *at == '[' ? ']' : *at;
    for (at++; *at != '\0'; at++) {
        if (*at == close && at[1] == close && close != ']') {
            at++;
        } else if (*at == close) {
            return at + 1;
        }
    }
    return NULL;
}

/* Behind a comment; NULL where it is not closed, which SQLite forgives. */
static const char *behind_comment(const char *at)
{
    if (*at == '-') {
        return at + strcspn(at, "\n");
    }
    const char *end = strstr(at + 2, "*/");
    return end != NULL ? end + 2 : NULL;
}

bool en_sql_is_enclosed(const char *sql)
{
    size_t depth = 0;
    for (const char *at = sql; at != NULL;) {
        if (*at == '\0') {
            return depth == 0;
        }
        if (strchr("'\"`[", *at) != NULL) {
            at = behind_quoted(at);
            continue;
        }
        if (strncmp(at, "--", 2) == 0 || strncmp(at, "/*", 2) == 0) {
            at = behind_comment(at);
            continue;
        }
        if (*at == ';' || (*at == ')' && depth == 0)) {
            return false;
        }
        depth += *at == '(';
        depth -= *at == ')';
        at++;
    }
    return false;
}
