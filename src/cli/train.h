/* The options of train, for other commands that train. */
#ifndef EN_CLI_TRAIN_H
#define EN_CLI_TRAIN_H

#include "training/train/train.h"

/* What the options struct of en_cmd_train, of en_cmd_train.size bytes, asks for; texts are borrowed. The time limit is
 * not read. */
void en_cli_train_options(const void *options, en_train_options *out);

#endif
