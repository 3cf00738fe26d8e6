/* Steps of the optimiser. Uses db. */
#include "catalog/step.h"

#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column columns[] = {
    {"step", EN_COL_IS(en_catalog_step, step, EN_RULE_COUNT)},
    {"epoch", EN_COL_IS(en_catalog_step, epoch, EN_RULE_EPOCH)},
    {"images", EN_COL_IS(en_catalog_step, images, EN_RULE_COUNT)},
    {"loss", EN_COL(en_catalog_step, loss)},
    {"learning_rate", EN_COL(en_catalog_step, learning_rate)},
    {"seconds", EN_COL(en_catalog_step, seconds)},
};
static const en_row_type step_type = EN_ROW_TYPE(en_catalog_step, columns);

typedef struct point {
    double loss;
} point;
static const en_row_column point_columns[] = {{"loss", EN_COL(point, loss)}};
static const en_row_type point_type = EN_ROW_TYPE(point, point_columns);

static en_status put(en_catalog *c, int64_t run_id, const en_catalog_step *step, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_STEP_PUT, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "step", step->step);
    en_stmt_bind_int(s, "epoch", step->epoch);
    en_stmt_bind_int(s, "images", step->images);
    en_stmt_bind_double(s, "loss", step->loss);
    en_stmt_bind_double(s, "learning_rate", step->learning_rate);
    en_stmt_bind_double(s, "seconds", step->seconds);
    return en_stmt_run(s, err);
}

en_status en_catalog_steps_add(en_catalog *c, int64_t run_id, const en_catalog_step *step, size_t count, en_error *err)
{
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        st = put(c, run_id, &step[i], err);
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_steps_drop(en_catalog *c, int64_t run_id, int64_t step, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_STEP_DROP, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "step", step);
    return en_stmt_run(s, err);
}

/* The rows of a statement of a type without owned members into out[most]. */
static en_status read(en_stmt *s, const en_row_type *type, void *out, size_t most, size_t *count, en_error *err)
{
    *count = 0;
    en_status st = en_row_bind(s, type, err);
    while (st == EN_OK && *count < most && (st = en_stmt_step(s, err)) == EN_OK) {
        st = en_row_read(s, (char *)out + *count * type->size, err);
        *count += st == EN_OK;
    }
    en_stmt_reset(s);
    return st == EN_DONE ? EN_OK : st;
}

en_status en_catalog_steps_newest(en_catalog *c, int64_t run_id, en_catalog_step *step, size_t most, size_t *count,
                                  en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_STEP_NEWEST, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        *count = 0;
        return st;
    }
    en_stmt_bind_int(s, "most", (int64_t)most);
    return read(s, &step_type, step, most, count, err);
}

en_status en_catalog_steps_curve(en_catalog *c, int64_t run_id, double *loss, size_t most, size_t *count, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_STEP_CURVE, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        *count = 0;
        return st;
    }
    en_stmt_bind_int(s, "points", (int64_t)most);
    _Static_assert(sizeof(point) == sizeof *loss, "a point is its loss");
    return read(s, &point_type, loss, most, count, err);
}
