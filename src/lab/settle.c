/* Settling the runs whose folder nobody holds any more. */
#include "lab/settle.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/run.h"
#include "lab/hold.h"

/* Files that were being written ("NAME.part-PID", base/file.h). */
static void remove_parts(const en_lab *lab, const char *folder)
{
    en_names names = {0};
    char *path = en_lab_path(lab, folder);
    if (path != NULL && en_file_list(path, &names, NULL) == EN_OK) {
        for (size_t i = 0; i < names.count; i++) {
            char *file = strstr(names.name[i], ".part-") != NULL ? en_path_join(path, names.name[i]) : NULL;
            if (file != NULL) {
                (void)unlink(file);
            }
            en_free(file);
        }
        en_names_free(&names);
    }
    en_free(path);
}

static en_status settle_one(en_lab *lab, const en_catalog_running *run, en_error *err)
{
    char *folder = en_run_folder(run->name);
    if (folder == NULL) {
        return en_error_nomem(err, "a path");
    }
    en_status st = EN_OK;
    if (!en_hold_taken(lab, folder)) {
        remove_parts(lab, folder);
        st = en_catalog_run_end(lab->catalog, run->id, "interrupted", run->epochs, run->best_epoch, run->seconds, err);
        if (st == EN_OK) {
            en_event_note(&lab->events, "run '%s' was cut off after epoch %lld: it is marked interrupted", run->name,
                          (long long)run->epochs);
        }
    }
    en_free(folder);
    return st;
}

static en_status settle_all(en_lab *lab, en_error *err)
{
    en_catalog_runnings running;
    en_status st = en_catalog_runs_running(lab->catalog, &running, err);
    for (size_t i = 0; st == EN_OK && i < running.count; i++) {
        st = settle_one(lab, &running.row[i], err);
    }
    en_catalog_runnings_clear(&running);
    return st;
}

/* Whoever trains holds the folder before its row says running and until after it says otherwise; so inside a
 * transaction, where no row changes, an unheld folder of a running run is that of a dead process. */
en_status en_runs_settle(en_lab *lab, en_error *err)
{
    en_catalog_runnings running;
    en_status st = en_catalog_runs_running(lab->catalog, &running, err);
    bool any = st == EN_OK && running.count > 0;
    en_catalog_runnings_clear(&running);
    if (!any) {
        return st;
    }
    st = en_catalog_begin(lab->catalog, err);
    if (st == EN_OK) {
        st = settle_all(lab, err);
        st = st == EN_OK ? en_catalog_commit(lab->catalog, err) : st;
    }
    if (st != EN_OK) {
        en_catalog_rollback(lab->catalog);
    }
    return st;
}
