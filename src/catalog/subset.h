/* Subsets: variants chosen by a SQL query and frozen. */
#ifndef EN_CATALOG_SUBSET_H
#define EN_CATALOG_SUBSET_H

#include "base/hash.h"
#include "catalog/catalog.h"
#include "catalog/words.h"

typedef struct en_catalog_subset {
    int64_t id;
    char *name, *sql, *frozen_at;
    char *split;      /* the split its parts are taken from, or NULL */
    int64_t split_id; /* or -1 */
    en_part part;     /* the part all its members are in; none: several parts, unassigned patients, or no split */
    int64_t members, images, patients;
    char sha256[EN_SHA256_HEX]; /* of the lines "NAME MIRROR ROTATION\n" of its members, sorted by byte value */
} en_catalog_subset;

/* Runs `sql` (it may only read), takes its column variant_id, drops repetitions, and freezes the
 * variants it names. split: the split by which part and split are meant in the query, NULL for the newest; none at all
 * is fine. EN_INPUT when the name is taken, the query fails, writes, has no such column, names something that is no
 * variant, or yields nothing. The query runs in a transaction that only reads, so that no writer waits for it, and the
 * writing is a short one of its own; inside a transaction all of it is part of that one. EN_BUSY: what it chose was
 * changed between the two. */
en_status en_catalog_subset_create(en_catalog *c, const char *name, const char *sql, const char *split,
                                   const en_events *events, en_catalog_subset *out, en_error *err) EN_CHECKED;
/* By name: EN_DONE when there is none, or (get) EN_INPUT. */
en_status en_catalog_subset_find(en_catalog *c, const char *name, en_catalog_subset *out, en_error *err) EN_CHECKED;
en_status en_catalog_subset_get(en_catalog *c, const char *name, en_catalog_subset *out, en_error *err) EN_CHECKED;
en_status en_catalog_subset_by_id(en_catalog *c, int64_t id, en_catalog_subset *out, en_error *err) EN_CHECKED;
void en_catalog_subset_clear(en_catalog_subset *s);

/* Members that are known already, of a bundle. Borrowed. */
typedef struct en_catalog_subset_spec {
    const char *name, *sql;    /* sql: by which they were chosen where the subset was made */
    const int64_t *variant_id; /* in any order */
    size_t count;
    en_part part;     /* that all of them are of there; none: several, or not known */
    int64_t split_id; /* of a new subset; -1: none */
} en_catalog_subset_spec;
/* The frozen subset of these very members and this part, whatever its name; EN_DONE when there is none. */
en_status en_catalog_subset_same(en_catalog *c, const en_catalog_subset_spec *spec, int64_t *id,
                                 en_error *err) EN_CHECKED;
/* A new one, within a transaction; its part is what the split says. EN_INPUT: the name is taken, or a member is not
 * there. */
en_status en_catalog_subset_put(en_catalog *c, const en_catalog_subset_spec *spec, int64_t *id,
                                en_error *err) EN_CHECKED;

/* Patients and images that two subsets have in common: a leak between training and test unless 0. */
en_status en_catalog_subset_shared(en_catalog *c, int64_t a, int64_t b, int64_t *patients, int64_t *images,
                                   en_error *err) EN_CHECKED;

/* Whose a variant is. */
typedef struct en_catalog_variant_eye {
    int64_t variant_id, patient; /* patient: the same number for one patient, in every subset */
    int64_t eye;                 /* of the image: 1 left, 2 right, 0 not known */
} en_catalog_variant_eye;
typedef struct en_catalog_variant_eyes {
    en_catalog_variant_eye *row; /* by variant */
    size_t count;
} en_catalog_variant_eyes;
/* Of the members of a subset, appended to *out, which is then sorted again. */
en_status en_catalog_subset_eyes(en_catalog *c, int64_t subset_id, en_catalog_variant_eyes *out,
                                 en_error *err) EN_CHECKED;
/* NULL where the variant is not among them. */
const en_catalog_variant_eye *en_catalog_variant_eye_find(const en_catalog_variant_eyes *eyes, int64_t variant_id);
void en_catalog_variant_eyes_clear(en_catalog_variant_eyes *eyes);

#endif
