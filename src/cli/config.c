/* See config.h. */
#include "cli/config.h"

#include <string.h>

#include "base/text.h"

en_status en_config_find(const char *file, const en_option *options, const char *key, const en_toml *value,
                         const en_option **out, en_error *err)
{
    const char *known[EN_MOST_OPTIONS + 1] = {0};
    size_t count = 0;
    *out = NULL;
    for (const en_option *o = options; o->name != NULL && count < EN_MOST_OPTIONS; o++) {
        if (strcmp(o->name, EN_CONFIG_OPTION) != 0) {
            known[count++] = o->name;
            *out = strcmp(o->name, key) == 0 ? o : *out;
        }
    }
    if (*out != NULL) {
        return EN_OK;
    }
    const char *near = en_nearest_word(key, known);
    return en_error_set(err, EN_USAGE, "'%s', line %d: there is no option '%s'%s%s%s", file, value->line, key,
                        near != NULL ? ": did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

static const char *kind_of(const en_option *o)
{
    switch (o->kind) {
    case EN_OPTION_FLAG: return "true or false";
    case EN_OPTION_INT: return "a whole number";
    case EN_OPTION_REAL: return "a number";
    case EN_OPTION_SIZE: return "a size such as \"64M\"";
    case EN_OPTION_TEXT: break;
    }
    return "a text in quotes";
}

static bool fits(const en_option *o, en_toml_kind kind)
{
    switch (o->kind) {
    case EN_OPTION_FLAG: return kind == EN_TOML_BOOL;
    case EN_OPTION_INT: return kind == EN_TOML_INT;
    case EN_OPTION_REAL: return kind == EN_TOML_INT || kind == EN_TOML_REAL;
    case EN_OPTION_SIZE:
    case EN_OPTION_TEXT: break;
    }
    return kind == EN_TOML_TEXT || kind == EN_TOML_INT || kind == EN_TOML_REAL;
}

en_status en_config_set(const char *file, const en_option *option, void *into, const en_toml *value, bool *given,
                        en_error *err)
{
    *given = true;
    if (!fits(option, value->kind)) {
        return en_error_set(err, EN_USAGE, "'%s', line %d: '%s' must be %s", file, value->line, option->name,
                            kind_of(option));
    }
    if (option->kind == EN_OPTION_FLAG && strcmp(value->text, "false") == 0) {
        *given = false;
        return EN_OK;
    }
    en_status st = en_option_set_value(option, into, value->text, err);
    if (st != EN_OK) {
        en_error_prefix(err, "'%s', line %d", file, value->line);
    }
    return st;
}

/* The place of an option of the list that is bound to `into`. */
static size_t place_of(const en_option_set *set, const void *into, const char *name)
{
    size_t i = 0;
    while (i < set->count && !(set->into[i] == into && strcmp(set->option[i]->name, name) == 0)) {
        i++;
    }
    return i;
}

en_status en_config_apply(const en_option_set *set, const void *into, en_words *words, en_toml *doc, en_error *err)
{
    const size_t config = place_of(set, into, EN_CONFIG_OPTION);
    if (config == set->count || !words->given[config]) {
        return EN_OK;
    }
    bool typed[EN_MOST_OPTIONS];
    memcpy(typed, words->given, sizeof typed);
    const char *file = *(const char *const *)(const void *)((const char *)into + set->option[config]->at);
    en_status st = en_toml_read(file, doc, err);
    for (size_t i = 0; st == EN_OK && i < doc->count; i++) {
        const en_option *o = NULL;
        bool given;
        /* the lists of a set lie one after the other: the command's own is whole from its first option on */
        st = en_config_find(file, set->option[0], doc->key[i], &doc->item[i], &o, err);
        const size_t at = st == EN_OK ? place_of(set, into, o->name) : 0;
        if (st == EN_OK && !en_option_is_ruled_out(set, typed, at)) {
            st = en_config_set(file, o, set->into[at], &doc->item[i], &given, err);
            words->given[at] = given;
        }
    }
    return st;
}
