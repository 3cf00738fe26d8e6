/* What may follow on a command line: what shells ask when TAB is pressed. */
#ifndef EN_CLI_COMPLETE_H
#define EN_CLI_COMPLETE_H

#include "cli/command.h"

/* The hidden command `eyenet __complete -- WORDS...`. */
#define EN_COMPLETE_WORD "__complete"

/* Prints what the last of `words` (those behind "eyenet"; without any, an empty one) may become, one candidate per
 * line: commands, options not given yet, values of options, arguments, and names in the catalog, which is only read. A
 * line of a TAB and "files" or "dirs" says that names of files or folders fit, which a shell knows best. The words
 * "--name", "=", "value" count as one, as bash parts them. Where nothing fits, or there is no catalog, nothing is
 * printed: EN_OK. */
en_status en_complete(const char *const *words, size_t count, en_out *out, en_error *err) EN_CHECKED;

/* The script for "bash", "zsh" or "fish" that asks `eyenet __complete`. EN_USAGE for another shell. */
en_status en_completion(const char *shell, en_out *out, en_error *err) EN_CHECKED;
extern const char *const en_completion_shells[]; /* NULL-terminated */

#endif
