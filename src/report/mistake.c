/* The photographs that a report shows: mistakes, the gravest kind first, and the most doubtful answers. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "db/row.h"
#include "db/statements.h"
#include "report/parts.h"
#include "training/explain.h"

#define REFERABLE 2 /* ICDR grades: Wilkinson et al. 2003 */
#define SEVERE 3
#define DOUBTFUL 0.1 /* an answer is doubtful where the two most probable classes are closer than this */

/* A prediction, why it may be shown, and what it is ordered by, least first. */
typedef struct candidate {
    const en_catalog_prediction *row;
    en_report_why why;
    double key;
} candidate;

/* By reason; of one reason the most confident mistake first; equals by the name of the photograph. */
static int by_why(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->why != y->why) {
        return x->why < y->why ? -1 : 1;
    }
    if (x->key < y->key || x->key > y->key) {
        return x->key < y->key ? -1 : 1;
    }
    int order = en_natural_compare(x->row->image, y->row->image);
    return order != 0 ? order : (x->row->variant_id > y->row->variant_id) - (x->row->variant_id < y->row->variant_id);
}

/* How much more probable the most probable class is than the next. */
static double lead_of(const en_catalog_prediction *p, size_t classes)
{
    double first = 0, second = 0;
    for (size_t i = 0; i < classes; i++) {
        double is = (double)p->probability[i];
        second = is > first ? first : is > second ? is : second;
        first = is > first ? is : first;
    }
    return first - second;
}

/* grade: the photograph's, -1 without a label. */
static en_report_why why_wrong(const en_report_result *r, const en_catalog_prediction *p, int64_t grade)
{
    bool is, called;
    if (r->metrics.is_binary) {
        is = (size_t)p->truth == r->classes.positive;
        called = !is;
    } else if (r->metrics.is_graded) {
        is = r->classes.value[p->truth] >= REFERABLE;
        called = r->classes.value[p->predicted] >= REFERABLE;
    } else {
        return EN_REPORT_WRONG;
    }
    if (is == called) {
        return EN_REPORT_WRONG;
    }
    return !is ? EN_REPORT_FALSE_ALARM : grade >= SEVERE ? EN_REPORT_MISSED_SEVERE : EN_REPORT_MISSED;
}

/* What sql/report/picture returns. */
typedef struct picture_row {
    int64_t grade; /* -1: no label */
    char *path;    /* of the pack, NULL: no sample */
    int64_t slot;
} picture_row;

static const en_row_column picture_columns[] = {
    {"grade", EN_COL(picture_row, grade)},
    {"path", EN_COL_MAY(picture_row, path, EN_RULE_PATH)},
    {"slot", EN_COL_MAY(picture_row, slot, EN_RULE_COUNT)},
};
static const en_row_type picture_type = EN_ROW_TYPE(picture_row, picture_columns);

/* What heat maps are made with; opened for the first. */
typedef struct explainer {
    en_model model;
    bool wanted, opened; /* opened: with network NULL, it could not be */
} explainer;

/* The heat map of a missed photograph over its pixels. Weights that are not there, or that memory does not suffice for,
 * leave it empty: the report is as true without. */
static en_status draw_heat(en_project *project, const en_catalog_run *run, explainer *x, const en_image *pixels,
                           en_report_mistake *m, en_error *err)
{
    en_error why;
    if (!x->wanted || (m->why != EN_REPORT_MISSED && m->why != EN_REPORT_MISSED_SEVERE)) {
        return EN_OK;
    }
    if (!x->opened) {
        x->opened = true;
        if (en_model_explainer_of_run(project, run, &x->model, NULL, &why) != EN_OK) {
            x->model = (en_model){0};
        }
    }
    m->explained = m->truth;
    en_image over = {0};
    if (x->model.network == NULL || pixels->width != x->model.recipe.size || m->truth >= x->model.classes.count) {
        return EN_OK;
    }
    en_status st = en_image_alloc(&over, pixels->width, pixels->height, err);
    if (st == EN_OK) {
        st = en_model_explain(&x->model, pixels->rgb, m->explained, over.rgb, err);
    }
    if (st == EN_OK) {
        st = en_report_jpeg(&over, &m->heat, err);
    }
    en_image_clear(&over);
    return st;
}

