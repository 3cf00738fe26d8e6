/* See export_croissant.h. */
#include "training/export_croissant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/split.h"

#define DOCUMENT_CAP ((size_t)1 << 30)
#define BEGINS "{\n  \"@context\": {"

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* Of the accepted photographs. */
static en_status count_patients(const en_catalog_files *files, int64_t *patients, en_error *err)
{
    const char **name = en_calloc(files->count + 1, sizeof *name);
    size_t count = 0;
    *patients = 0;
    if (name == NULL) {
        return en_error_nomem(err, "patients");
    }
    for (size_t i = 0; i < files->count; i++) {
        const en_catalog_file *f = &files->row[i];
        if (f->patient != NULL && f->status != NULL && strcmp(f->status, "accepted") == 0) {
            name[count++] = f->patient;
        }
    }
    qsort(name, count, sizeof *name, by_text);
    for (size_t i = 0; i < count; i++) {
        *patients += i == 0 || strcmp(name[i - 1], name[i]) != 0;
    }
    en_free(name);
    return EN_OK;
}

static en_status count(const en_catalog_files *files, en_croissant_result *r, en_error *err)
{
    r->photographs = (int64_t)files->count;
    for (size_t i = 0; i < files->count; i++) {
        const en_catalog_file *f = &files->row[i];
        bool accepted = f->status != NULL && strcmp(f->status, "accepted") == 0;
        if (f->sha256[0] == '\0') {
            return en_error_hint(
                err, en_error_set(err, EN_INPUT, "the hash of the photograph '%s' is not known yet", f->path),
                "'eyenet ingest' computes it");
        }
        r->accepted += accepted;
        r->graded += accepted && f->grade >= 0;
        r->assigned += accepted && f->part != 0;
    }
    return files->count > 0 ? EN_OK
                            : en_error_hint(err, en_error_set(err, EN_INPUT, "there are no photographs to describe"),
                                            "'eyenet fetch' brings them");
}

static char *describe(const en_croissant_result *r, int64_t patients)
{
    return en_format(
        "Fundus photographs: %lld, of which %lld (of %lld patients) are accepted; %lld of these have a grade "
        "of diabetic retinopathy on the international clinical scale (ICDR).",
        (long long)r->photographs, (long long)r->accepted, (long long)patients, (long long)r->graded);
}

/* The dataset of all files; else the folder of the project. Borrowed. */
static const char *default_name(const en_project *project, const en_catalog_files *files)
{
    const char *name = files->row[0].dataset;
    for (size_t i = 1; i < files->count && name != NULL; i++) {
        const char *other = files->row[i].dataset;
        name = other == NULL || strcmp(other, name) == 0 ? name : NULL;
    }
    return name != NULL ? name : en_path_base(project->root);
}

static en_status write_document(const char *path, const en_croissant_about *about, const en_catalog_files *files,
                                const en_croissant_labels *labels, en_croissant_result *r, en_error *err)
{
    en_buf out;
    en_buf_init(&out, DOCUMENT_CAP);
    en_json j = en_json_to(&out, err);
    en_croissant_write(&j, about, files, labels);
    en_status st = j.status;
    if (st == EN_OK) {
        st = en_sha256_bytes(out.data, out.size, r->sha256, err);
    }
    if (st == EN_OK) {
        st = en_file_write(path, out.data, out.size, err);
    }
    r->bytes = (int64_t)out.size;
    en_buf_clear(&out);
    return st;
}

static en_status export(en_project *project, const en_croissant_options *o, const en_catalog_split *split,
                        en_croissant_result *r, en_error *err)
{
    en_catalog_files files;
    en_croissant_labels labels = {0};
    int64_t patients = 0;
    char *sentence = NULL;
    en_status st = en_catalog_files_list(project->catalog, split->name != NULL ? split->id : -1, &files, err);
    if (st == EN_OK) {
        st = count(&files, r, err);
    }
    if (st == EN_OK) {
        st = count_patients(&files, &patients, err);
    }
    if (st == EN_OK) {
        st = en_catalog_file_labels_list(project->catalog, &labels.labels, err);
    }
    if (st == EN_OK) {
        st = en_catalog_scheme_all(project->catalog, &labels.schemes, err);
    }
    if (st == EN_OK && (sentence = describe(r, patients)) == NULL) {
        st = en_error_nomem(err, "a description");
    }
    if (st == EN_OK) {
        const en_croissant_about about = {.name = o->name != NULL ? o->name : default_name(project, &files),
                                          .description = o->description != NULL ? o->description : sentence,
                                          .licence = o->licence,
                                          .creator = o->creator,
                                          .url = o->url};
        (void)snprintf(r->name, sizeof r->name, "%s", about.name);
        (void)snprintf(r->split, sizeof r->split, "%s", split->name != NULL ? split->name : "");
        st = write_document(r->file, &about, &files, &labels, r, err);
    }
    en_free(sentence);
    en_catalog_files_clear(&files);
    en_catalog_file_labels_clear(&labels.labels);
    en_catalog_scheme_list_clear(&labels.schemes);
    return st;
}

en_status en_export_croissant(en_project *project, const en_croissant_options *o, en_croissant_result *r, en_error *err)
{
    en_catalog_split split = {0};
    *r = (en_croissant_result){0};
    en_status st = EN_OK;
    if (o->file == NULL) {
        st = en_project_path(project, EN_CROISSANT_FILE, &r->file, err);
    } else if ((r->file = en_strdup(o->file)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    if (st == EN_OK) {
        st = en_file_check_kind(r->file, BEGINS, sizeof BEGINS - 1, "a description of eyenet's in Croissant", err);
    }
    if (st == EN_OK) {
        st = en_catalog_split_find(project->catalog, o->split, &split, err);
    }
    if (st == EN_DONE) { /* none is fine where none was asked for */
        st = o->split == NULL ? EN_OK
                              : en_error_hint(err, en_error_set(err, EN_INPUT, "there is no split '%s'", o->split),
                                              "'eyenet sql \"SELECT name FROM split\"' lists them");
    }
    if (st == EN_OK) {
        st = export(project, o, &split, r, err);
    }
    en_catalog_split_clear(&split);
    return st;
}

void en_croissant_result_clear(en_croissant_result *r)
{
    en_free(r->file);
    *r = (en_croissant_result){0};
}
