/* split audit: every row gets the number of its photograph and of its patient; parts that have a number both leak. */
#include "intake/audit.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "catalog/name.h"
#include "catalog/part.h"
#include "intake/label_file.h"
#include "intake/variant_name.h"

/* Columns that public collections and competitions name parts by. */
static const char *const known_part[] = {"Usage", "part", "split", "set", "fold", "partition", "subset", NULL};

#define NO_PART SIZE_MAX

typedef struct audit_row {
    char *name;    /* of the photograph: without extension, and without folders unless they count */
    char *patient; /* NULL: not known */
    size_t part;
    size_t photograph_id, patient_id;
} audit_row;

typedef struct audit {
    const en_audit_options *options;
    en_audit_result *result;
    const char *pattern;
    audit_row *row;
    size_t rows;
    char *part[EN_AUDIT_PARTS_MAX];
    size_t parts;
} audit;

/* A text of a row, for sorting. */
typedef struct key {
    const char *text;
    size_t row;
} key;

static int by_text(const void *a, const void *b) { return strcmp(((const key *)a)->text, ((const key *)b)->text); }

/* Parts */

static en_status find_part(audit *a, const char *word, size_t *part, en_error *err)
{
    for (size_t i = 0; i < a->parts; i++) {
        if (strcasecmp(a->part[i], word) == 0) {
            *part = i;
            return EN_OK;
        }
    }
    if (a->parts == EN_AUDIT_PARTS_MAX) {
        return en_error_hint(
            err, en_error_set(err, EN_INPUT, "'%s' names more than %d parts", a->options->file[0], EN_AUDIT_PARTS_MAX),
            "name the column that tells the part with --column");
    }
    a->part[a->parts] = en_strdup(word);
    if (a->part[a->parts] == NULL) {
        return en_error_nomem(err, "an audit");
    }
    *part = a->parts++;
    return EN_OK;
}

/* Rows come in the order of the file; which of them are for testing depends on their number and the seed alone. */
static en_status draw_parts(audit *a, en_error *err)
{
    uint32_t *order = en_calloc(a->rows, sizeof *order);
    size_t train, test, count = (size_t)(a->options->random * (double)a->rows + 0.5);
    en_status st = order != NULL ? find_part(a, "train", &train, err) : en_error_nomem(err, "an audit");
    if (st == EN_OK) {
        st = find_part(a, "test", &test, err);
    }
    if (st == EN_OK && (count == 0 || count == a->rows)) {
        st = en_error_set(err, EN_INPUT, "'%s': %g of %zu rows leave a part empty", a->options->file[0],
                          a->options->random, a->rows);
    }
    if (st == EN_OK) {
        en_random r = en_random_init(a->options->seed, 0, 0, EN_FOR_SPLIT);
        for (size_t i = 0; i < a->rows; i++) {
            order[i] = (uint32_t)i;
        }
        en_random_shuffle(&r, order, a->rows);
        for (size_t i = 0; i < a->rows; i++) {
            a->row[order[i]].part = i < count ? test : train;
        }
    }
    en_free(order);
    return st;
}

/* train, val, test, others. */
static unsigned rank(const char *word)
{
    en_part part;
    return en_catalog_part_of(NULL, word, &part, NULL) == EN_OK ? (unsigned)part : (unsigned)EN_PARTS;
}

