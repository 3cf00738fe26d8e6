/* The catalog's file: one SQLite database. Opening, transactions, and the statements of sql/, each prepared once per
 * handle. A handle belongs to one thread at a time; every thread or process that wants to work opens its own.
 *
 * What SQLite reports becomes: busy or locked EN_BUSY; full disk, I/O errors EN_IO; missing permission EN_PATH; a
 * broken rule of the schema (CHECK, UNIQUE, foreign key, RAISE) or a damaged file EN_INPUT; interrupted EN_INTERRUPTED;
 * out of memory EN_NOMEM; anything else about our own statements EN_BUG. */
#ifndef EN_DB_DB_H
#define EN_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/events.h"
#include "base/wordlist.h"

#define EN_DB_APPLICATION_ID 0x45594E54 /* "EYNT", in the file's header: `file` and we know it by that */

/* A statement of sql/: EN_SQL_<FOLDER>_<NAME>, which db/statements.h enumerates. That header is made by the build and
 * changes with every new statement, so only files that name statements include it. */
typedef int en_sql;
extern const char *const en_sql_text[]; /* [EN_SQL_COUNT] */
extern const char *const en_sql_name[]; /* [EN_SQL_COUNT], "folder/name" */

/* The hint of every error about a damaged catalog. */
#define EN_DB_LOOK "'eyenet doctor' looks the catalog over"
#define EN_DB_REPAIR "'eyenet doctor --repair-schema' makes its triggers, indices and views anew"
#define EN_DB_RESTORE "restore a backup: upgrades leave one beside the catalog, as eyenet.db.backup-v1 and so on"

typedef struct en_db en_db;
typedef struct en_stmt en_stmt;

typedef enum en_db_mode {
    EN_DB_CREATE, /* the file must not exist, or be empty */
    EN_DB_WRITE,  /* it must exist and be ours */
    EN_DB_READ    /* the same, and nothing can be written through this handle */
} en_db_mode;

typedef struct en_db_options {
    en_db_mode mode;
    bool force_network_fs; /* SQLite's locks are not safe on NFS and the like: refused (EN_INPUT) unless forced */
    const char *shown;     /* the path in messages, of a file that gets its name later; NULL: its own */
    int busy_ms;           /* how long to wait for another writer; 0: 60 s */
    en_events events;      /* its stop ends such a wait; zeroed: nothing does */
} en_db_options;

/* EN_INPUT when there is no such file, it is not an eyenet catalog, or its schema is newer than this program's. */
en_status en_db_open(const char *path, const en_db_options *options, en_db **out, en_error *err) EN_CHECKED;
void en_db_close(en_db *db);
const char *en_db_path(const en_db *db); /* borrowed */
/* A second handle on the same file, which only reads: SQLite knows the CHECK rules of tables only on a handle that
 * could write, so that an integrity check of any other leaves them out. It is such a one as far as the file allows. */
en_status en_db_open_to_check(en_db *db, en_db **out, en_error *err) EN_CHECKED;
bool en_db_knows_rules(const en_db *db); /* whether it is */
/* The whole database, as it is at one moment, becomes the new file `path`, by SQLite's backup interface: others may
 * write to it meanwhile. Neither synced nor, after an error, removed. */
en_status en_db_copy(en_db *db, const char *path, en_error *err) EN_CHECKED;

/* A database of another program, of which nothing is believed: nothing can be written, views and triggers are off, its
 * schema may call no function with effects, and values have at most 16 MiB; nothing is made beside it. EN_INPUT: it is
 * not a database, has more than EN_DB_FOREIGN_MAX bytes, or, when a statement of sql/foreign is prepared or read, its
 * tables, columns or values are not what the statement wants. EN_BUSY: another program is writing it. */
#define EN_DB_FOREIGN_MAX ((int64_t)64 << 30)
en_status en_db_open_foreign(const char *path, const en_events *events, en_db **out, en_error *err) EN_CHECKED;
/* Whether it has a table of this name that is not a view and not virtual; whether that has such a column. */
en_status en_db_has_table(en_db *db, const char *table, bool *is, en_error *err) EN_CHECKED;
en_status en_db_has_column(en_db *db, const char *table, const char *column, bool *is, en_error *err) EN_CHECKED;

/* Whether the SQLite this program runs with can corrupt a catalog when two programs checkpoint at once (3.7.0
 * to 3.51.2). eyenet does so under a lock of its own; other programs that write to or checkpoint a catalog meanwhile
 * should not. */
bool en_db_checkpoints_can_corrupt(void);
const char *en_db_sqlite_version(void); /* "3.40.1" */

/* BEGIN IMMEDIATE: the write lock is taken at once, so that a transaction never fails half-way for want of it. Not to
 * be nested (EN_BUG). Rollback may be called at any time; without a transaction it does nothing. */
en_status en_db_begin(en_db *db, en_error *err) EN_CHECKED;
/* BEGIN: what is read until the rollback is one state of the catalog, and writers are not blocked. It must not
 * write itself, temporary views apart. */
en_status en_db_begin_read(en_db *db, en_error *err) EN_CHECKED;
en_status en_db_commit(en_db *db, en_error *err) EN_CHECKED;
void en_db_rollback(en_db *db);
bool en_db_in_transaction(const en_db *db);

