/* Datasets: which one a source belongs to, and what photographs are called in theirs. Uses db. */
#include "catalog/dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "catalog/internal.h"
#include "catalog/name.h"
#include "db/row.h"
#include "db/statements.h"

#define NAME_MOST 100  /* bytes of a dataset's name */
#define OTHERS_MOST 64 /* photographs of the same name that one is compared with */

static en_status check_name(const char *name, en_error *err)
{
    size_t length = strlen(name);
    bool good = length > 0 && length <= NAME_MOST;
    for (size_t i = 0; i < length; i++) {
        good = good && (unsigned char)name[i] >= ' ' && name[i] != 0x7f && name[i] != '/' && name[i] != ':';
    }
    return good ? EN_OK
                : en_error_set(err, EN_USAGE, "'%.120s' is not a name for a dataset: 1 to %d bytes without '/' and ':'",
                               name, NAME_MOST);
}

en_status en_catalog_dataset_use(en_catalog *c, const char *name, en_error *err)
{
    en_status st = name != NULL ? check_name(name, err) : EN_OK;
    char *copy = st == EN_OK && name != NULL ? en_strdup(name) : NULL;
    if (st == EN_OK && name != NULL && copy == NULL) {
        st = en_error_nomem(err, "a dataset");
    }
    if (st == EN_OK) {
        en_free(c->dataset);
        c->dataset = copy;
    }
    return st;
}

