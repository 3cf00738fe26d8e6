/* Reading manifests, which may come from anybody. */
#include <stdio.h>
#include <string.h>

#include "backup/manifest.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/untrusted.h"
#include "catalog/catalog.h"

#define MANIFEST_CAP ((size_t)1 << 30)
#define BYTES_MOST ((int64_t)1 << 50) /* of all files together */

typedef struct reading {
    en_manifest *m;
    const char *at, *end;
    size_t wanted; /* parts that the last file still lacks */
    int64_t bytes;
} reading;

/* A line without its end in fresh memory; NULL after the last, or when it has none or a NUL. */
static char *next_line(reading *r)
{
    const char *stop = r->at < r->end ? memchr(r->at, '\n', (size_t)(r->end - r->at)) : NULL;
    if (stop == NULL || memchr(r->at, '\0', (size_t)(stop - r->at)) != NULL) {
        return NULL;
    }
    char *line = en_strndup(r->at, (size_t)(stop - r->at));
    r->at = stop + 1;
    return line;
}

static int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

/* In place. False for what en_http_escape does not write, and for a NUL. */
static bool unescape(char *text)
{
    char *to = text;
    for (const char *c = text; *c != '\0'; c++) {
        char plain = *c;
        if (plain == '%') {
            int high = hex_digit(c[1]), low = high >= 0 ? hex_digit(c[2]) : -1;
            if (low < 0 || high * 16 + low == 0) {
                return false;
            }
            plain = (char)(high * 16 + low);
            c += 2;
        }
        *to++ = plain;
    }
    *to = '\0';
    return true;
}

/* Cuts the text at its next space; NULL when there is none. */
static char *cut(char *text)
{
    char *space = strchr(text, ' ');
    if (space == NULL) {
        return NULL;
    }
    *space = '\0';
    return space + 1;
}

static bool is_hash(const char *text) { return en_rule_fault(EN_RULE_HASH, text) == NULL; }

static en_status damaged(const char *name, const char *what, en_error *err)
{
    return en_error_set(err, EN_INPUT, "backup '%s' is damaged: %s", name, what);
}

static const char *take_file(reading *r, char *text, en_error *err)
{
    en_manifest *m = r->m;
    char *number = cut(text), *path = number != NULL ? cut(number) : NULL;
    int64_t bytes = 0;
    if (r->wanted > 0 || path == NULL || !is_hash(text) || !en_parse_int(number, &bytes) || bytes < 0 ||
        bytes > BYTES_MOST - r->bytes) {
        return "a line of a file cannot be read";
    }
    if (!unescape(path) || !en_manifest_is_path(path)) {
        return "it names a file that is not one of a project";
    }
    if (m->count > 0 && strcmp(m->file[m->count - 1].path, path) >= 0) {
        return "its files are not in order";
    }
    r->bytes += bytes;
    r->wanted = bytes > (int64_t)EN_BACKUP_CHUNK ? en_manifest_chunks(bytes) : 0;
    return en_manifest_add(m, path, bytes, text, m->parts, err) == EN_OK ? NULL : "";
}

static const char *take_part(reading *r, const char *text, en_error *err)
{
    if (r->wanted == 0 || !is_hash(text)) {
        return "a line of a part cannot be read";
    }
    r->wanted--;
    return en_manifest_add_part(r->m, text, err) == EN_OK ? NULL : "";
}

/* NULL when it is right; "": the error is set. *ended: it was the last one. */
static const char *take_line(reading *r, const char *begin, char *line, bool *ended, en_error *err)
{
    char *rest = cut(line);
    if (rest != NULL && strcmp(line, "file") == 0) {
        return take_file(r, rest, err);
    }
    if (rest != NULL && strcmp(line, "part") == 0) {
        return take_part(r, rest, err);
    }
    if (rest == NULL || strcmp(line, "end") != 0) {
        return "it has a line that is none of a manifest";
    }
    char *bytes = cut(rest), *hash = bytes != NULL ? cut(bytes) : NULL, found[EN_SHA256_HEX];
    int64_t files = -1, sum = -1;
    const char *last = r->at - 1; /* the end of this line */
    while (last > begin && last[-1] != '\n') {
        last--;
    }
    if (hash == NULL || !en_parse_int(rest, &files) || !en_parse_int(bytes, &sum) || r->at != r->end || r->wanted > 0) {
        return "its end cannot be read";
    }
    if (en_sha256_bytes(begin, (size_t)(last - begin), found, err) != EN_OK) {
        return "";
    }
    if (strcmp(found, hash) != 0 || files != (int64_t)r->m->count || sum != r->bytes) {
        return "its hash differs";
    }
    *ended = true;
    return NULL;
}

/* "WORD TEXT" as the next line: TEXT decoded, in fresh memory; or NULL. */
static char *take_word(reading *r, const char *word)
{
    char *line = next_line(r), *text = line != NULL ? cut(line) : NULL;
    char *copy = text != NULL && strcmp(line, word) == 0 && unescape(text) ? en_strdup(text) : NULL;
    en_free(line);
    return copy;
}

static const char *take_head(reading *r)
{
    en_backup_row *about = &r->m->about;
    char *version = take_word(r, "eyenet"), *created = take_word(r, "created"), *program = take_word(r, "program");
    about->project = take_word(r, "project");
    const char *fault = version == NULL || created == NULL || program == NULL || about->project == NULL
                            ? "it has no head"
                        : strcmp(version, "backup 1") != 0 ? "it is of a later version of eyenet"
                                                           : NULL;
    if (fault == NULL) {
        snprintf(about->created_at, sizeof about->created_at, "%s", created);
        snprintf(about->program, sizeof about->program, "%s", program);
    }
    en_free(version);
    en_free(created);
    en_free(program);
    return fault;
}

en_status en_manifest_read(en_manifest *m, const char *name, const en_buf *text, en_error *err)
{
    const char *begin = en_buf_str(text);
    reading r = {.m = m, .at = begin, .end = begin + text->size};
    bool ended = false;
    *m = (en_manifest){.about = {.number = en_backup_number(name)}};
    snprintf(m->about.name, sizeof m->about.name, "%s", name);
    const char *fault = take_head(&r);
    while (fault == NULL && !ended) {
        char *line = next_line(&r);
        fault = line == NULL ? "it is cut short" : take_line(&r, begin, line, &ended, err);
        en_free(line);
    }
    if (fault == NULL && en_manifest_find(m, EN_CATALOG_FILE) == NULL) {
        fault = "it has no catalog";
    }
    m->about.files = (int64_t)m->count;
    m->about.bytes = r.bytes;
    if (fault == NULL) {
        return EN_OK;
    }
    en_manifest_clear(m);
    return fault[0] == '\0' ? err != NULL ? err->status : EN_NOMEM : damaged(name, fault, err);
}

en_status en_manifest_load(en_manifest *m, en_backup_store *store, size_t index, en_error *err)
{
    const char *name = store->names.name[index];
    char *path = en_format("backups/%s", name);
    en_buf text;
    *m = (en_manifest){0};
    en_buf_init(&text, MANIFEST_CAP);
    en_status st = path != NULL ? store->kind->get(store, path, &text, err) : en_error_nomem(err, "a path");
    if (st == EN_DONE) {
        st = en_error_set(err, EN_INPUT, "backup '%s' is missing in '%s'", name, store->shown);
    }
    st = st == EN_OK ? en_manifest_read(m, name, &text, err) : st;
    en_buf_clear(&text);
    en_free(path);
    return st;
}
