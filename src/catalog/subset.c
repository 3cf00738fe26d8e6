/* Subsets: a user's query becomes a frozen list of variants. Uses db. */
#include "catalog/subset.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/memory.h"
#include "catalog/internal.h"
#include "catalog/split.h"
#include "db/row.h"
#include "db/statements.h"

#define LINES_CAP ((size_t)1 << 31) /* bytes of all members' lines, for the hash */

typedef struct ids {
    int64_t *id;
    size_t count;
} ids;

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void sort_unique(ids *list)
{
    size_t kept = 0;
    if (list->count > 1) {
        qsort(list->id, list->count, sizeof *list->id, by_id);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || list->id[kept - 1] != list->id[i]) {
            list->id[kept++] = list->id[i];
        }
    }
    list->count = kept;
}

/* The column that holds the variants: the one called variant_id. Numbers of another name could be anything. */
static en_status choose_column(const en_query *q, const char *what, int *column, en_error *err)
{
    int columns = en_query_columns(q);
    for (int i = 0; i < columns; i++) {
        if (strcasecmp(en_query_name(q, i), "variant_id") == 0) {
            *column = i;
            return EN_OK;
        }
    }
    return en_error_set(err, EN_INPUT,
                        "%s: the query must have a column variant_id: SELECT variant_id FROM variants WHERE ...", what);
}

static en_status run_query(en_catalog *c, const char *what, const char *sql, const en_events *events, ids *out,
                           en_error *err)
{
    en_query *q;
    int column = 0;
    en_status st = en_query_open(c->db, what, sql, events, &q, err);
    if (st != EN_OK) {
        return st;
    }
    st = choose_column(q, what, &column, err);
    while (st == EN_OK && (st = en_query_next(q, err)) == EN_OK) {
        if (en_query_kind(q, column) != EN_VALUE_INT) {
            const char *text = en_query_text(q, column);
            st = en_error_set(err, EN_INPUT, "%s: '%s' in column %s is not a variant_id", what,
                              text != NULL ? text : "NULL", en_query_name(q, column));
            break;
        }
        int64_t *grown = en_array_grow(out->id, out->count, sizeof *out->id, err);
        if (grown == NULL) {
            st = EN_NOMEM;
            break;
        }
        out->id = grown;
        out->id[out->count++] = en_query_int(q, column);
    }
    en_query_close(q);
    return st == EN_DONE ? EN_OK : st;
}

/* Temporary views of the same names that take part and split from another split than the newest, or their removal. */
static const char *const shadowed[] = {"images", "variants"};

/* Runs, for one of them, the text that the statement makes. */
static en_status run_made(en_catalog *c, en_stmt *s, const char *view, en_error *err)
{
    char *ddl = NULL;
    en_stmt_bind_text(s, "view", view);
    en_status st = en_row_text(s, EN_RULE_TEXT, false, &ddl, err);
    if (st == EN_OK) {
        st = en_db_exec(c->db, ddl, "cannot apply the split to the views", err);
    }
    en_free(ddl);
    return st;
}

static en_status shadow_views(en_catalog *c, int64_t split_id, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; i < 2 && st == EN_OK; i++) {
        en_stmt *s;
        st = en_catalog_prepare_id(c, EN_SQL_SPLIT_VIEW, "split_id", split_id, &s, err);
        st = st == EN_OK ? run_made(c, s, shadowed[i], err) : st;
    }
    return st;
}

static en_status end_views(en_catalog *c, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 2; i-- > 0 && st == EN_OK;) { /* the second looks through the first */
        en_stmt *s;
        st = en_db_prepare(c->db, EN_SQL_SPLIT_VIEW_END, &s, err);
        st = st == EN_OK ? run_made(c, s, shadowed[i], err) : st;
    }
    return st;
}

/* With the facts of the members in hand: their common part, and the lines that are hashed. */
typedef struct facts {
    en_part part;
    bool mixed; /* several parts, or patients without one */
    size_t *offset;
    en_buf lines; /* NUL-terminated */
} facts;

/* What sql/subset/member_facts returns of a variant. */
typedef struct fact {
    char *name; /* of its image */
    uint16_t mirror, rotation;
    en_part part;
} fact;

