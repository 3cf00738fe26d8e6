/* See sweep_file.h. */
#include "cli/sweep_file.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/run_edit.h"
#include "cli/commands.h"
#include "cli/config.h"
#include "cli/train.h"

#define TRIED_BYTES 4000
#define ETA 3

static const char *const methods[] = {"grid", "random", "halving", NULL};
static const char *const metrics[] = {"loss", "weighted_loss", "accuracy", "auc", NULL};
/* Options of train that are a sweep's own, or mean nothing in one. */
static const char *const others[] = {"name", "folds", "resume", "time-limit", "threads", "config", NULL};

static bool is_one_of(const char *const *list, const char *word)
{
    while (*list != NULL && strcmp(*list, word) != 0) {
        list++;
    }
    return *list != NULL;
}

static en_status fault(const en_sweep_file *s, int line, const char *what, en_error *err)
{
    return en_error_set(err, EN_USAGE, "'%s', line %d: %s", s->file, line, what);
}

static en_status get_text(const en_sweep_file *s, const char *key, const char **out, en_error *err)
{
    const en_toml *v = en_toml_get(&s->doc, key);
    if (v != NULL && v->kind != EN_TOML_TEXT) {
        return en_error_set(err, EN_USAGE, "'%s', line %d: '%s' is a text in quotes", s->file, v->line, key);
    }
    *out = v != NULL ? v->text : *out;
    return EN_OK;
}

static en_status get_whole(const en_sweep_file *s, const char *key, int64_t least, int64_t most, int64_t *out,
                           en_error *err)
{
    const en_toml *v = en_toml_get(&s->doc, key);
    if (v == NULL) {
        return EN_OK;
    }
    if (v->kind != EN_TOML_INT || !en_parse_int(v->text, out) || *out < least || *out > most) {
        return en_error_set(err, EN_USAGE, "'%s', line %d: '%s' is a whole number from %lld to %lld", s->file, v->line,
                            key, (long long)least, (long long)most);
    }
    return EN_OK;
}

static en_status read_metric(en_sweep_file *s, const char *metric, en_error *err)
{
    const char *name = en_starts_with(metric, "val_") ? metric + 4 : metric;
    if (!is_one_of(metrics, name)) {
        return en_error_hint(err,
                             en_error_set(err, EN_USAGE, "'%s': a sweep cannot be ranked by '%s'", s->file, metric),
                             "of the validation part there are val_loss, val_weighted_loss, val_accuracy and val_auc; "
                             "the test part decides nothing");
    }
    s->metric = name;
    return EN_OK;
}

static en_status read_keys(en_sweep_file *s, en_error *err)
{
    static const char *const known[] = {"name", "method", "metric", "runs", "seed", "eta", "first", "train", NULL};
    const char *method = "grid", *metric = "val_loss";
    for (size_t i = 0; i < s->doc.count; i++) {
        if (!is_one_of(known, s->doc.key[i])) {
            return en_error_set(err, EN_USAGE,
                                "'%s', line %d: there is no key '%s': name, method, metric, runs, seed, eta, first and "
                                "the table [train] are known",
                                s->file, s->doc.item[i].line, s->doc.key[i]);
        }
    }
    en_status st = get_text(s, "name", &s->name, err);
    if (st == EN_OK && (s->name[0] == '\0' || s->name[0] == '-')) { /* no command would take such runs by name */
        st = en_error_set(err, EN_USAGE, "'%s': '%s' cannot name runs: it is empty or begins with '-'", s->file,
                          s->name);
    }
    if (st == EN_OK) {
        st = get_text(s, "method", &method, err);
    }
    if (st == EN_OK) {
        st = get_text(s, "metric", &metric, err);
    }
    if (st == EN_OK) {
        st = get_whole(s, "runs", 1, EN_SWEEP_RUNS_MAX, &s->runs, err);
    }
    if (st == EN_OK) {
        st = get_whole(s, "seed", 0, INT64_C(1) << 53, &s->seed, err);
    }
    if (st == EN_OK) {
        st = get_whole(s, "first", 1, 100000, &s->first, err);
    }
    if (st == EN_OK) {
        st = read_metric(s, metric, err);
    }
    for (int i = 0; methods[i] != NULL && st == EN_OK; i++) {
        s->method = strcmp(methods[i], method) == 0 ? (en_sweep_method)(EN_SWEEP_GRID + i) : s->method;
    }
    if (st == EN_OK && s->method == 0) {
        st = en_error_set(err, EN_USAGE, "'%s': method is grid, random or halving, not '%s'", s->file, method);
    }
    return st;
}

