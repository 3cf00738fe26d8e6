/* Options from a file (base/toml.h): its keys are the long names of options, without dashes. */
#ifndef EN_CLI_CONFIG_H
#define EN_CLI_CONFIG_H

#include "base/toml.h"
#include "cli/option.h"

#define EN_CONFIG_OPTION "config" /* a command with an option of this name reads such a file */

/* The option of this name; EN_USAGE, with the nearest one, when there is none. */
en_status en_config_find(const char *file, const en_option *options, const char *key, const en_toml *value,
                         const en_option **out, en_error *err) EN_CHECKED;
/* Sets an option from a value of the right kind: true or false for a flag, a number for a number, a text or a number
 * for a text, which is borrowed. *given: false for a flag that is false. EN_USAGE names file and line. */
en_status en_config_set(const char *file, const en_option *option, void *into, const en_toml *value, bool *given,
                        en_error *err) EN_CHECKED;
/* Sets the options of one list from the file that the option config names, where it was given: those of the command
 * line, and what they exclude, win. `doc` is zeroed by the caller, borrowed by the options, and to be cleared after
 * them. */
en_status en_config_apply(const en_option_set *set, const void *into, en_words *words, en_toml *doc,
                          en_error *err) EN_CHECKED;

#endif
