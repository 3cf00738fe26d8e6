/* Reads a whole CSV file. libcsv calls back for every field and every line. */
#include "archive/csv.h"

#include <csv.h>
#include <string.h>
#include <strings.h>

#include "archive/csv_begin.h"
#include "archive/unpack.h"
#include "base/charset.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define FILE_MAX ((size_t)256 << 20)

typedef struct reader {
    en_csv *table;
    en_buf text;
    size_t open; /* the first field of the row being read */
    size_t line;
    bool failed;
} reader;

static void on_field(void *data, size_t bytes, void *ctx)
{
    reader *r = ctx;
    en_csv *t = r->table;
    en_error err;
    size_t *field = r->failed ? NULL : en_array_grow(t->field, t->fields, sizeof *field, &err);
    if (field == NULL) {
        r->failed = true;
        return;
    }
    t->field = field;
    t->field[t->fields++] = r->text.size;
    const char *text = en_trimmed(data != NULL ? data : "", &bytes);
    r->failed = en_buf_add(&r->text, text, bytes, &err) != EN_OK || en_buf_add(&r->text, "", 1, &err) != EN_OK;
}

static bool says_anything(const reader *r)
{
    for (size_t i = r->open; i < r->table->fields; i++) {
        if (r->text.data[r->table->field[i]] != '\0') {
            return true;
        }
    }
    return false;
}

static void on_row(int last, void *ctx)
{
    (void)last;
    reader *r = ctx;
    en_csv *t = r->table;
    en_csv_row *row = r->failed ? NULL : en_array_grow(t->row, t->rows, sizeof *row, NULL);
    if (row == NULL) {
        r->failed = true;
        return;
    }
    t->row = row;
    if (!says_anything(r)) { /* a spreadsheet's row of separators is an empty line */
        t->fields = r->open;
        return;
    }
    t->row[t->rows++] = (en_csv_row){.line = r->line, .first = r->open, .fields = t->fields - r->open};
    r->open = t->fields;
}

/* Parses line by line, so that every row knows its line number; a quoted field may span several lines. */
static en_status parse(reader *r, const char *path, const en_buf *file, const en_csv_begin *begin, en_error *err)
{
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL) != 0) {
        return en_error_nomem(err, "a CSV file");
    }
    csv_set_delim(&parser, (unsigned char)r->table->separator);
    const char *at = file->data + begin->at, *end = file->data + file->size;
    bool good = true;
    const char ending = memchr(at, '\n', (size_t)(end - at)) != NULL ? '\n' : '\r'; /* Macs once had this one alone */
    while (good && at < end) {
        const char *newline = memchr(at, ending, (size_t)(end - at));
        size_t bytes = newline != NULL ? (size_t)(newline - at) + 1 : (size_t)(end - at);
        r->line++;
        good = csv_parse(&parser, at, bytes, on_field, on_row, r) == bytes;
        at += bytes;
        if (r->line == begin->line + 1 && at < file->data + begin->rest) {
            at = file->data + begin->rest;
            r->line = begin->rest_line;
        }
    }
    good = csv_fini(&parser, on_field, on_row, r) == 0 && good;
    csv_free(&parser);
    if (r->failed) {
        return en_error_nomem(err, "a CSV file");
    }
    return good ? EN_OK : en_error_set(err, EN_INPUT, "'%s' line %zu: misplaced quote", path, r->line);
}

/* A page that asks for a login is what many downloads of a table are. */
static bool is_html(const char *text)
{
    text += strspn(text, " \t\r\n");
    return strncasecmp(text, "<!doctype html", 14) == 0 || strncasecmp(text, "<html", 5) == 0;
}

/* What follows DOS's mark of the end of a file is none of it. */
static void drop_end_mark(en_buf *text)
{
    while (text->size > 0 && text->data[text->size - 1] == '\x1A') {
        text->data[--text->size] = '\0';
    }
}

/* The file's text as UTF-8. */
static en_status read_text(const char *path, const char *encoding, en_buf *text, char sha256[EN_SHA256_HEX],
                           en_error *err)
{
    en_buf file, unpacked;
    en_buf_init(&file, FILE_MAX);
    en_buf_init(&unpacked, FILE_MAX);
    en_status st = en_file_exists(path) ? en_file_read(path, &file, err)
                                        : en_error_set(err, EN_INPUT, "there is no file '%s'", path);
    if (st == EN_OK) {
        st = en_sha256_bytes(file.data, file.size, sha256, err);
    }
    const en_buf *bytes = &file;
    if (st == EN_OK && en_unpack_known(file.data, file.size)) {
        st = en_unpack(path, file.data, file.size, &unpacked, err);
        bytes = &unpacked;
    }
    if (st == EN_OK && bytes->size == 0) {
        st = en_error_set(err, EN_INPUT, "'%s' is empty", path);
    }
    if (st == EN_OK) {
        st = en_charset_to_utf8(bytes->data, bytes->size, encoding, text, err);
        if (st == EN_INPUT) {
            en_error_prefix(err, "cannot read '%s'", path);
        }
    }
    if (st == EN_OK) {
        drop_end_mark(text);
    }
    if (st == EN_OK && text->size == 0) {
        st = en_error_set(err, EN_INPUT, "'%s' is empty", path);
    } else if (st == EN_OK && is_html(text->data)) {
        st = en_error_set(err, EN_INPUT, "'%s' is an HTML page, not a table", path);
    } else if (st == EN_OK && memchr(text->data, '\0', text->size) != NULL) {
        st = en_error_set(err, EN_INPUT, "'%s' is not a text file", path);
    }
    en_buf_clear(&file);
    en_buf_clear(&unpacked);
    return st;
}

en_status en_csv_read(const char *path, const char *encoding, en_csv *out, en_error *err)
{
    *out = (en_csv){0};
    en_buf file;
    en_buf_init(&file, 2 * FILE_MAX);
    reader r = {.table = out};
    en_buf_init(&r.text, 4 * FILE_MAX);
    en_status st = read_text(path, encoding, &file, out->sha256, err);
    if (st == EN_OK) {
        const en_csv_begin begin = en_csv_find_begin(file.data);
        out->separator = begin.separator;
        r.line = begin.line;
        st = parse(&r, path, &file, &begin, err);
    }
    if (st == EN_OK && out->rows == 0) {
        st = en_error_set(err, EN_INPUT, "'%s' is empty", path);
    }
    en_buf_clear(&file);
    out->text = r.text.data; /* ownership passes to the table */
    if (st != EN_OK) {
        en_csv_clear(out);
    }
    return st;
}

void en_csv_clear(en_csv *table)
{
    en_free(table->row);
    en_free(table->field);
    en_free(table->text);
    *table = (en_csv){0};
}

const char *en_csv_field(const en_csv *table, size_t row, size_t i)
{
    const en_csv_row *r = &table->row[row];
    return i < r->fields ? table->text + table->field[r->first + i] : "";
}

int en_csv_column(const en_csv *table, const char *name)
{
    size_t length = strlen(name);
    name = en_trimmed(name, &length);
    for (size_t i = 0; i < table->row[0].fields; i++) {
        const char *field = en_csv_field(table, 0, i);
        field += i == 0 && field[0] == '#' && *name != '#' ? 1 + strspn(field + 1, " ") : 0; /* in quotes */
        if (strlen(field) == length && strncasecmp(field, name, length) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int en_csv_column_of(const en_csv *table, const char *const *names)
{
    int found = -1;
    for (size_t i = 0; found < 0 && names[i] != NULL; i++) {
        found = en_csv_column(table, names[i]);
    }
    return found;
}
