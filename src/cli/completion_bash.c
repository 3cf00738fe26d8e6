/* Completion for bash: one function reads the line up to the cursor, then asks tables made from the commands. Words are
 * compared and quoted one by one, as compgen -W would run what a name holds between $( and ). */
#include <string.h>

#include "cli/completion.h"

static const char prologue[] =
    "# bash completion for eyenet: eval \"$(eyenet completion bash)\"\n"
    "_eyenet_lines() { # offers each line of standard input that goes on from the word at the cursor\n"
    "    local line\n"
    "    while IFS= read -r line; do\n"
    "        printf -v line %q \"$line\"\n"
    "        [[ $line != \"$word\"* ]] || COMPREPLY+=(\"$before$line\")\n"
    "    done\n"
    "}\n"
    "_eyenet_words() { _eyenet_lines < <(printf '%s\\n' \"$@\"); }\n"
    "_eyenet_names() { _eyenet_lines < <(eyenet \"${project[@]}\" sql --csv \"$1\" 2>/dev/null | tail -n +2); }\n"
    "_eyenet_files() { compopt -o default; } # when no word was found: bash quotes names of files and knows ~\n"
    "_eyenet_dirs() { compopt -o dirnames; }\n"
    "_eyenet_needed() { # --NAME [-LETTER]: offers the option unless it was given\n"
    "    [[ $given == *\" $1 \"* || $given == *\" ${2:-$1} \"* ]] || _eyenet_words \"$1\"\n"
    "}\n";

static const char reading[] =
    "_eyenet() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before='' command='' option='' place=0 given=' ' project=() this i\n"
    "    local valued=' --project -C '\n"
    "    COMPREPLY=()\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        this=${COMP_WORDS[i]}\n"
    "        if [[ $this == = ]]; then # --name=value comes as three words\n"
    "            continue\n"
    "        elif [[ -n $option ]]; then\n"
    "            [[ $option != -C && $option != --project ]] || project=(-C \"${this/#\\~/$HOME}\")\n"
    "            option=''\n"
    "        elif [[ $this == -* ]]; then\n"
    "            given+=\"${this%%=*} \"\n"
    "            [[ $valued != *\" $this \"* ]] || option=$this\n"
    "        elif [[ -z $command ]]; then\n"
    "            command=$this\n"
    "            _eyenet_valued\n"
    "        elif _eyenet_goes_on; then\n"
    "            command+=\" $this\"\n"
    "            _eyenet_valued\n"
    "        else\n"
    "            ((place += 1))\n"
    "        fi\n"
    "    done\n"
    "    [[ $word != = ]] || word=''\n"
    "    if [[ $word == --*=* ]]; then # unless COMP_WORDBREAKS has no =\n"
    "        option=${word%%=*} before=${word%%=*}= word=${word#*=}\n"
    "    fi\n"
    "    if [[ -n $option ]]; then\n"
    "        _eyenet_value\n"
    "    elif [[ $word == -* ]]; then\n"
    "        _eyenet_option\n"
    "    else\n"
    "        _eyenet_word\n"
    "    fi\n"
    "}\n"
    "complete -F _eyenet eyenet\n";

static const char *name_of(const en_command *c) { return c != NULL ? c->name : ""; }

static void suggestion(FILE *to, const en_suggestion *s)
{
    switch (s->kind) {
    case EN_SUGGEST_NOTHING: break;
    case EN_SUGGEST_FILES: fputs(" _eyenet_files", to); break;
    case EN_SUGGEST_DIRS: fputs(" _eyenet_dirs", to); break;
    case EN_SUGGEST_NAMES: fprintf(to, " _eyenet_names '%s'", s->query); break;
    case EN_SUGGEST_WORDS:
        fputs(" _eyenet_words ", to);
        en_suggest_print(to, s);
        fputs(s->or_file ? "; _eyenet_files" : "", to);
        break;
    }
    fputs(" ;;\n", to);
}

/* For _eyenet_valued: which options of the command take the next word. */
static void valued(FILE *to, const en_command *c)
{
    const en_option *list;
    fprintf(to, "        '%s') valued=' ", name_of(c));
    for (size_t n = 0; en_completion_options(c, n, &list); n++) {
        for (const en_option *o = list; o != NULL && o->name != NULL; o++) {
            if (o->arg != NULL) {
                fprintf(to, "--%s ", o->name);
                en_completion_letter(to, "-", o, " ");
            }
        }
    }
    fputs("' ;;\n", to);
}

