/* Remote zips by pieces. Uses net and archive. */
#include "intake/fetch/members.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "archive/zipdir.h"
#include "base/file.h"
#include "base/memory.h"
#include "catalog/fetched.h"
#include "intake/fetch/sequence.h"
#include "intake/fetch/stray.h"
#include "net/range.h"

#define MEMBERS_MOST 1000000
#define LOT_BYTES ((int64_t)256 << 20) /* of members that are here at a time, on the disk */
#define PIECE ((size_t)8 << 20)        /* of a request for members, in memory */
#define DIRECTORY_CAP ((size_t)1 << 30)

struct en_fetch_members {
    en_fetch_job *job;
    en_fetch_download *d; /* borrowed */
    en_http *http;
    char *url;              /* of the volume, when no places are given */
    en_http_ranges *volume; /* [volumes.count] */
    en_http_place place;    /* the one asked for last: who gave it may look at it until the next */
    size_t current;         /* its volume; none: SIZE_MAX */
    en_volumes volumes;
    unsigned char *end; /* the last bytes of the whole, as they were read once: from end_at on */
    int64_t end_at;
    en_zip_directory zip;
    char *identities, *file;
    size_t closing; /* the volume that is the last of a split zip, train.zip; 0: there is none such, or not yet */
    bool doubtful;  /* whether the last volume is the last is seen only when all of them come */
};

en_status en_fetch_members_wanted(const en_fetch_job *job, const en_fetch_download *d, bool *wanted, en_error *err)
{
    const en_fetch_options *o = job->options;
    en_catalog_source row = {0};
    en_catalog_members members = {0};
    bool chosen = o->only != NULL || o->patients != NULL || o->head > 0;
    *wanted = o->dry_run || (chosen && !en_file_exists(d->folder));
    if (*wanted || o->sha256 != NULL || o->force || en_file_exists(d->folder)) {
        *wanted = *wanted && o->sha256 == NULL;
        return EN_OK;
    }
    en_status st = en_catalog_source_find(job->project->catalog, d->uri, &row, err);
    if (st == EN_OK && row.state != EN_SOURCE_WHOLE) {
        st = en_catalog_members_of(job->project->catalog, row.id, &members, err);
        *wanted = st == EN_OK && members.count > 0;
    }
    en_catalog_members_clear(&members);
    en_catalog_source_clear(&row);
    return st == EN_DONE ? EN_OK : st;
}

/* Volumes ---------------------------------------------------------------------------------------------------------- */

/* The name of volume `index` (0, 1, ...); en_free. */
static char *volume_name(const en_fetch_members *m, size_t index)
{
    const char *name = m->d->name;
    return index == 0            ? en_strdup(name)
           : index == m->closing ? en_fetch_volume_name(name, 0)
                                 : en_fetch_volume_name(name, (unsigned)index + 1);
}

/* Sets m->place to that of volume `index`; EN_DONE when there are no more. */
static en_status locate(en_fetch_members *m, size_t index, en_error *err)
{
    const en_fetch_download *d = m->d;
    unsigned number = (unsigned)index + 1;
    m->current = SIZE_MAX;
    m->place = (en_http_place){0};
    if (d->places.place != NULL) {
        return d->places.place(d->places.ctx, number, &m->place, err);
    }
    if (index > 0 && !en_fetch_is_volume(d->name)) {
        return EN_DONE;
    }
    char *name = volume_name(m, index);
    char *url = index > 0 && name != NULL ? en_http_with_file_name(d->url, name) : en_strdup(d->url);
    en_free(name);
    en_free(m->url);
    m->url = url;
    m->place.url = url;
    return url != NULL ? EN_OK : en_error_nomem(err, "a URL");
}

static en_status add_volume(en_fetch_members *m, en_http_ranges *r, const char *name, en_error *err)
{
    size_t count = m->volumes.count;
    en_volume *items = en_array_grow(m->volumes.item, count, sizeof *items, err);
    m->volumes.item = items != NULL ? items : m->volumes.item;
    en_http_ranges *volumes = items != NULL ? en_array_grow(m->volume, count, sizeof *volumes, err) : NULL;
    if (volumes == NULL) {
        return EN_NOMEM;
    }
    m->volume = volumes;
    items[count] = (en_volume){.path = en_strdup(name), .bytes = r->total};
    volumes[count] = *r;
    *r = (en_http_ranges){0};
    m->volumes.count++;
    m->volumes.bytes += items[count].bytes;
    return items[count].path != NULL ? EN_OK : en_error_nomem(err, "a name");
}

/* Whether no further volume is needed where the server denies it, as some do with what they do not have. */
static bool is_end(const en_http_ranges *r, size_t index, en_status st)
{
    return index > 0 && ((st == EN_INPUT && (r->status == 404 || r->status == 410)) || st == EN_DENIED);
}

