/* See retrain_begin.h. Everything is chosen first, by queries that read; split, subset and the row of the retraining
 * are then one transaction. */
#include "training/retrain_begin.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "catalog/split.h"
#include "dataset/split.h"
#include "db/query.h"
#include "db/statements.h"

#define WHAT "the condition of --sql"

typedef struct counts {
    int64_t found, kept_out, no_variant, no_sample, no_target, unknown, usable, learned;
} counts;

typedef struct assigned {
    char *patient; /* owned */
    en_part part;
} assigned;

typedef struct begin {
    en_retraining *x;
    counts n;
    assigned *patient; /* new ones */
    size_t patients;
    int64_t rejected, last_member;
    en_catalog_split split; /* the run's */
    double validation;      /* fraction of the new patients that validate */
} begin;

static bool is_within(const char *digits, int low, int high)
{
    const int number = (digits[0] - '0') * 10 + digits[1] - '0';
    return number >= low && number <= high;
}

/* A day, or a time as the catalog writes it: it is written into a query and compared as text. */
static en_status check_since(const char *since, en_error *err)
{
    static const char form[] = "0000-00-00T00:00:00Z";
    const size_t size = strlen(since);
    bool good = size == 10 || size == sizeof form - 1;
    for (size_t i = 0; good && i < size; i++) {
        good = form[i] == '0' ? isdigit((unsigned char)since[i]) != 0 : since[i] == form[i];
    }
    good = good && is_within(since + 5, 1, 12) && is_within(since + 8, 1, 31);
    good = good && (size == 10 ||
                    (is_within(since + 11, 0, 23) && is_within(since + 14, 0, 59) && is_within(since + 17, 0, 60)));
    return good ? EN_OK
                : en_error_set(err, EN_USAGE, "'%.40s' is not a day or time: 2026-01-31, or 2026-01-31T12:00:00Z",
                               since);
}

/* The query of the new photographs with this status. */
static char *new_sql(const begin *b, const char *status)
{
    const en_retraining *x = b->x;
    char split[24], last[24], subset[24], val[24], test[24], since[32];
    snprintf(split, sizeof split, "%lld", (long long)x->run.split_id);
    snprintf(last, sizeof last, "%lld", (long long)b->last_member);
    snprintf(subset, sizeof subset, "%lld", (long long)x->run.subset_id);
    snprintf(val, sizeof val, "%lld", (long long)x->run.val_subset_id);
    snprintf(test, sizeof test, "%lld", (long long)x->test.id);
    snprintf(since, sizeof since, "'%s'", x->options->since != NULL ? x->options->since : "");
    const en_sql_piece piece[] = {
        {"split_id", split},      {"last", last},
        {"subset_id", subset},    {"val_subset_id", val},
        {"test_subset_id", test}, {"since", since},
        {"status", status},       {"condition", x->options->condition != NULL ? x->options->condition : "1"},
    };
    return en_sql_compose(EN_SQL_RETRAINING_NEW, piece, sizeof piece / sizeof *piece);
}

/* It is asked more than once and must choose the same, and stay within its brackets. */
static en_status check_condition(const en_retraining *x, en_error *err)
{
    en_query *q = NULL;
    if (x->options->condition == NULL) {
        return EN_OK;
    }
    en_status st = en_catalog_images_by(x->project->catalog, WHAT, x->options->condition, NULL, &q, err);
    en_query_close(q);
    return st;
}

bool en_retrain_validates_part(const en_retraining *x)
{
    const char *name = x->run.val_subset;
    const size_t size = strlen(x->run.split);
    return name != NULL && strncmp(name, x->run.split, size) == 0 && strcmp(name + size, "/val") == 0;
}

static en_part draw_part(const begin *b, const char *patient)
{
    en_random r = en_random_init((uint64_t)b->split.seed, 0, en_split_key(patient), EN_FOR_SPLIT);
    return en_random_uniform(&r) < b->validation ? EN_PART_VAL : EN_PART_TRAIN;
}

