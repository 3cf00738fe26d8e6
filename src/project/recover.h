/* Recovery of training runs whose process was killed. */
#ifndef EN_PROJECT_RECOVER_H
#define EN_PROJECT_RECOVER_H

#include "project/project.h"

/* A run in state running whose folder is not locked lost its process (kill -9, a power cut): it is marked interrupted,
 * an event reports it, and partial files in its folder are removed. Called when a project is opened for writing. */
en_status en_runs_recover(en_project *project, en_error *err) EN_CHECKED;

#endif
