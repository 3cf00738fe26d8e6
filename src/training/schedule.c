/* Schedules: their text, and the factor of a step. */
#include "training/schedule.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

static const double pi = 3.14159265358979323846;
#define ONE_CYCLE_BEGIN (1.0 / 25)

static const char *const kinds[] = {"constant", "step", "cosine", "onecycle", NULL};

/* The words after the kind: of which kinds each is, within what bounds, and what it is by default. */
typedef struct word {
    const char *name;
    unsigned of; /* 1 << kind, or-ed */
    size_t offset;
    double low, high, constant, step, cosine, one_cycle;
} word;

#define EVERY_KIND (1u << EN_CONSTANT | 1u << EN_STEPS | 1u << EN_COSINE | 1u << EN_ONE_CYCLE)
static const word words[] = {
    {"every", 1u << EN_STEPS, offsetof(en_schedule, every), 0.001, 1, 0, 1.0 / 3, 0, 0},
    {"times", 1u << EN_STEPS, offsetof(en_schedule, times), 0, 1, 0, 0.1, 0, 0},
    {"rise", 1u << EN_ONE_CYCLE, offsetof(en_schedule, rise), 0.01, 0.99, 0, 0, 0, 0.3},
    {"to", 1u << EN_COSINE | 1u << EN_ONE_CYCLE, offsetof(en_schedule, to), 0, 1, 0, 0, 0, 1e-4},
    {"warmup", EVERY_KIND, offsetof(en_schedule, warmup), 0, 0.9, 0, 0, 0, 0},
};
enum { WORDS = sizeof words / sizeof *words };

static double *value_of(en_schedule *s, const word *w) { return (double *)(void *)((char *)s + w->offset); }

static double default_of(const word *w, en_schedule_kind kind)
{
    const double value[] = {w->constant, w->step, w->cosine, w->one_cycle};
    return value[kind];
}

enum { TOKEN = 32 }; /* bytes of a word or number with its NUL */

/* The next word between blanks into out; false when there is none. One that is too long is cut, and then unknown. */
static bool next_token(const char **at, char out[TOKEN])
{
    static const char blank[] = " \t\r\n";
    *at += strspn(*at, blank);
    size_t length = strcspn(*at, blank);
    (void)snprintf(out, TOKEN, "%.*s", (int)(length < TOKEN ? length : TOKEN - 1), *at);
    *at += length;
    return length > 0;
}

static en_status parse_kind(const char *name, en_schedule *s, en_error *err)
{
    for (size_t i = 0; kinds[i] != NULL; i++) {
        if (strcmp(name, kinds[i]) == 0) {
            s->kind = (en_schedule_kind)i;
            return EN_OK;
        }
    }
    return en_error_set(err, EN_USAGE, "schedule: expected constant, step, cosine or onecycle, got '%s'", name);
}

static en_status parse_word(const char *name, const char *text, en_schedule *s, unsigned *given, en_error *err)
{
    for (const word *w = words; w < words + WORDS; w++) {
        const unsigned bit = 1u << (w - words);
        if (strcmp(name, w->name) != 0 || (w->of & 1u << s->kind) == 0) {
            continue;
        }
        if ((*given & bit) != 0) {
            return en_error_set(err, EN_USAGE, "schedule: '%s' is given twice", name);
        }
        *given |= bit;
        double *value = value_of(s, w);
        if (!en_parse_double(text, value) || !(*value >= w->low && *value <= w->high)) {
            return en_error_set(err, EN_USAGE, "schedule: '%s' takes a number from %g to %g, not '%s'", name, w->low,
                                w->high, text);
        }
        return EN_OK;
    }
    char known[64] = "";
    for (const word *w = words; w < words + WORDS; w++) {
        if ((w->of & 1u << s->kind) != 0) {
            size_t used = strlen(known);
            (void)snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? ", " : "", w->name);
        }
    }
    return en_error_set(err, EN_USAGE, "schedule: unknown word '%s'; '%s' knows %s", name, kinds[s->kind], known);
}

en_status en_schedule_parse(const char *text, en_schedule *out, en_error *err)
{
    char name[TOKEN], value[TOKEN];
    const char *at = text;
    en_schedule s = {0};
    unsigned given = 0;
    (void)next_token(&at, name);
    en_status st = parse_kind(name, &s, err);
    for (const word *w = words; st == EN_OK && w < words + WORDS; w++) {
        *value_of(&s, w) = default_of(w, s.kind);
    }
    while (st == EN_OK && next_token(&at, name)) {
        (void)next_token(&at, value);
        st = parse_word(name, value, &s, &given, err);
    }
    if (st == EN_OK) {
        *out = s;
    }
    return st;
}

const char *en_schedule_text(const en_schedule *s, char out[EN_SCHEDULE_TEXT])
{
    en_schedule copy = *s;
    size_t used = (size_t)en_print(out, EN_SCHEDULE_TEXT, "%s", kinds[s->kind]);
    for (const word *w = words; w < words + WORDS; w++) {
        const double value = *value_of(&copy, w);
        if ((w->of & 1u << s->kind) != 0 && fpclassify(value - default_of(w, s->kind)) != FP_ZERO) {
            used += (size_t)en_print(out + used, EN_SCHEDULE_TEXT - used, " %s %.*g", w->name, en_number_digits(value),
                                     value);
        }
    }
    return out;
}

/* From one value to another along half a cosine, t from 0 to 1. */
static double along_cosine(double from, double to, double t) { return to + (from - to) * (1 + cos(pi * t)) / 2; }

/* Without the warm-up; t from 0 to 1. Steps fall at k * every exactly, but for rounding by as much as this. */
static double factor_at(const en_schedule *s, double t)
{
    const double rounding = 1e-9;
    switch (s->kind) {
    case EN_STEPS: return pow(s->times, floor(t / s->every + rounding));
    case EN_COSINE: return along_cosine(1, s->to, t);
    case EN_ONE_CYCLE:
        return t < s->rise ? along_cosine(ONE_CYCLE_BEGIN, 1, t / s->rise)
                           : along_cosine(1, s->to, (t - s->rise) / (1 - s->rise));
    case EN_CONSTANT: break;
    }
    return 1;
}

double en_schedule_factor(const en_schedule *s, uint64_t step, uint64_t steps)
{
    const uint64_t warm = (uint64_t)llround(s->warmup * (double)steps);
    if (step < warm) {
        return factor_at(s, 0) * (double)(step + 1) / (double)(warm + 1);
    }
    const uint64_t rest = steps - warm, at = step - warm;
    /* Steps of a constant rate divide the training evenly; a curve reaches its end with the last step. */
    const double whole = s->kind == EN_STEPS ? (double)rest : (double)(rest > 1 ? rest - 1 : 1);
    return factor_at(s, (double)at / whole);
}
