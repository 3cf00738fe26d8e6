/* The subsets of a bundle. One with the same members and the same part is used as it is; others are frozen, and those
 * of a split get a split of their own, which assigns the patients of the bundle and no others. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "bundle/import.h"
#include "catalog/split.h"
#include "catalog/subset.h"
#include "db/statements.h"

enum { NAMES_TRIED = 100 };

typedef struct member {
    int64_t photograph;
    en_part part;
} member;

typedef struct subset {
    char *name, *sql, *split; /* owned; split: NULL: none */
    en_part part;
    int64_t *variant;
    member *member;
    size_t count, expected;
    bool found;                       /* one is here */
    int64_t split_id;                 /* that was made for it; -1: none */
    char split_here[EN_NAME_MAX + 1]; /* its name */
} subset;

typedef struct reading {
    subset *all;
    size_t count, members;
} reading;

static void clear(reading *r)
{
    for (size_t i = 0; i < r->count; i++) {
        en_free(r->all[i].name);
        en_free(r->all[i].sql);
        en_free(r->all[i].split);
        en_free(r->all[i].variant);
        en_free(r->all[i].member);
    }
    en_free(r->all);
    *r = (reading){0};
}

/* Reading --------------------------------------------------------------------------------------------------------- */

static en_status take_part(const json_t *value, en_part *part, en_error *err)
{
    const char *word = json_string_value(value);
    *part = word != NULL ? (en_part)en_word_find(&en_parts, word) : EN_PART_NONE;
    return word == NULL || *part != EN_PART_NONE ? EN_OK : en_error_set(err, EN_INPUT, "'%.40s' is not a part", word);
}

static en_status check_counts(const reading *r, en_error *err)
{
    const subset *last = r->count > 0 ? &r->all[r->count - 1] : NULL;
    return last == NULL || (last->count == last->expected && last->count > 0)
               ? EN_OK
               : en_error_set(err, EN_INPUT, "subset %zu has %zu members, not %zu", r->count, last->count,
                              last->expected);
}

static en_status take_subset(reading *r, const json_t *row, en_error *err)
{
    en_status st = check_counts(r, err);
    if (st == EN_OK) {
        st = en_bundle_row_check(row, EN_BUNDLE_FIELDS(en_bundle_subset_fields), "a subset", err);
    }
    if (st == EN_OK && r->count >= EN_BUNDLE_SUBSETS_MAX) {
        st = en_error_set(err, EN_INPUT, "there are more than %d subsets", EN_BUNDLE_SUBSETS_MAX);
    }
    subset *all = st == EN_OK ? en_array_grow(r->all, r->count, sizeof *all, err) : NULL;
    if (all == NULL) {
        return st == EN_OK ? EN_NOMEM : st;
    }
    r->all = all;
    subset *s = &all[r->count++];
    const char *split = json_string_value(json_object_get(row, "split"));
    *s = (subset){.name = en_strdup(json_string_value(json_object_get(row, "name"))),
                  .sql = en_strdup(json_string_value(json_object_get(row, "sql"))),
                  .split = split != NULL ? en_strdup(split) : NULL,
                  .expected = (size_t)json_integer_value(json_object_get(row, "members")),
                  .split_id = -1};
    if (s->name == NULL || s->sql == NULL || (split != NULL && s->split == NULL)) {
        return en_error_nomem(err, "subsets");
    }
    return take_part(json_object_get(row, "part"), &s->part, err);
}

static en_status take_member(en_bundle_job *x, reading *r, const json_t *row, en_error *err)
{
    en_status st = en_bundle_row_check(row, EN_BUNDLE_FIELDS(en_bundle_member_fields), "a member", err);
    if (st == EN_OK && (r->count == 0 || ++r->members > EN_BUNDLE_MEMBERS_MAX)) {
        st = en_error_set(err, EN_INPUT, "%s", r->count == 0 ? "a member without a subset" : "too many members");
    }
    if (st != EN_OK) {
        return st;
    }
    subset *s = &r->all[r->count - 1];
    int64_t *variant = en_array_grow(s->variant, s->count, sizeof *variant, err);
    s->variant = variant != NULL ? variant : s->variant;
    member *grown = variant != NULL ? en_array_grow(s->member, s->count, sizeof *grown, err) : NULL;
    if (grown == NULL) {
        return EN_NOMEM;
    }
    s->member = grown;
    member *m = &grown[s->count];
    m->photograph = (int64_t)json_integer_value(json_array_get(row, 0));
    st = take_part(json_array_get(row, 3), &m->part, err);
    if (st == EN_OK) {
        st = en_bundle_variant(x, m->photograph, (int64_t)json_integer_value(json_array_get(row, 1)),
                               (int64_t)json_integer_value(json_array_get(row, 2)), &variant[s->count], err);
    }
    s->count += st == EN_OK;
    return st;
}

