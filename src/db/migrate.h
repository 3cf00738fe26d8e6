/* Migrations and views. migrations/NNNN_name.sql are embedded at build time, forward only, never edited once landed. A
 * new catalog runs them all, an old one those it lacks. The ledger schema_migration(version, name, sha256, applied_at)
 * remembers each. The views of sql/view/ are a set that is made anew as a whole whenever its text changes; the ledger
 * schema_view_set(set_id, names, sha256, made_at) remembers each set, and by its names which views are ours: those of
 * the user's stay. */
#ifndef EN_DB_MIGRATE_H
#define EN_DB_MIGRATE_H

#include <stddef.h>

#include "db/db.h"

typedef struct en_migration {
    int version; /* 1, 2, 3, ... */
    const char *name, *sql;
} en_migration;

typedef struct en_view {
    const char *name, *sql; /* the text begins with CREATE VIEW name AS, and a comment of what it shows */
} en_view;

/* What a program wants a catalog to be. */
typedef struct en_schema {
    const en_migration *step;
    size_t steps;
    const en_view *view; /* in the order of their names, which need not be that in which they select from each other */
    size_t views;        /* 0: the views are left as they are */
} en_schema;

/* Those of this program, in order; static. */
const en_migration *en_migrations(size_t *count);
const en_view *en_views(size_t *count);

/* Runs the steps that are missing, each with a foreign_key_check, and makes the views anew after them or when the set
 * that is there is another; all in one BEGIN IMMEDIATE, so that a failure or a kill leaves the catalog as it was.
 * Before a step, not before new views alone, the file is backed up as "PATH.backup-v<old version>" ("-2" and so on
 * behind it where there is one already) when it held a catalog. *applied: how many steps ran. EN_INPUT: its schema
 * is not what its migrations gave (the remedy is the hint), the ledger shows a migration that was edited since, a newer
 * schema, or the name of a view is taken by something that is not ours. */
en_status en_db_migrate(en_db *db, int *applied, en_error *err) EN_CHECKED;
/* The same with another schema than the program's own, for tests; and with other migrations, leaving views alone. */
en_status en_db_migrate_to(en_db *db, const en_schema *schema, int *applied, en_error *err) EN_CHECKED;
en_status en_db_migrate_with(en_db *db, const en_migration *list, size_t count, int *applied, en_error *err) EN_CHECKED;
/* EN_INPUT, with the remedy, unless the catalog is exactly at this program's version; nothing is written to it. Where
 * its views are another set, the handle gets the program's own as temporary views of the same names. */
en_status en_db_check_schema(en_db *db, en_error *err) EN_CHECKED;
en_status en_db_check_schema_of(en_db *db, const en_schema *schema, en_error *err) EN_CHECKED; /* for tests */

/* How a catalog's schema differs from what these steps and views make: an object is missing, is another, or is a
 * trigger or index on one of these tables and views that they do not have. Views, tables and what hangs on them under
 * other names are the user's. */
typedef enum en_schema_fault_kind { EN_SCHEMA_MISSING = 1, EN_SCHEMA_CHANGED, EN_SCHEMA_SURPLUS } en_schema_fault_kind;
typedef struct en_schema_fault {
    en_schema_fault_kind kind;
    char *type, *name; /* "trigger", "run_is_kept" */
    char *sql;         /* that makes it as it should be; NULL when it is to go */
} en_schema_fault;
typedef struct en_schema_faults {
    en_schema_fault *row;
    size_t count;
    size_t tables, views; /* of them */
} en_schema_faults;
en_schema en_schema_own(void); /* this program's */
en_status en_db_schema_faults(en_db *db, const en_schema *schema, en_schema_faults *out, en_error *err) EN_CHECKED;
void en_schema_faults_clear(en_schema_faults *f);
/* EN_OK when there are none, else EN_INPUT with the first of them and the remedy. */
en_status en_schema_faults_report(const en_schema_faults *f, const char *path, en_error *err) EN_CHECKED;
/* Makes triggers, indices and views anew, after a backup and in one transaction; *repaired counts them. EN_INPUT when a
 * table differs: that needs a backup. */
en_status en_db_schema_repair(en_db *db, int *repaired, en_error *err) EN_CHECKED;

#endif
