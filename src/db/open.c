/* Opening and closing the catalog's file. Uses SQLite and base. */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "db/db.h"
#include "db/internal.h"
#include "db/statements.h"

#define BUSY_MS 60000
/* Bytes of a text, blob or row. No function of SQLite's works on one for so long that a stop is not heard within a
 * second, and a catalog from elsewhere cannot ask for a gigabyte. */
#define VALUE_MAX (32 << 20)

/* The handle's own settings. Strings in double quotes are refused, so that a misspelt column is an error, not a text.
 */
static en_status configure(en_db *db, en_error *err)
{
    sqlite3_busy_handler(db->raw, en_db_on_busy, db);
    sqlite3_extended_result_codes(db->raw, 1);
    /* Once and for all: changing it would have every statement of the handle prepared again. */
    sqlite3_set_authorizer(db->raw, en_db_authorize, db);
    sqlite3_db_config(db->raw, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->raw, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db->raw, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_limit(db->raw, SQLITE_LIMIT_LENGTH, VALUE_MAX);
    int rc = sqlite3_exec(db->raw,
                          "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;"
                          "PRAGMA cache_size = -32768; PRAGMA recursive_triggers = ON; PRAGMA cell_size_check = ON",
                          NULL, NULL, NULL);
    if (rc == SQLITE_OK) {
        return EN_OK;
    }
    en_status st = en_db_fail(db, rc, EN_INPUT, "cannot set up the catalog", err);
    return rc == SQLITE_ERROR ? en_error_hint(err, st, EN_DB_RESTORE) : st; /* a header that SQLite cannot read */
}

static en_status check_identity(en_db *db, en_db_mode mode, en_error *err)
{
    int64_t id = 0, version = 0, objects = 0;
    en_status st = en_db_pragma(db, "PRAGMA application_id", &id, err);
    if (st == EN_OK) {
        st = en_db_pragma(db, "PRAGMA user_version", &version, err);
    }
    if (st == EN_OK) {
        st = en_db_pragma(db, en_sql_text[EN_SQL_CATALOG_OBJECTS], &objects, err);
    }
    if (st != EN_OK) {
        return st;
    }
    if (mode == EN_DB_CREATE) {
        if (objects != 0 || version != 0) {
            return en_error_set(err, EN_INPUT, "cannot create '%s': there is a database already", db->path);
        }
        return EN_OK;
    }
    if (id != EN_DB_APPLICATION_ID) {
        return en_error_set(err, EN_INPUT, "cannot open '%s': not an eyenet catalog", db->path);
    }
    if (version < 1) { /* it was made by migrations, which count from 1 */
        return en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' is damaged: its schema has no version", db->path),
                             EN_DB_RESTORE);
    }
    size_t count;
    const en_migration *list = en_migrations(&count);
    int newest = count > 0 ? list[count - 1].version : 0;
    if (version > newest) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "cannot open '%s': its schema is version %lld and this eyenet knows up to %d",
                                          db->path, (long long)version, newest),
                             "use a newer eyenet");
    }
    return EN_OK;
}

static en_status check_place(const char *path, const char *shown, const en_db_options *options, en_error *err)
{
    if (options->mode != EN_DB_CREATE && !en_file_exists(path)) {
        return en_error_set(err, EN_INPUT, "cannot open '%s': there is no such file", shown);
    }
    if (options->force_network_fs) {
        return EN_OK;
    }
    char *folder = en_strndup(path, (size_t)(en_path_base(path) - path));
    if (folder == NULL) {
        return en_error_nomem(err, "a path");
    }
    const char *kind = en_file_network_fs(folder[0] != '\0' ? folder : ".");
    en_free(folder);
    if (kind != NULL) {
        return en_error_hint(
            err,
            en_error_set(err, EN_INPUT,
                         "cannot open '%s': it is on a network file system (%s), where locks are not safe", shown,
                         kind),
            "use a local disk, or force it");
    }
    return EN_OK;
}

/* WAL is a property of the file, so it is set once; setting it again does nothing. */
static en_status use_wal(en_db *db, en_error *err)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db->raw, "PRAGMA journal_mode = WAL", -1, &s, NULL);
    bool wal = false;
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(s);
        const char *mode = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : NULL;
        wal = mode != NULL && strcmp(mode, "wal") == 0;
    }
    en_status st = EN_OK;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        st = en_db_fail(db, rc, EN_BUG, "cannot set up the catalog", err);
    } else if (!wal) {
        st = en_error_set(err, EN_IO, "cannot open '%s': this file system does not support SQLite's write-ahead log",
                          db->path);
    }
    sqlite3_finalize(s);
    return st;
}

