/* Migrations: migrations/NNNN_name.sql, embedded at build time, forward only, never edited once landed. A new catalog
 * runs them all, an old one those it lacks. The ledger schema_migration(version, name, sha256, applied_at) remembers
 * each. */
#ifndef EN_DB_MIGRATE_H
#define EN_DB_MIGRATE_H

#include <stddef.h>

#include "db/db.h"

typedef struct en_migration {
    int version; /* 1, 2, 3, ... */
    const char *name, *sql;
} en_migration;

/* Those of this program, in order; static. */
const en_migration *en_migrations(size_t *count);

/* Runs what is missing, each step in one BEGIN IMMEDIATE with a foreign_key_check, after a backup of the file as
 * "PATH.backup-v<old version>" ("-2" and so on behind it where there is one already) when it held a catalog. *applied:
 * how many steps ran. A step that fails leaves the catalog as it was before that step. EN_INPUT: the ledger shows a
 * migration that was edited since, or a newer schema. */
en_status en_db_migrate(en_db *db, int *applied, en_error *err) EN_CHECKED;
/* The same with other migrations than the program's own: for tests that climb from every earlier version. */
en_status en_db_migrate_with(en_db *db, const en_migration *list, size_t count, int *applied, en_error *err) EN_CHECKED;
/* EN_INPUT, with the remedy, unless the catalog is exactly at this program's schema; reads only. */
en_status en_db_check_schema(en_db *db, en_error *err) EN_CHECKED;

#endif
