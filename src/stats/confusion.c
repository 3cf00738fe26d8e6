/* The confusion matrix. Uses base only. */
#include "stats/confusion.h"

#include <math.h>
#include <stdbool.h>

#include "base/memory.h"

en_status en_confusion_init(en_confusion *m, size_t classes, en_error *err)
{
    *m = (en_confusion){0};
    if (classes == 0 || classes > EN_CONFUSION_CLASSES_MAX) {
        return en_error_set(err, EN_INPUT, "a confusion matrix has 1 to %d classes, not %zu", EN_CONFUSION_CLASSES_MAX,
                            classes);
    }
    m->count = en_calloc(classes * classes, sizeof *m->count);
    if (m->count == NULL) {
        return en_error_nomem(err, "a confusion matrix");
    }
    m->classes = classes;
    return EN_OK;
}

void en_confusion_clear(en_confusion *m)
{
    en_free(m->count);
    *m = (en_confusion){0};
}

en_status en_confusion_add(en_confusion *m, size_t truth, size_t predicted, en_error *err)
{
    if (truth >= m->classes || predicted >= m->classes) {
        return en_error_set(err, EN_BUG, "class %zu or %zu in a confusion matrix of %zu classes", truth, predicted,
                            m->classes);
    }
    m->count[truth * m->classes + predicted]++;
    return EN_OK;
}

int64_t en_confusion_at(const en_confusion *m, size_t truth, size_t predicted)
{
    return m->count[truth * m->classes + predicted];
}

int64_t en_confusion_total(const en_confusion *m)
{
    int64_t total = 0;
    for (size_t i = 0; i < m->classes * m->classes; i++) {
        total += m->count[i];
    }
    return total;
}

static double ratio(int64_t part, int64_t whole) { return whole > 0 ? (double)part / (double)whole : (double)NAN; }

double en_confusion_accuracy(const en_confusion *m)
{
    int64_t right = 0;
    for (size_t c = 0; c < m->classes; c++) {
        right += en_confusion_at(m, c, c);
    }
    return ratio(right, en_confusion_total(m));
}

double en_confusion_recall(const en_confusion *m, size_t c)
{
    int64_t row = 0;
    for (size_t i = 0; i < m->classes; i++) {
        row += en_confusion_at(m, c, i);
    }
    return ratio(en_confusion_at(m, c, c), row);
}

double en_confusion_precision(const en_confusion *m, size_t c)
{
    int64_t column = 0;
    for (size_t i = 0; i < m->classes; i++) {
        column += en_confusion_at(m, i, c);
    }
    return ratio(en_confusion_at(m, c, c), column);
}

double en_confusion_balanced_accuracy(const en_confusion *m)
{
    double sum = 0.0;
    size_t seen = 0;
    for (size_t c = 0; c < m->classes; c++) {
        double recall = en_confusion_recall(m, c);
        if (!isnan(recall)) {
            sum += recall;
            seen++;
        }
    }
    return seen > 0 ? sum / (double)seen : (double)NAN;
}
