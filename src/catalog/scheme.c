/* Scales of labels as rows. Uses db. */
#include "catalog/scheme.h"

#include <string.h>

#include "base/charset.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column columns[] = {
    {"name", EN_COL_IS(en_catalog_scheme, name, EN_RULE_FILE_NAME)},
    {"lowest", EN_COL_IS(en_catalog_scheme, lowest, EN_RULE_COUNT)},
    {"highest", EN_COL_IS(en_catalog_scheme, highest, EN_RULE_COUNT)},
    {"ordered", EN_COL(en_catalog_scheme, ordered)},
    {"built_in", EN_COL(en_catalog_scheme, built_in)},
};
static const en_row_type scheme_type = EN_ROW_TYPE(en_catalog_scheme, columns);

static en_status check_range(const en_catalog_scheme *s, en_error *err)
{
    return s->lowest >= 0 && s->lowest < s->highest && s->highest <= EN_SCHEME_HIGHEST
               ? EN_OK
               : en_error_set(err, EN_INPUT,
                              "the values of scheme '%s' are between 0 and %d, the lowest below the highest: not "
                              "%lld..%lld",
                              s->name, EN_SCHEME_HIGHEST, (long long)s->lowest, (long long)s->highest);
}

en_status en_catalog_scheme_find(en_catalog *c, const char *name, en_catalog_scheme *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_scheme){0};
    en_status st = en_db_prepare(c->db, EN_SQL_SCHEME_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    st = en_row_one(s, &scheme_type, out, err);
    return st == EN_OK ? check_range(out, err) : st;
}

en_status en_catalog_scheme_get(en_catalog *c, const char *name, en_catalog_scheme *out, en_error *err)
{
    en_status st = en_catalog_scheme_find(c, name, out, err);
    return st == EN_DONE ? en_catalog_unknown(c, "scheme", name, EN_SQL_SCHEME_NAMES, err) : st;
}

en_status en_catalog_scheme_meanings_read(en_catalog *c, const en_catalog_scheme *scheme,
                                          en_catalog_scheme_meanings *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_scheme_meanings){{NULL}};
    en_status st = en_db_prepare(c->db, EN_SQL_SCHEME_MEANINGS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "scheme", scheme->name);
    while ((st = en_stmt_step(s, err)) == EN_OK) {
        int64_t value = en_stmt_int(s, 0);
        if (value >= 0 && value <= EN_SCHEME_HIGHEST && out->name[value] == NULL) {
            st = en_stmt_dup(s, 1, &out->name[value], err);
        }
        if (st != EN_OK) {
            break;
        }
    }
    en_stmt_reset(s);
    if (st == EN_DONE) {
        return EN_OK;
    }
    en_catalog_scheme_meanings_clear(out);
    return st;
}

void en_catalog_scheme_meanings_clear(en_catalog_scheme_meanings *meanings)
{
    for (size_t i = 0; i < EN_SCHEME_VALUES; i++) {
        en_free(meanings->name[i]);
    }
    *meanings = (en_catalog_scheme_meanings){{NULL}};
}

/* "0..2" */
static en_status read_range(const char *text, en_catalog_scheme *out, en_error *err)
{
    char low[24];
    const char *dots = strstr(text, "..");
    bool is_range = dots != NULL && (size_t)(dots - text) < sizeof low;
    if (is_range) {
        memcpy(low, text, (size_t)(dots - text));
        low[dots - text] = '\0';
        is_range = en_parse_int(low, &out->lowest) && en_parse_int(dots + 2, &out->highest);
    }
    if (!is_range) {
        return en_error_set(err, EN_INPUT, "'%s' is not a range of values: it must be LO..HI, as 0..2", text);
    }
    return check_range(out, err);
}

static en_status put_value(en_catalog *c, const char *scheme, int64_t value, const char *name, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(c->db, EN_SQL_SCHEME_VALUE_PUT, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "scheme", scheme);
    en_stmt_bind_int(s, "value", value);
    en_stmt_bind_text(s, "name", name);
    return en_stmt_run(s, err);
}

