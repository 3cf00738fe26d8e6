/* What the text of a grade means: a number of its scheme, a word of the user's map, or nothing. */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "intake/label_file.h"

/* Written for "no value" by R, pandas, spreadsheets and databases. */
static const char *const missing[] = {"NA", "N/A", "#N/A", "<NA>", "NaN", "NULL"};

/* A part of a list, without spaces around it. */
typedef struct word {
    const char *at;
    size_t length;
} word;

static word trimmed(const char *at, size_t length)
{
    while (length > 0 && isspace((unsigned char)*at)) {
        at++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)at[length - 1])) {
        length--;
    }
    return (word){at, length};
}

static bool equal(word a, word b) { return a.length == b.length && strncasecmp(a.at, b.at, a.length) == 0; }
static word whole(const char *text) { return trimmed(text, strlen(text)); }

/* Takes the next part of a list separated by commas; false at its end. */
static bool next(const char **list, word *out)
{
    if (*list == NULL || **list == '\0') {
        return false;
    }
    size_t length = strcspn(*list, ",");
    *out = trimmed(*list, length);
    *list += length + ((*list)[length] == ',');
    return true;
}

static bool is_missing(const en_label_options *o, word text)
{
    word w;
    bool found = text.length == 0;
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        found = found || equal(text, whole(missing[i]));
    }
    for (const char *list = o->missing; next(&list, &w);) {
        found = found || equal(text, w);
    }
    return found;
}

static bool to_grade(const en_catalog_scheme *scheme, word text, int64_t *grade)
{
    char copy[64];
    double value;
    if (text.length >= sizeof copy) {
        return false;
    }
    memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    if (!en_parse_double(copy, &value) || value < (double)scheme->lowest || value > (double)scheme->highest ||
        floor(value) < value) {
        return false;
    }
    *grade = (int64_t)value;
    return true;
}

/* "5.0" is mapped as "5". */
static bool same_number(word a, word b)
{
    char x[32], y[32];
    double p, q;
    if (a.length >= sizeof x || b.length >= sizeof y) {
        return false;
    }
    memcpy(x, a.at, a.length);
    memcpy(y, b.at, b.length);
    x[a.length] = y[b.length] = '\0';
    return en_parse_double(x, &p) && en_parse_double(y, &q) && !(p < q) && !(q < p);
}

/* One pair of the map: what stands for what. False when it is none. */
static bool read_pair(const en_catalog_scheme *scheme, word pair, word *from, int64_t *to)
{
    const char *sign = memchr(pair.at, '=', pair.length);
    if (sign == NULL) {
        return false;
    }
    *from = trimmed(pair.at, (size_t)(sign - pair.at));
    word value = trimmed(sign + 1, pair.length - (size_t)(sign + 1 - pair.at));
    if (value.length == 0) {
        *to = EN_GRADE_MISSING;
        return true;
    }
    if (equal(value, whole("ungradable"))) {
        *to = EN_GRADE_UNGRADABLE;
        return true;
    }
    return to_grade(scheme, value, to);
}

en_status en_label_check_map(const en_label_options *o, const en_catalog_scheme *scheme, en_error *err)
{
    word pair, from;
    int64_t to;
    for (const char *list = o->map; next(&list, &pair);) {
        if (!read_pair(scheme, pair, &from, &to)) {
            return en_error_hint(
                err, en_error_set(err, EN_USAGE, "'%.*s' is not a pair of --map", (int)pair.length, pair.at),
                "it must be TEXT=GRADE, TEXT=ungradable, or TEXT= for no grade");
        }
    }
    return EN_OK;
}

bool en_label_read_grade(const en_label_options *o, const en_catalog_scheme *scheme, const char *text, int64_t *grade)
{
    word field = whole(text), pair, from;
    int64_t to;
    for (const char *list = o->map; next(&list, &pair);) {
        if (read_pair(scheme, pair, &from, &to) && (equal(from, field) || same_number(from, field))) {
            *grade = to;
            return true;
        }
    }
    if (is_missing(o, field)) {
        *grade = EN_GRADE_MISSING;
        return true;
    }
    return to_grade(scheme, field, grade);
}
