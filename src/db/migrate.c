/* Climbing from the schema a catalog has to the one this program knows. Uses SQLite and base. */
#include "db/migrate.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "db/internal.h"
#include "db/statements.h"

const en_migration *en_migrations(size_t *count)
{
    *count = en_embedded_migration_count;
    return en_embedded_migrations;
}

/* What the ledger says of a migration, "" when it has none. */
static en_status read_ledger(en_db *db, sqlite3_stmt *s, int version, char hex[EN_SHA256_HEX], en_error *err)
{
    sqlite3_reset(s);
    sqlite3_bind_int(s, 1, version);
    int rc = sqlite3_step(s);
    const char *seen = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : "";
    if (rc == SQLITE_ROW && seen == NULL) { /* the column is never NULL, so the copy of its text failed */
        rc = SQLITE_NOMEM;
    }
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        return en_db_fail(db, rc, EN_INPUT, "cannot read the ledger of migrations", err);
    }
    snprintf(hex, EN_SHA256_HEX, "%s", seen);
    return EN_OK;
}

/* The ledger against the list: every migration up to `version` was applied with the text we know. */
static en_status check_ledger(en_db *db, const en_migration *list, size_t count, int64_t version, en_error *err)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db->raw, en_sql_text[EN_SQL_CATALOG_LEDGER_FIND], -1, &s, NULL);
    if (rc == SQLITE_ERROR) { /* no such table, or none with these columns */
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "'%s' is damaged: it has no ledger of migrations", db->path),
                             EN_DB_RESTORE);
    }
    if (rc != SQLITE_OK) {
        return en_db_fail(db, rc, EN_INPUT, "cannot read the ledger of migrations", err);
    }
    en_status st = EN_OK;
    for (size_t i = 0; i < count && list[i].version <= version && st == EN_OK; i++) {
        char hex[EN_SHA256_HEX], seen[EN_SHA256_HEX];
        st = en_sha256_bytes(list[i].sql, strlen(list[i].sql), hex, err);
        if (st == EN_OK) {
            st = read_ledger(db, s, list[i].version, seen, err);
        }
        if (st == EN_OK && strcmp(seen, hex) != 0) {
            st = en_error_hint(
                err,
                en_error_set(err, EN_INPUT,
                             "'%s' was made with another text of migration %d (%s): a migration must never be edited",
                             db->path, list[i].version, list[i].name),
                "use the eyenet that made the catalog");
        }
    }
    sqlite3_finalize(s);
    return st;
}

static en_status check_versions(en_db *db, const en_migration *list, size_t count, int64_t *version, en_error *err)
{
    en_status st = en_db_pragma(db, "PRAGMA user_version", version, err);
    if (st != EN_OK || *version == 0) {
        return st;
    }
    if (count == 0 || *version > list[count - 1].version) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "cannot open '%s': its schema is version %lld and this eyenet knows up to %d",
                                          db->path, (long long)*version, count == 0 ? 0 : list[count - 1].version),
                             "use a newer eyenet");
    }
    return check_ledger(db, list, count, *version, err);
}

static en_status check_foreign_keys(en_db *db, const en_migration *m, en_error *err)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db->raw, "PRAGMA foreign_key_check", -1, &s, NULL);
    rc = rc == SQLITE_OK ? sqlite3_step(s) : rc;
    en_status st = EN_OK;
    if (rc == SQLITE_ROW) {
        st = en_error_set(err, EN_BUG, "migration %d (%s) leaves a row of '%s' pointing at nothing", m->version,
                          m->name, (const char *)sqlite3_column_text(s, 0));
    } else if (rc != SQLITE_DONE) {
        st = en_db_fail(db, rc, EN_BUG, "foreign_key_check", err);
    }
    sqlite3_finalize(s);
    return st;
}

