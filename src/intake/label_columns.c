/* The columns of label files: named or numbered by the user, or those of public data sets. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "catalog/label.h"
#include "catalog/name.h"
#include "intake/label_file.h"

/* Columns of public data sets: EyePACS (the competition of 2015), its test labels, EyeQ, APTOS 2019, Messidor-2, IDRiD,
 * DDR, RFMiD, BRSET, DeepDRiD. */
typedef struct known_column {
    const char *column, *scheme;
    const char *range; /* of a scheme that is not built in: what its users add. Such a column is read only when it or
                        * its scheme is asked for; NULL: it is recognised */
    bool yes_or_no;    /* it says whether there is something, and 1 is not a grade of a longer scale */
} known_column;
static const known_column known_grade[] = {
    {"level", "icdr", NULL, false},
    {"grade", "icdr", NULL, false},
    {"DR_grade", "icdr", NULL, false},
    {"DR grade", "icdr", NULL, false},
    {"DR_level", "icdr", NULL, false},
    {"DR_levels", "icdr", NULL, false},
    {"diagnosis", "icdr", NULL, false},
    {"adjudicated_dr_grade", "icdr", NULL, false},
    {"retinopathy grade", "icdr", NULL, false},
    {"retinopathy_grade", "icdr", NULL, false},
    {"DR_ICDR", "icdr", NULL, false},
    {"icdr", "icdr", NULL, false},
    {"quality", "eyeq", NULL, false},
    {"gradable", "gradable", NULL, false},
    {"gradability", "gradable", NULL, false},
    {"risk of macular edema", "dme", "0..2", false},
    {"risk_of_macular_edema", "dme", "0..2", false},
    {"adjudicated_dme", "referable_dme", "0..1", true},
    {"DR", "dr", "0..1", true},
    {"Disease_Risk", "disease", "0..1", true},
};
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

static bool is_candidate(const known_column *k, const en_label_options *o)
{
    return o->scheme != NULL ? strcasecmp(k->scheme, o->scheme) == 0 : k->range == NULL;
}

/* The known grade column of the requested scheme, or of any scheme. Two candidates are an error, not a guess. Without
 * one, a column that has the scheme's name. */
static en_status guess_grade(const en_csv *csv, const en_label_options *o, en_label_columns *out, const char **scheme,
                             en_error *err)
{
    int found = -1;
    for (size_t i = 0; i < KNOWN_GRADES; i++) {
        int column = is_candidate(&known_grade[i], o) ? en_csv_column(csv, known_grade[i].column) : -1;
        if (column < 0) {
            continue;
        }
        if (found >= 0 && column != found) {
            return en_error_hint(err,
                                 en_error_set(err, EN_USAGE, "'%s' grades by column '%s' (%s) and by column '%s' (%s)",
                                              o->file, en_csv_field(csv, 0, out->grade), *scheme, known_grade[i].column,
                                              known_grade[i].scheme),
                                 "choose one with --column NAME");
        }
        found = column;
        out->grade = (size_t)column;
        *scheme = known_grade[i].scheme;
    }
    if (found < 0 && o->scheme != NULL) {
        found = en_csv_column(csv, o->scheme);
        out->grade = found >= 0 ? (size_t)found : EN_NO_COLUMN;
    }
    return found >= 0 ? EN_OK : no_column(o, "grade", "column", err);
}

/* DeepDRiD has a column for each eye, and of a photograph fills the one of its eye. */
static bool has_grade_by_eye(const en_csv *csv, const en_label_options *o, en_label_columns *out, const char **scheme)
{
    int left = en_csv_column(csv, "left_eye_DR_Level"), right = en_csv_column(csv, "right_eye_DR_Level");
    if (left < 0 || right < 0 || (o->scheme != NULL && strcasecmp(o->scheme, "icdr") != 0)) {
        return false;
    }
    out->grade = (size_t)left;
    out->right_grade = (size_t)right;
    *scheme = "icdr";
    return true;
}

/* The known column of that name; NULL: it is not known. */
static const known_column *known(const char *column)
{
    for (size_t i = 0; i < KNOWN_GRADES; i++) {
        const char *name = known_grade[i].column;
        size_t length = strlen(name), blanks = strspn(column, " ");
        if (strncasecmp(column + blanks, name, length) == 0 &&
            column[blanks + length + strspn(column + blanks + length, " ")] == '\0') {
            return &known_grade[i];
        }
    }
    return NULL;
}

