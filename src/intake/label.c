/* label import: reads the whole file, checks every row, then writes the labels in one transaction. */
#include "intake/label.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/dataset.h"
#include "catalog/image.h"
#include "catalog/label.h"
#include "catalog/match.h"
#include "catalog/patient.h"
#include "intake/label_file.h"

/* One row of the file: an image and its grade. */
typedef struct label_row {
    int64_t image_id, grade; /* grade: as en_label_read_grade says */
    size_t row;              /* in the file */
} label_row;

typedef struct label_import {
    en_project *project;
    const en_label_options *options;
    en_label_result *result;
    en_csv csv;
    en_label_columns column;
    en_catalog_matcher matcher;
    int64_t dataset_id; /* -1: any */
    label_row *label;   /* in the order of the file; allocated for every row */
    size_t labels;
    char first_unknown[EN_CATALOG_NAME_MAX + 1];
    size_t first_unknown_line;
    int64_t unknown;
    size_t first_superseded; /* row */
} label_import;

static const char *field(const label_import *in, size_t row, size_t column)
{
    return column != EN_NO_COLUMN ? en_csv_field(&in->csv, row, column) : "";
}

static en_status prefix_line(const label_import *in, size_t row, en_status st, en_error *err)
{
    en_error_prefix(err, "'%s' line %zu", in->options->file, in->csv.row[row].line);
    return st;
}

/* A row must reach the columns and must not have more fields than the header: otherwise a separator is missing or
 * surplus, and the fields are not the ones that the header names. */
static en_status check_width(const label_import *in, size_t row, en_error *err)
{
    const en_label_columns *c = &in->column;
    size_t columns = in->csv.row[0].fields, fields = in->csv.row[row].fields;
    size_t needed = (c->grade != EN_NO_COLUMN && c->grade > c->image ? c->grade : c->image) + 1;
    needed = c->right_grade != EN_NO_COLUMN && c->right_grade >= needed ? c->right_grade + 1 : needed;
    bool wrong = fields < needed;
    for (size_t i = columns; i < fields; i++) {
        wrong = wrong || *en_csv_field(&in->csv, row, i) != '\0';
    }
    return !wrong ? EN_OK
                  : en_error_set(err, EN_INPUT, "'%s' line %zu has %zu field%s, but the %s has %zu", in->options->file,
                                 in->csv.row[row].line, fields, fields == 1 ? "" : "s",
                                 c->header ? "header" : "first line", columns);
}

/* The column with the grade of a row's eye. */
static en_status grade_column(const label_import *in, size_t row, size_t *column, en_error *err)
{
    const en_label_columns *c = &in->column;
    en_catalog_name name;
    *column = c->grade;
    if (c->right_grade == EN_NO_COLUMN) {
        return EN_OK;
    }
    en_status st = en_catalog_name_parse(field(in, row, c->image), &name, err);
    if (st == EN_OK && name.eye == NULL) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "the name '%s' does not tell the eye", name.name),
                           "name the column of the grade with --column");
    }
    if (st == EN_OK) {
        *column = strcmp(name.eye, "right") == 0 ? c->right_grade : c->grade;
    }
    return st == EN_OK ? st : prefix_line(in, row, st, err);
}

static en_status read_grade(const label_import *in, size_t row, int64_t *grade, en_error *err)
{
    const en_label_columns *c = &in->column;
    size_t column;
    *grade = EN_GRADE_MISSING;
    en_status st = grade_column(in, row, &column, err);
    if (st != EN_OK || column == EN_NO_COLUMN ||
        en_label_read_grade(in->options, &c->scheme, field(in, row, column), grade)) {
        return st;
    }
    const char *said = field(in, row, column);
    return en_error_hint(
        err,
        en_error_set(err, EN_INPUT, "'%s' line %zu: %s '%s' is outside the scheme %s, %lld to %lld", in->options->file,
                     in->csv.row[row].line, c->header ? en_csv_field(&in->csv, 0, column) : "grade", said,
                     c->scheme.name, (long long)c->scheme.lowest, (long long)c->scheme.highest),
        "say what it means with --map, as in --map '%.40s=ungradable', or --map '%.40s=' for no grade", said, said);
}

