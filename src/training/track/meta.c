/* meta.yaml of MLflow's folders. */
#include "training/track/meta.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/utf8.h"

#define LINE_MAX_BYTES 8192

static en_status bad(size_t line, const char *why, en_error *err)
{
    return en_error_set(err, EN_INPUT, "line %zu: %s, and not 'key: value' as MLflow writes it", line, why);
}

/* 'it''s' without its quotes. */
static bool read_single(char *text)
{
    char *to = text;
    bool ends = false;
    for (const char *at = text + 1; *at != '\0'; at++) {
        if (*at == '\'' && *++at != '\'') {
            ends = *at == '\0';
            break;
        }
        *to++ = *at;
    }
    *to = '\0';
    return ends;
}

static size_t put_utf8(uint32_t c, char *to)
{
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    const size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6) {
        to[i] = (char)(0x80 | (c & 0x3f));
    }
    to[0] = (char)(first[n] | c);
    return n;
}

/* The character of \xNN, \uNNNN or \UNNNNNNNN; *at is behind the letter and moves behind the digits. */
static bool read_code(const char **at, unsigned digits, uint32_t *c)
{
    *c = 0;
    for (unsigned i = 0; i < digits; i++, ++*at) {
        static const char hex[] = "0123456789abcdef";
        const char *digit = **at != '\0' ? strchr(hex, **at >= 'A' && **at <= 'F' ? **at + 32 : **at) : NULL;
        if (digit == NULL) {
            return false;
        }
        *c = *c * 16 + (uint32_t)(digit - hex);
    }
    return *c > 0 && *c < 0x110000 && (*c < 0xd800 || *c > 0xdfff);
}

/* "caf\xE9" without its quotes; what an escape makes is never longer than the escape. */
static bool read_double(char *text)
{
    static const char letter[] = "abtnvfre\"/\\ N_LP0";
    static const uint32_t means[] = {7, 8, 9, 10, 11, 12, 13, 27, '"', '/', '\\', ' ', 0x85, 0xa0, 0x2028, 0x2029, 0};
    char *to = text;
    const char *at = text + 1;
    while (*at != '\0' && *at != '"') {
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        const char *which = *++at != '\0' ? strchr(letter, *at) : NULL;
        const unsigned digits = *at == 'x' ? 2 : *at == 'u' ? 4 : *at == 'U' ? 8 : 0;
        uint32_t c = which != NULL ? means[which - letter] : 0;
        at += *at != '\0';
        if ((digits > 0 && !read_code(&at, digits, &c)) || c == 0) {
            return false;
        }
        if (c >= 0x800 && digits == 0) { /* \L and \P would be longer than themselves */
            c = '\n';
        }
        to += put_utf8(c, to);
    }
    const bool ends = *at == '"' && at[1] == '\0';
    *to = '\0';
    return ends;
}

/* A plain value begins with nothing that means more in YAML; [] and {} are empty. */
static bool read_plain(char *text)
{
    if (strcmp(text, "[]") == 0 || strcmp(text, "{}") == 0 || strcmp(text, "null") == 0 || strcmp(text, "~") == 0) {
        *text = '\0';
    }
    return strchr("[]{}&*!|>%@`#\"'", *text) == NULL || *text == '\0'
               ? strstr(text, ": ") == NULL && strstr(text, " #") == NULL
               : false;
}

static en_status end_value(en_meta *m, char *value, size_t line, en_error *err)
{
    en_meta_field *f = &m->field[m->fields - 1];
    const bool quoted = *value == '\'' || *value == '"';
    const bool good = *value == '\'' ? read_single(value) : *value == '"' ? read_double(value) : read_plain(value);
    if (!good) {
        return bad(line, quoted ? "a quote does not end" : "a value is more than a text", err);
    }
    if (*value == '\0') {
        return EN_OK;
    }
    f->value = en_strdup(value);
    return f->value != NULL ? EN_OK : en_error_nomem(err, "meta.yaml");
}

