/* Retrainings: runs that were trained on with new photographs, and what was decided about the new run. */
#ifndef EN_CATALOG_RETRAINING_H
#define EN_CATALOG_RETRAINING_H

#include "catalog/catalog.h"

/* Texts are owned in a row that was read. */
typedef struct en_catalog_retraining {
    int64_t id, run_id;
    char *name;   /* of the new run */
    char *chosen; /* which photographs, in the words of the command line; "": all that are new */
    char *query;  /* by which the members of the first run's subset were chosen */
    char *split, *subset;
    int64_t photographs, patients, kept_out, rejected;
    int64_t promoted; /* -1: not decided yet */
} en_catalog_retraining;

typedef struct en_catalog_decision {
    int64_t new_run_id;
    bool promoted;
    const char *alias, *metric;           /* metric NULL: they could not be compared */
    double difference, low, high, margin; /* NaN: none */
    int64_t n, patients;                  /* -1: none */
    const char *reason;
} en_catalog_decision;

/* The newest of a run with these words; EN_DONE when there is none. */
en_status en_catalog_retraining_find(en_catalog *c, int64_t run_id, const char *chosen, en_catalog_retraining *out,
                                     en_error *err) EN_CHECKED;
void en_catalog_retraining_clear(en_catalog_retraining *r);
/* Of `r` everything but id, split, subset and promoted. */
en_status en_catalog_retraining_put(en_catalog *c, const en_catalog_retraining *r, int64_t split_id, int64_t subset_id,
                                    int64_t *id, en_error *err) EN_CHECKED;
/* Of several decisions the first counts. */
en_status en_catalog_retraining_decide(en_catalog *c, int64_t id, const en_catalog_decision *d,
                                       en_error *err) EN_CHECKED;
/* The query by which a subset's members were chosen; of one that a retraining made, that of the subset it began with.
 * Fresh memory. */
en_status en_catalog_retraining_query(en_catalog *c, int64_t subset_id, char **query, en_error *err) EN_CHECKED;
/* The first of NAME+2, NAME+3, ... that no run, subset and split has, a "+" and number at the end of `name` left out.
 * Fresh memory. */
en_status en_catalog_retraining_name(en_catalog *c, const char *name, char **out, en_error *err) EN_CHECKED;
/* Patients of a split in its parts train and val. */
en_status en_catalog_split_sizes(en_catalog *c, int64_t split_id, int64_t *train, int64_t *val,
                                 en_error *err) EN_CHECKED;
/* Every patient of a split has the same part in another one, which is being made. */
en_status en_catalog_split_extend(en_catalog *c, int64_t split_id, int64_t old_split_id, en_error *err) EN_CHECKED;
/* The last file fetched of those in two subsets, the second -1 for none; 0: of none. */
en_status en_catalog_last_member(en_catalog *c, int64_t subset_id, int64_t other_id, int64_t *member_id,
                                 en_error *err) EN_CHECKED;

#endif
