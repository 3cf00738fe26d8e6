/* The confusion matrix in a terminal. */
#ifndef EN_CLI_CONFUSION_H
#define EN_CLI_CONFUSION_H

#include "cli/out.h"

/* A row a true class, a column a predicted one: count[truth * stride + predicted]; names[classes]. Prints an empty line
 * before it. */
en_status en_confusion_show(en_out *out, size_t classes, const char *const *names, const int64_t *count, size_t stride,
                            en_error *err) EN_CHECKED;

#endif
