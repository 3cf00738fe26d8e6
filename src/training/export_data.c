/* export npy and npz: a subset's pixels and what is known of them. */
#include "training/export_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/writer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/facts.h"
#include "dataset/dataset.h"
#include "training/export_pixels.h"

enum { IMAGE, DATASET, PATIENT, EYE, PART, LABEL, TEXTS };
enum { CLASS, GRADE, GRADABLE, EYEQ, MIRROR, ROTATION, NUMBERS };

typedef struct export
{
    en_dataset data;
    en_catalog_facts facts;
    const char **text[TEXTS]; /* [items] each; the arrays are owned, their texts are not */
    int32_t *number[NUMBERS];
    const char **class_name; /* [classes], of the items' targets */
    size_t classes;
    char *recipe;
    en_npy_column column[TEXTS + NUMBERS];
    en_npy_table table;
}
export;

static int by_label(const void *a, const void *b)
{
    return en_natural_compare(*(const char *const *)a, *(const char *const *)b);
}

static en_status find_classes(export *x, en_error *err)
{
    const en_catalog_items *items = &x->data.items;
    x->class_name = en_calloc(items->count, sizeof *x->class_name);
    if (x->class_name == NULL) {
        return en_error_nomem(err, "classes");
    }
    for (size_t i = 0; i < items->count; i++) {
        x->class_name[i] = items->item[i].target;
    }
    qsort(x->class_name, items->count, sizeof *x->class_name, by_label);
    for (size_t i = 0; i < items->count; i++) {
        if (x->classes == 0 || by_label(&x->class_name[x->classes - 1], &x->class_name[i]) != 0) {
            x->class_name[x->classes++] = x->class_name[i];
        }
    }
    return EN_OK;
}

static void fill_row(export *x, size_t i)
{
    const en_catalog_item *item = &x->data.items.item[i];
    const en_catalog_fact *fact = en_catalog_fact_find(&x->facts, item->variant_id);
    const char *const *class = bsearch(&item->target, x->class_name, x->classes, sizeof *x->class_name, by_label);
    x->text[IMAGE][i] = item->image;
    x->text[LABEL][i] = item->target;
    x->number[CLASS][i] = (int32_t)(class - x->class_name);
    x->number[MIRROR][i] = item->mirror;
    x->number[ROTATION][i] = item->rotation;
    x->text[DATASET][i] = fact != NULL ? fact->dataset : NULL;
    x->text[PATIENT][i] = fact != NULL ? fact->patient : NULL;
    x->text[EYE][i] = fact != NULL ? fact->eye : NULL;
    x->text[PART][i] = fact != NULL ? en_word(&en_parts, fact->part) : NULL;
    x->number[GRADE][i] = fact != NULL ? (int32_t)fact->grade : -1;
    x->number[GRADABLE][i] = fact != NULL ? (int32_t)fact->gradable : -1;
    x->number[EYEQ][i] = fact != NULL ? (int32_t)fact->eyeq : -1;
}

static en_status make_table(export *x, en_error *err)
{
    static const char *const text_name[TEXTS] = {"image", "dataset", "patient", "eye", "part", "label"};
    static const char *const number_name[NUMBERS] = {"class", "grade", "gradable", "eyeq", "mirror", "rotation"};
    size_t count = x->data.items.count;
    bool short_of_memory = false;
    for (size_t i = 0; i < TEXTS; i++) {
        x->text[i] = en_calloc(count, sizeof *x->text[i]);
        x->column[i] = (en_npy_column){text_name[i], x->text[i], NULL};
        short_of_memory |= x->text[i] == NULL;
    }
    for (size_t i = 0; i < NUMBERS; i++) {
        x->number[i] = en_calloc(count, sizeof *x->number[i]);
        x->column[TEXTS + i] = (en_npy_column){number_name[i], NULL, x->number[i]};
        short_of_memory |= x->number[i] == NULL;
    }
    if (short_of_memory) {
        return en_error_nomem(err, "labels");
    }
    for (size_t i = 0; i < count; i++) {
        fill_row(x, i);
    }
    x->table = (en_npy_table){x->column, TEXTS + NUMBERS, count, false};
    return EN_OK;
}

static int64_t count_patients(const export *x)
{
    size_t count = x->data.items.count, patients = 0;
    const char **name = en_calloc(count, sizeof *name);
    for (size_t i = 0; name != NULL && i < count; i++) {
        name[i] = x->text[PATIENT][i] != NULL ? x->text[PATIENT][i] : "";
    }
    if (name == NULL) {
        return -1;
    }
    qsort(name, count, sizeof *name, by_label);
    for (size_t i = 0; i < count; i++) {
        patients += i == 0 || by_label(&name[i - 1], &name[i]) != 0;
    }
    en_free(name);
    return (int64_t)patients;
}

