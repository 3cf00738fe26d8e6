/* Subgroups of an evaluation: the same predictions by unit and by attributes of the photographs, and those of the run's
 * other evaluations, each with intervals. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "db/row.h"
#include "db/statements.h"
#include "report/parts.h"

#define GROUPS 6 /* of one attribute; the rarer ones are taken together */

static const en_row_column attribute_columns[] = {
    {"variant_id", EN_COL(en_report_attribute, variant_id)},
    {"grade", EN_COL(en_report_attribute, grade)},
    {"eye", EN_COL(en_report_attribute, eye)},
    {"dataset", EN_COL(en_report_attribute, dataset)},
    {"size", EN_COL(en_report_attribute, size)},
    {"quality", EN_COL(en_report_attribute, quality)},
};
static const en_row_type attribute_type = EN_ROW_TYPE(en_report_attribute, attribute_columns);

en_status en_report_find_attributes(en_project *project, int64_t evaluation_id, en_report_attributes *out,
                                    en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    en_status st = en_db_prepare(en_catalog_db(project->catalog), EN_SQL_REPORT_ATTRIBUTES, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_int(s, "evaluation_id", evaluation_id);
        st = en_rows_read(s, &attribute_type, &rows, &out->count, err);
    }
    out->row = rows;
    return st;
}

void en_report_attributes_clear(en_report_attributes *a)
{
    en_rows_clear(&attribute_type, a->row, a->count);
    *a = (en_report_attributes){0};
}

static int by_variant(const void *key, const void *row)
{
    int64_t a = *(const int64_t *)key, b = ((const en_report_attribute *)row)->variant_id;
    return (a > b) - (a < b);
}

const en_report_attribute *en_report_attribute_of(const en_report_attributes *a, int64_t variant_id)
{
    return a->count > 0 ? bsearch(&variant_id, a->row, a->count, sizeof *a->row, by_variant) : NULL;
}

/* Appends; `name` is copied. */
static en_report_subgroup *add(en_report_result *r, const char *name, en_error *err)
{
    en_report_subgroup *grown = en_array_grow(r->subgroup, r->subgroups, sizeof *grown, err);
    if (grown == NULL) {
        return NULL;
    }
    r->subgroup = grown;
    en_report_subgroup *s = &grown[r->subgroups];
    *s = (en_report_subgroup){.n = -1};
    s->name = en_strdup(name);
    if (s->name == NULL) {
        (void)en_error_nomem(err, "the report's subgroups");
        return NULL;
    }
    r->subgroups++;
    return s;
}

static void take(en_report_subgroup *s, const en_metrics *m)
{
    s->n = m->n;
    s->positives = m->is_binary ? m->binary.positives : m->is_graded ? m->referable.positives : -1;
    s->value = m->is_binary ? m->binary.auc : m->is_graded ? m->referable.auc : m->accuracy;
    s->sensitivity = m->is_graded ? m->referable.sensitivity : m->binary.sensitivity;
    s->specificity = m->is_graded ? m->referable.specificity : m->binary.specificity;
}

/* One line; none where the target cannot be counted by that unit. */
static en_status measure(const en_catalog_predictions *rows, en_unit unit, en_combine combine, const char *name,
                         en_report_result *r, en_error *err)
{
    en_metrics m = {0};
    en_error why = {0};
    en_status st = en_metrics_compute(rows, &r->classes, r->run.target, &r->calibration, unit, combine, &m, &why);
    if (st == EN_INPUT) {
        st = EN_OK;
    } else if (st != EN_OK) {
        *err = why;
    } else if (m.n > 0) {
        en_report_subgroup *s = add(r, name, err);
        st = s != NULL ? EN_OK : EN_NOMEM;
        if (s != NULL) {
            take(s, &m);
        }
    }
    en_metrics_clear(&m);
    return st;
}

static en_status by_unit(const en_catalog_predictions *rows, en_combine combine, en_report_result *r, en_error *err)
{
    static const char *const name[] = {
        [EN_UNIT_PHOTOGRAPH] = "photograph", [EN_UNIT_EYE] = "eye", [EN_UNIT_PATIENT] = "patient"};
    en_status st = add(r, "Counted per", err) != NULL ? EN_OK : EN_NOMEM;
    for (int unit = EN_UNIT_PHOTOGRAPH; st == EN_OK && unit <= EN_UNIT_PATIENT; unit++) {
        st = measure(rows, (en_unit)unit, combine, name[unit], r, err);
    }
    return st;
}

