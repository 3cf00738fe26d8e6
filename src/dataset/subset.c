/* subset: freezes what a query chose, and the plain subsets that validation and evaluation use. */
#include "dataset/subset.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/split.h"
#include "dataset/split.h"
#include "db/statements.h"

/* "SPLIT/PART" is reserved for plain subsets, which evaluation finds by that name. */
static bool is_plain_name(const char *name)
{
    const char *part = strrchr(name, '/');
    for (size_t i = 0; part != NULL && i < EN_PARTS; i++) {
        if (strcmp(part + 1, en_part_name[i]) == 0) {
            return true;
        }
    }
    return false;
}

en_status en_subset_freeze(en_project *project, const char *name, const char *sql, en_subset_result *result,
                           en_error *err)
{
    *result = (en_subset_result){0};
    en_catalog_subset subset = {0};
    if (is_plain_name(name)) {
        return en_error_hint(
            err, en_error_set(err, EN_USAGE, "'%s' is reserved for the plain variants of a part of a split", name),
            "choose another name");
    }
    en_status st = en_name_check("subset", name, err);
    if (st == EN_OK) {
        st = en_catalog_subset_create(project->catalog, name, sql, NULL, &project->events, &subset, err);
    }
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

/* Runs in a transaction, so that no other process can freeze it in between. */
static en_status find_or_freeze(en_project *project, const char *name, const char *split, const char *part,
                                en_catalog_subset *out, en_error *err)
{
    bool any = false;
    en_status st = en_catalog_subset_find(project->catalog, name, out, err);
    if (st != EN_DONE) {
        return st;
    }
    st = en_catalog_split_has_plain(project->catalog, split, part, &any, err);
    if (st != EN_OK || !any) {
        return st == EN_OK ? EN_DONE : st;
    }
    char *quoted = en_format("'%s'", part); /* one of the split's own, as was seen just now */
    char *sql = quoted != NULL ? en_sql_compose(EN_SQL_SUBSET_PLAIN, &(en_sql_piece){"part", quoted}, 1) : NULL;
    st = sql != NULL ? en_catalog_subset_create(project->catalog, name, sql, split, &project->events, out, err)
                     : en_error_nomem(err, "a subset");
    en_free(quoted);
    en_free(sql);
    return st;
}

en_status en_subset_plain(en_project *project, const char *split, const char *part, en_catalog_subset *out,
                          en_error *err)
{
    *out = (en_catalog_subset){0};
    char *name = en_format("%s/%s", split, part);
    en_status st =
        name != NULL ? en_catalog_subset_find(project->catalog, name, out, err) : en_error_nomem(err, "a subset");
    if (st == EN_DONE) {
        st = en_catalog_begin(project->catalog, err);
        if (st == EN_OK) {
            st = find_or_freeze(project, name, split, part, out, err);
        }
        if (st == EN_OK) {
            st = en_catalog_commit(project->catalog, err);
        }
        if (st != EN_OK) {
            en_catalog_rollback(project->catalog);
            en_catalog_subset_clear(out);
        }
    }
    en_free(name);
    return st;
}
