/* Sets of patients that stay together. */
#include "dataset/together.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "db/query.h"
#include "db/statements.h"

/* A name and where it was: what is sorted, as qsort passes no context. */
typedef struct place {
    const char *name;
    size_t index;
} place;

static int by_name(const void *a, const void *b) { return strcmp(((const place *)a)->name, ((const place *)b)->name); }

en_status en_together_init(en_together *t, const en_catalog_patients *patients, en_error *err)
{
    size_t n = patients->count;
    *t = (en_together){.patients = patients};
    t->by_name = en_calloc(n + 1, sizeof *t->by_name);
    t->parent = en_calloc(n + 1, sizeof *t->parent);
    place *order = en_calloc(n + 1, sizeof *order);
    if (t->by_name == NULL || t->parent == NULL || order == NULL) {
        en_free(order);
        en_together_clear(t);
        return en_error_nomem(err, "a split");
    }
    for (size_t i = 0; i < n; i++) {
        order[i] = (place){patients->row[i].patient, i};
        t->parent[i] = i;
    }
    if (n > 1) {
        qsort(order, n, sizeof *order, by_name);
    }
    for (size_t i = 0; i < n; i++) {
        t->by_name[i] = order[i].index;
    }
    en_free(order);
    return EN_OK;
}

void en_together_clear(en_together *t)
{
    en_free(t->by_name);
    en_free(t->parent);
    *t = (en_together){0};
}

size_t en_together_index(const en_together *t, const char *patient)
{
    for (size_t low = 0, high = t->patients->count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(patient, t->patients->row[t->by_name[middle]].patient);
        if (order == 0) {
            return t->by_name[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return EN_NO_PATIENT;
}

size_t en_together_set(en_together *t, size_t patient)
{
    while (t->parent[patient] != patient) {
        t->parent[patient] = t->parent[t->parent[patient]];
        patient = t->parent[patient];
    }
    return patient;
}

void en_together_join(en_together *t, size_t a, size_t b)
{
    size_t x = en_together_set(t, a), y = en_together_set(t, b);
    t->parent[x < y ? y : x] = x < y ? x : y;
}

static bool same_text(const char *a, const char *b) { return a != NULL && b != NULL && strcmp(a, b) == 0; }

/* Rows of (patient, value), ordered by value. */
static en_status join_rows(en_together *t, en_query *q, en_error *err)
{
    char *value = NULL;
    size_t last = EN_NO_PATIENT;
    en_status st;
    while ((st = en_query_next(q, err)) == EN_OK) {
        const char *patient = en_query_text(q, 0), *now = en_query_text(q, 1);
        size_t index = patient != NULL ? en_together_index(t, patient) : EN_NO_PATIENT;
        if (index == EN_NO_PATIENT || now == NULL) {
            continue;
        }
        if (last != EN_NO_PATIENT && same_text(value, now)) {
            en_together_join(t, last, index);
        } else {
            en_free(value);
            value = en_strdup(now);
            if (value == NULL) {
                return en_error_nomem(err, "a split");
            }
        }
        last = index;
    }
    en_free(value);
    return st == EN_DONE ? EN_OK : st;
}

en_status en_together_by(en_together *t, en_project *project, const char *expression, en_error *err)
{
    en_query *q = NULL;
    en_status st = en_catalog_images_by(project->catalog, "split --group", expression, &project->events, &q, err);
    if (st == EN_OK) {
        st = join_rows(t, q, err);
    }
    en_query_close(q);
    return st;
}
