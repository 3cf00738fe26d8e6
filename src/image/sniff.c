/* Signatures of files that turn up under the names of photographs: other formats, saved web pages, archives. */
#include "image/sniff.h"

#include <string.h>
#include <strings.h>

typedef struct signature {
    size_t at;
    const char *bytes;
    size_t size;
    en_kind_of_file kind;
} signature;

#define SIGNATURE(at, bytes, name, picture)                                                                            \
    {                                                                                                                  \
        at, bytes, sizeof(bytes) - 1, { name, picture }                                                                \
    }

/* The longer ones first where one begins as another. */
static const signature signatures[] = {
    SIGNATURE(0, "\xFF\xD8\xFF", "jpeg", true),
    SIGNATURE(0, "\x89PNG\r\n\x1A\n", "png", true),
    SIGNATURE(128, "DICM", "dicom", true),
    SIGNATURE(8, "WEBP", "webp", true),
    SIGNATURE(0, "II*\0", "tiff", true),
    SIGNATURE(0, "MM\0*", "tiff", true),
    SIGNATURE(0, "II+\0", "tiff", true),
    SIGNATURE(0, "MM\0+", "tiff", true),
    SIGNATURE(0, "GIF8", "gif", true),
    SIGNATURE(4, "ftypheic", "heic", true),
    SIGNATURE(4, "ftypheix", "heic", true),
    SIGNATURE(4, "ftypheim", "heic", true),
    SIGNATURE(4, "ftyphevc", "heic", true),
    SIGNATURE(4, "ftypmif1", "heic", true),
    SIGNATURE(4, "ftypmsf1", "heic", true),
    SIGNATURE(4, "ftypavif", "avif", true),
    SIGNATURE(4, "ftypavis", "avif", true),
    SIGNATURE(4, "ftyp", "a film", false),
    SIGNATURE(0, "\0\0\0\x0CjP  \r\n\x87\n", "jpeg 2000", true),
    SIGNATURE(0, "\xFF\x4F\xFF\x51", "jpeg 2000", true),
    SIGNATURE(0, "\0\0\0\x0CJXL \r\n\x87\n", "jpeg xl", true),
    SIGNATURE(0, "\xFF\x0A", "jpeg xl", true),
    SIGNATURE(0, "8BPS", "photoshop", true),
    SIGNATURE(0, "\0\0\1\0", "icon", true),
    SIGNATURE(0, "%PDF", "a PDF document", false),
    SIGNATURE(0, "PK\3\4", "a zip archive", false),
    SIGNATURE(0, "PK\5\6", "a zip archive", false),
    SIGNATURE(0, "\x1F\x8B\x08", "a gzip archive", false),
    SIGNATURE(0, "7z\xBC\xAF\x27\x1C", "a 7z archive", false),
    SIGNATURE(0, "Rar!\x1A", "a rar archive", false),
    SIGNATURE(257, "ustar", "a tar archive", false),
    SIGNATURE(0, "\x89HDF\r\n\x1A\n", "an HDF5 file", false),
    SIGNATURE(0, "SQLite format 3", "an SQLite database", false),
    SIGNATURE(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an Office document", false),
    SIGNATURE(0, "version https://git-lfs", "a pointer of Git LFS: fetch the file with 'git lfs pull'", false),
    SIGNATURE(0, "/annex/objects", "a pointer of git-annex: fetch the file with 'git annex get'", false),
    SIGNATURE(0, "<?xml", "an XML file", false),
    SIGNATURE(0, "{\"", "a JSON file", false),
};

/* Two letters are little to go by: what follows must fit, too. */
static bool is_bmp(const uint8_t *b, size_t n)
{
    return n >= 18 && b[0] == 'B' && b[1] == 'M' && (b[14] == 12 || (b[14] >= 40 && b[14] <= 124)) && b[15] == 0;
}

/* Behind blanks and comments an HTML page begins with one of these. */
static bool is_html(const uint8_t *b, size_t n)
{
    static const char *const tags[] = {"<!doctype html", "<html", "<head", "<body", "<title", "<script"};
    size_t at = n >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (;;) {
        while (at < n && strchr(" \t\r\n", b[at]) != NULL && b[at] != '\0') {
            at++;
        }
        if (n - at < 4 || memcmp(b + at, "<!--", 4) != 0) {
            break;
        }
        const uint8_t *end = memmem(b + at, n - at, "-->", 3);
        if (end == NULL) {
            return false;
        }
        at = (size_t)(end - b) + 3;
    }
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        size_t length = strlen(tags[i]);
        if (n - at >= length && strncasecmp((const char *)b + at, tags[i], length) == 0) {
            return true;
        }
    }
    return false;
}

const en_kind_of_file *en_sniff(const uint8_t *bytes, size_t n)
{
    static const en_kind_of_file html = {"an HTML page", false}, bmp = {"bmp", true};
    if (is_html(bytes, n < 4096 ? n : 4096)) {
        return &html;
    }
    if (is_bmp(bytes, n)) {
        return &bmp;
    }
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        const signature *s = &signatures[i];
        if (n >= s->at + s->size && memcmp(bytes + s->at, s->bytes, s->size) == 0) {
            return &s->kind;
        }
    }
    return NULL;
}
