/* What may change about a run after its training: name, tags and note, and whether it is there. A removed run is in the
 * trash: no view but removed_runs shows it and its name is free, until it is restored or deleted for good. */
#ifndef EN_CATALOG_RUN_EDIT_H
#define EN_CATALOG_RUN_EDIT_H

#include "catalog/run.h"

/* EN_USAGE: a run cannot have this name, which is also that of a folder; "last" is the newest one, and what begins with
 * '@' is an alias. */
en_status en_catalog_run_name_check(const char *name, en_error *err) EN_CHECKED;

/* EN_INPUT when another run has the name. The folder of the run stays. */
en_status en_catalog_run_rename(en_catalog *c, int64_t run_id, const char *name, en_error *err) EN_CHECKED;
/* Adding a tag that is there changes nothing; EN_INPUT when a tag to drop is not, or when one is not valid. */
en_status en_catalog_run_tag(en_catalog *c, int64_t run_id, const char *tag, en_error *err) EN_CHECKED;
en_status en_catalog_run_untag(en_catalog *c, int64_t run_id, const char *tag, en_error *err) EN_CHECKED;
/* In place of the earlier note; NULL or "": none. */
en_status en_catalog_run_note(en_catalog *c, int64_t run_id, const char *text, en_error *err) EN_CHECKED;

typedef struct en_catalog_removed {
    int64_t id;
    char *run, *uuid, *folder, *removed_at; /* run: the name it had; folder: beneath runs/ */
    char *repeated_by; /* names of the runs that repeat it and were not removed, parted by commas; NULL: none */
    en_run_state state;
    bool shared; /* the folder is another run's, too, which only a damaged catalog says */
} en_catalog_removed;
typedef struct en_catalog_removed_list {
    en_catalog_removed *row; /* ensembles, then the oldest run first */
    size_t count;
} en_catalog_removed_list;
/* Into the trash. EN_INPUT while it trains. */
en_status en_catalog_run_remove(en_catalog *c, int64_t run_id, en_error *err) EN_CHECKED;
/* Those of that name, uuid or beginning of a uuid (4 digits or more); NULL: all. EN_INPUT when `name` is none of
 * theirs. */
en_status en_catalog_runs_removed(en_catalog *c, const char *name, en_catalog_removed_list *out,
                                  en_error *err) EN_CHECKED;
/* The same of finished runs that were not removed; removed_at is NULL. */
en_status en_catalog_runs_finished(en_catalog *c, en_catalog_removed_list *out, en_error *err) EN_CHECKED;
void en_catalog_removed_clear(en_catalog_removed_list *list);
/* Out of the trash, under `name`; EN_INPUT when another run has it. */
en_status en_catalog_run_restore(en_catalog *c, int64_t run_id, const char *name, en_error *err) EN_CHECKED;
/* All rows of a removed run: settings, metrics, evaluations with their predictions. Runs that repeat it stay. */
en_status en_catalog_run_delete(en_catalog *c, int64_t run_id, en_error *err) EN_CHECKED;

#endif