static en_status add_patient(begin *b, const char *name, en_error *err)
{
    if (b->patients > 0 && strcmp(b->patient[b->patients - 1].patient, name) == 0) { /* they come in order */
        return EN_OK;
    }
    assigned *grown = en_array_grow(b->patient, b->patients, sizeof *b->patient, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    b->patient = grown;
    b->patient[b->patients] = (assigned){.patient = en_strdup(name), .part = draw_part(b, name)};
    return b->patient[b->patients++].patient != NULL ? EN_OK : en_error_nomem(err, "patients");
}

static en_status count_row(begin *b, const en_query *q, en_error *err)
{
    const char *name = en_query_text(q, 0), *part = en_query_text(q, 1);
    counts *n = &b->n;
    n->found++;
    if (part != NULL && strcmp(part, "test") == 0) {
        n->kept_out++;
        return EN_OK;
    }
    const bool shown = en_query_int(q, 3) != 0, sampled = en_query_int(q, 4) != 0, labelled = en_query_int(q, 5) != 0;
    n->no_variant += !shown;
    n->no_sample += shown && !sampled;
    n->no_target += shown && sampled && !labelled;
    if (!shown || !sampled || !labelled || name == NULL) {
        return EN_OK;
    }
    n->usable++;
    n->unknown += en_query_int(q, 2) != 0;
    en_status st = part == NULL ? add_patient(b, name, err) : EN_OK;
    if (st == EN_OK) {
        const en_part is = part != NULL ? (en_part)en_word_find(&en_parts, part) : b->patient[b->patients - 1].part;
        n->learned += is == EN_PART_TRAIN;
    }
    return st;
}

static en_status look(begin *b, const char *chosen, en_error *err)
{
    char split[24], recipe[24];
    const en_catalog_run *run = &b->x->run;
    snprintf(split, sizeof split, "%lld", (long long)run->split_id);
    snprintf(recipe, sizeof recipe, "%lld", (long long)run->recipe_id);
    const en_sql_piece piece[] = {{"split_id", split}, {"recipe_id", recipe}, {"target", run->target}, {"new", chosen}};
    char *sql = en_sql_compose(EN_SQL_RETRAINING_LOOK, piece, 4);
    en_query *q = NULL;
    en_status st = sql != NULL ? en_catalog_query(b->x->project->catalog, WHAT, sql, &b->x->project->events, &q, err)
                               : en_error_nomem(err, "a query");
    while (st == EN_OK && (st = en_query_next(q, err)) == EN_OK) {
        st = count_row(b, q, err);
    }
    en_query_close(q);
    en_free(sql);
    return st == EN_DONE ? EN_OK : st;
}

static en_status count_rejected(begin *b, en_error *err)
{
    char *sql = new_sql(b, "'rejected'");
    en_query *q = NULL;
    en_status st = sql != NULL ? en_catalog_query(b->x->project->catalog, WHAT, sql, &b->x->project->events, &q, err)
                               : en_error_nomem(err, "a query");
    while (st == EN_OK && (st = en_query_next(q, err)) == EN_OK) {
        b->rejected++;
    }
    en_query_close(q);
    en_free(sql);
    return st == EN_DONE ? EN_OK : st;
}

/* Nothing to learn from: the first reason that holds for what was found. */
static en_status refuse(const begin *b, en_error *err)
{
    const counts *n = &b->n;
    const en_retraining *x = b->x;
    if (n->found == n->kept_out) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "there are no new photographs for run '%s'%s%s: %lld of test patients are "
                                          "kept out, and %lld were rejected",
                                          x->run.name, x->chosen[0] != '\0' ? " with " : "", x->chosen,
                                          (long long)n->kept_out, (long long)b->rejected),
                             "fetch and ingest some, or wait");
    }
    en_status st = en_error_set(err, EN_INPUT,
                                "none of %lld new photographs can be learned from: %lld have no variants, %lld no "
                                "sample of recipe '%s', %lld no value of the target",
                                (long long)(n->found - n->kept_out), (long long)n->no_variant, (long long)n->no_sample,
                                x->run.recipe, (long long)n->no_target);
    if (n->no_variant > 0) {
        return en_error_hint(err, st, "make them with the policy of the others: 'eyenet augment POLICY'");
    }
    return n->no_sample > 0 ? en_error_hint(err, st, "make them with 'eyenet ingest --recipe '%s''", x->run.recipe)
                            : en_error_hint(err, st, "import their labels with 'eyenet label import'");
}

static void say_what_is_left(const begin *b)
{
    const counts *n = &b->n;
    const en_events *events = &b->x->project->events;
    if (n->no_variant + n->no_sample + n->no_target > 0) {
        en_event_warn(events,
                      "%lld of %lld new photographs are left for later: %lld have no variants, %lld no sample of the "
                      "run's recipe, %lld no value of the target",
                      (long long)(n->no_variant + n->no_sample + n->no_target), (long long)(n->found - n->kept_out),
                      (long long)n->no_variant, (long long)n->no_sample, (long long)n->no_target);
    }
    if (n->unknown > 0) {
        en_event_warn(events,
                      "the patient is not known of %lld new photographs: whether they are of test patients cannot be "
                      "told",
                      (long long)n->unknown);
    }
    if (strstr(b->split.rule, "--group") != NULL) {
        en_event_warn(events, "split '%s' kept groups of patients together, which is not looked at for new patients",
                      b->split.name);
    }
}