/* Whether what the server sends for volume `index` is something that it sends for every name. One that sends pieces of
 * the volumes before does not send a page in pieces. An ETag may be made of date and length alone, as nginx does, and
 * be that of every volume: what is the first again must begin like it, too. */
static bool is_stray(const en_fetch_members *m, const en_http_ranges *r, const unsigned char head[4], size_t index,
                     en_status st)
{
    if (index == 0 || m->d->places.place != NULL || (st != EN_OK && st != EN_DONE)) {
        return false;
    }
    bool split = en_volume_is_split(m->d->name); /* of which volumes may have any length */
    bool same = !split && r->total == m->volume[0].total && memcmp(head, "PK\3\4", 4) == 0 &&
                strcmp(r->identity.etag, m->volume[0].identity.etag) == 0;
    return st == EN_DONE || same || (!split && en_fetch_ends_short(&m->volumes));
}

/* Opens the next volume; *more when there may be another. EN_DONE: the file cannot be looked into; its length, where
 * that is known, is in *bytes. */
static en_status find_volume(en_fetch_members *m, int64_t *bytes, bool *more, en_error *err)
{
    const en_fetch_download *d = m->d;
    size_t index = m->volumes.count;
    bool open_end = m->closing == 0 && d->places.place == NULL;
    unsigned char head[4];
    en_http_ranges r = {0};
    en_status st = locate(m, index, err);
    if (st == EN_DONE) {
        *more = false;
        return EN_OK;
    }
    char *name = volume_name(m, index);
    st = st == EN_OK ? en_http_ranges_open(&r, m->http, &m->place, head, err) : st;
    bool stray = open_end && is_stray(m, &r, head, index, st);
    if (stray || (open_end && is_end(&r, index, st))) {
        en_error_clear(err);
        m->doubtful = m->doubtful || stray;
        *more = en_volume_is_split(d->name); /* then the last one is left */
        m->closing = *more ? index : 0;
        st = EN_OK;
    } else if (st == EN_DONE || (st == EN_OK && index == 0 && memcmp(head, "PK", 2) != 0)) {
        *bytes = st == EN_OK && !en_fetch_is_volume(d->name) ? r.total : -1;
        st = EN_DONE;
    } else if (st == EN_OK) {
        st = name != NULL ? add_volume(m, &r, name, err) : en_error_nomem(err, "a name");
        *more = index == 0 || index != m->closing;
    }
    en_http_ranges_close(&r);
    en_free(name);
    return st;
}

static en_status find_volumes(en_fetch_members *m, int64_t *bytes, en_error *err)
{
    bool more = true;
    en_status st = EN_OK;
    while (st == EN_OK && more && m->volumes.count < EN_VOLUMES_MAX) {
        st = find_volume(m, bytes, &more, err);
    }
    return st;
}

/* Bytes of one volume. Places last until the next is asked for, so that they are asked for again when the volume is
 * another. */
static en_status read_volume(en_fetch_members *m, size_t index, int64_t from, void *data, size_t bytes, en_error *err)
{
    en_http_ranges *r = &m->volume[index];
    int64_t before = r->moved;
    en_status st = EN_OK;
    if (m->current != index) {
        st = locate(m, index, err);
        r->place = m->place;
        m->current = index;
    }
    st = st == EN_OK ? en_http_ranges_read(r, from, data, bytes, err) : st;
    m->job->result->downloaded += r->moved - before;
    return st;
}

static en_status read_whole(en_fetch_members *m, int64_t at, void *data, size_t bytes, en_error *err)
{
    en_status st = EN_OK;
    int64_t start = 0;
    for (size_t i = 0; st == EN_OK && bytes > 0 && i < m->volumes.count; start += m->volumes.item[i++].bytes) {
        int64_t left = start + m->volumes.item[i].bytes - at;
        size_t some = left <= 0 ? 0 : (int64_t)bytes < left ? bytes : (size_t)left;
        st = some > 0 ? read_volume(m, i, at - start, data, some, err) : EN_OK;
        data = (unsigned char *)data + some;
        bytes -= some;
        at += (int64_t)some;
    }
    return st;
}

