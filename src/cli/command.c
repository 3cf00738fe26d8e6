/* The table of commands, and what they have in common. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/commands.h"

const en_command *const en_commands[] = {
    &en_cmd_init,
    &en_cmd_fetch,
    &en_cmd_ingest,
    &en_cmd_label_import,
    &en_cmd_label_conflicts,
    &en_cmd_label_agreement,
    &en_cmd_scheme_add,
    &en_cmd_scheme_list,
    &en_cmd_scheme_rm,
    &en_cmd_patients,
    &en_cmd_images,
    &en_cmd_rejects,
    &en_cmd_phantom,
    &en_cmd_augment,
    &en_cmd_split,
    &en_cmd_split_import,
    &en_cmd_split_audit,
    &en_cmd_subset,
    &en_cmd_export_npy,
    &en_cmd_export_npz,
    &en_cmd_export_folder,
    &en_cmd_export_croissant,
    &en_cmd_model_import,
    &en_cmd_model_list,
    &en_cmd_model_show,
    &en_cmd_train,
    &en_cmd_sweep,
    &en_cmd_top,
    &en_cmd_evaluate,
    &en_cmd_embed,
    &en_cmd_suspects,
    &en_cmd_predict,
    &en_cmd_compare,
    &en_cmd_promote,
    &en_cmd_retrain,
    &en_cmd_runs,
    &en_cmd_runs_show,
    &en_cmd_runs_diff,
    &en_cmd_runs_tag,
    &en_cmd_runs_note,
    &en_cmd_runs_rename,
    &en_cmd_runs_rm,
    &en_cmd_runs_restore,
    &en_cmd_runs_gc,
    &en_cmd_run_combine,
    &en_cmd_run_import,
    &en_cmd_run_log,
    &en_cmd_import_mlflow,
    &en_cmd_import_trackio,
    &en_cmd_reproduce,
    &en_cmd_bench,
    &en_cmd_report,
    &en_cmd_plot,
    &en_cmd_export_onnx,
    &en_cmd_export_coreml,
    &en_cmd_export_litert,
    &en_cmd_export_page,
    &en_cmd_export_tensorboard,
    &en_cmd_export_mlflow,
    &en_cmd_bundle_export,
    &en_cmd_bundle_import,
    &en_cmd_sql,
    &en_cmd_schema,
    &en_cmd_doctor,
    &en_cmd_backup,
    &en_cmd_restore,
    &en_cmd_help,
    &en_cmd_completion,
    &en_cmd_version,
    NULL,
};

const char *en_group_title(en_group group)
{
    static const char *const title[EN_GROUPS] = {"Photographs and labels", "Samples", "Models", "The catalog",
                                                 "eyenet itself"};
    return title[group];
}

en_status en_first_error(en_status st, en_status later, const en_error *later_err, en_error *err)
{
    if (st != EN_OK || later == EN_OK) {
        return st;
    }
    *err = *later_err;
    return later;
}

const char *en_command_usage(const en_command *command, char *out, size_t capacity)
{
    size_t used = (size_t)snprintf(out, capacity, "%s", command->name);
    for (const en_option *o = command->options; o != NULL && o->name != NULL && used < capacity; o++) {
        if (o->required) {
            used += (size_t)snprintf(out + used, capacity - used, " --%s %s", o->name, o->arg);
        }
    }
    if (used < capacity) {
        snprintf(out + used, capacity - used, "%s%s%s", command->options != NULL ? " [OPTION]..." : "",
                 *command->args != '\0' ? " " : "", command->args);
    }
    return out;
}

#define PROJECT_OPTION                                                                                                 \
    {                                                                                                                  \
        .name = "project", .letter = 'C', EN_FIELD(en_globals, project), .arg = "DIR",                                 \
        .doc = "the project's folder or a folder inside it (default: the current folder)"                              \
    }
#define QUIET_OPTION                                                                                                   \
    {                                                                                                                  \
        .name = "quiet", .letter = 'q', EN_FIELD(en_globals, quiet), .doc = "no progress and no notes, only warnings"  \
    }
#define NETWORK_OPTION                                                                                                 \
    {                                                                                                                  \
        .name = "force-network-fs", EN_FIELD(en_globals, force_network_fs),                                            \
        .doc = "use a catalog on a network file system, whose locks may not keep two programs apart"                   \
    }
#define HELP_OPTION                                                                                                    \
    {                                                                                                                  \
        .name = "help", .letter = 'h', EN_FIELD(en_globals, help), .doc = "show this help and exit"                    \
    }

const en_option en_common_options[] = {PROJECT_OPTION, QUIET_OPTION, NETWORK_OPTION, HELP_OPTION, {.name = NULL}};

const en_option en_program_options[] = {
    PROJECT_OPTION,
    QUIET_OPTION,
    NETWORK_OPTION,
    HELP_OPTION,
    {.name = "version",
     EN_FIELD(en_globals, version),
     .without_args = true,
     .doc = "print the version, the commit and the libraries"},
    {.name = NULL},
};

const en_option en_table_options[] = {
    {.name = "json", EN_FIELD(en_globals, json), .excludes = "csv", .doc = "print an array of objects"},
    {.name = "csv", EN_FIELD(en_globals, csv), .doc = "print comma-separated values with a header"},
    {.name = NULL},
};

static const en_exit_code common_exit_codes[] = {
    {EN_OK, "done"},
    {EN_USAGE, "usage error: an unknown option, or a missing or unexpected argument"},
    {EN_INPUT, "bad input: no project here, or a damaged catalog"},
    {EN_BUG, "a fault in eyenet itself: please report it"},
    {EN_IO, "a full disk, no memory, no network, or a catalog locked by another program: try again"},
    {EN_INTERRUPTED, "stopped by Ctrl-C or SIGTERM; completed work is kept"},
    {EN_OK, NULL},
};

/* Only some commands end like this, and say why in their own words. */
static const en_exit_code rare_exit_codes[] = {
    {EN_FAILED, "the check was done and failed"},
    {EN_DENIED, "credentials are missing, or rules were not accepted"},
    {EN_OK, NULL},
};

