/* Candidates for the word at the cursor. The words before it are read by the same pass as any command line (en_scan);
 * what is wrong with them is the concern of the command, later. */
#include "cli/complete.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/project.h"
#include "db/statements.h"

typedef enum suggest { SUGGEST_NOTHING, SUGGEST_FILES, SUGGEST_DIRS, SUGGEST_NAMES, SUGGEST_COMMANDS } suggest;

/* What an argument's name in the help stands for. */
static const struct meaning {
    const char *arg;
    suggest kind;
    en_sql names;             /* SUGGEST_NAMES: the statement that lists them */
    en_choice_fn *choice;     /* words it may be besides; NULL: none */
    const char *const *words; /* the same as a list */
} meanings[] = {
    {.arg = "FILE", .kind = SUGGEST_FILES},
    {.arg = "IMAGE", .kind = SUGGEST_FILES},
    {.arg = "SOURCE", .kind = SUGGEST_FILES},
    {.arg = "DIR", .kind = SUGGEST_DIRS},
    {.arg = "FOLDER", .kind = SUGGEST_DIRS},
    {.arg = "PLACE", .kind = SUGGEST_DIRS},
    {.arg = "RUN", .kind = SUGGEST_NAMES, .names = EN_SQL_COMPLETE_RUNS},
    {.arg = "SUBSET", .kind = SUGGEST_NAMES, .names = EN_SQL_COMPLETE_SUBSETS},
    {.arg = "SCHEME", .kind = SUGGEST_NAMES, .names = EN_SQL_COMPLETE_SCHEMES},
    {.arg = "VIEW", .choice = en_choice_view},
    {.arg = "MODEL", .kind = SUGGEST_FILES, .choice = en_choice_network},
    {.arg = "COMMAND", .kind = SUGGEST_COMMANDS},
    {.arg = "CHART", .choice = en_choice_chart},
    {.arg = "POLICY", .choice = en_choice_policy},
    {.arg = "SHELL", .words = en_completion_shells},
};

/* The line as far as it has been read. */
typedef struct line {
    en_out *out;
    const char *project; /* -C */
    const char *before;  /* printed before each candidate: "--model=" */
    const char *word;    /* to be completed, behind `before` */
    bool no_option;      /* "--" was given: the word is none */
} line;

/* Prints a candidate that begins with the word. One with control characters could be mistaken for others. */
static void offer(const line *l, const char *before, const char *candidate)
{
    char text[1024];
    int size = snprintf(text, sizeof text, "%s%s", before, candidate);
    if (size < 0 || (size_t)size >= sizeof text || !en_starts_with(text, l->word)) {
        return;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == '\x7f') {
            return;
        }
    }
    fprintf(l->out->stream, "%s%s\n", l->before, text);
}

static en_status offer_rows(const line *l, en_sql names, en_project *project, const en_events *events, en_error *err)
{
    en_query *q = NULL;
    en_status st = en_catalog_query(project->catalog, "complete", en_sql_text[names], events, &q, err);
    while (st == EN_OK && (st = en_query_next(q, err)) == EN_OK) {
        offer(l, "", en_query_text(q, 0));
    }
    en_query_close(q);
    return st;
}

/* Names in the catalog; none where there is none, or none that can be read. */
static void offer_names(const line *l, en_sql names)
{
    static const en_events silent = {0};
    const en_cli cli = {.project = l->project, .quiet = true, .line = "", .out = l->out, .events = &silent};
    en_project project;
    en_error ignored;
    if (en_cli_open(&cli, EN_LOOK, &project, &ignored) == EN_OK) {
        (void)offer_rows(l, names, &project, &silent, &ignored);
        en_project_close(&project);
    }
}

/* True when the words of a command's name begin with these; *rest is what follows. */
static bool goes_on(const char *name, const char *const *words, size_t count, const char **rest)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strcspn(name, " ");
        if (size == 0 || strlen(words[i]) != size || strncmp(words[i], name, size) != 0) {
            return false;
        }
        name += size;
        name += strspn(name, " ");
    }
    *rest = name;
    return *name != '\0';
}

