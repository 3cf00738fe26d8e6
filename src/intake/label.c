/* label import: reads the whole file, checks every row, then writes the labels in one transaction. */
#include "intake/label.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/image.h"
#include "catalog/label.h"
#include "base/clock.h"
#include "intake/csv.h"

/* One row of the file: an image and its grade. */
typedef struct label_row {
    int64_t image_id, grade;
    size_t row; /* in the file */
} label_row;

typedef struct label_import {
    en_project *project;
    const en_label_options *options;
    en_label_result *result;
    en_csv csv;
    size_t image_column, grade_column;
    const char *scheme;
    label_row *label; /* in the order of the file; allocated for every row */
    size_t labels;
    char first_unknown[EN_CATALOG_NAME_MAX + 1];
    size_t first_unknown_line;
    int64_t unknown;
} label_import;

/* Column names of public data sets, and the scheme that each grade column follows: the competition of 2015, its test
 * labels, EyeQ, APTOS 2019, Messidor-2. */
static const char *const known_image[] = {"image", "image_name", "image_id", "id_code", NULL};
static const struct {
    const char *column, *scheme;
} known_grade[] = {{"level", "icdr"},
                   {"grade", "icdr"},
                   {"DR_grade", "icdr"},
                   {"diagnosis", "icdr"},
                   {"adjudicated_dr_grade", "icdr"},
                   {"quality", "eyeq"},
                   {"gradable", "gradable"},
                   {"gradability", "gradable"}};
#define KNOWN_GRADES (sizeof known_grade / sizeof *known_grade)

static en_status no_column(const label_import *in, const char *what, const char *option, en_error *err)
{
    return en_error_set(err, EN_INPUT,
                        "'%s' line 1: no column for the %s: the first line must name the columns, such as "
                        "'image,level', or name the one to use with --%s",
                        in->options->file, what, option);
}

static en_status asked_column(const label_import *in, const char *name, size_t *column, en_error *err)
{
    int found = en_csv_column(&in->csv, name);
    *column = found >= 0 ? (size_t)found : 0;
    return found >= 0 ? EN_OK
                      : en_error_set(err, EN_INPUT, "'%s' line 1: there is no column '%s'", in->options->file, name);
}

static en_status find_image_column(label_import *in, en_error *err)
{
    if (in->options->image_column != NULL) {
        return asked_column(in, in->options->image_column, &in->image_column, err);
    }
    int found = -1;
    for (size_t i = 0; found < 0 && known_image[i] != NULL; i++) {
        found = en_csv_column(&in->csv, known_image[i]);
    }
    in->image_column = found >= 0 ? (size_t)found : 0;
    return found >= 0 ? EN_OK : no_column(in, "image", "image-column", err);
}

/* The known grade column of the requested scheme, or of any scheme. Two candidates are an error, not a guess. */
static en_status guess_grade_column(label_import *in, en_error *err)
{
    int found = -1;
    const char *asked = in->options->scheme;
    for (size_t i = 0; i < KNOWN_GRADES; i++) {
        int column = en_csv_column(&in->csv, known_grade[i].column);
        if (column < 0 || (asked != NULL && strcmp(known_grade[i].scheme, asked) != 0)) {
            continue;
        }
        if (found >= 0 && column != found) {
            return en_error_hint(err,
                                 en_error_set(err, EN_USAGE, "'%s' grades by column '%s' (%s) and by column '%s' (%s)",
                                              in->options->file, en_csv_field(&in->csv, 0, in->grade_column),
                                              in->scheme, known_grade[i].column, known_grade[i].scheme),
                                 "choose one with --column NAME");
        }
        if (found < 0) {
            found = column;
            in->grade_column = (size_t)column;
            in->scheme = known_grade[i].scheme;
        }
    }
    return found >= 0 ? EN_OK : no_column(in, "grade", "column", err);
}

static en_status find_grade_column(label_import *in, en_error *err)
{
    const en_label_options *o = in->options;
    in->scheme = o->scheme;
    if (o->grade_column == NULL) {
        return guess_grade_column(in, err);
    }
    en_status st = asked_column(in, o->grade_column, &in->grade_column, err);
    for (size_t i = 0; in->scheme == NULL && i < KNOWN_GRADES; i++) {
        in->scheme = strcasecmp(o->grade_column, known_grade[i].column) == 0 ? known_grade[i].scheme : NULL;
    }
    if (st == EN_OK && in->scheme == NULL) {
        st = en_error_hint(err, en_error_set(err, EN_USAGE, "the scheme of column '%s' is not known", o->grade_column),
                           "name it with --scheme NAME");
    }
    return st;
}

