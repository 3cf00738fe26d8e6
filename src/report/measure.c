/* The predictions of a run in a report: the metrics, how each grade fared, and the worst mistakes as pictures. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "db/row.h"
#include "db/statements.h"
#include "image/variant.h"
#include "image/encode.h"
#include "image/pack.h"
#include "report/parts.h"

#define JPEG_QUALITY 85
#define JPEG_CAP ((size_t)4 << 20)

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

/* The most confident mistake first; equals by the name of the photograph. */
static int worst_first(const void *a, const void *b)
{
    const en_catalog_prediction *x = *(const en_catalog_prediction *const *)a;
    const en_catalog_prediction *y = *(const en_catalog_prediction *const *)b;
    if (x->p < y->p || x->p > y->p) {
        return x->p < y->p ? -1 : 1;
    }
    int order = en_natural_compare(x->image, y->image);
    return order != 0 ? order : (x->variant_id > y->variant_id) - (x->variant_id < y->variant_id);
}

/* The pixels as a JPEG. A pack that is gone, or another, leaves the picture out: the report is as true without it. */
static en_status draw_picture(en_project *project, const char *pack, int64_t slot, en_report_mistake *m, en_error *err)
{
    en_pack_reader reader = {0};
    char *path = en_project_path(project, pack);
    if (path == NULL) {
        return en_error_nomem(err, "a path");
    }
    en_status st = en_pack_reader_open(&reader, path, NULL, slot + 1, err);
    en_free(path);
    if (st != EN_OK) {
        if (st == EN_NOMEM) {
            return st;
        }
        en_error_clear(err);
        return EN_OK;
    }
    const uint8_t *sample = en_pack_reader_slot(&reader, slot);
    uint8_t *turned = en_alloc(reader.slot_bytes);
    if (turned == NULL) {
        st = en_error_nomem(err, "a picture");
    } else if (sample != NULL) {
        en_variant_render(sample, reader.size, m->mirror != 0, m->rotation, turned);
        en_buf_init(&m->jpeg, JPEG_CAP);
        st = en_encode_jpeg(turned, reader.size, reader.size, JPEG_QUALITY, EN_CHROMA_420, &m->jpeg, err);
    }
    en_free(turned);
    en_pack_reader_close(&reader);
    return st;
}

/* What sql/report/picture returns. */
typedef struct picture_row {
    int64_t grade; /* -1: no label */
    char *path;    /* of the pack, NULL: no sample */
    int64_t slot;
} picture_row;

static const en_row_column picture_columns[] = {
    {"grade", EN_COL(picture_row, grade)},
    {"path", EN_COL(picture_row, path)},
    {"slot", EN_COL(picture_row, slot)},
};
static const en_row_type picture_type = EN_ROW_TYPE(picture_row, picture_columns);

static en_status fill_mistake(en_project *project, const en_catalog_run *run, const en_catalog_prediction *p,
                              en_report_mistake *m, en_error *err)
{
    *m = (en_report_mistake){.image = en_strdup(p->image),
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
    en_stmt_bind_int(s, "recipe_id", run->recipe_id);
    en_stmt_bind_int(s, "image_id", p->image_id);
    st = en_row_one(s, &picture_type, &picture, err);
    if (st != EN_OK) {
        return st == EN_DONE ? EN_OK : st;
    }
    if (picture.grade >= 0 && (m->grade = en_report_grade_name(picture.grade)) == NULL) {
        st = en_error_nomem(err, "the report's mistakes");
    }
    if (st == EN_OK && picture.path != NULL) {
        st = draw_picture(project, picture.path, picture.slot, m, err);
    }
    en_row_clear(&picture_type, &picture);
    return st;
}

static en_status show_mistakes(en_project *project, const en_catalog_predictions *rows, size_t most,
                               en_report_result *r, en_error *err)
{
    const en_catalog_prediction **wrong = en_calloc(rows->count, sizeof *wrong);
    if (wrong == NULL && rows->count > 0) {
        return en_error_nomem(err, "the report's mistakes");
    }
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (en_metrics_counts(&rows->row[i], r->classes.count) && rows->row[i].truth != rows->row[i].predicted) {
            wrong[count++] = &rows->row[i];
        }
    }
    qsort(wrong, count, sizeof *wrong, worst_first);
    count = count < most ? count : most;
    en_status st = EN_OK;
    if (count > 0 && (r->mistake = en_calloc(count, sizeof *r->mistake)) == NULL) {
        st = en_error_nomem(err, "the report's mistakes");
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        r->mistakes = i + 1;
        st = fill_mistake(project, &r->run, wrong[i], &r->mistake[i], err);
    }
    en_free(wrong);
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

/* The mistakes are those of predictions, views of a photograph each by itself: their pictures are shown. */
static int64_t count_mistakes(const en_catalog_predictions *rows, size_t classes)
{
    int64_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        count += en_metrics_counts(&rows->row[i], classes) && rows->row[i].truth != rows->row[i].predicted;
    }
    return count;
}

static en_status measure(en_project *project, const en_catalog_predictions *rows, const en_report_options *o,
                         en_report_result *r, en_error *err)
{
    en_status st = en_metrics_compute(rows, &r->classes, r->run.target, &r->calibration,
                                      o->unit != 0 ? o->unit : EN_UNIT_PHOTOGRAPH,
                                      o->combine != 0 ? o->combine : EN_COMBINE_WORST, &r->metrics, err);
    r->mistakes_all = count_mistakes(rows, r->classes.count);
    if (st == EN_OK) {
        st = read_grades(en_catalog_db(project->catalog), r, err);
    }
    return st == EN_OK ? show_mistakes(project, rows, o->mistakes, r, err) : st;
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
    int64_t images = 0;
    st = en_catalog_subset_by_id(project->catalog, r->evaluation.subset_id, &r->eval_subset, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_subset_shared(project->catalog, r->run.subset_id, r->evaluation.subset_id, &r->shared_patients,
                                  &images, err);
    if (st != EN_OK) {
        return st;
    }
    if (r->run.val_subset_id >= 0) {
        st = en_catalog_subset_shared(project->catalog, r->run.val_subset_id, r->evaluation.subset_id,
                                      &r->choosing_patients, &images, err);
        if (st != EN_OK) {
            return st;
        }
    }
    en_catalog_predictions rows = {0};
    st = en_catalog_predictions_of(project->catalog, r->evaluation.id, &rows, err);
    if (st == EN_OK) {
        st = measure(project, &rows, options, r, err);
    }
    en_catalog_predictions_clear(&rows);
    return st;
}
