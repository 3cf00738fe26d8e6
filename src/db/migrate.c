/* Climbing from the schema a catalog has to the one this program knows. Uses SQLite and base. */
#include "db/migrate.h"

#include <stdio.h>
#include <string.h>

#include "db/internal.h"
#include "db/statements.h"

const en_migration *en_migrations(size_t *count)
{
    *count = en_embedded_migration_count;
    return en_embedded_migrations;
}

/* The hash in the ledger for a migration, "" when it has none. */
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
        st = en_error_set(err, EN_BUG, "migration %d (%s) leaves a dangling reference in '%s'", m->version, m->name,
                          (const char *)sqlite3_column_text(s, 0));
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

/* One step, inside the transaction of the upgrade. */
/* What a new file needs before its first step: whose it is, and the ledger. */
static en_status begin_catalog(en_db *db, en_error *err)
{
    char identity[64];
    snprintf(identity, sizeof identity, "PRAGMA application_id = %d", EN_DB_APPLICATION_ID);
    en_status st = en_db_exec(db, identity, "cannot mark the catalog as ours", err);
    return st == EN_OK ? en_db_exec(db, en_sql_text[EN_SQL_CATALOG_LEDGER], "cannot make the ledger of migrations", err)
                       : st;
}

static en_status apply(en_db *db, const en_migration *m, en_error *err)
{
    en_status st = m->version == 1 ? begin_catalog(db, err) : EN_OK;
    if (st != EN_OK) {
        goto done;
    }
    st = en_db_exec(db, m->sql, m->name, err);
    if (st != EN_OK) {
        goto done;
    }
    st = check_foreign_keys(db, m, err);
    if (st == EN_OK) {
        st = write_ledger(db, m, err);
    }
done:
    if (st != EN_OK) {
        en_error_prefix(err, "migration %d of '%s' failed, nothing was changed", m->version, db->path);
    }
    return st;
}

static int newest_version(const en_schema *schema)
{
    return schema->steps > 0 ? schema->step[schema->steps - 1].version : 0;
}

/* Whether the catalog has this version, and, unless the schema leaves the views alone, its views. */
static en_status is_current(en_db *db, const en_schema *schema, const char *views, int64_t version, bool *current,
                            en_error *err)
{
    *current = version == newest_version(schema);
    return *current && schema->views > 0 ? en_db_has_views(db, views, current, err) : EN_OK;
}

/* EN_INPUT unless a catalog of this version has the schema that it was given; its views, when they are this schema's.
 */
static en_status check_objects(en_db *db, const en_schema *schema, int64_t version, bool with_views, en_error *err)
{
    en_schema then = *schema;
    en_schema_faults faults;
    while (then.steps > 0 && then.step[then.steps - 1].version > version) {
        then.steps--;
    }
    then.views = with_views ? then.views : 0;
    en_status st = en_db_schema_faults(db, &then, &faults, err);
    if (st == EN_OK) {
        st = en_schema_faults_report(&faults, db->path, err);
        en_schema_faults_clear(&faults);
    }
    return st;
}

/* Steps and views in one transaction: a concurrent reader, or a kill meanwhile, finds the old ones. *applied: steps
 * that ran, none when another process was faster. */
static en_status upgrade(en_db *db, const en_schema *schema, const char *views, int *applied, en_error *err)
{
    int64_t version = 0;
    int ran = 0;
    bool current = false;
    en_status st = en_db_begin(db, err);
    if (st != EN_OK) {
        return st;
    }
    st = check_versions(db, schema->step, schema->steps, &version, err);
    if (st == EN_OK) {
        st = is_current(db, schema, views, version, &current, err);
    }
    if (st != EN_OK || current) {
        goto done;
    }
    if (schema->views > 0) {
        st = en_db_drop_views(db, err);
    }
    for (size_t i = 0; i < schema->steps && st == EN_OK; i++) {
        if (schema->step[i].version > version) {
            st = apply(db, &schema->step[i], err);
            ran++;
        }
    }
    if (st == EN_OK && schema->views > 0) {
        st = en_db_make_views(db, schema->view, schema->views, views, err);
    }
    if (st == EN_OK) {
        st = en_db_commit(db, err);
        *applied = st == EN_OK ? ran : 0;
    }
done:
    en_db_rollback(db);
    return st;
}