static en_status find_columns(label_import *in, en_error *err)
{
    const char *scheme = in->options->scheme;
    if (scheme != NULL && en_catalog_scheme_max(scheme) < 0) {
        return en_error_set(err, EN_USAGE, "there is no scheme '%s'", scheme);
    }
    en_status st = find_image_column(in, err);
    return st == EN_OK ? find_grade_column(in, err) : st;
}

/* A row must reach the grade column and must not have more fields than the header: otherwise a separator is missing or
 * surplus, and the fields are not the ones that the header names. */
static en_status check_width(const label_import *in, size_t row, en_error *err)
{
    size_t columns = in->csv.row[0].fields, fields = in->csv.row[row].fields;
    size_t needed = (in->image_column > in->grade_column ? in->image_column : in->grade_column) + 1;
    bool wrong = fields < needed;
    for (size_t i = columns; i < fields; i++) {
        wrong = wrong || *en_csv_field(&in->csv, row, i) != '\0';
    }
    return !wrong ? EN_OK
                  : en_error_set(err, EN_INPUT, "'%s' line %zu has %zu field%s, but the header has %zu",
                                 in->options->file, in->csv.row[row].line, fields, fields == 1 ? "" : "s", columns);
}

/* A row's grade: an integer within the scheme, possibly written "2.0"; -1 for an empty field. */
static en_status read_grade(const label_import *in, size_t row, int64_t *grade, en_error *err)
{
    const char *text = en_csv_field(&in->csv, row, in->grade_column);
    int64_t max = en_catalog_scheme_max(in->scheme);
    double value;
    if (*text == '\0') {
        *grade = -1;
        return EN_OK;
    }
    if (!en_parse_double(text, &value) || value < 0 || value > (double)max || floor(value) < value) {
        return en_error_set(err, EN_INPUT, "'%s' line %zu: %s '%s' is outside the scheme %s, 0 to %lld",
                            in->options->file, in->csv.row[row].line, en_csv_field(&in->csv, 0, in->grade_column), text,
                            in->scheme, (long long)max);
    }
    *grade = (int64_t)value;
    return EN_OK;
}

/* The image's id, or EN_DONE when the row is to be skipped. */
static en_status find_image(label_import *in, size_t row, int64_t *id, en_error *err)
{
    const char *text = en_csv_field(&in->csv, row, in->image_column);
    en_catalog_name name;
    en_status st = en_catalog_name_parse(text, &name, err);
    if (st != EN_OK) {
        en_error_prefix(err, "'%s' line %zu", in->options->file, in->csv.row[row].line);
        return st;
    }
    bool added = false;
    if (in->options->unknown == EN_UNKNOWN_ADD) {
        st = en_catalog_image_list(in->project->catalog, &name, id, &added, err);
        in->result->added += added;
        return st;
    }
    st = en_catalog_image_find(in->project->catalog, name.name, id, err);
    if (st == EN_DONE && in->unknown++ == 0) {
        snprintf(in->first_unknown, sizeof in->first_unknown, "%s", name.name);
        in->first_unknown_line = in->csv.row[row].line;
    }
    return st;
}

static en_status read_row(label_import *in, size_t row, en_error *err)
{
    label_row label = {.row = row};
    in->result->rows++;
    en_status st = check_width(in, row, err);
    if (st == EN_OK) {
        st = read_grade(in, row, &label.grade, err);
    }
    if (st != EN_OK) {
        return st;
    }
    if (label.grade < 0) {
        in->result->empty++;
        return EN_OK;
    }
    st = find_image(in, row, &label.image_id, err);
    if (st == EN_DONE) {
        in->result->skipped++;
        return EN_OK;
    }
    in->label[in->labels++] = label;
    return st;
}

static en_status read_rows(label_import *in, en_error *err)
{
    const en_label_options *o = in->options;
    en_status st = EN_OK;
    in->label = en_calloc(in->csv.rows, sizeof *in->label);
    if (in->label == NULL) {
        return en_error_nomem(err, "labels");
    }
    for (size_t row = 1; st == EN_OK && row < in->csv.rows; row++) {
        st = read_row(in, row, err);
    }
    if (st == EN_OK && in->unknown > 0 && o->unknown == EN_UNKNOWN_REFUSE) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT,
                                        "'%s' line %zu: image '%s' is not in the catalog (%lld such label%s)", o->file,
                                        in->first_unknown_line, in->first_unknown, (long long)in->unknown,
                                        in->unknown == 1 ? "" : "s"),
                           "ingest it first, or use --unknown skip or --unknown add");
    }
    return st;
}

