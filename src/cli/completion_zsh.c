/* Completion for zsh: _arguments specifications, one list a command. */
#include <string.h>

#include "cli/completion.h"

static const char prologue[] = "#compdef eyenet\n"
                               "# zsh completion for eyenet: eyenet completion zsh > a folder of $fpath/_eyenet\n"
                               "_eyenet_names() {\n"
                               "  local -a names\n"
                               "  names=(${(f)\"$(eyenet sql --csv \"$1\" 2>/dev/null | tail -n +2)\"})\n"
                               "  compadd -a names\n"
                               "}\n"
                               "_eyenet() {\n"
                               "  local -a commands\n"
                               "  local state line\n"
                               "  commands=(\n";

static void action(FILE *to, const en_suggestion *s)
{
    switch (s->kind) {
    case EN_SUGGEST_NOTHING: fputc(' ', to); break;
    case EN_SUGGEST_FILES: fputs("_files", to); break;
    case EN_SUGGEST_DIRS: fputs("_directories", to); break;
    case EN_SUGGEST_NAMES: fprintf(to, "{_eyenet_names \"%s\"}", s->query); break;
    case EN_SUGGEST_WORDS:
        fputs(s->or_file ? "{compadd -- " : "(", to);
        en_suggest_print(to, s);
        fputs(s->or_file ? "; _files}" : ")", to);
        break;
    }
}

static void option(FILE *to, const en_option *o)
{
    char doc[400];
    snprintf(doc, sizeof doc, "[%s]", o->doc);
    for (char *c = doc + 1; c[1] != '\0'; c++) { /* brackets would end the description */
        *c = *c == '[' ? '(' : *c == ']' ? ')' : *c;
    }
    if (o->letter != '\0') {
        fprintf(to, " '(-%c --%s)'{-%c%s,--%s%s}", o->letter, o->name, o->letter, o->arg != NULL ? "+" : "", o->name,
                o->arg != NULL ? "=" : "");
    } else {
        fprintf(to, " --%s%s", o->name, o->arg != NULL ? "=" : "");
    }
    en_completion_quote(to, doc, "", false);
    if (o->arg != NULL) {
        en_suggestion s = en_suggest_value(o);
        fprintf(to, "':%s:", o->arg);
        action(to, &s);
        fputc('\'', to);
    }
}

static void command(FILE *to, const en_command *c)
{
    bool two = strchr(c->name, ' ') != NULL;
    fprintf(to, "    \"%s\"%s)%s _arguments", c->name, two ? "" : "*", two ? " shift words; ((CURRENT--));" : "");
    const en_option *list;
    for (size_t n = 0; en_completion_options(c, n, &list); n++) {
        for (const en_option *o = list; o != NULL && o->name != NULL; o++) {
            option(to, o);
        }
    }
    en_suggestion s;
    const char *name;
    size_t size;
    for (size_t n = 0; en_suggest_word(c, n, &s, &name, &size); n++) {
        bool more = strncmp(name + size, "...", 3) == 0;
        if (more) {
            fprintf(to, " '*:%.*s:", (int)size, name);
        } else {
            fprintf(to, " '%zu:%.*s:", n + 1, (int)size, name);
        }
        action(to, &s);
        fputc('\'', to);
    }
    fputs(" ;;\n", to);
}

void en_completion_zsh(FILE *to)
{
    fputs(prologue, to);
    size_t size;
    const char *second;
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        if (en_completion_first(c, &size, &second)) {
            char item[200];
            snprintf(item, sizeof item, "%.*s:%s", (int)size, (*c)->name, (*c)->summary);
            fputs("    ", to);
            en_completion_quote(to, item, "", false);
            fputc('\n', to);
        }
    }
    fputs("  )\n  _arguments -C '(-C --project)'{-C+,--project=}'[the project]:DIR:_directories' --help --version"
          " '1: :->command' '*:: :->rest'\n"
          "  case $state in\n  command) _describe command commands; return ;;\n  esac\n",
          to);
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        (void)en_completion_first(c, &size, &second);
        if (*second != '\0') {
            fprintf(to, "  [[ $words[1] == %.*s && $CURRENT == 2 ]] && { compadd %s; return; }\n", (int)size,
                    (*c)->name, second);
        }
    }
    /* Commands of two words go first: "label import" must not be taken for a command "label". */
    fputs("  case \"$words[1] $words[2]\" in\n", to);
    for (int two = 1; two >= 0; two--) {
        for (const en_command *const *c = en_commands; *c != NULL; c++) {
            if ((strchr((*c)->name, ' ') != NULL) == (two == 1)) {
                command(to, *c);
            }
        }
    }
    fputs("  esac\n}\nif [[ $funcstack[1] == _eyenet ]]; then _eyenet \"$@\"; else compdef _eyenet eyenet; fi\n", to);
}
