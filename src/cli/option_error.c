/* argp only says that something was wrong; this walks the command line by the same rules and says what. */
#include "cli/option_error.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define MOST_NAMES 64

/* The options whose names begin with the first `size` bytes of `text`; an exact name is the only one. */
static size_t matching(const en_option *const *options, size_t count, const char *text, size_t size,
                       const en_option **first, const en_option **second)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(options[i]->name, text, size) != 0) {
            continue;
        }
        if (options[i]->name[size] == '\0') {
            *first = options[i];
            return 1;
        }
        if (++found <= 2) {
            *(found == 1 ? first : second) = options[i];
        }
    }
    return found;
}

static en_status unknown_name(const en_option *const *options, size_t count, const char *text, size_t size,
                              en_error *err)
{
    const char *names[MOST_NAMES + 1] = {NULL};
    for (size_t i = 0; i < count && i < MOST_NAMES; i++) {
        names[i] = options[i]->name;
    }
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)size, text);
    const char *near = en_nearest_word(word, names);
    if (near != NULL) {
        return en_error_set(err, EN_USAGE, "no option --%s: did you mean --%s?", word, near);
    }
    return en_error_set(err, EN_USAGE, "no option --%s", word);
}

/* "--name" or "--name=value"; *skip is set when the value is the next word. EN_OK when nothing is wrong with it. */
static en_status check_long(const en_option *const *options, size_t count, const char *text, bool last, bool *skip,
                            en_error *err)
{
    size_t size = strcspn(text, "=");
    bool value = text[size] == '=';
    const en_option *first = NULL, *second = NULL;
    switch (matching(options, count, text, size, &first, &second)) {
    case 0: return unknown_name(options, count, text, size, err);
    case 1: break;
    default:
        return en_error_set(err, EN_USAGE, "--%.*s may mean --%s or --%s", (int)size, text, first->name, second->name);
    }
    if (first->arg == NULL && value) {
        return en_error_set(err, EN_USAGE, "--%s takes no value", first->name);
    }
    if (first->arg != NULL && !value && last) {
        return en_error_set(err, EN_USAGE, "--%s needs a value: --%s %s", first->name, first->name, first->arg);
    }
    *skip = first->arg != NULL && !value;
    return EN_OK;
}

/* "-abc": flags, the last of which may have its value attached or as the next word. */
static en_status check_letters(const en_option *const *options, size_t count, const char *letters, bool last,
                               bool *skip, en_error *err)
{
    for (; *letters != '\0'; letters++) {
        const en_option *o = NULL;
        for (size_t i = 0; i < count && o == NULL; i++) {
            o = options[i]->letter == *letters ? options[i] : NULL;
        }
        if (o == NULL) {
            return en_error_set(err, EN_USAGE, "no option -%c", *letters);
        }
        if (o->arg != NULL) {
            *skip = letters[1] == '\0';
            if (*skip && last) {
                return en_error_set(err, EN_USAGE, "-%c needs a value: -%c %s", *letters, *letters, o->arg);
            }
            return EN_OK;
        }
    }
    return EN_OK;
}

en_status en_option_explain(const en_option *const *options, size_t count, int argc, char *const *argv, en_error *err)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *text = argv[i];
        bool last = i + 1 == argc, skip = false;
        en_status st = EN_OK;
        if (en_starts_with(text, "--")) {
            st = check_long(options, count, text + 2, last, &skip, err);
        } else if (text[0] == '-' && text[1] != '\0') {
            st = check_letters(options, count, text + 1, last, &skip, err);
        }
        if (st != EN_OK) {
            return st;
        }
        i += skip;
    }
    return en_error_set(err, EN_USAGE, "usage error: an unknown option, or a missing or unexpected argument");
}

en_status en_option_refuse_choice(const en_option *option, const char *text, en_error *err)
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

en_status en_option_refuse_number(const en_option *option, const char *text, en_error *err)
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