static en_status load(en_project *project, const en_export_data_options *o, export *x, en_error *err)
{
    en_recipe recipe;
    int64_t recipe_id;
    en_status st = en_catalog_subset_get(project->catalog, o->subset, &x->data.subset, err);
    if (st == EN_OK) {
        st = en_dataset_recipe(project, o->recipe, &recipe, &recipe_id, &x->recipe, err);
    }
    if (st == EN_OK) {
        st = en_dataset_load_unchecked(project, &x->data, o->target, recipe_id, recipe.size, err);
    }
    if (st == EN_OK) {
        st = en_catalog_facts_of_subset(project->catalog, x->data.subset.id, &x->facts, err);
    }
    if (st == EN_OK) {
        st = find_classes(x, err);
    }
    return st == EN_OK ? make_table(x, err) : st;
}

static void describe(const export *x, const char *format, en_export_data_result *r)
{
    (void)snprintf(r->format, sizeof r->format, "%s", format);
    (void)snprintf(r->subset, sizeof r->subset, "%s", x->data.subset.name);
    (void)snprintf(r->recipe, sizeof r->recipe, "%s", x->recipe);
    en_export_pixels_shape(&x->data.loader, r->shape, sizeof r->shape);
    r->rows = (int64_t)x->data.items.count;
    r->left_out = x->data.items.members - r->rows;
    r->classes = (int64_t)x->classes;
    r->patients = count_patients(x);
}

static void clear(export *x)
{
    en_dataset_clear(&x->data);
    en_catalog_facts_clear(&x->facts);
    for (size_t i = 0; i < TEXTS; i++) {
        en_free(x->text[i]);
    }
    for (size_t i = 0; i < NUMBERS; i++) {
        en_free(x->number[i]);
    }
    en_free(x->class_name);
    en_free(x->recipe);
    en_free(x);
}

static en_status write_pixels(en_project *project, const export *x, const en_export_sink *sink, en_error *err)
{
    en_buf header;
    int64_t bytes;
    en_buf_init(&header, EN_NPY_HEADER_MAX);
    en_status st = en_export_pixels_header(&x->data.loader, &header, &bytes, err);
    if (st == EN_OK) {
        st = sink->put(sink->ctx, header.data, header.size, err);
    }
    en_buf_clear(&header);
    return st == EN_OK ? en_export_pixels(project, &x->data.loader, sink, err) : st;
}

static en_status space_for(const export *x, const char *file, en_error *err)
{
    en_buf header;
    int64_t bytes = 0;
    en_buf_init(&header, EN_NPY_HEADER_MAX);
    char *folder = en_strndup(file, (size_t)(en_path_base(file) - file));
    en_status st =
        folder != NULL ? en_export_pixels_header(&x->data.loader, &header, &bytes, err) : en_error_nomem(err, "a path");
    if (st == EN_OK) {
        const char *where = folder[0] != '\0' ? folder : ".";
        st = en_file_is_dir(where) ? en_file_check_space(where, bytes, err) : EN_OK; /* opening it says what is wrong */
    }
    en_free(folder);
    en_buf_clear(&header);
    return st;
}

static en_status write_pair(en_project *project, const export *x, const char *file, const char *labels, en_error *err)
{
    en_writer pixels = {0}, table = {0};
    const en_export_sink to_pixels = {en_export_to_writer, &pixels}, to_table = {en_export_to_writer, &table};
    en_status st = en_writer_open(&pixels, file, err);
    if (st == EN_OK) {
        st = en_writer_open(&table, labels, err);
    }
    if (st == EN_OK) {
        st = en_npy_table_write(&x->table, &to_table, err);
    }
    if (st == EN_OK) {
        st = write_pixels(project, x, &to_pixels, err);
    }
    if (st == EN_OK) {
        st = en_writer_sync(&pixels, err);
    }
    if (st == EN_OK) {
        st = en_writer_sync(&table, err);
    }
    if (st == EN_OK && unlink(file) == 0) { /* older pixels; else there are none */
        st = en_file_sync_folder(file, err);
    }
    if (st == EN_OK) {
        st = en_writer_commit(&table, err);
    }
    if (st == EN_OK) {
        st = en_writer_commit(&pixels, err);
    }
    en_writer_abort(&pixels);
    en_writer_abort(&table);
    return st;
}

/* "X_train.npy" -> "X_train.labels.npy" */
static char *labels_beside(const char *file)
{
    size_t length = strlen(file);
    length -= strcmp(en_path_ext(file), "npy") == 0 ? 4 : 0;
    return en_format("%.*s.labels.npy", (int)length, file);
}

