/* Units: predictions sorted by patient, eye, photograph and truth, then merged from the inside outwards. */
#include "training/units.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "training/metrics.h"

static const char *const unit[] = {NULL, "photograph", "eye", "patient"};
static const char *const combine_word[] = {NULL, "worst", "mean"};
const en_wordlist en_units = EN_WORDLIST("unit", unit);
const en_wordlist en_combines = EN_WORDLIST("way to combine eyes", combine_word);

/* A prediction, or several that were merged into one. */
typedef struct answer {
    int32_t truth, predicted;
    double probability[EN_MAX_CLASSES];
} answer;

typedef struct merger {
    const en_classes *classes;
    const en_calibration *calibration;
    en_unit unit;
    en_combine combine;
    const en_catalog_prediction **row; /* sorted, those that count */
    size_t count;
} merger;

static int compare(int64_t x, int64_t y) { return (x > y) - (x < y); }

/* Views of a photograph are one only where their truth is the same: a mirrored left eye is shown, and learned, as a
 * right one. */
static int by_place(const void *a, const void *b)
{
    const en_catalog_prediction *x = *(const en_catalog_prediction *const *)a;
    const en_catalog_prediction *y = *(const en_catalog_prediction *const *)b;
    int order = compare(x->patient_group, y->patient_group);
    order = order != 0 ? order : compare(x->eye_group, y->eye_group);
    order = order != 0 ? order : compare(x->image_id, y->image_id);
    order = order != 0 ? order : compare(x->truth, y->truth);
    return order != 0 ? order : compare(x->variant_id, y->variant_id);
}

/* How ill a class is: its value, or whether it is the positive one; of other nominal classes none is worse. */
static double severity(const en_classes *c, int32_t class)
{
    return c->ordinal ? c->value[class] : (double)((size_t) class == c->positive);
}

static double expected(const en_classes *c, const answer *a)
{
    double sum = 0;
    for (size_t i = 0; i < c->count; i++) {
        sum += a->probability[i] * severity(c, (int32_t)i);
    }
    return sum;
}

static int32_t called(const merger *m, const answer *a)
{
    float probability[EN_MAX_CLASSES];
    for (size_t i = 0; i < m->classes->count; i++) {
        probability[i] = (float)a->probability[i];
    }
    return (int32_t)en_calibration_answer(m->calibration, m->classes, probability);
}

/* The mean of `count` answers, or the one with the highest score, with the worst truth among them. */
static en_status merge(const merger *m, const answer *part, size_t count, en_combine combine, answer *out,
                       en_error *err)
{
    const en_classes *c = m->classes;
    *out = part[0];
    if (count == 1) {
        return EN_OK;
    }
    for (size_t i = 1; i < count; i++) {
        if (part[i].truth != out->truth && !c->ordinal && c->count > 2) {
            return en_error_hint(err,
                                 en_error_set(err, EN_INPUT,
                                              "photographs of one %s are '%s' and '%s', of which neither is the worse",
                                              unit[m->unit], c->name[out->truth], c->name[part[i].truth]),
                                 "count photographs, or say that the target is --ordinal");
        }
        out->truth = severity(c, part[i].truth) > severity(c, out->truth) ? part[i].truth : out->truth;
    }
    if (combine == EN_COMBINE_WORST) {
        size_t worst = 0;
        for (size_t i = 1; i < count; i++) {
            worst = expected(c, &part[i]) > expected(c, &part[worst]) ? i : worst;
        }
        memcpy(out->probability, part[worst].probability, sizeof out->probability);
        out->predicted = part[worst].predicted;
        return EN_OK;
    }
    for (size_t k = 0; k < c->count; k++) {
        double sum = 0;
        for (size_t i = 0; i < count; i++) {
            sum += part[i].probability[k];
        }
        out->probability[k] = sum / (double)count;
    }
    out->predicted = called(m, out);
    return EN_OK;
}

typedef enum level { VIEWS, PHOTOGRAPHS, EYES } level;

/* Whether two rows belong to the same thing that answers of this level are merged into. */
static bool together(const en_catalog_prediction *a, const en_catalog_prediction *b, level l)
{
    bool patient = a->patient_group == b->patient_group, eye = patient && a->eye_group == b->eye_group;
    return l == EYES ? patient : l == PHOTOGRAPHS ? eye : eye && a->image_id == b->image_id && a->truth == b->truth;
}

