/* Dispatch: options of the program, the command's name, its options and words, and then the command itself. */
#include "cli/program.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/complete.h"
#include "cli/config.h"
#include "cli/help.h"
#include "cli/progress.h"
#include "cli/signals.h"

#define MOST_LINE_BYTES ((size_t)1 << 20) /* of a command line kept with a run; longer ones are cut between words */

/* One word as a shell would read it again. */
static en_status quote_word(const char *word, en_buf *line, en_error *err)
{
    static const char unquoted[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    bool plain = word[0] != '\0' && word[strspn(word, unquoted)] == '\0';
    en_status st = en_buf_text(line, plain ? " " : " '", err);
    for (const char *c = word; *c != '\0' && st == EN_OK; c++) {
        st = *c == '\'' ? en_buf_text(line, "'\\''", err) : en_buf_add(line, c, 1, err);
    }
    return st == EN_OK && !plain ? en_buf_text(line, "'", err) : st;
}

/* argv as a shell would read it again, up to the first word too many: " ..." stands for the rest. */
static en_status quote_line(int argc, char *const *argv, en_buf *line, en_error *err)
{
    static const char rest[] = " ...";
    en_status st = en_buf_text(line, "eyenet", err);
    for (int i = 1; i < argc && st == EN_OK; i++) {
        size_t most = 4 * strlen(argv[i]) + 3 + sizeof rest; /* every byte a quote, and the quotes around */
        if (line->size + most > MOST_LINE_BYTES) {
            return en_buf_text(line, rest, err);
        }
        st = quote_word(argv[i], line, err);
    }
    return st;
}

static en_status open_output(const en_environment *around, const en_globals *globals, en_out *out, en_error *err)
{
    *out = (en_out){
        .format = globals->json  ? EN_OUT_JSON
                  : globals->csv ? EN_OUT_CSV
                                 : EN_OUT_TEXT,
        .width = around->out_width,
        .colour = around->out_colour,
        .utf8 = around->utf8,
    };
    return en_out_open(out, STDOUT_FILENO, err);
}

/* The output's end, after what the command itself came to. */
static en_status close_output(en_out *out, en_status st, en_error *err)
{
    en_error at_end;
    en_status finished = en_out_finish(out, &at_end);
    en_out_close(out);
    return en_first_error(st, finished, &at_end, err);
}

/* Runs the command with everything around it set up. */
static en_status run(const en_command *command, const en_call *call, const en_globals *globals, const char *line,
                     const en_environment *around, en_error *err)
{
    en_out out;
    en_status st = open_output(around, globals, &out, err);
    if (st != EN_OK) {
        return st;
    }
    const en_progress_options how = {.stream = stderr,
                                     .live = around->err_live,
                                     .quiet = globals->quiet,
                                     .colour = around->err_colour,
                                     .width = around->err_width};
    en_progress *progress = en_progress_new(&how);
    const en_events events = {.emit = en_progress_emit, .ctx = progress, .stop = en_signals_stop};
    const en_cli cli = {.project = globals->project,
                        .force_network_fs = globals->force_network_fs,
                        .quiet = globals->quiet,
                        .isa = around->isa,
                        .convolution = around->convolution,
                        .threads = around->threads,
                        .line = line,
                        .out = &out,
                        .events = &events};
    st = command->run(&cli, call, err);
    en_progress_free(progress);
    return close_output(&out, st, err);
}

/* Help of a command, or of eyenet itself. */
static en_status show_help(const en_command *command, const en_globals *globals, const en_environment *around,
                           en_error *err)
{
    en_out out;
    en_status st = open_output(around, globals, &out, err);
    if (st != EN_OK) {
        return st;
    }
    if (command != NULL) {
        en_help_command(command, &out);
    } else {
        en_help_overview(&out);
    }
    return close_output(&out, EN_OK, err);
}

/* Options and arguments that were parsed, against what the command allows. */
static en_status check_words(const en_command *command, const en_option_set *set, const en_words *words,
                             const en_globals *globals, en_error *err)
{
    en_status st = en_options_check(set, words, err);
    if (st != EN_OK) {
        return st;
    }
    if (command->args_replace_project && words->count > 0 && globals->project != NULL) {
        return en_error_set(err, EN_USAGE, "unexpected argument '%s' with --project", words->word[0]);
    }
    return en_words_check(command->args, words, err);
}

/* The command's own part of the command line: argv[0] is the command's name. */
static en_status call_command(const en_command *command, int argc, char **argv, en_globals *globals, const char *line,
                              const en_environment *around, en_error *err)
{
    en_words words = {0};
    en_toml config = {0};
    void *options = en_calloc(1, command->size > 0 ? command->size : 1);
    if (options == NULL) {
        return en_error_nomem(err, "options");
    }
    if (command->defaults != NULL) {
        memcpy(options, command->defaults, command->size);
    }
    const en_binding bindings[EN_COMMAND_BINDINGS] = {
        {command->options, options},
        {command->table ? en_table_options : NULL, globals},
        {en_common_options, globals},
    };
    en_option_set set;
    en_status st = en_option_set_join(bindings, EN_COMMAND_BINDINGS, &set, err);
    if (st == EN_OK) {
        st = en_options_parse(&set, EN_ORDER_ANY, argc, argv, &words, err);
    }
    if (st == EN_OK && !globals->help) {
        st = en_config_apply(&set, options, &words, &config, err);
    }
    if (st == EN_OK && !globals->help) {
        st = check_words(command, &set, &words, globals, err);
    }
    if (st == EN_USAGE) {
        const en_error why = *err;
        st = en_error_set(err, EN_USAGE, "%s: %s (see 'eyenet help %s')", command->name, why.text, command->name);
    }
    if (st != EN_OK) {
        goto done;
    }
    if (globals->help) {
        st = show_help(command, globals, around, err);
    } else {
        const en_call call = {.word = words.word, .words = words.count, .options = options};
        st = run(command, &call, globals, line, around, err);
    }
done:
    en_words_clear(&words);
    en_free(options);
    en_toml_clear(&config);
    return st;
}

/* `eyenet` without a command: --version, or the help. */
static en_status no_command(const en_globals *globals, const en_environment *around, en_error *err)
{
    if (globals->version) {
        const en_call call = {0};
        return run(&en_cmd_version, &call, globals, "", around, err);
    }
    return show_help(NULL, globals, around, err);
}

/* Words that name no command: `label --help` asks for the commands that begin with "label". */
static en_status unknown_command(const en_words *words, const en_globals *globals, const en_environment *around,
                                 en_error *err)
{
    const char *last = words->word[words->count - 1];
    if (words->count != 2 || !en_command_is_group(words->word[0]) ||
        (strcmp(last, "--help") != 0 && strcmp(last, "-h") != 0)) {
        return en_command_unknown(words->word, words->count, err);
    }
    en_out out;
    en_status st = open_output(around, globals, &out, err);
    if (st != EN_OK) {
        return st;
    }
    en_help_group(words->word[0], &out);
    return close_output(&out, EN_OK, err);
}

/* `eyenet __complete -- WORDS...` */
static en_status complete(const en_words *words, const en_environment *around, en_error *err)
{
    static const en_globals nothing = {0};
    const size_t before = words->count > 1 && strcmp(words->word[1], "--") == 0 ? 2 : 1;
    en_out out;
    en_status st = open_output(around, &nothing, &out, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_complete(words->word + before, words->count - before, &out, err);
    return close_output(&out, st, err);
}

en_status en_program_run(int argc, char **argv, const en_environment *around, en_error *err)
{
    en_globals globals = {0};
    en_words words = {0};
    en_buf line;
    en_buf_init(&line, MOST_LINE_BYTES);
    en_status st = quote_line(argc, argv, &line, err);
    const en_binding binding = {en_program_options, &globals};
    en_option_set set;
    if (st == EN_OK) {
        st = en_option_set_join(&binding, 1, &set, err);
    }
    if (st == EN_OK) {
        st = en_options_parse(&set, EN_ORDER_UNTIL_WORD, argc, argv, &words, err);
    }
    if (st == EN_OK) {
        st = en_options_check(&set, &words, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    if (words.count > 0 && strcmp(words.word[0], EN_COMPLETE_WORD) == 0) {
        st = complete(&words, around, err);
        goto done;
    }
    if (words.count == 0) {
        st = no_command(&globals, around, err);
        goto done;
    }
    size_t taken;
    const en_command *command = en_command_find(words.word, words.count, &taken);
    if (command == NULL) {
        st = unknown_command(&words, &globals, around, err);
        goto done;
    }
    /* What follows the name is argv's tail, as it came: it was not reordered. */
    int rest = (int)(words.count - taken) + 1;
    st = call_command(command, rest, argv + (argc - rest), &globals, en_buf_str(&line), around, err);
done:
    en_words_clear(&words);
    en_buf_clear(&line);
    return st;
}
