/* eyenet help. */
#include "cli/commands.h"
#include "cli/help.h"

typedef struct help_options {
    bool man, markdown, brief, names;
} help_options;

static void list_names(en_out *out)
{
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        en_out_line(out, "%s", (*c)->name);
    }
}

static en_status help(const en_cli *cli, const en_call *call, en_error *err)
{
    const help_options *given = call->options;
    size_t taken = 0;
    const en_command *command = call->words > 0 ? en_command_find(call->word, call->words, &taken) : NULL;
    if (command == NULL && call->words == 1 && en_command_is_group(call->word[0])) {
        en_help_group(call->word[0], cli->out);
        return EN_OK;
    }
    if (taken < call->words) {
        return command == NULL ? en_command_unknown(call->word, call->words, err)
                               : en_error_set(err, EN_USAGE, "unexpected argument '%s'", call->word[taken]);
    }
    if (given->names) {
        list_names(cli->out);
    } else if (given->markdown) {
        (given->brief ? en_markdown_overview : en_markdown_reference)(cli->out);
    } else if (given->man && command != NULL) {
        en_man_command(command, cli->out);
    } else if (given->man) {
        en_man_program(cli->out);
    } else if (command != NULL) {
        en_help_command(command, cli->out);
    } else {
        en_help_overview(cli->out);
    }
    return EN_OK;
}

static const en_option options[] = {
    {.name = "man", EN_FIELD(help_options, man), .excludes = "markdown", .doc = "as a man page"},
    {.name = "markdown",
     EN_FIELD(help_options, markdown),
     .without_args = true,
     .excludes = "names",
     .doc = "all commands in Markdown: docs/cli.md"},
    {.name = "brief",
     EN_FIELD(help_options, brief),
     .needs = "markdown",
     .doc = "only the table of commands for the README"},
    {.name = "names",
     EN_FIELD(help_options, names),
     .without_args = true,
     .excludes = "man",
     .doc = "only the commands' names, one per line"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet help", "all commands"},
    {"eyenet help label import", "one of them"},
    {"eyenet help --man train | man -l -", "its man page"},
    {NULL, NULL},
};

const en_command en_cmd_help = {
    .name = "help",
    .group = EN_GROUP_EYENET,
    .args = "[COMMAND...]",
    .summary = "explain a command, or list them all",
    .options = options,
    .size = sizeof(help_options),
    .examples = examples,
    .run = help,
};
