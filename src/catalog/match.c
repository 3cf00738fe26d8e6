/* Which image a file means: by the longest suffix of its path that is one image's. Uses db. */
#include "catalog/match.h"

#include <search.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/fold.h"
#include "base/memory.h"
#include "catalog/image.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

enum { SHOWN = 3 };                   /* candidates that an error names */
#define FOLDED_MAX ((size_t)64 << 10) /* bytes of a path, folded: of 3 KiB at most (catalog/name.h) */

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

/* As it is, or folded into `buf`. */
static en_status form_of(const char *text, bool fold, en_buf *buf, const char **out, en_error *err)
{
    en_buf_reset(buf);
    *out = text;
    en_status st = fold && text != NULL ? en_fold(text, buf, err) : EN_OK;
    if (fold && text != NULL) {
        *out = en_buf_str(buf);
    }
    return st;
}

/* How a candidate compares with what is wanted: the parts that their paths share; 0: it is not below the folder. */
static en_status compare(const en_catalog_wanted *wanted, const candidate *k, bool fold, size_t *shared, en_error *err)
{
    en_buf text[3];
    const char *path = NULL, *own = NULL, *folder = NULL;
    for (size_t i = 0; i < 3; i++) {
        en_buf_init(&text[i], FOLDED_MAX);
    }
    en_status st = form_of(wanted->path, fold, &text[0], &path, err);
    if (st == EN_OK) {
        st = form_of(path_of(k), fold, &text[1], &own, err);
    }
    if (st == EN_OK) {
        st = form_of(wanted->folder, fold, &text[2], &folder, err);
    }
    if (st == EN_OK) {
        *shared = folder == NULL || is_below(own, folder) ? parts_shared(own, path) : 0;
    }
    for (size_t i = 0; i < 3; i++) {
        en_buf_clear(&text[i]);
    }
    return st;
}

/* Moves the best candidates to the front and counts them. A copy of another photograph is not meant when there is one
 * that is none. */
static en_status keep_best(const en_catalog_wanted *wanted, bool fold, candidate *all, size_t count, size_t *kept,
                           en_error *err)
{
    size_t best = 0;
    bool copies = true;
    *kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t shared = 0;
        bool is_copy = all[i].reason == EN_REJECTED_DUPLICATE;
        en_status st = compare(wanted, &all[i], fold, &shared, err);
        if (st != EN_OK) {
            return st;
        }
        if (shared == 0 || shared < best || (shared == best && is_copy && !copies)) {
            continue;
        }
        if (shared > best || (copies && !is_copy)) {
            *kept = 0;
            copies = is_copy;
        }
        best = shared;
        candidate first = all[*kept];
        all[(*kept)++] = all[i];
        all[i] = first;
    }
    return EN_OK;
}

/* Names in other forms */

/* The names that are the same when folded; the first of them is in a tree (search.h). */
typedef struct form {
    const char *folded; /* the tree's key */
    char *stem, *key;   /* key: of the first only, which has the text of folded */
    struct form *next;
} form;

static int by_folded(const void *a, const void *b)
{
    const form *x = a, *y = b;
    return strcmp(x->folded, y->folded);
}

static void free_forms(void *first)
{
    for (form *f = first, *next; f != NULL; f = next) {
        next = f->next;
        en_free(f->key);
        en_free(f->stem);
        en_free(f);
    }
}

/* Those of a folded name; NULL: there are none. */
static form *find_folded(const en_catalog_matcher *m, const char *folded)
{
    const form key = {.folded = folded};
    form **found = tfind(&key, &m->forms, by_folded);
    return found != NULL ? *found : NULL;
}

static bool has_stem(const form *f, const char *stem)
{
    while (f != NULL && strcmp(f->stem, stem) != 0) {
        f = f->next;
    }
    return f != NULL;
}

static en_status put_form(en_catalog_matcher *m, form *first, const char *folded, const char *stem, en_error *err)
{
    form *added = en_calloc(1, sizeof *added);
    if (added == NULL) {
        return en_error_nomem(err, "names");
    }
    added->stem = en_strdup(stem);
    added->key = first == NULL ? en_strdup(folded) : NULL;
    added->folded = first == NULL ? added->key : first->folded;
    bool whole = added->stem != NULL && added->folded != NULL;
    if (whole && first != NULL) {
        added->next = first->next;
        first->next = added;
    } else if (!whole || tsearch(added, &m->forms, by_folded) == NULL) {
        free_forms(added);
        return en_error_nomem(err, "names");
    }
    return EN_OK;
}

static en_status add_form(en_catalog_matcher *m, const char *stem, en_error *err)
{
    en_buf folded;
    en_buf_init(&folded, FOLDED_MAX);
    en_status st = en_fold(stem, &folded, err);
    form *first = st == EN_OK ? find_folded(m, en_buf_str(&folded)) : NULL;
    if (st == EN_OK && !has_stem(first, stem)) {
        st = put_form(m, first, en_buf_str(&folded), stem, err);
    }
    en_buf_clear(&folded);
    return st;
}

