/* Reading a command line: one pass that yields its options and words, and one line about what is wrong. */
#include "cli/option.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

en_status en_option_set_join(const en_binding *bindings, size_t count, en_option_set *out, en_error *err)
{
    out->count = 0;
    for (size_t b = 0; b < count; b++) {
        for (const en_option *o = bindings[b].options; o != NULL && o->name != NULL; o++) {
            if (out->count == EN_MOST_OPTIONS) {
                return en_error_set(err, EN_BUG, "a command has more than %d options", EN_MOST_OPTIONS);
            }
            out->option[out->count] = o;
            out->into[out->count++] = bindings[b].into;
        }
    }
    return EN_OK;
}

/* How many options have names that begin with the first `size` bytes of `text`, and the first two of them; an exact
 * name is the only one. */
static size_t matching(const en_option_set *set, const char *text, size_t size, size_t match[2])
{
    size_t found = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (strncmp(set->option[i]->name, text, size) != 0) {
            continue;
        }
        if (set->option[i]->name[size] == '\0') {
            match[0] = i;
            return 1;
        }
        if (found < 2) {
            match[found] = i;
        }
        found++;
    }
    return found;
}

static en_status unknown_name(const en_option_set *set, const char *text, size_t size, en_error *err)
{
    const char *names[EN_MOST_OPTIONS + 1] = {NULL};
    for (size_t i = 0; i < set->count; i++) {
        names[i] = set->option[i]->name;
    }
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)size, text);
    const char *near = en_nearest_word(word, names);
    if (near != NULL) {
        return en_error_set(err, EN_USAGE, "no option --%s: did you mean --%s?", word, near);
    }
    return en_error_set(err, EN_USAGE, "no option --%s", word);
}

/* "--name" or "--name=value", whose value may be the next argument; `text` is without the dashes. */
static en_status next_long(en_scan *s, const char *text, en_item *item, en_error *err)
{
    const size_t size = strcspn(text, "=");
    size_t match[2];
    switch (matching(s->set, text, size, match)) {
    case 0: return unknown_name(s->set, text, size, err);
    case 1: break;
    default:
        return en_error_set(err, EN_USAGE, "--%.*s may mean --%s or --%s", (int)size, text,
                            s->set->option[match[0]]->name, s->set->option[match[1]]->name);
    }
    const en_option *o = s->set->option[match[0]];
    if (o->arg == NULL && text[size] == '=') {
        return en_error_set(err, EN_USAGE, "--%s takes no value", o->name);
    }
    item->option = match[0];
    if (text[size] == '=') {
        item->text = text + size + 1;
    } else if (o->arg != NULL && s->next == s->count) {
        return en_error_set(err, EN_USAGE, "--%s needs a value: --%s %s", o->name, o->name, o->arg);
    } else if (o->arg != NULL) {
        item->text = s->arg[s->next++];
    }
    return EN_OK;
}

/* One letter of "-abc"; the rest, or the next argument, is its value when it takes one. */
static en_status next_letter(en_scan *s, en_item *item, en_error *err)
{
    const char letter = *s->letters++;
    const char *rest = *s->letters != '\0' ? s->letters : NULL;
    size_t i = 0;
    while (i < s->set->count && s->set->option[i]->letter != letter) {
        i++;
    }
    s->letters = rest;
    if (i == s->set->count) {
        return en_error_set(err, EN_USAGE, "no option -%c", letter);
    }
    item->option = i;
    if (s->set->option[i]->arg == NULL) {
        return EN_OK;
    }
    s->letters = NULL;
    if (rest == NULL && s->next == s->count) {
        return en_error_set(err, EN_USAGE, "-%c needs a value: -%c %s", letter, letter, s->set->option[i]->arg);
    }
    item->text = rest != NULL ? rest : s->arg[s->next++];
    return EN_OK;
}

en_status en_scan_next(en_scan *s, en_item *item, en_error *err)
{
    *item = (en_item){.option = EN_NO_OPTION};
    if (s->letters != NULL) {
        return next_letter(s, item, err);
    }
    if (s->next < s->count && !s->only_words && strcmp(s->arg[s->next], "--") == 0) {
        s->only_words = true;
        s->next++;
    }
    if (s->next == s->count) {
        return EN_DONE;
    }
    const char *text = s->arg[s->next++];
    if (!s->only_words && en_starts_with(text, "--")) {
        return next_long(s, text + 2, item, err);
    }
    if (!s->only_words && text[0] == '-' && text[1] != '\0') {
        s->letters = text + 1;
        return next_letter(s, item, err);
    }
    item->text = text;
    s->only_words = s->only_words || s->order == EN_ORDER_UNTIL_WORD;
    return EN_OK;
}

en_status en_options_parse(const en_option_set *set, en_order order, int argc, char *const *argv, en_words *words,
                           en_error *err)
{
    words->word = en_calloc((size_t)argc + 1, sizeof *words->word);
    if (words->word == NULL) {
        return en_error_nomem(err, "the command line");
    }
    en_scan scan = {.set = set, .order = order, .arg = (const char *const *)argv, .count = (size_t)argc, .next = 1};
    en_item item;
    en_status st;
    while ((st = en_scan_next(&scan, &item, err)) == EN_OK) {
        if (item.option == EN_NO_OPTION) {
            words->word[words->count++] = item.text;
            continue;
        }
        words->given[item.option] = true;
        st = en_option_set_value(set->option[item.option], set->into[item.option], item.text, err);
        if (st != EN_OK) {
            return st;
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

void en_words_clear(en_words *words)
{
    en_free(words->word);
    *words = (en_words){0};
}

/* The next word of "RUN [IMAGE...]": *size long, without brackets and dots. NULL at the end. */
static const char *next_asked(const char **args, size_t *size, bool *optional, bool *more)
{
    const char *at = *args + strspn(*args, " ");
    if (*at == '\0') {
        return NULL;
    }
    size_t length = strcspn(at, " ");
    *args = at + length;
    *optional = *at == '[';
    const char *dots = strstr(at, "...");
    *more = dots != NULL && dots < at + length;
    at += *optional;
    *size = *more ? (size_t)(dots - at) : strcspn(at, " ]");
    return at;
}

void en_words_asked(const char *args, size_t *least, size_t *most)
{
    *least = *most = 0;
    size_t size;
    bool optional, more;
    while (next_asked(&args, &size, &optional, &more) != NULL) {
        *least += !optional;
        *most = more ? SIZE_MAX : *most + 1;
    }
}

en_status en_words_check(const char *args, const en_words *words, en_error *err)
{
    size_t least, most, size = 0;
    en_words_asked(args, &least, &most);
    if (words->count > most) {
        return en_error_set(err, EN_USAGE, "unexpected argument '%s'", words->word[most]);
    }
    if (words->count >= least) {
        return EN_OK;
    }
    const char *word = args;
    for (size_t i = 0; i <= words->count; i++) {
        bool optional, more;
        word = next_asked(&args, &size, &optional, &more);
    }
    return en_error_set(err, EN_USAGE, "%.*s is missing", (int)size, word);
}
