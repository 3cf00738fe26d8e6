/* export folder: every sample of a recipe, with a line of CSV for each, as a folder that PyTorch trains from. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/version.h"
#include "catalog/facts.h"
#include "catalog/sample.h"
#include "catalog/split.h"
#include "dataset/dataset.h"
#include "export/csv.h"
#include "training/export_data.h"
#include "training/export_pixels.h"

#define CSV_CAP ((size_t)1 << 30)

typedef struct folder {
    en_recipe recipe;
    int64_t recipe_id;
    char *recipe_text;
    en_catalog_split split; /* zeroed: none */
    en_catalog_facts facts;
    en_catalog_items items;
    en_loader loader;
    char *part; /* where it is made */
} folder;

static en_status find_split(en_project *project, const char *name, folder *f, en_error *err)
{
    en_status st = en_catalog_split_find(project->catalog, name, &f->split, err);
    if (st == EN_DONE && name != NULL) {
        return en_error_hint(err, en_error_set(err, EN_INPUT, "there is no split '%s'", name),
                             "'eyenet sql \"SELECT name FROM split\"' lists them");
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status load(en_project *project, const en_export_data_options *o, folder *f, en_error *err)
{
    en_status st = find_split(project, o->split, f, err);
    if (st == EN_OK) {
        st = en_dataset_recipe(project, o->recipe, &f->recipe, &f->recipe_id, &f->recipe_text, err);
    }
    if (st == EN_OK) {
        st = en_catalog_facts_of_samples(project->catalog, f->recipe_id, f->split.name != NULL ? f->split.id : -1,
                                         &f->facts, err);
    }
    if (st == EN_OK && f->facts.count == 0) {
        st = en_error_set(err, EN_INPUT, "no accepted photograph has a sample of recipe '%s'", f->recipe_text);
    }
    if (st == EN_OK) {
        st = en_catalog_items_of_facts(project->catalog, f->recipe_id, &f->facts, &f->items, err);
    }
    return st == EN_OK ? en_loader_open_unchecked(project, &f->items, f->recipe.size, &f->loader, err) : st;
}

static void clear(folder *f)
{
    en_loader_close(&f->loader);
    en_catalog_items_clear(&f->items);
    en_catalog_facts_clear(&f->facts);
    en_catalog_split_clear(&f->split);
    en_free(f->recipe_text);
    en_free(f->part);
}

static en_status write_samples(en_project *project, const folder *f, const char *path, en_error *err)
{
    en_buf header;
    int64_t bytes = 0;
    en_writer w = {0};
    const en_export_sink sink = {en_export_to_writer, &w};
    en_buf_init(&header, EN_NPY_HEADER_MAX);
    en_status st = en_export_pixels_header(&f->loader, &header, &bytes, err);
    if (st == EN_OK) {
        st = en_file_check_space(f->part, bytes, err);
    }
    if (st == EN_OK) {
        st = en_writer_open(&w, path, err);
    }
    if (st == EN_OK) {
        st = en_writer_write(&w, header.data, header.size, err);
    }
    if (st == EN_OK) {
        st = en_export_pixels(project, &f->loader, &sink, err);
    }
    if (st == EN_OK) {
        st = en_writer_commit(&w, err);
    }
    en_writer_abort(&w);
    en_buf_clear(&header);
    return st;
}

static en_status add_line(en_buf *out, size_t row, const en_catalog_fact *fact, en_error *err)
{
    const char *const text[] = {fact->image, fact->dataset, fact->patient, fact->eye, en_word(&en_parts, fact->part)};
    const int64_t number[] = {fact->grade, fact->gradable, fact->eyeq};
    en_status st = en_csv_number(out, true, (int64_t)row, err);
    for (size_t i = 0; st == EN_OK && i < sizeof text / sizeof *text; i++) {
        st = en_csv_text(out, false, text[i], err);
    }
    for (size_t i = 0; st == EN_OK && i < sizeof number / sizeof *number; i++) {
        st = en_csv_number(out, false, number[i], err);
    }
    if (st == EN_OK) {
        st = en_csv_text(out, false, fact->sha256, err);
    }
    return st == EN_OK ? en_buf_text(out, "\n", err) : st;
}

static en_status write_table(const folder *f, const char *path, en_error *err)
{
    en_buf csv;
    en_buf_init(&csv, CSV_CAP);
    en_status st = en_buf_text(&csv, "row,image,dataset,patient,eye,part,grade,gradable,eyeq,sha256\n", err);
    for (size_t i = 0; st == EN_OK && i < f->facts.count; i++) {
        st = add_line(&csv, i, &f->facts.row[i], err);
    }
    if (st == EN_OK) {
        st = en_file_write(path, csv.data, csv.size, err);
    }
    en_buf_clear(&csv);
    return st;
}

static en_status write_about(const folder *f, const char *path, en_error *err)
{
    char *version = en_format("eyenet %s (%s)", en_version(), en_commit());
    json_t *about =
        version == NULL
            ? NULL
            : json_pack("{s:s, s:s, s:s, s:s, s:s?, s:I, s:[IIII], s:s}", "format", "eyenet folder 1", "samples",
                        "samples.npy", "table", "splits.csv", "recipe", f->recipe_text, "split", f->split.name, "rows",
                        (json_int_t)f->items.count, "shape", (json_int_t)f->items.count, (json_int_t)f->recipe.size,
                        (json_int_t)f->recipe.size, (json_int_t)EN_PACK_CHANNELS, "exported_with", version);
    char *text = about != NULL ? json_dumps(about, JSON_INDENT(2)) : NULL;
    en_status st = text != NULL ? en_file_write(path, text, strlen(text), err) : en_error_nomem(err, "about.json");
    free(text);
    json_decref(about);
    en_free(version);
    return st;
}

static en_status write_all(en_project *project, const folder *f, en_error *err)
{
    char *samples = en_path_join(f->part, "samples.npy"), *table = en_path_join(f->part, "splits.csv"),
         *about = en_path_join(f->part, "about.json");
    en_status st = samples != NULL && table != NULL && about != NULL ? write_samples(project, f, samples, err)
                                                                     : en_error_nomem(err, "a path");
    if (st == EN_OK) {
        st = write_table(f, table, err);
    }
    if (st == EN_OK) {
        st = write_about(f, about, err);
    }
    en_free(samples);
    en_free(table);
    en_free(about);
    return st;
}

/* Before the work, so that it is not done in vain; the rename refuses it, too. */
static en_status check_place(const char *path, en_error *err)
{
    en_names names = {0};
    if (!en_file_exists(path)) {
        return EN_OK;
    }
    en_status st = en_file_list(path, &names, err);
    if (st == EN_OK && names.count > 0) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "the folder '%s' is not empty", path),
                           "name another folder, or remove that one");
    }
    en_names_free(&names);
    return st;
}