/* Merges neighbours of `count` answers that belong together, in place; first[i]: the row answer i began with. */
static en_status merge_level(const merger *m, level l, en_combine combine, answer *all, size_t *first, size_t *count,
                             en_error *err)
{
    size_t kept = 0;
    en_status st = EN_OK;
    for (size_t i = 0, end; st == EN_OK && i < *count; i = end) {
        for (end = i + 1; end < *count && together(m->row[first[i]], m->row[first[end]], l);) {
            end++;
        }
        answer merged;
        st = merge(m, all + i, end - i, combine, &merged, err);
        first[kept] = first[i];
        all[kept++] = merged;
    }
    *count = kept;
    return st;
}

static void read_answer(const en_catalog_prediction *p, size_t classes, answer *a)
{
    *a = (answer){.truth = (int32_t)p->truth, .predicted = (int32_t)p->predicted};
    for (size_t i = 0; i < classes; i++) {
        a->probability[i] = (double)p->probability[i];
    }
}

static en_status give(const merger *m, const answer *all, const size_t *first, size_t count, en_answers *out,
                      en_error *err)
{
    size_t classes = m->classes->count;
    *out = (en_answers){.count = count,
                        .classes = classes,
                        .truth = en_calloc(count, sizeof *out->truth),
                        .predicted = en_calloc(count, sizeof *out->predicted),
                        .patient = en_calloc(count, sizeof *out->patient),
                        .probability = en_calloc(count * classes, sizeof *out->probability)};
    if (count > 0 &&
        (out->truth == NULL || out->predicted == NULL || out->patient == NULL || out->probability == NULL)) {
        return en_error_nomem(err, "answers");
    }
    for (size_t i = 0; i < count; i++) {
        out->truth[i] = all[i].truth;
        out->predicted[i] = all[i].predicted;
        out->patient[i] = m->row[first[i]]->patient_group;
        for (size_t k = 0; k < classes; k++) {
            out->probability[i * classes + k] = (float)all[i].probability[k];
        }
    }
    return EN_OK;
}

static en_status merge_all(merger *m, answer *all, size_t *first, en_answers *out, en_error *err)
{
    size_t count = m->count;
    for (size_t i = 0; i < count; i++) {
        read_answer(m->row[i], m->classes->count, &all[i]);
        first[i] = i;
    }
    en_status st = merge_level(m, VIEWS, EN_COMBINE_MEAN, all, first, &count, err);
    if (st == EN_OK && m->unit != EN_UNIT_PHOTOGRAPH) {
        st = merge_level(m, PHOTOGRAPHS, EN_COMBINE_MEAN, all, first, &count, err);
    }
    if (st == EN_OK && m->unit == EN_UNIT_PATIENT) {
        st = merge_level(m, EYES, m->combine, all, first, &count, err);
    }
    return st == EN_OK ? give(m, all, first, count, out, err) : st;
}

en_status en_answers_of(const en_catalog_predictions *rows, const en_classes *classes,
                        const en_calibration *calibration, en_unit of, en_combine combine, en_answers *out,
                        en_error *err)
{
    merger m = {.classes = classes, .calibration = calibration, .unit = of, .combine = combine};
    *out = (en_answers){0};
    m.row = en_calloc(rows->count + 1, sizeof *m.row);
    answer *all = en_calloc(rows->count + 1, sizeof *all);
    size_t *first = en_calloc(rows->count + 1, sizeof *first);
    en_status st = m.row != NULL && all != NULL && first != NULL ? EN_OK : en_error_nomem(err, "answers");
    for (size_t i = 0; st == EN_OK && i < rows->count; i++) {
        if (en_metrics_counts(&rows->row[i], classes->count)) {
            m.row[m.count++] = &rows->row[i];
        }
    }
    if (st == EN_OK) {
        qsort(m.row, m.count, sizeof *m.row, by_place);
        st = merge_all(&m, all, first, out, err);
    }
    en_free(m.row);
    en_free(all);
    en_free(first);
    return st;
}

void en_answers_clear(en_answers *a)
{
    en_free(a->truth);
    en_free(a->predicted);
    en_free(a->patient);
    en_free(a->probability);
    *a = (en_answers){0};
}
