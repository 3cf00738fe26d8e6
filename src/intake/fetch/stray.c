/* Telling volumes from other answers. Uses archive. */
#include "intake/fetch/stray.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "archive/zipdir.h"

#define MEMBERS_MOST 1000000

bool en_fetch_is_message(const char *content_type)
{
    static const char *const types[] = {"text/html", "application/xhtml+xml",   "application/json", "application/xml",
                                        "text/xml",  "application/problem+json"};
    size_t length = strcspn(content_type, "; \t");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strlen(types[i]) == length && strncasecmp(content_type, types[i], length) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns how many of the file's first bytes there are in head[size], and ends them with a NUL. */
static size_t read_head(const char *path, char *head, size_t size)
{
    FILE *f = fopen(path, "rb");
    const size_t got = f != NULL ? fread(head, 1, size - 1, f) : 0;
    if (f != NULL) {
        fclose(f);
    }
    head[got] = '\0';
    return got;
}

/* Whether it has nothing but letters, which what is compressed never has for long. */
static bool is_text(const char *path)
{
    char head[512 + 1];
    const size_t got = read_head(path, head, sizeof head);
    for (size_t i = 0; i < got; i++) {
        if ((unsigned char)head[i] < 0x20 && strchr("\t\r\n", head[i]) == NULL) {
            return false;
        }
    }
    return memchr(head, '\0', got) == NULL;
}

/* Whatever it is called: a server that sends files of any name may have one type for all. */
static bool begins_as_page(const char *path)
{
    char head[64 + 1];
    (void)read_head(path, head, sizeof head);
    const char *text = head + strspn(head, " \t\r\n\xef\xbb\xbf");
    return strncasecmp(text, "<!doctype html", 14) == 0 || strncasecmp(text, "<html", 5) == 0;
}

/* Different files of one length differ early: only equal ones are read to their ends. */
static bool has_same_bytes(const char *one, const char *other)
{
    char a[8192], b[8192];
    FILE *f = fopen(one, "rb"), *g = fopen(other, "rb");
    bool same = f != NULL && g != NULL;
    for (size_t got = 1; same && got > 0;) {
        got = fread(a, 1, sizeof a, f);
        same = fread(b, 1, sizeof b, g) == got && memcmp(a, b, got) == 0 && !ferror(f) && !ferror(g);
    }
    if (f != NULL) {
        fclose(f);
    }
    if (g != NULL) {
        fclose(g);
    }
    return same;
}

bool en_fetch_ends_short(const en_volumes *v) { return v->count > 1 && v->item[v->count - 1].bytes < v->item[0].bytes; }

/* From its first byte to its last: within a volume there may be zips that end where it does. */
static bool is_whole_zip(const en_volumes *v)
{
    en_zip_directory zip = {0};
    bool whole = en_zip_ends(v) && en_zip_directory_read(v, MEMBERS_MOST, &zip, NULL) == EN_OK && !zip.unusual &&
                 zip.count > 0 && zip.entry[0].at == 0;
    en_zip_directory_clear(&zip);
    return whole;
}

const char *en_fetch_why_stray(const en_volumes *before, const char *path, const char *content_type)
{
    if (en_fetch_is_message(content_type) || begins_as_page(path)) {
        return "with a web page or a message";
    }
    if (before->count == 0) {
        return NULL;
    }
    if (has_same_bytes(path, before->item[before->count - 1].path) || has_same_bytes(path, before->item[0].path)) {
        return "with the bytes of another volume";
    }
    if (en_volume_is_split(before->item[0].path)) { /* which may be of any lengths */
        return NULL;
    }
    if (en_fetch_ends_short(before) && is_text(path)) { /* some are cut into volumes of several lengths */
        return "although the volume before it is shorter than the first, and so the last";
    }
    return is_whole_zip(before) ? "although the zip before it is whole" : NULL;
}
