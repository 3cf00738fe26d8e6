/* Archives among the files of a folder. Uses archive. */
#include "intake/fetch/archives.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"

static bool ends_with_any(const char *name, size_t length, const char *const *ends)
{
    for (; *ends != NULL; ends++) {
        size_t tail = strlen(*ends);
        if (length > tail && strncasecmp(name + length - tail, *ends, tail) == 0) {
            return true;
        }
    }
    return false;
}

bool en_fetch_is_archive(const char *name)
{
    static const char *const ends[] = {".zip",     ".tar",  ".tar.gz", ".tgz",     ".7z",   ".tar.xz",
                                       ".tar.bz2", ".tbz2", ".txz",    ".tar.zst", ".tzst", NULL};
    return ends_with_any(name, strlen(name) - (en_volume_number(name) > 0 ? 4 : 0), ends);
}

bool en_fetch_is_zipped_text(const char *name)
{
    static const char *const ends[] = {".csv.zip", ".json.zip", ".txt.zip", ".tsv.zip", ".pdf.zip", ".md.zip", NULL};
    return ends_with_any(name, strlen(name), ends);
}

bool en_fetch_has_archive(const char *name)
{
    return en_path_base(name)[0] != '.' && !en_fetch_is_zipped_text(name) &&
           (en_volume_is_split(name) || en_fetch_is_archive(name));
}

bool en_fetch_may_be_archive(const char *name)
{
    return en_fetch_has_archive(name) || (en_path_base(name)[0] != '.' && en_volume_number(name) > 0);
}

char *en_fetch_archive_key(const char *name)
{
    size_t length = strlen(name);
    const char *ext = en_path_ext(name);
    return en_volume_number(name) > 0 ? en_strndup(name, length - 4)
           : en_volume_is_split(name)
               ? en_format("%.*s%s", (int)(length - strlen(ext)), name, ext[0] == 'Z' ? "ZIP" : "zip")
               : en_strdup(name);
}

/* A file that may belong to an archive. */
typedef struct piece {
    const char *path; /* below the root */
    char *key;        /* the archive's: "train.zip" for train.zip.001 and train.z01 */
    unsigned number;  /* of a raw volume, or 0 */
    int64_t bytes;
} piece;

static int by_key(const void *a, const void *b)
{
    const piece *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order != 0               ? order
           : x->number != y->number ? (x->number > y->number) - (x->number < y->number)
                                    : strcmp(x->path, y->path);
}

/* Whether the sequence of files begins as an archive. */
static bool begins_as_archive(const char *path)
{
    en_volumes v = {0};
    en_volume_stream *stream = NULL;
    unsigned char head[512];
    size_t got = 0;
    bool known = en_volumes_find(path, &v, NULL) == EN_OK && en_volume_stream_open(&v, &stream, NULL) == EN_OK &&
                 en_volume_stream_read(stream, head, sizeof head, &got, NULL) == EN_OK && en_archive_known(head, got);
    en_volume_stream_close(stream);
    en_volumes_clear(&v);
    return known;
}

