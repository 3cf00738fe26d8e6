/* The confusion matrix in a terminal, and how headings as text name what was asked. */
#ifndef EN_RENDER_CONFUSION_H
#define EN_RENDER_CONFUSION_H

#include "render/out.h"
#include "training/classes.h"
#include "stats/confusion.h"

#define EN_HEADING_ROOM 64

/* A row a true class, a column a predicted one, both as text shows them. Prints an empty line before it. */
en_status en_confusion_show(en_out *out, const en_confusion *m, const en_classes *classes, const char *target,
                            en_error *err) EN_CHECKED;
/* "truth: grade >= 2"; a target too long for a heading is left out. Writes into `out` and returns it. */
const char *en_heading_of(const char *word, const char *target, char out[EN_HEADING_ROOM]);

#endif
