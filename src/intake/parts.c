/* Reads the parts of a split from a file, and finds the image of each row. */
#include "intake/parts.h"

#include <stdlib.h>

#include "base/memory.h"
#include "catalog/dataset.h"
#include "catalog/match.h"
#include "intake/label_file.h"

typedef struct parts_file {
    en_project *project;
    const en_parts_options *options;
    en_csv csv;
    size_t image, part; /* columns */
    bool header;
    en_catalog_matcher matcher;
    int64_t dataset_id; /* -1: any */
} parts_file;

/* A row that gave an image its part. */
typedef struct giving {
    en_given_part given;
    size_t row;
} giving;

static int by_image(const void *a, const void *b)
{
    const giving *x = a, *y = b;
    int order = (x->given.image_id > y->given.image_id) - (x->given.image_id < y->given.image_id);
    return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

static en_status find_columns(parts_file *f, en_error *err)
{
    const en_parts_options *o = f->options;
    const en_label_options columns = {
        .file = o->file, .image_column = o->image_column, .no_header = o->no_header, .patients_only = true};
    en_label_columns found;
    en_status st = en_label_find_columns(f->project->catalog, &f->csv, &columns, &found, err);
    f->image = found.image;
    f->header = found.header;
    return st == EN_OK ? en_label_named_column(&f->csv, &columns, o->part_column, found.header, &f->part, err) : st;
}

/* EN_DONE: the row gives no part, or none to an image of the catalog. */
static en_status read_row(parts_file *f, size_t row, giving *out, int64_t *skipped, en_error *err)
{
    const en_parts_options *o = f->options;
    const en_catalog_wanted wanted = {
        .path = en_csv_field(&f->csv, row, f->image), .dataset_id = f->dataset_id, .folder = o->folder};
    *out = (giving){.row = row};
    en_status st = en_catalog_part_of(o->map, en_csv_field(&f->csv, row, f->part), &out->given.part, err);
    if (st != EN_OK || out->given.part == EN_PART_NONE) {
        return st == EN_OK ? EN_DONE : st;
    }
    st = en_catalog_match(&f->matcher, &wanted, &out->given.image_id, NULL, err);
    if (st == EN_DONE && o->skip_unknown) {
        (*skipped)++;
    } else if (st == EN_DONE) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "image '%s' is not in the catalog", wanted.path),
                           "ingest it first, or use --skip-unknown");
    }
    return st;
}

static en_status refuse_two_parts(const parts_file *f, const giving *a, const giving *b, en_error *err)
{
    return en_error_set(err, EN_INPUT, "'%s' line %zu: '%s' is in part %s here and in part %s in line %zu",
                        f->options->file, f->csv.row[b->row].line, en_csv_field(&f->csv, b->row, f->image),
                        en_word(&en_parts, b->given.part), en_word(&en_parts, a->given.part), f->csv.row[a->row].line);
}

/* One row per image. */
static en_status check_agreement(const parts_file *f, giving *all, size_t count, en_given_parts *out, en_error *err)
{
    qsort(all, count, sizeof *all, by_image);
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && all[i - 1].given.image_id == all[i].given.image_id;
        if (again && all[i - 1].given.part != all[i].given.part) {
            return refuse_two_parts(f, &all[i - 1], &all[i], err);
        }
        if (!again) {
            out->row[out->count++] = all[i].given;
        }
    }
    return EN_OK;
}

static en_status read_rows(parts_file *f, en_given_parts *out, int64_t *skipped, en_error *err)
{
    size_t count = 0;
    giving *all = en_calloc(f->csv.rows, sizeof *all);
    out->row = en_calloc(f->csv.rows, sizeof *out->row);
    en_status st = all != NULL && out->row != NULL ? EN_OK : en_error_nomem(err, "a split");
    for (size_t row = f->header ? 1 : 0; st == EN_OK && row < f->csv.rows; row++) {
        st = read_row(f, row, &all[count], skipped, err);
        if (st == EN_OK) {
            count++;
        } else if (st == EN_DONE) {
            st = EN_OK;
        } else {
            en_error_prefix(err, "'%s' line %zu", f->options->file, f->csv.row[row].line);
        }
    }
    if (st == EN_OK) {
        st = check_agreement(f, all, count, out, err);
    }
    en_free(all);
    return st;
}

en_status en_parts_read(en_project *project, const en_parts_options *options, en_given_parts *out, int64_t *skipped,
                        en_error *err)
{
    parts_file f = {.project = project, .options = options, .matcher = {.catalog = project->catalog}, .dataset_id = -1};
    *out = (en_given_parts){0};
    *skipped = 0;
    en_status st = en_catalog_part_map_check(options->map, err);
    if (st == EN_OK) {
        st = en_csv_read(options->file, options->encoding, &f.csv, err);
    }
    if (st == EN_OK) {
        st = find_columns(&f, err);
    }
    if (st == EN_OK && options->dataset != NULL) {
        st = en_catalog_dataset_get(project->catalog, options->dataset, &f.dataset_id, err);
    }
    if (st == EN_OK) {
        st = read_rows(&f, out, skipped, err);
    }
    if (st == EN_OK) {
        en_catalog_matcher_note(&f.matcher, &project->events);
    }
    en_catalog_matcher_clear(&f.matcher);
    en_csv_clear(&f.csv);
    if (st != EN_OK) {
        en_free(out->row);
        *out = (en_given_parts){0};
    }
    return st;
}
