/* Reads a whole CSV file. libcsv calls back for every field and every line. */
#include "archive/csv.h"

#include <csv.h>
#include <string.h>
#include <strings.h>

#include "archive/unpack.h"
#include "base/charset.h"
#include "base/file.h"
#include "base/memory.h"

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
    r->failed = en_buf_add(&r->text, data, bytes, &err) != EN_OK || en_buf_add(&r->text, "", 1, &err) != EN_OK;
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
    t->row[t->rows++] = (en_csv_row){.line = r->line, .first = r->open, .fields = t->fields - r->open};
    r->open = t->fields;
}

/* A space is the separator only when there is no other candidate: names may contain spaces. */
static char guess_separator(const char *text)
{
    static const char candidate[] = ",;\t";
    size_t length = strcspn(text, "\r\n"), most = 0;
    char best = ' ';
    for (const char *c = candidate; *c != '\0'; c++) {
        size_t count = 0;
        for (size_t i = 0; i < length; i++) {
            count += text[i] == *c;
        }
        if (count > most) {
            most = count;
            best = *c;
        }
    }
    return best;
}

/* Parses line by line, so that every row knows its line number; a quoted field may span several lines. */
static en_status parse(reader *r, const char *path, const en_buf *file, size_t from, en_error *err)
{
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL) != 0) {
        return en_error_nomem(err, "a CSV file");
    }
    csv_set_delim(&parser, (unsigned char)r->table->separator);
    const char *at = file->data + from, *end = file->data + file->size;
    bool good = true;
    while (good && at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t bytes = newline != NULL ? (size_t)(newline - at) + 1 : (size_t)(end - at);
        r->line++;
        good = csv_parse(&parser, at, bytes, on_field, on_row, r) == bytes;
        at += bytes;
    }
    good = csv_fini(&parser, on_field, on_row, r) == 0 && good;
    csv_free(&parser);
    if (r->failed) {
        return en_error_nomem(err, "a CSV file");
    }
    return good ? EN_OK : en_error_set(err, EN_INPUT, "'%s' line %zu: misplaced quote", path, r->line);
}

/* Excel's first line "sep=;" names the separator; returns what follows it. */
static size_t skip_sep_line(const en_buf *file, char *separator)
{
    if (file->size < 6 || strncasecmp(file->data, "sep=", 4) != 0 || strchr(",;\t|", file->data[4]) == NULL ||
        (file->data[5] != '\r' && file->data[5] != '\n')) {
        return 0;
    }
    *separator = file->data[4];
    return file->data[5] == '\r' && file->size > 6 && file->data[6] == '\n' ? 7 : 6;
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
    if (st == EN_OK && text->size == 0) {
        st = en_error_set(err, EN_INPUT, "'%s' is empty", path);
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
        size_t skipped = skip_sep_line(&file, &out->separator);
        r.line = skipped > 0;
        out->separator = skipped > 0 ? out->separator : guess_separator(file.data);
        st = parse(&r, path, &file, skipped, err);
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

/* Where the text begins behind the spaces before it, and its length without those behind it. */
static const char *without_spaces(const char *text, size_t *length)
{
    text += strspn(text, " \t\r\n");
    *length = strlen(text);
    while (*length > 0 && strchr(" \t\r\n", text[*length - 1]) != NULL) {
        (*length)--;
    }
    return text;
}

int en_csv_column(const en_csv *table, const char *name)
{
    size_t length, wanted;
    name = without_spaces(name, &wanted);
    for (size_t i = 0; i < table->row[0].fields; i++) {
        const char *field = without_spaces(en_csv_field(table, 0, i), &length);
        if (length == wanted && strncasecmp(field, name, length) == 0) {
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