/* The image's id, or EN_DONE when the row is to be skipped. */
static en_status find_image(label_import *in, size_t row, int64_t *id, en_error *err)
{
    const en_label_options *o = in->options;
    const en_catalog_wanted wanted = {
        .path = field(in, row, in->column.image), .dataset_id = in->dataset_id, .folder = o->folder};
    en_catalog_name name;
    en_status st = en_catalog_name_parse(wanted.path, &name, err);
    if (st == EN_OK) {
        st = en_catalog_match(&in->matcher, &wanted, id, NULL, err);
    }
    if (st == EN_OK) {
        return st;
    }
    if (st != EN_DONE) {
        return prefix_line(in, row, st, err);
    }
    if (o->unknown == EN_UNKNOWN_ADD) {
        bool added = false;
        st = en_catalog_image_list(in->project->catalog, &name, in->dataset_id, id, &added, err);
        in->result->added += added;
        return st == EN_OK && added ? en_catalog_matcher_add(&in->matcher, name.name, err) : st;
    }
    if (in->unknown++ == 0) {
        snprintf(in->first_unknown, sizeof in->first_unknown, "%s", name.name);
        in->first_unknown_line = in->csv.row[row].line;
    }
    return EN_DONE;
}

/* What the row says about the patient and the eye of its image. */
static en_status read_patient(label_import *in, size_t row, int64_t image_id, en_error *err)
{
    const char *patient = field(in, row, in->column.patient), *word = field(in, row, in->column.eye);
    const char *eye = en_catalog_eye(word);
    if (*word != '\0' && eye == NULL) {
        return en_error_set(err, EN_INPUT, "'%s' line %zu: '%s' is not an eye: left, right, L, R, OD or OS",
                            in->options->file, in->csv.row[row].line, word);
    }
    in->result->patients += *patient != '\0';
    in->result->eyes += eye != NULL;
    if (*patient == '\0' && eye == NULL) {
        return EN_OK;
    }
    en_status st = en_catalog_image_give_patient(in->project->catalog, image_id, *patient != '\0' ? patient : NULL, eye,
                                                 EN_PATIENT_COLUMN, err);
    return st == EN_OK ? st : prefix_line(in, row, st, err);
}