static const en_row_column fact_columns[] = {
    {"name", EN_COL_IS(fact, name, EN_RULE_TEXT)},
    {"mirror", EN_COL(fact, mirror)},
    {"rotation", EN_COL(fact, rotation)},
    {"part", EN_COL_WORD(fact, part, en_parts)},
};
static const en_row_type fact_type = EN_ROW_TYPE(fact, fact_columns);

static en_status add_fact(const fact *is, facts *f, size_t index, en_error *err)
{
    f->mixed = f->mixed || is->part == EN_PART_NONE || (index > 0 && is->part != f->part);
    f->part = is->part;
    f->offset[index] = f->lines.size;
    en_status st = en_buf_printf(&f->lines, err, "%s %u %u\n", is->name, is->mirror, is->rotation);
    return st == EN_OK ? en_buf_add(&f->lines, "", 1, err) : st;
}

static en_status gather_facts(en_catalog *c, const char *what, const ids *list, int64_t split_id, facts *f,
                              en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; i < list->count && st == EN_OK; i++) {
        en_stmt *s;
        fact is;
        st = en_catalog_prepare_id(c, EN_SQL_SUBSET_MEMBER_FACTS, "variant_id", list->id[i], &s, err);
        if (st != EN_OK) {
            return st;
        }
        en_stmt_bind_id(s, "split_id", split_id);
        st = en_row_one(s, &fact_type, &is, err);
        if (st == EN_DONE) {
            return en_error_set(err, EN_INPUT, "%s: there is no variant %lld", what, (long long)list->id[i]);
        }
        if (st == EN_OK) {
            st = add_fact(&is, f, i, err);
            en_row_clear(&fact_type, &is);
        }
    }
    return st;
}

