/* Pairing: both lists are sorted by photograph and truth, and walked side by side. */
#include "training/pairing.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "training/metrics.h"

/* The truth is that of the first one's classes. */
typedef struct place {
    int64_t image, truth;
    size_t row;
    bool common;
} place;

static int by_image(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->image != y->image) {
        return x->image < y->image ? -1 : 1;
    }
    if (x->truth != y->truth) {
        return x->truth < y->truth ? -1 : 1;
    }
    return (x->row > y->row) - (x->row < y->row);
}

/* map[i]: the first one's class that is the second one's class i. */
static en_status map_classes(const en_classes *first, const en_classes *second, int32_t *map, en_error *err)
{
    bool same = first->count == second->count;
    for (size_t i = 0; same && i < second->count; i++) {
        map[i] = en_classes_find(first, second->name[i]);
        same = map[i] >= 0;
    }
    return same ? EN_OK
                : en_error_set(err, EN_INPUT,
                               "their classes are not the same: %zu, the first '%s', and %zu, the first '%s'",
                               first->count, first->name[0], second->count, second->name[0]);
}

/* map NULL: the classes are those of the rows. */
static en_status sort_places(const en_catalog_predictions *rows, const int32_t *map, size_t classes, place **out,
                             size_t *count, en_error *err)
{
    *count = 0;
    *out = en_calloc(rows->count + 1, sizeof **out);
    if (*out == NULL) {
        return en_error_nomem(err, "a comparison");
    }
    for (size_t i = 0; i < rows->count; i++) {
        const en_catalog_prediction *p = &rows->row[i];
        if (en_metrics_counts(p, classes)) {
            (*out)[(*count)++] = (place){p->image_id, map != NULL ? map[p->truth] : p->truth, i, false};
        }
    }
    qsort(*out, *count, sizeof **out, by_image);
    return EN_OK;
}

static size_t end_of(const place *p, size_t count, size_t at, bool with_truth)
{
    size_t end = at;
    while (end < count && p[end].image == p[at].image && (!with_truth || p[end].truth == p[at].truth)) {
        end++;
    }
    return end;
}

/* One photograph that both have: which of its truths are common. Returns how many. */
static int64_t match_truths(place *a, size_t na, place *b, size_t nb)
{
    int64_t common = 0;
    for (size_t i = 0; i < na; i = end_of(a, na, i, true)) {
        for (size_t k = 0; k < nb; k = end_of(b, nb, k, true)) {
            if (a[i].truth == b[k].truth) {
                for (size_t at = i; at < end_of(a, na, i, true); at++) {
                    a[at].common = true;
                }
                for (size_t at = k; at < end_of(b, nb, k, true); at++) {
                    b[at].common = true;
                }
                common++;
            }
        }
    }
    return common;
}

static void match(place *a, size_t na, place *b, size_t nb, en_pairing *out)
{
    size_t i = 0, k = 0;
    while (i < na || k < nb) {
        const size_t end_a = i < na ? end_of(a, na, i, false) : i, end_b = k < nb ? end_of(b, nb, k, false) : k;
        if (k >= nb || (i < na && a[i].image < b[k].image)) {
            out->only_first++;
            i = end_a;
        } else if (i >= na || b[k].image < a[i].image) {
            out->only_second++;
            k = end_b;
        } else {
            const bool any = match_truths(a + i, end_a - i, b + k, end_b - k) > 0;
            out->photographs += any;
            out->truth_differs += !any;
            i = end_a;
            k = end_b;
        }
    }
}

static en_status keep(const en_catalog_predictions *rows, const place *p, size_t count, en_catalog_predictions *out,
                      en_error *err)
{
    *out = (en_catalog_predictions){.row = en_calloc(count + 1, sizeof *out->row), .classes = rows->classes};
    if (out->row == NULL) {
        return en_error_nomem(err, "a comparison");
    }
    for (size_t i = 0; i < count; i++) {
        if (p[i].common) {
            out->row[out->count++] = rows->row[p[i].row];
        }
    }
    return EN_OK;
}

/* The second one's rows get the first one's numbers of patients, eyes and classes. Both are sorted by photograph. */
static en_status renumber(en_pairing *p, const int32_t *map, en_error *err)
{
    const size_t classes = p->first.classes;
    size_t values = 0, k = 0;
    p->probability = en_mul(p->second.count + 1, classes, &values) ? en_calloc(values, sizeof *p->probability) : NULL;
    if (p->probability == NULL) {
        return en_error_nomem(err, "a comparison");
    }
    for (size_t i = 0; i < p->second.count; i++) {
        en_catalog_prediction *row = &p->second.row[i];
        float *probability = p->probability + i * classes;
        while (k + 1 < p->first.count && p->first.row[k].image_id < row->image_id) {
            k++;
        }
        row->patient_group = p->first.row[k].patient_group;
        row->eye_group = p->first.row[k].eye_group;
        for (size_t c = 0; c < classes; c++) {
            probability[map[c]] = row->probability[c];
        }
        row->probability = probability;
        row->truth = map[row->truth];
        row->predicted = map[row->predicted];
    }
    return EN_OK;
}

en_status en_pairing_make(const en_catalog_predictions *first, const en_classes *classes,
                          const en_catalog_predictions *second, const en_classes *second_classes, en_pairing *out,
                          en_error *err)
{
    int32_t map[EN_MAX_CLASSES] = {0};
    place *a = NULL, *b = NULL;
    size_t na = 0, nb = 0;
    *out = (en_pairing){0};
    en_status st = map_classes(classes, second_classes, map, err);
    if (st == EN_OK && ((first->count > 0 && first->classes != classes->count) ||
                        (second->count > 0 && second->classes != classes->count))) {
        st = en_error_set(err, EN_INPUT, "predictions have another number of probabilities than there are classes");
    }
    if (st == EN_OK) {
        st = sort_places(first, NULL, classes->count, &a, &na, err);
    }
    if (st == EN_OK) {
        st = sort_places(second, map, classes->count, &b, &nb, err);
    }
    if (st == EN_OK) {
        match(a, na, b, nb, out);
        st = keep(first, a, na, &out->first, err);
    }
    if (st == EN_OK) {
        st = keep(second, b, nb, &out->second, err);
    }
    if (st == EN_OK && out->photographs > 0) {
        st = renumber(out, map, err);
    }
    en_free(a);
    en_free(b);
    return st;
}

void en_pairing_clear(en_pairing *p)
{
    en_free(p->first.row);
    en_free(p->second.row);
    en_free(p->probability);
    *p = (en_pairing){0};
}
