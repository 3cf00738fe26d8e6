/* split import: a split whose parts are given, by a file or by a query, and not drawn. */
#ifndef EN_DATASET_GIVEN_H
#define EN_DATASET_GIVEN_H

#include "catalog/part.h"
#include "dataset/split.h"

typedef struct en_given_options {
    const char *name;            /* of the split */
    const char *rule;            /* how it was made, in the words of the command line */
    const en_given_parts *parts; /* NULL: the query gives them */
    const char *sql; /* an SQL expression over the columns of the view images, whose value names the part of an image */
    const char *map; /* of these values (catalog/part.h); NULL: they are words for parts */
    bool keep_together; /* a patient whose images are given to several parts comes whole into the one that most of them
                         * are given to; of equals, into the first of train, val and test */
} en_given_options;

typedef struct en_given_result {
    en_split_result split;
    int64_t torn;     /* patients whose images are given to several parts */
    int64_t moved;    /* their images that came into another part than the one given */
    int64_t joined;   /* images without a part that came into the part of their patient */
    int64_t left_out; /* images, not rejected, that are in no part */
} en_given_result;

/* Images that are rejected do not count. A patient none of whose images has a part is in no part. EN_INPUT: patients
 * are torn apart and keep_together is not set (the first is named), the name is taken, no image has a part, or SQL
 * complains about the expression. */
en_status en_split_given(en_project *project, const en_given_options *options, en_given_result *result,
                         en_error *err) EN_CHECKED;

#endif
