/* See json.h. */
#include "export/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"

en_json en_json_to(en_buf *out, en_error *err) { return (en_json){.out = out, .err = err, .status = EN_OK}; }

static void add(en_json *j, const void *bytes, size_t count)
{
    if (j->status == EN_OK) {
        j->status = en_buf_add(j->out, bytes, count, j->err);
    }
}

static void put(en_json *j, const char *text) { add(j, text, strlen(text)); }

static void quote(en_json *j, const char *text)
{
    size_t left = strlen(text);
    put(j, "\"");
    while (left > 0) {
        size_t taken;
        uint32_t c = en_utf8_next(text, left, &taken);
        char escape[8];
        if (c == '"' || c == '\\') {
            (void)snprintf(escape, sizeof escape, "\\%c", (int)c);
            put(j, escape);
        } else if (c == '\n') {
            put(j, "\\n");
        } else if (c < 0x20 || c == 0x7f) {
            (void)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c);
            put(j, escape);
        } else if (c == EN_UTF8_BAD) {
            put(j, "\xef\xbf\xbd");
        } else {
            add(j, text, taken);
        }
        text += taken;
        left -= taken;
    }
    put(j, "\"");
}

static void next_line(en_json *j)
{
    static const char spaces[2 * EN_JSON_DEPTH + 1] =
        "                                                                ";
    put(j, "\n");
    add(j, spaces, 2 * j->depth);
}

/* The comma behind the one before, the place, and the key. */
static void member(en_json *j, const char *key)
{
    put(j, j->some ? "," : "");
    if (j->line > 0) {
        put(j, j->some ? " " : "");
    } else if (j->depth > 0) {
        next_line(j);
    }
    if (key != NULL) {
        quote(j, key);
        put(j, ": ");
    }
    j->some = true;
}

static void begin(en_json *j, const char *key, const char *open, char close)
{
    member(j, key);
    put(j, open);
    if (j->depth == EN_JSON_DEPTH) {
        j->status =
            j->status == EN_OK ? en_error_set(j->err, EN_BUG, "JSON of more than %d levels", EN_JSON_DEPTH) : j->status;
        return;
    }
    j->close[j->depth++] = close;
    j->some = false;
}

void en_json_object(en_json *j, const char *key) { begin(j, key, "{", '}'); }

void en_json_array(en_json *j, const char *key) { begin(j, key, "[", ']'); }

void en_json_line(en_json *j, const char *key)
{
    begin(j, key, "{", '}');
    j->line = j->line > 0 ? j->line : j->depth;
}

void en_json_end(en_json *j)
{
    if (j->depth == 0) {
        return;
    }
    bool empty = !j->some;
    bool line = j->line > 0;
    j->line = j->line == j->depth ? 0 : j->line;
    j->depth--;
    if (!line && !empty) {
        next_line(j);
    }
    add(j, &j->close[j->depth], 1);
    j->some = true;
    put(j, j->depth == 0 ? "\n" : "");
}

void en_json_text(en_json *j, const char *key, const char *text)
{
    member(j, key);
    if (text != NULL) {
        quote(j, text);
    } else {
        put(j, "null");
    }
}

void en_json_int(en_json *j, const char *key, int64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    member(j, key);
    put(j, text);
}

void en_json_count(en_json *j, const char *key, int64_t value)
{
    if (value < 0) {
        en_json_text(j, key, NULL);
    } else {
        en_json_int(j, key, value);
    }
}

void en_json_real(en_json *j, const char *key, double value)
{
    char text[40];
    if (!isfinite(value)) {
        en_json_text(j, key, NULL);
        return;
    }
    (void)en_print(text, sizeof text, "%.*g", en_number_digits(value), value);
    member(j, key);
    put(j, text);
}

void en_json_bool(en_json *j, const char *key, bool value)
{
    member(j, key);
    put(j, value ? "true" : "false");
}
