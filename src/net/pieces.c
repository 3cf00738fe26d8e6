/* The file of ranges, in JSON. Anybody may have written it: every number of it is checked. */
#include "net/pieces.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

#define MOST ((size_t)1 << 20) /* pieces */
#define FILE_CAP ((size_t)32 << 20)

en_status en_http_pieces_init(en_http_pieces *p, int64_t total, int64_t size, const en_http_sums *sums, en_error *err)
{
    int64_t count = total / size + (total % size != 0);
    *p = (en_http_pieces){.total = total, .size = size, .sums = *sums};
    p->got = count > 0 && count <= (int64_t)MOST ? en_calloc((size_t)count, sizeof *p->got) : NULL;
    if (p->got == NULL) {
        return en_error_nomem(err, "a list of ranges");
    }
    p->count = (size_t)count;
    return EN_OK;
}

void en_http_pieces_clear(en_http_pieces *p)
{
    en_free(p->got);
    *p = (en_http_pieces){0};
}

int64_t en_http_pieces_bytes(const en_http_pieces *p, size_t index)
{
    int64_t left = p->total - (int64_t)index * p->size;
    return left < p->size ? left : p->size;
}

int64_t en_http_pieces_have(const en_http_pieces *p)
{
    int64_t have = 0;
    for (size_t i = 0; i < p->count; i++) {
        have += p->got[i];
    }
    return have;
}

/* Sums --------------------------------------------------------------------------------------------------------------
 */

static json_t *hex_of(const unsigned char *bytes, size_t count)
{
    char hex[2 * EN_SHA256_BYTES + 1] = "";
    for (size_t i = 0; i < count; i++) {
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    }
    return json_string(hex);
}

static int digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

static bool bytes_of(const json_t *note, const char *key, unsigned char *bytes, size_t count)
{
    const char *hex = json_string_value(json_object_get(note, key));
    if (hex == NULL || strlen(hex) != 2 * count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

static bool add_sums(json_t *note, const en_http_sums *s)
{
    return (!s->has_md5 || json_object_set_new(note, "md5", hex_of(s->md5, EN_MD5_BYTES)) == 0) &&
           (!s->has_sha256 || json_object_set_new(note, "sha256", hex_of(s->sha256, EN_SHA256_BYTES)) == 0) &&
           (!s->has_crc32c || json_object_set_new(note, "crc32c", json_integer((json_int_t)s->crc32c)) == 0);
}

static void read_sums(const json_t *note, en_http_sums *s)
{
    const json_t *crc = json_object_get(note, "crc32c");
    *s = (en_http_sums){0};
    s->has_md5 = bytes_of(note, "md5", s->md5, EN_MD5_BYTES);
    s->has_sha256 = bytes_of(note, "sha256", s->sha256, EN_SHA256_BYTES);
    s->has_crc32c = json_is_integer(crc);
    s->crc32c = s->has_crc32c ? (uint32_t)json_integer_value(crc) : 0;
}

/* The file ----------------------------------------------------------------------------------------------------------
 */

en_status en_http_pieces_write(const en_http_pieces *p, const char *path, const char *etag, en_error *err)
{
    char *text = NULL;
    json_t *got = json_array();
    json_t *note = json_pack("{s:s, s:I, s:I, s:O}", "etag", etag, "bytes", (json_int_t)p->total, "range",
                             (json_int_t)p->size, "got", got);
    bool ok = note != NULL && add_sums(note, &p->sums);
    for (size_t i = 0; i < p->count && ok; i++) {
        ok = json_array_append_new(got, json_integer((json_int_t)p->got[i])) == 0;
    }
    text = ok ? json_dumps(note, JSON_COMPACT) : NULL;
    en_status st =
        text != NULL ? en_file_write(path, text, strlen(text), err) : en_error_nomem(err, "a list of ranges");
    free(text); /* jansson's, not en_alloc's */
    json_decref(note);
    json_decref(got);
    return st;
}

/* The numbers of `note` into a list that was made for them. */
static bool read_got(en_http_pieces *p, const json_t *got)
{
    if (json_array_size(got) != p->count) {
        return false;
    }
    for (size_t i = 0; i < p->count; i++) {
        const json_t *bytes = json_array_get(got, i);
        int64_t n = json_is_integer(bytes) ? (int64_t)json_integer_value(bytes) : -1;
        if (n < 0 || n > en_http_pieces_bytes(p, i)) {
            return false;
        }
        p->got[i] = n;
    }
    return true;
}

bool en_http_pieces_read(en_http_pieces *p, const char *path, const char *etag, int64_t total)
{
    en_buf text;
    bool ok = false;
    en_buf_init(&text, FILE_CAP);
    *p = (en_http_pieces){0};
    json_t *note = en_file_read(path, &text, NULL) == EN_OK ? json_loadb(text.data, text.size, 0, NULL) : NULL;
    const char *version = json_string_value(json_object_get(note, "etag"));
    const json_t *size = json_object_get(note, "range");
    int64_t bytes = (int64_t)json_integer_value(json_object_get(note, "bytes"));
    int64_t range = json_is_integer(size) ? (int64_t)json_integer_value(size) : 0;
    if (version != NULL && strcmp(version, etag) == 0 && bytes == total && range > 0 && range < total &&
        total / range < (int64_t)MOST) {
        en_http_sums sums;
        read_sums(note, &sums);
        ok = en_http_pieces_init(p, total, range, &sums, NULL) == EN_OK && read_got(p, json_object_get(note, "got"));
    }
    if (!ok) {
        en_http_pieces_clear(p);
    }
    json_decref(note);
    en_buf_clear(&text);
    return ok;
}