/* One pair of "0=none,1=mild", in place; named: which values have a name by now. */
static en_status name_value(en_catalog *c, const en_catalog_scheme *scheme, char *pair, bool *named, en_error *err)
{
    int64_t value;
    char *sign = strchr(pair, '=');
    const char *name = sign != NULL ? sign + 1 + strspn(sign + 1, " ") : "";
    pair += strspn(pair, " ");
    if (sign != NULL) {
        do {
            *sign = '\0';
        } while (sign > pair && *--sign == ' ');
    }
    if (sign == NULL || !en_parse_int(pair, &value) || value < scheme->lowest || value > scheme->highest) {
        return en_error_set(err, EN_INPUT,
                            "'%s' is not a value of '%s' with its name: it must be VALUE=NAME, as 0=none", pair,
                            scheme->name);
    }
    if (en_rule_fault(EN_RULE_NAME, name) != NULL || strchr(name, '=') != NULL) {
        return en_error_set(
            err, EN_INPUT,
            "the name of value %lld has 1 to 100 bytes of UTF-8, without control characters and equals signs",
            (long long)value);
    }
    if (named[value]) {
        return en_error_set(err, EN_INPUT, "value %lld of '%s' has two names", (long long)value, scheme->name);
    }
    named[value] = true;
    return put_value(c, scheme->name, value, name, err);
}

static en_status name_values(en_catalog *c, const en_catalog_scheme *scheme, const char *values, en_error *err)
{
    bool named[EN_SCHEME_VALUES] = {false};
    char *list = en_strdup(values);
    en_status st = list != NULL ? EN_OK : en_error_nomem(err, "names of values");
    for (char *pair = list, *next; st == EN_OK && pair != NULL; pair = next) {
        next = strchr(pair, ',');
        char *end = next != NULL ? next++ : pair + strlen(pair);
        *end = '\0';
        while (end > pair && end[-1] == ' ') {
            *--end = '\0';
        }
        st = name_value(c, scheme, pair, named, err);
    }
    en_free(list);
    return st;
}

