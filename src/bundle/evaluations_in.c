/* Evaluations of a run in a bundle, with their predictions. */
#include <string.h>

#include "bundle/out.h"
#include "bundle/run_in.h"
#include "catalog/evaluation.h"
#include "db/statements.h"

static en_status bind_evaluation(const en_bundle_arriving *a, en_sql id, const json_t *row, int64_t subset_id,
                                 en_stmt **s, en_error *err)
{
    en_status st = en_db_prepare(en_catalog_db(a->x->project->catalog), id, s, err);
    if (st == EN_OK) {
        en_stmt_bind_int(*s, "run_id", a->run_id);
        en_stmt_bind_int(*s, "subset_id", subset_id);
        en_bundle_row_bind(*s, row, en_bundle_evaluation_fields + 1, 3); /* seed, weights_sha256, created_at */
    }
    return st;
}

/* One that is here already is passed over, and so is one of weights that a run that is here did not keep. */
static en_status take_evaluation(en_bundle_arriving *a, const json_t *row, en_error *err)
{
    int64_t subset_id = -1, there;
    en_stmt *s;
    a->evaluation_id = -1;
    en_status st = en_bundle_row_check(row, EN_BUNDLE_FIELDS(en_bundle_evaluation_fields), "an evaluation", err);
    if (st == EN_OK) {
        st = en_bundle_subset_of(a, (int64_t)json_integer_value(json_object_get(row, "subset")), &subset_id, err);
    }
    if (st == EN_OK) {
        st = bind_evaluation(a, EN_SQL_BUNDLE_EVALUATION_FIND, row, subset_id, &s, err);
    }
    if (st == EN_OK) {
        st = en_stmt_number(s, &there, err);
    }
    if (st != EN_DONE) {
        return st;
    }
    const char *kept = en_bundle_text_of(a, "weights_sha256"),
               *of = json_string_value(json_object_get(row, "weights_sha256"));
    if (!a->row->added && kept != NULL && strcmp(kept, of) != 0) {
        return EN_OK;
    }
    st = bind_evaluation(a, EN_SQL_BUNDLE_EVALUATION_PUT, row, subset_id, &s, err);
    if (st == EN_OK) {
        st = en_stmt_number(s, &a->evaluation_id, err);
    }
    const char *file = json_string_value(json_object_get(row, "file"));
    if (st == EN_OK && file != NULL) {
        st = en_catalog_evaluation_file(a->x->project->catalog, a->evaluation_id, file,
                                        json_integer_value(json_object_get(row, "answers_only")) != 0, err);
    }
    a->row->evaluations += st == EN_OK;
    return st;
}

static en_status take_prediction(en_bundle_arriving *a, const json_t *row, en_error *err)
{
    float p[EN_MAX_CLASSES];
    int64_t variant_id = -1;
    en_status st = en_bundle_row_check(row, EN_BUNDLE_FIELDS(en_bundle_prediction_fields), "a prediction", err);
    if (st != EN_OK || a->evaluation_id < 0) {
        return st;
    }
    const json_t *list = json_array_get(row, 5), *truth = json_array_get(row, 3);
    if (json_array_size(list) != a->classes) {
        return en_error_set(err, EN_INPUT, "a prediction has %zu probabilities, and not %zu", json_array_size(list),
                            a->classes);
    }
    for (size_t i = 0; i < a->classes; i++) {
        const json_t *value = json_array_get(list, i);
        const double number = json_number_value(value);
        if (!json_is_number(value) || !(number >= 0.0 && number <= 1.0)) {
            return en_error_set(err, EN_INPUT, "a probability is not between 0 and 1");
        }
        p[i] = (float)number;
    }
    st = en_bundle_variant(a->x, (int64_t)json_integer_value(json_array_get(row, 0)),
                           (int64_t)json_integer_value(json_array_get(row, 1)),
                           (int64_t)json_integer_value(json_array_get(row, 2)), &variant_id, err);
    if (st == EN_OK) {
        st = en_catalog_prediction_add(a->x->project->catalog, a->evaluation_id, variant_id,
                                       json_is_integer(truth) ? (int64_t)json_integer_value(truth) : -1,
                                       (int64_t)json_integer_value(json_array_get(row, 4)), p, a->classes, err);
    }
    a->row->predictions += st == EN_OK;
    return st;
}

en_status en_bundle_take_evaluations(en_bundle_arriving *a, en_error *err)
{
    en_bundle_in *in = &a->x->in;
    json_t *row;
    en_status st;
    bool any = false;
    while ((st = en_bundle_in_line(in, &row, err)) == EN_OK) {
        const bool begins = json_is_object(row);
        any = any || begins;
        st = begins ? take_evaluation(a, row, err)
             : any  ? take_prediction(a, row, err)
                    : en_error_set(err, EN_INPUT, "a prediction without an evaluation");
        json_decref(row);
        if (st == EN_OK && in->line % 4096 == 0) {
            st = en_stop_check(&a->x->project->events, err);
        }
        if (st != EN_OK) {
            return en_bundle_in_fault(in, st, err);
        }
    }
    return st == EN_DONE ? EN_OK : st;
}
