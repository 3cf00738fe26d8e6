/* doctor: what must hold between rows is derived again, whoever wrote them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/name.h"
#include "db/row.h"
#include "db/statements.h"
#include "image/sample.h"
#include "project/doctor_look.h"

#define RULES "rules"

/* What sql/doctor/rules returns. */
typedef struct rule {
    char *what, *example;
    int64_t found;
} rule;
static const en_row_column rule_columns[] = {
    {"what", EN_COL_IS(rule, what, EN_RULE_TEXT)},
    {"found", EN_COL(rule, found)},
    {"example", EN_COL(rule, example)},
};
static const en_row_type rule_type = EN_ROW_TYPE(rule, rule_columns);

/* What sql/doctor/named_patients returns, and sql/doctor/measured. */
typedef struct image_row {
    char *name, *path, *patient, *eye;
    double brightness, contrast, sharpness, black_fraction;
} image_row;
static const en_row_column named_columns[] = {
    {"name", EN_COL_IS(image_row, name, EN_RULE_TEXT)},
    {"path", EN_COL(image_row, path)},
    {"patient", EN_COL_IS(image_row, patient, EN_RULE_TEXT)},
    {"eye", EN_COL(image_row, eye)},
};
static const en_row_type named_type = EN_ROW_TYPE(image_row, named_columns);
static const en_row_column measured_columns[] = {
    {"name", EN_COL_IS(image_row, name, EN_RULE_TEXT)}, {"path", EN_COL_IS(image_row, path, EN_RULE_PATH)},
    {"brightness", EN_COL(image_row, brightness)},      {"contrast", EN_COL(image_row, contrast)},
    {"sharpness", EN_COL(image_row, sharpness)},        {"black_fraction", EN_COL(image_row, black_fraction)},
};
static const en_row_type measured_type = EN_ROW_TYPE(image_row, measured_columns);

/* Looks at a row; *wrong says that it is not as it should be. */
typedef en_status look_fn(en_project *project, const image_row *row, bool *wrong, en_error *err);

/* The patient, behind the dataset's name where it has its own. */
static en_status look_at_patient(en_project *project, const image_row *row, bool *wrong, en_error *err)
{
    (void)project;
    en_catalog_name told;
    en_status st = en_catalog_name_parse(row->path != NULL ? row->path : row->name, &told, err);
    const char *slash = strrchr(row->patient, '/');
    *wrong = st == EN_OK && told.from == EN_PATIENT_NAME && strcmp(row->patient, told.patient) != 0 &&
             (slash == NULL || strcmp(slash + 1, told.patient) != 0);
    return st;
}

static bool differ(double a, double b, double tolerance)
{
    return !isnan(a) && !isnan(b) && !(fabs(a - b) <= tolerance);
}

/* Measured at this recipe's scale: other scales differ in the fourth digit, sharpness by up to 0.04 (quality.h). */
static en_status look_at_measures(en_project *project, const image_row *row, bool *wrong, en_error *err)
{
    en_recipe recipe;
    en_image_info info;
    en_quality q;
    en_gate gate;
    en_buf bytes;
    char *path = NULL;
    en_buf_init(&bytes, EN_DECODE_MAX_BYTES);
    en_status st = en_recipe_parse("crop=none size=64", &recipe, err);
    uint8_t *sample = st == EN_OK ? en_alloc(en_recipe_bytes(&recipe)) : NULL;
    if (st == EN_OK && sample == NULL) {
        st = en_error_nomem(err, "a sample");
    }
    if (st == EN_OK) {
        st = en_project_path(project, row->path, &path, err);
    }
    if (st == EN_OK) {
        st = en_file_read(path, &bytes, err);
    }
    if (st == EN_OK) {
        st = en_sample_make(bytes.data, bytes.size, &recipe, NULL, sample, &info, &q, &gate, err);
    }
    *wrong = st == EN_OK &&
             (differ(q.brightness, row->brightness, 0.01) || differ(q.contrast, row->contrast, 0.01) ||
              differ(q.sharpness, row->sharpness, 0.06) || differ(q.black_fraction, row->black_fraction, 0.01));
    en_buf_clear(&bytes);
    en_free(path);
    en_free(sample);
    return st;
}

/* Every row of a statement; *wrong counts those that are not as they should be, and `first` names one. A photograph
 * that cannot be read is found elsewhere. */
static en_status look_at_rows(en_project *project, en_sql list, const en_row_type *type, look_fn *look,
                              long long *wrong, char first[100], en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(en_catalog_db(project->catalog), list, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_row_bind(s, type, err);
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        image_row row = {0};
        bool is_wrong = false;
        st = en_row_read(s, &row, err);
        if (st == EN_OK) {
            en_error ignored;
            en_status looked = look(project, &row, &is_wrong, &ignored);
            st = looked == EN_NOMEM ? en_error_copy(err, &ignored) : en_stop_check(&project->events, err);
        }
        if (is_wrong && (*wrong)++ == 0) {
            snprintf(first, 100, "%s", row.name);
        }
        en_row_clear(type, &row);
    }
    en_stmt_reset(s);
    return st == EN_DONE ? EN_OK : st;
}

static void report(en_doctor_result *r, const char *what, long long found, const char *example)
{
    en_doctor_find(r, EN_FINDING_BAD, RULES, EN_DB_RESTORE, "%s: %lld%s%.100s", what, found,
                   example != NULL ? "; the first: " : "", example != NULL ? example : "");
}

static en_status look_at_statement(en_project *project, size_t *rules, en_doctor_result *r, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    en_status st = en_db_prepare(en_catalog_db(project->catalog), EN_SQL_DOCTOR_RULES, &s, err);
    if (st == EN_OK) {
        st = en_rows_read(s, &rule_type, &rows, rules, err);
    }
    for (size_t i = 0; st == EN_OK && i < *rules; i++) {
        const rule *is = (const rule *)rows + i;
        if (is->found != 0) {
            report(r, is->what, (long long)is->found, is->example);
        }
    }
    en_rows_clear(&rule_type, rows, *rules);
    return st;
}

void en_doctor_look_at_rules(en_project *project, bool deep, en_doctor_result *r)
{
    en_error err;
    size_t rules = 0, before = r->bad;
    long long patients = 0, measures = 0;
    char first[100] = "";
    en_status st = look_at_statement(project, &rules, r, &err);
    if (st == EN_OK) {
        st = look_at_rows(project, EN_SQL_DOCTOR_NAMED_PATIENTS, &named_type, look_at_patient, &patients, first, &err);
    }
    if (st == EN_OK && patients > 0) {
        report(r, "images with another patient than their name tells", patients, first);
    }
    if (st == EN_OK && deep) {
        st = look_at_rows(project, EN_SQL_DOCTOR_MEASURED, &measured_type, look_at_measures, &measures, first, &err);
    }
    if (st == EN_OK && measures > 0) {
        report(r, "images with other measures than their photographs give", measures, first);
    }
    if (st != EN_OK) {
        en_doctor_blame(project->root, r, RULES, &err);
    } else if (r->bad == before) {
        en_doctor_find(r, EN_FINDING_OK, RULES, "", "%zu hold between the rows%s", rules + 1,
                       deep ? ", and measures are those of the photographs" : "");
    }
}