static en_status draw(en_project *project, const en_catalog_run *run, explainer *x, const picture_row *row,
                      en_report_mistake *m, en_error *err)
{
    en_image pixels = {0};
    en_status st = en_report_pixels(project, row->path, row->slot, m->mirror != 0, m->rotation, &pixels, err);
    if (st == EN_OK) {
        st = en_report_jpeg(&pixels, &m->jpeg, err);
    }
    if (st == EN_OK && pixels.rgb != NULL) {
        st = draw_heat(project, run, x, &pixels, m, err);
    }
    en_image_clear(&pixels);
    return st;
}

static en_status fill(en_project *project, const en_catalog_run *run, const candidate *c, explainer *x,
                      en_report_mistake *m, en_error *err)
{
    const en_catalog_prediction *p = c->row;
    *m = (en_report_mistake){.why = c->why,
                             .image = en_strdup(p->image),
                             .file = p->path != NULL ? en_strdup(p->path) : NULL,
                             .truth = (size_t)p->truth,
                             .predicted = (size_t)p->predicted,
                             .p = p->p,
                             .mirror = p->mirror,
                             .rotation = p->rotation};
    if (m->image == NULL || (m->file == NULL && p->path != NULL)) {
        return en_error_nomem(err, "the report's mistakes");
    }
    en_stmt *s;
    picture_row picture;
    en_status st = en_db_prepare(en_catalog_db(project->catalog), EN_SQL_REPORT_PICTURE, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_id(s, "recipe_id", run->recipe_id);
    en_stmt_bind_int(s, "image_id", p->image_id);
    st = en_row_one(s, &picture_type, &picture, err);
    if (st != EN_OK) {
        return st == EN_DONE ? EN_OK : st;
    }
    if (picture.grade >= 0 && (m->grade = en_report_grade_name(picture.grade)) == NULL) {
        st = en_error_nomem(err, "the report's mistakes");
    }
    if (st == EN_OK && picture.path != NULL) {
        st = draw(project, run, x, &picture, m, err);
    }
    en_row_clear(&picture_type, &picture);
    return st;
}

/* All mistakes, and the doubtful among the right answers; *count of them. */
static void find(const en_catalog_predictions *rows, const en_report_attributes *attributes, en_report_result *r,
                 candidate *list, size_t *count)
{
    for (size_t i = 0; i < rows->count; i++) {
        const en_catalog_prediction *p = &rows->row[i];
        if (!en_metrics_counts(p, r->classes.count)) {
            continue;
        }
        candidate c = {.row = p, .why = EN_REPORT_DOUBTFUL, .key = p->p};
        if (p->truth != p->predicted) {
            const en_report_attribute *a = en_report_attribute_of(attributes, p->variant_id);
            c.why = why_wrong(r, p, a != NULL ? a->grade : -1);
            r->mistakes_all++;
        } else if ((c.key = lead_of(p, r->classes.count)) >= DOUBTFUL) {
            continue;
        }
        r->why_all[c.why]++;
        list[(*count)++] = c;
    }
}

en_status en_report_mistakes(en_project *project, const en_catalog_predictions *rows,
                             const en_report_attributes *attributes, const en_report_options *options,
                             en_report_result *r, en_error *err)
{
    const size_t most = options->mistakes;
    explainer x = {.wanted = !options->no_page && (options->format == 0 || options->format == EN_REPORT_HTML ||
                                                   options->format == EN_REPORT_PDF)};
    size_t count = 0, of_why[EN_REPORT_WHYS] = {0};
    candidate *list = en_calloc(rows->count + 1, sizeof *list);
    en_report_mistake *shown = en_calloc(most * EN_REPORT_WHYS + 1, sizeof *shown);
    en_status st = list != NULL && shown != NULL ? EN_OK : en_error_nomem(err, "the report's mistakes");
    r->mistake = shown;
    if (st == EN_OK) {
        find(rows, attributes, r, list, &count);
        qsort(list, count, sizeof *list, by_why);
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        if (of_why[list[i].why]++ < most) {
            r->mistakes += list[i].why != EN_REPORT_DOUBTFUL;
            st = fill(project, &r->run, &list[i], &x, &r->mistake[r->shown++], err);
        }
    }
    en_model_close(&x.model);
    en_free(list);
    return st;
}