/* The next words of the commands whose names begin with these. */
static void offer_commands(const line *l, const char *const *words, size_t count)
{
    const char *rest, *earlier;
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        if (!goes_on((*c)->name, words, count, &rest)) {
            continue;
        }
        const size_t size = strcspn(rest, " ");
        bool seen = false;
        for (const en_command *const *d = en_commands; d != c && !seen; d++) {
            seen = goes_on((*d)->name, words, count, &earlier) && strcspn(earlier, " ") == size &&
                   strncmp(earlier, rest, size) == 0;
        }
        char next[64];
        snprintf(next, sizeof next, "%.*s", (int)size, rest);
        if (!seen) {
            offer(l, "", next);
        }
    }
}

/* What an argument of this name may be; false when nothing is known about it. `args` are those before it. */
static bool offer_meaning(const line *l, const char *name, size_t size, const char *const *args, size_t count)
{
    const struct meaning *m = NULL;
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings && m == NULL; i++) {
        m = strlen(meanings[i].arg) == size && strncmp(meanings[i].arg, name, size) == 0 ? &meanings[i] : NULL;
    }
    if (m == NULL) {
        return false;
    }
    en_choice choice;
    for (size_t n = 0; m->choice != NULL && m->choice(n, &choice); n++) {
        offer(l, "", choice.word);
    }
    for (const char *const *w = m->words; w != NULL && *w != NULL; w++) {
        offer(l, "", *w);
    }
    switch (m->kind) {
    case SUGGEST_NOTHING: break;
    case SUGGEST_FILES: fputs("\tfiles\n", l->out->stream); break;
    case SUGGEST_DIRS: fputs("\tdirs\n", l->out->stream); break;
    case SUGGEST_NAMES: offer_names(l, m->names); break;
    case SUGGEST_COMMANDS: offer_commands(l, args, count); break;
    }
    return true;
}

static void offer_value(const line *l, const en_option *o)
{
    for (const char *const *c = o->choices; c != NULL && *c != NULL; c++) {
        offer(l, "", *c);
    }
    if (o->choices == NULL) {
        (void)offer_meaning(l, o->arg, strlen(o->arg), NULL, 0);
    }
}

static void offer_options(const line *l, const en_option_set *set, const bool *given, bool only_required)
{
    for (size_t i = 0; i < set->count; i++) {
        if (!en_option_is_ruled_out(set, given, i) && (!only_required || set->option[i]->required)) {
            offer(l, "--", set->option[i]->name);
        }
    }
}

/* The argument of a command in this place; where none is due, the options that the command requires. */
static void offer_arg(const line *l, const en_command *c, const en_option_set *set, const en_words *words)
{
    size_t least, most, size = 0;
    en_words_asked(c->args, &least, &most);
    const char *arg = c->args;
    for (size_t i = 0; words->count < most; i++) {
        arg += strspn(arg, " [");
        size = strcspn(arg, " ].");
        const char *next = arg + strcspn(arg, " ");
        if (i == words->count || *next == '\0') {
            break;
        }
        arg = next;
    }
    if (words->count >= most || !offer_meaning(l, arg, size, words->word, words->count)) {
        offer_options(l, set, words->given, true);
    }
}

/* "--name=..." : the value of that option. */
static void offer_attached(line *l, const en_option_set *set)
{
    const size_t size = strcspn(l->word, "=");
    for (size_t i = 0; i < set->count; i++) {
        const en_option *o = set->option[i];
        if (o->arg != NULL && strlen(o->name) == size - 2 && strncmp(o->name, l->word + 2, size - 2) == 0) {
            char before[80];
            snprintf(before, sizeof before, "--%s=", o->name);
            l->before = before;
            l->word += size + 1;
            offer_value(l, o);
            return;
        }
    }
}

/* Reads on to the end of the scan, or to its first word with EN_ORDER_UNTIL_WORD; *value is the option whose value is
 * the word to be completed, or NULL. */
static void read_words(line *l, en_scan *scan, en_words *words, const en_option **value)
{
    en_item item;
    en_error ignored;
    en_status st;
    *value = NULL;
    while ((st = en_scan_next(scan, &item, &ignored)) != EN_DONE) {
        if (item.option == EN_NO_OPTION) {
            if (st == EN_OK) {
                words->word[words->count++] = item.text;
            }
            continue;
        }
        const en_option *o = scan->set->option[item.option];
        words->given[item.option] = true;
        *value = st == EN_USAGE ? o : NULL;
        if (item.text != NULL && strcmp(o->name, "project") == 0) {
            l->project = item.text;
        }
    }
    l->no_option = scan->order == EN_ORDER_ANY && scan->only_words;
}