/* The column of the grades, and the name of their scheme. */
static en_status find_grade(const en_csv *csv, const en_label_options *o, en_label_columns *out, const char **scheme,
                            en_error *err)
{
    *scheme = o->scheme;
    const char *name = o->grade_column;
    if (name == NULL && out->header && has_grade_by_eye(csv, o, out, scheme)) {
        return EN_OK;
    }
    if (name == NULL && out->header) {
        return guess_grade(csv, o, out, scheme, err);
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
    const known_column *k = st == EN_OK ? known(name) : NULL;
    *scheme = *scheme == NULL && k != NULL ? k->scheme : *scheme;
    if (st == EN_OK && *scheme == NULL) {
        st = en_error_hint(err, en_error_set(err, EN_USAGE, "the scheme of column '%s' is not known", name),
                           "name it with --scheme NAME");
    }
    return st;
}

/* The scheme's row. */
static en_status find_scheme(en_catalog *c, const char *name, en_catalog_scheme *out, en_error *err)
{
    en_status st = en_catalog_scheme_find(c, name, out, err);
    if (st != EN_DONE) {
        return st;
    }
    for (size_t i = 0; i < KNOWN_GRADES; i++) {
        if (strcasecmp(known_grade[i].scheme, name) == 0 && known_grade[i].range != NULL) {
            return en_error_hint(err, en_error_set(err, EN_INPUT, "there is no scheme '%s' yet", name),
                                 "'eyenet scheme add %s %s' adds it", name, known_grade[i].range);
        }
    }
    return en_error_hint(err, en_catalog_scheme_get(c, name, out, err), "'eyenet scheme add NAME LO..HI' adds one");
}

/* What says yes or no is not a grade: RFMiD's DR is 1 for every grade above 0. Other files may have grades in a column
 * of that name, so its values decide; a map says that the user knows. */
static en_status check_yes_or_no(const en_csv *csv, const en_label_options *o, const en_label_columns *found,
                                 en_error *err)
{
    const char *name = found->header ? en_csv_field(csv, 0, found->grade) : "";
    const known_column *k = known(name);
    int64_t grade;
    if (k == NULL || !k->yes_or_no || o->map != NULL || found->scheme.highest == 1) {
        return EN_OK;
    }
    for (size_t row = 1; row < csv->rows; row++) {
        if (en_label_read_grade(o, &found->scheme, en_csv_field(csv, row, found->grade), &grade) && grade > 1) {
            return EN_OK;
        }
    }
    return en_error_hint(err,
                         en_error_set(err, EN_USAGE,
                                      "'%s': column '%s' has only 0 and 1, which say no and yes and are not grades of "
                                      "the scheme %s",
                                      o->file, name, found->scheme.name),
                         "import it with --scheme %s ('eyenet scheme add %s %s'), or say what 1 means with --map",
                         k->scheme, k->scheme, k->range);
}

static bool is_number(const char *text)
{
    int64_t number;
    return text != NULL && en_parse_int(text, &number);
}

/* With columns by number, a first line whose grade is one is no header. */
static bool has_header(const en_csv *csv, const en_label_options *o, const en_catalog_scheme *scheme)
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
             en_label_read_grade(o, scheme, en_csv_field(csv, 0, (size_t)number - 1), &grade));
}

static en_status find_graded(en_catalog *c, const en_csv *csv, const en_label_options *o, en_label_columns *out,
                             en_error *err)
{
    const char *scheme;
    en_status st = find_grade(csv, o, out, &scheme, err);
    if (st == EN_OK) {
        st = find_scheme(c, scheme, &out->scheme, err);
    }
    return st == EN_OK ? check_yes_or_no(csv, o, out, err) : st;
}

en_status en_label_find_columns(en_catalog *c, const en_csv *csv, const en_label_options *o, en_label_columns *out,
                                en_error *err)
{
    en_catalog_scheme given = {.highest = EN_GRADES - 1};
    *out = (en_label_columns){
        .grade = EN_NO_COLUMN, .right_grade = EN_NO_COLUMN, .patient = EN_NO_COLUMN, .eye = EN_NO_COLUMN};
    en_status st = o->scheme != NULL ? find_scheme(c, o->scheme, &given, err) : EN_OK;
    if (st != EN_OK) {
        return st;
    }
    out->header = has_header(csv, o, &given);
    st = find_image(csv, o, out, err);
    if (st == EN_OK && !o->patients_only) {
        st = find_graded(c, csv, o, out, err);
    }
    if (st == EN_OK && o->patient_column != NULL) {
        st = en_label_named_column(csv, o, o->patient_column, out->header, &out->patient, err);
    }
    if (st == EN_OK && o->eye_column != NULL) {
        st = en_label_named_column(csv, o, o->eye_column, out->header, &out->eye, err);
    }
    return st;
}
