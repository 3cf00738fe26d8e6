/* What a catalog says of the files of its project, and whether a backup has them so. */
#include <string.h>

#include "backup/tree.h"
#include "base/memory.h"
#include "db/row.h"
#include "db/statements.h"

#define NAMED_MOST 10 /* files that are named one by one */

static const en_row_column named_columns[] = {
    {"path", EN_COL(en_backup_named, path)},
    {"bytes", EN_COL(en_backup_named, bytes)},
    {"sha256", EN_COL(en_backup_named, sha256)},
    {"moving", EN_COL(en_backup_named, moving)},
};
static const en_row_type named_type = EN_ROW_TYPE(en_backup_named, named_columns);

en_status en_backup_named_read(const char *folder, bool check, en_backup_named_list *out, en_error *err)
{
    const en_catalog_options options = {.read_only = true, .force_network_fs = true}; /* a copy that is ours alone */
    en_catalog *catalog = NULL;
    en_stmt *s = NULL;
    void *rows = NULL;
    *out = (en_backup_named_list){0};
    en_status st = en_catalog_open(folder, &options, &catalog, err);
    if (st == EN_OK && check) {
        st = en_catalog_check(catalog, err);
    }
    if (st == EN_OK) {
        st = en_db_prepare(en_catalog_db(catalog), EN_SQL_BACKUP_FILES, &s, err);
    }
    if (st == EN_OK) {
        st = en_rows_read(s, &named_type, &rows, &out->count, err);
        out->row = rows;
    }
    en_catalog_close(catalog);
    if (st != EN_OK) {
        en_backup_named_clear(out);
    }
    return st;
}

void en_backup_named_clear(en_backup_named_list *list)
{
    en_rows_clear(&named_type, list->row, list->count);
    *list = (en_backup_named_list){0};
}

static bool is_right(const en_backup_file *f, const en_backup_named *named)
{
    return f != NULL && (named->bytes < 0 || named->bytes == f->bytes) &&
           (named->sha256 == NULL || strcmp(named->sha256, f->sha256) == 0);
}

/* FILE, or FILE.next, which becomes it when the run is next looked at (project/run_weights.h). */
static en_status look(const en_manifest *m, const en_backup_named *named, bool *there, bool *right, en_error *err)
{
    char *next = en_format("%s.next", named->path);
    if (next == NULL) {
        return en_error_nomem(err, "a path");
    }
    const en_backup_file *file = en_manifest_find(m, named->path), *waiting = en_manifest_find(m, next);
    en_free(next);
    *there = file != NULL;
    *right = is_right(file, named) || (named->sha256 != NULL && is_right(waiting, named));
    return EN_OK;
}

en_status en_backup_against(const en_manifest *m, const en_backup_named_list *named, const en_events *events,
                            int64_t *missing, int64_t *changed, en_error *err)
{
    *missing = *changed = 0;
    for (size_t i = 0; i < named->count; i++) {
        bool there = false, right = false;
        en_status st = look(m, &named->row[i], &there, &right, err);
        if (st != EN_OK) {
            return st;
        }
        if (right) {
            continue;
        }
        *missing += !there;
        *changed += there;
        if (*missing + *changed <= NAMED_MOST) {
            en_event_warn(events, "'%s' %s", named->row[i].path,
                          there ? "is not the file that the catalog names" : "is named by the catalog and missing");
        }
    }
    return EN_OK;
}
