/* A database of another program, which is read and never written. Uses SQLite and base. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "db/db.h"
#include "db/internal.h"
#include "db/statements.h"

#define BUSY_MS 5000
#define OPCODES_BETWEEN_CHECKS 20000 /* of SQLite's machine, about a millisecond */
#define HEADER 20            /* bytes of SQLite's file format: the text that begins it, and whether it has a WAL */
#define VALUE_MAX (16 << 20) /* bytes of a row, text or blob */

/* Whether it is a database, and one whose changes go to a write-ahead log. */
static en_status read_header(const char *path, bool *wal, en_error *err)
{
    struct stat s;
    char header[HEADER] = {0};
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return en_error_errno(err, "cannot open '%s'", path);
    }
    en_status st = EN_OK;
    if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) {
        st = en_error_set(err, EN_INPUT, "cannot open '%s': not a regular file", path);
    } else if (read(fd, header, HEADER) != HEADER || memcmp(header, "SQLite format 3", 16) != 0) {
        st = en_error_set(err, EN_INPUT, "cannot open '%s': not an SQLite database", path);
    } else if (s.st_size > EN_DB_FOREIGN_MAX) {
        st = en_error_set(err, EN_INPUT, "cannot open '%s': it has more than %lld bytes", path,
                          (long long)EN_DB_FOREIGN_MAX);
    }
    (void)close(fd);
    *wal = header[18] == 2 || header[19] == 2;
    return st;
}

/* A journal is left while another program writes, or since one broke off: the file alone is not one state then. */
static en_status check_journal(const char *path, en_error *err)
{
    int64_t bytes = 0;
    char *journal = en_format("%s-journal", path);
    if (journal == NULL) {
        return en_error_nomem(err, "a path");
    }
    const bool is = en_file_exists(journal) && en_file_size(journal, &bytes, NULL) == EN_OK && bytes > 0;
    en_free(journal);
    return is ? en_error_hint(err, en_error_set(err, EN_BUSY, "another program is writing '%s', or broke off", path),
                              "end it, or open the file with it once, and try again")
              : EN_OK;
}

static int on_progress(void *ctx) { return en_stopped(&((const en_db *)ctx)->events); }

/* What a schema could do besides giving rows is switched off, and what a value or a statement may grow to is bounded.
 */
static en_status configure(en_db *db, en_error *err)
{
    static const struct {
        int what, most;
    } limit[] = {{SQLITE_LIMIT_LENGTH, VALUE_MAX},      {SQLITE_LIMIT_SQL_LENGTH, 1 << 20},
                 {SQLITE_LIMIT_VDBE_OP, 100000},        {SQLITE_LIMIT_ATTACHED, 0},
                 {SQLITE_LIMIT_TRIGGER_DEPTH, 1},       {SQLITE_LIMIT_WORKER_THREADS, 0},
                 {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50}};
    for (size_t i = 0; i < sizeof limit / sizeof *limit; i++) {
        (void)sqlite3_limit(db->raw, limit[i].what, limit[i].most);
    }
    sqlite3_busy_handler(db->raw, en_db_on_busy, db);
    sqlite3_extended_result_codes(db->raw, 1);
    sqlite3_progress_handler(db->raw, OPCODES_BETWEEN_CHECKS, on_progress, db);
    sqlite3_db_config(db->raw, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->raw, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db->raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db->raw, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    return en_db_exec(db, "PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0",
                      "cannot read the database", err);
}

en_status en_db_open_foreign(const char *path, const en_events *events, en_db **out, en_error *err)
{
    bool wal = false;
    *out = NULL;
    en_status st = read_header(path, &wal, err);
    if (st == EN_OK) {
        st = check_journal(path, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_db *db = en_calloc(1, sizeof *db);
    if (db == NULL || (db->path = en_strdup(path)) == NULL) {
        en_free(db);
        return en_error_nomem(err, "a database handle");
    }
    db->read_only = db->foreign = true;
    db->busy_ms = BUSY_MS;
    db->events = events != NULL ? *events : (en_events){0};
    if (wal) { /* SQLite would make the files of its log beside it */
        st = en_db_reading_begin(path, &db->reading, err);
    }
    if (st == EN_OK) {
        const bool other = db->reading.name != NULL;
        const int rc =
            sqlite3_open_v2(other ? db->reading.name : path, &db->raw,
                            SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | (other ? SQLITE_OPEN_URI : 0), NULL);
        st = rc == SQLITE_OK ? configure(db, err) : en_db_fail(db, rc, EN_IO, "cannot open the database", err);
    }
    if (st != EN_OK) {
        en_db_close(db);
        return st;
    }
    *out = db;
    return EN_OK;
}

static en_status count(en_stmt *s, bool *is, en_error *err)
{
    int64_t n;
    const en_status st = en_stmt_number(s, &n, err);
    *is = st == EN_OK && n > 0;
    return st;
}

en_status en_db_has_table(en_db *db, const char *table, bool *is, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(db, EN_SQL_FOREIGN_TABLE, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "table", table);
    return count(s, is, err);
}

en_status en_db_has_column(en_db *db, const char *table, const char *column, bool *is, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(db, EN_SQL_FOREIGN_COLUMN, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "table", table);
    en_stmt_bind_text(s, "column", column);
    return count(s, is, err);
}