/* For the reader of the directory, which reads backwards from the end: nothing is asked for twice. */
static en_status read_end(void *ctx, int64_t at, void *data, size_t bytes, en_error *err)
{
    en_fetch_members *m = ctx;
    if (at < m->end_at && at + (int64_t)bytes < m->end_at && m->end_at < m->volumes.bytes) {
        return read_whole(m, at, data, bytes, err); /* the first bytes of all */
    }
    if (at < m->end_at) {
        size_t more = (size_t)(m->end_at - at), have = (size_t)(m->volumes.bytes - m->end_at);
        unsigned char *grown = en_alloc(more + have + 1);
        if (grown == NULL) {
            return en_error_nomem(err, "a directory");
        }
        en_status st = read_whole(m, at, grown, more, err);
        if (st != EN_OK) {
            en_free(grown);
            return st;
        }
        if (have > 0) {
            memcpy(grown + more, m->end, have);
        }
        en_free(m->end);
        m->end = grown;
        m->end_at = at;
    }
    memcpy(data, m->end + (at - m->end_at), bytes);
    return EN_OK;
}

/* The directory ---------------------------------------------------------------------------------------------------- */

static en_status note_identities(en_fetch_members *m, en_error *err)
{
    en_buf lines;
    en_buf_init(&lines, (size_t)EN_VOLUMES_MAX * (EN_HTTP_VALIDATOR + 1));
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < m->volumes.count; i++) {
        const en_http_identity *id = &m->volume[i].identity;
        st = en_buf_printf(&lines, err, "%s%s", i > 0 ? "\n" : "", id->etag[0] != '\0' ? id->etag : id->last_modified);
    }
    m->identities = st == EN_OK ? en_strdup(en_buf_str(&lines)) : NULL;
    en_buf_clear(&lines);
    return st == EN_OK && m->identities == NULL ? en_error_nomem(err, "a list of identities") : st;
}

static en_status read_directory(en_fetch_members *m, en_error *err)
{
    m->volumes.path = en_fetch_whole_name(m->d->name);
    m->volumes.read = read_end;
    m->volumes.ctx = m;
    m->end_at = m->volumes.bytes;
    en_status st = m->volumes.path != NULL ? en_zip_directory_read(&m->volumes, MEMBERS_MOST, &m->zip, err)
                                           : en_error_nomem(err, "a name");
    if (st == EN_INPUT && m->doubtful) {
        en_error_clear(err);
        return EN_DONE;
    }
    return st == EN_OK ? note_identities(m, err) : st;
}

en_status en_fetch_members_open(en_fetch_job *job, en_fetch_download *d, en_source_kind kind, int64_t *bytes,
                                en_error *err)
{
    en_fetch_members *m = en_calloc(1, sizeof *m);
    *bytes = -1;
    if (m == NULL) {
        return en_error_nomem(err, "fetching");
    }
    *m = (en_fetch_members){.job = job, .d = d};
    job->members = m;
    en_status st = en_http_new(&job->options->http, &job->project->events, &m->http, err);
    st = st == EN_OK ? find_volumes(m, bytes, err) : st;
    st = st == EN_OK ? read_directory(m, err) : st;
    if (st == EN_OK) {
        job->origin = (en_fetch_origin){.uri = d->uri, .kind = kind, .etag = m->identities, .shown = d->uri};
        job->files = (en_fetch_local){.volumes = &m->volumes, .name = d->name, .archive = true};
        job->result->volumes = (int64_t)m->volumes.count;
        job->result->form = EN_FETCH_ARCHIVE;
    } else {
        en_fetch_members_close(job);
    }
    return st;
}

void en_fetch_members_close(en_fetch_job *job)
{
    en_fetch_members *m = job->members;
    if (m == NULL) {
        return;
    }
    for (size_t i = 0; i < m->volumes.count; i++) {
        en_http_ranges_close(&m->volume[i]);
    }
    if (m->file != NULL) {
        (void)unlink(m->file);
    }
    en_http_free(m->http);
    en_free(m->volume);
    en_volumes_clear(&m->volumes);
    en_zip_directory_clear(&m->zip);
    en_free(m->end);
    en_free(m->url);
    en_free(m->identities);
    en_free(m->file);
    en_free(m);
    job->members = NULL;
}

en_status en_fetch_members_list(en_fetch_job *job, en_error *err)
{
    return en_fetch_list_names(&job->members->volumes, &job->project->events, &job->list, err);
}

/* Members ---------------------------------------------------------------------------------------------------------- */

static size_t entry_at(const en_zip_directory *zip, int64_t at)
{
    size_t low = 0, high = zip->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zip->entry[middle].at < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < zip->count && zip->entry[low].at == at ? low : zip->count;
}

/* Chooses the next lot from item `*next` on: fills at[] with places in the zip that is made of it, -1 for others.
 * Returns its bytes without the directory. */
