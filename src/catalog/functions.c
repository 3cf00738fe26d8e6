/* The functions of SQL: rows and blobs from db, arithmetic from stats. */
#include "catalog/functions.h"

#include <math.h>

#include "base/memory.h"
#include "catalog/embedding.h"
#include "catalog/internal.h"
#include "db/statements.h"
#include "db/table.h"
#include "stats/basic.h"
#include "stats/calibration.h"
#include "stats/cosine.h"
#include "stats/kappa.h"
#include "stats/roc.h"

static bool is_class(double x)
{
    return x >= 0.0 && x < (double)EN_CONFUSION_CLASSES_MAX && x - floor(x) < 0.5 / (double)EN_CONFUSION_CLASSES_MAX;
}

static en_status kappa(const double *rows, size_t count, double *result, en_error *err)
{
    size_t classes = 1;
    for (size_t i = 0; i < 2 * count; i++) {
        if (!is_class(rows[i])) {
            return en_error_set(err, EN_INPUT, "classes are whole numbers from 0 to %d, not %g",
                                EN_CONFUSION_CLASSES_MAX - 1, rows[i]);
        }
        classes = (size_t)rows[i] + 1 > classes ? (size_t)rows[i] + 1 : classes;
    }
    en_confusion m;
    en_status st = en_confusion_init(&m, classes, err);
    for (size_t i = 0; i < count && st == EN_OK; i++) {
        st = en_confusion_add(&m, (size_t)rows[2 * i], (size_t)rows[2 * i + 1], err);
    }
    if (st == EN_OK) {
        *result = en_kappa_quadratic(&m);
    }
    en_confusion_clear(&m);
    return st;
}

/* Takes the first column as scores and the second as truth from rows of `width` numbers. */
typedef struct scores {
    double *score;
    uint8_t *truth;
} scores;

static void scores_clear(scores *s)
{
    en_free(s->score);
    en_free(s->truth);
}

static en_status scores_init(scores *s, const double *rows, size_t count, size_t width, en_error *err)
{
    s->score = en_calloc(count + 1, sizeof *s->score);
    s->truth = en_calloc(count + 1, sizeof *s->truth);
    if (s->score == NULL || s->truth == NULL) {
        return en_error_nomem(err, "scores");
    }
    for (size_t i = 0; i < count; i++) {
        double truth = rows[i * width + 1];
        if (!is_class(truth) || truth >= 2.0) {
            return en_error_set(err, EN_INPUT, "truth is 0 or 1, not %g", truth);
        }
        s->score[i] = rows[i * width];
        s->truth[i] = truth >= 1.0;
    }
    return EN_OK;
}

static en_status auc(const double *rows, size_t count, double *result, en_error *err)
{
    scores s;
    en_status st = scores_init(&s, rows, count, 2, err);
    if (st == EN_OK) {
        st = en_roc_auc(s.score, s.truth, count, result, err);
    }
    scores_clear(&s);
    return st;
}

static en_status ece(const double *rows, size_t count, double *result, en_error *err)
{
    scores s;
    en_status st = scores_init(&s, rows, count, 2, err);
    if (st == EN_OK) {
        st = en_calibration_ece(s.score, s.truth, count, result, err);
    }
    scores_clear(&s);
    return st;
}

static en_status sensitivity_at(const double *rows, size_t count, double *result, en_error *err)
{
    for (size_t i = 1; i < count; i++) {
        if (rows[3 * i + 2] < rows[2] || rows[3 * i + 2] > rows[2]) {
            return en_error_set(err, EN_INPUT, "the specificity must be the same in every row");
        }
    }
    scores s;
    en_status st = scores_init(&s, rows, count, 3, err);
    if (st == EN_OK && count > 0) {
        st = en_roc_sensitivity_at(s.score, s.truth, count, rows[2], result, NULL, err);
    }
    scores_clear(&s);
    return st;
}

static en_status median(const double *rows, size_t count, double *result, en_error *err)
{
    return en_median(rows, count, result, err);
}

static en_status stdev(const double *rows, size_t count, double *result, en_error *err)
{
    (void)err;
    *result = en_stdev(rows, count);
    return EN_OK;
}

