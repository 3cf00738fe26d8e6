/* What the three completion scripts share. */
#ifndef EN_CLI_COMPLETION_H
#define EN_CLI_COMPLETION_H

#include "cli/command.h"

typedef enum en_suggest {
    EN_SUGGEST_NOTHING,
    EN_SUGGEST_FILES,
    EN_SUGGEST_DIRS,
    EN_SUGGEST_NAMES,
    EN_SUGGEST_WORDS
} en_suggest;

/* What a shell may offer where an argument is due. */
typedef struct en_suggestion {
    en_suggest kind;
    const char *query;        /* EN_SUGGEST_NAMES: the SQL that lists them */
    const char *const *words; /* EN_SUGGEST_WORDS: NULL-terminated, or */
    en_choice_fn *term;       /* each by its number */
    bool or_file;             /* EN_SUGGEST_WORDS: or the name of a file */
} en_suggestion;

en_suggestion en_suggest_value(const en_option *option);
/* The n-th word of a command's args, counted from 0; *name, *size long, is what the help calls it. false after the
 * last. */
bool en_suggest_word(const en_command *command, size_t n, en_suggestion *out, const char **name, size_t *size);

/* The words of an EN_SUGGEST_WORDS, with blanks between them. */
void en_suggest_print(FILE *to, const en_suggestion *suggestion);

/* The n-th list of a command's options: its own, a table's, the common ones; of eyenet itself for NULL; false after the
 * last. It may be NULL. */
bool en_completion_options(const en_command *command, size_t n, const en_option **list);
/* True when this command is the first with its first word, *size long; *second is the rest of its name or "". */
bool en_completion_first(const en_command *const *at, size_t *size, const char **second);

/* Prints the option's letter between the two, or nothing when it has none. */
void en_completion_letter(FILE *to, const char *before, const en_option *option, const char *after);
/* Prints text between single quotes as sh and zsh (fish: other escapes) read it; bytes in `escape` get a backslash. */
void en_completion_quote(FILE *to, const char *text, const char *escape, bool fish);

void en_completion_bash(FILE *to);
void en_completion_zsh(FILE *to);
void en_completion_fish(FILE *to);

#endif
