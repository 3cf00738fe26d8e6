/* The confusion matrix and the metrics derived from it. Classes are 0..classes-1; count[truth * classes + predicted].
 */
#ifndef EN_STATS_CONFUSION_H
#define EN_STATS_CONFUSION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define EN_CONFUSION_CLASSES_MAX 1024

typedef struct en_confusion {
    size_t classes;
    int64_t *count; /* owned, classes * classes */
} en_confusion;

en_status en_confusion_init(en_confusion *m, size_t classes, en_error *err) EN_CHECKED;
void en_confusion_clear(en_confusion *m);
/* EN_BUG when a class is out of range. */
en_status en_confusion_add(en_confusion *m, size_t truth, size_t predicted, en_error *err) EN_CHECKED;
int64_t en_confusion_at(const en_confusion *m, size_t truth, size_t predicted);
int64_t en_confusion_total(const en_confusion *m);
/* Accuracy: correct predictions / all predictions; NaN when there are none. */
double en_confusion_accuracy(const en_confusion *m);
/* Recall: the proportion of class `c` predicted as `c` (sensitivity when c is the diseased class); NaN when there are
 * none. */
double en_confusion_recall(const en_confusion *m, size_t c);
/* Precision: the proportion of predictions `c` that are correct (positive predictive value); NaN when there are none.
 */
double en_confusion_precision(const en_confusion *m, size_t c);
/* Mean recall over the classes that occur (balanced accuracy); NaN when there are none. */
double en_confusion_balanced_accuracy(const en_confusion *m);

#endif