static en_status read_lines(en_bundle_job *x, reading *r, en_error *err)
{
    json_t *row;
    en_status st;
    while ((st = en_bundle_in_line(&x->in, &row, err)) == EN_OK) {
        st = json_is_object(row) ? take_subset(r, row, err) : take_member(x, r, row, err);
        json_decref(row);
        if (st != EN_OK) {
            return en_bundle_in_fault(&x->in, st, err);
        }
        if (r->members % 4096 == 0 && (st = en_stop_check(&x->project->events, err)) != EN_OK) {
            return st;
        }
    }
    st = st == EN_DONE ? check_counts(r, err) : st;
    return st == EN_OK ? EN_OK : en_bundle_in_fault(&x->in, st, err);
}

/* Splits ---------------------------------------------------------------------------------------------------------- */

typedef struct assigned {
    const char *patient;
    en_part part;
} assigned;

static int by_patient(const void *a, const void *b)
{
    const assigned *x = a, *y = b;
    const int order = strcmp(x->patient, y->patient);
    return order != 0 ? order : (x->part > y->part) - (x->part < y->part);
}

/* The patients of all new subsets of a split, each once. *torn: one is of two parts, as two patients of the bundle are
 * one here. */
static en_status gather(const en_bundle_job *x, const reading *r, const char *split, assigned **out, size_t *count,
                        bool *torn, en_error *err)
{
    size_t all = 0, kept = 0;
    for (size_t i = 0; i < r->count; i++) {
        all += r->all[i].count;
    }
    assigned *list = en_calloc(all + 1, sizeof *list);
    if (list == NULL) {
        return en_error_nomem(err, "a split");
    }
    all = 0;
    for (size_t i = 0; i < r->count; i++) {
        const subset *s = &r->all[i];
        const bool is = !s->found && s->split != NULL && strcmp(s->split, split) == 0;
        for (size_t k = 0; is && k < s->count; k++) {
            if (s->member[k].part != EN_PART_NONE) {
                list[all++] = (assigned){x->photograph[s->member[k].photograph].local, s->member[k].part};
            }
        }
    }
    qsort(list, all, sizeof *list, by_patient);
    *torn = false;
    for (size_t i = 0; i < all; i++) {
        const bool again = kept > 0 && strcmp(list[kept - 1].patient, list[i].patient) == 0;
        *torn = *torn || (again && list[kept - 1].part != list[i].part);
        if (!again) {
            list[kept++] = list[i];
        }
    }
    *out = list;
    *count = kept;
    return EN_OK;
}

/* "NAME UUID8", or with a number behind it, of what is not taken; for splits and subsets. */
static en_status free_name(en_bundle_job *x, const char *name, bool is_split, char out[EN_NAME_MAX + 1], en_error *err)
{
    en_catalog *c = x->project->catalog;
    const char *uuid = x->in.manifest.run[0].uuid;
    const char *base = strlen(name) + 16 <= EN_NAME_MAX ? name : "bundle";
    for (int i = 1; i <= NAMES_TRIED; i++) {
        (void)en_print(out, EN_NAME_MAX + 1, i == 1 ? "%s %.8s" : "%s %.8s %d", base, uuid, i);
        en_catalog_split split = {0};
        en_catalog_subset there = {0};
        en_status st =
            is_split ? en_catalog_split_find(c, out, &split, err) : en_catalog_subset_find(c, out, &there, err);
        en_catalog_split_clear(&split);
        en_catalog_subset_clear(&there);
        if (st != EN_OK) {
            return st == EN_DONE ? EN_OK : st;
        }
    }
    return en_error_set(err, EN_INPUT, "there are %d of '%s' already", NAMES_TRIED, out);
}

static en_status put_split(en_bundle_job *x, const char *split, const assigned *list, size_t count, int64_t *id,
                           char name[EN_NAME_MAX + 1], en_error *err)
{
    en_catalog *c = x->project->catalog;
    en_stmt *s;
    char *rule = en_format("'%s' of project '%s', from a bundle", split, x->in.manifest.project);
    en_status st = rule != NULL ? free_name(x, split, true, name, err) : en_error_nomem(err, "a split");
    if (st == EN_OK) {
        st = en_catalog_split_create(c, name, 0, rule, id, err);
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        st = en_catalog_split_assign(c, *id, list[i].patient, list[i].part, err);
    }
    if (st == EN_OK) {
        st = en_db_prepare(en_catalog_db(c), EN_SQL_BUNDLE_SPLIT_PUT, &s, err);
    }
    if (st == EN_OK) {
        en_stmt_bind_int(s, "split_id", *id);
        st = en_stmt_run(s, err);
    }
    en_free(rule);
    return st;
}

