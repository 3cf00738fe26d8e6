/* Archives inside of archives. One pass through the outer one: the files of each inner one are written as they come,
 * and once the last of them is there, it is fetched and removed. Uses archive and POSIX files. */
#include "intake/fetch/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "archive/reader.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "catalog/source.h"
#include "intake/fetch/archives.h"
#include "intake/fetch/download.h"

#define SEPARATOR "!/"
#define WARNINGS_MOST 3
#define BUDGET_LEAST ((int64_t)64 << 20)

/* One inner archive: a file, or volumes. */
typedef struct inner {
    char *key;
    const en_fetch_inner *first;
    size_t files, seen;
    int64_t bytes;
    char *uri, *folder;
    char etag[EN_SHA256_HEX];
    bool summed; /* all files have checksums */
    bool here;   /* was fetched, and nothing is missing */
    bool bad;    /* a file of it did not come out */
} inner;

typedef struct pass {
    en_fetch_job *job;
    en_fetch_result *all;
    en_fetch_budget *budget;
    unsigned depth;
    char *scratch;
    inner *item;
    size_t count;
    int further;     /* errors after the first */
    en_status first; /* error, with `err` */
    en_error *err;
    bool whole;
} pass;

char *en_fetch_outer_uri(const char *uri)
{
    const char *at = strstr(uri, SEPARATOR);
    return at != NULL && at != uri ? en_strndup(uri, (size_t)(at - uri)) : NULL;
}

/* What is wrong with one archive costs only that. */
static en_status report(pass *p, const en_error *why)
{
    p->whole = false;
    if (why->status != EN_INPUT) {
        return en_error_copy(p->err, why);
    }
    if (p->first == EN_OK) {
        p->first = en_error_copy(p->err, why);
    } else if (++p->further <= WARNINGS_MOST) {
        en_event_warn(&p->job->project->events, "%s", why->text);
    }
    return EN_OK;
}

/* Photographs of the outer archive and of those inside of it. */
static int64_t so_far(const pass *p) { return p->job->result->photographs + p->all->photographs; }

/* Groups
 * -------------------------------------------------------------------------------------------------------------*/

static int by_key(const void *a, const void *b)
{
    const inner *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    unsigned n = en_volume_number(x->first->path), m = en_volume_number(y->first->path);
    return order != 0 ? order : n != m ? (n > m) - (n < m) : strcmp(x->first->path, y->first->path);
}

/* One for each key, in place. */
static void join_volumes(pass *p)
{
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++) {
        inner *last = count > 0 ? &p->item[count - 1] : NULL, one = p->item[i];
        if (last == NULL || strcmp(last->key, one.key) != 0) {
            p->item[count++] = one;
            continue;
        }
        last->files++;
        last->bytes += one.bytes;
        last->summed = last->summed && one.summed;
        en_free(one.key);
    }
    p->count = count;
}

static en_status find_inner(pass *p, en_error *err)
{
    const en_fetch_list *list = &p->job->list;
    p->item = en_calloc(list->archives + 1, sizeof *p->item);
    if (p->item == NULL) {
        return en_error_nomem(err, "a list of archives");
    }
    for (size_t i = 0; i < list->archives; i++) {
        const en_fetch_inner *file = &list->archive[i];
        p->item[i] = (inner){.key = en_fetch_archive_key(file->path),
                             .first = file,
                             .files = 1,
                             .bytes = file->bytes,
                             .summed = file->sum >= 0};
        p->count++;
        if (p->item[i].key == NULL) {
            return en_error_nomem(err, "a list of archives");
        }
    }
    qsort(p->item, p->count, sizeof *p->item, by_key);
    join_volumes(p);
    for (size_t i = 0; i < p->count; i++) {
        inner *one = &p->item[i];
        one->uri = en_format("%s" SEPARATOR "%s", p->job->origin.uri, one->first->path);
        one->folder = en_format("%s/%zu", p->scratch, i);
        if (one->uri == NULL || one->folder == NULL) {
            return en_error_nomem(err, "a path");
        }
    }
    return EN_OK;
}