static const char *exit_code_text(const en_exit_code *list, int code)
{
    for (; list != NULL && list->when != NULL; list++) {
        if (en_status_exit_code(list->status) == code) {
            return list->when;
        }
    }
    return NULL;
}

bool en_exit_code_nth(const en_command *command, size_t n, int *code, const char **when)
{
    static const en_status order[] = {EN_OK, EN_FAILED, EN_USAGE, EN_INPUT, EN_DENIED, EN_BUG, EN_IO, EN_INTERRUPTED};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        *code = en_status_exit_code(order[i]);
        *when = exit_code_text(command != NULL ? command->exit_codes : rare_exit_codes, *code);
        *when = *when != NULL ? *when : exit_code_text(common_exit_codes, *code);
        if (*when != NULL && n-- == 0) {
            return true;
        }
    }
    return false;
}

const en_variable en_variables[] = {
    {"EYENET_THREADS", "number of threads (default: one per processor)"},
    {"EYENET_ISA",
     "the kernels to compute with: ref, generic, avx2, avx512 or neon; without it, the fastest this processor runs"},
    {"EYENET_CONV",
     "the algorithm of convolutions wherever it serves: im2col, ...; without it, the fastest for each shape"},
    {"NO_COLOR", "if set to any value, output has no colours"},
    {"COLUMNS", "how wide tables may be; without it, as wide as the terminal"},
    {NULL, NULL},
};

/* True when `words` begin with all words of `name`; *taken is how many those are. */
static bool names(const char *name, const char *const *words, size_t count, size_t *taken)
{
    size_t n = 0;
    for (; *name != '\0'; n++) {
        size_t size = strcspn(name, " ");
        if (n == count || strlen(words[n]) != size || strncmp(words[n], name, size) != 0) {
            return false;
        }
        name += size;
        name += strspn(name, " ");
    }
    *taken = n;
    return true;
}

const en_command *en_command_find(const char *const *words, size_t count, size_t *taken)
{
    const en_command *found = NULL;
    *taken = 0;
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        size_t n;
        if (names((*c)->name, words, count, &n) && n > *taken) {
            found = *c;
            *taken = n;
        }
        if ((*c)->alias != NULL && names((*c)->alias, words, count, &n) && n > *taken) {
            found = *c;
            *taken = n;
        }
    }
    return found;
}

#define MOST_COMMANDS 64

/* The second words of commands that begin with `first`, as "import"; their number. */
static size_t seconds(const char *first, const char **second)
{
    size_t count = 0, size = strlen(first);
    for (const en_command *const *c = en_commands; *c != NULL && count < MOST_COMMANDS; c++) {
        if (strncmp((*c)->name, first, size) == 0 && (*c)->name[size] == ' ') {
            second[count++] = (*c)->name + size + 1;
        }
    }
    second[count] = NULL;
    return count;
}

bool en_command_is_group(const char *word)
{
    const char *second[MOST_COMMANDS + 1];
    return seconds(word, second) > 0;
}

en_status en_command_unknown(const char *const *words, size_t count, en_error *err)
{
    const char *second[MOST_COMMANDS + 1];
    if (seconds(words[0], second) > 0 && count > 1) {
        return en_error_set(err, EN_USAGE, "no such command '%s %s': did you mean '%s %s'?", words[0], words[1],
                            words[0], second[0]);
    }
    if (second[0] != NULL) {
        return en_error_set(err, EN_USAGE, "'%s' is not a command by itself: did you mean '%s %s'?", words[0], words[0],
                            second[0]);
    }
    const char *known[MOST_COMMANDS + 1] = {NULL};
    for (size_t i = 0; en_commands[i] != NULL && i < MOST_COMMANDS; i++) {
        known[i] = en_commands[i]->name;
    }
    const char *near = en_nearest_word(words[0], known);
    if (near != NULL) {
        return en_error_set(err, EN_USAGE, "no such command '%s': did you mean '%s'?", words[0], near);
    }
    return en_error_set(err, EN_USAGE, "no such command '%s': 'eyenet help' lists them", words[0]);
}
