/* The columns of label files: named or numbered by the user, or those of public data sets. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "catalog/label.h"
#include "catalog/name.h"
#include "intake/label_file.h"

/* Columns of public data sets: EyePACS (the competition of 2015), its test labels, EyeQ, APTOS 2019, Messidor-2, IDRiD,
 * DDR, RFMiD, BRSET, DeepDRiD. */
static const struct {
    const char *column, *scheme;
} known_grade[] = {{"level", "icdr"},
                   {"grade", "icdr"},
                   {"DR_grade", "icdr"},
                   {"DR grade", "icdr"},
                   {"DR_level", "icdr"},
                   {"DR_levels", "icdr"},
                   {"diagnosis", "icdr"},
                   {"adjudicated_dr_grade", "icdr"},
                   {"retinopathy grade", "icdr"},
                   {"retinopathy_grade", "icdr"},
                   {"DR_ICDR", "icdr"},
                   {"icdr", "icdr"},
                   {"quality", "eyeq"},
                   {"gradable", "gradable"},
                   {"gradability", "gradable"}};
#define KNOWN_GRADES (sizeof known_grade / sizeof *known_grade)

static en_status no_column(const en_label_options *o, const char *what, const char *option, en_error *err)
{
    return en_error_hint(
        err,
        en_error_set(err, EN_INPUT,
                     "'%s' line 1: no column for the %s: the first line must name the columns, such as "
                     "'image,level', or name the one to use with --%s",
                     o->file, what, option),
        "where the first line is an image, use --no-header");
}

en_status en_label_named_column(const en_csv *csv, const en_label_options *o, const char *name, bool header,
                                size_t *column, en_error *err)
{
    int64_t number;
    int found = header ? en_csv_column(csv, name) : -1;
    if (found >= 0) {
        *column = (size_t)found;
        return EN_OK;
    }
    if (en_parse_int(name, &number) && number >= 1 && (size_t)number <= csv->row[0].fields) {
        *column = (size_t)number - 1;
        return EN_OK;
    }
    return en_error_set(err, EN_INPUT, "'%s' line 1: there is no column '%s'", o->file, name);
}

static en_status find_image(const en_csv *csv, const en_label_options *o, en_label_columns *out, en_error *err)
{
    if (o->image_column != NULL) {
        return en_label_named_column(csv, o, o->image_column, out->header, &out->image, err);
    }
    if (!out->header) {
        out->image = 0;
        return EN_OK;
    }
    int found = en_csv_column_of(csv, en_catalog_image_columns);
    out->image = found >= 0 ? (size_t)found : 0;
    return found >= 0 ? EN_OK : no_column(o, "image", "image-column", err);
}

/* The known grade column of the requested scheme, or of any scheme. Two candidates are an error, not a guess. */
static en_status guess_grade(const en_csv *csv, const en_label_options *o, en_label_columns *out, en_error *err)
{
    int found = -1;
    for (size_t i = 0; i < KNOWN_GRADES; i++) {
        int column = en_csv_column(csv, known_grade[i].column);
        if (column < 0 || (o->scheme != NULL && strcmp(known_grade[i].scheme, o->scheme) != 0)) {
            continue;
        }
        if (found >= 0 && column != found) {
            return en_error_hint(err,
                                 en_error_set(err, EN_USAGE, "'%s' grades by column '%s' (%s) and by column '%s' (%s)",
                                              o->file, en_csv_field(csv, 0, out->grade), out->scheme,
                                              known_grade[i].column, known_grade[i].scheme),
                                 "choose one with --column NAME");
        }
        if (found < 0) {
            found = column;
            out->grade = (size_t)column;
            out->scheme = known_grade[i].scheme;
        }
    }
    return found >= 0 ? EN_OK : no_column(o, "grade", "column", err);
}

/* DeepDRiD has a column for each eye, and of a photograph fills the one of its eye. */
static bool has_grade_by_eye(const en_csv *csv, const en_label_options *o, en_label_columns *out)
{
    int left = en_csv_column(csv, "left_eye_DR_Level"), right = en_csv_column(csv, "right_eye_DR_Level");
    if (left < 0 || right < 0 || (o->scheme != NULL && strcmp(o->scheme, "icdr") != 0)) {
        return false;
    }
    out->grade = (size_t)left;
    out->right_grade = (size_t)right;
    out->scheme = "icdr";
    return true;
}

static en_status find_grade(const en_csv *csv, const en_label_options *o, en_label_columns *out, en_error *err)
{
    out->scheme = o->scheme;
    const char *name = o->grade_column;
    if (name == NULL && out->header && has_grade_by_eye(csv, o, out)) {
        return EN_OK;
    }
    if (name == NULL && out->header) {
        return guess_grade(csv, o, out, err);
    }
    en_status st = EN_OK;
    if (name != NULL) {
        st = en_label_named_column(csv, o, name, out->header, &out->grade, err);
        name = st == EN_OK && out->header ? en_csv_field(csv, 0, out->grade) : name;
    } else if (csv->row[0].fields < 2) {
        st = en_error_set(err, EN_INPUT, "'%s' line 1 has 1 field: no column for the grade", o->file);
    } else {
        out->grade = 1;
        name = "2";
    }
    for (size_t i = 0; st == EN_OK && out->scheme == NULL && i < KNOWN_GRADES; i++) {
        out->scheme = strcasecmp(name, known_grade[i].column) == 0 ? known_grade[i].scheme : NULL;
    }
    if (st == EN_OK && out->scheme == NULL) {
        st = en_error_hint(err, en_error_set(err, EN_USAGE, "the scheme of column '%s' is not known", name),
                           "name it with --scheme NAME");
    }
    return st;
}

static bool is_number(const char *text)
{
    int64_t number;
    return text != NULL && en_parse_int(text, &number);
}

/* With columns by number, a first line whose grade is one is no header. */
static bool has_header(const en_csv *csv, const en_label_options *o)
{
    int64_t number, grade;
    if (o->no_header) {
        return false;
    }
    if (!is_number(o->image_column) || !is_number(o->grade_column) || en_csv_column(csv, o->image_column) >= 0 ||
        en_csv_column(csv, o->grade_column) >= 0) {
        return true;
    }
    return !(en_parse_int(o->grade_column, &number) && number >= 1 &&
             en_label_read_grade(o, o->scheme != NULL ? o->scheme : "icdr", en_csv_field(csv, 0, (size_t)number - 1),
                                 &grade));
}

en_status en_label_find_columns(const en_csv *csv, const en_label_options *o, en_label_columns *out, en_error *err)
{
    *out = (en_label_columns){
        .grade = EN_NO_COLUMN, .right_grade = EN_NO_COLUMN, .patient = EN_NO_COLUMN, .eye = EN_NO_COLUMN};
    if (o->scheme != NULL && en_catalog_scheme_max(o->scheme) < 0) {
        return en_error_set(err, EN_USAGE, "there is no scheme '%s'", o->scheme);
    }
    out->header = has_header(csv, o);
    en_status st = find_image(csv, o, out, err);
    if (st == EN_OK && !o->patients_only) {
        st = find_grade(csv, o, out, err);
    }
    if (st == EN_OK && o->patient_column != NULL) {
        st = en_label_named_column(csv, o, o->patient_column, out->header, &out->patient, err);
    }
    if (st == EN_OK && o->eye_column != NULL) {
        st = en_label_named_column(csv, o, o->eye_column, out->header, &out->eye, err);
    }
    return st;
}
