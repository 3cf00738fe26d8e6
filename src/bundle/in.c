/* Reading bundles. */
#include "bundle/in.h"

#include <string.h>

#include "base/memory.h"

enum { CHUNK = 1 << 16 };
#define MEMBERS_MAX ((int64_t)EN_BUNDLE_RUNS_MAX * EN_BUNDLE_KINDS + EN_BUNDLE_PHOTOGRAPHS_MAX + 10)
#define MEMBER_BYTES_MAX ((int64_t)64 << 30)

static en_status not_a_bundle(const en_bundle_in *in, const char *why, en_error *err)
{
    return en_error_set(err, EN_INPUT, "'%s' is not an eyenet bundle: %s", in->volumes.path, why);
}

static en_status read_manifest(en_bundle_in *in, en_error *err)
{
    const en_member *member;
    en_buf text;
    size_t got;
    char chunk[CHUNK];
    en_buf_init(&text, EN_BUNDLE_MANIFEST_MAX);
    en_status st = en_archive_next(in->archive, &member, err);
    if (st == EN_DONE || (st == EN_OK && strcmp(member->path, EN_BUNDLE_MANIFEST) != 0)) {
        return not_a_bundle(in, "it does not begin with " EN_BUNDLE_MANIFEST, err);
    }
    while (st == EN_OK && (st = en_archive_read(in->archive, chunk, sizeof chunk, &got, err)) == EN_OK) {
        st = en_buf_add(&text, chunk, got, err);
    }
    if (st == EN_DONE) {
        en_bundle_manifest m;
        st = en_bundle_manifest_read(&m, text.data, text.size, err);
        if (st == EN_OK && in->manifest.members > 0 && strcmp(m.sha256, in->manifest.sha256) != 0) {
            st = en_error_set(err, EN_BUSY, "it changes while it is read");
            en_bundle_manifest_clear(&m);
        }
        if (st == EN_OK) {
            en_bundle_manifest_clear(&in->manifest);
            in->manifest = m;
        }
    }
    en_buf_clear(&text);
    if (st != EN_OK) {
        en_error_prefix(err, "'%s'", in->volumes.path);
    }
    return st;
}

en_status en_bundle_in_rewind(en_bundle_in *in, en_error *err)
{
    en_archive_free(in->archive);
    in->archive = NULL;
    in->next = 0;
    in->member = NULL;
    en_status st = en_archive_open(&in->volumes, &in->caps, &in->archive, err);
    return st == EN_OK ? read_manifest(in, err) : st;
}

en_status en_bundle_in_open(const char *file, const en_events *events, en_bundle_in *in, en_error *err)
{
    /* stored: what comes out is not more than the file has */
    *in = (en_bundle_in){
        .caps = {.members = MEMBERS_MAX, .member_bytes = MEMBER_BYTES_MAX, .ratio = 1, .events = events}};
    en_buf_init(&in->buffer, EN_BUNDLE_LINE_MAX + CHUNK);
    in->hash = en_sha256_new();
    en_status st = in->hash != NULL ? en_volumes_find(file, &in->volumes, err) : en_error_nomem(err, "a hash");
    return st == EN_OK ? en_bundle_in_rewind(in, err) : st;
}

en_status en_bundle_in_fault(const en_bundle_in *in, en_status st, en_error *err)
{
    char path[EN_BUNDLE_PATH] = EN_BUNDLE_MANIFEST;
    if (in->member != NULL) {
        en_bundle_path(in->member, path);
    }
    if (in->line > 0) {
        en_error_prefix(err, "'%s', %s, line %lld", in->volumes.path, path, (long long)in->line);
    } else {
        en_error_prefix(err, "'%s', %s", in->volumes.path, path);
    }
    return st;
}

static en_status end_member(en_bundle_in *in, en_error *err)
{
    char hex[EN_SHA256_HEX];
    const en_bundle_member *m = in->member;
    in->ended = true;
    in->line = 0;
    if (!en_sha256_hex(in->hash, hex)) {
        return en_error_set(err, EN_BUG, "cannot compute a SHA-256");
    }
    if (in->bytes != m->bytes || strcmp(hex, m->sha256) != 0) {
        return en_bundle_in_fault(in, en_error_set(err, EN_INPUT, "the bytes are not those of the manifest"), err);
    }
    return EN_DONE;
}