static en_status embedding_distance(const en_db_blob *blob, double *result, en_error *err)
{
    const size_t n = blob[0].bytes / sizeof(float);
    if (blob[0].bytes != blob[1].bytes) {
        return en_error_set(err, EN_INPUT, "vectors of %zu and %zu bytes cannot be compared", blob[0].bytes,
                            blob[1].bytes);
    }
    if (n == 0 || n > EN_EMBEDDING_DIMENSIONS_MAX || blob[0].bytes % sizeof(float) != 0) {
        return en_error_set(err, EN_INPUT, "%zu bytes are not a vector of 1 to %d numbers", blob[0].bytes,
                            EN_EMBEDDING_DIMENSIONS_MAX);
    }
    if (!en_vector_is_finite(blob[0].data, n) || !en_vector_is_finite(blob[1].data, n)) {
        return en_error_set(err, EN_INPUT, "a vector has numbers that are not finite");
    }
    *result = en_cosine_distance(blob[0].data, blob[1].data, n);
    return EN_OK;
}

/* EN_DONE: there is no scheme of that very name. */
static en_status label_of(en_db *db, const en_db_value *image, const char *scheme, en_db_value *result, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(db, EN_SQL_LABEL_OF_IMAGE, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "scheme", scheme);
    if (image->kind == EN_VALUE_INT) {
        en_stmt_bind_int(s, "image_id", image->integer);
    } else {
        en_stmt_bind_null(s, "image_id");
    }
    st = en_stmt_step(s, err);
    if (st == EN_OK && !en_stmt_is_null(s, 0)) {
        *result = (en_db_value){.kind = EN_VALUE_INT, .integer = en_stmt_int(s, 0)};
    }
    en_stmt_reset(s);
    return st;
}

/* label(image_id, scheme): the current grade, NULL without one. A scheme that does not exist is an error, so that a
 * misspelt one is not taken for missing grades. */
static en_status label(en_db *db, const en_db_value *arg, en_db_value *result, en_error *err)
{
    en_stmt *s;
    if (arg[1].kind != EN_VALUE_TEXT) {
        return en_error_set(err, EN_INPUT, "a scheme is named by a text, as in label(image_id, 'icdr')");
    }
    if (arg[0].kind != EN_VALUE_INT && arg[0].kind != EN_VALUE_NULL) {
        return en_error_set(err, EN_INPUT, "an image is given by its number, as in label(image_id, 'icdr')");
    }
    en_status st = label_of(db, &arg[0], arg[1].text, result, err);
    if (st != EN_DONE) {
        return st;
    }
    st = en_db_prepare(db, EN_SQL_SCHEME_FIND, &s, err); /* in another case? */
    if (st != EN_OK) {
        return st;
    }
    char *name = NULL;
    en_stmt_bind_text(s, "name", arg[1].text);
    st = en_stmt_step(s, err);
    if (st == EN_OK) {
        st = en_stmt_dup(s, 0, &name, err);
    }
    en_stmt_reset(s);
    if (st == EN_OK) {
        st = label_of(db, &arg[0], name, result, err);
    }
    en_free(name);
    return st == EN_DONE ? en_catalog_unknown_in(db, "scheme", arg[1].text, EN_SQL_SCHEME_NAMES, err) : st;
}

/* An expression cannot know the row it stands in: what forgets the image learns how it is said. */
static en_status label_alone(en_db *db, const en_db_value *arg, en_db_value *result, en_error *err)
{
    (void)db;
    (void)result;
    return en_error_set(err, EN_INPUT, "the image is missing: label(image_id, '%s')",
                        arg[0].kind == EN_VALUE_TEXT ? arg[0].text : "icdr");
}

en_status en_catalog_add_functions(en_db *db, en_error *err)
{
    static const struct {
        const char *name;
        int args;
        en_db_aggregate_fn *fn;
    } list[] = {{"kappa", 2, kappa}, {"auc", 2, auc},       {"sensitivity_at", 3, sensitivity_at},
                {"ece", 2, ece},     {"median", 1, median}, {"stdev", 1, stdev}};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        en_status st = en_db_add_aggregate(db, list[i].name, list[i].args, list[i].fn, err);
        if (st != EN_OK) {
            return st;
        }
    }
    en_status st = en_db_add_blobs_function(db, "embedding_distance", 2, embedding_distance, err);
    if (st == EN_OK) {
        st = en_db_add_value_function(db, "label", 2, label, err);
    }
    if (st == EN_OK) {
        st = en_db_add_value_function(db, "label", 1, label_alone, err);
    }
    return st == EN_OK ? en_catalog_add_neighbours(db, err) : st;
}
