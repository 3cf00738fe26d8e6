/* See toml.h. One pass, by descent; the first fault ends it. */
#include "base/toml.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"

typedef struct reader {
    const char *what, *at, *end;
    int line;
    en_error *err;
} reader;

static en_status value(reader *r, int depth, en_toml *out);

static en_status fault(reader *r, const char *why)
{
    return en_error_set(r->err, EN_INPUT, "%s, line %d: %s", r->what, r->line, why);
}

static bool is_at(const reader *r, char c) { return r->at < r->end && *r->at == c; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_bare(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static void skip_blanks(reader *r)
{
    while (is_at(r, ' ') || is_at(r, '\t')) {
        r->at++;
    }
}

static void skip_comment(reader *r)
{
    while (is_at(r, '#') || (r->at < r->end && *r->at != '\n')) {
        r->at++;
    }
}

/* Blanks, comments and the ends of lines. */
static void skip_lines(reader *r)
{
    for (;;) {
        skip_blanks(r);
        if (is_at(r, '#')) {
            skip_comment(r);
        } else if (is_at(r, '\r') && r->at + 1 < r->end && r->at[1] == '\n') {
            r->at++;
        } else if (is_at(r, '\n')) {
            r->at++;
            r->line++;
        } else {
            return;
        }
    }
}

/* Nothing else on this line. */
static en_status end_line(reader *r)
{
    skip_blanks(r);
    if (is_at(r, '#')) {
        skip_comment(r);
    }
    const bool good = r->at == r->end || *r->at == '\n' || (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n');
    return good ? EN_OK : fault(r, "expected the end of the line");
}

static en_status key(reader *r, char **out)
{
    const char *from = r->at;
    while (r->at < r->end && is_bare(*r->at)) {
        r->at++;
    }
    if (r->at == from) {
        return fault(r, is_at(r, '"') || is_at(r, '\'') ? "keys in quotes are not read here" : "expected a key");
    }
    *out = en_strndup(from, (size_t)(r->at - from));
    if (*out == NULL) {
        return en_error_nomem(r->err, "a key");
    }
    skip_blanks(r);
    return is_at(r, '.') ? fault(r, "dotted keys are not read here") : EN_OK;
}

/* Space for one more value, and for its key in a table. */
static en_status grow(reader *r, en_toml *in)
{
    if (in->kind == EN_TOML_TABLE && in->count == EN_TOML_KEYS) {
        return en_error_set(r->err, EN_INPUT, "%s, line %d: more than %d keys", r->what, r->line, EN_TOML_KEYS);
    }
    en_toml *item = en_array_grow(in->item, in->count, sizeof *item, r->err);
    if (item == NULL) {
        return EN_NOMEM;
    }
    in->item = item;
    if (in->kind == EN_TOML_TABLE) {
        char **keys = en_array_grow(in->key, in->count, sizeof *keys, r->err);
        if (keys == NULL) {
            return EN_NOMEM;
        }
        in->key = keys;
    }
    in->item[in->count] = (en_toml){.line = r->line};
    return EN_OK;
}

/* "key = value" into a table. */
static en_status pair(reader *r, int depth, en_toml *table)
{
    char *name = NULL;
    en_status st = key(r, &name);
    if (st == EN_OK && !is_at(r, '=')) {
        st = fault(r, "expected '=' behind the key");
    }
    if (st == EN_OK && en_toml_get(table, name) != NULL) {
        st = en_error_set(r->err, EN_INPUT, "%s, line %d: '%.60s' is there twice", r->what, r->line, name);
    }
    if (st == EN_OK) {
        st = grow(r, table);
    }
    if (st != EN_OK) {
        en_free(name);
        return st;
    }
    table->key[table->count] = name;
    table->count++;
    r->at++;
    skip_blanks(r);
    return value(r, depth, &table->item[table->count - 1]);
}

static en_status inline_table(reader *r, int depth, en_toml *out)
{
    out->kind = EN_TOML_TABLE;
    r->at++;
    skip_blanks(r);
    if (is_at(r, '}')) {
        r->at++;
        return EN_OK;
    }
    for (;;) {
        en_status st = pair(r, depth + 1, out);
        if (st != EN_OK) {
            return st;
        }
        skip_blanks(r);
        if (is_at(r, '}')) {
            r->at++;
            return EN_OK;
        }
        if (!is_at(r, ',')) {
            return fault(r, "expected ',' or '}' on this line");
        }
        r->at++;
        skip_blanks(r);
    }
}

static en_status array(reader *r, int depth, en_toml *out)
{
    out->kind = EN_TOML_ARRAY;
    r->at++;
    for (;;) {
        skip_lines(r);
        if (is_at(r, ']')) {
            r->at++;
            return EN_OK;
        }
        en_status st = grow(r, out);
        if (st == EN_OK) {
            out->count++;
            st = value(r, depth + 1, &out->item[out->count - 1]);
        }
        if (st != EN_OK) {
            return st;
        }
        skip_lines(r);
        if (is_at(r, ',')) {
            r->at++;
        } else if (!is_at(r, ']')) {
            return fault(r, "expected ',' or ']'");
        }
    }
}

static int hex_value(char c)
{
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \uXXXX as UTF-8: not NUL, and no half of a surrogate pair. */
static en_status code_point(reader *r, en_buf *text)
{
    unsigned code = 0;
    for (int i = 0; i < 4; i++) {
        const int digit = r->at < r->end ? hex_value(*r->at) : -1;
        if (digit < 0) {
            return fault(r, "expected four hexadecimal digits behind \\u");
        }
        code = code * 16 + (unsigned)digit;
        r->at++;
    }
    if (code < 0x20 || code == 0x7f || (code >= 0xd800 && code < 0xe000)) {
        return fault(r, "\\u names a control character or half a character");
    }
    const char one[] = {(char)code}, two[] = {(char)(0xc0 | code >> 6), (char)(0x80 | (code & 0x3f))},
               three[] = {(char)(0xe0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3f)), (char)(0x80 | (code & 0x3f))};
    return code < 0x80    ? en_buf_add(text, one, 1, r->err)
           : code < 0x800 ? en_buf_add(text, two, 2, r->err)
                          : en_buf_add(text, three, 3, r->err);
}

static en_status escape(reader *r, en_buf *text)
{
    static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
    const char c = r->at < r->end ? *r->at++ : '\0';
    if (c == 'u') {
        return code_point(r, text);
    }
    const char *found = c != '\0' ? strchr(from, c) : NULL;
    return found != NULL ? en_buf_add(text, &to[found - from], 1, r->err) : fault(r, "an unknown escape behind '\\'");
}

static en_status quoted(reader *r, en_toml *out)
{
    const char mark = *r->at++;
    en_buf text;
    en_buf_init(&text, EN_TOML_BYTES);
    en_status st = EN_OK;
    out->kind = EN_TOML_TEXT;
    if (r->end - r->at >= 2 && r->at[0] == mark && r->at[1] == mark) {
        return fault(r, "texts over several lines are not read here");
    }
    while (st == EN_OK && !is_at(r, mark)) {
        if (r->at == r->end || *r->at == '\n' || *r->at == '\r') {
            st = fault(r, "a text ends with its quote on the same line");
        } else if (*r->at == '\\' && mark == '"') {
            r->at++;
            st = escape(r, &text);
        } else {
            st = en_buf_add(&text, r->at++, 1, r->err);
        }
    }
    if (st == EN_OK) {
        r->at++;
        out->text = en_strdup(en_buf_str(&text));
        st = out->text != NULL ? EN_OK : en_error_nomem(r->err, "a text");
    }
    en_buf_clear(&text);
    return st;
}

/* Digits with single '_' between them, copied without; false where there are none or a '_' is elsewhere. */
static bool digits(const char **at, const char *end, char *out, size_t capacity, size_t *used)
{
    size_t count = 0;
    while (*at < end && (is_digit(**at) ||
                         (**at == '_' && count > 0 && *at + 1 < end && is_digit((*at)[1]) && is_digit((*at)[-1])))) {
        if (**at != '_' && *used + 1 < capacity) {
            out[(*used)++] = **at;
        } else if (**at != '_') {
            return false;
        }
        (*at)++;
        count++;
    }
    return count > 0;
}

static bool take(const char **at, const char *end, const char *set, char *out, size_t capacity, size_t *used)
{
    if (*at < end && strchr(set, **at) != NULL && *used + 1 < capacity) {
        out[(*used)++] = *(*at)++;
        return true;
    }
    return false;
}

/* A number as TOML writes it; false: it is none. */
static bool copy_number(const char *at, const char *end, char *out, size_t capacity, bool *real)
{
    size_t used = 0;
    if (at < end && *at == '+') {
        at++;
    } else {
        take(&at, end, "-", out, capacity, &used);
    }
    const char *whole = at;
    bool good = digits(&at, end, out, capacity, &used) && !(*whole == '0' && at - whole > 1);
    *real = false;
    if (good && take(&at, end, ".", out, capacity, &used)) {
        *real = true;
        good = digits(&at, end, out, capacity, &used);
    }
    if (good && take(&at, end, "eE", out, capacity, &used)) {
        *real = true;
        take(&at, end, "+-", out, capacity, &used);
        good = digits(&at, end, out, capacity, &used);
    }
    out[used] = '\0';
    return good && at == end;
}

static en_status word(reader *r, en_toml *out)
{
    char text[64] = "";
    bool real = false;
    int64_t whole;
    double number;
    const char *from = r->at;
    while (r->at < r->end && (is_bare(*r->at) || *r->at == '+' || *r->at == '.' || *r->at == ':')) {
        r->at++;
    }
    const size_t size = (size_t)(r->at - from);
    if ((size == 4 && memcmp(from, "true", 4) == 0) || (size == 5 && memcmp(from, "false", 5) == 0)) {
        out->kind = EN_TOML_BOOL;
        out->text = en_strndup(from, size);
    } else if (size > 0 && copy_number(from, r->at, text, sizeof text, &real)) {
        if (real ? !en_parse_double(text, &number) : !en_parse_int(text, &whole)) {
            return en_error_set(r->err, EN_INPUT, "%s, line %d: the number %.60s is too large", r->what, r->line, text);
        }
        out->kind = real ? EN_TOML_REAL : EN_TOML_INT;
        out->text = en_strdup(text);
    } else {
        return en_error_set(r->err, EN_INPUT,
                            "%s, line %d: '%.*s' is not a value: texts are in quotes, and numbers decimal", r->what,
                            r->line, (int)(size < 40 ? size : 40), from);
    }
    return out->text != NULL ? EN_OK : en_error_nomem(r->err, "a value");
}

static en_status value(reader *r, int depth, en_toml *out)
{
    out->line = r->line;
    if (depth > EN_TOML_DEPTH) {
        return fault(r, "values are too deep within values");
    }
    switch (r->at < r->end ? *r->at : '\0') {
    case '"':
    case '\'': return quoted(r, out);
    case '[': return array(r, depth, out);
    case '{': return inline_table(r, depth, out);
    default: return word(r, out);
    }
}

/* "[name]": the table that the next keys are of. */
static en_status header(reader *r, en_toml *root, size_t *table)
{
    char *name = NULL;
    r->at++;
    if (is_at(r, '[')) {
        return fault(r, "arrays of tables are not read here");
    }
    skip_blanks(r);
    en_status st = key(r, &name);
    if (st == EN_OK && !is_at(r, ']')) {
        st = fault(r, "expected ']'");
    }
    if (st == EN_OK && en_toml_get(root, name) != NULL) {
        st = en_error_set(r->err, EN_INPUT, "%s, line %d: '%.60s' is there twice", r->what, r->line, name);
    }
    if (st == EN_OK) {
        st = grow(r, root);
    }
    if (st != EN_OK) {
        en_free(name);
        return st;
    }
    r->at++;
    root->key[root->count] = name;
    root->item[root->count].kind = EN_TOML_TABLE;
    *table = root->count++;
    return EN_OK;
}

/* Characters that no text has, before anything is read. */
static en_status check_bytes(reader *r)
{
    for (const char *at = r->at; at < r->end;) {
        size_t taken;
        const unsigned char c = (unsigned char)*at;
        const uint32_t code = en_utf8_next(at, (size_t)(r->end - at), &taken);
        if (code == EN_UTF8_BAD && taken == 1) {
            return fault(r, "a byte that is not UTF-8");
        }
        if ((c < 0x20 && c != '\t' && c != '\n' && !(c == '\r' && at + 1 < r->end && at[1] == '\n')) || c == 0x7f) {
            return en_error_set(r->err, EN_INPUT, "%s, line %d: a control character (0x%02x)", r->what, r->line, c);
        }
        r->line += c == '\n';
        at += taken;
    }
    r->line = 1;
    return EN_OK;
}

en_status en_toml_parse(const char *what, const char *text, size_t size, en_toml *out, en_error *err)
{
    reader r = {.what = what, .at = text, .end = text + size, .line = 1, .err = err};
    size_t table = SIZE_MAX; /* the root */
    *out = (en_toml){.kind = EN_TOML_TABLE, .line = 1};
    en_status st = check_bytes(&r);
    while (st == EN_OK) {
        skip_lines(&r);
        if (r.at == r.end) {
            break;
        }
        st = *r.at == '[' ? header(&r, out, &table) : pair(&r, 1, table != SIZE_MAX ? &out->item[table] : out);
        if (st == EN_OK) {
            st = end_line(&r);
        }
    }
    return st;
}

en_status en_toml_read(const char *path, en_toml *out, en_error *err)
{
    en_buf bytes;
    *out = (en_toml){0};
    en_buf_init(&bytes, EN_TOML_BYTES);
    char *what = en_format("'%.200s'", path);
    en_status st = what != NULL ? en_file_read(path, &bytes, err) : en_error_nomem(err, "a name");
    if (st == EN_OK) {
        st = en_toml_parse(what, en_buf_str(&bytes), bytes.size, out, err);
    }
    en_free(what);
    en_buf_clear(&bytes);
    return st;
}

const en_toml *en_toml_get(const en_toml *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->key[i], name) == 0) {
            return &table->item[i];
        }
    }
    return NULL;
}

void en_toml_clear(en_toml *v)
{
    for (size_t i = 0; i < v->count; i++) {
        if (v->key != NULL) {
            en_free(v->key[i]);
        }
        en_toml_clear(&v->item[i]);
    }
    en_free(v->key);
    en_free(v->item);
    en_free(v->text);
    *v = (en_toml){0};
}
