/* Files of predictions: which column says what, and what a row says. */
#include "training/answers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "catalog/name.h"

#define SUM_TOLERANCE 0.01 /* of probabilities that were rounded when they were written */

static const char *const known_probability[] = {"probability", "prob", "p", "score", "y_prob", "y_score", NULL};
static const char *const known_answer[] = {"predicted", "prediction", "answer",    "y_pred", "pred",
                                           "grade",     "level",      "diagnosis", NULL};

/* The class that a column is named for, NULL: none. */
static const char *class_of(const char *column)
{
    static const char *const prefix[] = {"probability_", "prob_", "p_"};
    while (*column == ' ') {
        column++;
    }
    for (size_t i = 0; i < sizeof prefix / sizeof *prefix; i++) {
        const size_t n = strlen(prefix[i]);
        if (strncasecmp(column, prefix[i], n) == 0 && column[n] != '\0') {
            return column + n;
        }
    }
    return NULL;
}

static en_status no_column(const char *file, const char *what, const char *remedy, en_error *err)
{
    return en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' line 1: no column for the %s", file, what), "%s",
                         remedy);
}

static en_status find_named(const en_csv *csv, const char *file, const char *name, const char *const *known,
                            size_t *column, en_error *err)
{
    const int found = name != NULL ? en_csv_column(csv, name) : en_csv_column_of(csv, known);
    if (found >= 0) {
        *column = (size_t)found;
        return EN_OK;
    }
    return name != NULL ? en_error_set(err, EN_INPUT, "'%s' line 1: there is no column '%s'", file, name) : EN_DONE;
}

/* One name twice would make it a matter of chance which column is read. */
static en_status check_header(const en_csv *csv, const char *file, en_error *err)
{
    for (size_t i = 0; i < csv->row[0].fields; i++) {
        const char *name = en_csv_field(csv, 0, i);
        const int first = en_csv_column(csv, name);
        if (*name != '\0' && first >= 0 && (size_t)first != i) {
            return en_error_set(err, EN_INPUT, "'%s' line 1: there are two columns '%s'", file, name);
        }
    }
    return EN_OK;
}

static int by_nature(const void *a, const void *b) { return en_natural_compare(a, b); }

static en_status find_classes(const en_csv *csv, const char *file, en_classes *named, en_error *err)
{
    *named = (en_classes){0};
    for (size_t i = 0; i < csv->row[0].fields; i++) {
        const char *class = class_of(en_csv_field(csv, 0, i));
        if (class == NULL) {
            continue;
        }
        if (strlen(class) >= EN_CLASS_NAME || named->count == EN_MAX_CLASSES) {
            return en_error_set(err, EN_INPUT, "'%s' line 1: more than %d classes, or one of more than %d bytes", file,
                                EN_MAX_CLASSES, EN_CLASS_NAME - 1);
        }
        snprintf(named->name[named->count++], EN_CLASS_NAME, "%s", class);
    }
    if (named->count < 2) {
        named->count = 0;
        return EN_OK;
    }
    qsort(named->name, named->count, sizeof named->name[0], by_nature);
    for (size_t i = 1; i < named->count; i++) {
        if (strcmp(named->name[i], named->name[i - 1]) == 0) {
            return en_error_set(err, EN_INPUT, "'%s' line 1: there are two columns of class '%s'", file,
                                named->name[i]);
        }
    }
    named->positive = named->count - 1;
    return EN_OK;
}

en_status en_answers_find(const en_csv *csv, const char *file, const en_answers_names *names, en_answers_columns *out,
                          en_classes *named, en_error *err)
{
    *out = (en_answers_columns){0};
    *named = (en_classes){0};
    en_status st = check_header(csv, file, err);
    if (st == EN_OK) {
        st = find_named(csv, file, names->image, en_catalog_image_columns, &out->image, err);
    }
    if (st == EN_DONE) {
        st = no_column(file, "image",
                       "the first line must name the columns, such as 'image,probability', or name it "
                       "with --image-column",
                       err);
    }
    if (st != EN_OK) {
        return st;
    }
    if (names->probability == NULL && names->answer == NULL) {
        st = find_classes(csv, file, named, err);
        if (st != EN_OK || named->count > 0) {
            out->form = EN_ANSWERS_PER_CLASS;
            snprintf(out->read_as, sizeof out->read_as, "a probability per class");
            return st;
        }
    }
    st = names->answer == NULL ? find_named(csv, file, names->probability, known_probability, &out->value, err)
                               : EN_DONE;
    out->form = EN_ANSWERS_POSITIVE;
    if (st == EN_DONE) {
        st = find_named(csv, file, names->answer, known_answer, &out->value, err);
        out->form = EN_ANSWERS_ONLY;
    }
    if (st == EN_DONE) {
        return no_column(file, "prediction",
                         "columns p_CLASS, or one of --probability-column (of the positive class) or --answer-column",
                         err);
    }
    snprintf(out->read_as, sizeof out->read_as, "%s",
             out->form == EN_ANSWERS_ONLY ? "answers without probabilities" : "the probability of the positive class");
    return st;
}

