/* See sweep_plan.h. */
#include "training/sweep_plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"

#define TRIES 200 /* of a combination that is not there yet */

const char *en_sweep_value(const en_sweep_plan *plan, size_t run, size_t dimension)
{
    return plan->value[run * plan->dimensions + dimension];
}

/* The value at a proportion 0..1 of a range. */
static void write_value(const en_sweep_dimension *d, double at, char out[EN_SWEEP_VALUE])
{
    double x = d->log ? exp(log(d->low) + at * (log(d->high) - log(d->low))) : d->low + at * (d->high - d->low);
    x = fmin(fmax(x, d->low), d->high);
    if (d->whole) {
        snprintf(out, EN_SWEEP_VALUE, "%lld", (long long)llround(x));
        return;
    }
    double written = x;
    en_print(out, EN_SWEEP_VALUE, "%.4g", x);
    if (!en_parse_double(out, &written) || written < d->low || written > d->high) { /* rounded beyond an end */
        en_print(out, EN_SWEEP_VALUE, "%.17g", x);
    }
}

static void set_choice(const en_sweep_dimension *d, size_t index, char out[EN_SWEEP_VALUE])
{
    if (d->choices > 0) {
        snprintf(out, EN_SWEEP_VALUE, "%s", d->choice[index]);
    } else {
        write_value(d, (double)index / (double)(d->steps - 1), out);
    }
}

static size_t size_of(const en_sweep_dimension *d) { return d->choices > 0 ? d->choices : (size_t)d->steps; }

static en_status count_grid(const en_sweep_dimension *d, size_t dimensions, size_t *runs, en_error *err)
{
    double all = 1;
    *runs = 1;
    for (size_t i = 0; i < dimensions; i++) {
        if (d[i].choices == 0 && d[i].steps < 2) {
            return en_error_hint(
                err, en_error_set(err, EN_INPUT, "'%s' is a range, of which a grid has no values", d[i].key),
                "give it steps = N, or a list, or choose method = \"random\"");
        }
        all *= (double)size_of(&d[i]);
    }
    if (all > EN_SWEEP_RUNS_MAX) {
        return en_error_hint(
            err, en_error_set(err, EN_INPUT, "the grid has %.15g combinations, more than %d", all, EN_SWEEP_RUNS_MAX),
            "choose fewer values, or method = \"random\" and runs = N");
    }
    *runs = (size_t)all;
    return EN_OK;
}

static void fill_grid(en_sweep_plan *p)
{
    for (size_t run = 0; run < p->runs; run++) {
        size_t rest = run;
        for (size_t i = p->dimensions; i-- > 0;) {
            const en_sweep_dimension *d = &p->dimension[i];
            set_choice(d, rest % size_of(d), p->value[run * p->dimensions + i]);
            rest /= size_of(d);
        }
    }
}

static bool is_there(const en_sweep_plan *p, size_t run)
{
    const size_t row = p->dimensions;
    for (size_t other = 0; other < run; other++) {
        bool same = true;
        for (size_t i = 0; i < row && same; i++) {
            same = strcmp(p->value[other * row + i], p->value[run * row + i]) == 0;
        }
        if (same) {
            return true;
        }
    }
    return false;
}

static void draw(en_sweep_plan *p, size_t run, en_random *r)
{
    for (size_t i = 0; i < p->dimensions; i++) {
        const en_sweep_dimension *d = &p->dimension[i];
        char *out = p->value[run * p->dimensions + i];
        if (d->choices > 0) {
            set_choice(d, en_random_below(&r[i], (uint32_t)d->choices), out);
        } else {
            write_value(d, en_random_uniform(&r[i]), out);
        }
    }
}

static en_status fill_random(en_sweep_plan *p, uint64_t seed, en_error *err)
{
    en_random *r = en_calloc(p->dimensions + 1, sizeof *r);
    if (r == NULL) {
        return en_error_nomem(err, "a sweep");
    }
    en_status st = EN_OK;
    for (size_t run = 0; run < p->runs && st == EN_OK; run++) {
        for (size_t i = 0; i < p->dimensions; i++) {
            r[i] = en_random_init(seed, (uint32_t)i, run, EN_FOR_SWEEP);
        }
        int tries = 0;
        do {
            draw(p, run, r);
        } while (is_there(p, run) && ++tries < TRIES);
        if (tries == TRIES) {
            st = en_error_hint(
                err,
                en_error_set(err, EN_INPUT, "there are not %zu different combinations to draw: %zu were", p->runs, run),
                "choose fewer runs, or method = \"grid\"");
        }
    }
    en_free(r);
    return st;
}

en_status en_sweep_plan_make(const en_sweep_dimension *dimension, size_t dimensions, en_sweep_method method,
                             int64_t runs, uint64_t seed, en_sweep_plan *out, en_error *err)
{
    *out = (en_sweep_plan){.dimension = dimension, .dimensions = dimensions};
    if (dimensions == 0) {
        return en_error_set(err, EN_INPUT, "nothing varies: give a setting a list of values or a range");
    }
    en_status st = EN_OK;
    if (method == EN_SWEEP_GRID && runs != 0) {
        return en_error_set(err, EN_INPUT, "a grid has as many runs as combinations, and takes no 'runs'");
    }
    if (method == EN_SWEEP_GRID) {
        st = count_grid(dimension, dimensions, &out->runs, err);
    } else if (runs < 1 || runs > EN_SWEEP_RUNS_MAX) {
        st = en_error_set(err, EN_INPUT, "'runs' must be 1 to %d, not %lld", EN_SWEEP_RUNS_MAX, (long long)runs);
    } else {
        out->runs = (size_t)runs;
    }
    if (st != EN_OK) {
        return st;
    }
    out->value = en_calloc(out->runs * dimensions, sizeof *out->value);
    if (out->value == NULL) {
        return en_error_nomem(err, "a sweep");
    }
    if (method == EN_SWEEP_GRID) {
        fill_grid(out);
        return EN_OK;
    }
    return fill_random(out, seed, err);
}

void en_sweep_plan_clear(en_sweep_plan *plan)
{
    en_free(plan->value);
    *plan = (en_sweep_plan){0};
}
