/* The confusion matrix in a terminal. */
#ifndef EN_CLI_CONFUSION_H
#define EN_CLI_CONFUSION_H

#include "cli/out.h"
#include "stats/confusion.h"

/* A row a true class, a column a predicted one; names[m->classes]. Prints an empty line before it. */
en_status en_confusion_show(en_out *out, const en_confusion *m, const char *const *names, en_error *err) EN_CHECKED;

#endif
