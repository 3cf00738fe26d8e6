/* The options of train, for other commands that train. */
#ifndef EN_CLI_TRAIN_H
#define EN_CLI_TRAIN_H

#include "training/train/train.h"

/* What the options struct of en_cmd_train, of en_cmd_train.size bytes, asks for; texts are borrowed. The time limit is
 * not read. */
void en_cli_train_options(const void *options, en_train_options *out);
/* --time-limit of a command that trains: "90", "90s", "30m", "12h"; NULL: 0, none. EN_USAGE. */
en_status en_cli_time_limit(const char *text, double *seconds, en_error *err) EN_CHECKED;

#endif
