/* What the members of a bundle contain. */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "bundle/export.h"
#include "bundle/row.h"
#include "db/statements.h"

enum { DIGITS = 17, PROBABILITY_DIGITS = 9, CHUNK = 1 << 16 };

/* In the first column stands an image, and then its place among the photographs. */
static en_status place_image(const en_bundle_exporter *x, json_t *row, en_error *err)
{
    const int64_t id = (int64_t)json_integer_value(json_array_get(row, 0));
    const int64_t *at = bsearch(&id, x->image.id, x->image.count, sizeof id, en_bundle_by_id);
    if (at == NULL) {
        return en_error_set(err, EN_INPUT, "image number %lld is not of the subset that it was predicted in",
                            (long long)id);
    }
    return json_array_set_new(row, 0, json_integer(at - x->image.id)) == 0 ? EN_OK : en_error_nomem(err, "a row");
}

static en_status write_photographs(const en_bundle_exporter *x, en_bundle_out *out, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < x->image.count; i++) {
        en_stmt *s;
        json_t *row = NULL;
        st = en_bundle_prepare(x, EN_SQL_BUNDLE_PHOTOGRAPH, "image_id", x->image.id[i], &s, err);
        st = st == EN_OK ? en_stmt_step(s, err) : st;
        if (st == EN_DONE) {
            return en_error_set(err, EN_INPUT, "there is no image number %lld", (long long)x->image.id[i]);
        }
        if (st == EN_OK) {
            st = en_bundle_row_read(s, EN_BUNDLE_FIELDS(en_bundle_photograph_fields), false, &row, err);
            en_stmt_reset(s);
        }
        st = st == EN_OK ? en_bundle_out_line(out, row, DIGITS, err) : st;
    }
    return st;
}