en_status en_db_open(const char *path, const en_db_options *options, en_db **out, en_error *err)
{
    *out = NULL;
    const char *shown = options->shown != NULL ? options->shown : path;
    en_status st = check_place(path, shown, options, err);
    if (st != EN_OK) {
        return st;
    }
    en_db *db = en_calloc(1, sizeof *db);
    if (db == NULL || (db->path = en_strdup(shown)) == NULL) {
        en_free(db);
        return en_error_nomem(err, "a database handle");
    }
    db->read_only = options->mode == EN_DB_READ;
    db->busy_ms = options->busy_ms > 0 ? options->busy_ms : BUSY_MS;
    db->events = options->events;
    int flags = options->mode == EN_DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (options->mode == EN_DB_CREATE) {
        flags |= SQLITE_OPEN_CREATE;
    }
    if (!en_db_folder_is_writable(path)) {
        st = db->read_only
                 ? en_db_reading_begin(path, &db->reading, err)
                 : en_error_hint(err,
                                 en_error_set(err, EN_PATH, "cannot change '%s': its folder cannot be written", shown),
                                 "commands that only read work; to change it, copy the project");
    }
    if (st != EN_OK) {
        goto done;
    }
    const char *name = db->reading.name != NULL ? db->reading.name : path;
    flags |= db->reading.name != NULL ? SQLITE_OPEN_URI : 0;
    int rc = sqlite3_open_v2(name, &db->raw, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK) {
        st = en_db_fail(db, rc, EN_IO, "cannot open the catalog", err);
        goto done;
    }
    st = configure(db, err);
    if (st == EN_OK) {
        st = check_identity(db, options->mode, err);
    }
    if (st == EN_OK && !db->read_only) {
        st = use_wal(db, err);
        if (st == EN_OK) {
            en_db_own_checkpoints(db);
        }
    }
done:
    if (st != EN_OK) {
        en_db_close(db);
        return st;
    }
    *out = db;
    return EN_OK;
}

en_status en_db_open_memory(en_db **out, en_error *err)
{
    en_status st = EN_OK;
    *out = NULL;
    en_db *db = en_calloc(1, sizeof *db);
    if (db == NULL || (db->path = en_strdup(":memory:")) == NULL) {
        st = en_error_nomem(err, "a database handle");
        goto done;
    }
    int rc = sqlite3_open_v2(db->path, &db->raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    st = rc == SQLITE_OK ? configure(db, err) : en_db_fail(db, rc, EN_IO, "cannot open a database in memory", err);
done:
    if (st != EN_OK) {
        en_db_close(db);
        return st;
    }
    *out = db;
    return EN_OK;
}

en_status en_db_open_to_check(en_db *db, en_db **out, en_error *err)
{
    const char *path = sqlite3_db_filename(db->raw, "main");
    en_status st = EN_OK;
    *out = NULL;
    en_db *second = path != NULL ? en_calloc(1, sizeof *second) : NULL;
    if (second == NULL || (second->path = en_strdup(db->path)) == NULL) {
        st = en_error_nomem(err, "a database handle");
        goto done;
    }
    second->read_only = true;
    second->busy_ms = db->busy_ms;
    second->events = db->events;
    int rc = sqlite3_open_v2(path, &second->raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    st = rc == SQLITE_OK ? configure(second, err) : en_db_fail(second, rc, EN_IO, "cannot open the catalog", err);
    if (st == EN_OK) {
        sqlite3_db_config(second->raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        st = en_db_exec(second, "PRAGMA query_only = ON", "cannot open the catalog", err);
    }
done:
    if (st != EN_OK) {
        en_db_close(second);
        return st;
    }
    *out = second;
    return EN_OK;
}

bool en_db_knows_rules(const en_db *db) { return sqlite3_db_readonly(db->raw, "main") == 0; }

void en_db_close(en_db *db)
{
    if (db == NULL) {
        return;
    }
    if (db->raw != NULL) {
        en_db_rollback(db);
    }
    for (size_t i = 0; i < EN_SQL_COUNT; i++) {
        sqlite3_finalize(db->cache[i].raw);
    }
    if (db->log_next > 0) {         /* ours, and opened for writing */
        (void)en_db_checkpoint(db); /* if not now, the last process to close does it */
    }
    sqlite3_close_v2(db->raw);
    en_db_reading_end(&db->reading);
    en_free(db->path);
    en_free(db);
}
