/* An evaluation as a screening programme reads it: by patient, and whoever cannot be graded is referred. */
#include <math.h>

#include "base/memory.h"
#include "base/text.h"
#include "db/row.h"
#include "db/statements.h"
#include "report/parts.h"
#include "stats/proportion.h"

#define REFERABLE 2 /* ICDR grades: Wilkinson et al. 2003 */

/* A row of sql/report/screening. */
typedef struct person {
    int64_t patient_group, grade, ungradable;
} person;

static const en_row_column person_columns[] = {
    {"patient_group", EN_COL(person, patient_group)},
    {"grade", EN_COL(person, grade)},
    {"ungradable", EN_COL(person, ungradable)},
};
static const en_row_type person_type = EN_ROW_TYPE(person, person_columns);

static en_status read_people(en_project *project, const en_report_result *r, person **out, size_t *count, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    en_status st = en_db_prepare(en_catalog_db(project->catalog), EN_SQL_REPORT_SCREENING, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_int(s, "evaluation_id", r->evaluation.id);
        en_stmt_bind_id(s, "split_id", r->split.id);
        en_stmt_bind_text(s, "part", en_word(&en_parts, r->evaluation.part));
        st = en_rows_read(s, &person_type, &rows, count, err);
    }
    *out = rows;
    return st;
}

/* The grade from which on the target is positive: 'grade >= 2', or that of referable grades. */
static en_status find_least(const en_report_result *r, int64_t *least, en_error *err)
{
    if (r->metrics.is_graded) {
        *least = REFERABLE;
        return EN_OK;
    }
    static const char begins[] = "grade >= ";
    if (r->metrics.is_binary && r->classes.positive == 1 && en_starts_with(r->run.target, begins) &&
        en_parse_int(r->run.target + sizeof begins - 1, least)) {
        return EN_OK;
    }
    return en_error_hint(err, en_error_set(err, EN_INPUT, "the target '%s' is not one of grades", r->run.target),
                         "screening is about targets such as 'grade >= 2' or grade");
}

/* Whether a patient is called positive: by the threshold, or by the class that was answered. */
static bool called(const en_report_result *r, const en_answers *a, size_t i, const en_report_screening *s)
{
    if (!isnan(s->threshold)) {
        return (double)a->probability[i * a->classes + r->classes.positive] >= s->threshold;
    }
    return r->metrics.is_graded ? r->classes.value[a->predicted[i]] >= (double)s->least
                                : (size_t)a->predicted[i] == r->classes.positive;
}

/* positive[group]: 1 where the patient is called positive, 2 where negative, 0 without an answer. */
static en_status call_patients(const en_catalog_predictions *rows, en_combine combine, const en_report_result *r,
                               const en_report_screening *s, unsigned char **answer, size_t *groups, en_error *err)
{
    en_answers a = {0};
    en_status st = en_answers_of(rows, &r->classes, &r->calibration, EN_UNIT_PATIENT, combine, &a, err);
    for (size_t i = 0; st == EN_OK && i < a.count; i++) {
        *groups = (size_t)a.patient[i] + 1 > *groups ? (size_t)a.patient[i] + 1 : *groups;
    }
    if (st == EN_OK && (*answer = en_calloc(*groups + 1, 1)) == NULL) {
        st = en_error_nomem(err, "the screening");
    }
    for (size_t i = 0; st == EN_OK && i < a.count; i++) {
        (*answer)[a.patient[i]] = called(r, &a, i, s) ? 1 : 2;
    }
    en_answers_clear(&a);
    return st;
}

static void count_person(en_report_screening *s, const person *p, unsigned char answer)
{
    en_report_screened *of = &s->grade[p->grade >= 0 && p->grade < EN_REPORT_SCREENED - 1 ? p->grade : 5];
    bool ungradable = answer != 1 && p->ungradable > 0;
    if (answer == 0 && !ungradable) {
        return; /* its truth is not known, so it was not measured */
    }
    s->patients++;
    s->ungradable += ungradable;
    s->referred += ungradable || answer == 1;
    of->ungradable += ungradable;
    of->positive += answer == 1;
    of->negative += answer == 2 && !ungradable;
}

static en_metric share(int64_t hits, int64_t n)
{
    double value = n > 0 ? (double)hits / (double)n : (double)NAN;
    return (en_metric){value, en_proportion_wilson(value, (double)n)};
}

/* Patients are independent, so the intervals are Wilson's. */
static void rate(en_report_screening *s, double prevalence)
{
    en_report_screened is = {0}, not = {0};
    for (int64_t g = 0; g < EN_REPORT_SCREENED - 1; g++) {
        en_report_screened *side = g >= s->least ? &is : &not, *of = &s->grade[g];
        side->positive += of->positive;
        side->negative += of->negative;
        side->ungradable += of->ungradable;
    }
    s->positives = is.positive + is.negative + is.ungradable;
    s->negatives = not .positive + not .negative + not .ungradable;
    s->sensitivity = share(is.positive + is.ungradable, s->positives);
    s->specificity = share(not .negative, s->negatives);
    s->sensitivity_gradable = share(is.positive, is.positive + is.negative);
    s->specificity_gradable = share(not .negative, not .positive + not .negative);
    s->imageability = share(s->patients - s->ungradable, s->patients);
    s->prevalence = prevalence > 0 ? prevalence : (double)s->positives / (double)(s->positives + s->negatives);
    double n1 = (double)s->positives, n0 = (double)s->negatives, se = s->sensitivity.value, sp = s->specificity.value;
    s->ppv.is_in = en_predictive_value(se, n1, sp, n0, s->prevalence, 1, &s->ppv.value);
    s->npv.is_in = en_predictive_value(se, n1, sp, n0, s->prevalence, 0, &s->npv.value);
}

en_status en_report_screen(en_project *project, const en_catalog_predictions *rows, const en_report_options *options,
                           en_report_result *r, en_error *err)
{
    en_report_screening *s = &r->screening;
    const en_at_threshold *at = &r->metrics.binary.at[EN_AT_SENSITIVITY];
    person *people = NULL;
    unsigned char *answer = NULL;
    size_t count = 0, groups = 0;
    s->chosen = r->metrics.is_binary && !isnan(at->threshold);
    s->threshold = s->chosen ? at->threshold : (double)NAN;
    en_status st = find_least(r, &s->least, err);
    if (st == EN_OK) {
        st = call_patients(rows, options->combine != 0 ? options->combine : EN_COMBINE_WORST, r, s, &answer, &groups,
                           err);
    }
    if (st == EN_OK) {
        st = read_people(project, r, &people, &count, err);
    }
    if (st == EN_OK) {
        st = en_db_number(en_catalog_db(project->catalog), EN_SQL_REPORT_NEVER_GRADED, &s->never_graded, err);
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        int64_t group = people[i].patient_group;
        count_person(s, &people[i], group >= 0 && (size_t)group < groups ? answer[group] : 0);
    }
    if (st == EN_OK) {
        rate(s, options->prevalence);
        r->has_screening = true;
    }
    en_rows_clear(&person_type, people, count);
    en_free(answer);
    return st;
}
