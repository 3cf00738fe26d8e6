/* Completion for fish: one line an option. */
#include <string.h>

#include "cli/completion.h"

#define ANY_PLACE "[0-9]+"

static const char prologue[] =
    "# fish completion for eyenet: eyenet completion fish > ~/.config/fish/completions/eyenet.fish\n"
    "function __eyenet_names\n"
    "    eyenet sql --csv \"$argv[1]\" 2>/dev/null | tail -n +2\n"
    "end\n";

/* How far the line has come: the command, and how many words stand behind it that are not options. */
static const char reading[] = "function __eyenet_place\n"
                              "    set -l words (commandline -opc)\n"
                              "    set -l command\n"
                              "    set -l place 0\n"
                              "    set -l valued -C --project\n"
                              "    set -l skip no\n"
                              "    set -e words[1]\n"
                              "    for word in $words\n"
                              "        if test $skip = yes\n"
                              "            set skip no\n"
                              "        else if string match -q -- '-*' $word\n"
                              "            contains -- $word $valued; and set skip yes\n"
                              "        else if test -z \"$command\"; or contains -- \"$command\" $__eyenet_first\n"
                              "            set command (string trim \"$command $word\")\n"
                              "            set valued -C --project (__eyenet_valued $command)\n"
                              "        else\n"
                              "            set place (math $place + 1)\n"
                              "        end\n"
                              "    end\n"
                              "    echo \"$command:$place\"\n"
                              "end\n"
                              "function __eyenet_at # COMMAND:PLACE, a regular expression\n"
                              "    string match -qr -- \"^$argv[1]\\$\" (__eyenet_place)\n"
                              "end\n"
                              "complete -c eyenet -f\n";

/* "-n 'condition'": the line has come to this place of this command. */
static void at_place(FILE *to, const en_command *c, const char *place)
{
    fprintf(to, "complete -c eyenet -n '__eyenet_at \"%s:%s\"'", c != NULL ? c->name : "", place);
}

/* The first words of commands of two, and which options of the commands take a value. */
static void facts(FILE *to)
{
    size_t size;
    const char *second;
    fputs("set -g __eyenet_first", to);
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        if (en_completion_first(c, &size, &second) && *second != '\0') {
            fprintf(to, " %.*s", (int)size, (*c)->name);
        }
    }
    fputs("\nfunction __eyenet_valued\n    switch \"$argv\"\n", to);
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        bool any = false;
        for (const en_option *o = (*c)->options; o != NULL && o->name != NULL; o++) {
            if (o->arg != NULL && !any) {
                fprintf(to, "        case '%s'\n            printf '%%s\\n'", (*c)->name);
            }
            if (o->arg != NULL) {
                fprintf(to, " --%s", o->name);
                en_completion_letter(to, " -", o, "");
                any = true;
            }
        }
        fputs(any ? "\n" : "", to);
    }
    fputs("    end\nend\n", to);
}

static void suggestion(FILE *to, const en_suggestion *s)
{
    switch (s->kind) {
    case EN_SUGGEST_NOTHING: break;
    case EN_SUGGEST_FILES: fputs(" -F", to); break;
    case EN_SUGGEST_DIRS: fputs(" -a '(__fish_complete_directories)'", to); break;
    case EN_SUGGEST_NAMES: fprintf(to, " -a '(__eyenet_names \"%s\")'", s->query); break;
    case EN_SUGGEST_WORDS:
        fputs(s->or_file ? " -F -a '" : " -a '", to);
        en_suggest_print(to, s);
        fputc('\'', to);
        break;
    }
}

static void options(FILE *to, const en_command *c)
{
    const en_option *list;
    for (size_t n = 0; en_completion_options(c, n, &list); n++) {
        for (const en_option *o = list; o != NULL && o->name != NULL; o++) {
            at_place(to, c, ANY_PLACE);
            fprintf(to, " -l %s", o->name);
            en_completion_letter(to, " -s ", o, "");
            en_suggestion s = en_suggest_value(o);
            if (o->arg != NULL) {
                fputs(s.kind == EN_SUGGEST_FILES || s.or_file ? " -r" : " -x", to);
            }
            suggestion(to, &s);
            fputs(" -d ", to);
            en_completion_quote(to, o->doc, "", true);
            fputc('\n', to);
        }
    }
}

static void places(FILE *to, const en_command *c)
{
    en_suggestion s;
    const char *name;
    size_t size;
    for (size_t n = 0; en_suggest_word(c, n, &s, &name, &size); n++) {
        if (s.kind != EN_SUGGEST_NOTHING) {
            char place[24];
            bool more = strncmp(name + size, "...", 3) == 0;
            snprintf(place, sizeof place, more ? "[%zu-9][0-9]*" : "%zu", n);
            at_place(to, c, place);
            suggestion(to, &s);
            fputc('\n', to);
        }
    }
}

/* An option that is needed is offered where nothing else is to be typed. */
static void needed(FILE *to, const en_command *c)
{
    for (const en_option *o = c->options; o != NULL && o->name != NULL; o++) {
        if (o->required) {
            fprintf(to, "complete -c eyenet -n '__eyenet_at \"%s:" ANY_PLACE "\"; and not __fish_contains_opt ",
                    c->name);
            en_completion_letter(to, "-s ", o, " ");
            fprintf(to, "%s' -a --%s -d ", o->name, o->name);
            en_completion_quote(to, o->doc, "", true);
            fputc('\n', to);
        }
    }
}

void en_completion_fish(FILE *to)
{
    fputs(prologue, to);
    facts(to);
    fputs(reading, to);
    size_t size;
    const char *second;
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        if (en_completion_first(c, &size, &second)) {
            at_place(to, NULL, "0");
            fprintf(to, " -a %.*s -d ", (int)size, (*c)->name);
            en_completion_quote(to, (*c)->summary, "", true);
            fputc('\n', to);
        }
        if (*second != '\0') {
            fprintf(to, "complete -c eyenet -n '__eyenet_at \"%.*s:0\"' -a %s -d ", (int)size, (*c)->name, second);
            en_completion_quote(to, (*c)->summary, "", true);
            fputc('\n', to);
        }
    }
    options(to, NULL);
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        options(to, *c);
        places(to, *c);
        needed(to, *c);
    }
}
