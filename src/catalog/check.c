/* Whether the catalog is whole: SQLite's own checks, the hashes stored in it, and the consistency checks. Uses db. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "catalog/catalog.h"
#include "catalog/internal.h"
#include "db/migrate.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column account_columns[] = {
    {"what", EN_COL(en_catalog_account, what)},
    {"expected", EN_COL(en_catalog_account, expected)},
    {"found", EN_COL(en_catalog_account, found)},
};
static const en_row_type account_type = EN_ROW_TYPE(en_catalog_account, account_columns);

en_status en_catalog_reconcile(en_catalog *c, en_catalog_accounts *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_accounts){0};
    en_status st = en_db_prepare(c->db, EN_SQL_CATALOG_RECONCILE, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &account_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_accounts_clear(out);
    }
    return st;
}

void en_catalog_accounts_clear(en_catalog_accounts *a)
{
    en_rows_clear(&account_type, a->row, a->count);
    *a = (en_catalog_accounts){0};
}

en_status en_catalog_check_schema(en_catalog *c, en_error *err)
{
    en_schema_faults faults;
    const en_schema own = en_schema_own();
    en_status st = en_db_schema_faults(c->db, &own, &faults, err);
    if (st == EN_OK) {
        st = en_schema_faults_report(&faults, en_db_path(c->db), err);
        en_schema_faults_clear(&faults);
    }
    return st;
}

/* SQLite's verdict on its file; EN_FAILED begins with `fault`. */
static en_status check_verdict(en_db *db, en_sql id, const char *fault, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(db, id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_stmt_step(s, err);
    if (st == EN_OK) {
        const char *verdict = en_stmt_text(s, 0);
        if (verdict == NULL || strcmp(verdict, "ok") != 0) {
            st = en_error_hint(err,
                               en_error_set(err, EN_FAILED, "'%s' %s (%s)", en_db_path(db), fault,
                                            verdict != NULL ? verdict : "no verdict"),
                               EN_DB_RESTORE);
        }
        en_stmt_reset(s);
    }
    return st == EN_DONE ? EN_OK : st;
}

en_status en_catalog_check(en_catalog *c, en_error *err)
{
    int64_t dangling = 0;
    en_status st = check_verdict(c->db, EN_SQL_CATALOG_INTEGRITY, "is damaged", err);
    if (st == EN_OK) {
        st = en_db_number(c->db, EN_SQL_CATALOG_DANGLING, &dangling, err);
    }
    if (st == EN_OK && dangling != 0) {
        st = en_error_hint(err,
                           en_error_set(err, EN_FAILED, "'%s': %lld references lead to no row", en_db_path(c->db),
                                        (long long)dangling),
                           EN_DB_RESTORE);
    }
    return st;
}

en_status en_catalog_check_rules(en_catalog *c, bool *looked, en_error *err)
{
    en_db *second = NULL;
    en_status st = en_db_knows_rules(c->db) ? EN_OK : en_db_open_to_check(c->db, &second, err);
    *looked = st == EN_OK && en_db_knows_rules(second != NULL ? second : c->db);
    if (*looked) {
        st = check_verdict(second != NULL ? second : c->db, EN_SQL_CATALOG_RULES_KEPT,
                           "has a row that its table does not allow", err);
    }
    en_db_close(second);
    return st;
}

/* What sql/catalog/texts returns: read where it lies. */
typedef struct text_row {
    const char *what, *text, *sha256;
} text_row;

static const en_row_column text_columns[] = {
    {"what", EN_COL_OTHER},
    {"text", EN_COL_OTHER},
    {"sha256", EN_COL_OTHER},
};
static const en_row_type text_type = EN_ROW_TYPE(text_row, text_columns);

static en_status check_text(const text_row *row, en_error *err)
{
    char hex[EN_SHA256_HEX];
    if (row->what == NULL || row->text == NULL || row->sha256 == NULL) {
        return en_error_set(err, EN_FAILED, "%s is missing, or its hash is",
                            row->what != NULL ? row->what : "the text of a network or recipe");
    }
    en_status st = en_sha256_bytes(row->text, strlen(row->text), hex, err);
    if (st == EN_OK && strcmp(hex, row->sha256) != 0) {
        st = en_error_set(err, EN_FAILED, "%s does not match its hash", row->what);
    }
    return st;
}

static en_status check_texts(en_catalog *c, int64_t *checked, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(c->db, EN_SQL_CATALOG_TEXTS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_row_bind(s, &text_type, err);
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        const text_row row = {.what = en_row_column_text(s, "what"),
                              .text = en_row_column_text(s, "text"),
                              .sha256 = en_row_column_text(s, "sha256")};
        st = check_text(&row, err);
        *checked += st == EN_OK;
    }
    en_stmt_reset(s);
    return st == EN_DONE ? EN_OK : st;
}

/* The subset whose lines are being read. */
typedef struct reading {
    char *name;
    char sha256[EN_SHA256_HEX];
    en_sha256 *hash;
} reading;

/* What sql/catalog/member_lines returns: read where it lies, as there is a row for every member. */
static const en_row_column line_columns[] = {
    {"name", EN_COL_OTHER},
    {"sha256", EN_COL_OTHER},
    {"line", EN_COL_OTHER},
};
static const en_row_type line_type = EN_ROW_TYPE(reading, line_columns);

static en_status end_subset(reading *r, int64_t *checked, en_error *err)
{
    char hex[EN_SHA256_HEX];
    if (r->name == NULL) {
        return EN_OK;
    }
    en_status st = EN_OK;
    if (!en_sha256_hex(r->hash, hex)) {
        st = en_error_set(err, EN_IO, "OpenSSL cannot make the hash of subset '%s'", r->name);
    } else if (strcmp(hex, r->sha256) != 0) {
        st = en_error_set(err, EN_FAILED, "the members of subset '%s' do not match its hash", r->name);
    }
    (*checked)++;
    en_free(r->name);
    r->name = NULL;
    return st;
}

static en_status add_line(const en_stmt *s, reading *r, int64_t *checked, en_error *err)
{
    const char *name = en_row_column_text(s, "name"), *sha256 = en_row_column_text(s, "sha256");
    if (name == NULL || sha256 == NULL) {
        return en_error_set(err, EN_FAILED, "a subset's name or hash is missing");
    }
    if (r->name == NULL || strcmp(r->name, name) != 0) {
        en_status st = end_subset(r, checked, err);
        if (st != EN_OK) {
            return st;
        }
        r->name = en_strdup(name);
        if (r->name == NULL) {
            return en_error_nomem(err, "a subset");
        }
        snprintf(r->sha256, sizeof r->sha256, "%s", sha256);
    }
    const char *line = en_row_column_text(s, "line");
    if (line != NULL) { /* NULL: no members are left, and the hash of nothing will differ */
        en_sha256_add(r->hash, line, strlen(line));
    }
    return EN_OK;
}

static en_status check_subsets(en_catalog *c, int64_t *checked, en_error *err)
{
    en_stmt *s;
    reading r = {.hash = en_sha256_new()};
    if (r.hash == NULL) {
        return en_error_nomem(err, "a hash");
    }
    en_status st = en_db_prepare(c->db, EN_SQL_CATALOG_MEMBER_LINES, &s, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_row_bind(s, &line_type, err);
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        st = add_line(s, &r, checked, err);
    }
    en_stmt_reset(s);
    if (st == EN_DONE) {
        st = end_subset(&r, checked, err);
    }
done:
    en_free(r.name);
    en_sha256_free(r.hash);
    return st;
}

en_status en_catalog_check_hashes(en_catalog *c, int64_t *texts, int64_t *subsets, en_error *err)
{
    *texts = *subsets = 0;
    en_status st = check_texts(c, texts, err);
    return st == EN_OK ? check_subsets(c, subsets, err) : st;
}