/* The outer directory says by lengths and checksums what is in an archive. */
static en_status make_etag(const pass *p, inner *one, en_error *err)
{
    en_buf text;
    en_buf_init(&text, (size_t)1 << 20);
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && one->summed && i < p->job->list.archives; i++) {
        const en_fetch_inner *file = &p->job->list.archive[i];
        char *key = en_fetch_archive_key(file->path);
        if (key == NULL || strcmp(key, one->key) == 0) {
            st = key != NULL ? en_buf_printf(&text, err, "%s %lld %lld\n", file->path, (long long)file->bytes,
                                             (long long)file->sum)
                             : en_error_nomem(err, "a name");
        }
        en_free(key);
    }
    if (st == EN_OK && one->summed) {
        st = en_sha256_bytes(en_buf_str(&text), text.size, one->etag, err);
    }
    en_buf_clear(&text);
    return st;
}

/* An archive that was fetched, and is the same, need not come out again. */
static en_status look_whether_here(pass *p, inner *one, en_error *err)
{
    en_catalog_source row = {0};
    en_fetch_result result = {0};
    en_status st = make_etag(p, one, err);
    st = st == EN_OK ? en_catalog_source_find(p->job->project->catalog, one->uri, &row, err) : st;
    bool same = st == EN_OK && row.state == EN_SOURCE_WHOLE && one->summed && row.etag != NULL &&
                strcmp(row.etag, one->etag) == 0 && !p->job->options->force;
    if (same) {
        st = en_fetch_all_here(p->job->project, row.id, &result, err);
        one->here = st == EN_OK && result.unchanged;
    }
    if (one->here) {
        result.sources = 1;
        result.form = EN_FETCH_ARCHIVE;
        result.volumes = (int64_t)one->files;
        en_fetch_add_result(p->all, &result);
    }
    en_catalog_source_clear(&row);
    return st == EN_DONE ? EN_OK : st;
}

/* Coming out --------------------------------------------------------------------------------------------------------*/

static inner *inner_of(const pass *p, const char *path)
{
    char *key = en_fetch_archive_key(path);
    inner *found = NULL;
    for (size_t i = 0; key != NULL && found == NULL && i < p->count; i++) {
        found = strcmp(p->item[i].key, key) == 0 ? &p->item[i] : NULL;
    }
    en_free(key);
    return found;
}

/* The formats of archives, but for plain tar, have checksums of their own, by which one photograph is told from the
 * others: a file whose checksum is wrong is looked into all the same. */
static en_status check_sum(const pass *p, const en_member *member, uint32_t crc, en_error *err)
{
    if (member->crc32 < 0 || member->crc32 == (int64_t)crc) {
        return EN_OK;
    }
    if (strcasecmp(en_path_ext(member->path), "tar") == 0 || en_volume_number(member->path) > 0) {
        return en_error_set(err, EN_INPUT, "the archive '%s' in '%s' is damaged: its CRC-32 is %08x, not %08x",
                            member->path, p->job->origin.shown, crc, (unsigned)member->crc32);
    }
    en_event_warn(&p->job->project->events, "the archive '%s' in '%s' is damaged: each of its photographs is checked",
                  member->path, p->job->origin.shown);
    return EN_OK;
}

static en_status write_file(pass *p, en_archive *archive, const en_member *member, int fd, const char *path,
                            en_error *err)
{
    int64_t at = 0;
    uint32_t crc = 0;
    en_status st = EN_OK;
    while (st == EN_OK) {
        size_t got = 0;
        st = en_archive_read(archive, p->job->block, EN_FETCH_BLOCK, &got, err);
        if (st == EN_OK) {
            crc = en_crc32(crc, p->job->block, got);
            st = en_fd_write(fd, path, p->job->block, got, at, err);
            at += (int64_t)got;
        }
        st = st == EN_OK ? en_stop_check(&p->job->project->events, err) : st;
    }
    return st == EN_DONE ? check_sum(p, member, crc, err) : st;
}

