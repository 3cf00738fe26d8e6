/* MLflow's SQLite store. Uses db. */
#include <string.h>

#include "base/memory.h"
#include "db/row.h"
#include "db/statements.h"
#include "training/track/foreign_rows.h"

static const char *const tables[] = {"experiments", "runs", "params", "metrics", "tags", NULL};

typedef struct pair {
    char key[EN_TRACK_NAME_MAX * 4];
    char *value;
} pair;
static const en_row_column pair_columns[] = {{"key", EN_COL_IS(pair, key, EN_RULE_TEXT)},
                                             {"value", EN_COL(pair, value)}};
static const en_row_type pair_type = EN_ROW_TYPE(pair, pair_columns);

typedef struct point {
    char key[EN_TRACK_NAME_MAX * 4];
    int64_t step;
    double value;
    bool unstepped;
} point;
static const en_row_column point_columns[] = {
    {"key", EN_COL_IS(point, key, EN_RULE_TEXT)},
    {"step", EN_COL(point, step)},
    {"value", EN_COL(point, value)},
    {"unstepped", EN_COL(point, unstepped)},
};
static const en_row_type point_type = EN_ROW_TYPE(point, point_columns);

/* A statement about one run, ready to step. */
static en_status prepare(en_store *s, en_sql id, const char *run, const en_row_type *type, en_stmt **out, en_error *err)
{
    en_status st = en_db_prepare(s->ctx, id, out, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(*out, "run_uuid", run);
    return en_row_bind(*out, type, err);
}

/* Params or tags; EN_DONE as en_track_tag has it. */
static en_status read_pairs(en_store *s, en_sql id, const char *run,
                            en_status (*put)(en_track_writer *, const char *, const char *, en_error *),
                            en_track_writer *w, en_error *err)
{
    en_stmt *rows;
    en_status st = prepare(s, id, run, &pair_type, &rows, err), next = EN_OK;
    while (st == EN_OK && (next = en_stmt_step(rows, err)) == EN_OK) {
        pair row = {0};
        st = en_row_read(rows, &row, err);
        if (st == EN_OK) {
            st = put(w, row.key, row.value != NULL ? row.value : "", err);
        }
        en_row_clear(&pair_type, &row);
    }
    if (st != EN_OK) {
        if (rows != NULL) {
            en_stmt_reset(rows);
        }
        return st;
    }
    return next == EN_DONE ? EN_OK : next;
}

typedef struct reading {
    point row, before; /* the one before, which is not written yet where has is true */
    bool has;
    int64_t number; /* of a value of the key, where none has a step */
} reading;

static en_status write_before(reading *r, en_track_writer *w, en_error *err)
{
    const point *p = &r->before;
    return r->has ? en_track_metric(w, p->key, p->unstepped ? r->number : p->step, -1, p->value, err) : EN_OK;
}

/* Of several values of a key at one step the last one is written. */
static en_status take(reading *r, en_track_writer *w, en_error *err)
{
    const bool same_key = r->has && strcmp(r->row.key, r->before.key) == 0;
    const bool replaces = same_key && !r->row.unstepped && r->row.step == r->before.step;
    en_status st = EN_OK;
    if (replaces) {
        w->counts->replaced++;
    } else {
        st = write_before(r, w, err);
    }
    w->counts->unstepped += r->row.unstepped && !same_key;
    r->number = same_key ? r->number + 1 : 1;
    r->before = r->row;
    r->has = true;
    return st;
}

static en_status read_metrics(en_store *s, const char *run, en_track_writer *w, en_error *err)
{
    reading r = {0};
    en_stmt *rows;
    en_status st = prepare(s, EN_SQL_FOREIGN_MLFLOW_METRICS, run, &point_type, &rows, err), next = EN_OK;
    while (st == EN_OK && (next = en_stmt_step(rows, err)) == EN_OK) {
        memset(&r.row, 0, sizeof r.row);
        st = en_row_read(rows, &r.row, err);
        if (st == EN_OK) {
            st = take(&r, w, err);
        }
    }
    if (st != EN_OK) {
        if (rows != NULL) {
            en_stmt_reset(rows);
        }
        return st;
    }
    return next == EN_DONE ? write_before(&r, w, err) : next;
}

static en_status read_run(en_store *s, const en_store_run *run, en_track_writer *w, en_error *err)
{
    en_status st = read_pairs(s, EN_SQL_FOREIGN_MLFLOW_TAGS, run->id, en_track_tag, w, err);
    if (st == EN_OK) {
        st = read_pairs(s, EN_SQL_FOREIGN_MLFLOW_PARAMS, run->id, en_track_param, w, err);
    }
    return st == EN_OK ? read_metrics(s, run->id, w, err) : st;
}

static en_status no_experiment(en_store *s, const char *experiment, en_error *err)
{
    en_stmt *names;
    char *list = NULL;
    en_error later;
    en_status st = en_db_prepare(s->ctx, EN_SQL_FOREIGN_MLFLOW_EXPERIMENTS, &names, &later);
    if (st == EN_OK) {
        st = en_row_text(names, EN_RULE_TEXT, true, &list, &later);
    }
    char *clean = en_track_clean(list != NULL ? list : "", 300, false);
    (void)en_error_set(err, EN_INPUT, "'%s' has no runs in an experiment '%.100s'", en_db_path(s->ctx), experiment);
    st = en_error_hint(err, EN_INPUT, "its experiments are: %s", clean != NULL ? clean : "");
    en_free(clean);
    en_free(list);
    return st;
}

static en_status list_runs(en_store *s, const char *experiment, const char *run, en_store_runs *out, en_error *err)
{
    en_stmt *rows;
    en_status st = en_db_prepare(s->ctx, EN_SQL_FOREIGN_MLFLOW_RUNS, &rows, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(rows, "experiment", experiment);
    en_stmt_bind_text(rows, "run", run);
    en_stmt_bind_int(rows, "most", EN_STORE_RUNS_MAX + 1);
    st = en_foreign_runs(rows, out, err);
    return st == EN_OK && out->count == 0 && experiment != NULL && run == NULL ? no_experiment(s, experiment, err) : st;
}

static void close_store(en_store *s) { en_db_close(s->ctx); }

static const en_store_kind kind = {
    .title = "MLflow", .prefix = "mlflow", .list = list_runs, .read = read_run, .close = close_store};

en_status en_store_open_mlflow_db(const char *path, const en_events *events, en_store *out, en_error *err)
{
    en_db *db = NULL;
    *out = (en_store){0};
    const en_status st = en_foreign_open(path, "MLflow", tables, events, &db, err);
    if (st == EN_OK) {
        *out = (en_store){.kind = &kind, .ctx = db, .events = events};
    }
    return st;
}
