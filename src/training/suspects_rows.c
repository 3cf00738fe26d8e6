/* See suspects_rows.h. */
#include "training/suspects_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "db/query.h"

enum { IMAGE_ID, IMAGE, PATIENT, EYE, VALUE, VECTOR }; /* columns of sql/embedding/values */

static en_status add_row(en_labelled *l, const en_query *q, en_error *err)
{
    size_t bytes;
    en_labelled_row *rows = en_array_grow(l->row, l->count, sizeof *rows, err);
    l->row = rows != NULL ? rows : l->row;
    float *vectors = rows != NULL ? en_array_grow(l->vector, l->count, l->dimensions * sizeof *vectors, err) : NULL;
    l->vector = vectors != NULL ? vectors : l->vector;
    if (vectors == NULL) {
        return EN_NOMEM;
    }
    en_labelled_row *row = &rows[l->count++];
    *row = (en_labelled_row){.image_id = en_query_int(q, IMAGE_ID), .fellow = EN_NO_FELLOW};
    en_status st = en_query_dup(q, IMAGE, &row->image, err);
    if (st == EN_OK) {
        st = en_query_dup(q, PATIENT, &row->patient, err);
    }
    if (st == EN_OK) {
        st = en_query_dup(q, EYE, &row->eye, err);
    }
    if (st == EN_OK) {
        st = en_query_dup(q, VALUE, &row->value, err);
    }
    if (st == EN_OK && (row->image == NULL || row->patient == NULL)) {
        st = en_error_set(err, EN_INPUT, "the catalog has an image without a name or a patient");
    }
    const void *vector = en_query_blob(q, VECTOR, &bytes);
    if (st == EN_OK) {
        st = en_catalog_embedding_check(row->image, vector, bytes, l->dimensions, err);
    }
    if (st == EN_OK) {
        memcpy(vectors + (l->count - 1) * l->dimensions, vector, bytes);
    }
    return st;
}

static en_status read_rows(en_project *project, const en_catalog_embedding_set *set, const char *target, en_labelled *l,
                           en_error *err)
{
    en_query *q = NULL;
    char *what = en_format("target '%s'", target);
    en_status st = what != NULL
                       ? en_catalog_embeddings_by(project->catalog, set, what, target, &project->events, &q, err)
                       : en_error_nomem(err, "a target");
    while (st == EN_OK && (st = en_query_next(q, err)) == EN_OK) {
        if (en_query_kind(q, VALUE) == EN_VALUE_NULL) {
            l->no_value++;
        } else {
            st = add_row(l, q, err);
        }
    }
    en_query_close(q);
    en_free(what);
    return st == EN_DONE ? EN_OK : st;
}

/* The classes' names are the values. */
static en_status find_classes(en_labelled *l, const char *target, en_error *err)
{
    en_catalog_items items = {.item = en_calloc(l->count + 1, sizeof *items.item), .count = l->count};
    l->truth = en_calloc(l->count + 1, sizeof *l->truth);
    if (items.item == NULL || l->truth == NULL) {
        en_free(items.item);
        return en_error_nomem(err, "labels");
    }
    for (size_t i = 0; i < l->count; i++) {
        items.item[i].target = l->row[i].value;
    }
    en_status st = en_classes_of(&items, target, &l->classes, err);
    for (size_t i = 0; st == EN_OK && i < l->count; i++) {
        l->truth[i] = (int32_t)en_classes_find(&l->classes, l->row[i].value);
    }
    en_free(items.item);
    return st;
}

static int by_patient(const void *a, const void *b)
{
    const en_labelled_row *x = *(en_labelled_row *const *)a, *y = *(en_labelled_row *const *)b;
    const int order = strcmp(x->patient, y->patient);
    return order != 0 ? order : x < y ? -1 : x > y;
}

/* The first row of the patient that shows the other eye. */
static void find_fellow(en_labelled *l, en_labelled_row *const *of, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count && of[i]->fellow == EN_NO_FELLOW && of[i]->eye != NULL; k++) {
            if (of[k]->eye != NULL && strcmp(of[i]->eye, of[k]->eye) != 0) {
                of[i]->fellow = (size_t)(of[k] - l->row);
            }
        }
    }
}

static en_status group(en_labelled *l, en_error *err)
{
    en_labelled_row **order = en_calloc(l->count + 1, sizeof *order);
    if (order == NULL) {
        return en_error_nomem(err, "photographs");
    }
    for (size_t i = 0; i < l->count; i++) {
        order[i] = &l->row[i];
    }
    qsort(order, l->count, sizeof *order, by_patient);
    for (size_t first = 0, end; first < l->count; first = end) {
        for (end = first; end < l->count && strcmp(order[end]->patient, order[first]->patient) == 0; end++) {
            order[end]->patient_index = l->patients;
        }
        find_fellow(l, order + first, end - first);
        l->patients++;
    }
    en_free(order);
    return EN_OK;
}

en_status en_labelled_load(en_project *project, const en_catalog_embedding_set *set, const char *target,
                           en_labelled *out, en_error *err)
{
    *out = (en_labelled){.dimensions = (size_t)set->dimensions};
    en_status st = read_rows(project, set, target, out, err);
    if (st == EN_OK) {
        st = find_classes(out, target, err);
    }
    return st == EN_OK ? group(out, err) : st;
}

typedef struct dealt {
    const char *name;
    char key[EN_SHA256_HEX];
    size_t index;
    int32_t highest; /* class */
} dealt;

static int by_class_and_key(const void *a, const void *b)
{
    const dealt *x = a, *y = b;
    return x->highest != y->highest ? (x->highest > y->highest) - (x->highest < y->highest) : strcmp(x->key, y->key);
}

en_status en_labelled_deal(en_labelled *l, size_t folds, en_error *err)
{
    if (l->patients < folds) {
        return en_error_set(err, EN_INPUT, "%zu patients cannot be dealt into %zu folds", l->patients, folds);
    }
    dealt *patient = en_calloc(l->patients, sizeof *patient);
    uint8_t *fold = en_calloc(l->patients, sizeof *fold);
    l->fold = en_calloc(l->count, sizeof *l->fold);
    en_status st =
        patient != NULL && fold != NULL && l->fold != NULL ? EN_OK : en_error_nomem(err, "the folds of patients");
    for (size_t i = 0; st == EN_OK && i < l->count; i++) {
        dealt *p = &patient[l->row[i].patient_index];
        p->name = l->row[i].patient;
        p->highest = l->truth[i] > p->highest ? l->truth[i] : p->highest;
    }
    for (size_t i = 0; st == EN_OK && i < l->patients; i++) {
        patient[i].index = i;
        st = en_sha256_bytes(patient[i].name, strlen(patient[i].name), patient[i].key, err);
    }
    if (st == EN_OK) {
        qsort(patient, l->patients, sizeof *patient, by_class_and_key);
        for (size_t i = 0; i < l->patients; i++) {
            fold[patient[i].index] = (uint8_t)(i % folds);
        }
        for (size_t i = 0; i < l->count; i++) {
            l->fold[i] = fold[l->row[i].patient_index];
        }
    }
    en_free(patient);
    en_free(fold);
    return st;
}

void en_labelled_clear(en_labelled *l)
{
    for (size_t i = 0; i < l->count; i++) {
        en_free(l->row[i].image);
        en_free(l->row[i].patient);
        en_free(l->row[i].eye);
        en_free(l->row[i].value);
    }
    en_free(l->row);
    en_free(l->vector);
    en_free(l->truth);
    en_free(l->fold);
    *l = (en_labelled){0};
}