/* For _eyenet_value: what that word may be. */
static void values(FILE *to, const en_command *c)
{
    const en_option *list;
    for (size_t n = 0; en_completion_options(c, n, &list); n++) {
        for (const en_option *o = list; o != NULL && o->name != NULL; o++) {
            en_suggestion s = en_suggest_value(o);
            if (o->arg == NULL || s.kind == EN_SUGGEST_NOTHING) {
                continue;
            }
            fprintf(to, "        '%s --%s'", name_of(c), o->name);
            if (o->letter != '\0') {
                fprintf(to, " | '%s -%c'", name_of(c), o->letter);
            }
            fputc(')', to);
            suggestion(to, &s);
        }
    }
}

/* For _eyenet_option: the names of the command's options. */
static void names(FILE *to, const en_command *c)
{
    const en_option *list;
    fprintf(to, "        '%s') _eyenet_words", name_of(c));
    for (size_t n = 0; en_completion_options(c, n, &list); n++) {
        for (const en_option *o = list; o != NULL && o->name != NULL; o++) {
            fprintf(to, " --%s", o->name);
        }
    }
    fputs(" ;;\n", to);
}

/* "'label:0') _eyenet_words import ;;" for each first word of commands of two */
static void second_words(FILE *to)
{
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        size_t size, other;
        const char *second;
        if (!en_completion_first(c, &size, &second) || *second == '\0') {
            continue;
        }
        fprintf(to, "        '%.*s:0') _eyenet_words", (int)size, (*c)->name);
        for (const en_command *const *d = c; *d != NULL; d++) {
            (void)en_completion_first(d, &other, &second);
            if (other == size && strncmp((*d)->name, (*c)->name, size) == 0 && *second != '\0') {
                fprintf(to, " %s", second);
            }
        }
        fputs(" ;;\n", to);
    }
}

/* What the command's own place may hold. */
static void first_words(FILE *to)
{
    size_t size;
    const char *second;
    fputs("        ':0') _eyenet_words", to);
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        if (en_completion_first(c, &size, &second)) {
            fprintf(to, " %.*s", (int)size, (*c)->name);
        }
    }
    fputs(" ;;\n", to);
    second_words(to);
}

/* For _eyenet_word: what may stand at each place behind the command; without any, the options it needs. */
static void places(FILE *to, const en_command *c)
{
    if (c == NULL) {
        first_words(to);
        return;
    }
    en_suggestion s;
    const char *name;
    size_t size;
    for (size_t n = 0; en_suggest_word(c, n, &s, &name, &size); n++) {
        bool more = strncmp(name + size, "...", 3) == 0;
        if (s.kind != EN_SUGGEST_NOTHING) {
            fprintf(to, more ? "        '%s:'*)" : "        '%s:%zu')", c->name, n);
            suggestion(to, &s);
        }
    }
    for (const en_option *o = c->options; o != NULL && o->name != NULL; o++) {
        if (o->required) {
            fprintf(to, "        '%s:'*) _eyenet_needed --%s", c->name, o->name);
            en_completion_letter(to, " -", o, "");
            fputs(" ;;\n", to);
        }
    }
}

static void two_words(FILE *to)
{
    size_t size;
    const char *second;
    fputs("_eyenet_goes_on() { # the command so far is the first word of two\n    case $command in\n", to);
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        if (en_completion_first(c, &size, &second) && *second != '\0') {
            fprintf(to, "        '%.*s') ;;\n", (int)size, (*c)->name);
        }
    }
    fputs("        *) return 1 ;;\n    esac\n}\n", to);
}

/* A function that is a case on `what`, with what `each` says of eyenet itself and of every command. */
static void function(FILE *to, const char *name, const char *what, void (*each)(FILE *to, const en_command *c))
{
    fprintf(to, "%s() {\n    case %s in\n", name, what);
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        each(to, *c);
    }
    each(to, NULL);
    fputs("    esac\n}\n", to);
}

void en_completion_bash(FILE *to)
{
    fputs(prologue, to);
    two_words(to);
    function(to, "_eyenet_valued", "$command", valued);
    function(to, "_eyenet_value", "\"$command $option\"", values);
    function(to, "_eyenet_option", "$command", names);
    function(to, "_eyenet_word", "$command:$place", places);
    fputs(reading, to);
}