/* True when the word is a value, or an option, and so was dealt with. */
static bool offer_option_or_value(line *l, const en_option_set *set, const en_words *words, const en_option *value)
{
    if (value != NULL) {
        offer_value(l, value);
    } else if (!l->no_option && en_starts_with(l->word, "--") && strchr(l->word, '=') != NULL) {
        offer_attached(l, set);
    } else if (!l->no_option && l->word[0] == '-') {
        offer_options(l, set, words->given, false);
    } else {
        return false;
    }
    return true;
}

/* The word belongs to the command; of the words of the program, `taken` are its name, and the rest is between it and
 * the word. */
static en_status complete_command(line *l, const en_command *c, size_t taken, const en_words *program, en_words *words,
                                  en_error *err)
{
    const en_binding bindings[EN_COMMAND_BINDINGS] = {
        {c->options, NULL}, {c->table ? en_table_options : NULL, NULL}, {en_common_options, NULL}};
    en_option_set set;
    en_status st = en_option_set_join(bindings, EN_COMMAND_BINDINGS, &set, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < set.count; i++) { /* -C may be given before the command, too */
        for (size_t p = 0; en_program_options[p].name != NULL; p++) {
            words->given[i] |= program->given[p] && strcmp(en_program_options[p].name, set.option[i]->name) == 0;
        }
    }
    en_scan scan = {.set = &set, .arg = program->word + taken, .count = program->count - taken};
    const en_option *value;
    read_words(l, &scan, words, &value);
    if (!offer_option_or_value(l, &set, words, value)) {
        offer_arg(l, c, &set, words);
    }
    return EN_OK;
}

static en_status complete_line(line *l, const char *const *arg, size_t count, en_words *program, en_words *command,
                               en_error *err)
{
    const en_binding binding = {en_program_options, NULL};
    en_option_set set;
    en_status st = en_option_set_join(&binding, 1, &set, err);
    if (st != EN_OK) {
        return st;
    }
    en_scan scan = {.set = &set, .order = EN_ORDER_UNTIL_WORD, .arg = arg, .count = count};
    const en_option *value;
    size_t taken;
    read_words(l, &scan, program, &value);
    const en_command *c = en_command_find(program->word, program->count, &taken);
    if (c != NULL) {
        return complete_command(l, c, taken, program, command, err);
    }
    if (program->count > 0 || !offer_option_or_value(l, &set, program, value)) {
        offer_commands(l, program->word, program->count);
    }
    return EN_OK;
}

/* The words with "--name", "=" and "value" joined; *joined is their number. The new ones are kept in `texts`. */
static en_status join_words(const char *const *words, size_t count, const char **out, char **texts, size_t *joined,
                            en_error *err)
{
    *joined = 0;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 >= count || !en_starts_with(words[i], "--") || strcmp(words[i + 1], "=") != 0) {
            out[(*joined)++] = words[i];
            continue;
        }
        const char *value = i + 2 < count ? words[i + 2] : "";
        const size_t capacity = strlen(words[i]) + strlen(value) + 2;
        texts[i] = en_calloc(1, capacity);
        if (texts[i] == NULL) {
            return en_error_nomem(err, "the words");
        }
        snprintf(texts[i], capacity, "%s=%s", words[i], value);
        out[(*joined)++] = texts[i];
        i += 2;
    }
    return EN_OK;
}

en_status en_complete(const char *const *words, size_t count, en_out *out, en_error *err)
{
    line l = {.out = out, .before = "", .word = ""};
    en_words program = {.word = en_calloc(count + 1, sizeof(char *))};
    en_words command = {.word = en_calloc(count + 1, sizeof(char *))};
    const char **joined = en_calloc(count + 1, sizeof *joined);
    char **texts = en_calloc(count + 1, sizeof *texts);
    size_t n = 0;
    en_status st;
    if (program.word == NULL || command.word == NULL || joined == NULL || texts == NULL) {
        st = en_error_nomem(err, "the words");
        goto done;
    }
    st = join_words(words, count, joined, texts, &n, err);
    if (st != EN_OK) {
        goto done;
    }
    if (n > 0) {
        l.word = joined[--n];
    }
    st = complete_line(&l, joined, n, &program, &command, err);
done:
    for (size_t i = 0; texts != NULL && i < count; i++) {
        en_free(texts[i]);
    }
    en_free(texts);
    en_free(joined);
    en_words_clear(&program);
    en_words_clear(&command);
    return st;
}
