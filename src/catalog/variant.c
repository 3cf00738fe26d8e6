/* Variants and the policies that make them. Uses db. */
#include "catalog/variant.h"

#include <string.h>

#include "base/buf.h"
#include "catalog/internal.h"
#include "db/statements.h"

static const en_catalog_policy policies[] = {
    {"seed", "grade 0: as is and mirrored; grade 1-4: as is, mirrored, rotated by 90, 120, 180 and 270 degrees",
     EN_SQL_POLICY_SEED},
    {"even", "every image as is and mirrored, each rotated by 0, 90, 180 and 270 degrees", EN_SQL_POLICY_EVEN},
    {"plain", "every image as it is, with or without a grade", EN_SQL_POLICY_PLAIN},
};
#define POLICIES (sizeof policies / sizeof policies[0])

const en_catalog_policy *en_catalog_policies(size_t *count)
{
    *count = POLICIES;
    return policies;
}

en_status en_catalog_policy_get(const char *name, const en_catalog_policy **out, en_error *err)
{
    en_buf known;
    en_buf_init(&known, 400);
    for (size_t i = 0; i < POLICIES; i++) {
        if (strcmp(policies[i].name, name) == 0) {
            *out = &policies[i];
            en_buf_clear(&known);
            return EN_OK;
        }
        (void)!en_buf_printf(&known, NULL, "%s%s", i == 0 ? "" : ", ", policies[i].name); /* at worst the list is cut */
    }
    en_error_set(err, EN_INPUT, "there is no policy '%s': there is %s", name, en_buf_str(&known));
    en_buf_clear(&known);
    return EN_INPUT;
}

en_status en_catalog_variants_apply(en_catalog *c, const en_catalog_policy *policy, int64_t *added, int64_t *total,
                                    en_error *err)
{
    en_stmt *s;
    bool own;
    int64_t before = 0;
    *added = *total = 0;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_db_number(c->db, EN_SQL_VARIANT_COUNT, &before, err);
    if (st == EN_OK) {
        st = en_db_prepare(c->db, policy->statement, &s, err);
    }
    if (st == EN_OK) {
        st = en_stmt_run(s, err);
    }
    if (st == EN_OK) {
        st = en_db_number(c->db, EN_SQL_VARIANT_COUNT, total, err);
        *added = *total - before;
    }
    return en_db_leave(c->db, own, st, err);
}