static en_status read_row(label_import *in, size_t row, en_error *err)
{
    label_row label = {.row = row};
    bool patients = in->column.patient != EN_NO_COLUMN || in->column.eye != EN_NO_COLUMN;
    in->result->rows++;
    en_status st = check_width(in, row, err);
    if (st == EN_OK) {
        st = read_grade(in, row, &label.grade, err);
    }
    if (st != EN_OK) {
        return st;
    }
    in->result->empty += label.grade == EN_GRADE_MISSING && in->column.grade != EN_NO_COLUMN;
    in->result->ungradable += label.grade == EN_GRADE_UNGRADABLE;
    if (label.grade == EN_GRADE_MISSING && !patients) {
        return EN_OK;
    }
    st = find_image(in, row, &label.image_id, err);
    if (st == EN_DONE) {
        in->result->skipped++;
        return EN_OK;
    }
    if (st == EN_OK && patients) {
        st = read_patient(in, row, label.image_id, err);
    }
    if (st == EN_OK && label.grade != EN_GRADE_MISSING) {
        in->label[in->labels++] = label;
    }
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
    for (size_t row = in->column.header ? 1 : 0; st == EN_OK && row < in->csv.rows; row++) {
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
                        en_csv_field(&in->csv, second->row, in->column.image), (long long)second->grade,
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

static en_status write_one(label_import *in, int64_t import_id, const label_row *label, int64_t grade, en_error *err)
{
    en_catalog_label_outcome outcome;
    en_label_result *r = in->result;
    en_status st = en_catalog_label_put(in->project->catalog, import_id, label->image_id, grade, &outcome, err);
    if (st != EN_OK) {
        return prefix_line(in, label->row, st, err);
    }
    r->imported += outcome != EN_LABEL_UNCHANGED;
    r->unchanged += outcome == EN_LABEL_UNCHANGED;
    if (outcome == EN_LABEL_SUPERSEDES && r->superseded++ == 0) {
        in->first_superseded = label->row;
    }
    return EN_OK;
}

/* The labels of one scheme: the grades, or those that the map calls ungradable. */
static en_status write_scheme(label_import *in, const char *scheme, bool ungradable, en_error *err)
{
    int64_t import_id = 0, count = (int64_t)in->labels;
    const en_label_options *o = in->options;
    const en_catalog_label_import row = {.file = o->file,
                                         .sha256 = in->csv.sha256,
                                         .scheme = scheme,
                                         .grader = o->grader != NULL ? o->grader : en_path_base(o->file)};
    en_status st = en_catalog_label_begin(in->project->catalog, &row, &import_id, err);
    en_event_begin(&in->project->events, "label import", "labels", count);
    for (int64_t i = 0; st == EN_OK && i < count; i++) {
        const label_row *label = &in->label[i];
        if ((label->grade == EN_GRADE_UNGRADABLE) == ungradable) {
            st = write_one(in, import_id, label, ungradable ? 0 : label->grade, err);
            in->result->by_grade[ungradable ? 0 : label->grade] += !ungradable;
        }
        if (st == EN_OK && i % 1024 == 0) {
            en_event_progress(&in->project->events, i, count, NULL);
            st = en_stop_check(&in->project->events, err);
        }
    }
    en_event_end(&in->project->events, count, count);
    return st;
}

static en_status check_superseded(const label_import *in, en_error *err)
{
    int64_t n = in->result->superseded;
    if (n == 0 || in->options->supersede) {
        return EN_OK;
    }
    size_t row = in->first_superseded;
    return en_error_hint(err,
                         en_error_set(err, EN_INPUT,
                                      "'%s' changes %lld grade%s that another file gave; the first: '%s' in line %zu",
                                      in->options->file, (long long)n, n == 1 ? "" : "s",
                                      field(in, row, in->column.image), in->csv.row[row].line),
                         "if it grades the same photographs, use --supersede; if not, name theirs with --dataset or "
                         "--folder");
}

/* Called inside a transaction. */
static en_status import_rows(label_import *in, en_error *err)
{
    const en_label_options *o = in->options;
    en_status st = EN_OK;
    if (o->dataset != NULL) {
        st = o->unknown == EN_UNKNOWN_ADD
                 ? en_catalog_dataset_put(in->project->catalog, o->dataset, &in->dataset_id, err)
                 : en_catalog_dataset_get(in->project->catalog, o->dataset, &in->dataset_id, err);
    }
    if (st == EN_OK) {
        st = read_rows(in, err);
    }
    if (st == EN_OK) {
        st = check_agreement(in, err);
    }
    if (st == EN_OK && in->column.grade != EN_NO_COLUMN) {
        st = write_scheme(in, in->column.scheme.name, false, err);
    }
    if (st == EN_OK && in->result->ungradable > 0) {
        st = write_scheme(in, "gradable", true, err);
    }
    return st == EN_OK ? check_superseded(in, err) : st;
}

/* The same photograph under two names with two grades: one of them is wrong. */
static en_status count_conflicts(const label_import *in, en_error *err)
{
    en_catalog_conflicts found = {0};
    const char *scheme = in->column.scheme.name;
    en_status st = en_catalog_label_conflicts(in->project->catalog, *scheme != '\0' ? scheme : NULL, true, &found, err);
    in->result->conflicts = (int64_t)found.count;
    if (found.count > 0) {
        const en_catalog_conflict *f = &found.row[0];
        en_event_warn(
            &in->project->events,
            "%zu photograph%s there under two names with different grades (the first: '%s' has %lld, '%s' has "
            "%lld); the grade of the name that is used counts: 'eyenet label conflicts' lists them",
            found.count, found.count == 1 ? " is" : "s are", f->image, (long long)f->grade, f->other,
            (long long)f->other_grade);
    }
    en_catalog_conflicts_clear(&found);
    return st;
}

static en_status begin(label_import *in, en_error *err)
{
    en_status st = en_csv_read(in->options->file, in->options->encoding, &in->csv, err);
    if (st == EN_OK) {
        st = en_label_find_columns(in->project->catalog, &in->csv, in->options, &in->column, err);
    }
    if (st == EN_OK && in->column.grade != EN_NO_COLUMN) {
        st = en_label_check_map(in->options, &in->column.scheme, err);
        in->result->scheme = in->column.scheme;
    }
    return st;
}

en_status en_label_import(en_project *project, const en_label_options *options, en_label_result *result, en_error *err)
{
    double began = en_clock_seconds();
    *result = (en_label_result){0};
    label_import in = {.project = project,
                       .options = options,
                       .result = result,
                       .matcher = {.catalog = project->catalog},
                       .dataset_id = -1};
    en_status st = begin(&in, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_catalog_begin(project->catalog, err);
    if (st != EN_OK) {
        goto done;
    }
    st = import_rows(&in, err);
    if (st == EN_OK) {
        st = en_catalog_commit(project->catalog, err);
    }
    if (st == EN_OK) {
        result->other_form = in.matcher.other_form;
        en_catalog_matcher_note(&in.matcher, &project->events);
        st = count_conflicts(&in, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(project->catalog);
    }
done:
    en_catalog_matcher_clear(&in.matcher);
    en_free(in.label);
    en_csv_clear(&in.csv);
    result->seconds = en_clock_seconds() - began;
    return st;
}

/* Pairs */

/* Both images of a row; EN_DONE when one is not known. */
static en_status find_pair(label_import *in, size_t row, int64_t id[2], en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; i < 2 && st == EN_OK; i++) {
        in->column.image = i;
        st = *field(in, row, i) == '\0' ? EN_DONE : find_image(in, row, &id[i], err);
    }
    return st;
}

static en_status pair_rows(label_import *in, en_error *err)
{
    en_status st = EN_OK;
    const en_label_options *o = in->options;
    if (o->dataset != NULL) {
        st = en_catalog_dataset_get(in->project->catalog, o->dataset, &in->dataset_id, err);
    }
    for (size_t row = 0; row < in->csv.rows && st == EN_OK; row++) {
        int64_t id[2] = {-1, -1}, before = in->unknown;
        if (in->csv.row[row].fields < 2) {
            return en_error_set(err, EN_INPUT, "'%s' line %zu has 1 field: a pair has 2", o->file,
                                in->csv.row[row].line);
        }
        st = find_pair(in, row, id, err);
        if (st == EN_OK) {
            st = en_catalog_image_pair(in->project->catalog, id[0], id[1], err);
            in->result->patients++;
        } else if (st == EN_DONE) {
            bool header = row == 0 && in->unknown > before;
            in->unknown = header ? 0 : in->unknown;
            in->result->skipped += !header;
            st = EN_OK;
        }
        in->result->rows++;
    }
    if (st == EN_OK && in->unknown > 0 && o->unknown == EN_UNKNOWN_REFUSE) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "'%s' line %zu: image '%s' is not in the catalog", o->file,
                                        in->first_unknown_line, in->first_unknown),
                           "ingest it first, or use --unknown skip");
    }
    return st;
}

en_status en_pairs_import(en_project *project, const en_label_options *options, en_label_result *result, en_error *err)
{
    double began = en_clock_seconds();
    *result = (en_label_result){0};
    label_import in = {.project = project,
                       .options = options,
                       .result = result,
                       .matcher = {.catalog = project->catalog},
                       .dataset_id = -1};
    en_status st = en_csv_read(options->file, options->encoding, &in.csv, err);
    if (st == EN_OK) {
        st = en_catalog_begin(project->catalog, err);
    }
    if (st == EN_OK) {
        st = pair_rows(&in, err);
        if (st == EN_OK) {
            st = en_catalog_commit(project->catalog, err);
        }
        if (st == EN_OK) {
            result->other_form = in.matcher.other_form;
            en_catalog_matcher_note(&in.matcher, &project->events);
        } else {
            en_catalog_rollback(project->catalog);
        }
    }
    en_catalog_matcher_clear(&in.matcher);
    en_csv_clear(&in.csv);
    result->seconds = en_clock_seconds() - began;
    return st;
}