static en_status read_eta(en_sweep_file *s, en_error *err)
{
    const en_toml *v = en_toml_get(&s->doc, "eta");
    s->eta = ETA;
    if (v != NULL && ((v->kind != EN_TOML_INT && v->kind != EN_TOML_REAL) || !en_parse_double(v->text, &s->eta) ||
                      !(s->eta >= 1.5 && s->eta <= 100))) {
        return fault(s, v->line, "'eta' is a number from 1.5 to 100", err);
    }
    return EN_OK;
}

/* "{log = [1e-5, 1e-3], steps = 5}", "{uniform = [0, 1]}". */
static en_status read_range(const en_sweep_file *s, const en_option *o, const en_toml *v, en_sweep_dimension *d,
                            en_error *err)
{
    const en_toml *log = en_toml_get(v, "log"), *uniform = en_toml_get(v, "uniform"), *steps = en_toml_get(v, "steps"),
                  *ends = log != NULL ? log : uniform;
    d->log = log != NULL;
    d->whole = o->kind == EN_OPTION_INT;
    if (o->kind != EN_OPTION_INT && o->kind != EN_OPTION_REAL) {
        return en_error_set(err, EN_USAGE, "'%s', line %d: '%s' is not a number: it takes a list", s->file, v->line,
                            o->name);
    }
    if ((log != NULL) == (uniform != NULL) || v->count != 1U + (steps != NULL) || ends->kind != EN_TOML_ARRAY ||
        ends->count != 2 || !en_parse_double(ends->item[0].text != NULL ? ends->item[0].text : "", &d->low) ||
        !en_parse_double(ends->item[1].text != NULL ? ends->item[1].text : "", &d->high)) {
        return fault(s, v->line, "a range is {log = [LOW, HIGH]} or {uniform = [LOW, HIGH]}, with steps = N for a grid",
                     err);
    }
    if (!(d->low < d->high) || (d->log && !(d->low > 0))) {
        return fault(s, v->line, "a range goes from a number to a larger one, and a logarithmic one begins above 0",
                     err);
    }
    if (steps != NULL && (steps->kind != EN_TOML_INT || !en_parse_int(steps->text, &d->steps) || d->steps < 2 ||
                          d->steps > EN_SWEEP_RUNS_MAX)) {
        return fault(s, v->line, "'steps' is a whole number from 2", err);
    }
    return EN_OK;
}

/* 1e-3 is 0.001. */
static bool is_same_value(const en_option *o, const char *a, const char *b)
{
    double x, y;
    const bool number = o->kind == EN_OPTION_INT || o->kind == EN_OPTION_REAL;
    return strcmp(a, b) == 0 || (number && en_parse_double(a, &x) && en_parse_double(b, &y) && !(x < y) && !(x > y));
}

static en_status read_list(en_sweep_file *s, const en_option *o, const en_toml *v, en_error *err)
{
    en_sweep_dimension *d = &s->dimension[s->dimensions];
    const char **choice = en_calloc(v->count + 1, sizeof *choice);
    if (choice == NULL) {
        return en_error_nomem(err, "values");
    }
    s->choice[s->dimensions] = choice;
    d->choice = choice;
    d->choices = v->count;
    for (size_t i = 0; i < v->count; i++) {
        choice[i] = v->item[i].text;
        if (choice[i] == NULL || strlen(choice[i]) >= EN_SWEEP_VALUE) {
            return fault(s, v->item[i].line, "a list has texts, numbers, true and false, of up to 255 bytes", err);
        }
        for (size_t k = 0; v->count <= EN_SWEEP_RUNS_MAX && k < i; k++) {
            if (is_same_value(o, choice[k], choice[i])) {
                return en_error_set(err, EN_USAGE, "'%s', line %d: '%s' has the value %s twice", s->file,
                                    v->item[i].line, o->name, choice[i]);
            }
        }
    }
    return v->count > 0 && v->count <= EN_SWEEP_RUNS_MAX ? EN_OK
                                                         : fault(s, v->line, "a list has 1 to 10000 values", err);
}

