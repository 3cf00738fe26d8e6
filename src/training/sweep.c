/* See sweep.h. */
#include "training/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "db/row.h"
#include "db/statements.h"
#include "project/recover.h"

#define WAIT_NS 200000000 /* between two looks at the runs of other processes */

typedef struct found {
    int64_t run_id, epochs, best_epoch;
    en_run_state state;
    char *tried;
} found;
static const en_row_column found_columns[] = {
    {"run_id", EN_COL(found, run_id)},
    {"state", EN_COL_WORD(found, state, en_run_states)},
    {"best_epoch", EN_COL_MAY(found, best_epoch, EN_RULE_EPOCH)},
    {"epochs", EN_COL_IS(found, epochs, EN_RULE_EPOCH)},
    {"tried", EN_COL(found, tried)},
};
static const en_row_type found_type = EN_ROW_TYPE(found, found_columns);

typedef struct score {
    int64_t best_epoch;
    double value;
} score;
static const en_row_column score_columns[] = {
    {"best_epoch", EN_COL_MAY(score, best_epoch, EN_RULE_EPOCH)},
    {"value", EN_COL(score, value)},
};
static const en_row_type score_type = EN_ROW_TYPE(score, score_columns);

/* What became of an attempt to train a run. */
typedef enum outcome { ARRIVED = 1, TRAINED, ELSEWHERE } outcome;

typedef struct sweep {
    en_project *project;
    const en_sweep_options *options;
    en_sweep_result *result;
    size_t *order;   /* [count]: trials of the rung, the best first once it is over */
    double *value;   /* [trials]: at the rung */
    double deadline; /* of the clock; 0: none */
} sweep;

static bool is_late(const sweep *s) { return s->deadline > 0 && en_clock_seconds() >= s->deadline; }

static en_status stop_check(const sweep *s, en_error *err)
{
    return is_late(s) ? en_error_set(err, EN_INTERRUPTED, "interrupted by the time limit")
                      : en_stop_check(&s->project->events, err);
}