/* The split of the first subset that has none yet, for all subsets of it. */
static en_status make_split(en_bundle_job *x, reading *r, size_t first, en_error *err)
{
    const char *split = r->all[first].split;
    assigned *list = NULL;
    size_t count = 0;
    int64_t id = -1;
    bool torn = false;
    char name[EN_NAME_MAX + 1] = "";
    en_status st = gather(x, r, split, &list, &count, &torn, err);
    if (st == EN_OK && torn) {
        en_event_warn(&x->project->events,
                      "photographs that split '%s' of the bundle has in two parts are of one patient here: its subsets "
                      "come without parts",
                      split);
    } else if (st == EN_OK && count > 0) {
        st = put_split(x, split, list, count, &id, name, err);
    }
    for (size_t i = first; st == EN_OK && id >= 0 && i < r->count; i++) {
        subset *s = &r->all[i];
        if (!s->found && s->split != NULL && strcmp(s->split, split) == 0) {
            s->split_id = id;
            memcpy(s->split_here, name, sizeof name);
        }
    }
    en_free(list);
    return st;
}

static en_status make_splits(en_bundle_job *x, reading *r, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < r->count; i++) {
        bool done = r->all[i].found || r->all[i].split == NULL;
        for (size_t k = 0; !done && k < i; k++) {
            done = !r->all[k].found && r->all[k].split != NULL && strcmp(r->all[k].split, r->all[i].split) == 0;
        }
        st = done ? EN_OK : make_split(x, r, i, err);
    }
    return st;
}

/* Freezing -------------------------------------------------------------------------------------------------------- */

/* Plain subsets are found by the name "SPLIT/PART" (dataset/subset.h): those of the split that was made for them keep
 * such a name, and no other subset of a bundle gets one. */
static en_status choose_name(en_bundle_job *x, const subset *s, char out[EN_NAME_MAX + 1], en_error *err)
{
    const char *slash = strrchr(s->name, '/');
    const bool plain = slash != NULL && en_word_find(&en_parts, slash + 1) != 0;
    if (plain && s->split_id >= 0 && strlen(s->split) == (size_t)(slash - s->name) &&
        strncmp(s->name, s->split, strlen(s->split)) == 0 && strlen(s->split_here) + strlen(slash) <= EN_NAME_MAX) {
        (void)en_print(out, EN_NAME_MAX + 1, "%s%s", s->split_here, slash);
        return EN_OK;
    }
    en_catalog_subset taken = {0};
    (void)en_print(out, EN_NAME_MAX + 1, "%s", s->name);
    if (plain) {
        out[slash - s->name] = '-';
    }
    en_status st = en_catalog_subset_find(x->project->catalog, out, &taken, err);
    en_catalog_subset_clear(&taken);
    if (st == EN_OK) {
        char wanted[EN_NAME_MAX + 1];
        memcpy(wanted, out, sizeof wanted);
        st = free_name(x, wanted, false, out, err);
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status find_or_freeze(en_bundle_job *x, subset *s, bool freeze, int64_t *id, en_error *err)
{
    char name[EN_NAME_MAX + 1];
    const en_catalog_subset_spec spec = {.name = freeze ? name : s->name,
                                         .sql = s->sql,
                                         .variant_id = s->variant,
                                         .count = s->count,
                                         .part = s->part,
                                         .split_id = s->split_id};
    if (!freeze) {
        en_status st = en_catalog_subset_same(x->project->catalog, &spec, id, err);
        s->found = st == EN_OK;
        return st == EN_DONE ? EN_OK : st;
    }
    en_status st = choose_name(x, s, name, err);
    if (st == EN_OK) {
        st = en_catalog_subset_put(x->project->catalog, &spec, id, err);
    }
    x->result->subsets += st == EN_OK;
    return st;
}

en_status en_bundle_import_subsets(en_bundle_job *x, en_error *err)
{
    reading r = {0};
    en_status st = read_lines(x, &r, err);
    x->subset = en_calloc(r.count + 1, sizeof *x->subset);
    if (st == EN_OK && x->subset == NULL) {
        st = en_error_nomem(err, "subsets");
    }
    x->subsets = st == EN_OK ? r.count : 0;
    for (size_t i = 0; st == EN_OK && i < r.count; i++) {
        st = find_or_freeze(x, &r.all[i], false, &x->subset[i], err);
    }
    if (st == EN_OK) {
        st = make_splits(x, &r, err);
    }
    for (size_t i = 0; st == EN_OK && i < r.count; i++) {
        if (!r.all[i].found) {
            st = find_or_freeze(x, &r.all[i], true, &x->subset[i], err);
        }
    }
    clear(&r);
    return st;
}