static en_status check_array(const char *file, en_error *err)
{
    return en_file_check_kind(file, EN_NPY_BEGINS, sizeof EN_NPY_BEGINS - 1, "an array of NumPy's", err);
}

en_status en_export_npy(en_project *project, const en_export_data_options *o, en_export_data_result *r, en_error *err)
{
    *r = (en_export_data_result){.file = en_strdup(o->file)};
    export *x = en_calloc(1, sizeof *x);
    r->labels = o->labels != NULL ? en_strdup(o->labels) : labels_beside(o->file);
    if (x == NULL || r->file == NULL || r->labels == NULL) {
        en_free(x);
        return en_error_nomem(err, "an export");
    }
    en_status st = strcmp(r->file, r->labels) != 0
                       ? check_array(r->file, err)
                       : en_error_set(err, EN_USAGE, "pixels and labels cannot be one file, '%s'", r->file);
    if (st == EN_OK) {
        st = check_array(r->labels, err);
    }
    if (st == EN_OK) {
        st = load(project, o, x, err);
    }
    if (st == EN_OK) {
        st = space_for(x, r->file, err);
    }
    if (st == EN_OK) {
        st = write_pair(project, x, r->file, r->labels, err);
    }
    if (st == EN_OK) {
        describe(x, "npy", r);
        st = en_file_size(r->file, &r->bytes, err);
    }
    clear(x);
    return st;
}

static en_status to_zip(void *zip, const void *data, size_t bytes, en_error *err)
{
    return en_zip_data(zip, data, bytes, err);
}

static en_status add_table(en_zip_writer *zip, const char *name, const en_npy_table *table, en_error *err)
{
    const en_export_sink sink = {to_zip, zip};
    int64_t bytes = 0;
    en_status st = en_npy_table_size(table, &bytes, err);
    if (st == EN_OK) {
        st = en_zip_begin(zip, name, bytes, err);
    }
    return st == EN_OK ? en_npy_table_write(table, &sink, err) : st;
}

static en_status add_pixels(en_project *project, en_zip_writer *zip, const export *x, en_error *err)
{
    const en_export_sink sink = {to_zip, zip};
    en_buf header;
    int64_t bytes = 0;
    en_buf_init(&header, EN_NPY_HEADER_MAX);
    en_status st = en_export_pixels_header(&x->data.loader, &header, &bytes, err);
    if (st == EN_OK) {
        st = en_zip_begin(zip, "X.npy", bytes, err);
    }
    en_buf_clear(&header);
    return st == EN_OK ? write_pixels(project, x, &sink, err) : st;
}

static en_status write_zip(en_project *project, const export *x, const char *file, en_error *err)
{
    const en_npy_table y = {&x->column[TEXTS + CLASS], 1, x->table.rows, true};
    const en_npy_column name = {"classes", x->class_name, NULL};
    const en_npy_table classes = {&name, 1, x->classes, true};
    en_zip_writer *zip = NULL;
    en_status st = en_zip_new(file, 0, &zip, err);
    if (st == EN_OK) {
        st = add_table(zip, "y.npy", &y, err);
    }
    if (st == EN_OK) {
        st = add_table(zip, "classes.npy", &classes, err);
    }
    if (st == EN_OK) {
        st = add_table(zip, "labels.npy", &x->table, err);
    }
    if (st == EN_OK) {
        st = add_pixels(project, zip, x, err);
    }
    if (st == EN_OK) {
        st = en_zip_commit(zip, NULL, err);
    }
    en_zip_free(zip);
    return st;
}

en_status en_export_npz(en_project *project, const en_export_data_options *o, en_export_data_result *r, en_error *err)
{
    *r = (en_export_data_result){.file = en_strdup(o->file)};
    export *x = en_calloc(1, sizeof *x);
    if (x == NULL || r->file == NULL) {
        en_free(x);
        return en_error_nomem(err, "an export");
    }
    en_status st = en_file_check_kind(r->file, "PK\x03\x04", 4, "an archive of arrays", err);
    if (st == EN_OK) {
        st = en_file_check_target(r->file, err);
    }
    if (st == EN_OK) {
        st = load(project, o, x, err);
    }
    if (st == EN_OK) {
        st = space_for(x, r->file, err);
    }
    if (st == EN_OK) {
        st = write_zip(project, x, r->file, err);
    }
    if (st == EN_OK) {
        describe(x, "npz", r);
        st = en_file_size(r->file, &r->bytes, err);
    }
    clear(x);
    return st;
}

void en_export_data_result_clear(en_export_data_result *r)
{
    en_free(r->file);
    en_free(r->labels);
    *r = (en_export_data_result){0};
}
