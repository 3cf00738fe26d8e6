/* label import: the file is read and checked whole, then written in one transaction. */
#include "lab/label.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/image.h"
#include "catalog/label.h"
#include "lab/clock.h"
#include "lab/table.h"

typedef struct import {
    en_lab *lab;
    const en_label_options *options;
    en_label_result *result;
    en_table table;
    size_t image_column, grade_column;
    const char *scheme;
    int64_t import_id;
    char first_unknown[EN_CATALOG_NAME_MAX + 1];
    size_t first_unknown_line;
    int64_t unknown;
} import;

/* Names of grade columns, and the scheme each stands for. */
static const struct {
    const char *column, *scheme;
} known_grade[] = {{"level", "icdr"},   {"grade", "icdr"},       {"DR_grade", "icdr"},
                   {"quality", "eyeq"}, {"gradable", "gradable"}, {"gradability", "gradable"}};

/* `what` is "image" or "grade"; `usual` its customary names. */
static en_status need_column(const import *in, const char *what, const char *asked, const char *const *usual,
                             size_t *column, en_error *err)
{
    const char *file = in->options->file;
    int found = asked != NULL ? en_table_column(&in->table, asked) : -1;
    if (asked != NULL && found < 0) {
        return en_error_set(err, EN_INPUT, "'%s' line 1: there is no column '%s'", file, asked);
    }
    for (; found < 0 && *usual != NULL; usual++) {
        found = en_table_column(&in->table, *usual);
    }
    if (found < 0) {
        return en_error_set(
            err, EN_INPUT,
            "'%s' line 1: no column for the %s: the first line must name the columns, such as 'image,level', or "
            "say which one it is",
            file, what);
    }
    *column = (size_t)found;
    return EN_OK;
}

static en_status find_columns(import *in, en_error *err)
{
    static const char *const image[] = {"image", "image_name", NULL};
    const en_label_options *o = in->options;
    const char *grade[sizeof known_grade / sizeof *known_grade + 1] = {NULL};
    size_t names = 0;
    if (o->scheme != NULL && en_catalog_scheme_max(o->scheme) < 0) {
        return en_error_set(err, EN_USAGE, "no scheme '%s': there are icdr, eyeq and gradable", o->scheme);
    }
    for (size_t i = 0; i < sizeof known_grade / sizeof *known_grade; i++) {
        if (o->scheme == NULL || strcmp(known_grade[i].scheme, o->scheme) == 0) {
            grade[names++] = known_grade[i].column;
        }
    }
    en_status st = need_column(in, "image", o->image_column, image, &in->image_column, err);
    if (st == EN_OK) {
        st = need_column(in, "grade", o->grade_column, grade, &in->grade_column, err);
    }
    in->scheme = o->scheme;
    const char *column = st == EN_OK ? en_table_field(&in->table, 0, in->grade_column) : "";
    for (size_t i = 0; in->scheme == NULL && i < sizeof known_grade / sizeof *known_grade; i++) {
        in->scheme = strcasecmp(column, known_grade[i].column) == 0 ? known_grade[i].scheme : NULL;
    }
    if (st == EN_OK && in->scheme == NULL) {
        st = en_error_set(err, EN_USAGE, "which scheme does column '%s' follow? say --scheme icdr, eyeq or gradable",
                          column);
    }
    return st;
}

/* A row's grade: a whole number of the scheme, perhaps written "2.0"; -1 for an empty field. */
static en_status read_grade(const import *in, size_t row, int64_t *grade, en_error *err)
{
    const char *text = en_table_field(&in->table, row, in->grade_column);
    int64_t max = en_catalog_scheme_max(in->scheme);
    double value;
    if (*text == '\0') {
        *grade = -1;
        return EN_OK;
    }
    if (!en_parse_double(text, &value) || value < 0 || value > (double)max || floor(value) < value) {
        return en_error_set(err, EN_INPUT, "'%s' line %zu: %s '%s' is outside the scheme %s, 0 to %lld",
                            in->options->file, in->table.row[row].line, en_table_field(&in->table, 0, in->grade_column),
                            text, in->scheme, (long long)max);
    }
    *grade = (int64_t)value;
    return EN_OK;
}

