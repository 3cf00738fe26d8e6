/* Transactions. Uses SQLite and base. */
#include "db/db.h"
#include "db/internal.h"
#include "db/statements.h"

en_status en_db_begin(en_db *db, en_error *err)
{
    if (en_db_in_transaction(db)) {
        return en_error_set(err, EN_BUG, "a transaction is begun inside a transaction");
    }
    if (db->read_only) { /* SQLite would say so only at the first write */
        return en_error_set(err, EN_BUG, "'%s' was opened for reading", db->path);
    }
    return en_db_exec(db, "BEGIN IMMEDIATE", "cannot write to the catalog", err);
}

en_status en_db_begin_read(en_db *db, en_error *err)
{
    if (en_db_in_transaction(db)) {
        return en_error_set(err, EN_BUG, "a transaction is begun inside a transaction");
    }
    return en_db_exec(db, "BEGIN", "cannot read the catalog", err);
}

en_status en_db_commit(en_db *db, en_error *err)
{
    if (!en_db_in_transaction(db)) {
        return en_error_set(err, EN_BUG, "a commit without a transaction");
    }
    en_status st = en_db_exec(db, "COMMIT", "cannot write to the catalog", err);
    if (st != EN_OK) {
        en_db_rollback(db);
    }
    return st;
}

void en_db_rollback(en_db *db)
{
    if (!en_db_in_transaction(db)) {
        return;
    }
    for (size_t i = 0; i < EN_SQL_COUNT; i++) {
        if (db->cache[i].active) {
            en_stmt_reset(&db->cache[i]);
        }
    }
    sqlite3_exec(db->raw, "ROLLBACK", NULL, NULL, NULL); /* fails only when SQLite rolled back by itself */
}

en_status en_db_enter(en_db *db, bool *own, en_error *err)
{
    *own = !en_db_in_transaction(db);
    return *own ? en_db_begin(db, err) : EN_OK;
}

en_status en_db_leave(en_db *db, bool own, en_status st, en_error *err)
{
    if (!own) {
        return st;
    }
    if (st == EN_OK) {
        return en_db_commit(db, err);
    }
    en_db_rollback(db);
    return st;
}
