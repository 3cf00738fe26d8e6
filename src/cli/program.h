/* From argv to an exit code. */
#ifndef EN_CLI_PROGRAM_H
#define EN_CLI_PROGRAM_H

#include "cli/environment.h"

/* Reads the command line, runs the command and prints what there is to print but the error, which is handed back. */
en_status en_program_run(int argc, char **argv, const en_environment *around, en_error *err) EN_CHECKED;

#endif