/* The newest evaluation of each part other than the one reported. */
static en_status by_part(en_project *project, const en_catalog_predictions *rows, en_unit unit, en_combine combine,
                         en_report_result *r, en_error *err)
{
    static const en_part part[] = {EN_PART_TRAIN, EN_PART_VAL, EN_PART_TEST};
    static const char *const name[] = {"training", "validation", "test"};
    en_catalog_evaluations list = {0};
    en_status st = en_catalog_evaluations_of(project->catalog, r->run.id, &list, err);
    bool headed = false;
    for (size_t p = 0; st == EN_OK && p < 3; p++) {
        size_t i = 0;
        while (i < list.count &&
               (list.row[i].part != part[p] || (part[p] == r->evaluation.part && list.row[i].id != r->evaluation.id))) {
            i++;
        }
        if (i == list.count || list.count < 2) {
            continue;
        }
        if (!headed) {
            headed = true;
            st = add(r, "Part", err) != NULL ? EN_OK : EN_NOMEM;
        }
        en_catalog_predictions other = {0};
        if (st == EN_OK && list.row[i].id != r->evaluation.id) {
            st = en_catalog_predictions_of(project->catalog, list.row[i].id, &other, err);
        }
        if (st == EN_OK) {
            st = measure(list.row[i].id == r->evaluation.id ? rows : &other, unit, combine, name[p], r, err);
        }
        en_catalog_predictions_clear(&other);
    }
    en_catalog_evaluations_clear(&list);
    return st;
}

/* Groups by an attribute ------------------------------------------------------------------------------------------- */

/* Of every prediction: the name of its group (borrowed; NULL: in none). */
typedef struct grouping {
    const char **of; /* [rows] */
    char third[3][64];
} grouping;

typedef struct group {
    const char *name;
    size_t count;
} group;

static int by_count(const void *a, const void *b)
{
    const group *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count) - (x->count > y->count) : en_natural_compare(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
    return en_natural_compare(((const group *)a)->name, ((const group *)b)->name);
}

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* The groups there are, the commonest GROUPS by name, the others as one at the end. */
static en_status list_groups(const grouping *g, size_t rows, group list[GROUPS + 1], size_t *count, en_error *err)
{
    const char **sorted = en_calloc(rows + 1, sizeof *sorted);
    group *all = en_calloc(rows + 1, sizeof *all);
    size_t n = 0, groups = 0;
    en_status st = sorted != NULL && all != NULL ? EN_OK : en_error_nomem(err, "the report's subgroups");
    for (size_t i = 0; st == EN_OK && i < rows; i++) {
        if (g->of[i] != NULL) {
            sorted[n++] = g->of[i];
        }
    }
    if (st == EN_OK) {
        qsort(sorted, n, sizeof *sorted, by_text);
        for (size_t i = 0; i < n; i++) {
            groups += i == 0 || strcmp(sorted[i], sorted[i - 1]) != 0;
            all[groups - 1].name = sorted[i];
            all[groups - 1].count++;
        }
        qsort(all, groups, sizeof *all, by_count);
        *count = groups <= GROUPS ? groups : GROUPS - 1;
        memcpy(list, all, *count * sizeof *all);
        qsort(list, *count, sizeof *list, by_name);
        if (*count < groups) {
            list[(*count)++] = (group){.name = NULL, .count = 1};
        }
    }
    en_free(sorted);
    en_free(all);
    return st;
}

static bool is_in(const group *list, size_t count, size_t k, const char *name)
{
    if (name == NULL || list[k].name != NULL) {
        return name != NULL && strcmp(list[k].name, name) == 0;
    }
    for (size_t i = 0; i < count; i++) { /* the rest: of no group that has a name */
        if (list[i].name != NULL && strcmp(list[i].name, name) == 0) {
            return false;
        }
    }
    return true;
}

