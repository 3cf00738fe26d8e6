/* The trash of runs. */
#include "project/run_trash.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/run_ensemble.h"
#include "project/folder_lock.h"

void en_runs_gone_clear(en_runs_gone *gone)
{
    en_free(gone->row);
    *gone = (en_runs_gone){0};
}

static en_status add_row(en_runs_gone *out, const en_catalog_removed *row, en_error *err)
{
    en_run_gone *grown = en_realloc(out->row, out->count + 1, sizeof *out->row);
    if (grown == NULL) {
        return en_error_nomem(err, "a list of runs");
    }
    out->row = grown;
    en_run_gone *r = &out->row[out->count++];
    *r = (en_run_gone){.state = row->state};
    (void)snprintf(r->run, sizeof r->run, "%s", row->run);
    (void)snprintf(r->uuid, sizeof r->uuid, "%s", row->uuid);
    (void)snprintf(r->folder, sizeof r->folder, EN_RUNS_DIR "/%s", row->folder);
    (void)snprintf(r->repeated_by, sizeof r->repeated_by, "%s", row->repeated_by != NULL ? row->repeated_by : "");
    (void)snprintf(r->removed_at, sizeof r->removed_at, "%s", row->removed_at != NULL ? row->removed_at : "");
    return EN_OK;
}

/* Whether eyenet wrote it: weights, state, exports, a report, or what was on its way to one of them. */
static bool is_ours(const char *name)
{
    return en_starts_with(name, "model.") || en_starts_with(name, "last.") || en_starts_with(name, "report.html") ||
           en_starts_with(name, "report.md") || en_starts_with(name, "report.json");
}

/* What a finished run has no use for: the state, which a kill may have left, and what was never written to its end. */
static bool is_left_over(const char *name) { return en_starts_with(name, "last.") || strstr(name, ".part-") != NULL; }

/* Counts the files of the folder, and deletes those that `goes` is true of. A symbolic link is deleted, not followed.
 */
static en_status sweep(const char *folder, bool (*goes)(const char *), bool delete, en_run_gone *r, en_error *err)
{
    en_names names = {0};
    if (!en_file_is_dir(folder)) {
        return EN_OK;
    }
    en_status st = en_file_list(folder, &names, err);
    for (size_t i = 0; st == EN_OK && i < names.count; i++) {
        struct stat s;
        char *path = en_path_join(folder, names.name[i]);
        if (path == NULL) {
            st = en_error_nomem(err, "a path");
        } else if (lstat(path, &s) != 0) {
            st = errno == ENOENT ? EN_OK : en_error_errno(err, "cannot look at '%s'", path);
        } else if (S_ISDIR(s.st_mode) || !goes(names.name[i])) {
            r->files_left++;
        } else if (delete &&unlink(path) != 0 && errno != ENOENT) {
            st = en_error_errno(err, "cannot delete '%s'", path);
        } else {
            r->files++;
            r->bytes += S_ISREG(s.st_mode) ? (int64_t)s.st_size : 0;
        }
        en_free(path);
    }
    en_names_free(&names);
    if (st == EN_OK && delete &&r->files_left == 0 && rmdir(folder) != 0 && errno != ENOENT && errno != ENOTEMPTY) {
        st = en_error_errno(err, "cannot delete '%s'", folder);
    }
    return st;
}

static en_status sweep_folder(const en_project *project, const en_catalog_removed *row, bool delete, en_run_gone *r,
                              en_error *err)
{
    bool (*const goes)(const char *) = row->removed_at != NULL ? is_ours : is_left_over;
    char *relative = NULL, *folder = NULL;
    if (row->shared) { /* the files are another run's */
        return EN_OK;
    }
    en_status st = en_run_folder(row->folder, &relative, err);
    if (st == EN_OK && en_folder_locked(project, relative)) {
        st = en_error_set(err, EN_BUSY, "another process works in '%s'", relative);
    }
    if (st == EN_OK) {
        st = en_project_path(project, relative, &folder, err);
    }
    if (st == EN_OK) {
        st = sweep(folder, goes, delete, r, err);
    }
    en_free(relative);
    en_free(folder);
    return st;
}

/* An ensemble needs its members: none goes before it. removed: of those in the trash, which can be restored. */
static en_status check_member(en_project *project, int64_t run_id, const char *name, bool removed, en_error *err)
{
    char *ensemble = NULL;
    en_status st = en_catalog_ensemble_of(project->catalog, run_id, removed, &ensemble, err);
    if (st == EN_OK) {
        st = en_error_hint(
            err,
            en_error_set(err, EN_INPUT, "run '%s' is a member of the %sensemble '%s'", name, removed ? "removed " : "",
                         ensemble),
            removed ? "delete that first: eyenet runs gc '%s'" : "remove that first: eyenet runs rm '%s'", ensemble);
    }
    en_free(ensemble);
    return st == EN_DONE ? EN_OK : st;
}

static en_status remove_one(en_project *project, const char *name, en_runs_gone *out, en_error *err)
{
    en_catalog_run run;
    en_catalog_removed_list list = {0};
    en_status st = en_catalog_run_get(project->catalog, name, &run, err);
    if (st != EN_OK) {
        return st;
    }
    if (run.state == EN_RUN_RUNNING) {
        st = en_error_hint(err, en_error_set(err, EN_BUSY, "run '%s' is being trained", run.name),
                           "stop it first, with Ctrl-C or kill");
    }
    if (st == EN_OK) {
        st = check_member(project, run.id, run.name, false, err);
    }
    if (st == EN_OK) {
        st = en_catalog_run_remove(project->catalog, run.id, err);
    }
    if (st == EN_OK) {
        st = en_catalog_runs_removed(project->catalog, run.uuid, &list, err);
    }
    if (st == EN_OK) {
        st = add_row(out, &list.row[0], err);
    }
    if (st == EN_OK) {
        st = sweep_folder(project, &list.row[0], false, &out->row[out->count - 1], err);
    }
    en_catalog_removed_clear(&list);
    en_catalog_run_clear(&run);
    return st;
}

