/* runs: those that fit a condition, in an order, with further columns. What C measured and the settings of the runs
 * become a table of values beside the view runs, and one query of the user's texts chooses among them. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "catalog/run.h"
#include "db/query.h"
#include "db/statements.h"
#include "training/runs.h"

#define TEXT_CAP ((size_t)128 << 20) /* some 100 bytes per run */
#define WHAT_WHERE "the condition of --where"
#define WHAT_SORT "the expression of --sort"

/* Other names of settings: those of the options of train. */
static const struct {
    const char *name, *setting;
} other_names[] = {{"lr", "learning_rate"}, {"clip", "clip_norm"}, {"optimiser", "optimizer"}};
#define OTHER_NAMES (sizeof other_names / sizeof *other_names)

static const struct {
    const char *name;
    size_t at;
} reals[] = {
    {"val_loss", offsetof(en_run_summary, val_loss)},
    {"val_auc", offsetof(en_run_summary, val_auc)},
    {"val_accuracy", offsetof(en_run_summary, val_accuracy)},
    {"val", offsetof(en_run_summary, val)},
    {"test", offsetof(en_run_summary, test)},
    {"test_low", offsetof(en_run_summary, test_low)},
    {"test_high", offsetof(en_run_summary, test_high)},
    {"auc", offsetof(en_run_summary, auc)},
    {"accuracy", offsetof(en_run_summary, accuracy)},
    {"balanced_accuracy", offsetof(en_run_summary, balanced_accuracy)},
    {"kappa", offsetof(en_run_summary, kappa)},
    {"sensitivity", offsetof(en_run_summary, sensitivity)},
    {"specificity", offsetof(en_run_summary, specificity)},
};
#define REALS (sizeof reals / sizeof *reals)

typedef struct chooser {
    en_project *project;
    const en_runs_options *options;
    en_run_summaries *list;
    const char *sort; /* without the sign */
    bool falling;
    en_catalog_params *params; /* [runs] */
    size_t runs;
    const char **setting; /* that the texts name; borrowed from params */
    size_t settings;
    bool real[REALS]; /* that the texts name */
    en_buf columns, rows, show;
    en_buf none; /* a row without values */
} chooser;

