/* The files of a project that are backed up, and what the catalog says of them. For the files of this folder alone. */
#ifndef EN_BACKUP_TREE_H
#define EN_BACKUP_TREE_H

#include "backup/manifest.h"

/* The folders of a project that are backed up; ends with NULL. */
extern const char *const en_backup_folders[];

typedef struct en_backup_paths {
    char **path; /* in the project */
    size_t count;
    int64_t other; /* links, devices, pipes and sockets, which are left out */
} en_backup_paths;
/* All regular files beneath the folders, without those that are being written. */
en_status en_backup_walk(const char *root, const en_events *events, en_backup_paths *out, en_error *err) EN_CHECKED;
void en_backup_paths_clear(en_backup_paths *paths);

/* A file that the catalog names. */
typedef struct en_backup_named {
    char *path, *sha256; /* sha256 NULL: not known */
    int64_t bytes;       /* -1: not known */
    bool moving;         /* the run that writes it is training */
} en_backup_named;
typedef struct en_backup_named_list {
    en_backup_named *row;
    size_t count;
} en_backup_named_list;
/* Of the catalog in a folder, by path. With `check`, the catalog is first checked as SQLite does. */
en_status en_backup_named_read(const char *folder, bool check, en_backup_named_list *out, en_error *err) EN_CHECKED;
void en_backup_named_clear(en_backup_named_list *list);
/* Counts the named files that a manifest does not have (missing) or has otherwise (changed), and names the first few in
 * warnings. */
en_status en_backup_against(const en_manifest *m, const en_backup_named_list *named, const en_events *events,
                            int64_t *missing, int64_t *changed, en_error *err) EN_CHECKED;

#endif
