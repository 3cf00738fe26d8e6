/* What the other files of this layer stand on: what SQLite's results mean, plain SQL, waiting for a lock. Uses SQLite
 * and base. */
#include "db/db.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "db/internal.h"

/* On a full disk SQLite reports an I/O error, not a full disk, when it cannot grow the index of its log by 32 KiB. */
static bool no_space(en_db *db)
{
    int64_t left;
    const char *path = db != NULL && db->raw != NULL ? sqlite3_db_filename(db->raw, "main") : NULL;
    return path != NULL && en_file_free_space(path, &left, NULL) == EN_OK && left < 64 * 1024;
}

en_status en_db_fail(en_db *db, int rc, en_status other, const char *what, en_error *err)
{
    const char *why = db != NULL && db->raw != NULL ? sqlite3_errmsg(db->raw) : sqlite3_errstr(rc);
    const char *path = db != NULL && db->path != NULL ? db->path : "catalog";
    switch (rc & 0xff) {
    case SQLITE_BUSY:
        if (db != NULL && db->stopped_waiting) {
            db->stopped_waiting = false;
            return en_error_set(err, EN_INTERRUPTED, "interrupted");
        }
        return en_error_hint(err, en_error_set(err, EN_BUSY, "%s: '%s' is held by another program", what, path),
                             "try again");
    case SQLITE_LOCKED:
        return en_error_hint(err, en_error_set(err, EN_BUSY, "%s: '%s' is held by another program", what, path),
                             "try again");
    case SQLITE_FULL:
        return en_error_hint(err, en_error_set(err, EN_IO, "%s: no disk space left for '%s'", what, path),
                             "free some disk space and try again");
    case SQLITE_NOMEM: return en_error_nomem(err, what);
    case SQLITE_INTERRUPT: return en_error_set(err, EN_INTERRUPTED, "interrupted");
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG: return en_error_set(err, EN_INPUT, "%s: %s", what, why);
    case SQLITE_CORRUPT:
        (void)en_error_set(err, EN_INPUT, "%s: '%s' is damaged (%s)", what, path, why);
        return db != NULL && db->foreign ? EN_INPUT : en_error_hint(err, EN_INPUT, EN_DB_RESTORE);
    case SQLITE_NOTADB:
        return en_error_set(err, EN_INPUT, "%s: '%s' is not an %s", what, path,
                            db != NULL && db->foreign ? "SQLite database" : "eyenet catalog");
    case SQLITE_READONLY:
        if (rc == SQLITE_READONLY_DIRECTORY || rc == SQLITE_READONLY_CANTINIT) {
            return en_error_hint(
                err,
                en_error_set(
                    err, EN_PATH,
                    "%s: '%s' is in a folder this user may not write to, and its log is kept there, even for reading",
                    what, path),
                "ask its owner, or copy the project");
        }
        return en_error_set(err, EN_PATH, "%s: '%s' cannot be written: %s", what, path, why);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        if ((rc & 0xff) == SQLITE_IOERR && no_space(db)) {
            return en_db_fail(db, SQLITE_FULL, other, what, err);
        }
        return en_error_set(err, EN_IO, "%s: '%s': %s", what, path, why);
    default: return en_error_set(err, other, "%s: %s", what, why);
    }
}

en_status en_db_exec(en_db *db, const char *sql, const char *what, en_error *err)
{
    int rc = sqlite3_exec(db->raw, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? EN_OK : en_db_fail(db, rc, EN_BUG, what, err);
}

en_status en_db_pragma(en_db *db, const char *sql, int64_t *out, en_error *err)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db->raw, sql, -1, &s, NULL);
    *out = 0;
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(s);
        if (rc == SQLITE_ROW) {
            *out = sqlite3_column_int64(s, 0);
        }
    }
    en_status st =
        rc == SQLITE_ROW || rc == SQLITE_DONE ? EN_OK : en_db_fail(db, rc, EN_BUG, "cannot read the catalog", err);
    sqlite3_finalize(s);
    return st;
}

/* Waits a little for another program, longer and longer as SQLite's own handler does; 0 ends the wait with SQLITE_BUSY.
 * Who asks to stop during the wait is heard at once. Who asked before it began is not asked again: what is written then
 * is what a workflow saves before it ends. */
int en_db_on_busy(void *ctx, int times)
{
    static const int delay_ms[] = {1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100};
    static const int delays = sizeof delay_ms / sizeof delay_ms[0];
    en_db *db = ctx;
    if (times == 0) {
        db->waited_ms = 0;
        db->stopping = en_stopped(&db->events);
        db->stopped_waiting = false;
    }
    if (!db->stopping && en_stopped(&db->events)) {
        db->stopped_waiting = true;
        return 0;
    }
    int ms = delay_ms[times < delays ? times : delays - 1], left = db->busy_ms - db->waited_ms;
    if (left <= 0) {
        return 0;
    }
    ms = ms < left ? ms : left;
    db->waited_ms += ms;
    (void)sqlite3_sleep(ms);
    return 1;
}

const char *en_db_path(const en_db *db) { return db->path; }

bool en_db_in_transaction(const en_db *db) { return sqlite3_get_autocommit(db->raw) == 0; }
