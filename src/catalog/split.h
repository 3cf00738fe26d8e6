/* Splits: patients assigned to train, val, test. A patient has one part in a split, by primary key. */
#ifndef EN_CATALOG_SPLIT_H
#define EN_CATALOG_SPLIT_H

#include "catalog/catalog.h"
#include "catalog/words.h"
#include "catalog/label.h"
#include "db/query.h"

/* A patient as a split sees it: images not rejected, and the worst current icdr grade among them (-1: no label). */
typedef struct en_catalog_patient {
    char *patient;
    int64_t images, worst_grade;
    int64_t by_grade[EN_GRADES]; /* images by their current icdr grade */
} en_catalog_patient;
typedef struct en_catalog_patients {
    en_catalog_patient *row;
    size_t count;
} en_catalog_patients;
/* In natural order of the patients. */
en_status en_catalog_patients_read(en_catalog *c, en_catalog_patients *out, en_error *err) EN_CHECKED;
void en_catalog_patients_clear(en_catalog_patients *p);

/* A new split. rule: how it was made, in the words of the command line. EN_INPUT when the name is taken. The
 * assignments follow in the same transaction; once a subset uses the split, it cannot change any more. */
en_status en_catalog_split_create(en_catalog *c, const char *name, uint64_t seed, const char *rule, int64_t *split_id,
                                  en_error *err) EN_CHECKED;
/* part: "train", "val" or "test". */
en_status en_catalog_split_assign(en_catalog *c, int64_t split_id, const char *patient, en_part part,
                                  en_error *err) EN_CHECKED;

typedef struct en_catalog_split {
    int64_t id;
    char *name, *rule;
    int64_t seed;
} en_catalog_split;
/* By name; NULL is the newest. EN_DONE when there is none of that name, or none at all. */
en_status en_catalog_split_find(en_catalog *c, const char *name, en_catalog_split *out, en_error *err) EN_CHECKED;
void en_catalog_split_clear(en_catalog_split *s);
/* The splits that are the folds of a partition, in the order of their folds; each has the same part test and another
 * fold as its part val. Table fold: split_id, name (of the partition), fold 1..folds, folds. EN_INPUT when there is no
 * partition of that name. */
typedef struct en_catalog_splits {
    en_catalog_split *row;
    size_t count;
} en_catalog_splits;
en_status en_catalog_folds_read(en_catalog *c, const char *name, en_catalog_splits *out, en_error *err) EN_CHECKED;
void en_catalog_splits_clear(en_catalog_splits *s);
/* Says that a split is one of the folds, in the transaction that makes them. */
en_status en_catalog_fold_put(en_catalog *c, int64_t split_id, const char *name, int64_t fold, int64_t folds,
                              en_error *err) EN_CHECKED;
/* The images that are not rejected with the value of an SQL expression over the columns of the view images, which may
 * only read: rows of patient, value and image_id, in the order of the values. what: begins the messages. EN_INPUT when
 * SQL complains about it. */
en_status en_catalog_images_by(en_catalog *c, const char *what, const char *expression, const en_events *events,
                               en_query **out, en_error *err) EN_CHECKED;
/* Whether the part ("train", "val", "test") of the split has plain variants: neither mirrored nor turned, of images in
 * use. */
en_status en_catalog_split_has_plain(en_catalog *c, const char *split, en_part part, bool *any,
                                     en_error *err) EN_CHECKED;

#endif
