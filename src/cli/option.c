/* Reading a command line with argp(3) from our option lists. argp is asked to stay silent: what went wrong is said in
 * one line by option_error.c. */
#include "cli/option.h"

#include <argp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/option_error.h"

/* argp's key of an option is its letter or, without one, its place in the joined list, beyond all letters. */
#define FIRST_KEY 0x100
#define MOST_OPTIONS 64

typedef struct parse {
    const en_option *option[MOST_OPTIONS]; /* the joined list */
    void *into[MOST_OPTIONS];
    size_t options;
    struct argp_option argp[MOST_OPTIONS + 1];
    en_order order;
    en_words *words;
    en_error *err;
    en_status status;
} parse;

static int key_of(const en_option *o, size_t place) { return o->letter != '\0' ? o->letter : FIRST_KEY + (int)place; }

static en_status join(const en_binding *bindings, size_t count, parse *p)
{
    for (size_t b = 0; b < count; b++) {
        for (const en_option *o = bindings[b].options; o != NULL && o->name != NULL; o++) {
            if (p->options == MOST_OPTIONS) {
                return en_error_set(p->err, EN_BUG, "a command has more than %d options", MOST_OPTIONS);
            }
            p->argp[p->options] = (struct argp_option){.name = o->name, .key = key_of(o, p->options), .arg = o->arg};
            p->option[p->options] = o;
            p->into[p->options++] = bindings[b].into;
        }
    }
    return EN_OK;
}

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

/* Reads `text` into the field of `o`. */
static en_status set(const en_option *o, void *into, const char *text, en_error *err)
{
    void *field = (char *)into + o->at;
    int64_t whole = 0;
    double real = 0;
    switch (o->kind) {
    case EN_OPTION_FLAG: *(bool *)field = true; return EN_OK;
    case EN_OPTION_TEXT:
        if (o->choices != NULL && !is_choice(o, text)) {
            return en_option_refuse_choice(o, text, err);
        }
        *(const char **)field = text;
        return EN_OK;
    case EN_OPTION_INT:
    case EN_OPTION_SIZE:
        if (!(o->kind == EN_OPTION_INT ? en_parse_int(text, &whole) : en_parse_size(text, &whole)) ||
            !in_range(o, (double)whole)) {
            return en_option_refuse_number(o, text, err);
        }
        *(int64_t *)field = whole;
        return EN_OK;
    case EN_OPTION_REAL:
        if (!en_parse_double(text, &real) || !in_range(o, real)) {
            return en_option_refuse_number(o, text, err);
        }
        *(double *)field = real;
        return EN_OK;
    }
    return en_error_set(err, EN_BUG, "option --%s has no kind", o->name);
}

static error_t parser(int key, char *arg, struct argp_state *state)
{
    parse *p = state->input;
    if (key == ARGP_KEY_ARG) {
        p->words->word[p->words->count++] = arg;
        if (p->order == EN_ORDER_UNTIL_WORD) {
            for (; state->next < state->argc; state->next++) {
                p->words->word[p->words->count++] = state->argv[state->next];
            }
        }
        return 0;
    }
    for (size_t i = 0; i < p->options; i++) {
        if (key == key_of(p->option[i], i)) {
            p->status = set(p->option[i], p->into[i], arg, p->err);
            return p->status == EN_OK ? 0 : EINVAL;
        }
    }
    return ARGP_ERR_UNKNOWN;
}

en_status en_options_parse(const en_binding *bindings, size_t count, en_order order, int argc, char **argv,
                           en_words *words, en_error *err)
{
    parse p = {.order = order, .words = words, .err = err};
    en_status st = join(bindings, count, &p);
    if (st != EN_OK) {
        return st;
    }
    words->word = en_calloc((size_t)argc + 1, sizeof *words->word);
    if (words->word == NULL) {
        return en_error_nomem(err, "the command line");
    }
    const struct argp argp = {.options = p.argp, .parser = parser};
    unsigned flags = ARGP_NO_HELP | ARGP_NO_ERRS | (order == EN_ORDER_UNTIL_WORD ? ARGP_IN_ORDER : 0u);
    if (argp_parse(&argp, argc, argv, flags, NULL, &p) == 0) {
        return EN_OK;
    }
    return p.status != EN_OK ? p.status : en_option_explain(p.option, p.options, argc, argv, err);
}

en_status en_options_check(const en_option *options, const void *into, en_error *err)
{
    for (const en_option *o = options; o != NULL && o->name != NULL; o++) {
        if (o->required && *(const char *const *)((const char *)into + o->at) == NULL) {
            return en_error_set(err, EN_USAGE, "--%s %s is missing: %s", o->name, o->arg, o->doc);
        }
    }
    return EN_OK;
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