static en_status choose(begin *b, const char *chosen, en_error *err)
{
    en_catalog *c = b->x->project->catalog;
    int64_t train = 0, val = 0;
    en_status st = en_catalog_split_find(c, b->x->run.split, &b->split, err);
    if (st == EN_OK) {
        st = en_catalog_split_sizes(c, b->split.id, &train, &val, err);
    }
    b->validation = en_retrain_validates_part(b->x) && train + val > 0 ? (double)val / (double)(train + val) : 0;
    if (st == EN_OK) {
        st = look(b, chosen, err);
    }
    if (st == EN_OK) {
        st = count_rejected(b, err);
    }
    if (st == EN_OK && b->n.usable == 0) {
        st = refuse(b, err);
    }
    if (st == EN_OK && b->n.learned == 0 && b->patients > 0) { /* so few that all would validate */
        b->patient[0].part = EN_PART_TRAIN;
    }
    return st;
}

static en_status write_split(begin *b, const char *name, const char *run, int64_t *id, en_error *err)
{
    en_catalog *c = b->x->project->catalog;
    char *rule = en_format("--extends %s --val %.15g --seed %lld, for run %s", b->split.name, b->validation,
                           (long long)b->split.seed, run);
    en_status st = rule != NULL ? en_catalog_split_create(c, name, (uint64_t)b->split.seed, rule, id, err)
                                : en_error_nomem(err, "a split");
    if (st == EN_OK) {
        st = en_catalog_split_extend(c, *id, b->split.id, err);
    }
    for (size_t i = 0; st == EN_OK && i < b->patients; i++) {
        st = en_catalog_split_assign(c, *id, b->patient[i].patient, b->patient[i].part, err);
    }
    en_free(rule);
    return st;
}

/* Of a query as it was typed, without what ends a statement: what sql/retraining/subset.sql selects of it. */
static char *chosen_by(const char *query)
{
    size_t size = strlen(query);
    while (size > 0 && (isspace((unsigned char)query[size - 1]) || query[size - 1] == ';')) {
        size--;
    }
    return en_format("variant_id FROM (\n%.*s\n)", (int)size, query);
}

/* What was decided is not tried again with the same photographs, unless by another name. */
static en_status check_news(const en_retraining *x, const en_catalog_subset *made, en_error *err)
{
    en_catalog_subset before = {0};
    const en_catalog_retraining *row = &x->row;
    if (row->name == NULL || (x->options->name != NULL && strcmp(x->options->name, row->name) != 0)) {
        return EN_OK;
    }
    en_status st = en_catalog_subset_get(x->project->catalog, row->subset, &before, err);
    if (st == EN_OK && strcmp(before.sha256, made->sha256) == 0) {
        st = en_error_set(err, EN_INPUT,
                          "there are no new photographs since run '%s', which was trained on from '%s' and %s",
                          row->name, x->run.name, row->promoted == 1 ? "promoted" : "not promoted");
        st = en_error_hint(err, st, "to try other settings on the same, give the new run another --name");
    }
    en_catalog_subset_clear(&before);
    return st;
}

static en_status write_subset(begin *b, const char *name, const char *split, const char *query, const char *chosen,
                              int64_t *id, en_error *err)
{
    en_retraining *x = b->x;
    en_catalog_subset old = {0}, made = {0};
    char subset[24];
    snprintf(subset, sizeof subset, "%lld", (long long)x->run.subset_id);
    char *whole = chosen_by(query);
    const en_sql_piece piece[] = {{"subset_id", subset}, {"query", whole}, {"new", chosen}};
    char *sql = whole != NULL ? en_sql_compose(EN_SQL_RETRAINING_SUBSET, piece, 3) : NULL;
    en_status st = sql != NULL ? en_catalog_subset_by_id(x->project->catalog, x->run.subset_id, &old, err)
                               : en_error_nomem(err, "a query");
    if (st == EN_OK) {
        st = en_catalog_subset_create(x->project->catalog, name, sql, split, &x->project->events, &made, err);
    }
    if (st == EN_OK && made.members == old.members) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT,
                                        "the query of subset '%s' chooses none of the %lld new photographs", old.name,
                                        (long long)b->n.usable),
                           "make variants as it wants them with 'eyenet augment POLICY', or see the view subsets");
    }
    if (st == EN_OK) {
        st = check_news(x, &made, err);
    }
    *id = made.id;
    en_free(whole);
    en_free(sql);
    en_catalog_subset_clear(&old);
    en_catalog_subset_clear(&made);
    return st;
}