/* The image's id, or EN_DONE when the row is to be left out. */
static en_status find_image(import *in, size_t row, int64_t *id, en_error *err)
{
    const char *text = en_table_field(&in->table, row, in->image_column);
    en_catalog_name name;
    en_status st = en_catalog_name_parse(text, &name, err);
    if (st != EN_OK) {
        en_error_prefix(err, "'%s' line %zu", in->options->file, in->table.row[row].line);
        return st;
    }
    bool added = false;
    if (in->options->unknown == EN_UNKNOWN_ADD) {
        st = en_catalog_image_list(in->lab->catalog, name.name, id, &added, err);
        in->result->added += added;
        return st;
    }
    st = en_catalog_image_find(in->lab->catalog, name.name, id, err);
    if (st == EN_DONE && in->unknown++ == 0) {
        snprintf(in->first_unknown, sizeof in->first_unknown, "%s", name.name);
        in->first_unknown_line = in->table.row[row].line;
    }
    return st;
}

static en_status write_row(import *in, size_t row, en_error *err)
{
    int64_t grade = -1, image_id;
    en_label_result *r = in->result;
    r->rows++;
    en_status st = read_grade(in, row, &grade, err);
    if (st != EN_OK) {
        return st;
    }
    if (grade < 0) {
        r->empty++;
        return EN_OK;
    }
    st = find_image(in, row, &image_id, err);
    if (st == EN_DONE) {
        r->skipped++;
        return EN_OK;
    }
    en_catalog_label_outcome outcome;
    if (st == EN_OK) {
        st = en_catalog_label_put(in->lab->catalog, in->import_id, image_id, grade, &outcome, err);
        if (st != EN_OK) {
            en_error_prefix(err, "'%s' line %zu", in->options->file, in->table.row[row].line);
        }
    }
    if (st == EN_OK) {
        r->imported += outcome == EN_LABEL_ADDED;
        r->unchanged += outcome == EN_LABEL_UNCHANGED;
        r->by_grade[grade]++;
    }
    return st;
}

static en_status write_all(import *in, en_error *err)
{
    char sha256[EN_SHA256_HEX];
    const en_label_options *o = in->options;
    en_status st = en_sha256_file(o->file, sha256, err);
    if (st == EN_OK) {
        const en_catalog_label_import row = {.file = o->file,
                                             .sha256 = sha256,
                                             .scheme = in->scheme,
                                             .grader = o->grader != NULL ? o->grader : en_path_base(o->file)};
        st = en_catalog_label_begin(in->lab->catalog, &row, &in->import_id, err);
    }
    en_event_begin(&in->lab->events, "label import", "labels", (int64_t)in->table.rows - 1);
    for (size_t row = 1; st == EN_OK && row < in->table.rows; row++) {
        st = write_row(in, row, err);
        if (st == EN_OK && row % 1024 == 0) {
            en_event_progress(&in->lab->events, (int64_t)row, (int64_t)in->table.rows - 1, NULL);
            st = en_stop_check(&in->lab->events, err);
        }
    }
    en_event_end(&in->lab->events, in->result->rows, (int64_t)in->table.rows - 1);
    if (st == EN_OK && in->unknown > 0 && o->unknown == EN_UNKNOWN_REFUSE) {
        st = en_error_set(
            err, EN_INPUT,
            "'%s' line %zu: image '%s' is not in the catalog (%lld such labels): ingest it first, or say --unknown "
            "skip or add",
            o->file, in->first_unknown_line, in->first_unknown, (long long)in->unknown);
    }
    return st;
}

en_status en_label_import(en_lab *lab, const en_label_options *options, en_label_result *result, en_error *err)
{
    double began = en_clock_seconds();
    *result = (en_label_result){0};
    import in = {.lab = lab, .options = options, .result = result};
    en_status st = en_table_read(options->file, &in.table, err);
    if (st == EN_OK) {
        st = find_columns(&in, err);
    }
    if (st == EN_OK) {
        snprintf(result->scheme, sizeof result->scheme, "%s", in.scheme);
        st = en_catalog_begin(lab->catalog, err);
    }
    if (st == EN_OK) {
        st = write_all(&in, err);
        if (st == EN_OK) {
            st = en_catalog_commit(lab->catalog, err);
        }
        if (st != EN_OK) {
            en_catalog_rollback(lab->catalog);
        }
    }
    en_table_clear(&in.table);
    result->seconds = en_clock_seconds() - began;
    return st;
}