static int64_t choose_lot(en_fetch_members *m, size_t *next, int64_t *at)
{
    en_fetch_list *list = &m->job->list;
    int64_t bytes = 0;
    for (size_t i = 0; i < list->count; i++) {
        list->item[i].apart = true;
    }
    for (size_t i = 0; i < m->zip.count; i++) {
        at[i] = -1;
    }
    for (; *next < list->count && bytes < LOT_BYTES; (*next)++) {
        en_fetch_item *item = &list->item[*next];
        size_t e = item->here || item->left ? m->zip.count : entry_at(&m->zip, item->at);
        if (e < m->zip.count) {
            item->apart = false;
            at[e] = 0;
            bytes += en_zip_entry_end(&m->zip, e) - m->zip.entry[e].at;
        }
    }
    bytes = 0;
    for (size_t i = 0; i < m->zip.count; i++) { /* in the order of the directory, so that neighbours stay neighbours */
        if (at[i] == 0) {
            at[i] = bytes;
            bytes += en_zip_entry_end(&m->zip, i) - m->zip.entry[i].at;
        }
    }
    return bytes;
}

/* Bytes of the remote zip to the end of the local one. */
static en_status copy_bytes(en_fetch_members *m, int fd, int64_t from, int64_t to, int64_t *written, int64_t total,
                            en_error *err)
{
    en_status st = EN_OK;
    unsigned char *block = en_alloc(PIECE);
    st = block != NULL ? EN_OK : en_error_nomem(err, "a download");
    while (st == EN_OK && from < to) {
        size_t some = to - from < (int64_t)PIECE ? (size_t)(to - from) : PIECE;
        st = read_whole(m, from, block, some, err);
        st = st == EN_OK ? en_fd_write(fd, m->file, block, some, *written, err) : st;
        from += (int64_t)some;
        *written += (int64_t)some;
        en_event_progress(&m->job->project->events, *written, total, NULL);
        st = st == EN_OK ? en_stop_check(&m->job->project->events, err) : st;
    }
    en_free(block);
    return st;
}

/* The lot as a zip of its own. Members that are neighbours come with one request. */
static en_status download_lot(en_fetch_members *m, const int64_t *at, int64_t bytes, en_error *err)
{
    en_buf directory;
    int64_t written = 0;
    int fd = open(m->file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        return en_error_errno(err, "cannot write '%s'", m->file);
    }
    en_buf_init(&directory, DIRECTORY_CAP);
    en_event_begin(&m->job->project->events, "download", "bytes", bytes);
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < m->zip.count;) {
        if (at[i] < 0) {
            i++;
            continue;
        }
        int64_t from = m->zip.entry[i].at, to = from;
        for (; i < m->zip.count && at[i] >= 0 && m->zip.entry[i].at == to; i++) {
            to = en_zip_entry_end(&m->zip, i);
        }
        st = copy_bytes(m, fd, from, to, &written, bytes, err);
    }
    en_event_end(&m->job->project->events, written, bytes);
    st = st == EN_OK ? en_zip_directory_write(&m->zip, at, written, &directory, err) : st;
    st = st == EN_OK ? en_fd_write(fd, m->file, directory.data, directory.size, written, err) : st;
    close(fd);
    en_buf_clear(&directory);
    return st;
}

static en_status copy_lot(en_fetch_members *m, const int64_t *at, int64_t bytes, en_error *err)
{
    en_volumes lot = {0};
    en_status st = en_file_check_space(m->d->folder, bytes, err);
    st = st == EN_OK ? download_lot(m, at, bytes, err) : st;
    st = st == EN_OK ? en_volumes_find(m->file, &lot, err) : st;
    st = st == EN_OK ? en_fetch_unpack(m->job, &lot, err) : st;
    en_volumes_clear(&lot);
    (void)unlink(m->file);
    return st == EN_OK ? en_fetch_store_flush(m->job->store, err) : st;
}

static en_status put_volumes(const en_fetch_members *m, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < m->volumes.count; i++) {
        st = en_catalog_volume_put(m->job->project->catalog, m->job->source.id, (int64_t)i + 1, m->volumes.item[i].path,
                                   m->volumes.item[i].bytes, NULL, err);
    }
    return st;
}

en_status en_fetch_members_copy(en_fetch_job *job, en_error *err)
{
    en_fetch_members *m = job->members;
    int64_t *at = en_calloc(m->zip.count + 1, sizeof *at);
    m->file = en_path_join(m->d->folder, "members.zip");
    en_status st = at != NULL && m->file != NULL ? en_file_mkdirs(m->d->folder, err) : en_error_nomem(err, "a list");
    st = st == EN_OK ? put_volumes(m, err) : st;
    for (size_t next = 0; st == EN_OK && next < job->list.count;) {
        int64_t bytes = choose_lot(m, &next, at);
        st = bytes > 0 ? copy_lot(m, at, bytes, err) : EN_OK;
    }
    en_free(at);
    return st;
}
