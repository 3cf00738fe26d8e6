/* Marks runs whose folder is no longer locked as interrupted. */
#include "project/recover.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/run.h"
#include "project/folder_lock.h"

/* Files that were being written ("NAME.part-PID", base/file.h). */
static void remove_parts(const en_project *project, const char *folder)
{
    en_names names = {0};
    char *path;
    if (en_project_path(project, folder, &path, NULL) == EN_OK && en_file_list(path, &names, NULL) == EN_OK) {
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

static en_status settle_one(en_project *project, const en_catalog_running *run, en_error *err)
{
    char *folder;
    en_status st = en_run_folder(run->folder, &folder, err);
    if (st == EN_OK && !en_folder_locked(project, folder)) {
        remove_parts(project, folder);
        st = en_catalog_run_end(project->catalog, run->id, EN_RUN_INTERRUPTED, run->epochs, run->best_epoch,
                                run->seconds, err);
        if (st == EN_OK) {
            en_event_note(&project->events, "run '%s' was killed after epoch %lld and is now marked interrupted",
                          run->name, (long long)run->epochs);
        }
    }
    en_free(folder);
    return st;
}

static en_status settle_all(en_project *project, en_error *err)
{
    en_catalog_runnings running;
    en_status st = en_catalog_runs_running(project->catalog, &running, err);
    for (size_t i = 0; st == EN_OK && i < running.count; i++) {
        st = settle_one(project, &running.row[i], err);
    }
    en_catalog_runnings_clear(&running);
    return st;
}

/* A training process locks the folder before its row becomes running and unlocks it after the row has another state.
 * Inside a transaction, where no row changes, an unlocked folder of a running run therefore belongs to a dead process.
 */
en_status en_runs_recover(en_project *project, en_error *err)
{
    en_catalog_runnings running;
    en_status st = en_catalog_runs_running(project->catalog, &running, err);
    bool any = st == EN_OK && running.count > 0;
    en_catalog_runnings_clear(&running);
    if (!any) {
        return st;
    }
    st = en_catalog_begin(project->catalog, err);
    if (st == EN_OK) {
        st = settle_all(project, err);
        st = st == EN_OK ? en_catalog_commit(project->catalog, err) : st;
    }
    if (st != EN_OK) {
        en_catalog_rollback(project->catalog);
    }
    return st;
}