/* The column of a class, by its name behind the prefix. */
static size_t column_of(const en_csv *csv, const char *class)
{
    for (size_t i = 0; i < csv->row[0].fields; i++) {
        const char *name = class_of(en_csv_field(csv, 0, i));
        if (name != NULL && strcmp(name, class) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

en_status en_answers_fit(en_answers_columns *columns, const en_csv *csv, const en_classes *classes, const char *file,
                         const char *target, en_error *err)
{
    if (columns->form == EN_ANSWERS_POSITIVE && classes->count != 2) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "'%s' has one probability, but the target '%s' has %zu classes", file, target,
                                          classes->count),
                             "a column p_CLASS for each, or another --target");
    }
    size_t with_class = 0;
    for (size_t i = 0; columns->form == EN_ANSWERS_PER_CLASS && i < csv->row[0].fields; i++) {
        with_class += class_of(en_csv_field(csv, 0, i)) != NULL;
    }
    for (size_t i = 0; columns->form == EN_ANSWERS_PER_CLASS && i < classes->count; i++) {
        columns->class[i] = column_of(csv, classes->name[i]);
        if (columns->class[i] == SIZE_MAX || with_class != classes->count) {
            return en_error_set(err, EN_INPUT, "'%s' has %zu classes, and the run has %zu: '%s' %s a column 'p_%s'",
                                file, with_class, classes->count, classes->name[i],
                                columns->class[i] == SIZE_MAX ? "lacks" : "has", classes->name[i]);
        }
    }
    return EN_OK;
}

static en_status read_probability(const en_csv *csv, size_t row, size_t column, double *p, en_error *err)
{
    const char *text = en_csv_field(csv, row, column);
    if (!en_parse_double(text, p) || !(*p >= -1e-6 && *p <= 1 + 1e-6)) {
        return en_error_hint(
            err,
            en_error_set(err, EN_INPUT, "%s '%.40s' is not a probability, 0 to 1", en_csv_field(csv, 0, column), text),
            "write probabilities, not logits or percentages");
    }
    *p = fmin(fmax(*p, 0), 1);
    return EN_OK;
}

/* The class of an answer; "2.0" is the class "2". */
static int class_index(const en_classes *classes, const char *text)
{
    char whole[24];
    double value;
    int found = en_classes_find(classes, text);
    if (found < 0 && en_parse_double(text, &value) && fabs(value) < 1e9 && !(value > floor(value))) {
        snprintf(whole, sizeof whole, "%.0f", value);
        found = en_classes_find(classes, whole);
    }
    return found;
}

static en_status read_answer(const en_csv *csv, size_t row, const en_answers_columns *c, const en_classes *classes,
                             float *probability, en_error *err)
{
    const char *text = en_csv_field(csv, row, c->value);
    const int found = class_index(classes, text);
    if (found < 0) {
        return en_error_set(err, EN_INPUT, "%s '%.40s' is none of the %zu classes, of which the first is '%s'",
                            en_csv_field(csv, 0, c->value), text, classes->count, classes->name[0]);
    }
    memset(probability, 0, classes->count * sizeof *probability);
    probability[found] = 1;
    return EN_OK;
}

static en_status read_classes(const en_csv *csv, size_t row, const en_answers_columns *c, const en_classes *classes,
                              float *probability, en_error *err)
{
    double p[EN_MAX_CLASSES], sum = 0;
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < classes->count; i++) {
        st = read_probability(csv, row, c->class[i], &p[i], err);
        sum += st == EN_OK ? p[i] : 0;
    }
    if (st == EN_OK && fabs(sum - 1) > SUM_TOLERANCE) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "the probabilities add up to %.4g, not 1", sum),
                           "write those of a softmax, one per class");
    }
    for (size_t i = 0; st == EN_OK && i < classes->count; i++) {
        probability[i] = (float)(p[i] / sum);
    }
    return st;
}

/* Whether all values of a row are missing. */
static bool is_empty(const en_csv *csv, size_t row, const en_answers_columns *c, const en_classes *classes)
{
    bool empty = true;
    const size_t count = c->form == EN_ANSWERS_PER_CLASS ? classes->count : 1;
    for (size_t i = 0; i < count; i++) {
        const char *text = en_csv_field(csv, row, c->form == EN_ANSWERS_PER_CLASS ? c->class[i] : c->value);
        empty = empty && (*text == '\0' || strcasecmp(text, "NA") == 0);
    }
    return empty;
}

en_status en_answers_read(const en_csv *csv, size_t row, const en_answers_columns *columns, const en_classes *classes,
                          float *probability, en_error *err)
{
    double p = 0;
    if (is_empty(csv, row, columns, classes)) {
        return EN_DONE;
    }
    switch (columns->form) {
    case EN_ANSWERS_PER_CLASS: return read_classes(csv, row, columns, classes, probability, err);
    case EN_ANSWERS_ONLY: return read_answer(csv, row, columns, classes, probability, err);
    case EN_ANSWERS_POSITIVE: break;
    }
    en_status st = read_probability(csv, row, columns->value, &p, err);
    if (st == EN_OK) {
        probability[1] = (float)p; /* the positive class is the last one */
        probability[0] = (float)(1 - p);
    }
    return st;
}
