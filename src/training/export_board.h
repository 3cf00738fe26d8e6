/* export tensorboard: what the catalog knows of a run, as TensorBoard reads it. */
#ifndef EN_TRAINING_EXPORT_BOARD_H
#define EN_TRAINING_EXPORT_BOARD_H

#include <stdint.h>

#include "project/project.h"

typedef struct en_board_result {
    char run[128];
    char *file; /* owned */
    int64_t scalars, histograms, images, bytes;
} en_board_result;

/* FOLDER/RUN/events.out.tfevents.SECONDS.eyenet, SECONDS being when the run began: its metrics, settings, network,
 * weights, scores and the mistakes it was surest of. Such files of the run that are there, also what `train` wrote, are
 * replaced. What cannot be had (weights that were not kept, samples that are gone) is left out with a warning.
 * Whole or not at all. Clear the result in every case. */
en_status en_export_board(en_project *project, const char *run, const char *folder, en_board_result *result,
                          en_error *err) EN_CHECKED;
void en_board_result_clear(en_board_result *result);

#endif
