/* Listing and verifying backups. */
#include <stdlib.h>
#include <string.h>

#include "backup/manifest.h"
#include "base/memory.h"

#define NAMED_MOST 10 /* faults that are named one by one */

en_status en_backup_list(const en_backup_options *options, const en_events *events, en_backup_rows *out, en_error *err)
{
    en_backup_store store;
    size_t bad = 0;
    *out = (en_backup_rows){0};
    en_status st = en_backup_store_open(&store, options, EN_BACKUP_READ, events, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; st == EN_OK && i < store.names.count; i++) {
        en_error why;
        en_manifest m;
        en_backup_row *grown = en_array_grow(out->row, out->count, sizeof *grown, err);
        if (grown == NULL) {
            st = EN_NOMEM;
            break;
        }
        out->row = grown;
        en_status read = en_manifest_load(&m, &store, i, &why);
        if (read == EN_OK) {
            out->row[out->count++] = m.about;
            m.about = (en_backup_row){0};
            en_manifest_clear(&m);
        } else if (read == EN_INPUT) {
            bad++;
            en_event_warn(events, "%s", why.text);
        } else {
            st = en_error_copy(err, &why);
        }
    }
    if (st == EN_OK && bad > 0) {
        st = en_error_set(err, EN_FAILED, "%zu of %zu backups in '%s' cannot be read", bad, store.names.count,
                          store.shown);
    }
    en_backup_store_close(&store);
    return st;
}

void en_backup_rows_clear(en_backup_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        en_backup_row_clear(&rows->row[i]);
    }
    en_free(rows->row);
    *rows = (en_backup_rows){0};
}

typedef struct object {
    char sha256[EN_SHA256_HEX];
    size_t bytes;
} object;

typedef struct verifying {
    const en_events *events;
    en_backup_store store;
    en_backup_verified *result;
    object *object;
    size_t count;
} verifying;

static void say(const verifying *v, const char *what)
{
    if (v->result->missing + v->result->damaged <= NAMED_MOST) {
        en_event_warn(v->events, "%s", what);
    }
}

static en_status add_objects(verifying *v, const en_manifest *m, en_error *err)
{
    for (size_t i = 0; i < m->count; i++) {
        for (size_t k = 0; k < en_manifest_chunks(m->file[i].bytes); k++) {
            object *grown = en_array_grow(v->object, v->count, sizeof *grown, err);
            if (grown == NULL) {
                return EN_NOMEM;
            }
            v->object = grown;
            object *o = &v->object[v->count++];
            memcpy(o->sha256, en_manifest_chunk(m, &m->file[i], k, &o->bytes), EN_SHA256_HEX);
        }
    }
    return EN_OK;
}

static en_status add_backup(verifying *v, size_t index, en_error *err)
{
    en_manifest m;
    en_error why;
    en_status st = en_manifest_load(&m, &v->store, index, &why);
    v->result->backups++;
    if (st == EN_INPUT) {
        v->result->damaged++;
        say(v, why.text);
        return EN_OK;
    }
    if (st != EN_OK) {
        return en_error_copy(err, &why);
    }
    st = add_objects(v, &m, err);
    en_manifest_clear(&m);
    return st;
}

static int by_hash(const void *a, const void *b)
{
    const object *x = a, *y = b;
    int order = strcmp(x->sha256, y->sha256);
    return order != 0 ? order : (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

/* Each object once. */
static void sort_objects(verifying *v)
{
    size_t kept = 0;
    if (v->count > 1) {
        qsort(v->object, v->count, sizeof *v->object, by_hash);
    }
    for (size_t i = 0; i < v->count; i++) {
        if (kept == 0 || by_hash(&v->object[kept - 1], &v->object[i]) != 0) {
            v->object[kept++] = v->object[i];
        }
    }
    v->count = kept;
}

static en_status read_object(verifying *v, const object *o, en_buf *data, en_error *err)
{
    en_error why;
    bool missing;
    en_status st = en_backup_fetch(&v->store, o->sha256, o->bytes, data, &missing, &why);
    v->result->objects++;
    if (st == EN_OK) {
        v->result->right++;
        v->result->bytes += (int64_t)o->bytes;
        return EN_OK;
    }
    if (st != EN_INPUT) {
        return en_error_copy(err, &why);
    }
    v->result->missing += missing;
    v->result->damaged += !missing;
    say(v, why.text);
    return EN_OK;
}

static en_status verify(verifying *v, const en_backup_options *options, en_error *err)
{
    size_t from = 0, to = v->store.names.count;
    en_buf data;
    en_buf_init(&data, EN_BACKUP_CHUNK);
    en_status st = EN_OK;
    if (options->at != NULL || to == 0) {
        st = en_backup_choose(&v->store, options->at, &from, err);
        to = from + 1;
    }
    for (size_t i = from; st == EN_OK && i < to; i++) {
        st = add_backup(v, i, err);
    }
    sort_objects(v);
    en_event_begin(v->events, "verify", "objects", (int64_t)v->count);
    for (size_t i = 0; st == EN_OK && i < v->count; i++) {
        st = read_object(v, &v->object[i], &data, err);
        en_event_progress(v->events, (int64_t)i + 1, (int64_t)v->count, NULL);
        st = st == EN_OK ? en_stop_check(v->events, err) : st;
    }
    en_event_end(v->events, v->result->right, (int64_t)v->count);
    en_buf_clear(&data);
    return st;
}

en_status en_backup_verify(const en_backup_options *options, const en_events *events, en_backup_verified *result,
                           en_error *err)
{
    verifying v = {.events = events, .result = result};
    *result = (en_backup_verified){0};
    en_status st = en_backup_store_open(&v.store, options, EN_BACKUP_READ, events, err);
    st = st == EN_OK ? verify(&v, options, err) : st;
    if (st == EN_OK && result->missing + result->damaged > 0) {
        st = en_error_hint(err,
                           en_error_set(err, EN_FAILED, "objects in '%s' are missing (%lld) or damaged (%lld)",
                                        options->place, (long long)result->missing, (long long)result->damaged),
                           "remove the damaged ones, and back up again: what the project still has comes anew");
    }
    en_backup_store_close(&v.store);
    en_free(v.object);
    return st;
}
