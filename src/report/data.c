/* What a report shows of the photographs alone: their quality, sizes, variants, and examples of each grade. */
#include <string.h>

#include "base/memory.h"
#include "db/row.h"
#include "db/statements.h"
#include "report/parts.h"

static const char *const trait_names[] = {
    NULL,
    [EN_REPORT_BRIGHTNESS] = "brightness",
    [EN_REPORT_CONTRAST] = "contrast",
    [EN_REPORT_SHARPNESS] = "sharpness",
    [EN_REPORT_SCORE] = "score",
};
static const en_wordlist traits = EN_WORDLIST("measure of quality", trait_names);

/* A row of sql/report/measures. */
typedef struct measure_row {
    en_report_trait trait;
    int64_t bin, accepted, rejected;
} measure_row;

static const en_row_column measure_columns[] = {
    {"measure", EN_COL_WORD(measure_row, trait, traits)},
    {"bin", EN_COL_IS(measure_row, bin, EN_RULE_COUNT)},
    {"accepted", EN_COL(measure_row, accepted)},
    {"rejected", EN_COL(measure_row, rejected)},
};
static const en_row_type measure_type = EN_ROW_TYPE(measure_row, measure_columns);

static en_status read_histograms(en_db *db, en_report_result *r, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    size_t count = 0;
    en_status st = en_db_prepare(db, EN_SQL_REPORT_MEASURES, &s, err);
    if (st == EN_OK) {
        st = en_rows_read(s, &measure_type, &rows, &count, err);
    }
    const measure_row *row = rows;
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        if (row[i].bin < EN_REPORT_BINS) {
            r->histogram[row[i].trait].accepted[row[i].bin] = row[i].accepted;
            r->histogram[row[i].trait].rejected[row[i].bin] = row[i].rejected;
        }
    }
    en_rows_clear(&measure_type, rows, count);
    return st;
}

static const en_row_column size_columns[] = {
    {"width", EN_COL(en_report_size, width)},
    {"height", EN_COL(en_report_size, height)},
    {"photographs", EN_COL(en_report_size, photographs)},
    {"patients", EN_COL(en_report_size, patients)},
    {"accepted", EN_COL(en_report_size, accepted)},
    {"graded", EN_COL(en_report_size, graded)},
    {"referable", EN_COL(en_report_size, referable)},
};
static const en_row_type size_type = EN_ROW_TYPE(en_report_size, size_columns);

static en_status read_sizes(en_db *db, en_report_result *r, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    en_status st = en_db_prepare(db, EN_SQL_REPORT_SIZES, &s, err);
    if (st == EN_OK) {
        st = en_rows_read(s, &size_type, &rows, &r->sizes, err);
    }
    r->size = rows;
    return st;
}

static const en_row_column view_columns[] = {
    {"grade", EN_COL(en_report_view, grade)},
    {"plain", EN_COL(en_report_view, plain)},
    {"changed", EN_COL(en_report_view, changed)},
};
static const en_row_type view_type = EN_ROW_TYPE(en_report_view, view_columns);

static en_status read_views(en_db *db, en_report_result *r, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    en_status st = en_db_prepare(db, EN_SQL_REPORT_VIEWS, &s, err);
    if (st == EN_OK) {
        st = en_rows_read(s, &view_type, &rows, &r->views_by_grade, err);
    }
    r->view = rows;
    for (size_t i = 0; st == EN_OK && i < r->views_by_grade; i++) {
        r->view[i].name = en_report_grade_name(r->view[i].grade);
        st = r->view[i].name != NULL ? EN_OK : en_error_nomem(err, "the report");
    }
    return st;
}

/* A row of sql/report/examples. */
typedef struct example_row {
    int64_t grade; /* -1: no label */
    char *image, *file, *path;
    int64_t slot;
} example_row;

static const en_row_column example_columns[] = {
    {"grade", EN_COL(example_row, grade)},
    {"image", EN_COL_IS(example_row, image, EN_RULE_TEXT)},
    {"file", EN_COL_MAY(example_row, file, EN_RULE_PATH)},
    {"path", EN_COL_IS(example_row, path, EN_RULE_PATH)},
    {"slot", EN_COL_IS(example_row, slot, EN_RULE_COUNT)},
};
static const en_row_type example_type = EN_ROW_TYPE(example_row, example_columns);

static en_status read_examples(en_project *project, en_report_result *r, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    size_t count = 0;
    en_status st = en_db_prepare(en_catalog_db(project->catalog), EN_SQL_REPORT_EXAMPLES, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_int(s, "most", EN_REPORT_EXAMPLES);
        st = en_rows_read(s, &example_type, &rows, &count, err);
    }
    if (st == EN_OK && (r->example = en_calloc(count + 1, sizeof *r->example)) == NULL) {
        st = en_error_nomem(err, "the report's examples");
    }
    example_row *row = rows;
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        en_report_example *e = &r->example[r->examples++];
        *e = (en_report_example){.image = row[i].image, .file = row[i].file};
        row[i].image = row[i].file = NULL; /* they are the example's now */
        e->grade = en_report_grade_name(row[i].grade);
        en_image pixels = {0};
        st = e->grade == NULL ? en_error_nomem(err, "the report's examples")
                              : en_report_pixels(project, row[i].path, row[i].slot, false, 0, &pixels, err);
        if (st == EN_OK) {
            st = en_report_jpeg(&pixels, &e->jpeg, err);
        }
        en_image_clear(&pixels);
    }
    en_rows_clear(&example_type, rows, count);
    return st;
}

en_status en_report_describe(en_project *project, en_report_result *r, en_error *err)
{
    en_db *db = en_catalog_db(project->catalog);
    r->has_data = true;
    en_status st = read_histograms(db, r, err);
    if (st == EN_OK) {
        st = read_sizes(db, r, err);
    }
    if (st == EN_OK) {
        st = read_views(db, r, err);
    }
    return st == EN_OK ? read_examples(project, r, err) : st;
}
