/* Completion for fish: one line an option. */
#include <string.h>

#include "cli/completion.h"

static const char prologue[] =
    "# fish completion for eyenet: eyenet completion fish > ~/.config/fish/completions/eyenet.fish\n"
    "function __eyenet_names\n"
    "    eyenet sql --csv \"$argv[1]\" 2>/dev/null | tail -n +2\n"
    "end\n"
    "complete -c eyenet -f\n";

/* "-n 'condition'": this command was typed. */
static void when(FILE *to, const en_command *c)
{
    size_t size = strcspn(c->name, " ");
    fprintf(to, "complete -c eyenet -n '__fish_seen_subcommand_from %.*s", (int)size, c->name);
    if (c->name[size] == ' ') {
        fprintf(to, "; and __fish_seen_subcommand_from %s", c->name + size + 1);
    }
    fputc('\'', to);
}

static void suggestion(FILE *to, const en_suggestion *s)
{
    switch (s->kind) {
    case EN_SUGGEST_NOTHING: break;
    case EN_SUGGEST_FILES: fputs(" -F", to); break;
    case EN_SUGGEST_DIRS: fputs(" -a '(__fish_complete_directories)'", to); break;
    case EN_SUGGEST_NAMES: fprintf(to, " -a '(__eyenet_names \"%s\")'", s->query); break;
    case EN_SUGGEST_WORDS:
        fputs(" -a '", to);
        en_suggest_print(to, s);
        fputc('\'', to);
        break;
    }
}

static void command(FILE *to, const en_command *c)
{
    const en_option *list;
    for (size_t n = 0; en_completion_options(c, n, &list); n++) {
        for (const en_option *o = list; o != NULL && o->name != NULL; o++) {
            when(to, c);
            fprintf(to, " -l %s", o->name);
            if (o->letter != '\0') {
                fprintf(to, " -s %c", o->letter);
            }
            en_suggestion s = en_suggest_value(o);
            if (o->arg != NULL) {
                fputs(s.kind == EN_SUGGEST_FILES ? " -r" : " -x", to);
            }
            suggestion(to, &s);
            fputs(" -d ", to);
            en_completion_quote(to, o->doc, "", true);
            fputc('\n', to);
        }
    }
    en_suggestion s;
    const char *name;
    size_t size;
    for (size_t n = 0; en_suggest_word(c, n, &s, &name, &size); n++) {
        if (s.kind != EN_SUGGEST_NOTHING) {
            when(to, c);
            suggestion(to, &s);
            fputc('\n', to);
        }
    }
}

void en_completion_fish(FILE *to)
{
    fputs(prologue, to);
    size_t size;
    const char *second;
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        if (en_completion_first(c, &size, &second)) {
            fprintf(to, "complete -c eyenet -n __fish_use_subcommand -a %.*s -d ", (int)size, (*c)->name);
            en_completion_quote(to, (*c)->summary, "", true);
            fputc('\n', to);
        }
        if (*second != '\0') {
            fprintf(to, "complete -c eyenet -n '__fish_seen_subcommand_from %.*s; ", (int)size, (*c)->name);
            fprintf(to, "and not __fish_seen_subcommand_from %s' -a %s -d ", second, second);
            en_completion_quote(to, (*c)->summary, "", true);
            fputc('\n', to);
        }
    }
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        command(to, *c);
    }
}
