/* The plain subsets: the unmirrored, unturned variants of one part of a split, frozen at first use as "SPLIT/PART".
 * They are what validation and evaluation look at, so that figures of different runs compare. */
#ifndef EN_LAB_PLAIN_H
#define EN_LAB_PLAIN_H

#include "catalog/subset.h"
#include "lab/lab.h"

/* EN_DONE when the part has no plain variants; clear `out` with en_catalog_subset_clear. */
en_status en_subset_plain(en_lab *lab, const char *split, const char *part, en_catalog_subset *out,
                          en_error *err) EN_CHECKED;

#endif
