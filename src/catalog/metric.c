/* Metrics: written while a run trains, read back as learning curves. Uses db. */
#include "catalog/metric.h"

#include <string.h>

#include "base/memory.h"
#include "catalog/internal.h"
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
            en_stmt_bind_text(s, "part", metric[i].part);
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

/* Begins a new curve when the row's part or name is another than the last curve's. */
static en_status curve_of(const en_stmt *s, en_catalog_curves *out, en_catalog_curve **curve, en_error *err)
{
    const char *part = en_stmt_text(s, 0), *name = en_stmt_text(s, 1);
    if (part == NULL || name == NULL) {
        return en_error_nomem(err, "learning curves");
    }
    if (out->count > 0) {
        *curve = &out->row[out->count - 1];
        if (strcmp((*curve)->part, part) == 0 && strcmp((*curve)->name, name) == 0) {
            return EN_OK;
        }
    }
    en_catalog_curve *rows = en_rows_grow(out->row, out->count, sizeof *rows, err);
    if (rows == NULL) {
        return EN_NOMEM;
    }
    out->row = rows;
    *curve = &rows[out->count++];
    (*curve)->part = en_strdup(part);
    (*curve)->name = en_strdup(name);
    return (*curve)->part != NULL && (*curve)->name != NULL ? EN_OK : en_error_nomem(err, "learning curves");
}

static en_status add_point(const en_stmt *s, en_catalog_curve *curve, en_error *err)
{
    double *epoch = en_rows_grow(curve->epoch, curve->count, sizeof *epoch, err);
    curve->epoch = epoch != NULL ? epoch : curve->epoch;
    double *value = epoch != NULL ? en_rows_grow(curve->value, curve->count, sizeof *value, err) : NULL;
    curve->value = value != NULL ? value : curve->value;
    if (value == NULL) {
        return EN_NOMEM;
    }
    epoch[curve->count] = (double)en_stmt_int(s, 2);
    value[curve->count++] = en_stmt_double(s, 3);
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
    while ((st = en_stmt_step(s, err)) == EN_OK) {
        en_catalog_curve *curve = NULL;
        st = curve_of(s, out, &curve, err);
        if (st == EN_OK) {
            st = add_point(s, curve, err);
        }
        if (st != EN_OK) {
            en_stmt_reset(s);
            break;
        }
    }
    if (st != EN_DONE) {
        en_catalog_curves_clear(out);
        return st;
    }
    return EN_OK;
}

void en_catalog_curves_clear(en_catalog_curves *curves)
{
    for (size_t i = 0; i < curves->count; i++) {
        en_free(curves->row[i].part);
        en_free(curves->row[i].name);
        en_free(curves->row[i].epoch);
        en_free(curves->row[i].value);
    }
    en_free(curves->row);
    *curves = (en_catalog_curves){0};
}