static bool holds(const char *text, const char *word)
{
    const size_t size = strlen(word);
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        if (strncasecmp(at, word, size) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_asked_for(const chooser *c, const char *word)
{
    return holds(c->options->where, word) || holds(c->sort, word) || holds(c->options->columns, word);
}

/* A setting is a column when a text has its name in it, somewhere: columns that nobody asks for cost time alone. In
 * quotes a name is written otherwise where it has quotes itself. To SQLite, names that differ in case alone are one. */
static en_status add_setting(chooser *c, const char *name, en_error *err)
{
    bool wanted = strpbrk(name, "`\"") != NULL || is_asked_for(c, name);
    for (size_t i = 0; i < c->settings && wanted; i++) {
        wanted = strcasecmp(c->setting[i], name) != 0;
    }
    const char **grown = wanted ? en_array_grow(c->setting, c->settings, sizeof *c->setting, err) : c->setting;
    if (wanted && grown == NULL) {
        return EN_NOMEM;
    }
    c->setting = grown;
    if (wanted) {
        c->setting[c->settings++] = name;
    }
    return EN_OK;
}

static en_status find_settings(chooser *c, en_error *err)
{
    en_status st = EN_OK;
    c->params = en_calloc(c->list->count + 1, sizeof *c->params);
    if (c->params == NULL) {
        return en_error_nomem(err, "settings");
    }
    for (size_t i = 0; st == EN_OK && i < c->list->count; i++) {
        st = en_catalog_run_params(c->project->catalog, c->list->row[i].run_id, &c->params[i], err);
        for (size_t k = 0; st == EN_OK && k < c->params[i].count; k++) {
            const char *name = c->params[i].row[k].name;
            st = add_setting(c, name, err);
            for (size_t o = 0; st == EN_OK && o < OTHER_NAMES; o++) {
                st = strcmp(other_names[o].setting, name) == 0 ? add_setting(c, other_names[o].name, err) : EN_OK;
            }
        }
    }
    return st;
}

/* Between two of these marks, doubled within. */
static en_status quoted(en_buf *out, const char *text, char mark, en_error *err)
{
    en_status st = en_buf_add(out, &mark, 1, err);
    for (; st == EN_OK && *text != '\0'; text++) {
        st = en_buf_add(out, text, 1, err);
        st = st == EN_OK && *text == mark ? en_buf_add(out, text, 1, err) : st;
    }
    return st == EN_OK ? en_buf_add(out, &mark, 1, err) : st;
}

static en_status add_column(chooser *c, const char *name, en_error *err)
{
    en_status st = en_buf_text(&c->none, ", NULL", err);
    st = st == EN_OK ? en_buf_text(&c->columns, ", ", err) : st;
    return st == EN_OK ? quoted(&c->columns, name, '`', err) : st;
}

/* All names in backticks: SQLite takes a name in double quotes that is no column for a text. */
static en_status write_columns(chooser *c, en_error *err)
{
    en_status st = en_buf_text(&c->columns, "run_id, metric, max_epochs, test_n", err);
    st = st == EN_OK ? en_buf_text(&c->none, "(NULL, NULL, NULL, NULL", err) : st;
    for (size_t i = 0; st == EN_OK && i < REALS; i++) {
        c->real[i] = is_asked_for(c, reals[i].name);
        st = c->real[i] ? add_column(c, reals[i].name, err) : EN_OK;
    }
    for (size_t i = 0; st == EN_OK && i < c->settings; i++) {
        st = add_column(c, c->setting[i], err);
    }
    return st == EN_OK ? en_buf_text(&c->none, ")", err) : st;
}

static en_status write_real(chooser *c, double value, en_error *err)
{
    return isfinite(value) ? en_buf_printf(&c->rows, err, ", %.17g", value) : en_buf_text(&c->rows, ", NULL", err);
}

/* NULL: the run does not have it. */
static const char *value_of(const en_catalog_params *params, const char *name)
{
    const char *exact = en_catalog_params_get(params, name);
    for (size_t i = 0; exact == NULL && i < params->count; i++) {
        if (strcasecmp(params->row[i].name, name) == 0) {
            return params->row[i].value;
        }
    }
    return exact;
}

static en_status write_setting(chooser *c, size_t run, const char *name, en_error *err)
{
    const char *value = value_of(&c->params[run], name);
    int64_t whole;
    double real;
    for (size_t i = 0; i < OTHER_NAMES && value == NULL; i++) {
        value = strcmp(other_names[i].name, name) == 0 ? value_of(&c->params[run], other_names[i].setting) : NULL;
    }
    if (value == NULL) {
        return en_buf_text(&c->rows, ", NULL", err);
    }
    if (en_parse_int(value, &whole)) {
        return en_buf_printf(&c->rows, err, ", %lld", (long long)whole);
    }
    if (en_parse_double(value, &real)) {
        return write_real(c, real, err);
    }
    en_status st = en_buf_text(&c->rows, ", ", err);
    return st == EN_OK ? quoted(&c->rows, value, '\'', err) : st;
}

static en_status write_row(chooser *c, size_t run, en_error *err)
{
    const en_run_summary *r = &c->list->row[run];
    char most[24] = "NULL", n[24] = "NULL";
    if (r->max_epochs >= 0) {
        snprintf(most, sizeof most, "%lld", (long long)r->max_epochs);
    }
    if (r->test_n > 0) {
        snprintf(n, sizeof n, "%lld", (long long)r->test_n);
    }
    en_status st = en_buf_printf(&c->rows, err, "%s(%lld, '%s', %s, %s", run > 0 ? ", " : "", (long long)r->run_id,
                                 r->metric, most, n);
    for (size_t i = 0; st == EN_OK && i < REALS; i++) {
        st = c->real[i] ? write_real(c, *(const double *)(const void *)((const char *)r + reals[i].at), err) : EN_OK;
    }
    for (size_t i = 0; st == EN_OK && i < c->settings; i++) {
        st = write_setting(c, run, c->setting[i], err);
    }
    return st == EN_OK ? en_buf_text(&c->rows, ")", err) : st;
}

static en_status add_shown(chooser *c, const char *at, size_t size, en_error *err)
{
    en_run_summaries *list = c->list;
    if (size == 0 || list->columns == EN_RUNS_COLUMNS_MAX) {
        return en_error_set(err, EN_USAGE, "--params takes 1 to %d names of columns, parted by commas",
                            EN_RUNS_COLUMNS_MAX);
    }
    for (size_t i = 0; i < list->columns; i++) {
        if (strlen(list->column[i]) == size && strncmp(list->column[i], at, size) == 0) {
            return en_error_set(err, EN_USAGE, "--params names '%s' twice", list->column[i]);
        }
    }
    char **grown = en_array_grow(list->column, list->columns, sizeof *list->column, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    list->column = grown;
    grown[list->columns] = en_strndup(at, size);
    if (grown[list->columns] == NULL) {
        return en_error_nomem(err, "a column");
    }
    list->columns++;
    en_status st = en_buf_text(&c->show, ", ", err);
    return st == EN_OK ? quoted(&c->show, grown[list->columns - 1], '`', err) : st;
}

/* Reads the names of the columns to show, into the list and as SQL. */
static en_status read_columns(chooser *c, en_error *err)
{
    const char *at = c->options->columns;
    en_status st = EN_OK;
    while (st == EN_OK && at != NULL) {
        const size_t part = strcspn(at, ",");
        size_t from = 0, to = part;
        while (from < to && isspace((unsigned char)at[from])) {
            from++;
        }
        while (to > from && isspace((unsigned char)at[to - 1])) {
            to--;
        }
        st = add_shown(c, at + from, to - from, err);
        at = at[part] == ',' ? at + part + 1 : NULL;
    }
    return st;
}

/* An expression alone must be one, so that nothing hides behind a bracket. */
static en_status check_alone(chooser *c, const char *what, const char *expression, en_error *err)
{
    if (expression == NULL) {
        return EN_OK;
    }
    const en_sql_piece piece[] = {
        {"columns", en_buf_str(&c->columns)}, {"rows", en_buf_str(&c->none)}, {"expression", expression}};
    char *sql = en_sql_compose(EN_SQL_RUN_EXPRESSION, piece, 3);
    en_query *q = NULL;
    en_status st =
        sql != NULL ? en_catalog_query(c->project->catalog, what, sql, NULL, &q, err) : en_error_nomem(err, what);
    if (st == EN_OK && (en_query_columns(q) != 1 || !en_sql_is_enclosed(expression))) {
        st = en_error_set(err, EN_INPUT, "%s: '%s' is not one expression over the columns of the runs", what,
                          expression);
    }
    en_query_close(q);
    en_free(sql);
    return st;
}

static int by_id(const void *a, const void *b)
{
    const int64_t x = ((const en_run_summary *)a)->run_id, y = ((const en_run_summary *)b)->run_id;
    return x < y ? -1 : x > y;
}

static en_status read_values(en_run_summaries *list, const en_query *q, en_run_value *value, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < list->columns; i++) {
        const en_value_kind kind = en_query_kind(q, (int)i + 1);
        value[i].number = kind == EN_VALUE_INT || kind == EN_VALUE_DOUBLE;
        if (kind != EN_VALUE_BLOB) {
            st = en_query_dup(q, (int)i + 1, &value[i].text, err);
        }
    }
    return st;
}

/* Moves the rows of the query to the front of a list of its own; what is not chosen stays in the old one. */
static en_status take(chooser *c, en_query *q, en_run_summaries *out, en_error *err)
{
    en_run_summaries *list = c->list;
    en_status st = EN_OK;
    while (st == EN_OK && (st = en_query_next(q, err)) == EN_OK && out->count < list->count) {
        const en_run_summary key = {.run_id = en_query_int(q, 0)};
        en_run_summary *r = bsearch(&key, list->row, list->count, sizeof *list->row, by_id);
        if (r == NULL || r->run == NULL) {
            continue; /* begun meanwhile */
        }
        st = read_values(list, q, &out->value[out->count * list->columns], err);
        out->row[out->count] = *r;
        *r = (en_run_summary){.run_id = key.run_id};
        out->count++;
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status choose(chooser *c, en_error *err)
{
    char limit[24];
    snprintf(limit, sizeof limit, "%lld", c->options->limit > 0 ? (long long)c->options->limit : -1LL);
    const en_sql_piece piece[] = {
        {"columns", en_buf_str(&c->columns)},
        {"rows", en_buf_str(&c->rows)},
        {"show", en_buf_str(&c->show)},
        {"where", c->options->where != NULL ? c->options->where : "1"},
        {"sort", c->sort != NULL ? c->sort : "run_id"},
        {"direction", c->falling ? "DESC" : "ASC"},
        {"limit", limit},
    };
    en_run_summaries out = {.column = c->list->column, .columns = c->list->columns};
    out.row = en_calloc(c->list->count + 1, sizeof *out.row);
    out.value = en_calloc((c->list->count + 1) * (out.columns + 1), sizeof *out.value);
    char *sql = en_sql_compose(EN_SQL_RUN_CHOOSE, piece, sizeof piece / sizeof *piece);
    en_query *q = NULL;
    en_status st = out.row != NULL && out.value != NULL && sql != NULL
                       ? en_catalog_query(c->project->catalog, "runs", sql, &c->project->events, &q, err)
                       : en_error_nomem(err, "the list of runs");
    if (st == EN_OK) {
        st = take(c, q, &out, err);
    }
    en_query_close(q);
    en_free(sql);
    c->list->column = NULL; /* the new list's */
    c->list->columns = 0;
    en_run_summaries_clear(c->list);
    *c->list = out;
    return st;
}

en_status en_runs_choose(en_project *project, const en_runs_options *options, en_run_summaries *list, en_error *err)
{
    chooser c = {.project = project, .options = options, .list = list, .sort = options->sort, .runs = list->count};
    if (list->count == 0 && options->columns == NULL) {
        return EN_OK;
    }
    if (c.sort != NULL && *c.sort == '-') {
        c.falling = true;
        c.sort++;
    }
    en_buf_init(&c.columns, TEXT_CAP);
    en_buf_init(&c.rows, TEXT_CAP);
    en_buf_init(&c.show, TEXT_CAP);
    en_buf_init(&c.none, TEXT_CAP);
    en_status st = read_columns(&c, err);
    if (st != EN_OK || list->count == 0) {
        goto done;
    }
    st = find_settings(&c, err);
    if (st == EN_OK) {
        st = write_columns(&c, err);
    }
    for (size_t i = 0; st == EN_OK && i < list->count; i++) {
        st = write_row(&c, i, err);
    }
    if (st == EN_OK) {
        st = check_alone(&c, WHAT_WHERE, options->where, err);
    }
    if (st == EN_OK) {
        st = check_alone(&c, WHAT_SORT, c.sort, err);
    }
    if (st == EN_OK) {
        st = choose(&c, err);
    }
done:
    for (size_t i = 0; c.params != NULL && i < c.runs; i++) {
        en_catalog_params_clear(&c.params[i]);
    }
    en_free(c.params);
    en_free(c.setting);
    en_buf_clear(&c.columns);
    en_buf_clear(&c.rows);
    en_buf_clear(&c.show);
    en_buf_clear(&c.none);
    return st;
}
