/* See drift.h. */
#include "training/drift.h"

#include <math.h>

#include "base/memory.h"
#include "db/row.h"
#include "db/statements.h"
#include "stats/basic.h"

typedef struct measured {
    bool fresh;
    double value[EN_DRIFT_MEASURES];
} measured;

static const en_row_column columns[] = {
    {"fresh", EN_COL(measured, fresh)},        {"score", EN_COL(measured, value[0])},
    {"sharpness", EN_COL(measured, value[1])}, {"brightness", EN_COL(measured, value[2])},
    {"contrast", EN_COL(measured, value[3])},  {"size", EN_COL(measured, value[4])},
};
static const en_row_type measured_type = EN_ROW_TYPE(measured, columns);
static const char *const names[EN_DRIFT_MEASURES] = {"score", "sharpness", "brightness", "contrast", "size"};

static size_t collect(const measured *row, size_t count, size_t measure, bool fresh, double *out)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (row[i].fresh == fresh && !isnan(row[i].value[measure])) {
            out[n++] = row[i].value[measure];
        }
    }
    return n;
}

static en_status compare(const measured *row, size_t count, size_t measure, double *x, double *y, en_drift *d,
                         en_error *err)
{
    *d = (en_drift){.measure = names[measure]};
    const size_t n = collect(row, count, measure, true, x), m = collect(row, count, measure, false, y);
    en_status st = en_ks_compare(x, n, y, m, &d->ks, err);
    if (st == EN_OK) {
        st = en_median(x, n, &d->fresh, err);
    }
    if (st == EN_OK) {
        st = en_median(y, m, &d->old, err);
    }
    d->drifted = d->ks.distance > d->ks.critical && d->ks.distance > EN_DRIFT_LIMIT;
    return st;
}

en_status en_drift_measure(en_project *project, int64_t subset_id, int64_t old_subset_id,
                           en_drift out[EN_DRIFT_MEASURES], en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    size_t count = 0;
    double *x = NULL, *y = NULL;
    en_status st = en_db_prepare(en_catalog_db(project->catalog), EN_SQL_RETRAINING_DRIFT, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "subset_id", subset_id);
    en_stmt_bind_int(s, "old_subset_id", old_subset_id);
    st = en_rows_read(s, &measured_type, &rows, &count, err);
    if (st == EN_OK) {
        x = en_calloc(count + 1, sizeof *x);
        y = en_calloc(count + 1, sizeof *y);
        st = x != NULL && y != NULL ? EN_OK : en_error_nomem(err, "measures");
    }
    for (size_t i = 0; st == EN_OK && i < EN_DRIFT_MEASURES; i++) {
        st = compare(rows, count, i, x, y, &out[i], err);
    }
    en_free(x);
    en_free(y);
    en_rows_clear(&measured_type, rows, count);
    return st;
}