/* order[]: the parts, those that are trained on first; equal ones as they come. */
static void order_parts(const audit *a, size_t order[EN_AUDIT_PARTS_MAX])
{
    for (size_t i = 0; i < a->parts; i++) {
        size_t at = i;
        for (; at > 0 && rank(a->part[order[at - 1]]) > rank(a->part[i]); at--) {
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
}

/* Rows */

static en_status part_column(const audit *a, const en_csv *csv, const en_label_options *columns, bool header,
                             size_t *column, en_error *err)
{
    const en_audit_options *o = a->options;
    *column = EN_NO_COLUMN;
    if (o->files > 1 || o->random > 0) {
        return EN_OK;
    }
    if (o->part_column != NULL) {
        return en_label_named_column(csv, columns, o->part_column, header, column, err);
    }
    for (size_t i = 0; header && known_part[i] != NULL; i++) {
        int found = en_csv_column(csv, known_part[i]);
        if (found >= 0) {
            *column = (size_t)found;
            return EN_OK;
        }
    }
    return en_error_hint(err, en_error_set(err, EN_USAGE, "'%s' has no column that names parts", o->file[0]),
                         "name it with --column, give a file for each part, or draw parts with --random 0.2");
}

/* The patient of a row; NULL where it is not known. */
static en_status read_patient(const audit *a, const char *path, const char *given, char **out, en_error *err)
{
    en_catalog_name name;
    *out = NULL;
    if (*given != '\0') {
        *out = en_strdup(given);
        return *out != NULL ? EN_OK : en_error_nomem(err, "an audit");
    }
    en_status st = en_catalog_name_parse(path, &name, err);
    if (st == EN_OK && a->pattern != NULL && !en_catalog_pattern_match(a->pattern, path, &name)) {
        name.from = EN_PATIENT_UNKNOWN;
    }
    if (st == EN_OK && name.from != EN_PATIENT_UNKNOWN) {
        *out = en_strdup(name.patient);
        st = *out != NULL ? EN_OK : en_error_nomem(err, "an audit");
    }
    return st;
}

static char *copy_name(const char *path, bool folders)
{
    size_t length = en_catalog_stem_length(path), from = length;
    while (from > 0 && (folders || (path[from - 1] != '/' && path[from - 1] != '\\'))) {
        from--;
    }
    char *name = en_strndup(path + from, length - from);
    for (char *c = name; c != NULL && *c != '\0'; c++) {
        *c = *c == '\\' ? '/' : *c;
    }
    return name;
}

static en_status read_row(audit *a, const char *path, const char *patient, en_error *err)
{
    audit_row *row = en_array_grow(a->row, a->rows, sizeof *row, err);
    if (row == NULL) {
        return EN_NOMEM;
    }
    a->row = row;
    row += a->rows;
    *row = (audit_row){.name = copy_name(path, a->options->folders), .part = NO_PART};
    if (row->name == NULL) {
        return en_error_nomem(err, "an audit");
    }
    a->rows++;
    return read_patient(a, path, patient, &row->patient, err);
}

/* The field for the part, or the file as a whole, says which part a row is in. */
static en_status put_into_part(audit *a, const char *word, en_error *err)
{
    if (*word == '\0') {
        a->result->without_part++;
        return EN_OK;
    }
    return find_part(a, word, &a->row[a->rows - 1].part, err);
}

/* "sets/test.csv" -> "test". */
static char *name_of_file(const char *path)
{
    const char *base = en_path_base(path);
    size_t length = strcspn(base, ".");
    return en_strndup(base, length > 0 ? length : strlen(base));
}

static en_status read_rows(audit *a, const char *file, const en_csv *csv, en_error *err)
{
    const en_audit_options *o = a->options;
    const en_label_options columns = {.file = file,
                                      .image_column = o->image_column,
                                      .patient_column = o->patient_column,
                                      .no_header = o->no_header,
                                      .patients_only = true};
    en_label_columns c;
    size_t part;
    en_status st = en_label_find_columns(NULL, csv, &columns, &c, err);
    if (st == EN_OK) {
        st = part_column(a, csv, &columns, c.header, &part, err);
    }
    char *whole = name_of_file(file);
    if (st == EN_OK && whole == NULL) {
        st = en_error_nomem(err, "an audit");
    }
    for (size_t row = c.header ? 1 : 0; st == EN_OK && row < csv->rows; row++) {
        const char *patient = c.patient != EN_NO_COLUMN ? en_csv_field(csv, row, c.patient) : "";
        st = read_row(a, en_csv_field(csv, row, c.image), patient, err);
        if (st == EN_OK && o->random <= 0) {
            st = put_into_part(a, part != EN_NO_COLUMN ? en_csv_field(csv, row, part) : whole, err);
        }
        if (st != EN_OK) {
            en_error_prefix(err, "'%s' line %zu", file, csv->row[row].line);
        }
    }
    en_free(whole);
    return st;
}

static en_status read_files(audit *a, en_error *err)
{
    const en_audit_options *o = a->options;
    en_status st = EN_OK;
    for (size_t i = 0; i < o->files && st == EN_OK; i++) {
        en_csv csv;
        st = en_csv_read(o->file[i], o->encoding, &csv, err);
        if (st == EN_OK) {
            st = read_rows(a, o->file[i], &csv, err);
            en_csv_clear(&csv);
        }
    }
    if (st == EN_OK && a->rows == 0) {
        st = en_error_set(err, EN_INPUT, "'%s' has no rows", o->file[0]);
    }
    if (st == EN_OK && o->random > 0) {
        st = draw_parts(a, err);
    }
    if (st == EN_OK && a->parts < 2) {
        st = en_error_set(err, EN_INPUT, "'%s' names only %zu part: an audit compares two", o->file[0], a->parts);
    }
    return st;
}

/* Photographs and patients */

static en_status sorted_names(const audit *a, key **out, en_error *err)
{
    *out = en_calloc(a->rows, sizeof **out);
    if (*out == NULL) {
        return en_error_nomem(err, "an audit");
    }
    for (size_t i = 0; i < a->rows; i++) {
        (*out)[i] = (key){a->row[i].name, i};
    }
    qsort(*out, a->rows, sizeof **out, by_text);
    return EN_OK;
}

/* Whether the first `length` bytes of a name are a name themselves. *scratch has space for them. */
static bool is_name(const audit *a, const key *names, const char *name, size_t length, char *scratch)
{
    memcpy(scratch, name, length);
    scratch[length] = '\0';
    const key wanted = {scratch, 0};
    return bsearch(&wanted, names, a->rows, sizeof *names, by_text) != NULL;
}

static size_t photograph_length(const audit *a, const key *names, const char *name, char *scratch)
{
    size_t length = strlen(name);
    for (;;) {
        size_t words = en_variant_words_off(name, length), rest = en_variant_angle_off(name, words);
        if (rest < words && !en_variant_ends_with_eye(name, rest) && !is_name(a, names, name, rest, scratch)) {
            rest = words;
        }
        if (rest == length) {
            return length;
        }
        length = rest;
    }
}

/* Numbers equal texts alike, from 0; *count: different ones. */
static void number(key *keys, size_t count, audit_row *row, bool patients, int64_t *different)
{
    size_t id = 0;
    qsort(keys, count, sizeof *keys, by_text);
    for (size_t i = 0; i < count; i++) {
        id += i > 0 && strcmp(keys[i].text, keys[i - 1].text) != 0;
        *(patients ? &row[keys[i].row].patient_id : &row[keys[i].row].photograph_id) = id;
    }
    *different = count > 0 ? (int64_t)id + 1 : 0;
}

/* A photograph's text is its patient, if known, and its name; of an unknown patient, that text is the patient's, too.
 */
static en_status identify(audit *a, en_error *err)
{
    key *names = NULL, *keys = en_calloc(a->rows, sizeof *keys);
    char **text = en_calloc(a->rows, sizeof *text), scratch[EN_CATALOG_PATH_MAX];
    en_status st = keys != NULL && text != NULL ? sorted_names(a, &names, err) : en_error_nomem(err, "an audit");
    for (size_t i = 0; i < a->rows && st == EN_OK; i++) {
        const audit_row *row = &a->row[i];
        if (strlen(row->name) >= sizeof scratch) {
            st = en_error_set(err, EN_INPUT, "'%.80s...' is too long for a path", row->name);
            break;
        }
        size_t length = photograph_length(a, names, row->name, scratch);
        text[i] = en_format("%s\n%.*s", row->patient != NULL ? row->patient : "", (int)length, row->name);
        keys[i] = (key){text[i], i};
        st = text[i] != NULL ? EN_OK : en_error_nomem(err, "an audit");
        a->result->known += row->patient != NULL;
    }
    if (st == EN_OK) {
        number(keys, a->rows, a->row, false, &a->result->photographs);
        for (size_t i = 0; i < a->rows; i++) {
            keys[i] = (key){a->row[i].patient != NULL ? a->row[i].patient : text[i], i};
        }
        number(keys, a->rows, a->row, true, &a->result->patients);
    }
    for (size_t i = 0; text != NULL && i < a->rows; i++) {
        en_free(text[i]);
    }
    en_free(text);
    en_free(keys);
    en_free(names);
    return st;
}

/* Comparison */

static en_status compare(audit *a, size_t part, size_t against, bool *seen, en_error *err)
{
    en_audit_result *r = a->result;
    en_audit_pair *pair = en_array_grow(r->pair, r->pairs, sizeof *pair, err);
    if (pair == NULL) {
        return EN_NOMEM;
    }
    r->pair = pair;
    pair += r->pairs++;
    *pair = (en_audit_pair){.part = en_strdup(a->part[part]), .against = en_strdup(a->part[against])};
    if (pair->part == NULL || pair->against == NULL) {
        return en_error_nomem(err, "an audit");
    }
    bool *photograph = seen, *patient = seen + a->rows;
    memset(seen, 0, 2 * a->rows * sizeof *seen);
    for (size_t i = 0; i < a->rows; i++) {
        const audit_row *row = &a->row[i];
        photograph[row->photograph_id] = photograph[row->photograph_id] || row->part == against;
        patient[row->patient_id] = patient[row->patient_id] || row->part == against;
    }
    for (size_t i = 0; i < a->rows; i++) {
        const audit_row *row = &a->row[i];
        pair->rows += row->part == part;
        pair->same_photograph += row->part == part && photograph[row->photograph_id];
        pair->same_patient += row->part == part && patient[row->patient_id];
    }
    pair->photograph_percent = 100.0 * (double)pair->same_photograph / (double)pair->rows;
    pair->patient_percent = 100.0 * (double)pair->same_patient / (double)pair->rows;
    return EN_OK;
}

static en_status compare_all(audit *a, en_error *err)
{
    size_t order[EN_AUDIT_PARTS_MAX] = {0};
    bool *seen = en_calloc(2 * a->rows, sizeof *seen);
    en_status st = seen != NULL ? EN_OK : en_error_nomem(err, "an audit");
    order_parts(a, order);
    for (size_t i = 1; i < a->parts && st == EN_OK; i++) {
        for (size_t j = 0; j < i && st == EN_OK; j++) {
            st = compare(a, order[i], order[j], seen, err);
        }
    }
    en_free(seen);
    return st;
}

static en_status verdict(const en_audit_result *r, en_error *err)
{
    for (size_t i = 0; i < r->pairs; i++) {
        if (r->pair[i].same_patient > 0) {
            return en_error_hint(err, en_error_set(err, EN_FAILED, "the parts have patients in common"),
                                 "'eyenet split' assigns whole patients");
        }
    }
    return EN_OK;
}

en_status en_audit(const en_audit_options *options, en_audit_result *result, en_error *err)
{
    *result = (en_audit_result){0};
    audit a = {.options = options, .result = result};
    en_status st = options->names != NULL ? en_catalog_pattern(options->names, &a.pattern, err) : EN_OK;
    if (st == EN_OK) {
        st = read_files(&a, err);
    }
    if (st == EN_OK) {
        st = identify(&a, err);
    }
    if (st == EN_OK) {
        st = compare_all(&a, err);
    }
    result->rows = (int64_t)a.rows;
    for (size_t i = 0; i < a.rows; i++) {
        en_free(a.row[i].name);
        en_free(a.row[i].patient);
    }
    en_free(a.row);
    for (size_t i = 0; i < a.parts; i++) {
        en_free(a.part[i]);
    }
    return st == EN_OK ? verdict(result, err) : st;
}

void en_audit_clear(en_audit_result *result)
{
    for (size_t i = 0; i < result->pairs; i++) {
        en_free(result->pair[i].part);
        en_free(result->pair[i].against);
    }
    en_free(result->pair);
    *result = (en_audit_result){0};
}