/* One file of an inner archive comes out into its folder. */
static en_status bring_out(pass *p, inner *one, en_archive *archive, const en_member *member, en_error *err)
{
    char *path = en_path_join(one->folder, en_path_base(member->path));
    int fd = -1;
    en_status st = path != NULL ? en_file_mkdirs(one->folder, err) : en_error_nomem(err, "a path");
    if (st == EN_OK && member->bytes > p->budget->bytes) {
        st = en_error_set(err, EN_INPUT, "refused '%s': archives in it unpack to more than %d times its size",
                          p->job->origin.shown, EN_FETCH_INNER_RATIO);
    }
    if (st == EN_OK) {
        p->budget->bytes -= member->bytes;
        st = en_file_check_space(p->scratch, member->bytes, err);
    }
    if (st == EN_OK) {
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        st = fd >= 0           ? write_file(p, archive, member, fd, path, err)
             : errno == EEXIST ? en_error_set(err, EN_INPUT, "refused '%s': it contains '%s' twice",
                                              p->job->origin.shown, member->path)
                               : en_error_errno(err, "cannot write '%s'", path);
    }
    if (fd >= 0 && close(fd) != 0 && st == EN_OK) {
        st = en_error_errno(err, "cannot write '%s'", path);
    }
    en_free(path);
    return st;
}

/* All files of it are there. */
static en_status fetch_inner(pass *p, inner *one, en_error *err)
{
    en_fetch_options options = *p->job->options;
    const en_fetch_inside inside = {
        .uri = one->uri, .etag = one->summed ? one->etag : NULL, .depth = p->depth, .budget = p->budget};
    char *path = en_path_join(one->folder, en_path_base(one->first->path));
    int64_t unwanted = p->all->unwanted;
    options.source = path;
    options.sha256 = NULL;
    options.head = options.head > 0 ? options.head - so_far(p) : 0;
    en_event_note(&p->job->project->events, "'%s'", one->uri);
    en_status st =
        path != NULL ? en_fetch_run_part(p->job, &options, &inside, p->all, err) : en_error_nomem(err, "a path");
    p->whole = p->whole && p->all->unwanted == unwanted;
    en_free(path);
    return st;
}

static en_status take_file(pass *p, en_archive *archive, const en_member *member)
{
    en_error why = {0};
    inner *one = inner_of(p, member->path);
    if (one == NULL || one->here || one->bad) {
        return EN_OK;
    }
    if (p->job->options->head > 0 && so_far(p) >= p->job->options->head) {
        p->whole = false;
        return EN_OK;
    }
    en_status st = member->damage == NULL ? bring_out(p, one, archive, member, &why)
                                          : en_error_set(&why, EN_INPUT, "the archive '%s' in '%s' is damaged: %s",
                                                         member->path, p->job->origin.shown, member->damage);
    one->bad = st != EN_OK;
    if (st == EN_OK && ++one->seen == one->files) {
        st = fetch_inner(p, one, &why);
    }
    if (one->bad || one->seen == one->files) {
        en_status removed = en_file_remove_tree(one->folder, NULL);
        p->whole = p->whole && removed == EN_OK;
    }
    return st == EN_OK ? EN_OK : report(p, &why);
}

static en_status pass_through(pass *p, const en_volumes *v, en_error *err)
{
    const en_archive_caps caps = {.events = &p->job->project->events,
                                  .member_bytes = EN_FETCH_MEMBER_CAP,
                                  .total_bytes = p->job->list.total_cap,
                                  .encoding = p->job->list.encoding,
                                  .unchecked = true};
    en_archive *archive = NULL;
    const en_member *member;
    en_status st = en_archive_open(v, &caps, &archive, err);
    while (st == EN_OK && (st = en_archive_next(archive, &member, err)) == EN_OK) {
        if (en_fetch_has_archive(member->path)) {
            st = take_file(p, archive, member);
        }
    }
    en_archive_free(archive);
    return st == EN_DONE ? EN_OK : st;
}