en_status en_bundle_in_read(en_bundle_in *in, void *data, size_t capacity, size_t *got, en_error *err)
{
    *got = 0;
    if (in->ended) {
        return EN_DONE;
    }
    en_status st = en_archive_read(in->archive, data, capacity, got, err);
    if (st == EN_DONE) {
        return end_member(in, err);
    }
    if (st == EN_OK) {
        en_sha256_add(in->hash, data, *got);
        in->bytes += (int64_t)*got;
        if (in->bytes > in->member->bytes) {
            st = en_bundle_in_fault(in, en_error_set(err, EN_INPUT, "it is longer than the manifest says"), err);
        }
    }
    return st;
}

static en_status skip_rest(en_bundle_in *in, en_error *err)
{
    char chunk[CHUNK];
    size_t got;
    en_status st = EN_OK;
    while (in->member != NULL && st == EN_OK) {
        st = en_bundle_in_read(in, chunk, sizeof chunk, &got, err);
    }
    return st == EN_DONE ? EN_OK : st;
}

en_status en_bundle_in_next(en_bundle_in *in, en_error *err)
{
    const en_member *member;
    char path[EN_BUNDLE_PATH];
    en_status st = skip_rest(in, err);
    in->member = NULL;
    st = st == EN_OK ? en_archive_next(in->archive, &member, err) : st;
    if (st != EN_OK && st != EN_DONE) {
        return st;
    }
    const bool over = in->next == in->manifest.members;
    if (st == EN_DONE) {
        return over ? EN_DONE
                    : en_error_set(err, EN_INPUT, "'%s': members of the manifest are missing", in->volumes.path);
    }
    if (!over) {
        en_bundle_path(&in->manifest.member[in->next], path);
    }
    if (over || strcmp(member->path, path) != 0) {
        return en_error_set(err, EN_INPUT, "'%s': '%s' is not the member that the manifest says", in->volumes.path,
                            member->path);
    }
    in->member = &in->manifest.member[in->next++];
    in->bytes = in->line = 0;
    in->ended = false;
    in->at = 0;
    en_buf_reset(&in->buffer);
    return EN_OK;
}

/* Moves what was not taken to the front and reads on behind it. */
static en_status fill(en_bundle_in *in, en_error *err)
{
    char chunk[CHUNK];
    size_t got;
    if (in->at > 0) {
        in->buffer.size -= in->at;
        memmove(in->buffer.data, in->buffer.data + in->at, in->buffer.size);
        in->at = 0;
    }
    if (in->buffer.size > EN_BUNDLE_LINE_MAX) {
        return en_bundle_in_fault(
            in, en_error_set(err, EN_INPUT, "a line is longer than %zu MiB", EN_BUNDLE_LINE_MAX >> 20), err);
    }
    en_status st = en_bundle_in_read(in, chunk, sizeof chunk, &got, err);
    return st == EN_OK ? en_buf_add(&in->buffer, chunk, got, err) : st;
}

en_status en_bundle_in_line(en_bundle_in *in, json_t **line, en_error *err)
{
    const char *end = NULL;
    size_t looked = in->at;
    *line = NULL;
    for (;;) {
        const size_t left = in->buffer.size - looked;
        end = left > 0 ? memchr(in->buffer.data + looked, '\n', left) : NULL;
        if (end != NULL) {
            break;
        }
        looked = in->buffer.size - in->at; /* where that will be once it was moved */
        en_status st = fill(in, err);
        if (st == EN_DONE && in->buffer.size > in->at) {
            return en_bundle_in_fault(in, en_error_set(err, EN_INPUT, "the last line does not end"), err);
        }
        if (st != EN_OK) {
            return st;
        }
    }
    json_error_t why;
    const char *begin = in->buffer.data + in->at;
    in->line++;
    *line = json_loadb(begin, (size_t)(end - begin), JSON_REJECT_DUPLICATES, &why);
    in->at = (size_t)(end - in->buffer.data) + 1;
    return *line != NULL ? EN_OK
                         : en_bundle_in_fault(in, en_error_set(err, EN_INPUT, "not JSON: %.80s", why.text), err);
}

void en_bundle_in_clear(en_bundle_in *in)
{
    en_archive_free(in->archive);
    en_bundle_manifest_clear(&in->manifest);
    en_volumes_clear(&in->volumes);
    en_sha256_free(in->hash);
    en_buf_clear(&in->buffer);
    *in = (en_bundle_in){0};
}

bool en_bundle_is(const char *file)
{
    en_bundle_in in;
    const bool is = en_bundle_in_open(file, NULL, &in, NULL) == EN_OK;
    en_bundle_in_clear(&in);
    return is;
}
