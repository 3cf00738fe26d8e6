/* Which image a label file means: by the longest suffix of its path that is one image's. Uses db. */
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "catalog/image.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

enum { SHOWN = 3 }; /* candidates that an error names */

/* An image of the name. */
typedef struct candidate {
    int64_t id;
    char *name, *path, *dataset; /* path: in the project; NULL: listed. dataset: NULL: none */
    en_rejection reason;
} candidate;
static const en_row_column candidate_columns[] = {
    {"image_id", EN_COL(candidate, id)},
    {"name", EN_COL_IS(candidate, name, EN_RULE_TEXT)},
    {"path", EN_COL_MAY(candidate, path, EN_RULE_PATH)},
    {"dataset", EN_COL(candidate, dataset)},
    {"reason", EN_COL_WORD(candidate, reason, en_rejections)},
};
static const en_row_type candidate_type = EN_ROW_TYPE(candidate, candidate_columns);

static const char *path_of(const candidate *k)
{
    if (k->path == NULL) {
        return k->name;
    }
    const char *first = strchr(k->path, '/'), *second = first != NULL ? strchr(first + 1, '/') : NULL;
    return second != NULL ? second + 1 : k->path; /* behind "photos/7/" */
}

static bool is_slash(char c) { return c == '/' || c == '\\'; }

/* How many last parts two paths share, without their extensions. */
static size_t parts_shared(const char *a, const char *b)
{
    size_t i = en_catalog_stem_length(a), j = en_catalog_stem_length(b), shared = 0;
    while (i > 0 && j > 0) {
        size_t n = 0;
        while (n < i && n < j && !is_slash(a[i - n - 1]) && a[i - n - 1] == b[j - n - 1]) {
            n++;
        }
        bool ends = (n == i || is_slash(a[i - n - 1])) && (n == j || is_slash(b[j - n - 1]));
        if (n == 0 || !ends) {
            break;
        }
        shared++;
        i -= n < i ? n + 1 : n;
        j -= n < j ? n + 1 : n;
    }
    return shared;
}

/* Whether a folder, or several ("set/train"), is among those of a path. */
static bool is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    while (length > 0 && is_slash(folder[length - 1])) {
        length--;
    }
    for (const char *at = path; length > 0;) {
        if (strncmp(at, folder, length) == 0 && at[length] == '/') {
            return true;
        }
        at = strchr(at, '/');
        if (at == NULL) {
            return false;
        }
        at++;
    }
    return false;
}

static en_status refuse_many(const en_catalog_wanted *wanted, const candidate *all, size_t count, en_error *err)
{
    en_buf list;
    en_buf_init(&list, 2000);
    for (size_t i = 0; i < count && i < SHOWN; i++) { /* a list too long for the line is simply cut */
        (void)!en_buf_printf(&list, NULL, "%s'%s'", i > 0 ? ", " : "", path_of(&all[i]));
        if (all[i].dataset != NULL) {
            (void)!en_buf_printf(&list, NULL, " of dataset '%s'", all[i].dataset);
        }
    }
    en_status st = en_error_hint(err,
                                 en_error_set(err, EN_INPUT, "'%s' may be any of %zu images: %s%s", wanted->path, count,
                                              en_buf_str(&list), count > SHOWN ? ", ..." : ""),
                                 "name the dataset with --dataset NAME, or the folder with --folder NAME");
    en_buf_clear(&list);
    return st;
}

/* Moves the best candidates to the front and returns their number. A copy of another photograph is not meant when there
 * is one that is none. */
static size_t keep_best(const en_catalog_wanted *wanted, candidate *all, size_t count)
{
    size_t best = 0, kept = 0;
    bool copies = true;
    for (size_t i = 0; i < count; i++) {
        size_t shared = parts_shared(path_of(&all[i]), wanted->path);
        bool is_copy = all[i].reason == EN_REJECTED_DUPLICATE;
        if (shared == 0 || (wanted->folder != NULL && !is_below(path_of(&all[i]), wanted->folder)) || shared < best ||
            (shared == best && is_copy && !copies)) {
            continue;
        }
        if (shared > best || (copies && !is_copy)) {
            kept = 0;
            copies = is_copy;
        }
        best = shared;
        candidate first = all[kept];
        all[kept++] = all[i];
        all[i] = first;
    }
    return kept;
}

en_status en_catalog_image_match(en_catalog *c, const en_catalog_wanted *wanted, int64_t *id, en_error *err)
{
    en_catalog_name name;
    en_stmt *s;
    void *rows = NULL;
    size_t count = 0;
    *id = -1;
    en_status st = en_catalog_name_parse(wanted->path, &name, err);
    if (st == EN_OK) {
        st = en_db_prepare(c->db, EN_SQL_IMAGE_NAMED, &s, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "stem", name.name);
    en_stmt_bind_id(s, "dataset_id", wanted->dataset_id);
    st = en_rows_read(s, &candidate_type, &rows, &count, err);
    if (st == EN_OK) {
        candidate *all = rows;
        size_t kept = keep_best(wanted, all, count);
        st = kept == 0 ? EN_DONE : kept == 1 ? EN_OK : refuse_many(wanted, all, kept, err);
        *id = kept == 1 ? all[0].id : -1;
    }
    en_rows_clear(&candidate_type, rows, count);
    return st;
}