static en_status check_depth(const pass *p, en_error *err)
{
    if (p->depth > EN_FETCH_DEEP) {
        return en_error_set(err, EN_INPUT, "refused '%s': archives in it are more than %d deep in one another",
                            p->job->origin.shown, EN_FETCH_DEEP);
    }
    p->budget->archives -= (int64_t)p->count;
    return p->budget->archives >= 0 ? EN_OK
                                    : en_error_set(err, EN_INPUT, "refused '%s': there are more than %d archives in it",
                                                   p->job->origin.shown, EN_FETCH_INNER_MOST);
}

static en_status run_inner(pass *p, en_error *err)
{
    bool any = false;
    en_status st = en_file_remove_tree(p->scratch, err); /* what a killed fetch left */
    st = st == EN_OK ? find_inner(p, err) : st;
    st = st == EN_OK ? check_depth(p, err) : st;
    for (size_t i = 0; st == EN_OK && i < p->count; i++) {
        st = look_whether_here(p, &p->item[i], err);
        any = any || !p->item[i].here;
    }
    if (st == EN_OK && any && p->job->options->dry_run) {
        en_event_note(&p->job->project->events, "archives in '%s' were not looked into", p->job->origin.shown);
        for (size_t i = 0; i < p->count; i++) {
            p->all->needed += p->item[i].here ? 0 : p->item[i].bytes;
        }
        any = false;
    }
    if (st == EN_OK && any) {
        st = pass_through(p, p->job->files.volumes, err);
    }
    return st;
}

en_status en_fetch_inside_run(en_fetch_job *job, en_fetch_result *all, bool *whole, en_error *err)
{
    const int64_t size = job->files.volumes->bytes;
    en_fetch_budget own = {.archives = EN_FETCH_INNER_MOST,
                           .bytes = size < INT64_MAX / EN_FETCH_INNER_RATIO ? size * EN_FETCH_INNER_RATIO : INT64_MAX};
    own.bytes = own.bytes < BUDGET_LEAST ? BUDGET_LEAST : own.bytes;
    pass p = {.job = job, .all = all, .err = err, .whole = true};
    p.budget = job->inside != NULL ? job->inside->budget : &own;
    p.depth = job->inside != NULL ? job->inside->depth + 1 : 1;
    char key[EN_SHA256_HEX], *relative = NULL;
    en_status st = en_sha256_bytes(job->origin.uri, strlen(job->origin.uri), key, err);
    if (st == EN_OK) {
        relative = en_format(EN_DOWNLOADS_DIR "/%.16s-inside", key);
        st =
            relative != NULL ? en_project_path(job->project, relative, &p.scratch, err) : en_error_nomem(err, "a path");
    }
    if (st == EN_OK) {
        st = run_inner(&p, err);
    }
    if (p.further > WARNINGS_MOST) {
        en_event_warn(&job->project->events, "%d further archives in '%s' could not be read", p.further - WARNINGS_MOST,
                      job->origin.shown);
    }
    if (p.scratch != NULL && en_file_remove_tree(p.scratch, NULL) != EN_OK) {
        en_event_warn(&job->project->events, "could not remove '%s'; the next fetch will", p.scratch);
    }
    for (size_t i = 0; i < p.count; i++) {
        en_free(p.item[i].key);
        en_free(p.item[i].uri);
        en_free(p.item[i].folder);
    }
    en_free(p.item);
    en_free(p.scratch);
    en_free(relative);
    *whole = st == EN_OK && p.first == EN_OK && p.whole;
    return st == EN_OK ? p.first : st;
}