static int by_row(const void *a, const void *b)
{
    const label_row *x = a, *y = b;
    return (x->row > y->row) - (x->row < y->row);
}

static int by_image(const void *a, const void *b)
{
    const label_row *x = a, *y = b;
    int order = (x->image_id > y->image_id) - (x->image_id < y->image_id);
    return order != 0 ? order : by_row(a, b);
}

static en_status refuse_two_grades(const label_import *in, const label_row *first, const label_row *second,
                                   en_error *err)
{
    return en_error_set(err, EN_INPUT, "'%s' line %zu: '%s' has grade %lld here and grade %lld in line %zu",
                        in->options->file, in->csv.row[second->row].line,
                        en_csv_field(&in->csv, second->row, in->image_column), (long long)second->grade,
                        (long long)first->grade, in->csv.row[first->row].line);
}

/* A file gives an image one grade. An identical repeated row is counted and ignored. */
static en_status check_agreement(label_import *in, en_error *err)
{
    label_row *s = in->label;
    size_t kept = 0;
    qsort(s, in->labels, sizeof *s, by_image);
    for (size_t i = 0; i < in->labels; i++) {
        bool again = kept > 0 && s[kept - 1].image_id == s[i].image_id;
        if (again && s[kept - 1].grade != s[i].grade) {
            return refuse_two_grades(in, &s[kept - 1], &s[i], err);
        }
        if (again) {
            in->result->repeated++;
        } else {
            s[kept++] = s[i];
        }
    }
    in->labels = kept;
    qsort(s, kept, sizeof *s, by_row);
    return EN_OK;
}

static en_status write_one(const label_import *in, int64_t import_id, const label_row *label, en_error *err)
{
    en_catalog_label_outcome outcome;
    en_label_result *r = in->result;
    en_status st = en_catalog_label_put(in->project->catalog, import_id, label->image_id, label->grade, &outcome, err);
    if (st != EN_OK) {
        en_error_prefix(err, "'%s' line %zu", in->options->file, in->csv.row[label->row].line);
        return st;
    }
    r->imported += outcome == EN_LABEL_ADDED;
    r->unchanged += outcome == EN_LABEL_UNCHANGED;
    r->by_grade[label->grade]++;
    return EN_OK;
}

static en_status write_all(const label_import *in, en_error *err)
{
    int64_t import_id = 0, count = (int64_t)in->labels;
    const en_label_options *o = in->options;
    const en_catalog_label_import row = {.file = o->file,
                                         .sha256 = in->csv.sha256,
                                         .scheme = in->scheme,
                                         .grader = o->grader != NULL ? o->grader : en_path_base(o->file)};
    en_status st = en_catalog_label_begin(in->project->catalog, &row, &import_id, err);
    en_event_begin(&in->project->events, "label import", "labels", count);
    for (int64_t i = 0; st == EN_OK && i < count; i++) {
        st = write_one(in, import_id, &in->label[i], err);
        if (st == EN_OK && i % 1024 == 0) {
            en_event_progress(&in->project->events, i, count, NULL);
            st = en_stop_check(&in->project->events, err);
        }
    }
    en_event_end(&in->project->events, count, count);
    return st;
}

/* Called inside a transaction. */
static en_status import_rows(label_import *in, en_error *err)
{
    en_status st = read_rows(in, err);
    if (st == EN_OK) {
        st = check_agreement(in, err);
    }
    return st == EN_OK ? write_all(in, err) : st;
}

en_status en_label_import(en_project *project, const en_label_options *options, en_label_result *result, en_error *err)
{
    double began = en_clock_seconds();
    *result = (en_label_result){0};
    label_import in = {.project = project, .options = options, .result = result};
    en_status st = en_csv_read(options->file, &in.csv, err);
    if (st != EN_OK) {
        goto done;
    }
    st = find_columns(&in, err);
    if (st != EN_OK) {
        goto done;
    }
    snprintf(result->scheme, sizeof result->scheme, "%s", in.scheme);
    result->grade_max = en_catalog_scheme_max(in.scheme);
    st = en_catalog_begin(project->catalog, err);
    if (st != EN_OK) {
        goto done;
    }
    st = import_rows(&in, err);
    if (st == EN_OK) {
        st = en_catalog_commit(project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(project->catalog);
    }
done:
    en_free(in.label);
    en_csv_clear(&in.csv);
    result->seconds = en_clock_seconds() - began;
    return st;
}
