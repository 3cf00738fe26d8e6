/* Options as data. A command lists its options once; parsing, --help, man pages, Markdown and completions are all made
 * from that list. A value goes straight into a field of the command's own struct, whose C type decides how it is read.
 * A command line is read in one pass (en_scan), which also finds what is wrong with it. */
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
    bool required;              /* the command requires it, or an option that excludes it */
    bool without_args;          /* it and arguments are mutually exclusive */
    const char *needs;          /* the option without which this one has no effect; NULL: none */
    const char *excludes;       /* the option that cannot be given together with this one; NULL: none */
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

#define EN_MOST_OPTIONS 64

/* The lists of one command, joined. */
typedef struct en_option_set {
    const en_option *option[EN_MOST_OPTIONS];
    void *into[EN_MOST_OPTIONS];
    size_t count;
} en_option_set;
/* EN_BUG when there are more than EN_MOST_OPTIONS. */
en_status en_option_set_join(const en_binding *bindings, size_t count, en_option_set *out, en_error *err) EN_CHECKED;

typedef enum en_order {
    EN_ORDER_ANY,       /* options and words may be mixed */
    EN_ORDER_UNTIL_WORD /* stop at the first word: it and all after it are words */
} en_order;

/* A pass over a command line by the rules of getopt_long(3): names may be abbreviated, "--" ends the options. Begin
 * with
 * {.set = ..., .order = ..., .arg = ..., .count = ...}; all are borrowed. */
typedef struct en_scan {
    const en_option_set *set;
    en_order order;
    const char *const *arg;
    size_t count, next;  /* of arg; the one to read next */
    const char *letters; /* the rest of "-abc" */
    bool only_words;     /* no more options */
} en_scan;

#define EN_NO_OPTION SIZE_MAX

typedef struct en_item {
    size_t option;    /* its place in the set; EN_NO_OPTION: a word */
    const char *text; /* the word, or the option's value; NULL: a flag */
} en_item;

/* The next option or word; EN_DONE at the end. EN_USAGE with one line that names the culprit and, where there is one,
 * the nearest right spelling; item->option is then the option whose value is missing, or EN_NO_OPTION, and the scan may
 * go on behind the culprit. */
en_status en_scan_next(en_scan *scan, en_item *item, en_error *err) EN_CHECKED;

/* The words of a command line that are not options, and which options were given. `word` is owned, the words are
 * borrowed from argv. */
typedef struct en_words {
    const char **word;
    size_t count;
    bool given[EN_MOST_OPTIONS]; /* by their place in the joined list */
} en_words;
void en_words_clear(en_words *words);

/* Reads argv[1..] into the set's structs and `words` (zeroed by the caller, to be cleared by it in every case).
 * EN_USAGE as en_scan_next, or for a value that is not one of the choices or not a number in the range. */
en_status en_options_parse(const en_option_set *set, en_order order, int argc, char *const *argv, en_words *words,
                           en_error *err) EN_CHECKED;
/* Reads `text` into the option's field of `into`; EN_USAGE for a wrong value. */
en_status en_option_set_value(const en_option *option, void *into, const char *text, en_error *err) EN_CHECKED;

/* EN_USAGE naming options that cannot be given together, an option without the one it needs, or a required one that is
 * missing. Apart from reading, so that --help needs none and excludes none. */
en_status en_options_check(const en_option_set *set, const en_words *words, en_error *err) EN_CHECKED;
/* True when `option` was given, or one that excludes it or that it excludes. */
bool en_option_is_ruled_out(const en_option_set *set, const bool *given, size_t option);

/* How many words "RUN [IMAGE...]" asks for; *most is SIZE_MAX when it ends in "...". */
void en_words_asked(const char *args, size_t *least, size_t *most);
/* EN_USAGE naming the missing or the superfluous word. */
en_status en_words_check(const char *args, const en_words *words, en_error *err) EN_CHECKED;

/* The option's doc with its choices and its default: "which labels: icdr, eyeq or gradable (default: icdr)", or with
 * "(required)". A number that lies outside its own range in `defaults` means "not given" and is no default. */
const char *en_option_doc(const en_option *option, const void *defaults, char *out, size_t capacity);
/* "--seed N", "-q, --quiet"; with_letter: leaves space for a letter where there is none. */
const char *en_option_spelling(const en_option *option, bool with_letter, char *out, size_t capacity);

#endif