/* In a transaction: what another process began meanwhile is gone on with. */
static en_status write_all(begin *b, const char *chosen, en_error *err)
{
    en_retraining *x = b->x;
    en_catalog *c = x->project->catalog;
    char *name = NULL, *split = NULL, *query = NULL;
    int64_t split_id = -1, subset_id = -1, id;
    en_status st = EN_OK;
    if (x->options->name != NULL) {
        name = en_strdup(x->options->name);
        st = name != NULL ? en_catalog_run_name_free(c, name, err) : en_error_nomem(err, "a name");
    } else {
        st = en_catalog_retraining_name(c, x->run.name, &name, err);
    }
    if (st == EN_OK) {
        st = en_catalog_retraining_name(c, x->run.split, &split, err);
    }
    if (st == EN_OK) {
        st = en_catalog_retraining_query(c, x->run.subset_id, &query, err);
    }
    if (st == EN_OK) {
        st = write_split(b, split, name, &split_id, err);
    }
    if (st == EN_OK) {
        st = write_subset(b, name, split, query, chosen, &subset_id, err);
    }
    if (st == EN_OK) {
        const en_catalog_retraining row = {.run_id = x->run.id,
                                           .name = name,
                                           .chosen = x->chosen,
                                           .query = query,
                                           .photographs = b->n.usable,
                                           .patients = (int64_t)b->patients,
                                           .kept_out = b->n.kept_out,
                                           .rejected = b->rejected};
        st = en_catalog_retraining_put(c, &row, split_id, subset_id, &id, err);
    }
    en_free(name);
    en_free(split);
    en_free(query);
    return st;
}

static en_status find(en_retraining *x, bool *open, en_error *err)
{
    en_catalog_retraining_clear(&x->row);
    en_status st = en_catalog_retraining_find(x->project->catalog, x->run.id, x->chosen, &x->row, err);
    *open = st == EN_OK && x->row.promoted < 0;
    return st == EN_DONE ? EN_OK : st;
}

/* One that was begun goes on under its name. */
static en_status check_name(const en_retraining *x, en_error *err)
{
    const en_catalog_retraining *row = &x->row;
    if (x->options->name == NULL || strcmp(x->options->name, row->name) == 0) {
        return EN_OK;
    }
    en_status st = en_error_set(err, EN_INPUT, "run '%s' is being trained on from '%s' with these photographs already",
                                row->name, x->run.name);
    return en_error_hint(err, st, "finish that first: --name '%s'", row->name);
}

static en_status keep(begin *b, const char *chosen, en_error *err)
{
    en_catalog *c = b->x->project->catalog;
    bool open = false;
    en_status st = en_catalog_begin(c, err);
    if (st != EN_OK) {
        return st;
    }
    st = find(b->x, &open, err);
    if (st == EN_OK && !open) {
        st = write_all(b, chosen, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(c, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(c);
    }
    return st == EN_OK ? find(b->x, &open, err) : st;
}

en_status en_retrain_begin(en_retraining *x, en_error *err)
{
    bool open = false;
    char *chosen = NULL;
    begin b = {.x = x};
    en_status st = x->options->since != NULL ? check_since(x->options->since, err) : EN_OK;
    if (st == EN_OK) {
        st = check_condition(x, err);
    }
    if (st == EN_OK) {
        st = find(x, &open, err);
    }
    if (st == EN_OK && open) {
        st = check_name(x, err);
    }
    if (st != EN_OK || open) {
        return st;
    }
    st = en_catalog_last_member(x->project->catalog, x->run.subset_id, x->run.val_subset_id, &b.last_member, err);
    if (st == EN_OK) {
        chosen = new_sql(&b, "'accepted'");
        st = chosen != NULL ? choose(&b, chosen, err) : en_error_nomem(err, "a query");
    }
    if (st == EN_OK) {
        st = keep(&b, chosen, err);
    }
    if (st == EN_OK) {
        say_what_is_left(&b);
    }
    for (size_t i = 0; i < b.patients; i++) {
        en_free(b.patient[i].patient);
    }
    en_free(b.patient);
    en_free(chosen);
    en_catalog_split_clear(&b.split);
    return st;
}
