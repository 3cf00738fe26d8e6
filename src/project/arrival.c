/* Files of runs from elsewhere. */
#include "project/arrival.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "db/statements.h"

#define NOTE "arriving-" /* downloads/arriving-FOLDER, which is empty */

/* The file, one that was being written to it, and the folder where nothing else is in it. */
static void remove_files(const char *file)
{
    char *folder = en_strndup(file, (size_t)(en_path_base(file) - file) - 1);
    en_names names = {0};
    if (folder != NULL && en_file_list(folder, &names, NULL) == EN_OK) {
        for (size_t i = 0; i < names.count; i++) {
            const bool ours =
                strcmp(names.name[i], EN_ARRIVAL_FILE) == 0 || en_starts_with(names.name[i], EN_ARRIVAL_FILE ".part-");
            char *path = ours ? en_path_join(folder, names.name[i]) : NULL;
            if (path != NULL) {
                (void)unlink(path);
            }
            en_free(path);
        }
        en_names_free(&names);
        (void)rmdir(folder);
    }
    en_free(folder);
}

static void clear(en_arrival *arrival)
{
    en_folder_lock_release(&arrival->lock);
    en_free(arrival->folder);
    en_free(arrival->note);
    en_free(arrival->file);
    *arrival = (en_arrival){0};
}

static en_status name_places(const en_project *project, const char *folder, en_arrival *a, en_error *err)
{
    en_status st = en_run_folder(folder, &a->folder, err);
    char *note = st == EN_OK ? en_format(EN_DOWNLOADS_DIR "/" NOTE "%s", folder) : NULL;
    char *file = st == EN_OK ? en_path_join(a->folder, EN_ARRIVAL_FILE) : NULL;
    if (st == EN_OK && (note == NULL || file == NULL)) {
        st = en_error_nomem(err, "a path");
    }
    if (st == EN_OK) {
        st = en_project_path(project, note, &a->note, err);
    }
    if (st == EN_OK) {
        st = en_project_path(project, file, &a->file, err);
    }
    en_free(note);
    en_free(file);
    return st;
}

static en_status write_note(const en_project *project, const en_arrival *a, en_error *err)
{
    char *downloads = NULL;
    en_status st = en_project_path(project, EN_DOWNLOADS_DIR, &downloads, err);
    if (st == EN_OK) {
        st = en_file_mkdirs(downloads, err);
    }
    if (st == EN_OK) {
        st = en_file_write(a->note, "", 0, err);
    }
    en_free(downloads);
    return st;
}

en_status en_arrival_begin(en_project *project, const char *folder, en_arrival *arrival, en_error *err)
{
    *arrival = (en_arrival){0};
    en_status st = name_places(project, folder, arrival, err);
    if (st == EN_OK && en_file_exists(arrival->file)) {
        st = en_error_hint(
            err, en_error_set(err, EN_INPUT, "'%s/" EN_ARRIVAL_FILE "' is there, and is of no run", arrival->folder),
            "move it away, or give the run another name");
    }
    if (st == EN_OK) {
        st = write_note(project, arrival, err);
    }
    if (st == EN_OK) {
        st = en_folder_lock_acquire(project, arrival->folder, "another process works in", &arrival->lock, err);
    }
    if (st != EN_OK) {
        clear(arrival);
    }
    return st;
}

void en_arrival_end(en_arrival *arrival, bool committed)
{
    if (arrival->file != NULL && !committed) {
        remove_files(arrival->file);
    }
    if (arrival->note != NULL) {
        (void)unlink(arrival->note);
    }
    clear(arrival);
}

/* Whether a run of the catalog has that folder. */
static en_status is_of_a_run(en_project *project, const char *folder, bool *is, en_error *err)
{
    en_stmt *s;
    int64_t id;
    en_status st = en_db_prepare(en_catalog_db(project->catalog), EN_SQL_RUN_OF_FOLDER, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_text(s, "folder", folder);
        st = en_stmt_number(s, &id, err);
    }
    *is = st == EN_OK;
    return st == EN_DONE ? EN_OK : st;
}

/* An importing process holds the write lock of the catalog until its rows are there, or never will be. */
static en_status settle(en_project *project, const char *folder, en_error *err)
{
    bool is = true;
    en_arrival a = {0};
    en_status st = name_places(project, folder, &a, err);
    if (st == EN_OK && !en_folder_locked(project, a.folder)) {
        st = en_catalog_begin(project->catalog, err);
        if (st == EN_OK) {
            st = is_of_a_run(project, folder, &is, err);
        }
        if (st == EN_OK) {
            en_arrival_end(&a, is);
        }
        en_catalog_rollback(project->catalog);
    }
    clear(&a);
    return st;
}

en_status en_arrivals_recover(en_project *project, en_error *err)
{
    char *downloads = NULL;
    en_names names = {0};
    en_status st = en_project_path(project, EN_DOWNLOADS_DIR, &downloads, err);
    if (st == EN_OK && en_file_is_dir(downloads)) {
        st = en_file_list(downloads, &names, err);
    }
    for (size_t i = 0; st == EN_OK && i < names.count; i++) {
        const char *folder = en_starts_with(names.name[i], NOTE) ? names.name[i] + strlen(NOTE) : "";
        if (en_rule_fault(EN_RULE_FILE_NAME, folder) == NULL) {
            st = settle(project, folder, err);
        }
    }
    en_names_free(&names);
    en_free(downloads);
    return st;
}