en_status en_db_migrate_to(en_db *db, const en_schema *schema, int *applied, en_error *err)
{
    int64_t version = 0;
    char views[EN_SHA256_HEX];
    bool current = false, backed_up = false;
    *applied = 0;
    en_status st = en_db_hash_views(schema->view, schema->views, views, err);
    while (st == EN_OK && !backed_up) { /* again when another process upgraded meanwhile: it has that backup */
        st = check_versions(db, schema->step, schema->steps, &version, err);
        if (st == EN_OK) {
            st = is_current(db, schema, views, version, &current, err);
        }
        if (st == EN_OK && version > 0) {
            st = check_objects(db, schema, version, current, err);
        }
        if (st != EN_OK || current) {
            return st;
        }
        backed_up = version == 0 || version == newest_version(schema); /* nothing is lost with views */
        if (!backed_up) {
            st = en_db_back_up(db, version, &backed_up, err);
        }
    }
    if (st != EN_OK) {
        return st;
    }
    /* A step may rebuild a table that others point at: keys are checked as a whole at its end instead. And it may
     * rename one while a view of the user's selects from ours, which are away: only the old way of renaming lets it.
     * These switches have no effect inside a transaction, or are not part of it, so they stand outside. */
    st = en_db_exec(db, "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON", "cannot set up the catalog", err);
    if (st == EN_OK) {
        st = upgrade(db, schema, views, applied, err);
    }
    en_status on = en_db_exec(db, "PRAGMA foreign_keys = ON; PRAGMA legacy_alter_table = OFF",
                              "cannot set up the catalog", st == EN_OK ? err : NULL);
    return st == EN_OK ? on : st;
}

en_status en_db_migrate_with(en_db *db, const en_migration *list, size_t count, int *applied, en_error *err)
{
    const en_schema schema = {.step = list, .steps = count};
    return en_db_migrate_to(db, &schema, applied, err);
}

en_schema en_schema_own(void)
{
    en_schema own;
    own.step = en_migrations(&own.steps);
    own.view = en_views(&own.views);
    return own;
}

en_status en_db_migrate(en_db *db, int *applied, en_error *err)
{
    const en_schema own = en_schema_own();
    return en_db_migrate_to(db, &own, applied, err);
}

en_status en_db_check_schema(en_db *db, en_error *err)
{
    const en_schema own = en_schema_own();
    return en_db_check_schema_of(db, &own, err);
}

en_status en_db_check_schema_of(en_db *db, const en_schema *schema, en_error *err)
{
    int64_t version = 0;
    char views[EN_SHA256_HEX];
    bool same = false;
    en_status st = check_versions(db, schema->step, schema->steps, &version, err);
    if (st == EN_OK && version != newest_version(schema)) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "'%s' has schema version %lld and this eyenet needs %d",
                                          db->path, (long long)version, newest_version(schema)),
                             "any command that writes upgrades it, after a backup");
    }
    if (st == EN_OK) {
        st = en_db_hash_views(schema->view, schema->views, views, err);
    }
    if (st == EN_OK) {
        st = en_db_has_views(db, views, &same, err);
    }
    if (st == EN_OK && same) { /* by the ledger; somebody may have made them anew since */
        en_schema_faults faults;
        st = en_db_schema_faults(db, schema, &faults, err);
        same = st == EN_OK && faults.views == 0;
        en_schema_faults_clear(&faults);
    }
    return st == EN_OK && !same ? en_db_shadow_views(db, schema->view, schema->views, err) : st;
}