static en_status write_ledger(en_db *db, const en_migration *m, en_error *err)
{
    char hex[EN_SHA256_HEX], pragma[64];
    en_status st = en_sha256_bytes(m->sql, strlen(m->sql), hex, err);
    if (st != EN_OK) {
        return st;
    }
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db->raw, en_sql_text[EN_SQL_CATALOG_LEDGER_PUT], -1, &s, NULL);
    if (rc == SQLITE_OK) { /* its parameters count from 1 as they stand in it */
        sqlite3_bind_int(s, 1, m->version);
        sqlite3_bind_text(s, 2, m->name, -1, SQLITE_STATIC);
        sqlite3_bind_text(s, 3, hex, -1, SQLITE_STATIC);
        rc = sqlite3_step(s);
    }
    if (rc != SQLITE_DONE) {
        st = en_db_fail(db, rc, EN_BUG, "cannot write the ledger of migrations", err);
    }
    sqlite3_finalize(s);
    if (st != EN_OK) {
        return st;
    }
    snprintf(pragma, sizeof pragma, "PRAGMA user_version = %d", m->version);
    return en_db_exec(db, pragma, "cannot set the schema's version", err);
}

/* One step in one transaction. *ran is false when another process was faster. */
static en_status apply(en_db *db, const en_migration *m, bool *ran, en_error *err)
{
    char identity[64];
    int64_t version = 0;
    *ran = false;
    snprintf(identity, sizeof identity, "PRAGMA application_id = %d", EN_DB_APPLICATION_ID);
    en_status st = en_db_begin(db, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_db_pragma(db, "PRAGMA user_version", &version, err);
    if (st != EN_OK || version >= m->version) {
        en_db_rollback(db);
        return st;
    }
    if (version == 0) {
        st = en_db_exec(db, identity, "cannot mark the catalog as ours", err);
        if (st == EN_OK) {
            st = en_db_exec(db, en_sql_text[EN_SQL_CATALOG_LEDGER], "cannot make the ledger of migrations", err);
        }
    }
    if (st == EN_OK) {
        st = en_db_exec(db, m->sql, m->name, err);
    }
    if (st == EN_OK) {
        st = check_foreign_keys(db, m, err);
    }
    if (st == EN_OK) {
        st = write_ledger(db, m, err);
    }
    if (st != EN_OK) {
        en_db_rollback(db);
        en_error_prefix(err, "migration %d of '%s' failed, nothing was changed", m->version, db->path);
        return st;
    }
    *ran = true;
    return en_db_commit(db, err);
}

en_status en_db_migrate_with(en_db *db, const en_migration *list, size_t count, int *applied, en_error *err)
{
    int64_t version = 0;
    *applied = 0;
    en_status st;
    bool backed_up = false;
    do { /* again when somebody else has climbed a step meanwhile: they have the backup of that version */
        st = check_versions(db, list, count, &version, err);
        if (st != EN_OK || count == 0 || version == list[count - 1].version) {
            return st;
        }
        if (version > 0) {
            st = en_db_back_up(db, version, &backed_up, err);
        }
    } while (st == EN_OK && version > 0 && !backed_up);
    if (st != EN_OK) {
        return st;
    }
    /* A step may rebuild a table that others point at: keys are checked as a whole at its end instead. The switch has
     * no effect inside a transaction, so it stands outside. */
    st = en_db_exec(db, "PRAGMA foreign_keys = OFF", "cannot set up the catalog", err);
    for (size_t i = 0; i < count && st == EN_OK; i++) {
        bool ran = false;
        if (list[i].version > version) {
            st = apply(db, &list[i], &ran, err);
        }
        *applied += ran ? 1 : 0;
    }
    en_status on = en_db_exec(db, "PRAGMA foreign_keys = ON", "cannot set up the catalog", st == EN_OK ? err : NULL);
    return st == EN_OK ? on : st;
}

en_status en_db_migrate(en_db *db, int *applied, en_error *err)
{
    size_t count;
    const en_migration *list = en_migrations(&count);
    return en_db_migrate_with(db, list, count, applied, err);
}

en_status en_db_check_schema(en_db *db, en_error *err)
{
    size_t count;
    const en_migration *list = en_migrations(&count);
    int64_t version = 0;
    en_status st = check_versions(db, list, count, &version, err);
    if (st == EN_OK && version != list[count - 1].version) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "'%s' has schema version %lld and this eyenet needs %d",
                                          db->path, (long long)version, list[count - 1].version),
                             "any command that writes upgrades it, after a backup");
    }
    return st;
}
