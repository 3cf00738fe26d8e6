/* Checkpoints: moving the write-ahead log into the database, under a lock of our own. Uses SQLite and base.
 *
 * SQLite 3.7.0 to 3.51.2 can corrupt a database when two connections checkpoint at once: one resets the log while the
 * other still believes in its former frames. So no connection of ours checkpoints by itself. A checkpoint is tried when
 * a commit leaves a long log and when a writing handle is closed, only by the process that holds flock on the project's
 * folder, and it never waits: if another process is at it, or readers need the log, the next commit tries again. The
 * last connection to close still lets SQLite remove the log, which it does alone, under an exclusive lock. */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/memory.h"
#include "db/internal.h"

/* The folder, not the file: closing any descriptor of the file would drop SQLite's own locks on it. -1: another process
 * has the lock, or the folder cannot be opened. */
static int lock_folder(sqlite3 *raw)
{
    const char *path = sqlite3_db_filename(raw, "main");
    char *folder = path != NULL ? en_strndup(path, (size_t)(en_path_base(path) - path)) : NULL;
    int fd = -1;
    if (folder != NULL) {
        (void)en_lock_folder(folder[0] != '\0' ? folder : ".", &fd);
    }
    en_free(folder);
    return fd;
}

bool en_db_checkpoint(en_db *db)
{
    int fd = lock_folder(db->raw);
    if (fd < 0) {
        return false;
    }
    sqlite3_busy_handler(db->raw, NULL, NULL); /* do not wait for readers */
    int rc = sqlite3_wal_checkpoint_v2(db->raw, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_handler(db->raw, en_db_on_busy, db);
    (void)close(fd);
    return rc == SQLITE_OK;
}

/* After every commit, with the number of pages in the log. What is not checkpointed now is tried again when the log has
 * grown by as much once more; a commit that was made does not fail for it. */
static int after_commit(void *ctx, sqlite3 *raw, const char *name, int pages)
{
    en_db *db = ctx;
    (void)raw;
    if (strcmp(name, "main") != 0) {
        return SQLITE_OK;
    }
    if (pages < EN_DB_LOG_PAGES) {
        db->log_next = EN_DB_LOG_PAGES;
    } else if (pages >= db->log_next) {
        db->log_next = en_db_checkpoint(db) ? EN_DB_LOG_PAGES : pages + EN_DB_LOG_PAGES;
    }
    return SQLITE_OK;
}

void en_db_own_checkpoints(en_db *db)
{
    db->log_next = EN_DB_LOG_PAGES;
    sqlite3_wal_hook(db->raw, after_commit, db); /* in the place of SQLite's automatic checkpoint */
}

const char *en_db_sqlite_version(void) { return sqlite3_libversion(); }

bool en_db_checkpoints_can_corrupt(void)
{
    int version = sqlite3_libversion_number();
    return version >= 3007000 && version <= 3051002;
}
