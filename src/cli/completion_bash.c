/* Completion for bash: one function with a case per command. */
#include "cli/completion.h"

static const char prologue[] =
    "# bash completion for eyenet: eval \"$(eyenet completion bash)\"\n"
    "_eyenet_names() { eyenet sql --csv \"$1\" 2>/dev/null | tail -n +2; }\n"
    "_eyenet() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} line=' ' i\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        case ${COMP_WORDS[i]} in\n"
    "            -C | --project) ((i++)) ;;\n"
    "            -*) ;;\n"
    "            *) line+=\"${COMP_WORDS[i]} \" ;;\n"
    "        esac\n"
    "    done\n"
    "    COMPREPLY=()\n";

static void words(FILE *to, const en_suggestion *s)
{
    switch (s->kind) {
    case EN_SUGGEST_NOTHING: break;
    case EN_SUGGEST_FILES: fputs("COMPREPLY+=($(compgen -f -- \"$word\")); ", to); break;
    case EN_SUGGEST_DIRS: fputs("COMPREPLY+=($(compgen -d -- \"$word\")); ", to); break;
    case EN_SUGGEST_NAMES:
        fprintf(to, "COMPREPLY+=($(compgen -W \"$(_eyenet_names '%s')\" -- \"$word\")); ", s->query);
        break;
    case EN_SUGGEST_WORDS:
        fputs("COMPREPLY+=($(compgen -W '", to);
        en_suggest_print(to, s);
        fputs("' -- \"$word\")); ", to);
        break;
    }
}

/* What may follow an option that takes a value. */
static void values(FILE *to, const en_command *c)
{
    const en_option *list;
    for (size_t n = 0; en_completion_options(c, n, &list); n++) {
        for (const en_option *o = list; o != NULL && o->name != NULL; o++) {
            if (o->arg != NULL) {
                fprintf(to, "        ' %s '*--%s) ", c->name, o->name);
                en_suggestion s = en_suggest_value(o);
                words(to, &s);
                fputs("return ;;\n", to);
            }
        }
    }
}

static void command(FILE *to, const en_command *c)
{
    fprintf(to, "        ' %s '*)\n            if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '", c->name);
    const en_option *list;
    for (size_t n = 0; en_completion_options(c, n, &list); n++) {
        for (const en_option *o = list; o != NULL && o->name != NULL; o++) {
            fprintf(to, "--%s ", o->name);
        }
    }
    fputs("' -- \"$word\")); return; fi\n            ", to);
    en_suggestion s;
    const char *name;
    size_t size;
    for (size_t n = 0; en_suggest_word(c, n, &s, &name, &size); n++) {
        words(to, &s);
    }
    fputs(":\n            ;;\n", to);
}

void en_completion_bash(FILE *to)
{
    fputs(prologue, to);
    fputs("    case \"$line$previous\" in\n", to);
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        values(to, *c);
    }
    fputs("    esac\n    case $previous in -C | --project) COMPREPLY=($(compgen -d -- \"$word\")); return ;; esac\n"
          "    case \"$line\" in\n",
          to);
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        command(to, *c);
    }
    size_t size;
    const char *second;
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        (void)en_completion_first(c, &size, &second);
        if (*second != '\0') {
            fprintf(to, "        ' %.*s ') COMPREPLY+=($(compgen -W '%s' -- \"$word\")) ;;\n", (int)size, (*c)->name,
                    second);
        }
    }
    fputs("        ' ') COMPREPLY=($(compgen -W '", to);
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        if (en_completion_first(c, &size, &second)) {
            fprintf(to, "%.*s ", (int)size, (*c)->name);
        }
    }
    fputs("--help --version' -- \"$word\")) ;;\n    esac\n}\ncomplete -o filenames -F _eyenet eyenet\n", to);
}
