/* A scratch folder with a database in it, for the tests of this layer. */
#ifndef EN_TEST_DB_SCRATCH_H
#define EN_TEST_DB_SCRATCH_H

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "db/db.h"
#include "db/migrate.h"

static char folder[64], file[96]; /* file is not made yet */

static inline int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/eyenet-db-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    snprintf(file, sizeof file, "%s/eyenet.db", folder);
    return 0;
}

static inline int drop_folder(void **state)
{
    (void)state;
    en_error err;
    return en_file_remove_tree(folder, &err) == EN_OK ? 0 : -1;
}

static inline en_db *open_as(en_db_mode mode)
{
    en_db *db = NULL;
    en_db_options options = {.mode = mode, .busy_ms = 200};
    OK(en_db_open(file, &options, &db, &err));
    return db;
}

/* A new catalog with the program's own schema. */
static inline en_db *create(void)
{
    int applied;
    en_db *db = open_as(EN_DB_CREATE);
    OK(en_db_migrate(db, &applied, &err));
    return db;
}

#endif