static en_status put_scheme(en_catalog *c, const en_catalog_scheme *scheme, const char *description, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(c->db, EN_SQL_SCHEME_PUT, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", scheme->name);
    en_stmt_bind_int(s, "lowest", scheme->lowest);
    en_stmt_bind_int(s, "highest", scheme->highest);
    en_stmt_bind_int(s, "ordered", scheme->ordered);
    en_stmt_bind_text(s, "description", description != NULL && *description != '\0' ? description : NULL);
    return en_stmt_run(s, err);
}

static en_status check_description(const char *text, en_error *err)
{
    return text == NULL || (strlen(text) <= EN_SCHEME_DESCRIPTION && en_charset_is_utf8(text, strlen(text)))
               ? EN_OK
               : en_error_set(err, EN_INPUT, "the description of a scheme has at most %d bytes of UTF-8",
                              EN_SCHEME_DESCRIPTION);
}

en_status en_catalog_scheme_add(en_catalog *c, const en_catalog_scheme_options *o, en_error *err)
{
    bool own;
    en_catalog_scheme scheme = {.ordered = !o->kinds}, there;
    const char *fault = en_rule_fault(EN_RULE_FILE_NAME, o->name);
    if (fault != NULL) {
        return en_error_set(err, EN_INPUT,
                            "the name of a scheme has 1 to 100 bytes, without control characters, a leading dot, "
                            "slashes and surrounding spaces: this one %s",
                            fault);
    }
    memcpy(scheme.name, o->name, strlen(o->name) + 1);
    en_status st = check_description(o->description, err);
    if (st == EN_OK) {
        st = read_range(o->range, &scheme, err);
    }
    if (st == EN_OK) {
        st = en_db_enter(c->db, &own, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_scheme_find(c, o->name, &there, err);
    if (st == EN_OK) {
        st = en_error_set(err, EN_INPUT, "there is a scheme '%s' already, %lld..%lld", there.name,
                          (long long)there.lowest, (long long)there.highest);
    } else if (st == EN_DONE) {
        st = put_scheme(c, &scheme, o->description, err);
    }
    if (st == EN_OK && o->values != NULL) {
        st = name_values(c, &scheme, o->values, err);
    }
    return en_db_leave(c->db, own, st, err);
}

/* A statement whose only parameter is the name of a scheme. */
static en_status prepare_named(en_catalog *c, en_sql id, const char *name, en_stmt **out, en_error *err)
{
    en_status st = en_db_prepare(c->db, id, out, err);
    if (st == EN_OK) {
        en_stmt_bind_text(*out, "name", name);
    }
    return st;
}

static en_status remove_scheme(en_catalog *c, const char *name, en_error *err)
{
    en_stmt *s;
    en_catalog_scheme scheme;
    int64_t labels = 0;
    en_status st = en_catalog_scheme_get(c, name, &scheme, err);
    if (st == EN_OK && scheme.built_in) {
        st = en_error_set(err, EN_INPUT, "scheme '%s' cannot be removed: it is built in", name);
    }
    name = scheme.name; /* as it is written there */
    if (st == EN_OK) {
        st = prepare_named(c, EN_SQL_SCHEME_LABELS, name, &s, err);
    }
    if (st == EN_OK) {
        st = en_stmt_number(s, &labels, err);
    }
    if (st == EN_OK && labels > 0) {
        st = en_error_set(err, EN_INPUT, "scheme '%s' cannot be removed: it has %lld label%s", name, (long long)labels,
                          labels == 1 ? "" : "s");
    }
    if (st == EN_OK) {
        st = prepare_named(c, EN_SQL_SCHEME_IMPORTS_DROP, name, &s, err);
    }
    if (st == EN_OK) {
        st = en_stmt_run(s, err);
    }
    if (st == EN_OK) {
        st = prepare_named(c, EN_SQL_SCHEME_DROP, name, &s, err);
    }
    return st == EN_OK ? en_stmt_run(s, err) : st;
}

en_status en_catalog_scheme_remove(en_catalog *c, const char *name, en_error *err)
{
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    return st == EN_OK ? en_db_leave(c->db, own, remove_scheme(c, name, err), err) : st;
}

static const en_row_column row_columns[] = {
    {"name", EN_COL_IS(en_catalog_scheme_row, scheme.name, EN_RULE_FILE_NAME)},
    {"lowest", EN_COL_IS(en_catalog_scheme_row, scheme.lowest, EN_RULE_COUNT)},
    {"highest", EN_COL_IS(en_catalog_scheme_row, scheme.highest, EN_RULE_COUNT)},
    {"ordered", EN_COL(en_catalog_scheme_row, scheme.ordered)},
    {"built_in", EN_COL(en_catalog_scheme_row, scheme.built_in)},
    {"meanings", EN_COL_MAY(en_catalog_scheme_row, meanings, EN_RULE_TEXT)},
    {"labels", EN_COL_IS(en_catalog_scheme_row, labels, EN_RULE_COUNT)},
    {"graders", EN_COL_IS(en_catalog_scheme_row, graders, EN_RULE_COUNT)},
    {"description", EN_COL_MAY(en_catalog_scheme_row, description, EN_RULE_TEXT)},
    {"added_at", EN_COL_MAY(en_catalog_scheme_row, added_at, EN_RULE_TEXT)},
};
static const en_row_type row_type = EN_ROW_TYPE(en_catalog_scheme_row, row_columns);

en_status en_catalog_scheme_all(en_catalog *c, en_catalog_scheme_list *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_scheme_list){0};
    en_status st = en_db_prepare(c->db, EN_SQL_SCHEME_LIST, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &row_type, &rows, &out->count, err);
    out->row = rows;
    for (size_t i = 0; st == EN_OK && i < out->count; i++) {
        st = check_range(&out->row[i].scheme, err);
    }
    return st;
}

void en_catalog_scheme_list_clear(en_catalog_scheme_list *list)
{
    en_rows_clear(&row_type, list->row, list->count);
    *list = (en_catalog_scheme_list){0};
}