en_status en_runs_remove(en_project *project, const char *const *run, size_t count, en_runs_gone *out, en_error *err)
{
    *out = (en_runs_gone){0};
    en_status st = en_catalog_begin(project->catalog, err);
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        st = remove_one(project, run[i], out, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(project->catalog);
    }
    return st;
}

/* The one removed run that is meant. */
static en_status find_one(en_project *project, const char *name, en_catalog_removed_list *list, en_error *err)
{
    en_status st = en_catalog_runs_removed(project->catalog, name, list, err);
    if (st == EN_OK && list->count > 1) {
        char uuids[256] = "";
        for (size_t i = 0; i < list->count; i++) {
            const size_t used = strlen(uuids);
            (void)snprintf(uuids + used, sizeof uuids - used, "%s%s", i > 0 ? ", " : "", list->row[i].uuid);
        }
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "%zu removed runs can be meant by '%s'", list->count, name),
                           "give the beginning of its uuid: %s", uuids);
    }
    return st;
}

/* An ensemble is restored after its members. */
static en_status check_members(en_project *project, int64_t run_id, const char *name, en_error *err)
{
    char *member = NULL;
    en_status st = en_catalog_ensemble_lacks(project->catalog, run_id, &member, err);
    if (st == EN_OK) {
        st = en_error_hint(
            err, en_error_set(err, EN_INPUT, "run '%s', a member of the ensemble '%s', was removed", member, name),
            "restore that first: eyenet runs restore '%s'", member);
    }
    en_free(member);
    return st == EN_DONE ? EN_OK : st;
}

en_status en_run_restore(en_project *project, const char *run, const char *name, en_runs_gone *out, en_error *err)
{
    *out = (en_runs_gone){0};
    en_catalog_removed_list list;
    en_status st = name != NULL ? en_catalog_run_name_check(name, err) : EN_OK;
    if (st != EN_OK) {
        return st;
    }
    st = find_one(project, run, &list, err);
    if (st == EN_OK && list.row[0].run[0] == '@' && name == NULL) { /* of an earlier version */
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "'%s' cannot name a run: '@' begins an alias", list.row[0].run),
                           "restore it under another one with --name");
    }
    if (st == EN_OK) {
        st = check_members(project, list.row[0].id, list.row[0].run, err);
    }
    if (st == EN_OK) {
        st = en_catalog_run_restore(project->catalog, list.row[0].id, name != NULL ? name : list.row[0].run, err);
        if (st == EN_INPUT) {
            st = en_error_hint(err, st, "restore it under another one with --name");
        }
    }
    if (st == EN_OK) {
        st = add_row(out, &list.row[0], err);
    }
    if (st == EN_OK) {
        en_run_gone *r = &out->row[0];
        r->removed_at[0] = '\0';
        (void)snprintf(r->run, sizeof r->run, "%s", name != NULL ? name : list.row[0].run);
        st = sweep_folder(project, &list.row[0], false, r, err);
    }
    en_catalog_removed_clear(&list);
    return st;
}

static en_status delete_rows(en_project *project, const en_catalog_removed_list *list, bool dry_run, en_runs_gone *out,
                             en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < list->count; i++) {
        st = en_stop_check(&project->events, err);
        if (st == EN_OK && list->count == 1) { /* of several the ensembles are the first */
            st = check_member(project, list->row[i].id, list->row[i].run, true, err);
        }
        if (st == EN_OK) {
            st = add_row(out, &list->row[i], err);
        }
        if (st == EN_OK) {
            st = sweep_folder(project, &list->row[i], !dry_run, &out->row[out->count - 1], err);
        }
        if (st == EN_OK && !dry_run) {
            st = en_catalog_run_delete(project->catalog, list->row[i].id, err);
        }
    }
    return st;
}

/* Only runs of which there is something. */
static en_status delete_left_over(en_project *project, bool dry_run, en_runs_gone *out, en_error *err)
{
    en_catalog_removed_list list;
    en_status st = en_catalog_runs_finished(project->catalog, &list, err);
    for (size_t i = 0; st == EN_OK && i < list.count; i++) {
        st = add_row(out, &list.row[i], err);
        if (st == EN_OK) {
            st = sweep_folder(project, &list.row[i], !dry_run, &out->row[out->count - 1], err);
            out->count -= out->row[out->count - 1].files == 0;
        }
    }
    en_catalog_removed_clear(&list);
    return st;
}

en_status en_runs_delete(en_project *project, const char *const *run, size_t count, bool dry_run, en_runs_gone *out,
                         en_error *err)
{
    *out = (en_runs_gone){0};
    en_catalog_removed_list list = {0};
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < count; i++) { /* all of them are there, before the first one goes */
        st = find_one(project, run[i], &list, err);
        en_catalog_removed_clear(&list);
    }
    for (size_t i = 0; st == EN_OK && i < (count > 0 ? count : 1); i++) {
        st = en_catalog_runs_removed(project->catalog, count > 0 ? run[i] : NULL, &list, err);
        if (st == EN_OK) {
            st = delete_rows(project, &list, dry_run, out, err);
        }
        en_catalog_removed_clear(&list);
    }
    return st == EN_OK && count == 0 ? delete_left_over(project, dry_run, out, err) : st;
}
