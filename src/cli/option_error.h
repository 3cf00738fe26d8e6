/* What was wrong with a command line, in one line. */
#ifndef EN_CLI_OPTION_ERROR_H
#define EN_CLI_OPTION_ERROR_H

#include "cli/option.h"

/* Finds the option argp stumbled over: unknown, ambiguous, without its value, or with a needless one. EN_USAGE. */
en_status en_option_explain(const en_option *const *options, size_t count, int argc, char *const *argv,
                            en_error *err) EN_CHECKED;
/* A value that is none of the choices, or no number in the range. EN_USAGE. */
en_status en_option_refuse_choice(const en_option *option, const char *text, en_error *err) EN_CHECKED;
en_status en_option_refuse_number(const en_option *option, const char *text, en_error *err) EN_CHECKED;

#endif