static en_status write_members(const en_bundle_exporter *x, int64_t subset_id, en_bundle_out *out, en_error *err)
{
    en_stmt *s;
    en_status st = en_bundle_prepare(x, EN_SQL_BUNDLE_MEMBERS, "subset_id", subset_id, &s, err);
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        json_t *row = NULL;
        st = en_bundle_row_read(s, EN_BUNDLE_FIELDS(en_bundle_member_fields), false, &row, err);
        st = st == EN_OK ? place_image(x, row, err) : st;
        st = st == EN_OK ? en_bundle_out_line(out, json_incref(row), DIGITS, err) : st;
        json_decref(row);
        if (st != EN_OK) {
            en_stmt_reset(s);
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status write_subsets(const en_bundle_exporter *x, en_bundle_out *out, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < x->subset.count; i++) {
        en_stmt *s;
        json_t *row = NULL;
        st = en_bundle_prepare(x, EN_SQL_BUNDLE_SUBSET, "subset_id", x->subset.id[i], &s, err);
        st = st == EN_OK ? en_stmt_step(s, err) : st;
        if (st == EN_DONE) {
            return en_error_set(err, EN_INPUT, "there is no subset number %lld", (long long)x->subset.id[i]);
        }
        if (st == EN_OK) {
            st = en_bundle_row_read(s, EN_BUNDLE_FIELDS(en_bundle_subset_fields), true, &row, err);
            en_stmt_reset(s);
        }
        st = st == EN_OK ? en_bundle_out_line(out, row, DIGITS, err) : st;
        st = st == EN_OK ? write_members(x, x->subset.id[i], out, err) : st;
    }
    return st;
}

static en_status write_predictions(const en_bundle_exporter *x, int64_t evaluation_id, en_bundle_out *out,
                                   en_error *err)
{
    en_stmt *s;
    en_status st = en_bundle_prepare(x, EN_SQL_BUNDLE_PREDICTIONS, "evaluation_id", evaluation_id, &s, err);
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        json_t *row = NULL;
        st = en_bundle_row_read(s, en_bundle_prediction_fields, 5, false, &row, err);
        st = st == EN_OK ? place_image(x, row, err) : st;
        const char *text = en_stmt_text(s, 5);
        json_t *list = text != NULL ? json_loads(text, 0, NULL) : NULL;
        if (st == EN_OK && !json_is_array(list)) {
            st = en_error_set(err, EN_INPUT, "'%.60s' is not a list of probabilities", text != NULL ? text : "");
        }
        if (st == EN_OK && json_array_append(row, list) != 0) {
            st = en_error_nomem(err, "a row");
        }
        st = st == EN_OK ? en_bundle_out_line(out, json_incref(row), PROBABILITY_DIGITS, err) : st;
        json_decref(list);
        json_decref(row);
        if (st != EN_OK) {
            en_stmt_reset(s);
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

/* The evaluations of a run are few; they are read before their predictions, of which the statement is the same. */
static en_status write_evaluations(en_bundle_exporter *x, int64_t run_id, en_bundle_out *out, en_error *err)
{
    en_bundle_ids evaluation = {0};
    json_t *rows = json_array();
    en_stmt *s;
    en_status st = rows != NULL ? en_bundle_prepare(x, EN_SQL_BUNDLE_EVALUATIONS, "run_id", run_id, &s, err)
                                : en_error_nomem(err, "evaluations");
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        json_t *row = json_object();
        int64_t index = -1;
        st = en_bundle_add_id(&evaluation, en_stmt_int(s, 0), err);
        st = st == EN_OK ? en_bundle_subset_index(x, en_stmt_int(s, 1), &index, err) : st;
        const char *file = en_stmt_text(s, 5);
        if (st == EN_OK &&
            (json_object_set_new(row, "subset", json_integer(index)) != 0 ||
             json_object_set_new(row, "seed", json_integer(en_stmt_int(s, 2))) != 0 ||
             json_object_set_new(row, "weights_sha256", json_string(en_stmt_text(s, 3))) != 0 ||
             json_object_set_new(row, "created_at", json_string(en_stmt_text(s, 4))) != 0 ||
             json_object_set_new(row, "file", file != NULL ? json_string(file) : json_null()) != 0 ||
             json_object_set_new(row, "answers_only", file != NULL ? json_integer(en_stmt_int(s, 6)) : json_null()))) {
            st = en_error_set(err, EN_INPUT, "an evaluation is not UTF-8");
        }
        st = st == EN_OK && json_array_append(rows, row) != 0 ? en_error_nomem(err, "evaluations") : st;
        json_decref(row);
        if (st != EN_OK) {
            en_stmt_reset(s);
        }
    }
    st = st == EN_DONE ? EN_OK : st;
    for (size_t i = 0; st == EN_OK && i < evaluation.count; i++) {
        st = en_bundle_out_line(out, json_incref(json_array_get(rows, i)), DIGITS, err);
        st = st == EN_OK ? write_predictions(x, evaluation.id[i], out, err) : st;
    }
    x->result->predictions += out->zip != NULL ? out->lines - (int64_t)evaluation.count : 0;
    json_decref(rows);
    en_free(evaluation.id);
    return st;
}

static en_status write_file(const en_bundle_exporter *x, const char *path, en_bundle_out *out, en_error *err)
{
    unsigned char chunk[CHUNK];
    size_t n;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return en_error_errno(err, "cannot read '%s'", path);
    }
    en_status st = EN_OK;
    while (st == EN_OK && (n = fread(chunk, 1, sizeof chunk, stream)) > 0) {
        st = en_bundle_out_data(out, chunk, n, err);
        st = st == EN_OK ? en_stop_check(&x->project->events, err) : st;
    }
    if (st == EN_OK && ferror(stream) != 0) {
        st = en_error_set(err, EN_IO, "cannot read '%s'", path);
    }
    (void)fclose(stream);
    return st;
}

/* The photograph is what the catalog says it is: its hash is compared behind the first pass. */
static en_status write_picture(const en_bundle_exporter *x, const en_bundle_member *m, en_bundle_out *out,
                               en_error *err)
{
    char *path = NULL;
    en_status st = en_project_path(x->project, x->picture[m->picture].path, &path, err);
    if (st == EN_OK) {
        st = write_file(x, path, out, err);
    }
    en_free(path);
    return st;
}

en_status en_bundle_write_member(en_bundle_exporter *x, const en_bundle_member *m, en_bundle_out *out, en_error *err)
{
    switch (m->kind) {
    case EN_BUNDLE_PHOTOGRAPHS: return write_photographs(x, out, err);
    case EN_BUNDLE_SUBSETS: return write_subsets(x, out, err);
    case EN_BUNDLE_EVALUATIONS: return write_evaluations(x, x->run[m->run].run_id, out, err);
    case EN_BUNDLE_PICTURE: return write_picture(x, m, out, err);
    case EN_BUNDLE_WEIGHTS: return write_file(x, x->run[m->run].weights, out, err);
    default: return en_bundle_write_core(x->project, x->run[m->run].run_id, m->kind, out, err);
    }
}
