/* Settling what a killed training left behind. */
#ifndef EN_PROJECT_RECOVER_H
#define EN_PROJECT_RECOVER_H

#include "project/project.h"

/* Runs that their process left without a word (kill -9, a power cut) are in state running while nobody holds their
 * folder: they become interrupted, a note says so, and half-written files in their folders are removed. Called when a
 * project is opened for writing. */
en_status en_runs_recover(en_project *project, en_error *err) EN_CHECKED;

#endif
