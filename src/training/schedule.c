/* Schedules: their text, and the factor of a step. */
#include "training/schedule.h"

#include <math.h>
#include <stddef.h>

#include "base/settings.h"

static const double pi = 3.14159265358979323846;
#define ONE_CYCLE_BEGIN (1.0 / 25)

static const char *const kinds[] = {
    [EN_CONSTANT] = "constant", [EN_STEPS] = "step", [EN_COSINE] = "cosine", [EN_ONE_CYCLE] = "onecycle", NULL};

#define EVERY_KIND (1u << EN_CONSTANT | 1u << EN_STEPS | 1u << EN_COSINE | 1u << EN_ONE_CYCLE)
static const en_setting words[] = {
    {"every", 1u << EN_STEPS, false, offsetof(en_schedule, every), 0.001, 1, 1.0 / 3},
    {"times", 1u << EN_STEPS, false, offsetof(en_schedule, times), 0, 1, 0.1},
    {"rise", 1u << EN_ONE_CYCLE, false, offsetof(en_schedule, rise), 0.01, 0.99, 0.3},
    {"to", 1u << EN_COSINE, false, offsetof(en_schedule, to), 0, 1, 0},
    {"to", 1u << EN_ONE_CYCLE, false, offsetof(en_schedule, to), 0, 1, 1e-4},
    {"warmup", EVERY_KIND, false, offsetof(en_schedule, warmup), 0, 0.9, 0},
};
static const en_settings table = {"schedule", kinds, words, sizeof words / sizeof *words};

en_status en_schedule_parse(const char *text, en_schedule *out, en_error *err)
{
    en_schedule s = {0};
    size_t kind;
    en_status st = en_settings_parse(&table, text, &kind, &s, err);
    if (st == EN_OK) {
        s.kind = (en_schedule_kind)kind;
        *out = s;
    }
    return st;
}

const char *en_schedule_text(const en_schedule *s, char out[EN_SCHEDULE_TEXT])
{
    return en_settings_text(&table, (size_t)s->kind, s, out, EN_SCHEDULE_TEXT);
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
