/* Making and asking manifests. */
#include "backup/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/tree.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/untrusted.h"
#include "catalog/catalog.h"

bool en_manifest_is_path(const char *path)
{
    if (en_rule_fault(EN_RULE_PATH, path) != NULL) {
        return false;
    }
    for (const char *const *folder = en_backup_folders; *folder != NULL; folder++) {
        size_t length = strlen(*folder);
        if (strncmp(path, *folder, length) == 0 && path[length] == '/') {
            return true;
        }
    }
    return strcmp(path, EN_CATALOG_FILE) == 0;
}

en_status en_manifest_add(en_manifest *m, const char *path, int64_t bytes, const char *sha256, size_t first,
                          en_error *err)
{
    en_backup_file *grown = en_array_grow(m->file, m->count, sizeof *m->file, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    m->file = grown;
    en_backup_file *f = &m->file[m->count];
    *f = (en_backup_file){.path = en_strdup(path), .bytes = bytes, .first = first};
    if (f->path == NULL) {
        return en_error_nomem(err, "a list of files");
    }
    snprintf(f->sha256, sizeof f->sha256, "%s", sha256);
    m->count++;
    return EN_OK;
}

en_status en_manifest_add_part(en_manifest *m, const char *sha256, en_error *err)
{
    void *grown = en_array_grow(m->part, m->parts, sizeof *m->part, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    m->part = grown;
    snprintf(m->part[m->parts++], EN_SHA256_HEX, "%s", sha256);
    return EN_OK;
}

size_t en_manifest_chunks(int64_t bytes)
{
    const uint64_t size = (uint64_t)bytes;
    return (size_t)(size / EN_BACKUP_CHUNK + (size % EN_BACKUP_CHUNK != 0));
}

const char *en_manifest_chunk(const en_manifest *m, const en_backup_file *file, size_t index, size_t *bytes)
{
    const uint64_t rest = (uint64_t)file->bytes - (uint64_t)index * EN_BACKUP_CHUNK;
    *bytes = rest < EN_BACKUP_CHUNK ? (size_t)rest : EN_BACKUP_CHUNK;
    return (uint64_t)file->bytes > EN_BACKUP_CHUNK ? m->part[file->first + index] : file->sha256;
}

static int by_path(const void *a, const void *b)
{
    const en_backup_file *x = a, *y = b;
    return strcmp(x->path, y->path);
}

static int by_key(const void *key, const void *file) { return strcmp(key, ((const en_backup_file *)file)->path); }

const en_backup_file *en_manifest_find(const en_manifest *m, const char *path)
{
    return m->count == 0 ? NULL : bsearch(path, m->file, m->count, sizeof *m->file, by_key);
}

static en_status add_escaped(en_buf *out, const char *before, const char *text, en_error *err)
{
    en_status st = en_buf_text(out, before, err);
    st = st == EN_OK ? en_http_escape(out, text, true, err) : st;
    return st == EN_OK ? en_buf_text(out, "\n", err) : st;
}

static en_status add_file(const en_manifest *m, const en_backup_file *f, en_buf *out, en_error *err)
{
    en_status st = en_buf_printf(out, err, "file %s %lld ", f->sha256, (long long)f->bytes);
    st = st == EN_OK ? add_escaped(out, "", f->path, err) : st;
    const size_t parts = (uint64_t)f->bytes > EN_BACKUP_CHUNK ? en_manifest_chunks(f->bytes) : 0;
    for (size_t i = 0; st == EN_OK && i < parts; i++) {
        st = en_buf_printf(out, err, "part %s\n", m->part[f->first + i]);
    }
    return st;
}

en_status en_manifest_write(en_manifest *m, en_buf *out, en_error *err)
{
    char sha256[EN_SHA256_HEX];
    if (m->count > 1) {
        qsort(m->file, m->count, sizeof *m->file, by_path);
    }
    m->about.files = (int64_t)m->count;
    m->about.bytes = 0;
    en_status st = en_buf_printf(out, err, "eyenet backup 1\ncreated %s\n", m->about.created_at);
    st = st == EN_OK ? add_escaped(out, "program ", m->about.program, err) : st;
    st = st == EN_OK ? add_escaped(out, "project ", m->about.project, err) : st;
    for (size_t i = 0; st == EN_OK && i < m->count; i++) {
        m->about.bytes += m->file[i].bytes;
        st = add_file(m, &m->file[i], out, err);
    }
    st = st == EN_OK ? en_sha256_bytes(out->data, out->size, sha256, err) : st;
    return st == EN_OK ? en_buf_printf(out, err, "end %lld %lld %s\n", (long long)m->about.files,
                                       (long long)m->about.bytes, sha256)
                       : st;
}

void en_backup_row_clear(en_backup_row *row)
{
    en_free(row->project);
    *row = (en_backup_row){0};
}

void en_manifest_clear(en_manifest *m)
{
    for (size_t i = 0; i < m->count; i++) {
        en_free(m->file[i].path);
    }
    en_free(m->file);
    en_free(m->part);
    en_backup_row_clear(&m->about);
    *m = (en_manifest){0};
}
