/* Options as data. A command lists its options once; parsing (argp), --help, man pages, Markdown and shell completions
 * are all made from that list. A value goes straight into a field of the command's own struct, whose C type decides how
 * it is read. */
#ifndef EN_CLI_OPTION_H
#define EN_CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef enum en_option_kind {
    EN_OPTION_FLAG, /* bool: present or not */
    EN_OPTION_TEXT, /* const char *: borrowed from argv */
    EN_OPTION_INT,  /* int64_t: a whole number */
    EN_OPTION_REAL, /* double: finite */
    EN_OPTION_SIZE  /* int64_t: bytes, "8G" and so on */
} en_option_kind;

typedef struct en_option {
    const char *name; /* the long name, without dashes; NULL ends a list */
    char letter;      /* the short name, 0: none */
    en_option_kind kind;
    size_t at;                  /* of the field, bytes into the struct the list is bound to */
    const char *arg;            /* the value's name in the help: "N", "FILE"; NULL: a flag. See completion.c */
    double low, high;           /* the range of a number, both ends allowed; both 0: no limit */
    const char *const *choices; /* the words a text may be, NULL-terminated; NULL: any text */
    bool required;              /* a text, and the command requires it */
    const char *doc;            /* lower case, no full stop; a default is added where there is one */
} en_option;

/* Sets .kind and .at from a field: {.name = "epochs", EN_FIELD(train_options, epochs), ...}. */
#define EN_FIELD(type, field)                                                                                          \
    .kind = _Generic(((type *)0)->field, bool: EN_OPTION_FLAG, const char *: EN_OPTION_TEXT, int64_t: EN_OPTION_INT, \
                     double: EN_OPTION_REAL),                                                                         \
    .at = offsetof(type, field)
/* The same for a number of bytes. */
#define EN_FIELD_SIZE(type, field)                                                                                     \
    .kind = _Generic(((type *)0)->field, int64_t : EN_OPTION_SIZE), .at = offsetof(type, field)

/* A list and the struct its values go to. */
typedef struct en_binding {
    const en_option *options;
    void *into;
} en_binding;

/* The words of a command line that are not options; `word` is owned, the words are borrowed from argv. */
typedef struct en_words {
    const char **word;
    size_t count;
} en_words;
void en_words_clear(en_words *words);

typedef enum en_order {
    EN_ORDER_ANY,       /* options and words may be mixed */
    EN_ORDER_UNTIL_WORD /* stop at the first word: it and all after it are words */
} en_order;

/* Reads argv[1..] into the bindings and `words` (zeroed by the caller, to be cleared by it in every case). EN_USAGE
 * with one line that names the culprit and, where there is one, the nearest right spelling. argv may be reordered. */
en_status en_options_parse(const en_binding *bindings, size_t count, en_order order, int argc, char **argv,
                           en_words *words, en_error *err) EN_CHECKED;

/* EN_USAGE naming the first required option that was not given, with its doc; `into` is what the list is bound to.
 * Apart from reading, so that --help needs none. */
en_status en_options_check(const en_option *options, const void *into, en_error *err) EN_CHECKED;

/* How many words "RUN [IMAGE...]" asks for; *most is SIZE_MAX when it ends in "...". */
void en_words_asked(const char *args, size_t *least, size_t *most);
/* EN_USAGE naming the missing or the superfluous word. */
en_status en_words_check(const char *args, const en_words *words, en_error *err) EN_CHECKED;

/* The option's doc with its choices and its default: "which labels: icdr, eyeq or gradable (default: icdr)", or with
 * "(required)". A number that lies outside its own range in `defaults` means "not given" and is no default. */
const char *en_option_doc(const en_option *option, const void *defaults, char *out, size_t room);
/* "--seed N", "-q, --quiet"; with_letter: leaves room for a letter where there is none. */
const char *en_option_spelling(const en_option *option, bool with_letter, char *out, size_t room);

#endif
