/* subset: variants chosen by a query and frozen. */
#ifndef EN_DATASET_SUBSET_H
#define EN_DATASET_SUBSET_H

#include <stdint.h>

#include "catalog/subset.h"
#include "catalog/words.h"
#include "project/project.h"

typedef struct en_subset_result {
    int64_t id, members, images, patients;
    en_part part;    /* the only part its members are in; none: several, or no split */
    char sha256[65]; /* of the sorted members */
} en_subset_result;

/* EN_INPUT when the query fails, writes, yields no variant_id or nothing at all, or the name is taken. */
en_status en_subset_freeze(en_project *project, const char *name, const char *sql, en_subset_result *result,
                           en_error *err) EN_CHECKED;

/* The plain subsets: the variants neither mirrored nor rotated of one part of a split, frozen at first use as
 * "SPLIT/PART". Validation and evaluation use them, so that the metrics of different runs are comparable. EN_DONE when
 * the part has no plain variants; clear `out` with en_catalog_subset_clear. */
en_status en_subset_plain(en_project *project, const char *split, en_part part, en_catalog_subset *out,
                          en_error *err) EN_CHECKED;

#endif
