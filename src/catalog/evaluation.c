/* Evaluations and their predictions. Uses db. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/internal.h"
#include "catalog/evaluation.h"
#include "db/row.h"
#include "db/statements.h"

#define CLASSES_MAX 1024
#define JSON_CAP (CLASSES_MAX * 20)

en_status en_catalog_evaluation_create(en_catalog *c, int64_t run_id, int64_t subset_id, uint64_t seed,
                                       const char *weights_sha256, int64_t *id, en_error *err)
{
    en_stmt *s;
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_prepare_id(c, EN_SQL_EVALUATION_PUT, "run_id", run_id, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_int(s, "subset_id", subset_id);
        en_stmt_bind_int(s, "seed", (int64_t)seed);
        en_stmt_bind_text(s, "weights_sha256", weights_sha256);
        st = en_stmt_number(s, id, err);
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_prediction_add(en_catalog *c, int64_t evaluation_id, int64_t variant_id, int64_t truth,
                                    int64_t predicted, const float *probability, size_t classes, en_error *err)
{
    en_stmt *s;
    en_buf json;
    double score = 0.0;
    if (classes == 0 || classes > CLASSES_MAX) {
        return en_error_set(err, EN_INPUT, "a prediction has 1 to %d classes, not %zu", CLASSES_MAX, classes);
    }
    en_buf_init(&json, JSON_CAP);
    en_status st = EN_OK;
    for (size_t i = 0; i < classes && st == EN_OK; i++) {
        double p = (double)probability[i];
        if (!isfinite(p)) {
            st = en_error_set(err, EN_INPUT, "variant %lld: a probability is not a number", (long long)variant_id);
        } else {
            score += classes == 2 ? (i == 1 ? p : 0.0) : (double)i * p;
            st = en_buf_printf(&json, err, "%s%.9g", i > 0 ? "," : "[", p);
        }
    }
    if (st == EN_OK) {
        st = en_buf_text(&json, "]", err);
    }
    if (st == EN_OK) {
        st = en_catalog_prepare_id(c, EN_SQL_EVALUATION_PREDICTION_PUT, "evaluation_id", evaluation_id, &s, err);
    }
    if (st == EN_OK) {
        en_stmt_bind_int(s, "variant_id", variant_id);
        en_stmt_bind_id(s, "truth", truth);
        en_stmt_bind_int(s, "predicted", predicted);
        en_stmt_bind_double(s, "score", score);
        en_stmt_bind_text(s, "probabilities", en_buf_str(&json));
        st = en_stmt_run(s, err);
    }
    en_buf_clear(&json);
    return st;
}

en_status en_catalog_evaluation_file(en_catalog *c, int64_t evaluation_id, const char *file, bool answers_only,
                                     en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_EVALUATION_FILE_PUT, "evaluation_id", evaluation_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "file", file);
    en_stmt_bind_int(s, "answers_only", answers_only);
    return en_stmt_run(s, err);
}

static const en_row_column evaluation_columns[] = {
    {"evaluation_id", EN_COL(en_catalog_evaluation, id)},
    {"run_id", EN_COL(en_catalog_evaluation, run_id)},
    {"subset_id", EN_COL(en_catalog_evaluation, subset_id)},
    {"predictions", EN_COL_IS(en_catalog_evaluation, predictions, EN_RULE_COUNT)},
    {"subset", EN_COL_IS(en_catalog_evaluation, subset, EN_RULE_NAME)},
    {"part", EN_COL_WORD(en_catalog_evaluation, part, en_parts)},
    {"created_at", EN_COL_IS(en_catalog_evaluation, created_at, EN_RULE_TEXT)},
    {"weights_kept", EN_COL(en_catalog_evaluation, weights_kept)},
    {"file", EN_COL(en_catalog_evaluation, file)},
    {"answers_only", EN_COL(en_catalog_evaluation, answers_only)},
};
static const en_row_type evaluation_type = EN_ROW_TYPE(en_catalog_evaluation, evaluation_columns);

en_status en_catalog_evaluations_of(en_catalog *c, int64_t run_id, en_catalog_evaluations *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_evaluations){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_EVALUATION_OF, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &evaluation_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_evaluations_clear(out);
    }
    return st;
}

void en_catalog_evaluations_clear(en_catalog_evaluations *e)
{
    en_rows_clear(&evaluation_type, e->row, e->count);
    *e = (en_catalog_evaluations){0};
}

/* "[0.1,0.9]", as prediction_add wrote it: `classes` numbers, neither more nor fewer. */
static bool parse_probabilities(const char *json, float *out, size_t classes)
{
    const char *at = json;
    for (size_t i = 0; i < classes; i++) {
        char number[32];
        if (*at != (i == 0 ? '[' : ',')) {
            return false;
        }
        size_t length = strcspn(++at, ",]");
        double value;
        if (length == 0 || length >= sizeof number) {
            return false;
        }
        memcpy(number, at, length);
        number[length] = '\0';
        if (!en_parse_double(number, &value)) {
            return false;
        }
        out[i] = (float)value;
        at += length;
    }
    return strcmp(at, "]") == 0;
}