/* Behind the key, which is made of letters, digits and '_'. */
static en_status begin_value(en_meta *m, const char *line, size_t number, const char **value, en_error *err)
{
    const size_t n = strspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (n == 0 || n > 60 || line[n] != ':' || (line[n + 1] != ' ' && line[n + 1] != '\0')) {
        return bad(number, "it begins otherwise", err);
    }
    if (m->fields == EN_META_FIELDS_MAX) {
        return bad(number, "there are too many keys", err);
    }
    for (size_t i = 0; i < m->fields; i++) {
        if (strlen(m->field[i].key) == n && memcmp(m->field[i].key, line, n) == 0) {
            return bad(number, "a key comes twice", err);
        }
    }
    m->field[m->fields].key = en_strndup(line, n);
    if (m->field[m->fields].key == NULL) {
        return en_error_nomem(err, "meta.yaml");
    }
    m->fields++;
    *value = line[n + 1] == ' ' ? line + n + 2 : "";
    return EN_OK;
}

/* A line goes on with the value before it: one space between them, or none where a backslash ends a line in quotes. */
static en_status go_on(en_buf *value, const char *line, en_error *err)
{
    line += strspn(line, " ");
    const bool joined = value->size > 0 && value->data[0] == '"' && value->data[value->size - 1] == '\\';
    if (joined) {
        value->data[--value->size] = '\0';
    }
    en_status st = joined ? EN_OK : en_buf_text(value, " ", err);
    return st == EN_OK ? en_buf_text(value, line, err) : st;
}

static en_status parse_line(en_meta *m, en_buf *value, const char *line, size_t number, en_error *err)
{
    const char *begins = "";
    if (*line == '\0') {
        return value->size > 0 && (value->data[0] == '"' || value->data[0] == '\'') ? bad(number, "it is empty", err)
                                                                                    : EN_OK;
    }
    if (line[0] == ' ' && line[1] == ' ' && m->fields > 0) {
        return go_on(value, line, err);
    }
    en_status st = m->fields > 0 ? end_value(m, value->size > 0 ? value->data : (char[1]){0}, number - 1, err) : EN_OK;
    en_buf_reset(value);
    if (st == EN_OK) {
        st = begin_value(m, line, number, &begins, err);
    }
    return st == EN_OK ? en_buf_text(value, begins, err) : st;
}

en_status en_meta_parse(const char *text, size_t size, en_meta *out, en_error *err)
{
    char line[LINE_MAX_BYTES];
    en_buf value;
    size_t number = 0;
    *out = (en_meta){0};
    if (memchr(text, '\0', size) != NULL) {
        return en_error_set(err, EN_INPUT, "there is a NUL in it");
    }
    en_buf_init(&value, 4 * LINE_MAX_BYTES);
    en_status st = EN_OK;
    for (size_t at = 0; st == EN_OK && at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        const size_t next = end != NULL ? (size_t)(end - text) + 1 : size, n = next - at - (end != NULL);
        number++;
        if (n >= sizeof line) {
            st = bad(number, "it is too long", err);
            break;
        }
        memcpy(line, text + at, n);
        line[n > 0 && line[n - 1] == '\r' ? n - 1 : n] = '\0';
        st = parse_line(out, &value, line, number, err);
        at = next;
    }
    if (st == EN_OK && out->fields > 0) {
        st = end_value(out, value.size > 0 ? value.data : (char[1]){0}, number, err);
    }
    en_buf_clear(&value);
    return st;
}

const char *en_meta_get(const en_meta *m, const char *key)
{
    for (size_t i = 0; i < m->fields; i++) {
        if (strcmp(m->field[i].key, key) == 0) {
            return m->field[i].value;
        }
    }
    return NULL;
}

void en_meta_clear(en_meta *m)
{
    for (size_t i = 0; i < m->fields; i++) {
        en_free(m->field[i].key);
        en_free(m->field[i].value);
    }
    *m = (en_meta){0};
}
