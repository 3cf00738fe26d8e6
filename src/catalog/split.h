/* Splits: patients assigned to train, val, test. A patient has one part in a split, by primary key. */
#ifndef EN_CATALOG_SPLIT_H
#define EN_CATALOG_SPLIT_H

#include "catalog/catalog.h"
#include "catalog/words.h"
#include "catalog/label.h"

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
/* Whether the part ("train", "val", "test") of the split has plain variants: neither mirrored nor turned, of images in
 * use. */
en_status en_catalog_split_has_plain(en_catalog *c, const char *split, en_part part, bool *any,
                                     en_error *err) EN_CHECKED;

#endif