static en_status by_group(const en_catalog_predictions *rows, const grouping *g, const char *heading, en_unit unit,
                          en_combine combine, en_report_result *r, en_error *err)
{
    group list[GROUPS + 1];
    size_t groups = 0;
    en_status st = list_groups(g, rows->count, list, &groups, err);
    if (st != EN_OK || groups < 2) {
        return st;
    }
    en_catalog_predictions some = {.row = en_calloc(rows->count, sizeof *some.row), .classes = rows->classes};
    if (some.row == NULL) {
        return en_error_nomem(err, "the report's subgroups");
    }
    st = add(r, heading, err) != NULL ? EN_OK : EN_NOMEM;
    for (size_t k = 0; st == EN_OK && k < groups; k++) {
        some.count = 0;
        for (size_t i = 0; i < rows->count; i++) {
            if (is_in(list, groups, k, g->of[i])) {
                some.row[some.count++] = rows->row[i];
            }
        }
        st = measure(&some, unit, combine, list[k].name != NULL ? list[k].name : "others", r, err);
    }
    en_free(some.row); /* what its rows point to belongs to `rows` */
    return st;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Thirds of the photographs by their quality score. */
static en_status name_thirds(const en_report_attributes *attributes, const en_catalog_predictions *rows, grouping *g,
                             en_error *err)
{
    double *score = en_calloc(attributes->count + 1, sizeof *score);
    size_t n = 0;
    if (score == NULL) {
        return en_error_nomem(err, "the report's subgroups");
    }
    for (size_t i = 0; i < attributes->count; i++) {
        if (isfinite(attributes->row[i].quality)) {
            score[n++] = attributes->row[i].quality;
        }
    }
    qsort(score, n, sizeof *score, by_value);
    double low = n > 0 ? score[n / 3] : 0, high = n > 0 ? score[2 * n / 3] : 0;
    char a[EN_NUMBER_TEXT], b[EN_NUMBER_TEXT];
    en_number_fixed(low, 2, a);
    en_number_fixed(high, 2, b);
    snprintf(g->third[0], sizeof g->third[0], "below %s", a);
    snprintf(g->third[1], sizeof g->third[1], "from %s", a);
    snprintf(g->third[2], sizeof g->third[2], "from %s", b);
    for (size_t i = 0; i < rows->count; i++) {
        const en_report_attribute *at = en_report_attribute_of(attributes, rows->row[i].variant_id);
        bool known = at != NULL && isfinite(at->quality) && low < high;
        g->of[i] = !known ? NULL : g->third[at->quality < low ? 0 : at->quality < high ? 1 : 2];
    }
    en_free(score);
    return EN_OK;
}

static en_status by_attribute(const en_catalog_predictions *rows, const en_report_attributes *attributes, en_unit unit,
                              en_combine combine, en_report_result *r, en_error *err)
{
    static const char *const heading[] = {"Eye", "Dataset", "Size of the photograph, px", "Quality score"};
    grouping g = {.of = en_calloc(rows->count + 1, sizeof *g.of)};
    en_status st = g.of != NULL ? EN_OK : en_error_nomem(err, "the report's subgroups");
    for (size_t k = 0; st == EN_OK && k < 4; k++) {
        for (size_t i = 0; i < rows->count; i++) {
            const en_report_attribute *a = en_report_attribute_of(attributes, rows->row[i].variant_id);
            const char *const name[] = {a != NULL ? a->eye : NULL, a != NULL ? a->dataset : NULL,
                                        a != NULL ? a->size : NULL, NULL};
            g.of[i] = name[k];
        }
        if (k == 3) {
            st = name_thirds(attributes, rows, &g, err);
        }
        if (st == EN_OK) {
            st = by_group(rows, &g, heading[k], unit, combine, r, err);
        }
    }
    en_free(g.of);
    return st;
}

en_status en_report_subgroups(en_project *project, const en_catalog_predictions *rows,
                              const en_report_attributes *attributes, const en_report_options *options,
                              en_report_result *r, en_error *err)
{
    en_unit unit = options->unit != 0 ? options->unit : EN_UNIT_PHOTOGRAPH;
    en_combine combine = options->combine != 0 ? options->combine : EN_COMBINE_WORST;
    en_status st = by_unit(rows, combine, r, err);
    if (st == EN_OK) {
        st = by_part(project, rows, unit, combine, r, err);
    }
    return st == EN_OK ? by_attribute(rows, attributes, unit, combine, r, err) : st;
}