static en_status read_forms(en_catalog_matcher *m, en_error *err)
{
    en_stmt *s;
    en_status st = m->forms == NULL ? en_db_prepare(m->catalog->db, EN_SQL_IMAGE_STEMS, &s, err) : EN_DONE;
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        st = en_stmt_is_null(s, 0) ? EN_OK : add_form(m, en_stmt_text(s, 0), err);
        if (st != EN_OK) {
            en_stmt_reset(s);
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

en_status en_catalog_matcher_add(en_catalog_matcher *m, const char *name, en_error *err)
{
    const char *slash = strrchr(name, '/');
    return m->forms != NULL ? add_form(m, slash != NULL ? slash + 1 : name, err) : EN_OK;
}

void en_catalog_matcher_note(const en_catalog_matcher *m, const en_events *events)
{
    if (m->other_form > 0) {
        en_event_note(
            events, "images found by a name in another Unicode form or case of letters: %lld (the first: '%s' is '%s')",
            (long long)m->other_form, m->first_wanted, m->first_found);
    }
}

void en_catalog_matcher_clear(en_catalog_matcher *m)
{
    tdestroy(m->forms, free_forms);
    *m = (en_catalog_matcher){0};
}

/* Matching */

typedef struct candidates {
    candidate *all;
    size_t count, kept; /* kept: the first so many are meant */
} candidates;

/* The images of a name, appended. */
static en_status add_named(const en_catalog_matcher *m, const en_catalog_wanted *wanted, const char *stem,
                           candidates *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    size_t count = 0, moved = 0;
    en_status st = en_db_prepare(m->catalog->db, EN_SQL_IMAGE_NAMED, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "stem", stem);
    en_stmt_bind_id(s, "dataset_id", wanted->dataset_id);
    st = en_rows_read(s, &candidate_type, &rows, &count, err);
    for (candidate *row = rows; st == EN_OK && moved < count; moved++) {
        candidate *grown = en_array_grow(out->all, out->count, sizeof *grown, err);
        if (grown == NULL) {
            st = EN_NOMEM;
            break;
        }
        out->all = grown;
        grown[out->count++] = row[moved];
        row[moved] = (candidate){0}; /* its texts have moved */
    }
    en_rows_clear(&candidate_type, rows, count);
    return st;
}

/* By the very name. Several that it may be are told apart by other forms of their folders. */
static en_status match_exactly(const en_catalog_matcher *m, const en_catalog_wanted *wanted, const char *stem,
                               candidates *out, bool *other_form, en_error *err)
{
    en_status st = add_named(m, wanted, stem, out, err);
    if (st == EN_OK) {
        st = keep_best(wanted, false, out->all, out->count, &out->kept, err);
    }
    if (st == EN_OK && out->kept > 1) {
        size_t several = out->kept;
        st = keep_best(wanted, true, out->all, several, &out->kept, err);
        *other_form = out->kept == 1;
    }
    return st;
}

static en_status match_folded(en_catalog_matcher *m, const en_catalog_wanted *wanted, const char *stem, candidates *out,
                              bool *other_form, en_error *err)
{
    en_buf folded;
    en_buf_init(&folded, FOLDED_MAX);
    en_rows_clear(&candidate_type, out->all, out->count);
    *out = (candidates){0};
    en_status st = read_forms(m, err);
    if (st == EN_OK) {
        st = en_fold(stem, &folded, err);
    }
    const form *f = st == EN_OK ? find_folded(m, en_buf_str(&folded)) : NULL;
    for (; st == EN_OK && f != NULL; f = f->next) {
        st = add_named(m, wanted, f->stem, out, err);
    }
    en_buf_clear(&folded);
    if (st == EN_OK) {
        st = keep_best(wanted, true, out->all, out->count, &out->kept, err);
        *other_form = out->kept == 1;
    }
    return st;
}

en_status en_catalog_match(en_catalog_matcher *m, const en_catalog_wanted *wanted, int64_t *id, bool *other_form,
                           en_error *err)
{
    en_catalog_name name;
    candidates found = {0};
    bool unused, *other = other_form != NULL ? other_form : &unused;
    *id = -1;
    *other = false;
    en_status st = en_catalog_name_parse(wanted->path, &name, err);
    if (st == EN_OK) {
        st = match_exactly(m, wanted, name.name, &found, other, err);
    }
    if (st == EN_OK && found.kept == 0) {
        st = match_folded(m, wanted, name.name, &found, other, err);
    }
    if (st == EN_OK) {
        st = found.kept == 0 ? EN_DONE : found.kept == 1 ? EN_OK : refuse_many(wanted, found.all, found.kept, err);
        *id = found.kept == 1 ? found.all[0].id : -1;
    }
    if (st == EN_OK && *other && m->other_form++ == 0) {
        (void)snprintf(m->first_wanted, sizeof m->first_wanted, "%s", wanted->path);
        (void)snprintf(m->first_found, sizeof m->first_found, "%s", path_of(&found.all[0]));
    }
    en_rows_clear(&candidate_type, found.all, found.count);
    return st;
}
