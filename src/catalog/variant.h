/* Variants: a sample seen through a mirror and a rotation. Rows only; the pixels are made when they are read. */
#ifndef EN_CATALOG_VARIANT_H
#define EN_CATALOG_VARIANT_H

#include "catalog/catalog.h"

/* A policy is a statement of sql/policy/: which variants an image gets. */
typedef struct en_catalog_policy {
    const char *name, *text; /* "seed", and what it does */
    en_sql statement;
} en_catalog_policy;
/* All policies; static, *count of them. */
const en_catalog_policy *en_catalog_policies(size_t *count);
/* By name, EN_INPUT with the known names. */
en_status en_catalog_policy_get(const char *name, const en_catalog_policy **out, en_error *err) EN_CHECKED;

/* Adds the variants that the policy wants and are not there yet. *added: how many; *total: all variants now. */
en_status en_catalog_variants_apply(en_catalog *c, const en_catalog_policy *policy, int64_t *added, int64_t *total,
                                    en_error *err) EN_CHECKED;

#endif
