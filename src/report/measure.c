/* The predictions of a run in a report: the metrics, and how each grade fared. */
#include "base/memory.h"
#include "db/row.h"
#include "db/statements.h"
#include "report/parts.h"

/* A row of sql/report/grades: its grade becomes a name. */
typedef struct grade_row {
    int64_t grade; /* -1: ungraded */
    en_report_grade is;
} grade_row;

static const en_row_column grade_columns[] = {
    {"grade", EN_COL(grade_row, grade)},
    {"n", EN_COL(grade_row, is.n)},
    {"correct", EN_COL(grade_row, is.right)},
    {"mean_score", EN_COL(grade_row, is.mean_score)},
};
static const en_row_type grade_type = EN_ROW_TYPE(grade_row, grade_columns);

static en_status read_grades(en_db *db, en_report_result *r, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    size_t count = 0;
    en_status st = en_db_prepare(db, EN_SQL_REPORT_GRADES, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "evaluation_id", r->evaluation.id);
    st = en_rows_read(s, &grade_type, &rows, &count, err);
    if (st != EN_OK) {
        goto done;
    }
    const grade_row *row = rows;
    r->grade = en_calloc(count, sizeof *r->grade);
    if (r->grade == NULL && count > 0) {
        st = en_error_nomem(err, "the report's grades");
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        r->grade[i] = row[i].is;
        r->grade[i].name = en_report_grade_name(row[i].grade);
        r->grades = i + 1;
        if (r->grade[i].name == NULL) {
            st = en_error_nomem(err, "the report's grades");
            goto done;
        }
    }
done:
    en_rows_clear(&grade_type, rows, count);
    return st;
}

/* The newest evaluation of the part test, else the newest: moved out of the list. */
static en_status choose_evaluation(en_project *project, en_report_result *r, en_error *err)
{
    en_catalog_evaluations list = {0};
    en_status st = en_catalog_evaluations_of(project->catalog, r->run.id, &list, err);
    size_t chosen = 0;
    for (size_t i = list.count; i > 0; i--) {
        chosen = list.row[i - 1].part == EN_PART_TEST ? i - 1 : chosen;
    }
    if (st == EN_OK && list.count > 0) {
        r->has_evaluation = true;
        r->evaluation = list.row[chosen];
        list.row[chosen] = (en_catalog_evaluation){0};
    }
    en_catalog_evaluations_clear(&list);
    return st;
}

static en_status measure_band(const en_catalog_predictions *rows, const en_report_options *o, en_report_result *r,
                              en_error *err)
{
    for (size_t i = 0; i < EN_REPORT_BAND; i++) {
        r->band_specificity[i] = 0.05 * (double)(i + 1);
    }
    return en_metrics_band(rows, &r->classes, o->unit != 0 ? o->unit : EN_UNIT_PHOTOGRAPH,
                           o->combine != 0 ? o->combine : EN_COMBINE_WORST, r->band_specificity, EN_REPORT_BAND,
                           r->band_low, r->band_high, err);
}

static en_status measure(en_project *project, const en_catalog_predictions *rows, const en_report_options *o,
                         en_report_result *r, en_error *err)
{
    en_report_attributes attributes = {0};
    en_status st = en_metrics_compute(rows, &r->classes, r->run.target, &r->calibration,
                                      o->unit != 0 ? o->unit : EN_UNIT_PHOTOGRAPH,
                                      o->combine != 0 ? o->combine : EN_COMBINE_WORST, &r->metrics, err);
    if (st == EN_OK) {
        st = read_grades(en_catalog_db(project->catalog), r, err);
    }
    if (st == EN_OK) {
        st = en_report_find_attributes(project, r->evaluation.id, &attributes, err);
    }
    if (st == EN_OK && r->metrics.is_binary) {
        st = measure_band(rows, o, r, err);
    }
    if (st == EN_OK) {
        st = en_report_subgroups(project, rows, &attributes, o, r, err);
    }
    if (st == EN_OK && o->screening) {
        st = en_report_screen(project, rows, o, r, err);
    }
    if (st == EN_OK) {
        st = en_report_mistakes(project, rows, &attributes, o, r, err);
    }
    en_report_attributes_clear(&attributes);
    return st;
}

/* The patients of the evaluation that the run learned from, and those it was validated on; of several runs the most. Of
 * an imported run neither need be known. */
static en_status add_shared(en_project *project, const en_catalog_run *run, en_report_result *r, en_error *err)
{
    const int64_t subset[] = {run->subset_id, run->val_subset_id};
    int64_t *const most[] = {&r->shared_patients, &r->choosing_patients};
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < 2; i++) {
        int64_t patients = 0, images = 0;
        if (subset[i] >= 0) {
            st =
                en_catalog_subset_shared(project->catalog, subset[i], r->evaluation.subset_id, &patients, &images, err);
        }
        *most[i] = patients > *most[i] ? patients : *most[i];
    }
    return st;
}

en_status en_report_measure(en_project *project, const en_report_options *options, en_report_result *r, en_error *err)
{
    en_status st = EN_OK;
    if (options->positive != NULL) {
        st = en_classes_choose_positive(&r->classes, options->positive, err);
    }
    if (st == EN_OK) {
        st = choose_evaluation(project, r, err);
    }
    if (st != EN_OK || !r->has_evaluation) {
        return st;
    }
    st = en_catalog_subset_by_id(project->catalog, r->evaluation.subset_id, &r->eval_subset, err);
    if (st != EN_OK) {
        return st;
    }
    st = add_shared(project, &r->run, r, err);
    for (size_t i = 0; st == EN_OK && i < r->members.count; i++) {
        st = add_shared(project, &r->members.run[i], r, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_catalog_predictions rows = {0};
    st = en_catalog_predictions_of(project->catalog, r->evaluation.id, &rows, err);
    if (st == EN_OK) {
        st = measure(project, &rows, options, r, err);
    }
    en_catalog_predictions_clear(&rows);
    return st;
}
