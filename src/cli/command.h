/* A command, wholly described: how it is called, what it takes, what it does and how it may end. The one table of them
 * (command.c) drives dispatch, help, man pages, Markdown and completions, so none of these can disagree. */
#ifndef EN_CLI_COMMAND_H
#define EN_CLI_COMMAND_H

#include "base/error.h"
#include "base/events.h"
#include "cli/option.h"
#include "render/out.h"
#include "cli/choices.h"

typedef enum en_group {
    EN_GROUP_PHOTOGRAPHS,
    EN_GROUP_SAMPLES,
    EN_GROUP_MODELS,
    EN_GROUP_CATALOG,
    EN_GROUP_EYENET,
    EN_GROUPS
} en_group;

/* What environment.c and program.c found out about the world; commands only read it. */
typedef struct en_cli {
    const char *project; /* -C DIR, or NULL: here; the project is there or in the nearest folder above */
    bool force_network_fs;
    bool quiet;              /* -q: no word but results and warnings; progress and notes are held back already */
    const char *isa;         /* EYENET_ISA, or NULL: the best this processor has */
    const char *convolution; /* EYENET_CONV, or NULL: the fastest for each shape */
    unsigned threads;        /* EYENET_THREADS, or 0: all */
    const char *line;        /* the command line as it was typed, quoted for a shell */
    en_out *out;             /* where results go */
    const en_events *events; /* progress, notes, Ctrl-C */
} en_cli;

/* A parsed call: the words, and the command's own options struct. */
typedef struct en_call {
    const char *const *word;
    size_t words;
    const void *options;
} en_call;

typedef en_status en_command_fn(const en_cli *cli, const en_call *call, en_error *err);

typedef struct en_example {
    const char *line, *shows;
} en_example;

typedef struct en_exit_code {
    en_status status;
    const char *when;
} en_exit_code;

typedef struct en_command {
    const char *name;  /* "train", or two words: "label import" */
    const char *alias; /* another name that does the same, which no list shows; NULL: none */
    en_group group;
    const char *args;            /* "RUN IMAGE..."; [optional], ... for more; "" for none */
    const char *summary;         /* one line, lower case, no full stop */
    const char *text;            /* paragraphs parted by an empty line; indented lines stay as they are */
    en_choice_fn *choice;        /* words its arguments may be, with their meaning; NULL: none */
    const char *choices_heading; /* their heading: "Policies" */
    const en_option *options;    /* NULL: none */
    const void *defaults;        /* of the options struct, `size` bytes */
    size_t size;
    bool table;                     /* prints one: takes --json and --csv */
    bool args_replace_project;      /* its argument and --project are mutually exclusive */
    const en_example *examples;     /* ends with a NULL line; every command has one */
    const en_exit_code *exit_codes; /* its own, see en_exit_code_nth; ends with a NULL when; NULL: none */
    en_command_fn *run;
} en_command;

/* All commands in the order of the help, NULL-terminated. */
extern const en_command *const en_commands[];
/* The command whose name `words` begins with, and how many words that took; NULL when there is none. */
const en_command *en_command_find(const char *const *words, size_t count, size_t *taken);
/* Whether commands of two words begin with this one, as "label import" does with "label". */
bool en_command_is_group(const char *word);
/* EN_USAGE: "no such command 'trian': did you mean 'train'?". */
en_status en_command_unknown(const char *const *words, size_t count, en_error *err);
/* How it is called, without "eyenet": "train --subset SUBSET [OPTION]...". */
const char *en_command_usage(const en_command *command, char *out, size_t capacity);
/* The first of two errors: `later` counts only after an EN_OK, and its text then goes to *err. */
en_status en_first_error(en_status st, en_status later, const en_error *later_err, en_error *err) EN_CHECKED;
/* A heading as text. */
const char *en_group_title(en_group group);

/* The options every command takes, and those of commands that print a table. */
typedef struct en_globals {
    const char *project;
    bool quiet, help, version, json, csv, force_network_fs;
} en_globals;
#define EN_COMMAND_BINDINGS 3 /* a command's own options, a table's, the common ones */
extern const en_option en_common_options[];
extern const en_option en_table_options[];
extern const en_option en_program_options[]; /* of `eyenet` itself, before a command */
/* The n-th ending of a command by exit code, its own words before the common ones; false after the last. command NULL:
 * all there are. */
bool en_exit_code_nth(const en_command *command, size_t n, int *code, const char **when);
/* What eyenet reads from the environment; ends with a NULL name. */
typedef struct en_variable {
    const char *name, *doc;
} en_variable;
extern const en_variable en_variables[];

#endif
