/* Metrics: written while a run trains, read back as learning curves. Uses db. */
#include "catalog/metric.h"

#include <string.h>

#include "base/memory.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

en_status en_catalog_metrics_add(en_catalog *c, int64_t run_id, const en_catalog_metric *metric, size_t count,
                                 en_error *err)
{
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < count && st == EN_OK; i++) {
        en_stmt *s;
        st = en_catalog_prepare_id(c, EN_SQL_METRIC_PUT, "run_id", run_id, &s, err);
        if (st == EN_OK) {
            const char *part = en_word(&en_parts, metric[i].part);
            en_stmt_bind_text(s, "part", part != NULL ? part : "");
            en_stmt_bind_text(s, "name", metric[i].name);
            en_stmt_bind_int(s, "attempt", metric[i].attempt);
            en_stmt_bind_int(s, "step", metric[i].step);
            en_stmt_bind_int(s, "epoch", metric[i].epoch);
            en_stmt_bind_double(s, "value", metric[i].value);
            st = en_stmt_run(s, err);
        }
    }
    return en_db_leave(c->db, own, st, err);
}

typedef struct point {
    en_part part;
    char *name;
    int64_t epoch;
    double value;
} point;
static const en_row_column point_columns[] = {
    {"part", EN_COL_WORD(point, part, en_parts)},
    {"name", EN_COL_IS(point, name, EN_RULE_TEXT)},
    {"epoch", EN_COL_IS(point, epoch, EN_RULE_EPOCH)},
    {"value", EN_COL(point, value)},
};
static const en_row_type point_type = EN_ROW_TYPE(point, point_columns);

/* The curve of a point: a new one, which takes its name, when part or name is another than the last curve's. */
static en_catalog_curve *curve_of(point *p, en_catalog_curves *out, en_error *err)
{
    en_catalog_curve *last = out->count > 0 ? &out->row[out->count - 1] : NULL;
    if (last != NULL && last->part == p->part && strcmp(last->name, p->name) == 0) {
        return last;
    }
    en_catalog_curve *rows = en_array_grow(out->row, out->count, sizeof *rows, err);
    if (rows == NULL) {
        return NULL;
    }
    out->row = rows;
    rows[out->count].part = p->part;
    rows[out->count].name = p->name;
    p->name = NULL;
    return &rows[out->count++];
}

static en_status add_point(point *p, en_catalog_curves *out, en_error *err)
{
    en_catalog_curve *curve = curve_of(p, out, err);
    if (curve == NULL) {
        return EN_NOMEM;
    }
    double *epoch = en_array_grow(curve->epoch, curve->count, sizeof *epoch, err);
    curve->epoch = epoch != NULL ? epoch : curve->epoch;
    double *value = epoch != NULL ? en_array_grow(curve->value, curve->count, sizeof *value, err) : NULL;
    curve->value = value != NULL ? value : curve->value;
    if (value == NULL) {
        return EN_NOMEM;
    }
    epoch[curve->count] = (double)p->epoch;
    value[curve->count++] = p->value;
    return EN_OK;
}

en_status en_catalog_metrics_of(en_catalog *c, int64_t run_id, en_catalog_curves *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_curves){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_METRIC_CURVES, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_row_bind(s, &point_type, err);
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        point p = {0};
        st = en_row_read(s, &p, err);
        if (st == EN_OK) {
            st = add_point(&p, out, err);
        }
        en_row_clear(&point_type, &p);
    }
    en_stmt_reset(s);
    if (st != EN_DONE) {
        en_catalog_curves_clear(out);
        return st;
    }
    return EN_OK;
}

const en_catalog_curve *en_catalog_curves_find(const en_catalog_curves *curves, en_part part, const char *name)
{
    for (size_t i = 0; i < curves->count; i++) {
        if (curves->row[i].part == part && strcmp(curves->row[i].name, name) == 0) {
            return &curves->row[i];
        }
    }
    return NULL;
}

void en_catalog_curves_clear(en_catalog_curves *curves)
{
    for (size_t i = 0; i < curves->count; i++) {
        en_free(curves->row[i].name);
        en_free(curves->row[i].epoch);
        en_free(curves->row[i].value);
    }
    en_free(curves->row);
    *curves = (en_catalog_curves){0};
}