static int by_bytes(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* The hash does not depend on numbers that another catalog would count differently. */
static en_status hash_lines(const facts *f, size_t count, char hex[EN_SHA256_HEX], en_error *err)
{
    const char **line = en_calloc(count, sizeof *line);
    en_sha256 *h = en_sha256_new();
    en_status st = EN_OK;
    if (line == NULL || h == NULL) {
        st = en_error_nomem(err, "the hash of a subset");
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        line[i] = f->lines.data + f->offset[i];
    }
    qsort(line, count, sizeof *line, by_bytes);
    for (size_t i = 0; i < count; i++) {
        en_sha256_add(h, line[i], strlen(line[i]));
    }
    if (!en_sha256_hex(h, hex)) {
        st = en_error_set(err, EN_IO, "OpenSSL cannot make the hash of a subset");
    }
done:
    en_sha256_free(h);
    en_free(line);
    return st;
}

/* The split that parts are taken from: -1 when there is none. *shadow: it is not the newest, so the views must be
 * shadowed. */
static en_status resolve_split(en_catalog *c, const char *name, int64_t *split_id, bool *shadow, en_error *err)
{
    en_catalog_split split;
    int64_t newest = -1;
    *split_id = -1;
    en_status st = en_catalog_split_find(c, NULL, &split, err);
    if (st == EN_OK) {
        newest = split.id;
        en_catalog_split_clear(&split);
    }
    if (st == EN_DONE) {
        st = EN_OK;
    }
    *split_id = newest;
    if (st == EN_OK && name != NULL) {
        st = en_catalog_split_find(c, name, &split, err);
        if (st == EN_DONE) {
            return en_catalog_unknown(c, "split", name, EN_SQL_SPLIT_NAMES, err);
        }
        if (st == EN_OK) {
            *split_id = split.id;
            en_catalog_split_clear(&split);
        }
    }
    *shadow = *split_id != newest;
    return st;
}

/* What a query chose, and what it is known by. */
typedef struct choice {
    ids list;
    int64_t split_id; /* or -1 */
    en_part part;     /* none: there are several, or patients without one */
    char sha256[EN_SHA256_HEX];
} choice;

/* The part and the hash of the chosen, as the catalog has them now. */
static en_status describe(en_catalog *c, const char *what, choice *chosen, en_error *err)
{
    facts f = {0};
    en_buf_init(&f.lines, LINES_CAP);
    f.offset = en_calloc(chosen->list.count, sizeof *f.offset);
    en_status st = f.offset != NULL ? EN_OK : en_error_nomem(err, what);
    if (st == EN_OK) {
        st = gather_facts(c, what, &chosen->list, chosen->split_id, &f, err);
    }
    if (st == EN_OK) {
        chosen->part = f.mixed ? EN_PART_NONE : f.part;
        st = hash_lines(&f, chosen->list.count, chosen->sha256, err);
    }
    en_free(f.offset);
    en_buf_clear(&f.lines);
    return st;
}

/* The first half, which may take as long as the user's query does: it reads only. */
static en_status choose(en_catalog *c, const char *what, const char *sql, const char *split, const en_events *events,
                        choice *out, en_error *err)
{
    bool shadow = false;
    en_status st = resolve_split(c, split, &out->split_id, &shadow, err);
    if (st == EN_OK && shadow) {
        st = shadow_views(c, out->split_id, err);
    }
    if (st == EN_OK) {
        st = run_query(c, what, sql, events, &out->list, err);
    }
    if (st == EN_OK && shadow) { /* after an error the rollback takes them away */
        st = end_views(c, err);
    }
    if (st != EN_OK) {
        return st;
    }
    sort_unique(&out->list);
    if (out->list.count == 0) {
        return en_error_set(err, EN_INPUT, "%s is empty: no variant fits the query", what);
    }
    return describe(c, what, out, err);
}

/* Whether the chosen are still what the query saw: ids of variants that went may have come back as others. */
static en_status check_unchanged(en_catalog *c, const char *what, const choice *chosen, en_error *err)
{
    choice now = *chosen;
    en_status st = describe(c, what, &now, err);
    bool same = st == EN_OK && strcmp(now.sha256, chosen->sha256) == 0 && now.part == chosen->part;
    if (st == EN_INPUT || (st == EN_OK && !same)) {
        return en_error_hint(err, en_error_set(err, EN_BUSY, "%s: the catalog changed while the query ran", what),
                             "try again");
    }
    return st;
}

static en_status write_subset(en_catalog *c, const char *name, const char *sql, const choice *chosen, int64_t *id,
                              en_error *err)
{
    en_stmt *s;
    const ids *list = &chosen->list;
    en_status st = en_db_prepare(c->db, EN_SQL_SUBSET_PUT, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    en_stmt_bind_text(s, "sql", sql);
    en_stmt_bind_id(s, "split_id", chosen->split_id);
    en_stmt_bind_word(s, "part", &en_parts, chosen->part);
    en_stmt_bind_int(s, "members", (int64_t)list->count);
    en_stmt_bind_text(s, "sha256", chosen->sha256);
    st = en_stmt_number(s, id, err);
    for (size_t i = 0; i < list->count && st == EN_OK; i++) {
        st = en_catalog_prepare_id(c, EN_SQL_SUBSET_MEMBER_PUT, "subset_id", *id, &s, err);
        if (st == EN_OK) {
            en_stmt_bind_int(s, "variant_id", list->id[i]);
            st = en_stmt_run(s, err);
        }
    }
    if (st == EN_OK) {
        st = en_catalog_prepare_id(c, EN_SQL_SUBSET_FREEZE, "subset_id", *id, &s, err);
    }
    return st == EN_OK ? en_stmt_run(s, err) : st;
}

static en_status refuse_taken_name(en_catalog *c, const char *name, en_error *err)
{
    en_catalog_subset there;
    en_status st = en_catalog_subset_find(c, name, &there, err);
    if (st == EN_OK) {
        en_catalog_subset_clear(&there);
        return en_error_hint(err, en_error_set(err, EN_INPUT, "there is a subset '%s' already, and it is frozen", name),
                             "give the new one another name");
    }
    return st == EN_DONE ? EN_OK : st;
}

/* The second half, in a write transaction. *out is read before the commit: after an error there is no subset. */
static en_status freeze(en_catalog *c, const char *name, const char *sql, const choice *chosen, en_catalog_subset *out,
                        en_error *err)
{
    int64_t id = -1;
    en_status st = write_subset(c, name, sql, chosen, &id, err);
    return st == EN_OK ? en_catalog_subset_by_id(c, id, out, err) : st;
}

/* Outside a transaction, the query runs in a read transaction that does not block writers. */
static en_status choose_apart(en_catalog *c, const char *name, const char *what, const char *sql, const char *split,
                              const en_events *events, choice *chosen, en_error *err)
{
    bool apart = !en_db_in_transaction(c->db);
    en_status st = apart ? en_db_begin_read(c->db, err) : EN_OK;
    if (st == EN_OK) {
        st = refuse_taken_name(c, name, err);
    }
    if (st == EN_OK) {
        st = choose(c, what, sql, split, events, chosen, err);
    }
    if (apart) {
        en_db_rollback(c->db);
    }
    return st;
}

en_status en_catalog_subset_create(en_catalog *c, const char *name, const char *sql, const char *split,
                                   const en_events *events, en_catalog_subset *out, en_error *err)
{
    *out = (en_catalog_subset){0};
    bool own = false;
    choice chosen = {0};
    char *what = en_format("subset '%s'", name);
    if (what == NULL) {
        return en_error_nomem(err, "a subset");
    }
    en_status st = choose_apart(c, name, what, sql, split, events, &chosen, err);
    if (st == EN_OK) {
        st = en_db_enter(c->db, &own, err);
    }
    if (st == EN_OK) {
        if (own) { /* else it is still the transaction of the query */
            st = refuse_taken_name(c, name, err);
            st = st == EN_OK ? check_unchanged(c, what, &chosen, err) : st;
        }
        st = st == EN_OK ? freeze(c, name, sql, &chosen, out, err) : st;
        st = en_db_leave(c->db, own, st, err);
    }
    if (st != EN_OK) {
        en_catalog_subset_clear(out);
    }
    en_free(chosen.list.id);
    en_free(what);
    return st;
}

static en_status choose_given(en_catalog *c, const en_catalog_subset_spec *spec, const char *what, choice *chosen,
                              en_error *err)
{
    *chosen = (choice){.split_id = spec->split_id};
    chosen->list.id = en_calloc(spec->count + 1, sizeof *chosen->list.id);
    if (chosen->list.id == NULL) {
        return en_error_nomem(err, "a subset");
    }
    memcpy(chosen->list.id, spec->variant_id, spec->count * sizeof *chosen->list.id);
    chosen->list.count = spec->count;
    sort_unique(&chosen->list);
    return describe(c, what, chosen, err);
}

en_status en_catalog_subset_same(en_catalog *c, const en_catalog_subset_spec *spec, int64_t *id, en_error *err)
{
    en_stmt *s;
    choice chosen;
    en_status st = choose_given(c, spec, spec->name, &chosen, err);
    if (st == EN_OK) {
        st = en_db_prepare(c->db, EN_SQL_SUBSET_SAME, &s, err);
    }
    if (st == EN_OK) {
        en_stmt_bind_text(s, "sha256", chosen.sha256);
        en_stmt_bind_word(s, "part", &en_parts, spec->part);
        en_stmt_bind_text(s, "name", spec->name);
        st = en_stmt_number(s, id, err);
    }
    en_free(chosen.list.id);
    return st;
}

en_status en_catalog_subset_put(en_catalog *c, const en_catalog_subset_spec *spec, int64_t *id, en_error *err)
{
    choice chosen;
    en_status st = choose_given(c, spec, spec->name, &chosen, err);
    if (st == EN_OK) {
        st = refuse_taken_name(c, spec->name, err);
    }
    if (st == EN_OK) {
        st = write_subset(c, spec->name, spec->sql, &chosen, id, err);
    }
    en_free(chosen.list.id);
    return st;
}

static const en_row_column subset_columns[] = {
    {"subset_id", EN_COL(en_catalog_subset, id)},
    {"name", EN_COL_IS(en_catalog_subset, name, EN_RULE_NAME)},
    {"sql", EN_COL_IS(en_catalog_subset, sql, EN_RULE_TEXT)},
    {"frozen_at", EN_COL(en_catalog_subset, frozen_at)},
    {"split", EN_COL_MAY(en_catalog_subset, split, EN_RULE_NAME)},
    {"split_id", EN_COL(en_catalog_subset, split_id)},
    {"part", EN_COL_WORD(en_catalog_subset, part, en_parts)},
    {"members", EN_COL_IS(en_catalog_subset, members, EN_RULE_COUNT)},
    {"sha256", EN_COL_IS(en_catalog_subset, sha256, EN_RULE_HASH)},
    {"images", EN_COL_IS(en_catalog_subset, images, EN_RULE_COUNT)},
    {"patients", EN_COL_IS(en_catalog_subset, patients, EN_RULE_COUNT)},
};
static const en_row_type subset_type = EN_ROW_TYPE(en_catalog_subset, subset_columns);

static en_status find_subset(en_catalog *c, const char *name, int64_t id, en_catalog_subset *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_subset){.split_id = -1};
    en_status st = en_db_prepare(c->db, EN_SQL_SUBSET_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    en_stmt_bind_id(s, "subset_id", id);
    st = en_row_one(s, &subset_type, out, err);
    if (st != EN_OK) {
        out->split_id = -1;
    }
    return st;
}

en_status en_catalog_subset_find(en_catalog *c, const char *name, en_catalog_subset *out, en_error *err)
{
    return find_subset(c, name, -1, out, err);
}

en_status en_catalog_subset_get(en_catalog *c, const char *name, en_catalog_subset *out, en_error *err)
{
    en_status st = find_subset(c, name, -1, out, err);
    return st == EN_DONE ? en_catalog_unknown(c, "subset", name, EN_SQL_SUBSET_NAMES, err) : st;
}

en_status en_catalog_subset_by_id(en_catalog *c, int64_t id, en_catalog_subset *out, en_error *err)
{
    en_status st = find_subset(c, NULL, id, out, err);
    return st == EN_DONE ? en_catalog_dangling(err, "subset", id) : st;
}

void en_catalog_subset_clear(en_catalog_subset *s) { en_row_clear(&subset_type, s); }

typedef struct shared {
    int64_t patients, images;
} shared;

static const en_row_column shared_columns[] = {
    {"patients", EN_COL(shared, patients)},
    {"images", EN_COL(shared, images)},
};
static const en_row_type shared_type = EN_ROW_TYPE(shared, shared_columns);

en_status en_catalog_subset_shared(en_catalog *c, int64_t a, int64_t b, int64_t *patients, int64_t *images,
                                   en_error *err)
{
    en_stmt *s;
    shared both;
    *patients = *images = 0;
    en_status st = en_catalog_prepare_id(c, EN_SQL_SUBSET_SHARED, "a", a, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "b", b);
    st = en_row_one(s, &shared_type, &both, err);
    if (st == EN_OK) {
        *patients = both.patients;
        *images = both.images;
    }
    return st;
}

static const en_row_column eye_columns[] = {
    {"variant_id", EN_COL(en_catalog_variant_eye, variant_id)},
    {"patient", EN_COL(en_catalog_variant_eye, patient)},
    {"eye", EN_COL(en_catalog_variant_eye, eye)},
};
static const en_row_type eye_type = EN_ROW_TYPE(en_catalog_variant_eye, eye_columns);

static int by_variant(const void *a, const void *b)
{
    const en_catalog_variant_eye *x = a, *y = b;
    return (x->variant_id > y->variant_id) - (x->variant_id < y->variant_id);
}

en_status en_catalog_subset_eyes(en_catalog *c, int64_t subset_id, en_catalog_variant_eyes *out, en_error *err)
{
    en_stmt *s;
    void *rows = out->row;
    en_status st = en_catalog_prepare_id(c, EN_SQL_SUBSET_EYES, "subset_id", subset_id, &s, err);
    if (st == EN_OK) {
        st = en_rows_read(s, &eye_type, &rows, &out->count, err);
    }
    out->row = rows;
    if (out->count > 0) {
        qsort(out->row, out->count, sizeof *out->row, by_variant);
    }
    return st;
}

const en_catalog_variant_eye *en_catalog_variant_eye_find(const en_catalog_variant_eyes *eyes, int64_t variant_id)
{
    const en_catalog_variant_eye key = {.variant_id = variant_id};
    return eyes->count > 0 ? bsearch(&key, eyes->row, eyes->count, sizeof *eyes->row, by_variant) : NULL;
}

void en_catalog_variant_eyes_clear(en_catalog_variant_eyes *eyes)
{
    en_rows_clear(&eye_type, eyes->row, eyes->count);
    *eyes = (en_catalog_variant_eyes){0};
}