/* EN_DONE: there is no such run. */
static en_status look(sweep *s, const char *name, found *out, en_error *err)
{
    en_stmt *q;
    *out = (found){0};
    en_status st = en_db_prepare(en_catalog_db(s->project->catalog), EN_SQL_SWEEP_RUN, &q, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(q, "name", name);
    return en_row_one(q, &found_type, out, err);
}

/* NaN where nothing was validated. */
static en_status measure(sweep *s, int64_t run_id, int64_t epochs, score *out, en_error *err)
{
    en_stmt *q;
    *out = (score){.best_epoch = -1, .value = (double)NAN};
    en_status st = en_db_prepare(en_catalog_db(s->project->catalog), EN_SQL_SWEEP_SCORE, &q, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(q, "run_id", run_id);
    en_stmt_bind_int(q, "epochs", epochs);
    en_stmt_bind_text(q, "metric", s->options->metric);
    st = en_row_one(q, &score_type, out, err);
    if (st == EN_DONE) {
        *out = (score){.best_epoch = -1, .value = (double)NAN};
    }
    return st == EN_DONE ? EN_OK : st;
}

static bool has_ended(const found *f) { return f->state == EN_RUN_FINISHED || f->state == EN_RUN_FAILED; }

/* A run of the name must be one that this sweep began, or would begin. */
static en_status check_same(const sweep *s, const en_sweep_trial *t, const found *f, en_error *err)
{
    if ((f->tried != NULL && strcmp(f->tried, t->tried) == 0) || (s->options->skip_done && has_ended(f))) {
        return EN_OK;
    }
    en_status st = en_error_set(err, EN_INPUT, "there is a run '%s' already, which tried %.300s, and not %.300s",
                                t->name, f->tried != NULL ? f->tried : "nothing of a sweep", t->tried);
    return en_error_hint(err, st, "choose another name, or keep what has ended with --skip-done");
}

/* What training a run came to: errors of the run's own make it end, and the sweep goes on. */
static en_status judge(sweep *s, const en_sweep_trial *t, bool was_there, en_status trained, outcome *out,
                       en_error *err)
{
    found now = {0};
    en_status st = trained;
    en_error why;
    *out = TRAINED;
    if (trained == EN_FAILED) {
        en_event_warn(&s->project->events, "run '%s' failed: %s", t->name, err->text);
        return EN_OK;
    }
    if (trained == EN_BUSY) {
        *out = ELSEWHERE;
        return EN_OK;
    }
    if (trained == EN_INTERRUPTED && !en_stopped(&s->project->events) && !is_late(s)) { /* paused */
        return EN_OK;
    }
    if (trained == EN_INPUT) { /* another process may have begun or ended it meanwhile */
        const en_status there = look(s, t->name, &now, &why);
        if (there == EN_OK && (!was_there || has_ended(&now)) && now.tried != NULL &&
            strcmp(now.tried, t->tried) == 0) {
            *out = has_ended(&now) ? ARRIVED : ELSEWHERE;
            st = EN_OK;
        }
        en_row_clear(&found_type, &now);
    }
    return st;
}

/* Trains a run up to `epochs` (0: to its end), where no process has it and it has not come there. */
static en_status attempt(sweep *s, const en_sweep_trial *t, int64_t epochs, outcome *out, en_error *err)
{
    found f = {0};
    en_train_result trained = {0};
    en_status st = look(s, t->name, &f, err);
    const bool there = st == EN_OK;
    if (st != EN_OK && st != EN_DONE) {
        return st;
    }
    st = there ? check_same(s, t, &f, err) : EN_OK;
    const bool arrived = there && (has_ended(&f) || (epochs > 0 && f.state != EN_RUN_RUNNING && f.epochs >= epochs));
    const bool elsewhere = there && f.state == EN_RUN_RUNNING;
    en_row_clear(&found_type, &f);
    if (st != EN_OK || arrived || elsewhere) {
        *out = arrived ? ARRIVED : ELSEWHERE;
        return st;
    }
    en_train_options how = t->options;
    how.name = t->name;
    how.sweep = t->tried;
    how.pause_at = epochs;
    if (there) {
        how = (en_train_options){.resume = t->name, .pause_at = epochs};
    }
    how.time_limit = s->deadline > 0 ? fmax(s->deadline - en_clock_seconds(), 1e-3) : 0;
    st = en_train(s->project, &how, &trained, err);
    return judge(s, t, there, st, out, err);
}

/* What the file says may be words that only a training understands. Those of every list are tried, once, before a run
 * is begun; notes are for the run itself. */
static en_status check_trials(sweep *s, en_error *err)
{
    const en_events events = s->project->events;
    en_status st = EN_OK;
    s->project->events.emit = NULL;
    for (size_t i = 0; st == EN_OK && i < s->options->trials; i++) {
        const en_sweep_trial *t = &s->options->trial[i];
        found f = {0};
        en_train_result none;
        en_train_options how = t->options;
        how.check = true;
        st = t->check ? look(s, t->name, &f, err) : EN_OK;
        if (st == EN_DONE) {
            st = en_train(s->project, &how, &none, err);
        }
        en_row_clear(&found_type, &f);
    }
    s->project->events = events;
    return st;
}

static void wait_a_little(void) { nanosleep(&(struct timespec){.tv_nsec = WAIT_NS}, NULL); }

/* Once through the first `count` of the order. *elsewhere: how many other processes have, *own: trained here. */
static en_status pass(sweep *s, size_t count, int64_t epochs, size_t *elsewhere, size_t *own, en_error *err)
{
    *elsewhere = *own = 0;
    en_status st = en_runs_recover(s->project, err);
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        outcome out;
        st = stop_check(s, err);
        if (st == EN_OK) {
            st = attempt(s, &s->options->trial[s->order[i]], epochs, &out, err);
        }
        *elsewhere += st == EN_OK && out == ELSEWHERE;
        *own += st == EN_OK && out == TRAINED;
    }
    s->result->trained += (int64_t)*own;
    return st;
}

/* All of them. Where others train the last ones, `wait` says whether to wait for them. */
static en_status train_all(sweep *s, size_t count, int64_t epochs, bool wait, en_error *err)
{
    size_t elsewhere = 0, own = 0;
    en_status st = pass(s, count, epochs, &elsewhere, &own, err);
    while (st == EN_OK && elsewhere > 0 && (wait || own > 0)) {
        if (own == 0) {
            wait_a_little();
        }
        st = pass(s, count, epochs, &elsewhere, &own, err);
    }
    return st;
}

/* Whether a comes before b: NaN last, of equals the first of the plan. */
static bool is_before(const en_sweep_options *o, double x, double y, size_t a, size_t b)
{
    const bool less = strstr(o->metric, "loss") != NULL;
    if (isnan(x) || isnan(y)) {
        return isnan(x) && isnan(y) ? a < b : isnan(y);
    }
    if (x < y || x > y) {
        return less ? x < y : x > y;
    }
    return a < b;
}

/* Sorts the first `count` of the order by their values at these epochs. */
static en_status rank(sweep *s, size_t count, int64_t epochs, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        const size_t trial = s->order[i];
        found f = {0};
        score at = {.value = (double)NAN};
        st = look(s, s->options->trial[trial].name, &f, err);
        st = st == EN_OK ? measure(s, f.run_id, epochs, &at, err) : st == EN_DONE ? EN_OK : st;
        s->value[trial] = at.value;
        en_row_clear(&found_type, &f);
    }
    for (size_t i = 1; st == EN_OK && i < count; i++) {
        const size_t trial = s->order[i];
        size_t k = i;
        for (; k > 0 && is_before(s->options, s->value[trial], s->value[s->order[k - 1]], trial, s->order[k - 1]);
             k--) {
            s->order[k] = s->order[k - 1];
        }
        s->order[k] = trial;
    }
    return st;
}

