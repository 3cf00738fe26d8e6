/* Parameters of Content-Disposition. Uses base for character sets. */
#include "net/disposition.h"

#include <string.h>
#include <strings.h>

#include "base/charset.h"
#include "base/text.h"

#define BLANKS " \t"
#define VALUE_CAP 1024 /* bytes of a value; a longer one is none */

typedef struct parameter {
    const char *name;
    size_t name_length;
    char value[VALUE_CAP];
    size_t length;
} parameter;

/* The text between quotes, `at` being behind the first. A backslash escapes a quote or a backslash; before anything
 * else it is one of a path, as old browsers sent them. Returns the end. */
static const char *read_quoted(const char *at, parameter *p)
{
    for (; *at != '\0' && *at != '"'; at++) {
        at += *at == '\\' && (at[1] == '"' || at[1] == '\\') ? 1 : 0;
        if (p->length < VALUE_CAP) {
            p->value[p->length] = *at;
        }
        p->length++;
    }
    return *at == '"' ? at + 1 : at;
}

/* Up to the next semicolon, blanks at its end left out: not quite as the standard has it, but names with blanks are
 * sent without quotes, too. */
static const char *read_plain(const char *at, parameter *p)
{
    size_t length = strcspn(at, ";");
    const char *end = at + length;
    while (length > 0 && strchr(BLANKS, at[length - 1]) != NULL) {
        length--;
    }
    p->length = length;
    memcpy(p->value, at, length < VALUE_CAP ? length : 0);
    return end;
}

/* The parameter from `*at` on, which moves behind it; false at the end. */
static bool next_parameter(const char **at, parameter *p)
{
    *at += strspn(*at, BLANKS ";");
    *p = (parameter){.name = *at, .name_length = strcspn(*at, "=;" BLANKS)};
    if (**at == '\0') {
        return false;
    }
    *at += p->name_length;
    const char *equals = *at + strspn(*at, BLANKS);
    if (*equals == '=') {
        equals += 1 + strspn(equals + 1, BLANKS);
        *at = *equals == '"' ? read_quoted(equals + 1, p) : read_plain(equals, p);
    }
    *at += strcspn(*at, ";");
    return true;
}

static bool is_called(const parameter *p, const char *name)
{
    return p->name_length == strlen(name) && strncasecmp(p->name, name, p->name_length) == 0 && p->length > 0 &&
           p->length < VALUE_CAP;
}

/* The last part of the path, whichever the slashes; `encoding` NULL: UTF-8 if it is that, or else the code page of
 * Windows, which has the characters of ISO-8859-1. */
static void keep_name(char out[EN_HTTP_NAME], const char *text, size_t length, const char *encoding)
{
    en_buf utf8;
    en_buf_init(&utf8, EN_HTTP_NAME - 1);
    bool is_utf8 = en_charset_is_utf8(text, length);
    encoding = encoding != NULL ? encoding : is_utf8 ? "UTF-8" : "CP1252";
    bool fits = strcasecmp(encoding, "UTF-8") == 0 ? is_utf8 && en_buf_add(&utf8, text, length, NULL) == EN_OK
                                                   : en_charset_to_utf8(text, length, encoding, &utf8, NULL) == EN_OK;
    const char *name = en_buf_str(&utf8);
    for (const char *c = name; *c != '\0'; c++) {
        fits = fits && (unsigned char)*c >= ' ' && *c != 0x7f;
        name = *c == '/' || *c == '\\' ? c + 1 : name;
    }
    fits = fits && strcmp(name, ".") != 0 && strcmp(name, "..") != 0; /* a folder, and the one above */
    en_print(out, EN_HTTP_NAME, "%s", fits && strlen(en_buf_str(&utf8)) == utf8.size ? name : "");
    en_buf_clear(&utf8);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* UTF-8''a%20b (RFC 5987): the character set, a language, and the text. */
static void read_coded(char out[EN_HTTP_NAME], const parameter *p)
{
    static const char *const sets[][2] = {
        {"UTF-8", "UTF-8"}, {"ISO-8859-1", "CP1252"}, {"US-ASCII", "UTF-8"}, {"windows-1252", "CP1252"}};
    char text[VALUE_CAP];
    size_t count = 0, set = 0, sets_count = sizeof sets / sizeof *sets;
    const char *end = p->value + p->length, *quote = memchr(p->value, '\'', p->length);
    const char *language = quote != NULL ? memchr(quote + 1, '\'', (size_t)(end - quote - 1)) : NULL;
    while (quote != NULL && set < sets_count &&
           !(strlen(sets[set][0]) == (size_t)(quote - p->value) &&
             strncasecmp(sets[set][0], p->value, (size_t)(quote - p->value)) == 0)) {
        set++;
    }
    if (language == NULL || set == sets_count) {
        return;
    }
    for (const char *c = language + 1; c < end; c++) {
        int high = c + 2 < end && *c == '%' ? hex_digit(c[1]) : -1, low = high >= 0 ? hex_digit(c[2]) : -1;
        text[count++] = low >= 0 ? (char)(high * 16 + low) : *c;
        c += low >= 0 ? 2 : 0;
    }
    keep_name(out, text, count, sets[set][1]);
}

void en_http_disposition_name(char out[EN_HTTP_NAME], const char *value)
{
    parameter p;
    char plain[EN_HTTP_NAME] = "";
    out[0] = '\0';
    value += strcspn(value, ";"); /* the kind: attachment, inline */
    while (next_parameter(&value, &p)) {
        if (out[0] == '\0' && is_called(&p, "filename*")) {
            read_coded(out, &p);
        } else if (plain[0] == '\0' && is_called(&p, "filename")) {
            keep_name(plain, p.value, p.length, NULL);
        }
    }
    if (out[0] == '\0') {
        memcpy(out, plain, sizeof plain);
    }
}