static en_status read_setting(en_sweep_file *s, const char *key, const en_toml *v, en_error *err)
{
    const en_option *o;
    en_status st = en_config_find(s->file, en_cmd_train.options, key, v, &o, err);
    if (st == EN_OK && is_one_of(others, key)) {
        st = en_error_set(err, EN_USAGE, "'%s', line %d: '%s' has no place in a sweep", s->file, v->line, key);
    }
    if (st != EN_OK) {
        return st;
    }
    if (v->kind != EN_TOML_ARRAY && v->kind != EN_TOML_TABLE) {
        s->fixed[s->fixed_count] = o;
        s->fixed_value[s->fixed_count++] = v;
        return EN_OK;
    }
    s->dimension[s->dimensions].key = o->name;
    s->varied[s->dimensions] = o;
    s->varied_value[s->dimensions] = v;
    st = v->kind == EN_TOML_ARRAY ? read_list(s, o, v, err) : read_range(s, o, v, &s->dimension[s->dimensions], err);
    s->dimensions++;
    return st;
}

static en_status read_train(en_sweep_file *s, en_error *err)
{
    const en_toml *train = en_toml_get(&s->doc, "train");
    if (train == NULL || train->kind != EN_TOML_TABLE) {
        return en_error_set(err, EN_USAGE, "'%s' has no table [train] of the options to train with", s->file);
    }
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < train->count; i++) {
        st = read_setting(s, train->key[i], &train->item[i], err);
    }
    const en_toml *epochs = en_toml_get(train, "epochs");
    if (st == EN_OK && en_toml_get(train, "subset") == NULL) {
        st = en_error_set(err, EN_USAGE, "'%s': [train] has no subset to train on", s->file);
    }
    if (st != EN_OK || s->method != EN_SWEEP_HALVING) {
        return st;
    }
    if (epochs == NULL || epochs->kind != EN_TOML_INT || !en_parse_int(epochs->text, &s->epochs)) {
        return en_error_set(
            err, EN_USAGE, "'%s': method halving needs epochs in [train], one number: those of the last rung", s->file);
    }
    s->first = s->first > 0 ? s->first : (s->epochs + 8) / 9;
    return s->first <= s->epochs
               ? EN_OK
               : en_error_set(err, EN_USAGE, "'%s': the first rung has more epochs than a run", s->file);
}

/* A value of a plan as the kind that its option wants. */
static en_status set_varied(const en_sweep_file *s, size_t run, size_t i, void *into, en_error *err)
{
    const en_option *o = s->varied[i];
    const en_toml *v = s->varied_value[i];
    const char *text = en_sweep_value(&s->plan, run, i);
    bool given;
    for (size_t k = 0; v->kind == EN_TOML_ARRAY && k < v->count; k++) {
        if (strcmp(v->item[k].text, text) == 0) {
            return en_config_set(s->file, o, into, &v->item[k], &given, err);
        }
    }
    en_status st = en_option_set_value(o, into, text, err);
    if (st != EN_OK) {
        en_error_prefix(err, "'%s', line %d", s->file, v->line);
    }
    return st;
}

static en_status add_tried(en_buf *out, const char *key, const char *value, en_error *err)
{
    return en_buf_printf(out, err, "%s%s=%s", out->size > 0 ? ", " : "", key, value);
}

