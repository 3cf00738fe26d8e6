/* The commands table turned into text. All write to `out` as it is, in every format. */
#ifndef EN_CLI_HELP_H
#define EN_CLI_HELP_H

#include "cli/command.h"

void en_help_overview(en_out *out); /* all commands by group */
/* The commands that begin with a word, as "label import" does with "label"; the help of the command when it is the only
 * one. */
void en_help_group(const char *word, en_out *out);
void en_help_command(const en_command *command, en_out *out);

void en_man_program(en_out *out); /* eyenet(1), man(7) macros */
void en_man_command(const en_command *command, en_out *out);

void en_markdown_reference(en_out *out); /* docs/cli.md */
void en_markdown_overview(en_out *out);  /* the README's table of commands */

#endif
