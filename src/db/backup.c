/* Copies of a catalog: for backups, and the one that is made before its upgrade. Uses SQLite and base. */
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/place.h"
#include "db/internal.h"

#define BACKUPS_MAX 1000 /* of one version */

static int read_version(sqlite3 *copy, int64_t *version)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(copy, "PRAGMA user_version", -1, &s, NULL);
    rc = rc == SQLITE_OK ? sqlite3_step(s) : rc;
    if (rc == SQLITE_ROW) {
        *version = sqlite3_column_int64(s, 0);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(s);
    return rc;
}

/* The whole database as the file `path`, synced. *version: of the schema that the copy has. */
static int copy_to(en_db *db, const char *path, int64_t *version)
{
    sqlite3 *copy = NULL;
    int rc = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_backup *b = sqlite3_backup_init(copy, "main", db->raw, "main");
        if (b != NULL) {
            rc = sqlite3_backup_step(b, -1);
            int end = sqlite3_backup_finish(b);
            rc = rc == SQLITE_DONE ? end : rc;
        } else {
            rc = sqlite3_errcode(copy);
        }
    }
    if (rc == SQLITE_OK) {
        rc = read_version(copy, version);
    }
    int closed = sqlite3_close(copy);
    return rc != SQLITE_OK ? rc : closed;
}

en_status en_db_copy(en_db *db, const char *path, en_error *err)
{
    int64_t version;
    int rc = copy_to(db, path, &version);
    switch (rc & 0xff) {
    case SQLITE_OK: return EN_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM: return en_db_fail(db, rc, EN_IO, "cannot copy the catalog", err);
    case SQLITE_FULL:
        return en_error_hint(err,
                             en_error_set(err, EN_IO, "cannot copy the catalog: no disk space left for '%s'", path),
                             "free some disk space and try again");
    default: return en_error_set(err, EN_IO, "cannot copy the catalog to '%s': %s", path, sqlite3_errstr(rc));
    }
}

/* Names the copy "PATH.backup-vN", or "-2", "-3", ... of it where there is one: a backup that another process may have
 * gone back to, and worked on with, is not a backup of this catalog. */
static en_status name_copy(const char *part, const char *path, en_error *err)
{
    en_status st = en_file_place(part, path, err);
    for (int i = 2; st == EN_DONE && i <= BACKUPS_MAX; i++) {
        char *other = en_format("%s-%d", path, i);
        st = other != NULL ? en_file_place(part, other, err) : en_error_nomem(err, "a path");
        en_free(other);
    }
    return st != EN_DONE
               ? st
               : en_error_hint(err, en_error_set(err, EN_IO, "there are %d backups such as '%s'", BACKUPS_MAX, path),
                               "remove some");
}

static atomic_uint parts; /* begun by this process: two handles may be at it at once */

en_status en_db_back_up(en_db *db, int64_t version, bool *made, en_error *err)
{
    char *path = en_format("%s.backup-v%lld", db->path, (long long)version);
    char *part = path != NULL ? en_format("%s.part-%ld-%u", path, (long)getpid(), atomic_fetch_add(&parts, 1)) : NULL;
    int64_t copied = -1;
    *made = false;
    en_status st = part != NULL ? en_file_remove_tree(part, err) : en_error_nomem(err, "a path");
    if (st == EN_OK) {
        int rc = copy_to(db, part, &copied);
        if (rc != SQLITE_OK) {
            st = en_error_set(err, EN_IO, "cannot back up '%s' before its upgrade: %s", db->path, sqlite3_errstr(rc));
        } else if (copied == version) {
            st = name_copy(part, path, err);
            *made = st == EN_OK;
        }
        (void)unlink(part); /* where it was placed, it is gone already */
    }
    en_free(part);
    en_free(path);
    return st;
}
