/* What the readers of SQLite stores share. */
#ifndef EN_TRAINING_TRACK_FOREIGN_ROWS_H
#define EN_TRAINING_TRACK_FOREIGN_ROWS_H

#include "db/db.h"
#include "training/track/store.h"

/* Opens the file and asks for these tables (NULL-terminated); EN_INPUT: it is not a store of `program`. */
en_status en_foreign_open(const char *path, const char *program, const char *const *tables, const en_events *events,
                          en_db **db, en_error *err) EN_CHECKED;
/* All rows of a bound statement as runs; columns as in sql/foreign/mlflow_runs. */
en_status en_foreign_runs(en_stmt *s, en_store_runs *out, en_error *err) EN_CHECKED;

#endif