static int by_name_and_size(const void *a, const void *b)
{
    const en_fetch_item *x = *(en_fetch_item *const *)a, *y = *(en_fetch_item *const *)b;
    int order = strcmp(en_path_base(x->path), en_path_base(y->path));
    return order != 0 ? order : (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

/* Whether every photograph of the archive is among the files of the folder, by name and size. */
static bool is_unpacked(const en_fetch_job *job, en_fetch_item *const *sorted, const char *path)
{
    en_volumes v = {0};
    en_fetch_list list = {.encoding = job->list.encoding};
    bool all = job->list.count > 0 && en_volumes_find(path, &v, NULL) == EN_OK &&
               en_fetch_list_names(&v, &job->project->events, &list, NULL) == EN_OK && list.count > 0;
    for (size_t i = 0; all && i < list.count; i++) {
        const en_fetch_item *item = &list.item[i];
        all = bsearch(&item, sorted, job->list.count, sizeof *sorted, by_name_and_size) != NULL;
    }
    en_fetch_list_clear(&list);
    en_volumes_clear(&v);
    return all;
}

/* One source, by the first of its files; `name` is that below the root. */
static en_status add_source(en_fetch_job *job, en_fetch_item *const *sorted, const char *root, const char *name,
                            en_error *err)
{
    char *path = en_path_join(root, name);
    en_status st = path != NULL ? EN_OK : en_error_nomem(err, "a path");
    if (st == EN_OK && !en_fetch_is_archive(name) && !en_volume_is_split(name) && !begins_as_archive(path)) {
        en_fetch_list_skip(&job->list, name);
    } else if (st == EN_OK && is_unpacked(job, sorted, path)) {
        en_event_note(&job->project->events, "left out '%s': its photographs are in the folder, unpacked", name);
    } else if (st == EN_OK) {
        st = en_fetch_add_part(job, path, err);
    }
    en_free(path);
    return st;
}

/* The files of one key: raw volumes, and the archive itself, with or without the volumes of a split zip. */
static en_status add_key(en_fetch_job *job, en_fetch_item *const *sorted, const char *root, const piece *p,
                         size_t count, en_error *err)
{
    const piece *whole = NULL, *split = NULL, *volume = NULL;
    int64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        const bool raw = p[i].number > 0, same = strcmp(p[i].path, p[i].key) == 0;
        whole = same ? &p[i] : whole;
        split = !raw && !same && split == NULL ? &p[i] : split;
        volume = raw && volume == NULL ? &p[i] : volume;
        bytes += raw ? p[i].bytes : 0;
    }
    const piece *one = whole != NULL ? whole : split;
    en_status st = one != NULL ? add_source(job, sorted, root, one->path, err) : EN_OK;
    if (st != EN_OK || volume == NULL) {
        return st;
    }
    if (whole != NULL && split == NULL && whole->bytes == bytes) {
        en_event_note(&job->project->events, "left out the volumes of '%s': it is there as a whole", whole->path);
        return EN_OK;
    }
    return add_source(job, sorted, root, volume->path, err);
}

en_status en_fetch_add_archives(en_fetch_job *job, const char *root, en_error *err)
{
    en_fetch_list *list = &job->list;
    size_t count = 0, photographs = list->count;
    piece *all = en_calloc(list->archives + 1, sizeof *all);
    en_fetch_item **sorted = en_calloc(photographs + 1, sizeof *sorted);
    en_status st = all != NULL && sorted != NULL ? EN_OK : en_error_nomem(err, "a list of archives");
    for (size_t i = 0; st == EN_OK && i < photographs; i++) {
        sorted[i] = &list->item[i];
    }
    if (st == EN_OK) {
        qsort(sorted, photographs, sizeof *sorted, by_name_and_size);
    }
    for (; st == EN_OK && count < list->archives; count++) {
        const en_fetch_inner *file = &list->archive[count];
        all[count] = (piece){.path = file->path,
                             .key = en_fetch_archive_key(file->path),
                             .number = en_volume_number(file->path),
                             .bytes = file->bytes};
        st = all[count].key != NULL ? EN_OK : en_error_nomem(err, "a list of archives");
    }
    if (st == EN_OK) {
        qsort(all, count, sizeof *all, by_key);
    }
    for (size_t i = 0, next; st == EN_OK && i < count; i = next) {
        for (next = i + 1; next < count && strcmp(all[next].key, all[i].key) == 0; next++) {
        }
        st = add_key(job, sorted, root, &all[i], next - i, err);
        st = st == EN_OK ? en_stop_check(&job->project->events, err) : st;
    }
    for (size_t i = 0; i < count; i++) {
        en_free(all[i].key);
    }
    en_free(all);
    en_free(sorted);
    en_fetch_list_drop_archives(list);
    return st;
}
