/* See settings.h. */
#include "base/settings.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

enum { TOKEN = 32, SETTINGS_MAX = 32, LIST = 160 }; /* bytes of a word or number with its NUL; words; bytes of a list */

/* What was read, before it is known to be right as a whole. */
typedef struct reading {
    const en_settings *table;
    size_t kind;
    bool given[SETTINGS_MAX];
    double value[SETTINGS_MAX];
} reading;

/* The next word between blanks into out; false when there is none. One that is too long is cut, and then unknown. */
static bool next_token(const char **at, char out[TOKEN])
{
    static const char blank[] = " \t\r\n";
    *at += strspn(*at, blank);
    size_t length = strcspn(*at, blank);
    (void)snprintf(out, TOKEN, "%.*s", (int)(length < TOKEN ? length : TOKEN - 1), *at);
    *at += length;
    return length > 0;
}

static bool knows(const en_setting *s, size_t kind) { return (s->of & 1u << kind) != 0; }

/* "a, b or c" */
static void append(char list[LIST], const char *word, bool first, bool last)
{
    size_t used = strlen(list);
    (void)snprintf(list + used, LIST - used, "%s%s", first ? "" : last ? " or " : ", ", word);
}

static en_status parse_kind(reading *r, const char *name, en_error *err)
{
    const char *const *kind = r->table->kind;
    char known[LIST] = "";
    for (r->kind = 0; kind[r->kind] != NULL; r->kind++) {
        if (strcmp(name, kind[r->kind]) == 0) {
            return EN_OK;
        }
        append(known, kind[r->kind], r->kind == 0, kind[r->kind + 1] == NULL);
    }
    return en_error_set(err, EN_USAGE, "%s: expected %s, got '%s'", r->table->what, known, name);
}

static en_status unknown(const reading *r, const char *name, en_error *err)
{
    char known[LIST] = "";
    for (size_t i = 0; i < r->table->count; i++) {
        if (knows(&r->table->setting[i], r->kind)) {
            append(known, r->table->setting[i].name, known[0] == '\0', false);
        }
    }
    return en_error_set(err, EN_USAGE, "%s: unknown word '%s'; '%s' knows %s", r->table->what, name,
                        r->table->kind[r->kind], known[0] != '\0' ? known : "no other words");
}

static en_status parse_word(reading *r, const char *name, const char **at, en_error *err)
{
    for (size_t i = 0; i < r->table->count; i++) {
        const en_setting *s = &r->table->setting[i];
        if (strcmp(name, s->name) != 0 || !knows(s, r->kind)) {
            continue;
        }
        if (r->given[i]) {
            return en_error_set(err, EN_USAGE, "%s: '%s' is given twice", r->table->what, name);
        }
        r->given[i] = true;
        char text[TOKEN];
        if (s->flag) {
            r->value[i] = 1;
        } else if (!next_token(at, text) || !en_parse_double(text, &r->value[i]) ||
                   !(r->value[i] >= s->low && r->value[i] <= s->high)) {
            return en_error_set(err, EN_USAGE, "%s: '%s' takes a number from %g to %g, not '%s'", r->table->what, name,
                                s->low, s->high, text);
        }
        return EN_OK;
    }
    return unknown(r, name, err);
}

static void *member(const en_setting *s, void *of) { return (char *)of + s->offset; }

en_status en_settings_parse(const en_settings *table, const char *text, size_t *kind, void *out, en_error *err)
{
    reading r = {.table = table};
    char name[TOKEN];
    const char *at = text;
    (void)next_token(&at, name);
    en_status st = parse_kind(&r, name, err);
    while (st == EN_OK && next_token(&at, name)) {
        st = parse_word(&r, name, &at, err);
    }
    for (size_t i = 0; st == EN_OK && i < table->count; i++) {
        const en_setting *s = &table->setting[i];
        if (knows(s, r.kind) && s->flag) {
            *(bool *)member(s, out) = r.given[i];
        } else if (knows(s, r.kind)) {
            *(double *)member(s, out) = r.given[i] ? r.value[i] : s->initial;
        }
    }
    *kind = st == EN_OK ? r.kind : *kind;
    return st;
}

const char *en_settings_text(const en_settings *table, size_t kind, const void *from, char *text, size_t capacity)
{
    size_t used = (size_t)en_print(text, capacity, "%s", table->kind[kind]);
    for (size_t i = 0; i < table->count; i++) {
        const en_setting *s = &table->setting[i];
        const void *at = (const char *)from + s->offset;
        if (!knows(s, kind)) {
            continue;
        }
        double value = s->flag ? *(const bool *)at : *(const double *)at;
        if (s->flag && value > 0) {
            used += (size_t)en_print(text + used, capacity - used, " %s", s->name);
        } else if (!s->flag && fpclassify(value - s->initial) != FP_ZERO) {
            used += (size_t)en_print(text + used, capacity - used, " %s %.*g", s->name, en_number_digits(value), value);
        }
    }
    return text;
}
