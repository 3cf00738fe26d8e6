/* Completion scripts for bash, zsh and fish. They know every command and option, the words an option may be, and ask
 * the catalog at hand for the names of runs and subsets. */
#include "cli/completion.h"

#include <string.h>

#include "cli/help.h"

const char *const en_completion_shells[] = {"bash", "zsh", "fish", NULL};

static bool command_term(size_t n, en_choice *out)
{
    if (en_commands[n] == NULL) {
        return false;
    }
    snprintf(out->word, sizeof out->word, "%s", en_commands[n]->name);
    return true;
}

/* What an argument's name in the help stands for. */
static const struct {
    const char *arg;
    en_suggestion suggestion;
} meanings[] = {
    {"FILE", {.kind = EN_SUGGEST_FILES}},
    {"IMAGE", {.kind = EN_SUGGEST_FILES}},
    {"SOURCE", {.kind = EN_SUGGEST_FILES}},
    {"DIR", {.kind = EN_SUGGEST_DIRS}},
    {"RUN", {.kind = EN_SUGGEST_NAMES, .query = "SELECT run FROM runs"}},
    {"SUBSET", {.kind = EN_SUGGEST_NAMES, .query = "SELECT subset FROM subsets"}},
    {"MODEL", {.kind = EN_SUGGEST_WORDS, .term = en_choice_network, .or_file = true}},
    {"COMMAND", {.kind = EN_SUGGEST_WORDS, .term = command_term}},
    {"POLICY", {.kind = EN_SUGGEST_WORDS, .term = en_choice_policy}},
    {"SHELL", {.kind = EN_SUGGEST_WORDS, .words = en_completion_shells}},
};

static en_suggestion meaning(const char *arg, size_t size)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (strlen(meanings[i].arg) == size && strncmp(meanings[i].arg, arg, size) == 0) {
            return meanings[i].suggestion;
        }
    }
    return (en_suggestion){.kind = EN_SUGGEST_NOTHING};
}

en_suggestion en_suggest_value(const en_option *option)
{
    if (option->choices != NULL) {
        return (en_suggestion){.kind = EN_SUGGEST_WORDS, .words = option->choices};
    }
    return meaning(option->arg != NULL ? option->arg : "", option->arg != NULL ? strlen(option->arg) : 0);
}

bool en_suggest_word(const en_command *command, size_t n, en_suggestion *out, const char **name, size_t *size)
{
    const char *at = command->args;
    for (size_t i = 0;; i++) {
        at += strspn(at, " [");
        if (*at == '\0') {
            return false;
        }
        if (i == n) {
            break;
        }
        at += strcspn(at, " ");
    }
    *name = at;
    *size = strcspn(at, " ].");
    *out = meaning(at, *size);
    return true;
}

void en_suggest_print(FILE *to, const en_suggestion *s)
{
    en_choice term;
    for (size_t n = 0; s->term != NULL ? s->term(n, &term) : s->words[n] != NULL; n++) {
        fprintf(to, "%s%s", n > 0 ? " " : "", s->term != NULL ? term.word : s->words[n]);
    }
}

bool en_completion_options(const en_command *command, size_t n, const en_option **list)
{
    const en_option *const lists[] = {
        command != NULL ? command->options : en_program_options,
        command != NULL && command->table ? en_table_options : NULL,
        command != NULL ? en_common_options : NULL,
    };
    *list = n < sizeof lists / sizeof *lists ? lists[n] : NULL;
    return n < sizeof lists / sizeof *lists;
}

bool en_completion_first(const en_command *const *at, size_t *size, const char **second)
{
    const char *name = (*at)->name;
    *size = strcspn(name, " ");
    *second = name[*size] == ' ' ? name + *size + 1 : "";
    for (const en_command *const *c = en_commands; c != at; c++) {
        if (strncmp((*c)->name, name, *size) == 0 && ((*c)->name[*size] == ' ' || (*c)->name[*size] == '\0')) {
            return false;
        }
    }
    return true;
}

void en_completion_letter(FILE *to, const char *before, const en_option *option, const char *after)
{
    if (option->letter != '\0') {
        fprintf(to, "%s%c%s", before, option->letter, after);
    }
}

void en_completion_quote(FILE *to, const char *text, const char *escape, bool fish)
{
    fputc('\'', to);
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            fputs(fish ? "\\'" : "'\\''", to);
            continue;
        }
        if (*text == '\\' || strchr(escape, *text) != NULL) {
            fputc('\\', to);
        }
        fputc(*text, to);
    }
    fputc('\'', to);
}

en_status en_completion(const char *shell, en_out *out, en_error *err)
{
    static void (*const write[])(FILE *) = {en_completion_bash, en_completion_zsh, en_completion_fish};
    for (size_t i = 0; en_completion_shells[i] != NULL; i++) {
        if (strcmp(en_completion_shells[i], shell) == 0) {
            write[i](out->stream);
            return EN_OK;
        }
    }
    return en_error_set(err, EN_USAGE, "no completion for the shell '%s': there is bash, zsh and fish", shell);
}
