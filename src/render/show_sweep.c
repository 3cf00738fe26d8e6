/* The ranking of a sweep. */
#include <stdio.h>

#include "base/memory.h"
#include "base/text.h"
#include "render/field.h"
#include "render/show.h"

#define MOST_COLUMNS 128

static void put_value(en_table *t, const char *text)
{
    int64_t whole;
    double real;
    if (en_parse_int(text, &whole)) {
        en_table_int(t, whole);
    } else if (en_parse_double(text, &real)) {
        en_table_real(t, real);
    } else {
        en_table_text(t, text);
    }
}

static void put_count(en_table *t, int64_t value, int64_t least)
{
    if (value >= least) {
        en_table_int(t, value);
    } else {
        en_table_null(t);
    }
}

static void put_run(en_table *t, const en_sweep_options *o, const en_sweep_plan *plan, const en_sweep_run *r,
                    size_t rank)
{
    en_table_int(t, (int64_t)rank + 1);
    en_table_text(t, o->trial[r->trial].name);
    en_table_text(t, r->state != 0 ? en_word(&en_run_states, r->state) : NULL);
    put_count(t, r->epochs, 0);
    put_count(t, r->best_epoch, 1);
    if (o->method == EN_SWEEP_HALVING) {
        put_count(t, r->dropped, 1);
    }
    en_table_real(t, r->value);
    for (size_t i = 0; i < plan->dimensions; i++) {
        put_value(t, en_sweep_value(plan, r->trial, i));
    }
}

en_status en_show_sweep(en_out *out, const en_sweep_options *o, const en_sweep_plan *plan, const en_sweep_result *r,
                        en_error *err)
{
    char metric[32];
    en_column column[MOST_COLUMNS] = {{"rank", 0}, {"run", 0}, {"state", EN_UNCUT}, {"epochs", 0}, {"best", 0}};
    size_t n = 5;
    snprintf(metric, sizeof metric, "val_%s", o->metric);
    if (o->method == EN_SWEEP_HALVING) {
        column[n++] = (en_column){"dropped", 0};
    }
    column[n++] = (en_column){metric, 4};
    for (size_t i = 0; i < plan->dimensions && n < MOST_COLUMNS; i++) {
        column[n++] = (en_column){plan->dimension[i].key, EN_SIGNIFICANT};
    }
    en_table *t;
    en_status st = en_table_new(out, column, n, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < r->count; i++) {
        put_run(t, o, plan, &r->row[i], i);
    }
    return en_table_end(t, err);
}
