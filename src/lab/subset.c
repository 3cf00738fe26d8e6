/* subset: freezes what a query chose, and the plain subsets that validation and evaluation use. */
#include "lab/subset.h"

#include <stdio.h>

#include "base/memory.h"
#include "lab/plain.h"

en_status en_subset_freeze(en_lab *lab, const char *name, const char *sql, en_subset_result *result, en_error *err)
{
    *result = (en_subset_result){0};
    en_catalog_subset subset = {0};
    en_status st = en_catalog_subset_create(lab->catalog, name, sql, NULL, &lab->events, &subset, err);
    if (st == EN_OK) {
        result->id = subset.id;
        result->members = subset.members;
        result->images = subset.images;
        result->patients = subset.patients;
        snprintf(result->part, sizeof result->part, "%s", subset.part != NULL ? subset.part : "");
        snprintf(result->sha256, sizeof result->sha256, "%s", subset.sha256);
    }
    en_catalog_subset_clear(&subset);
    return st;
}

#define PLAIN "SELECT variant_id FROM variants WHERE part = '%s' AND mirror = 0 AND rotation = 0"

/* EN_OK when the plain variants of `part` are at least one, EN_DONE when there are none. */
static en_status any_plain(en_lab *lab, const char *part, en_error *err)
{
    en_query *query = NULL;
    char *sql = en_format(PLAIN " LIMIT 1", part);
    en_status st = sql != NULL ? en_catalog_query(lab->catalog, "eyenet", sql, &lab->events, &query, err)
                               : en_error_nomem(err, "a query");
    if (st == EN_OK) {
        st = en_query_next(query, err);
    }
    en_query_close(query);
    en_free(sql);
    return st;
}

en_status en_subset_plain(en_lab *lab, const char *split, const char *part, en_catalog_subset *out, en_error *err)
{
    *out = (en_catalog_subset){0};
    char *name = en_format("%s/%s", split, part), *sql = en_format(PLAIN, part);
    en_status st = name != NULL && sql != NULL ? en_catalog_subset_find(lab->catalog, name, out, err)
                                               : en_error_nomem(err, "a subset");
    if (st == EN_DONE) {
        st = any_plain(lab, part, err);
        if (st == EN_OK) {
            st = en_catalog_subset_create(lab->catalog, name, sql, split, &lab->events, out, err);
        }
    }
    en_free(name);
    en_free(sql);
    return st;
}
