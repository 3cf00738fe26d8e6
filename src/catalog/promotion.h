/* Promotions: which run has which alias, and which had it before. "@ALIAS" means that run wherever one is named. */
#ifndef EN_CATALOG_PROMOTION_H
#define EN_CATALOG_PROMOTION_H

#include "catalog/catalog.h"

#define EN_ALIAS_MAX 50 /* bytes */

/* As it is written or read; texts are owned in rows that were read. */
typedef struct en_catalog_promotion {
    char *alias, *run, *replaced, *metric, *reason, *promoted_at; /* replaced, metric: NULL: none */
    int64_t current;                                              /* 1: the alias means this run */
    double difference, low, high, margin;                         /* NaN: none */
    int64_t n, patients;                                          /* -1: not compared */
} en_catalog_promotion;
typedef struct en_catalog_promotions {
    en_catalog_promotion *row; /* the newest first */
    size_t count;
} en_catalog_promotions;

/* EN_USAGE: 1 to EN_ALIAS_MAX letters, digits, dots, hyphens and underscores. */
en_status en_catalog_alias_check(const char *alias, en_error *err) EN_CHECKED;
/* The run that has the alias; EN_DONE, and -1, when none has, or it is in the trash. */
en_status en_catalog_alias_holder(en_catalog *c, const char *alias, int64_t *run_id, en_error *err) EN_CHECKED;
/* replaced_id -1: none. Of `p` what is compared, and the reason. */
en_status en_catalog_promotion_put(en_catalog *c, const char *alias, int64_t run_id, int64_t replaced_id,
                                   const en_catalog_promotion *p, en_error *err) EN_CHECKED;
en_status en_catalog_promotions_all(en_catalog *c, en_catalog_promotions *out, en_error *err) EN_CHECKED;
void en_catalog_promotions_clear(en_catalog_promotions *list);

#endif
