/* Reading numbers strictly, natural ordering of names, and suggestions for misspelt words. */
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool en_parse_int(const char *text, int64_t *out)
{
    if (text == NULL || *text == '\0' || isspace((unsigned char)*text)) {
        return false;
    }
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0') {
        return false;
    }
    *out = value;
    return true;
}

/* The locale of programs: "C". NULL only when it cannot be created; then the thread's own is used. */
static locale_t plain_locale;
static pthread_once_t plain_once = PTHREAD_ONCE_INIT;

static void make_plain_locale(void) { plain_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

/* Sets this thread's locale to "C"; returns the previous one, to be restored by uselocale. */
static locale_t enter_plain_locale(void)
{
    (void)pthread_once(&plain_once, make_plain_locale);
    return uselocale(plain_locale);
}

bool en_parse_double(const char *text, double *out)
{
    if (text == NULL || *text == '\0' || text[strspn(text, "+-.0123456789eE")] != '\0') {
        return false;
    }
    char *end;
    locale_t before = enter_plain_locale();
    double value = strtod(text, &end);
    (void)uselocale(before);
    if (*end != '\0' || !isfinite(value)) {
        return false;
    }
    *out = value;
    return true;
}

int en_printv(char *out, size_t capacity, const char *fmt, va_list args)
{
    locale_t before = enter_plain_locale();
    int length = vsnprintf(out, capacity, fmt, args);
    (void)uselocale(before);
    return length;
}

int en_print(char *out, size_t capacity, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int length = en_printv(out, capacity, fmt, args);
    va_end(args);
    return length;
}

bool en_parse_size(const char *text, int64_t *bytes)
{
    if (text == NULL || !isdigit((unsigned char)*text)) {
        return false;
    }
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    static const char units[] = "kmgt";
    int64_t scale = 1;
    if (*end != '\0') {
        const char *unit = strchr(units, tolower((unsigned char)*end));
        if (unit == NULL || end[1] != '\0') {
            return false;
        }
        scale = (int64_t)1 << (10 * (unit - units + 1));
    }
    int64_t product;
    if (errno != 0 || __builtin_mul_overflow((int64_t)value, scale, &product)) {
        return false;
    }
    *bytes = product;
    return true;
}

const char *en_human_size(int64_t bytes, char *out, size_t capacity)
{
    static const char *const unit[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    size_t u = 0;
    while (fabs(value) >= 1024 && u + 1 < sizeof unit / sizeof *unit) {
        value /= 1024;
        u++;
    }
    en_print(out, capacity, u == 0 || fabs(value) >= 100 ? "%.0f %s" : "%.1f %s", value, unit[u]);
    return out;
}

const char *en_human_duration(double seconds, char *out, size_t capacity)
{
    const double most = 1e15; /* which an int64_t holds, and no run takes */
    const int64_t s = seconds > 0 ? (int64_t)(fmin(seconds, most) + 0.5) : 0;
    if (s < 60) {
        snprintf(out, capacity, "%" PRId64 " s", s);
    } else if (s < 3600) {
        snprintf(out, capacity, "%" PRId64 " min %02" PRId64 " s", s / 60, s % 60);
    } else {
        snprintf(out, capacity, "%" PRId64 " h %02" PRId64 " min", s / 3600, s / 60 % 60);
    }
    return out;
}

/* The bytes of the blank at the beginning of a text, or at its end; 0: there is none. */
static size_t blank(const char *text, size_t length, bool at_end)
{
    static const char *const wide[] = {"\xC2\xA0", "\xE2\x80\x8B", "\xE3\x80\x80", "\xEF\xBB\xBF"};
    if (length > 0 && strchr(" \t\r\n\v\f", text[at_end ? length - 1 : 0]) != NULL) {
        return text[at_end ? length - 1 : 0] != '\0';
    }
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        size_t n = strlen(wide[i]);
        if (n <= length && memcmp(at_end ? text + length - n : text, wide[i], n) == 0) {
            return n;
        }
    }
    return 0;
}

const char *en_trimmed(const char *text, size_t *length)
{
    size_t n;
    while ((n = blank(text, *length, false)) > 0) {
        text += n;
        *length -= n;
    }
    while ((n = blank(text, *length, true)) > 0) {
        *length -= n;
    }
    return text;
}

bool en_starts_with(const char *text, const char *prefix) { return strncmp(text, prefix, strlen(prefix)) == 0; }

#define WORD_MAX 32

/* Levenshtein's distance; words longer than WORD_MAX count as far. */
static size_t distance(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b);
    if (la > WORD_MAX || lb > WORD_MAX) {
        return WORD_MAX;
    }
    size_t row[WORD_MAX + 1];
    for (size_t j = 0; j <= lb; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t change = diagonal + (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]));
            size_t insert = row[j - 1] + 1, drop = row[j] + 1;
            diagonal = row[j];
            row[j] = insert < drop ? insert : drop;
            row[j] = change < row[j] ? change : row[j];
        }
    }
    return row[lb];
}

const char *en_nearest_word(const char *word, const char *const *words)
{
    const char *best = NULL;
    size_t length = strlen(word), limit = length <= 3 ? 1 : length <= 6 ? 2 : 3, least = limit + 1;
    for (; *words != NULL; words++) {
        size_t d = distance(word, *words);
        if (d < least) {
            least = d;
            best = *words;
        }
    }
    return best;
}

int en_natural_compare(const char *a, const char *b)
{
    const char *first_a = a, *first_b = b;
    while (*a != '\0' && *b != '\0') {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            a += strspn(a, "0");
            b += strspn(b, "0");
            size_t na = strspn(a, "0123456789"), nb = strspn(b, "0123456789");
            int order = na != nb ? (na < nb ? -1 : 1) : strncmp(a, b, na);
            if (order != 0) {
                return order;
            }
            a += na;
            b += nb;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    if (*a != *b) {
        return *a == '\0' ? -1 : 1;
    }
    return strcmp(first_a, first_b); /* "01" and "1" are still two names */
}
