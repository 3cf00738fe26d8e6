/* What the files of this layer share; no other layer includes it. */
#ifndef EN_DB_INTERNAL_H
#define EN_DB_INTERNAL_H

#include <sqlite3.h>

#include "base/hash.h"
#include "db/db.h"
#include "db/migrate.h"
#include "db/row.h"
#include "db/statements.h"

struct en_stmt {
    en_db *db;
    sqlite3_stmt *raw;
    en_sql id;
    uint64_t bound;  /* bit i: parameter i + 1 was bound */
    bool active;     /* stepped, and not yet reset */
    en_status fault; /* of a bind, reported by the next step */
    char fault_name[64];
    const en_row_type *type;                 /* its columns are matched with; NULL: with none yet */
    unsigned char field[EN_ROW_COLUMNS_MAX]; /* column of the result -> column of the type */
};

/* What a user's SQL was refused for, while it is prepared or steps. */
typedef struct en_guard {
    bool stepping;   /* past its preparation: now functions of SQLite's own may run pragmas that read */
    bool repeatable; /* and gives the same answer whenever it is asked */
    bool refused;
    char why[200]; /* what the statement would do */
} en_guard;

/* How a catalog is read whose folder cannot be written. */
typedef struct en_db_reading {
    char *name;   /* for sqlite3_open_v2 with SQLITE_OPEN_URI; NULL: the path itself. Owned */
    char *folder; /* of a private copy, removed at the end; NULL: there is none. Owned */
} en_db_reading;

struct en_db {
    sqlite3 *raw;
    char *path; /* as messages have it */
    bool read_only;
    bool foreign; /* another program's: what is wrong with it is EN_INPUT, and the doctor cannot help */
    en_db_reading reading;
    en_events events;
    int busy_ms;          /* the longest wait for another program */
    int waited_ms;        /* in the wait that is going on */
    bool stopping;        /* the user had asked to stop before that wait began */
    bool stopped_waiting; /* the user asked to stop during the last wait, which was abandoned */
    int log_next;         /* pages of the log at which the next checkpoint is tried; 0: this handle makes none */
    en_guard *guard;      /* of the user's SQL at work, NULL while our own is */
    en_stmt cache[EN_SQL_COUNT];
};

extern const en_migration en_embedded_migrations[];
extern const size_t en_embedded_migration_count;
extern const en_view en_embedded_views[];
extern const size_t en_embedded_view_count;

/* An object of a schema: a table, index, view or trigger, what it belongs to, and the text that makes it. */
typedef struct en_schema_object {
    char *type, *name, *of_table, *sql;
} en_schema_object;
/* What all migrations and views give, in the order of sql/catalog/objects_all. */
extern const en_schema_object en_embedded_schema[];
extern const size_t en_embedded_schema_count;

/* Why one of our statements failed as if it were wrong (EN_BUG): EN_INPUT with the first table that is not this
 * program's, else `fault` as it is. */
en_status en_db_check_tables(en_db *db, en_status fault, en_error *err) EN_CHECKED;

/* Whether files can be made beside `path`. */
bool en_db_folder_is_writable(const char *path);
/* EN_BUSY when another program has locks on it, which a file that is read as it stands may not have. */
en_status en_db_reading_begin(const char *path, en_db_reading *r, en_error *err) EN_CHECKED;
void en_db_reading_end(en_db_reading *r); /* safe on a zeroed one */

/* An empty database in memory, configured as a catalog's file is. */
en_status en_db_open_memory(en_db **out, en_error *err) EN_CHECKED;
/* Turns what SQLite returned into an error that begins with `what`; `other` is the status of a plain SQLITE_ERROR: our
 * fault (EN_BUG) or the user's (EN_INPUT). */
en_status en_db_fail(en_db *db, int rc, en_status other, const char *what, en_error *err);
/* ": did you mean 'grade'?" for SQLite's complaint about a column or table that there is not, "" for any other. */
void en_db_hint(en_db *db, const char *message, char *hint, size_t capacity);
/* Pages of the write-ahead log, of 4 KiB, after which a commit checkpoints: SQLite's own default. */
#define EN_DB_LOG_PAGES 1000
/* Takes checkpoints of a writing handle out of SQLite's hands: see checkpoint.c. */
void en_db_own_checkpoints(en_db *db);
/* Empties the log into the database without waiting for anybody. False when another process is doing so, or the log is
 * still needed: nothing is lost then. */
bool en_db_checkpoint(en_db *db);
/* SQLite's busy handler on every handle; ctx is the en_db. */
int en_db_on_busy(void *ctx, int times);

/* The whole database as "PATH.backup-v<version>", whole or not there, never in the place of another. *made is false
 * when the schema was another one by the time it was copied: another process is upgrading. */
en_status en_db_back_up(en_db *db, int64_t version, bool *made, en_error *err) EN_CHECKED;
/* The views of a catalog: see views.c. The hash of a set of them, over their texts in order. */
en_status en_db_hash_views(const en_view *view, size_t count, char hex[EN_SHA256_HEX], en_error *err) EN_CHECKED;
/* Runs the SQL that a statement returns, if any. */
en_status en_db_run_made(en_db *db, en_stmt *s, const char *what, en_error *err) EN_CHECKED;
/* Whether the set of views with this hash is in place, by the ledger; false without a ledger. */
en_status en_db_has_views(en_db *db, const char *hex, bool *has, en_error *err) EN_CHECKED;
/* Takes away the views of the newest set, if there is one. Inside a transaction, as the next. */
en_status en_db_drop_views(en_db *db, en_error *err) EN_CHECKED;
/* Makes a set of views and enters it in the ledger. EN_INPUT when a name belongs to a user's view. */
en_status en_db_make_views(en_db *db, const en_view *view, size_t count, const char *hex, en_error *err) EN_CHECKED;
/* The same views as temporary ones, which go before those of the file and write nothing to it. */
en_status en_db_shadow_views(en_db *db, const en_view *view, size_t count, en_error *err) EN_CHECKED;
/* SQLite's authorizer on every handle; ctx is the en_db. It refuses only while there is a guard. */
int en_db_authorize(void *ctx, int action, const char *first, const char *second, const char *database,
                    const char *trigger);
/* The single whole number of a statement, 0 when there is no row. */
en_status en_db_pragma(en_db *db, const char *sql, int64_t *out, en_error *err) EN_CHECKED;

#endif
