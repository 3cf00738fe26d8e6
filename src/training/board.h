/* What a run says of itself in TensorBoard's files, while it trains and afterwards. */
#ifndef EN_TRAINING_BOARD_H
#define EN_TRAINING_BOARD_H

#include "catalog/metric.h"
#include "catalog/run.h"
#include "export/tensorboard.h"
#include "nn/network.h"

#define EN_BOARD_TAG 96

/* "auc/val"; of the run as a whole "run/seconds". Returns `tag`. */
const char *en_board_tag(en_part part, const char *name, char tag[EN_BOARD_TAG]);
/* What the run was made of and its settings, without those that are records of what came of it. */
void en_board_settings(en_tensorboard *t, double time, const en_catalog_run *run, const en_catalog_params *params,
                       const char *const *tag, size_t tags);
/* The network, and a histogram of each of its tensors, "weights/3.conv.weight". */
en_status en_board_network(en_tensorboard *t, double time, en_network *network, en_error *err) EN_CHECKED;
void en_board_weights(en_tensorboard *t, double time, int64_t epoch, en_network *network);
/* The folder of a run beneath `folder` (en_free), which is made. EN_INPUT: the run's name cannot name a folder. */
en_status en_board_folder(const char *folder, const char *run, char **path, en_error *err) EN_CHECKED;
/* "events.out.tfevents.SECONDS.eyenet" in a run's folder (en_free); NULL when out of memory. */
char *en_board_file(const char *folder, double time);
/* Whether a file is called like that. */
bool en_board_is_file(const char *name);

#endif