/* For a function that writes several rows and may be called inside a transaction or not. enter begins one when there is
 * none (*own says so); leave commits it when `st` is EN_OK and rolls it back otherwise, and returns what came of it. */
en_status en_db_enter(en_db *db, bool *own, en_error *err) EN_CHECKED;
en_status en_db_leave(en_db *db, bool own, en_status st, en_error *err) EN_CHECKED;

/* The statement, reset and with nothing bound. Borrowed from the handle's cache: it may be prepared again only after it
 * has ended (EN_DONE, an error, or en_stmt_reset), else EN_BUG. */
en_status en_db_prepare(en_db *db, en_sql id, en_stmt **out, en_error *err) EN_CHECKED;

/* Parameters by name, without the colon. A name the statement does not have, a parameter left unbound, or a failed bind
 * is reported by the next step (EN_BUG, EN_NOMEM), so that binds need no checking one by one. Text is copied; a NULL
 * text is NULL, a NaN is NULL. */
void en_stmt_bind_int(en_stmt *s, const char *name, int64_t value);
void en_stmt_bind_double(en_stmt *s, const char *name, double value);
void en_stmt_bind_text(en_stmt *s, const char *name, const char *value);
void en_stmt_bind_blob(en_stmt *s, const char *name, const void *value, size_t bytes);          /* copied */
void en_stmt_bind_word(en_stmt *s, const char *name, const en_wordlist *words, unsigned value); /* 0: NULL */
void en_stmt_bind_null(en_stmt *s, const char *name);
/* An id or a size where a negative value means "none": NULL then. */
void en_stmt_bind_id(en_stmt *s, const char *name, int64_t value);

/* What stands for a parameter in a text, ":name" without its colon. */
typedef struct en_sql_piece {
    const char *name, *sql;
} en_sql_piece;
/* A statement's text without its comment and semicolon, with SQL in place of its parameters: for what users may write,
 * an expression say, which cannot be bound. The pieces are not looked through again. Parameters without a piece stay.
 * Fresh memory (en_free); NULL when out of it. */
char *en_sql_compose(en_sql id, const en_sql_piece *piece, size_t pieces);
/* Whether a piece in brackets stays within them: it closes what it opens (brackets, quotes, comments), closes nothing
 * else, and has no semicolon. Only that: whether it is SQL, SQLite says. */
bool en_sql_is_enclosed(const char *sql);

/* EN_OK: there is a row; EN_DONE: there is none, and the statement is reset. After an error it is reset, too. */
en_status en_stmt_step(en_stmt *s, en_error *err) EN_CHECKED;
/* Steps to the end, rows or none; never EN_DONE. */
en_status en_stmt_run(en_stmt *s, en_error *err) EN_CHECKED;
/* Ends a statement that was not stepped to its end. */
void en_stmt_reset(en_stmt *s);

/* Columns of the current row, from 0. NULL reads as 0, NaN, NULL text and -1 (id). Text is borrowed until the next
 * step. */
int64_t en_stmt_int(const en_stmt *s, int column);
double en_stmt_double(const en_stmt *s, int column);
const char *en_stmt_text(const en_stmt *s, int column);
int64_t en_stmt_id(const en_stmt *s, int column);
bool en_stmt_is_null(const en_stmt *s, int column);
/* A blob's bytes and their number, borrowed until the next step; NULL and 0 for NULL. They need not be aligned. */
const void *en_stmt_blob(const en_stmt *s, int column, size_t *bytes);
/* A copy of the text (en_free), *out = NULL for NULL. */
en_status en_stmt_dup(const en_stmt *s, int column, char **out, en_error *err) EN_CHECKED;

/* The first column of the first row; EN_DONE when there is no row. The statement is reset. For RETURNING and counts. */
en_status en_stmt_number(en_stmt *s, int64_t *out, en_error *err) EN_CHECKED;
/* One statement that binds nothing and returns one whole number, such as a count. */
en_status en_db_number(en_db *db, en_sql id, int64_t *out, en_error *err) EN_CHECKED;

/* SQL of our own that returns nothing and cannot be a file of sql/ because it is made at run time. `what` begins the
 * error. */
en_status en_db_exec(en_db *db, const char *sql, const char *what, en_error *err) EN_CHECKED;

/* An SQL aggregate over rows of numbers: `rows` holds count rows of `args` (1 or more) numbers each; rows with a NULL
 * are left out. Returns EN_OK with *result (NaN is NULL) or an error, whose text the user sees. */
typedef en_status en_db_aggregate_fn(const double *rows, size_t count, double *result, en_error *err);
en_status en_db_add_aggregate(en_db *db, const char *name, int args, en_db_aggregate_fn *fn, en_error *err) EN_CHECKED;

/* An SQL function of blobs: NULL where one of its `args` arguments is NULL, else what fn makes of them. A blob's bytes
 * need not be aligned; none at all is NULL with 0 bytes. Returns EN_OK with *result (NaN is NULL) or an error, whose
 * text the user sees. */
#define EN_DB_BLOBS_MAX 4
typedef struct en_db_blob {
    const void *data; /* borrowed for the call */
    size_t bytes;
} en_db_blob;
typedef en_status en_db_blobs_fn(const en_db_blob *blob, double *result, en_error *err);
en_status en_db_add_blobs_function(en_db *db, const char *name, int args, en_db_blobs_fn *fn, en_error *err) EN_CHECKED;

#endif
