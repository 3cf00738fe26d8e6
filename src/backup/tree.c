/* Walking through a project's folders. */
#include "backup/tree.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define DEPTH_MOST 64 /* folders within one another */

const char *const en_backup_folders[] = {EN_MODELS_DIR, EN_PHOTOS_DIR, EN_RUNS_DIR, EN_SAMPLES_DIR, NULL};

/* "NAME.part-PID" of a file that is being written (base/file.h), and the folder of photographs that are being fetched.
 */
static bool is_temporary(const char *name)
{
    const char *part = strstr(name, ".part-");
    const char *rest = part != NULL ? part + strlen(".part-") : "";
    return (rest[0] != '\0' && rest[strspn(rest, "0123456789-")] == '\0') || strcmp(name, ".part-fetch") == 0;
}

static en_status walk(const char *root, const char *relative, int depth, const en_events *events, en_backup_paths *out,
                      en_error *err);

static en_status take(const char *root, const char *relative, int depth, const en_events *events, en_backup_paths *out,
                      en_error *err)
{
    struct stat s;
    char *path = en_path_join(root, relative);
    int rc = path != NULL ? lstat(path, &s) : -1;
    int why = errno;
    en_free(path);
    if (path == NULL) {
        return en_error_nomem(err, "a path");
    }
    if (rc != 0) { /* one that went away meanwhile is not there */
        errno = why;
        return why == ENOENT ? EN_OK : en_error_errno(err, "cannot look at '%s'", relative);
    }
    if (S_ISDIR(s.st_mode)) {
        return walk(root, relative, depth + 1, events, out, err);
    }
    if (!S_ISREG(s.st_mode)) {
        out->other++;
        return EN_OK;
    }
    char **grown = en_array_grow(out->path, out->count, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    out->path = grown;
    out->path[out->count] = en_strdup(relative);
    return out->path[out->count++] != NULL ? EN_OK : en_error_nomem(err, "a path");
}

static en_status walk(const char *root, const char *relative, int depth, const en_events *events, en_backup_paths *out,
                      en_error *err)
{
    struct stat s;
    en_names names = {0};
    en_status st = en_stop_check(events, err);
    char *path = en_path_join(root, relative);
    if (path == NULL) {
        return en_error_nomem(err, "a path");
    }
    if (st == EN_OK && depth > DEPTH_MOST) {
        st = en_error_set(err, EN_INPUT, "'%s' has folders in folders, more than %d deep", relative, DEPTH_MOST);
    }
    if (st == EN_OK && lstat(path, &s) == 0) {
        if (S_ISDIR(s.st_mode)) {
            st = en_file_list(path, &names, err);
        } else {
            out->other++;
        }
    }
    for (size_t i = 0; st == EN_OK && i < names.count; i++) {
        char *inside = is_temporary(names.name[i]) ? NULL : en_path_join(relative, names.name[i]);
        if (inside != NULL) {
            st = take(root, inside, depth, events, out, err);
        }
        en_free(inside);
    }
    en_names_free(&names);
    en_free(path);
    return st;
}

en_status en_backup_walk(const char *root, const en_events *events, en_backup_paths *out, en_error *err)
{
    *out = (en_backup_paths){0};
    en_status st = EN_OK;
    for (const char *const *folder = en_backup_folders; st == EN_OK && *folder != NULL; folder++) {
        st = walk(root, *folder, 1, events, out, err);
    }
    if (st != EN_OK) {
        en_backup_paths_clear(out);
    }
    return st;
}

void en_backup_paths_clear(en_backup_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        en_free(paths->path[i]);
    }
    en_free(paths->path);
    *paths = (en_backup_paths){0};
}