static en_status not_measured(const sweep *s, en_error *err)
{
    en_status st = en_error_set(err, EN_INPUT, "no run has val_%s: nothing ranks them", s->options->metric);
    return en_error_hint(err, st,
                         "an AUC is measured of two classes, and all of a validation subset: choose val_loss or "
                         "give them a --val");
}

static en_status halve(sweep *s, en_error *err)
{
    const en_sweep_options *o = s->options;
    size_t count = o->trials;
    double budget = (double)o->first;
    en_status st = EN_OK;
    for (bool last = false; st == EN_OK && !last;) {
        const int64_t epochs = budget < (double)o->epochs ? (int64_t)budget : o->epochs;
        last = epochs == o->epochs;
        st = o->dry_run ? EN_OK : train_all(s, count, last ? 0 : epochs, !last, err);
        if (st != EN_OK || last) {
            break;
        }
        st = rank(s, count, epochs, err);
        if (st == EN_OK && !o->dry_run && isnan(s->value[s->order[0]])) { /* the best first, NaN last */
            return not_measured(s, err);
        }
        const size_t kept = (size_t)fmax(1, ceil((double)count / o->eta));
        for (size_t i = kept; st == EN_OK && i < count; i++) {
            s->result->row[s->order[i]].dropped = epochs;
        }
        if (st == EN_OK && !o->dry_run) {
            en_event_note(&s->project->events, "after %lld epochs: %zu of %zu runs go on", (long long)epochs, kept,
                          count);
        }
        count = kept;
        budget = fmax(floor(budget * o->eta), budget + 1);
    }
    return st;
}

static int by_rank(const void *a, const void *b)
{
    const size_t x = ((const en_sweep_run *)a)->trial, y = ((const en_sweep_run *)b)->trial;
    return x < y ? -1 : x > y; /* trial holds the rank while sorting */
}

/* What there is of every run, the best first. */
static en_status sum_up(sweep *s, en_error *err)
{
    en_sweep_result *r = s->result;
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < r->count; i++) {
        found f = {0};
        score at;
        en_sweep_run *row = &r->row[i];
        s->order[i] = i;
        st = look(s, s->options->trial[i].name, &f, err);
        if (st == EN_OK) {
            st = measure(s, f.run_id, f.epochs, &at, err);
            row->state = f.state;
            row->epochs = f.epochs;
            row->best_epoch = at.best_epoch;
            row->value = at.value;
            r->elsewhere += f.state == EN_RUN_RUNNING;
        }
        st = st == EN_DONE ? EN_OK : st;
        en_row_clear(&found_type, &f);
    }
    if (st == EN_OK) {
        st = rank(s, r->count, EN_EPOCHS_MAX, err);
    }
    for (size_t i = 0; st == EN_OK && i < r->count; i++) {
        r->row[s->order[i]].trial = i;
    }
    if (st == EN_OK) {
        qsort(r->row, r->count, sizeof *r->row, by_rank);
        for (size_t i = 0; i < r->count; i++) {
            r->row[i].trial = s->order[i];
        }
    }
    return st;
}

en_status en_sweep(en_project *project, const en_sweep_options *o, en_sweep_result *r, en_error *err)
{
    en_error later;
    *r = (en_sweep_result){.row = en_calloc(o->trials + 1, sizeof *r->row), .count = o->trials};
    sweep s = {.project = project,
               .options = o,
               .result = r,
               .order = en_calloc(o->trials + 1, sizeof *s.order),
               .value = en_calloc(o->trials + 1, sizeof *s.value)};
    en_status st = r->row != NULL && s.order != NULL && s.value != NULL ? EN_OK : en_error_nomem(err, "a sweep");
    if (st != EN_OK) {
        r->count = 0;
        goto done;
    }
    for (size_t i = 0; i < o->trials; i++) {
        s.order[i] = i;
        r->row[i] = (en_sweep_run){.trial = i, .epochs = -1, .best_epoch = -1, .value = (double)NAN};
    }
    s.deadline = o->time_limit > 0 ? en_clock_seconds() + o->time_limit : 0;
    st = o->dry_run ? EN_OK : check_trials(&s, err);
    if (o->method == EN_SWEEP_HALVING) {
        st = st == EN_OK ? halve(&s, err) : st;
    } else if (!o->dry_run) {
        st = st == EN_OK ? train_all(&s, o->trials, 0, false, err) : st;
    }
    const en_status summed = sum_up(&s, &later);
    if (st == EN_OK && summed == EN_OK && r->trained > 0 && isnan(r->row[0].value)) {
        en_event_warn(&project->events, "no run has val_%s: their order is that of the file", o->metric);
    }
    if (st == EN_OK && summed != EN_OK) {
        *err = later;
        st = summed;
    }
    if (st == EN_INTERRUPTED) {
        st = en_error_hint(err, st, "the same command goes on");
    }
done:
    en_free(s.order);
    en_free(s.value);
    return st;
}

void en_sweep_clear(en_sweep_result *r)
{
    en_free(r->row);
    *r = (en_sweep_result){0};
}