/* "a/b//" -> "a/b" */
static char *without_slashes(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    return en_strndup(path, length);
}

static en_status publish(const folder *f, const char *path, en_error *err)
{
    if (rename(f->part, path) != 0) {
        return en_error_errno(err, "cannot make the folder '%s'", path);
    }
    return en_file_sync_folder(path, err);
}

en_status en_export_folder(en_project *project, const en_export_data_options *o, en_export_data_result *r,
                           en_error *err)
{
    folder f = {0};
    *r = (en_export_data_result){.file = without_slashes(o->file), .classes = -1, .left_out = -1};
    en_status st = r->file != NULL ? check_place(r->file, err) : en_error_nomem(err, "a path");
    if (st == EN_OK) {
        st = load(project, o, &f, err);
    }
    if (st == EN_OK && (f.part = en_format("%s.part-%ld", r->file, (long)getpid())) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    if (st == EN_OK) {
        st = en_file_mkdirs(f.part, err);
    }
    if (st == EN_OK) {
        st = write_all(project, &f, err);
        st = st == EN_OK ? publish(&f, r->file, err) : st;
        if (st != EN_OK) {
            en_status removed = en_file_remove_tree(f.part, NULL);
            (void)removed;
        }
    }
    if (st == EN_OK) {
        char *samples = en_path_join(r->file, "samples.npy");
        (void)snprintf(r->format, sizeof r->format, "folder");
        (void)snprintf(r->split, sizeof r->split, "%s", f.split.name != NULL ? f.split.name : "");
        (void)snprintf(r->recipe, sizeof r->recipe, "%s", f.recipe_text);
        en_export_pixels_shape(&f.loader, r->shape, sizeof r->shape);
        r->rows = (int64_t)f.items.count;
        r->patients = -1;
        st = samples != NULL ? en_file_size(samples, &r->bytes, err) : en_error_nomem(err, "a path");
        en_free(samples);
    }
    clear(&f);
    return st;
}