static size_t count_classes(const char *json)
{
    size_t classes = 1;
    for (; *json != '\0'; json++) {
        classes += *json == ',';
    }
    return classes;
}

static const en_row_column prediction_columns[] = {
    {"variant_id", EN_COL(en_catalog_prediction, variant_id)},
    {"image_id", EN_COL(en_catalog_prediction, image_id)},
    {"truth", EN_COL_MAY(en_catalog_prediction, truth, EN_RULE_COUNT)},
    {"predicted", EN_COL_IS(en_catalog_prediction, predicted, EN_RULE_COUNT)},
    {"patient_group", EN_COL(en_catalog_prediction, patient_group)},
    {"eye_group", EN_COL(en_catalog_prediction, eye_group)},
    {"image", EN_COL_IS(en_catalog_prediction, image, EN_RULE_TEXT)},
    {"path", EN_COL_MAY(en_catalog_prediction, path, EN_RULE_PATH)},
    {"mirror", EN_COL(en_catalog_prediction, mirror)},
    {"rotation", EN_COL(en_catalog_prediction, rotation)},
    {"score", EN_COL(en_catalog_prediction, score)},
    {"probabilities", EN_COL_OTHER},
};
static const en_row_type prediction_type = EN_ROW_TYPE(en_catalog_prediction, prediction_columns);

static en_status add_prediction(const en_stmt *s, en_catalog_predictions *out, en_error *err)
{
    const char *json = en_row_column_text(s, "probabilities");
    if (json == NULL) {
        return en_error_nomem(err, "predictions");
    }
    if (out->count == 0) {
        out->classes = count_classes(json);
    }
    en_catalog_prediction *rows = en_array_grow(out->row, out->count, sizeof *rows, err);
    out->row = rows != NULL ? rows : out->row;
    float *block = rows != NULL ? en_array_grow(out->probability, out->count, out->classes * sizeof *block, err) : NULL;
    out->probability = block != NULL ? block : out->probability;
    if (block == NULL) {
        return EN_NOMEM;
    }
    float *probability = block + out->count * out->classes;
    en_catalog_prediction *p = &rows[out->count++];
    en_status st = en_row_read(s, p, err);
    if (st != EN_OK) {
        return st;
    }
    if (!parse_probabilities(json, probability, out->classes)) {
        return en_error_set(err, EN_INPUT, "variant %lld: '%.60s' is not a list of %zu probabilities",
                            (long long)p->variant_id, json, out->classes);
    }
    bool known = p->truth >= 0 && (size_t)p->truth < out->classes;
    p->p = known ? (double)probability[p->truth] : (double)NAN;
    return EN_OK;
}

en_status en_catalog_predictions_of(en_catalog *c, int64_t evaluation_id, en_catalog_predictions *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_predictions){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_EVALUATION_PREDICTIONS, "evaluation_id", evaluation_id, &s, err);
    if (st == EN_OK) {
        st = en_row_bind(s, &prediction_type, err);
    }
    if (st != EN_OK) {
        return st;
    }
    while ((st = en_stmt_step(s, err)) == EN_OK) {
        st = add_prediction(s, out, err);
        if (st != EN_OK) {
            en_stmt_reset(s);
            break;
        }
    }
    if (st != EN_DONE) {
        en_catalog_predictions_clear(out);
        return st;
    }
    for (size_t i = 0; i < out->count; i++) { /* the block has stopped moving */
        out->row[i].probability = out->probability + i * out->classes;
    }
    return EN_OK;
}

void en_catalog_predictions_clear(en_catalog_predictions *p)
{
    en_rows_clear(&prediction_type, p->row, p->count);
    en_free(p->probability);
    *p = (en_catalog_predictions){0};
}
