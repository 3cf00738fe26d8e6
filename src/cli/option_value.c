/* The values of options, and which options go together. */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "cli/option.h"

static bool in_range(const en_option *o, double value)
{
    return (o->low == 0 && o->high == 0) || (value >= o->low && value <= o->high);
}

static bool is_choice(const en_option *o, const char *word)
{
    for (const char *const *c = o->choices; *c != NULL; c++) {
        if (strcmp(*c, word) == 0) {
            return true;
        }
    }
    return false;
}

static en_status refuse_choice(const en_option *option, const char *text, en_error *err)
{
    en_buf list;
    en_buf_init(&list, 512);
    en_status st = EN_OK;
    for (const char *const *c = option->choices; *c != NULL && st == EN_OK; c++) {
        const char *before = c == option->choices ? "" : c[1] == NULL ? " or " : ", ";
        st = en_buf_printf(&list, err, "%s%s", before, *c);
    }
    if (st == EN_OK) {
        st = en_error_set(err, EN_USAGE, "--%s is %s, not '%s'", option->name, en_buf_str(&list), text);
    }
    en_buf_clear(&list);
    return st;
}

static en_status refuse_number(const en_option *option, const char *text, en_error *err)
{
    const char *what = option->kind == EN_OPTION_INT    ? "a whole number"
                       : option->kind == EN_OPTION_SIZE ? "a size such as 64M or 8G"
                                                        : "a number";
    if (option->low == 0 && option->high == 0) {
        return en_error_set(err, EN_USAGE, "--%s is %s, not '%s'", option->name, what, text);
    }
    if (option->kind == EN_OPTION_SIZE) {
        char low[32], high[32];
        return en_error_set(err, EN_USAGE, "--%s is %s, from %s to %s, not '%s'", option->name, what,
                            en_human_size((int64_t)option->low, low, sizeof low),
                            en_human_size((int64_t)option->high, high, sizeof high), text);
    }
    return en_error_set(err, EN_USAGE, "--%s is %s from %.15g to %.15g, not '%s'", option->name, what, option->low,
                        option->high, text);
}

en_status en_option_set_value(const en_option *o, void *into, const char *text, en_error *err)
{
    void *field = (char *)into + o->at;
    int64_t whole = 0;
    double real = 0;
    switch (o->kind) {
    case EN_OPTION_FLAG: *(bool *)field = true; return EN_OK;
    case EN_OPTION_TEXT:
        if (o->choices != NULL && !is_choice(o, text)) {
            return refuse_choice(o, text, err);
        }
        *(const char **)field = text;
        return EN_OK;
    case EN_OPTION_INT:
    case EN_OPTION_SIZE:
        if (!(o->kind == EN_OPTION_INT ? en_parse_int(text, &whole) : en_parse_size(text, &whole)) ||
            !in_range(o, (double)whole)) {
            return refuse_number(o, text, err);
        }
        *(int64_t *)field = whole;
        return EN_OK;
    case EN_OPTION_REAL:
        if (!en_parse_double(text, &real) || !in_range(o, real)) {
            return refuse_number(o, text, err);
        }
        *(double *)field = real;
        return EN_OK;
    }
    return en_error_set(err, EN_BUG, "option --%s has no kind", o->name);
}

/* Whether the option of this name (NULL: none) was given. */
static bool is_given(const en_option_set *set, const bool *given, const char *name)
{
    for (size_t i = 0; name != NULL && i < set->count; i++) {
        if (given[i] && strcmp(set->option[i]->name, name) == 0) {
            return true;
        }
    }
    return false;
}

bool en_option_is_ruled_out(const en_option_set *set, const bool *given, size_t option)
{
    const en_option *o = set->option[option];
    bool out = given[option] || is_given(set, given, o->excludes);
    for (size_t i = 0; i < set->count && !out; i++) {
        out = given[i] && set->option[i]->excludes != NULL && strcmp(set->option[i]->excludes, o->name) == 0;
    }
    return out;
}

en_status en_options_check(const en_option_set *set, const en_words *words, en_error *err)
{
    for (size_t i = 0; i < set->count; i++) {
        const en_option *o = set->option[i];
        if (o->required && !en_option_is_ruled_out(set, words->given, i)) {
            return en_error_set(err, EN_USAGE, "--%s %s is missing: %s", o->name, o->arg, o->doc);
        }
        if (!words->given[i]) {
            continue;
        }
        if (is_given(set, words->given, o->excludes)) {
            return en_error_set(err, EN_USAGE, "--%s and --%s are mutually exclusive", o->name, o->excludes);
        }
        if (o->needs != NULL && !is_given(set, words->given, o->needs)) {
            return en_error_set(err, EN_USAGE, "--%s has no effect without --%s", o->name, o->needs);
        }
        if (o->without_args && words->count > 0) {
            return en_error_set(err, EN_USAGE, "unexpected argument '%s' with --%s", words->word[0], o->name);
        }
    }
    return EN_OK;
}
