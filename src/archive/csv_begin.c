/* Finding the first line of a table. Whether a line with '#' names columns cannot be told from it alone: it is compared
 * with the two lines after the comments. */
#include "archive/csv_begin.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define SEPARATORS ",;\t|"

/* A line of the text, without its end. */
typedef struct line {
    const char *at;
    size_t length, index; /* index: how many lines are before it */
    bool end;             /* the text ended before it */
} line;

static line first_line(const char *text)
{
    return (line){.at = text, .length = strcspn(text, "\r\n"), .end = *text == '\0'};
}

static line next_line(const line *l)
{
    const char *after = l->at + l->length;
    after += *after == '\0' ? 0 : after[0] == '\r' && after[1] == '\n' ? 2 : 1;
    line next = first_line(after);
    next.index = l->index + 1;
    return next;
}

static bool is_blank(const line *l) { return strspn(l->at, " " SEPARATORS) >= l->length; }
static bool has_separator(const line *l) { return strcspn(l->at, SEPARATORS) < l->length; }

/* Excel's line "sep=;", possibly in quotes and with separators behind it, names the separator. */
static bool is_sep_line(const line *l, char *separator)
{
    const char *at = l->at + (*l->at == '"');
    if (strncasecmp(at, "sep=", 4) != 0 || at[4] == '\0' || strchr(SEPARATORS, at[4]) == NULL) {
        return false;
    }
    const char *end = at + 5 + (*l->at == '"' && at[5] == '"');
    end += strspn(end, SEPARATORS);
    if (*end != '\r' && *end != '\n') {
        return false;
    }
    *separator = at[4];
    return true;
}

/* A space is the separator only when there is no other candidate: names may contain spaces. What is quoted separates
 * nothing, and a quoted field may go on in the next line. */
static char guess_separator(const char *text)
{
    static const char candidate[] = SEPARATORS;
    size_t count[sizeof candidate - 1] = {0}, most = 0;
    char best = ' ';
    bool quoted = false;
    for (const char *c = text; *c != '\0' && (quoted || (*c != '\r' && *c != '\n')); c++) {
        const char *found = strchr(candidate, *c);
        quoted = quoted != (*c == '"');
        if (!quoted && found != NULL && ++count[found - candidate] > most) {
            most = count[found - candidate];
            best = *c;
        }
    }
    return best;
}

/* Takes the next field off the line's rest; false behind the last one. */
static bool next_field(line *rest, char separator, const char **text, size_t *length)
{
    bool quoted = false;
    if (rest->end) {
        return false;
    }
    size_t n = 0;
    while (n < rest->length && (quoted || rest->at[n] != separator)) {
        quoted = quoted != (rest->at[n++] == '"');
    }
    *length = n;
    *text = en_trimmed(rest->at, length);
    rest->end = n == rest->length;
    rest->at += rest->end ? n : n + 1;
    rest->length -= rest->end ? n : n + 1;
    return true;
}

static bool is_number(const char *text, size_t length)
{
    char copy[32];
    double value;
    while (length > 1 && *text == '"' && text[length - 1] == '"') {
        text++;
        length -= 2;
    }
    if (length == 0 || length >= sizeof copy) {
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return en_parse_double(copy, &value);
}

/* How many fields the line has, and how many up to the last that is not empty. */
static size_t count_fields(line l, char separator, size_t *filled)
{
    const char *text;
    size_t length, n = 0;
    for (*filled = 0; next_field(&l, separator, &text, &length); n++) {
        *filled = length > 0 ? n + 1 : *filled;
    }
    return n;
}

/* Separators at the end of either line do not count: spreadsheets add them. */
static bool has_the_same_fields(const line *a, const line *b, char separator)
{
    size_t a_filled, b_filled, a_all = count_fields(*a, separator, &a_filled),
                               b_all = count_fields(*b, separator, &b_filled);
    return a_filled > 1 && a_filled <= b_all && b_filled <= a_all;
}

/* Whether some field is a word in `a` and a number in `b`: a header differs from data in this way. */
static bool names_numbers_of(line a, line b, char separator)
{
    const char *x, *y;
    size_t x_length, y_length;
    while (!b.end && next_field(&a, separator, &x, &x_length) && next_field(&b, separator, &y, &y_length)) {
        if (x_length > 0 && !is_number(x, x_length) && is_number(y, y_length)) {
            return true;
        }
    }
    return false;
}

static bool has_number(line l, char separator)
{
    const char *text;
    size_t length;
    while (next_field(&l, separator, &text, &length)) {
        if (is_number(text, length)) {
            return true;
        }
    }
    return false;
}

/* Without '#' and the blanks behind it, unless '#' is the whole name of a column: "#,image,grade". */
static line without_mark(line l, char separator)
{
    size_t skip = 1;
    while (skip < l.length && l.at[skip] == ' ') {
        skip++;
    }
    if (skip == l.length || l.at[skip] == separator) {
        return l;
    }
    l.at += skip;
    l.length -= skip;
    return l;
}

/* Whether `mark`, a line with '#', is the header of `data` and the line after it. */
static bool is_header(const line *mark, const line *data, char separator)
{
    line named = without_mark(*mark, separator), after = next_line(data);
    if (!has_the_same_fields(&named, data, separator)) {
        return false;
    }
    return names_numbers_of(named, *data, separator) ||
           (!has_number(named, separator) && !names_numbers_of(*data, after, separator));
}

/* Images may have names that begin with '#': such a line has numbers where `data` has them. */
static bool is_data(const line *mark, const line *data, char separator)
{
    return has_the_same_fields(mark, data, separator) && has_number(*mark, separator) &&
           !names_numbers_of(*mark, *data, separator);
}

/* Skips empty lines and those that name the separator, '\0' before. */
static line skip_empty(line l, char *separator)
{
    while (!l.end && (is_blank(&l) || (*separator == '\0' && is_sep_line(&l, separator)))) {
        l = next_line(&l);
    }
    return l;
}

/* The line with '#' among the comments from `l` up to `data` where the table begins, or `data`. *header: it is one. */
static line choose(line l, const line *data, char separator, bool *header)
{
    line begin = *data;
    *header = false;
    for (char skipped = '\0'; l.at < data->at; l = skip_empty(next_line(&l), &skipped)) {
        if (is_header(&l, data, separator)) {
            begin = without_mark(l, separator);
            *header = true;
        } else if (begin.at == data->at && is_data(&l, data, separator)) {
            begin = l;
        }
    }
    return begin;
}

/* Of a text that has nothing but lines with '#', `first` is the first of them with separators. */
static line choose_alone(line first, char separator)
{
    return has_number(first, separator) ? first : without_mark(first, separator);
}

en_csv_begin en_csv_find_begin(const char *text)
{
    char separator = '\0';
    const line first = skip_empty(first_line(text), &separator);
    line data = first, candidate = {.end = true};
    while (!data.end && *data.at == '#') {
        candidate = candidate.end && has_separator(&data) ? data : candidate;
        data = skip_empty(next_line(&data), &separator);
    }
    const bool alone = data.end && !candidate.end;
    separator = separator != '\0' ? separator : guess_separator(alone ? candidate.at : data.at);
    bool header = false;
    const line begin = alone ? choose_alone(candidate, separator) : choose(first, &data, separator, &header);
    const line rest = header ? data : begin;
    return (en_csv_begin){.at = (size_t)(begin.at - text),
                          .line = begin.index,
                          .rest = (size_t)(rest.at - text),
                          .rest_line = rest.index,
                          .separator = separator};
}
