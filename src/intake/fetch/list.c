/* Looking through archives and folders for photographs. Uses archive and POSIX folders. */
#include "intake/fetch/list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/charset.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "image/decode.h"
#include "intake/fetch/archives.h"

#define FOLDERS_DEEP 64
#define BLOCK ((size_t)64 << 10)
#define TO_SUM (-2) /* a checksum that is to be computed */

bool en_fetch_is_photograph(const char *path)
{
    const char *base = en_path_base(path), *ext = en_path_ext(path);
    static const char *const known[] = {"jpeg", "jpg", "jpe", "jfif", "mpo",   "png",  "tif", "tiff",
                                        "webp", "bmp", "dib", "dcm",  "dicom", "heic", "heif"};
    bool is_known = false;
    for (size_t i = 0; base[0] != '.' && i < sizeof known / sizeof *known; i++) {
        is_known = is_known || strcasecmp(ext, known[i]) == 0;
    }
    return is_known;
}

en_status en_fetch_list_add(en_fetch_list *list, const char *path, int64_t bytes, en_error *err)
{
    en_fetch_item *grown = en_array_grow(list->item, list->count, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    list->item = grown;
    en_fetch_item *item = &list->item[list->count];
    *item = (en_fetch_item){.path = en_strdup(path), .bytes = bytes, .sum = -1, .at = -1};
    if (item->path == NULL) {
        return en_error_nomem(err, "a list of photographs");
    }
    list->count++;
    list->bytes += bytes; /* below the archive's cap, or what is on a disk: no overflow */
    return EN_OK;
}

void en_fetch_list_skip(en_fetch_list *list, const char *path)
{
    size_t used = strlen(list->examples), capacity = sizeof list->examples - used;
    list->skipped++;
    if (strlen(path) + sizeof ", , ..." <= capacity) {
        snprintf(list->examples + used, capacity, "%s%s", used > 0 ? ", " : "", path);
        for (char *c = list->examples + used; *c != '\0'; c++) {
            *c = (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c;
        }
    } else if (capacity > sizeof ", ..." && strcmp(list->examples + (used < 3 ? 0 : used - 3), "...") != 0) {
        snprintf(list->examples + used, capacity, "%s...", used > 0 ? ", " : "");
    }
}

void en_fetch_list_drop_archives(en_fetch_list *list)
{
    for (size_t i = 0; i < list->archives; i++) {
        en_free(list->archive[i].path);
    }
    en_free(list->archive);
    list->archive = NULL;
    list->archives = 0;
}

static en_status add_archive(en_fetch_list *list, const char *path, int64_t bytes, int64_t sum, en_error *err)
{
    en_fetch_inner *grown = en_array_grow(list->archive, list->archives, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    list->archive = grown;
    grown[list->archives] = (en_fetch_inner){.path = en_strdup(path), .bytes = bytes, .sum = sum};
    return grown[list->archives++].path != NULL ? EN_OK : en_error_nomem(err, "a list of archives");
}

void en_fetch_list_clear(en_fetch_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        en_free(list->item[i].path);
        en_free(list->item[i].file);
        en_free(list->item[i].damage);
        en_free(list->item[i].recognised);
    }
    for (size_t i = 0; i < list->repeats; i++) {
        en_free(list->repeated[i]);
    }
    en_fetch_list_drop_archives(list);
    en_free(list->repeated);
    en_free(list->item);
    *list = (en_fetch_list){0};
}

static int by_path(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* A file of that name cannot be where others need a folder. */
static en_status refuse_file_as_folder(const char *const *path, size_t count, const char *inside, const char *archive,
                                       en_error *err)
{
    char *above = en_strdup(inside);
    if (above == NULL) {
        return en_error_nomem(err, "a path");
    }
    en_status st = EN_OK;
    for (char *slash = strrchr(above, '/'); slash != NULL && st == EN_OK; slash = strrchr(above, '/')) {
        *slash = '\0';
        if (bsearch(&above, path, count, sizeof *path, by_path) != NULL) {
            st = en_error_set(err, EN_INPUT, "refused '%s': its member '%s' is a photograph and the folder of '%s'",
                              archive, above, inside);
        }
    }
    en_free(above);
    return st;
}

bool en_fetch_list_is_repeated(const en_fetch_list *list, const char *path)
{
    for (size_t i = 0; i < list->repeats; i++) {
        if (strcmp(list->repeated[i], path) == 0) {
            return true;
        }
    }
    return false;
}

/* By path, and of one path in the order of the archive. */
static int by_path_and_place(const void *a, const void *b)
{
    const en_fetch_item *x = *(const en_fetch_item *const *)a, *y = *(const en_fetch_item *const *)b;
    int order = strcmp(x->path, y->path);
    return order != 0 ? order : x < y ? -1 : x > y;
}

static en_status repeat(en_fetch_list *list, en_fetch_item *item, en_error *err)
{
    char **grown = en_array_grow(list->repeated, list->repeats, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    list->repeated = grown;
    grown[list->repeats++] = item->path; /* which marks the item as gone */
    item->path = NULL;
    en_free(item->recognised);
    item->recognised = NULL;
    list->bytes -= item->bytes;
    return EN_OK;
}

/* The photographs by path; en_free. NULL: there is not enough memory. */
static en_fetch_item **sorted_items(en_fetch_list *list)
{
    en_fetch_item **sorted = en_calloc(list->count + 1, sizeof *sorted);
    for (size_t i = 0; sorted != NULL && i < list->count; i++) {
        sorted[i] = &list->item[i];
    }
    if (sorted != NULL) {
        qsort(sorted, list->count, sizeof *sorted, by_path_and_place);
    }
    return sorted;
}

static en_status sum_member(en_archive *archive, int64_t *sum, en_error *err)
{
    uint32_t crc = 0;
    size_t got = 0;
    unsigned char *block = en_alloc(BLOCK);
    en_status st = block != NULL ? EN_OK : en_error_nomem(err, "reading an archive");
    while (st == EN_OK && (st = en_archive_read(archive, block, BLOCK, &got, err)) == EN_OK) {
        crc = en_crc32(crc, block, got);
    }
    en_free(block);
    *sum = (int64_t)crc;
    return st == EN_DONE ? EN_OK : st;
}

/* Members of an archive without a directory of checksums, of which another one has the path and the length, get theirs
 * by being read. */
static en_status sum_repeats(const en_volumes *volumes, const en_archive_caps *caps, en_fetch_list *list, en_error *err)
{
    bool any = false;
    en_archive *archive = NULL;
    const en_member *member;
    en_fetch_item **sorted = sorted_items(list);
    en_status st = sorted != NULL ? EN_OK : en_error_nomem(err, "a list of photographs");
    for (size_t i = 1; st == EN_OK && i < list->count; i++) {
        en_fetch_item *a = sorted[i - 1], *b = sorted[i];
        if (b->sum == -1 && strcmp(a->path, b->path) == 0 && a->bytes == b->bytes) {
            a->sum = b->sum = TO_SUM;
            any = true;
        }
    }
    en_free(sorted);
    if (st == EN_OK && any) {
        st = en_archive_open(volumes, caps, &archive, err);
    }
    for (size_t i = 0; st == EN_OK && any && i < list->count;) {
        st = en_archive_next(archive, &member, err);
        if (st == EN_OK && strcmp(member->path, list->item[i].path) == 0) {
            st = list->item[i].sum == TO_SUM ? sum_member(archive, &list->item[i].sum, err) : EN_OK;
            i++;
        }
    }
    en_archive_free(archive);
    return st == EN_DONE ? en_error_set(err, EN_INPUT, "'%s' changed while it was read", volumes->path) : st;
}

/* A member that comes again with the same length and checksum is one file, as a tool that appends to an archive leaves
 * it: it is taken once. */
static en_status drop_repeats(en_fetch_list *list, en_error *err)
{
    en_fetch_item **sorted = sorted_items(list);
    en_status st = sorted != NULL ? EN_OK : en_error_nomem(err, "a list of photographs");
    for (size_t i = 1, first = 0; st == EN_OK && i < list->count; i++) {
        const en_fetch_item *one = sorted[first];
        bool same = strcmp(one->path, sorted[i]->path) == 0;
        if (same && one->sum >= 0 && one->sum == sorted[i]->sum && one->bytes == sorted[i]->bytes &&
            one->damage == NULL && sorted[i]->damage == NULL) {
            st = repeat(list, sorted[i], err);
        } else if (!same) {
            first = i;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; st == EN_OK && i < list->count; i++) {
        if (list->item[i].path != NULL) {
            list->item[kept++] = list->item[i];
        }
    }
    list->count = st == EN_OK ? kept : list->count;
    en_free(sorted);
    return st;
}

/* Members of one path would overwrite each other, and one that is the folder of another cannot be written: which of
 * them is meant cannot be known. */
static en_status refuse_clashes(const en_fetch_list *list, const char *archive, en_error *err)
{
    const char **path = en_calloc(list->count + 1, sizeof *path);
    if (path == NULL) {
        return en_error_nomem(err, "a list of photographs");
    }
    for (size_t i = 0; i < list->count; i++) {
        path[i] = list->item[i].path;
    }
    qsort(path, list->count, sizeof *path, by_path);
    en_status st = EN_OK;
    for (size_t i = 1; i < list->count && st == EN_OK; i++) {
        if (strcmp(path[i - 1], path[i]) == 0) {
            st = en_error_set(err, EN_INPUT, "refused '%s': it contains '%s' twice", archive, path[i]);
        }
    }
    for (size_t i = 0; i < list->count && st == EN_OK; i++) {
        st = refuse_file_as_folder(path, list->count, path[i], archive, err);
    }
    en_free(path);
    return st;
}

/* NULL stays NULL. */
static bool copy_text(char **to, const char *from)
{
    *to = from != NULL ? en_strdup(from) : NULL;
    return from == NULL || *to != NULL;
}

static en_status add_member(en_fetch_list *list, const en_member *member, const char *archive, en_error *err)
{
    if (member->bytes > EN_FETCH_PHOTOGRAPH_CAP) {
        return en_error_set(err, EN_INPUT, "refused '%s': its member '%s' unpacks to more than 1 GiB", archive,
                            member->path);
    }
    en_status st = en_fetch_list_add(list, member->path, member->bytes, err);
    if (st != EN_OK) {
        return st;
    }
    en_fetch_item *item = &list->item[list->count - 1];
    item->sum = member->crc32;
    item->at = member->at;
    item->left = member->damage != NULL;
    item->method = member->damage != NULL && member->method;
    bool kept = copy_text(&item->damage, member->damage) && copy_text(&item->recognised, member->recognised);
    return kept ? EN_OK : en_error_nomem(err, "a list of photographs");
}

static en_status list_archive(const en_volumes *volumes, const en_archive_caps *how, en_fetch_list *list, en_error *err)
{
    en_archive *archive = NULL;
    const en_member *member;
    en_archive_caps caps = *how;
    const en_events *events = caps.events;
    caps.member_bytes = EN_FETCH_MEMBER_CAP;
    caps.total_bytes = list->total_cap;
    caps.encoding = list->encoding;
    en_status st = en_archive_open(volumes, &caps, &archive, err);
    while (st == EN_OK) {
        st = en_archive_next(archive, &member, err);
        if (st == EN_OK && en_fetch_is_photograph(member->path)) {
            st = add_member(list, member, volumes->path, err);
        } else if (st == EN_OK && en_fetch_has_archive(member->path)) {
            st = add_archive(list, member->path, member->bytes, member->crc32, err);
        } else if (st == EN_OK) {
            en_fetch_list_skip(list, member->path);
        }
        if (st == EN_OK) {
            st = en_stop_check(events, err);
        }
    }
    if (st == EN_DONE && !en_archive_is_ended(archive)) {
        en_event_warn(events, "'%s' has not the block of zeros that ends a tar: it may be cut short", volumes->path);
    }
    en_archive_free(archive);
    st = st == EN_DONE ? sum_repeats(volumes, &caps, list, err) : st;
    st = st == EN_OK ? drop_repeats(list, err) : st;
    return st == EN_OK ? refuse_clashes(list, volumes->path, err) : st;
}

en_status en_fetch_list_archive(const en_volumes *volumes, const en_events *events, en_fetch_list *list, en_error *err)
{
    return list_archive(volumes, &(en_archive_caps){.events = events}, list, err);
}

en_status en_fetch_list_names(const en_volumes *volumes, const en_events *events, en_fetch_list *list, en_error *err)
{
    return list_archive(volumes, &(en_archive_caps){.events = events, .names_only = true}, list, err);
}

typedef struct walk {
    const char *root;
    const en_events *events;
    en_fetch_list *list;
} walk;

int64_t en_fetch_mtime_ns(const struct stat *s) { return (int64_t)s->st_mtim.tv_sec * 1000000000 + s->st_mtim.tv_nsec; }

static en_status look_into(const walk *w, const char *below, unsigned depth, en_error *err);

/* A name on the disk as UTF-8, by the encoding that was given, or as it is recognised. */
static en_status name_file(const en_fetch_list *list, const char *path, en_buf *name, en_buf *recognised, en_error *err)
{
    size_t size = strlen(path);
    en_buf_init(name, 4 * size + 1);
    en_buf_init(recognised, 4 * size + 1);
    en_status st = en_charset_to_utf8(path, size, NULL, recognised, err);
    if (st != EN_OK || list->encoding == NULL || en_charset_is_utf8(path, size)) {
        return st == EN_OK ? en_buf_text(name, en_buf_str(recognised), err) : st;
    }
    st = en_charset_to_utf8(path, size, list->encoding, name, err);
    if (st == EN_INPUT) {
        en_error_prefix(err, "the name '%s'", en_buf_str(recognised));
    }
    return st;
}

/* A file of a folder. Its path on the disk is kept beside a name that became UTF-8. */
static en_status add_named(en_fetch_list *list, const char *path, const char *name, const char *recognised,
                           const struct stat *s, bool linked, en_error *err)
{
    if (en_archive_check_path(name, NULL) != EN_OK) {
        en_fetch_list_skip(list, name);
        return EN_OK;
    }
    en_status st = en_fetch_list_add(list, name, s->st_size, err);
    if (st != EN_OK) {
        return st;
    }
    en_fetch_item *item = &list->item[list->count - 1];
    item->mtime_ns = en_fetch_mtime_ns(s);
    item->linked = linked;
    bool kept = copy_text(&item->file, strcmp(name, path) != 0 ? path : NULL) &&
                copy_text(&item->recognised, strcmp(name, recognised) != 0 ? recognised : NULL);
    return kept ? EN_OK : en_error_nomem(err, "a list of photographs");
}

static en_status add_file(en_fetch_list *list, const char *path, const struct stat *s, bool linked, en_error *err)
{
    en_buf name, recognised;
    en_status st = name_file(list, path, &name, &recognised, err);
    if (st == EN_OK) {
        st = add_named(list, path, en_buf_str(&name), en_buf_str(&recognised), s, linked, err);
    }
    en_buf_clear(&name);
    en_buf_clear(&recognised);
    return st;
}

/* One name of a folder; `path` is relative to the root. Links to files are followed, as snapshots of data sets are made
 * of them; those to folders are not, which may lead round in a circle. */
/* Whether a file begins as a photograph does, whatever it is called. One that cannot be read is not. */
static bool begins_as_photograph(const char *whole, const char *path)
{
    enum { HEAD = 512 };
    uint8_t head[HEAD];
    int fd = en_path_base(path)[0] != '.' ? open(whole, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
    ssize_t got = fd >= 0 ? read(fd, head, sizeof head) : 0;
    if (fd >= 0) {
        close(fd);
    }
    return got > 0 && en_format_of(head, (size_t)got) != EN_FORMAT_NONE;
}

static en_status look_at(const walk *w, const char *path, unsigned depth, en_error *err)
{
    struct stat s;
    char *whole = en_path_join(w->root, path);
    if (whole == NULL) {
        return en_error_nomem(err, "a path");
    }
    en_status st = en_stop_check(w->events, err);
    if (st != EN_OK) {
        goto done;
    }
    bool linked = false;
    if (lstat(whole, &s) != 0) {
        st = en_error_errno(err, "cannot read '%s'", whole);
        goto done;
    }
    if (S_ISLNK(s.st_mode) && !w->list->no_follow) {
        struct stat target;
        linked = stat(whole, &target) == 0 && S_ISREG(target.st_mode);
        s = linked ? target : s;
    }
    if (S_ISDIR(s.st_mode) && depth < FOLDERS_DEEP) {
        st = look_into(w, path, depth + 1, err);
    } else if (S_ISREG(s.st_mode) && en_fetch_is_photograph(path)) {
        st = add_file(w->list, path, &s, linked, err);
    } else if (S_ISREG(s.st_mode) && en_fetch_may_be_archive(path)) {
        st = add_archive(w->list, path, s.st_size, -1, err);
    } else if (S_ISREG(s.st_mode) && begins_as_photograph(whole, path)) {
        st = add_file(w->list, path, &s, linked, err);
    } else {
        en_fetch_list_skip(w->list, path);
    }
done:
    en_free(whole);
    return st;
}

static en_status look_into(const walk *w, const char *below, unsigned depth, en_error *err)
{
    en_names names = {0};
    char *folder = below[0] == '\0' ? en_strdup(w->root) : en_path_join(w->root, below);
    if (folder == NULL) {
        return en_error_nomem(err, "a path");
    }
    en_status st = access(folder, R_OK | X_OK) != 0 && errno == EACCES
                       ? en_error_set(err, EN_INPUT, "cannot read folder '%s': permission denied", folder)
                       : en_file_list(folder, &names, err);
    for (size_t i = 0; st == EN_OK && i < names.count; i++) {
        char *path = below[0] == '\0' ? en_strdup(names.name[i]) : en_path_join(below, names.name[i]);
        st = path != NULL ? look_at(w, path, depth, err) : en_error_nomem(err, "a path");
        en_free(path);
    }
    en_names_free(&names);
    en_free(folder);
    return st;
}

en_status en_fetch_list_folder(const char *folder, const en_events *events, en_fetch_list *list, en_error *err)
{
    return look_into(&(walk){.root = folder, .events = events, .list = list}, "", 0, err);
}
