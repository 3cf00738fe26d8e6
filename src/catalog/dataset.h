/* Datasets: collections in which a name means one photograph. Sources belong to them, and through these, images. */
#ifndef EN_CATALOG_DATASET_H
#define EN_CATALOG_DATASET_H

#include "catalog/catalog.h"
#include "catalog/source.h"

/* The dataset that sources put from now on belong to, by this handle; NULL: each to one of its own, which is called
 * like the last part of its uri without what archives end in ("https://h/idrid.zip": idrid), with "-2" and so on behind
 * it when the name is taken; versions of a source share theirs. EN_USAGE: not a name. */
en_status en_catalog_dataset_use(en_catalog *c, const char *name, en_error *err) EN_CHECKED;
/* By name. EN_INPUT when there is none, with the names that exist. */
en_status en_catalog_dataset_get(en_catalog *c, const char *name, int64_t *id, en_error *err) EN_CHECKED;
/* The same, made when there is none. EN_USAGE: not a name. */
en_status en_catalog_dataset_put(en_catalog *c, const char *name, int64_t *id, en_error *err) EN_CHECKED;
/* The name of a source's dataset (en_free). */
en_status en_catalog_dataset_of_source(en_catalog *c, int64_t source_id, char **name, en_error *err) EN_CHECKED;
/* Gives a source its dataset; en_catalog_source_put does. */
en_status en_catalog_dataset_join(en_catalog *c, const en_catalog_source *source, en_error *err) EN_CHECKED;

/* Orders photographs by dataset and path, whatever the order of fetching, and fills in `called`: the name of each in
 * its dataset. That is the name of the file without its extension, preceded by as many of its folders as make it the
 * only one: "IDRiD_001", or "Training/IDRiD_001" when another folder has that too. Names are of all photographs fetched
 * so far.
 *
 * A dataset of which nothing was ingested before, and in which more names than not are those of other photographs in
 * another dataset, has patients of its own: its patient 10 is another person ("idrid/10"). Where the bytes are the same
 * they are the same photographs, so that a folder fetched twice has the same patients. */
en_status en_catalog_members_call(en_catalog *c, en_catalog_members *members, en_error *err) EN_CHECKED;

#endif
