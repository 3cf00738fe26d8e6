/* Files of a run that come before its rows. Rows name files that are there, so the files of a run from elsewhere are
 * put into its folder first and its rows are committed then. A note in downloads/ says meanwhile which folder that is:
 * killed in between, the next process that opens the project for writing removes the files again. */
#ifndef EN_PROJECT_ARRIVAL_H
#define EN_PROJECT_ARRIVAL_H

#include "project/folder_lock.h"

#define EN_ARRIVAL_FILE "model.safetensors" /* what such a run brings */

typedef struct en_arrival { /* zeroed: nothing arrives */
    char *folder;           /* relative: runs/FOLDER; owned */
    char *note, *file;      /* absolute; owned */
    en_folder_lock lock;
} en_arrival;

/* Within a transaction, in which the run's row was made: `folder` is its own name for its folder. Writes the note, then
 * makes and locks the folder. EN_INPUT: there is such a file already, of a run that is not in the catalog. */
en_status en_arrival_begin(en_project *project, const char *folder, en_arrival *arrival, en_error *err) EN_CHECKED;
/* After the commit the files stay; otherwise they are removed. Safe on a zeroed one. */
void en_arrival_end(en_arrival *arrival, bool committed);
/* Removes what killed processes left. */
en_status en_arrivals_recover(en_project *project, en_error *err) EN_CHECKED;

#endif
