/* Patients that must come into the same part: sets that grow together (a forest of parents, Tarjan 1975). */
#ifndef EN_DATASET_TOGETHER_H
#define EN_DATASET_TOGETHER_H

#include "catalog/split.h"
#include "project/project.h"

typedef struct en_together {
    const en_catalog_patients *patients; /* borrowed */
    size_t *by_name;                     /* [patients], owned: their indices in the order of strcmp */
    size_t *parent;                      /* [patients], owned */
} en_together;

#define EN_NO_PATIENT SIZE_MAX

/* Each patient alone. */
en_status en_together_init(en_together *t, const en_catalog_patients *patients, en_error *err) EN_CHECKED;
void en_together_clear(en_together *t); /* safe on a zeroed one */
/* The index of a patient; EN_NO_PATIENT. */
size_t en_together_index(const en_together *t, const char *patient);
/* The set of a patient: the lowest index in it. */
size_t en_together_set(en_together *t, size_t patient);
/* Makes one set of two. */
void en_together_join(en_together *t, size_t a, size_t b);
/* Joins the patients of images, not rejected, for which an SQL expression over the columns of the view images has the
 * same value; NULL joins nothing. EN_INPUT when SQL complains about it. */
en_status en_together_by(en_together *t, en_project *project, const char *expression, en_error *err) EN_CHECKED;

#endif