static en_status find(en_catalog *c, const char *name, int64_t *id, en_error *err)
{
    en_stmt *s;
    *id = -1;
    en_status st = en_db_prepare(c->db, EN_SQL_DATASET_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    return en_stmt_number(s, id, err);
}

en_status en_catalog_dataset_get(en_catalog *c, const char *name, int64_t *id, en_error *err)
{
    en_status st = find(c, name, id, err);
    return st == EN_DONE ? en_catalog_unknown(c, "dataset", name, EN_SQL_DATASET_NAMES, err) : st;
}

en_status en_catalog_dataset_put(en_catalog *c, const char *name, int64_t *id, en_error *err)
{
    en_stmt *s;
    bool own;
    en_status st = check_name(name, err);
    if (st == EN_OK) {
        st = en_db_enter(c->db, &own, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = find(c, name, id, err);
    if (st == EN_DONE) {
        st = en_db_prepare(c->db, EN_SQL_DATASET_PUT, &s, err);
        if (st == EN_OK) {
            en_stmt_bind_text(s, "name", name);
            st = en_stmt_number(s, id, err);
        }
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_dataset_of_source(en_catalog *c, int64_t source_id, char **name, en_error *err)
{
    en_stmt *s;
    *name = NULL;
    en_status st = en_catalog_prepare_id(c, EN_SQL_DATASET_NAME_OF_SOURCE, "source_id", source_id, &s, err);
    return st == EN_OK ? en_row_text(s, EN_RULE_TEXT, false, name, err) : st;
}

/* "https://h/idrid.zip?x=1" and "/data/idrid.zip.001" are called idrid; "kaggle:aptos2019" is aptos2019. */
static void derive_name(const en_catalog_source *source, char out[NAME_MOST - 8])
{
    static const char *const ends[] = {".zip", ".tar", ".tgz"};
    const char *uri = source->uri;
    size_t length = source->kind == EN_SOURCE_HTTP || source->kind == EN_SOURCE_S3 ? strcspn(uri, "?#") : strlen(uri);
    while (length > 0 && uri[length - 1] == '/') {
        length--;
    }
    size_t from = length;
    while (from > 0 && uri[from - 1] != '/' && uri[from - 1] != ':') {
        from--;
    }
    /* Characters are taken whole: what is not UTF-8, or would have no place, is left out. */
    size_t used = 0;
    for (size_t at = from, taken; at < length; at += taken) {
        uint32_t c = en_utf8_next(uri + at, length - at, &taken);
        if (c >= ' ' && c != 0x7f && !(c == EN_UTF8_BAD && taken == 1) && used + taken < NAME_MOST - 8) {
            memcpy(out + used, uri + at, taken);
            used += taken;
        }
    }
    out[used] = '\0';
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char *end = strcasestr(out, ends[i]);
        if (end != NULL && end != out) {
            *end = '\0';
        }
    }
    char *dot = strrchr(out, '.'); /* of a split zip: "idrid.z01" */
    if (dot != NULL && dot != out && (dot[1] == 'z' || dot[1] == 'Z') && strlen(dot + 2) >= 2 &&
        strspn(dot + 2, "0123456789") == strlen(dot + 2)) {
        *dot = '\0';
    }
    if (out[0] != '\0' && en_catalog_stem_length(out) > 0) {
        out[en_catalog_stem_length(out)] = '\0'; /* a photograph by itself */
    }
    if (out[0] == '\0') {
        memcpy(out, "photographs", sizeof "photographs");
    }
}

/* A dataset of its own for a source. */
static en_status make_own(en_catalog *c, const en_catalog_source *source, int64_t *id, en_error *err)
{
    char base[NAME_MOST - 8], name[NAME_MOST + 16];
    derive_name(source, base);
    en_status st = EN_OK;
    (void)snprintf(name, sizeof name, "%s", base);
    for (unsigned i = 2; (st = find(c, name, id, err)) == EN_OK; i++) {
        (void)snprintf(name, sizeof name, "%s-%u", base, i);
    }
    return st == EN_DONE ? en_catalog_dataset_put(c, name, id, err) : st;
}

en_status en_catalog_dataset_join(en_catalog *c, const en_catalog_source *source, en_error *err)
{
    en_stmt *s;
    int64_t id = -1;
    en_status st = EN_OK;
    if (c->dataset != NULL) {
        st = en_catalog_dataset_put(c, c->dataset, &id, err);
    } else {
        st = en_catalog_prepare_id(c, EN_SQL_DATASET_OF_SOURCE, "source_id", source->id, &s, err);
        if (st == EN_OK) {
            st = en_stmt_step(s, err);
            id = st == EN_OK ? en_stmt_id(s, 0) : -1;
            en_stmt_reset(s);
        }
        if (st == EN_OK && id < 0) {
            st = make_own(c, source, &id, err);
        }
    }
    if (st == EN_OK) {
        st = en_catalog_prepare_id(c, EN_SQL_DATASET_SET_SOURCE, "source_id", source->id, &s, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "dataset_id", id);
    return en_stmt_run(s, err);
}

/* What photographs are called */

typedef struct photograph {
    int64_t member_id, dataset_id;
    char *path, *sha256, *dataset, *name; /* name: of its image, NULL before it is ingested */
    bool own_patients;
    const char *inner; /* the path within the dataset; it points into path */
    size_t length;     /* of inner without its extension */
    size_t folders;    /* that stand before its name; SIZE_MAX: it is all of its path, and that is not enough */
} photograph;

static const en_row_column photograph_columns[] = {
    {"member_id", EN_COL(photograph, member_id)},
    {"dataset_id", EN_COL(photograph, dataset_id)},
    {"path", EN_COL_IS(photograph, path, EN_RULE_PATH)},
    {"sha256", EN_COL(photograph, sha256)},
    {"dataset", EN_COL(photograph, dataset)},
    {"own_patients", EN_COL(photograph, own_patients)},
    {"name", EN_COL(photograph, name)},
};
static const en_row_type photograph_type = EN_ROW_TYPE(photograph, photograph_columns);

/* Behind "photos/7/". */
static const char *path_within(const char *path)
{
    const char *first = strchr(path, '/'), *second = first != NULL ? strchr(first + 1, '/') : NULL;
    return second != NULL ? second + 1 : path;
}

/* From the end of the path, with '/' before any other character: those that share folders lie together. */
static int compare_backwards(const photograph *a, const photograph *b)
{
    size_t i = a->length, j = b->length;
    while (i > 0 && j > 0) {
        int x = (unsigned char)a->inner[--i], y = (unsigned char)b->inner[--j];
        x = x == '/' ? 0 : x;
        y = y == '/' ? 0 : y;
        if (x != y) {
            return x - y;
        }
    }
    return (i > 0) - (j > 0);
}

static int by_dataset_and_end(const void *a, const void *b)
{
    const photograph *x = a, *y = b;
    int order = (x->dataset_id > y->dataset_id) - (x->dataset_id < y->dataset_id);
    return order != 0 ? order : compare_backwards(x, y);
}

/* How many last parts of their paths two photographs share. */
static size_t parts_shared(const photograph *a, const photograph *b)
{
    size_t i = a->length, j = b->length, shared = 0;
    while (i > 0 && j > 0 && a->inner[i - 1] == b->inner[j - 1]) {
        i--;
        j--;
        shared += a->inner[i] == '/';
    }
    bool whole_a = i == 0 || a->inner[i - 1] == '/', whole_b = j == 0 || b->inner[j - 1] == '/';
    return shared + (whole_a && whole_b && a->inner[i] != '/');
}

static size_t parts_of(const photograph *p)
{
    size_t parts = 1;
    for (size_t i = 0; i < p->length; i++) {
        parts += p->inner[i] == '/';
    }
    return parts;
}

/* Sorted by dataset and end, the next that is not of the same path is the nearest in either direction. */
static void count_folders(photograph *all, size_t count)
{
    for (size_t i = 0, end = 0; i < count; i = end) {
        for (end = i + 1; end < count && by_dataset_and_end(&all[i], &all[end]) == 0; end++) {
        }
        size_t shared = 0;
        if (i > 0 && all[i - 1].dataset_id == all[i].dataset_id) {
            shared = parts_shared(&all[i - 1], &all[i]);
        }
        if (end < count && all[end].dataset_id == all[i].dataset_id) {
            size_t more = parts_shared(&all[i], &all[end]);
            shared = more > shared ? more : shared;
        }
        for (size_t k = i; k < end; k++) {
            all[k].folders = shared >= parts_of(&all[k]) ? SIZE_MAX : shared;
        }
    }
}

static const char *stem(const photograph *p, size_t *length)
{
    size_t from = p->length;
    while (from > 0 && p->inner[from - 1] != '/') {
        from--;
    }
    *length = p->length - from;
    return p->inner + from;
}

static int by_stem(const void *a, const void *b)
{
    size_t n, m;
    const char *x = stem(a, &n), *y = stem(b, &m);
    int order = memcmp(x, y, n < m ? n : m);
    return order != 0 ? order : (n > m) - (n < m);
}

/* A dataset as it is compared with the others. */
typedef struct tally {
    int64_t dataset_id, same, different;
    bool ingested;
} tally;

static tally *tally_of(tally *list, size_t count, int64_t dataset_id)
{
    size_t i = 0;
    while (i < count && list[i].dataset_id != dataset_id) {
        i++;
    }
    return &list[i];
}

/* What one photograph says about its dataset, of those of its name (count of them). */
static void compare_with_others(const photograph *p, const photograph *named, size_t count, tally *t)
{
    bool others = false, same = false;
    for (size_t i = 0, seen = 0; i < count && seen < OTHERS_MOST; i++) {
        if (named[i].dataset_id != p->dataset_id) {
            others = true;
            same = same || (p->sha256 != NULL && named[i].sha256 != NULL && strcmp(p->sha256, named[i].sha256) == 0);
            seen++;
        }
    }
    t->same += same;
    t->different += others && !same;
}

static en_status decide_patients(en_catalog *c, photograph *all, size_t count, en_error *err)
{
    size_t datasets = 0;
    en_status st = EN_OK;
    tally *list = en_calloc(count, sizeof *list);
    if (list == NULL) {
        return en_error_nomem(err, "datasets");
    }
    qsort(all, count, sizeof *all, by_stem);
    for (size_t i = 0, end = 0; i < count; i = end) {
        for (end = i + 1; end < count && by_stem(&all[i], &all[end]) == 0; end++) {
        }
        for (size_t k = i; k < end; k++) {
            tally *t = tally_of(list, datasets, all[k].dataset_id);
            datasets += t == list + datasets;
            t->dataset_id = all[k].dataset_id;
            t->ingested = t->ingested || all[k].name != NULL || all[k].own_patients;
            compare_with_others(&all[k], all + i, end - i, t);
        }
    }
    for (size_t i = 0; i < datasets && st == EN_OK; i++) {
        en_stmt *s;
        if (list[i].dataset_id > 0 && !list[i].ingested && list[i].different > list[i].same) {
            st = en_catalog_prepare_id(c, EN_SQL_DATASET_OWN_PATIENTS, "dataset_id", list[i].dataset_id, &s, err);
            st = st == EN_OK ? en_stmt_run(s, err) : st;
        }
    }
    en_free(list);
    return st;
}

static int by_member(const void *a, const void *b)
{
    const photograph *x = a, *y = b;
    return (x->member_id > y->member_id) - (x->member_id < y->member_id);
}

static char *name_of(const photograph *p)
{
    if (p->folders == SIZE_MAX) {
        return en_format("./%.*s", (int)p->length, p->inner);
    }
    size_t from = p->length;
    for (size_t slashes = 0; from > 0; from--) {
        slashes += p->inner[from - 1] == '/';
        if (slashes > p->folders) {
            break;
        }
    }
    return en_format("%.*s", (int)(p->length - from), p->inner + from);
}

/* A pending photograph with what its place among the others depends on. */
typedef struct place {
    en_catalog_member member;
    const char *dataset, *inner;
} place;

static int by_place(const void *a, const void *b)
{
    const place *x = a, *y = b;
    int order = en_natural_compare(x->dataset, y->dataset);
    order = order != 0 ? order : strcmp(x->dataset, y->dataset);
    order = order != 0 ? order : en_natural_compare(x->inner, y->inner);
    order = order != 0 ? order : strcmp(x->inner, y->inner);
    return order != 0 ? order : (x->member.id > y->member.id) - (x->member.id < y->member.id);
}

static en_status call_and_order(en_catalog_members *members, photograph *all, size_t count, en_error *err)
{
    place *placed = en_calloc(members->count, sizeof *placed);
    if (placed == NULL) {
        return en_error_nomem(err, "names");
    }
    en_status st = EN_OK;
    qsort(all, count, sizeof *all, by_member);
    for (size_t i = 0; i < members->count && st == EN_OK; i++) {
        en_catalog_member *m = &members->row[i];
        const photograph *p = bsearch(&(photograph){.member_id = m->id}, all, count, sizeof *all, by_member);
        m->called = p != NULL ? name_of(p) : NULL;
        st = p != NULL && m->called == NULL ? en_error_nomem(err, "names") : EN_OK;
        placed[i] = (place){*m, p != NULL && p->dataset != NULL ? p->dataset : "", p != NULL ? p->inner : m->path};
    }
    if (st == EN_OK) {
        qsort(placed, members->count, sizeof *placed, by_place);
        for (size_t i = 0; i < members->count; i++) {
            members->row[i] = placed[i].member;
        }
    }
    en_free(placed);
    return st;
}

en_status en_catalog_members_call(en_catalog *c, en_catalog_members *members, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    size_t count = 0;
    if (members->count == 0) {
        return EN_OK;
    }
    en_status st = en_db_prepare(c->db, EN_SQL_DATASET_PHOTOGRAPHS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &photograph_type, &rows, &count, err);
    photograph *all = rows;
    for (size_t i = 0; i < count && st == EN_OK; i++) {
        all[i].inner = path_within(all[i].path);
        all[i].length = en_catalog_stem_length(all[i].inner);
    }
    if (st == EN_OK && count > 0) {
        qsort(all, count, sizeof *all, by_dataset_and_end);
        count_folders(all, count);
        st = decide_patients(c, all, count, err);
    }
    if (st == EN_OK) {
        st = call_and_order(members, all, count, err);
    }
    en_rows_clear(&photograph_type, rows, count);
    return st;
}
