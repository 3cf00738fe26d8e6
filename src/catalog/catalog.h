/* The catalog: a project folder and its database, as the laboratory sees them. Everything that happened is a row.
 *
 * One header, one source and one folder of sql/ a subject: source, image, sample, label, variant, split, subset (with
 * items), run, metric, evaluation. All functions are en_catalog_<subject>_<verb>, all types en_catalog_<subject>.
 *
 * Conventions of them all. A handle belongs to one thread at a time. Paths are relative to the project. A number that
 * is unknown is -1 (integers) or NAN, a text NULL. Texts handed in are copied; rows handed out are owned by the caller,
 * who ends each with the matching _clear (safe on a zeroed one). A _find that finds nothing returns EN_DONE; a _get
 * is EN_INPUT, and the message lists the names that exist. A function that writes makes its own transaction
 * unless the caller has one open; many rows are written between en_catalog_begin and en_catalog_commit. What the schema
 * refuses is EN_INPUT with the schema's own words; a full disk is EN_IO and a catalog held by another for long is
 * EN_BUSY: roll back and give up. After any error inside a transaction: en_catalog_rollback. */
#ifndef EN_CATALOG_CATALOG_H
#define EN_CATALOG_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/events.h"
#include "db/db.h"
#include "db/query.h"

#define EN_CATALOG_FILE "eyenet.db"

typedef struct en_catalog en_catalog;

typedef struct en_catalog_options {
    bool read_only;
    bool force_network_fs;
    bool repair_schema; /* for writing: what differs from the migrations is made anew, and *repaired counts it */
    int *repaired;
    en_events events; /* its stop ends a wait for another program; zeroed: nothing does */
} en_catalog_options;

/* Makes ROOT/eyenet.db, whole or not at all; the folder must exist. EN_INPUT when there is a catalog already: of
 * several who make one at once, one does. */
en_status en_catalog_create(const char *root, bool force_network_fs, en_error *err) EN_CHECKED;
/* Opens ROOT/eyenet.db. For writing, its schema must be what its migrations gave it (EN_INPUT with the remedy); for
 * reading it need not be. For writing, an older schema is brought up to date first, after a backup; read only, it is
 * refused with the remedy. The SQL aggregates of catalog/functions.h are there. options may be NULL: for writing. */
en_status en_catalog_open(const char *root, const en_catalog_options *options, en_catalog **out,
                          en_error *err) EN_CHECKED;
void en_catalog_close(en_catalog *c); /* rolls back what is open; NULL is fine */
/* The folder that holds eyenet.db, `start` itself or the nearest above it, absolute (en_free). EN_INPUT when none does.
 */
en_status en_catalog_find_root(const char *start, char **root, en_error *err) EN_CHECKED;

en_db *en_catalog_db(en_catalog *c); /* borrowed */

en_status en_catalog_begin(en_catalog *c, en_error *err) EN_CHECKED;
en_status en_catalog_commit(en_catalog *c, en_error *err) EN_CHECKED;
void en_catalog_rollback(en_catalog *c);

/* SQL that the user wrote: see db/query.h. */
en_status en_catalog_query(en_catalog *c, const char *what, const char *sql, const en_events *events, en_query **out,
                           en_error *err) EN_CHECKED;

/* The DDL of a view or table with its comments, as `eyenet schema` prints it. */
typedef struct en_catalog_object {
    char *type; /* "view", "table", "index", "trigger" */
    char *name, *sql;
} en_catalog_object;
typedef struct en_catalog_objects {
    en_catalog_object *row;
    size_t count;
} en_catalog_objects;
/* Views first, then tables with their indices and triggers, by name. */
en_status en_catalog_schema(en_catalog *c, en_catalog_objects *out, en_error *err) EN_CHECKED;
void en_catalog_objects_clear(en_catalog_objects *o);

/* Consistency checks: every count that must equal another, described by "what". A consistent catalog has expected =
 * found in every row. */
typedef struct en_catalog_account {
    char *what;
    int64_t expected, found;
} en_catalog_account;
typedef struct en_catalog_accounts {
    en_catalog_account *row;
    size_t count;
} en_catalog_accounts;
en_status en_catalog_reconcile(en_catalog *c, en_catalog_accounts *out, en_error *err) EN_CHECKED;
void en_catalog_accounts_clear(en_catalog_accounts *a);

/* The schema against what the migrations give: EN_INPUT with the first difference and the remedy. */
en_status en_catalog_check_schema(en_catalog *c, en_error *err) EN_CHECKED;
/* SQLite's own integrity_check and foreign_key_check: EN_FAILED with the first fault. */
en_status en_catalog_check(en_catalog *c, en_error *err) EN_CHECKED;
/* The CHECK rules of the tables, which the integrity_check of a handle that only reads leaves out: EN_FAILED with the
 * first table that breaks one. *looked is false where the file cannot be opened so: it is not known then. */
en_status en_catalog_check_rules(en_catalog *c, bool *looked, en_error *err) EN_CHECKED;
/* Networks and recipes against the hashes of their texts, frozen subsets against the hash of their members; how many
 * texts and subsets were looked at. EN_FAILED with the first that differs. */
en_status en_catalog_check_hashes(en_catalog *c, int64_t *texts, int64_t *subsets, en_error *err) EN_CHECKED;

#endif