static en_status make_trial(en_sweep_file *s, size_t run, en_error *err)
{
    char *into = (char *)s->options + run * en_cmd_train.size;
    en_sweep_trial *t = &s->trial[run];
    en_buf tried;
    bool given;
    en_buf_init(&tried, TRIED_BYTES);
    memcpy(into, en_cmd_train.defaults, en_cmd_train.size);
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < s->fixed_count; i++) {
        st = en_config_set(s->file, s->fixed[i], into, s->fixed_value[i], &given, err);
        st = st == EN_OK ? add_tried(&tried, s->fixed[i]->name, s->fixed_value[i]->text, err) : st;
    }
    for (size_t i = 0; st == EN_OK && i < s->dimensions; i++) {
        st = set_varied(s, run, i, into, err);
        st = st == EN_OK ? add_tried(&tried, s->dimension[i].key, en_sweep_value(&s->plan, run, i), err) : st;
    }
    if (st == EN_OK) {
        char *name = en_format("%s-%zu", s->name, run + 1);
        t->name = name;
        t->tried = en_strdup(en_buf_str(&tried));
        st = name != NULL && t->tried != NULL ? en_catalog_run_name_check(name, err) : en_error_nomem(err, "a run");
        en_cli_train_options(into, &t->options);
    }
    en_buf_clear(&tried);
    return st;
}

/* Whether a run is the first with one of its words. */
static bool is_first_of_a_word(const en_sweep_file *s, size_t run)
{
    for (size_t i = 0; i < s->dimensions; i++) {
        bool first = s->varied[i]->kind == EN_OPTION_TEXT;
        for (size_t other = 0; first && other < run; other++) {
            first = strcmp(en_sweep_value(&s->plan, other, i), en_sweep_value(&s->plan, run, i)) != 0;
        }
        if (first) {
            return true;
        }
    }
    return run == 0;
}

static en_status make_trials(en_sweep_file *s, en_error *err)
{
    en_status st =
        en_sweep_plan_make(s->dimension, s->dimensions, s->method, s->runs, (uint64_t)s->seed, &s->plan, err);
    if (st != EN_OK) {
        en_error_prefix(err, "'%s'", s->file);
        return st;
    }
    s->trial = en_calloc(s->plan.runs, sizeof *s->trial);
    s->options = en_calloc(s->plan.runs, en_cmd_train.size);
    st = s->trial != NULL && s->options != NULL ? EN_OK : en_error_nomem(err, "a sweep");
    for (size_t run = 0; st == EN_OK && run < s->plan.runs; run++) {
        st = make_trial(s, run, err);
        s->trial[run].check = is_first_of_a_word(s, run);
    }
    return st;
}

/* The file's name without folder and extension. */
static en_status name_of_file(en_sweep_file *s, char *out, size_t capacity, en_error *err)
{
    const char *base = en_path_base(s->file);
    size_t size = strlen(base);
    size -= size > 5 && strcmp(base + size - 5, ".toml") == 0 ? 5 : 0;
    if (size == 0 || size >= capacity) {
        return en_error_set(err, EN_USAGE, "'%.100s' cannot name runs: give the file a name = \"...\"", s->file);
    }
    snprintf(out, capacity, "%.*s", (int)size, base);
    s->name = out;
    return EN_OK;
}

en_status en_sweep_file_read(const char *file, en_sweep_file *s, en_error *err)
{
    char name[128];
    *s = (en_sweep_file){.file = file, .seed = 1};
    en_status st = en_toml_read(file, &s->doc, err);
    if (st == EN_OK) {
        st = name_of_file(s, name, sizeof name, err);
    }
    if (st == EN_OK) {
        st = read_keys(s, err);
    }
    if (st == EN_OK) {
        st = read_eta(s, err);
    }
    if (st == EN_OK) {
        st = read_train(s, err);
    }
    if (st == EN_OK) {
        st = make_trials(s, err);
    }
    s->name = NULL; /* the names of the trials are their own */
    return st;
}

void en_sweep_file_clear(en_sweep_file *s)
{
    for (size_t i = 0; s->trial != NULL && i < s->plan.runs; i++) {
        en_free((void *)(uintptr_t)s->trial[i].name);
        en_free((void *)(uintptr_t)s->trial[i].tried);
    }
    for (size_t i = 0; i < s->dimensions; i++) {
        en_free(s->choice[i]);
    }
    en_free(s->trial);
    en_free(s->options);
    en_sweep_plan_clear(&s->plan);
    en_toml_clear(&s->doc);
    *s = (en_sweep_file){0};
}
