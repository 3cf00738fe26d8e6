/* The photographs that a bundle names: found by their bytes, or listed. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bundle/import.h"
#include "catalog/name.h"
#include "db/statements.h"

/* What a statement of a photograph returns: its number, and whose it is. */
static en_status find_image(en_bundle_job *x, en_sql id, en_bundle_photograph *p, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(en_catalog_db(x->project->catalog), id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "sha256", *p->sha256 != '\0' ? p->sha256 : NULL);
    if (id == EN_SQL_BUNDLE_IMAGE_LISTED) {
        en_stmt_bind_text(s, "name", p->name);
        en_stmt_bind_id(s, "dataset_id", x->dataset_id);
    }
    st = en_stmt_step(s, err);
    if (st == EN_OK) {
        p->image_id = en_stmt_int(s, 0);
        st = en_stmt_dup(s, 1, &p->local, err);
        en_stmt_reset(s);
    }
    return st;
}

static en_status copy_value(const json_t *row, size_t i, char **out, en_error *err)
{
    const char *text = json_string_value(json_array_get(row, i));
    *out = text != NULL ? en_strdup(text) : NULL;
    return text == NULL || *out != NULL ? EN_OK : en_error_nomem(err, "photographs");
}

static bool is_printable(const char *text, size_t most)
{
    const char *c = text;
    while ((unsigned char)*c >= ' ' && *c != '\x7f') {
        c++;
    }
    return *c == '\0' && c > text && (size_t)(c - text) <= most;
}

static en_status take_line(en_bundle_job *x, const json_t *row, en_error *err)
{
    en_status st = en_bundle_row_check(row, EN_BUNDLE_FIELDS(en_bundle_photograph_fields), "a photograph", err);
    if (st != EN_OK) {
        return st;
    }
    if (x->photographs >= EN_BUNDLE_PHOTOGRAPHS_MAX) {
        return en_error_set(err, EN_INPUT, "there are more than %d photographs", EN_BUNDLE_PHOTOGRAPHS_MAX);
    }
    en_bundle_photograph *all = en_array_grow(x->photograph, x->photographs, sizeof *all, err);
    if (all == NULL) {
        return EN_NOMEM;
    }
    x->photograph = all;
    en_bundle_photograph *p = &all[x->photographs++];
    *p = (en_bundle_photograph){.image_id = -1};
    st = copy_value(row, 0, &p->name, err);
    if (st == EN_OK) {
        st = copy_value(row, 2, &p->patient, err);
    }
    if (st == EN_OK) {
        st = copy_value(row, 3, &p->eye, err);
    }
    if (st == EN_OK) {
        st = copy_value(row, 4, &p->patient_from, err);
    }
    const char *sha256 = json_string_value(json_array_get(row, 5));
    if (sha256 != NULL) {
        memcpy(p->sha256, sha256, EN_SHA256_HEX);
    }
    if (st == EN_OK &&
        (!is_printable(p->name, EN_CATALOG_PATH_MAX) || !is_printable(p->patient, EN_CATALOG_NAME_MAX * 2))) {
        st = en_error_set(err, EN_INPUT,
                          "the name of a photograph or patient is empty, too long, or has control "
                          "characters");
    }
    return st;
}

static en_status read_lines(en_bundle_job *x, en_error *err)
{
    json_t *row;
    en_status st;
    while ((st = en_bundle_in_line(&x->in, &row, err)) == EN_OK) {
        st = take_line(x, row, err);
        json_decref(row);
        if (st != EN_OK) {
            return en_bundle_in_fault(&x->in, st, err);
        }
        if (x->photographs % 4096 == 0 && (st = en_stop_check(&x->project->events, err)) != EN_OK) {
            return st;
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

/* The name of the dataset of those that are not here. */
static char *dataset_name(const en_bundle_job *x)
{
    char *name = x->options->dataset != NULL ? en_strdup(x->options->dataset)
                                             : en_format("bundle-%.*s", EN_NAME_MAX - 7, x->in.manifest.project);
    for (char *c = name; x->options->dataset == NULL && c != NULL && *c != '\0'; c++) {
        *c = *c == '/' || *c == ':' ? '-' : *c;
    }
    return name;
}

/* Finds it; without one it is made when the first photograph is listed. */
static en_status find_dataset(en_bundle_job *x, const char *name, bool make, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(en_catalog_db(x->project->catalog),
                                 make ? EN_SQL_BUNDLE_DATASET_PUT : EN_SQL_DATASET_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    st = en_stmt_number(s, &x->dataset_id, err);
    if (st == EN_DONE) {
        x->dataset_id = -1;
        st = EN_OK;
    }
    return st;
}

static en_status list_image(en_bundle_job *x, en_bundle_photograph *p, const char *dataset, en_error *err)
{
    en_stmt *s;
    en_status st = x->dataset_id < 0 ? find_dataset(x, dataset, true, err) : EN_OK;
    if (st == EN_OK) {
        st = en_db_prepare(en_catalog_db(x->project->catalog), EN_SQL_BUNDLE_IMAGE_PUT, &s, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", p->name);
    en_stmt_bind_text(s, "patient", p->local);
    en_stmt_bind_text(s, "eye", p->eye);
    en_stmt_bind_text(s, "patient_from", p->patient_from);
    en_stmt_bind_text(s, "sha256", *p->sha256 != '\0' ? p->sha256 : NULL);
    en_stmt_bind_int(s, "dataset_id", x->dataset_id);
    return en_stmt_number(s, &p->image_id, err);
}

static int by_patient(const void *a, const void *b)
{
    const en_bundle_photograph *const *x = a, *const *y = b;
    const int order = strcmp((*x)->patient, (*y)->patient);
    return order != 0 ? order : (*x > *y) - (*x < *y);
}

/* Photographs of one patient, of which some may be here: the others are of the same patient. */
static en_status list_patient(en_bundle_job *x, en_bundle_photograph **of, size_t count, const char *dataset,
                              en_error *err)
{
    const char *local = NULL;
    en_status st = EN_OK;
    for (size_t i = 0; i < count && local == NULL; i++) {
        local = of[i]->local;
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        if (of[i]->image_id >= 0) {
            continue;
        }
        of[i]->local = local != NULL ? en_strdup(local) : en_format("%s/%s", dataset, of[i]->patient);
        st = of[i]->local != NULL ? list_image(x, of[i], dataset, err) : en_error_nomem(err, "a patient");
    }
    return st;
}

static en_status list_absent(en_bundle_job *x, const char *dataset, en_error *err)
{
    en_bundle_photograph **sorted = en_calloc(x->photographs + 1, sizeof(void *));
    if (sorted == NULL) {
        return en_error_nomem(err, "photographs");
    }
    for (size_t i = 0; i < x->photographs; i++) {
        sorted[i] = &x->photograph[i];
    }
    qsort(sorted, x->photographs, sizeof(void *), by_patient);
    en_status st = EN_OK;
    for (size_t i = 0, end = 0; st == EN_OK && i < x->photographs; i = end) {
        while (end < x->photographs && strcmp(sorted[end]->patient, sorted[i]->patient) == 0) {
            end++;
        }
        st = list_patient(x, sorted + i, end - i, dataset, err);
    }
    en_free(sorted);
    return st;
}

en_status en_bundle_import_photographs(en_bundle_job *x, en_error *err)
{
    const char *dataset = x->dataset = dataset_name(x);
    en_status st = dataset != NULL ? read_lines(x, err) : en_error_nomem(err, "a dataset");
    if (st == EN_OK) {
        st = find_dataset(x, dataset, false, err);
    }
    for (size_t i = 0; st == EN_OK && i < x->photographs; i++) {
        en_bundle_photograph *p = &x->photograph[i];
        st = *p->sha256 != '\0' ? find_image(x, EN_SQL_BUNDLE_IMAGE_FIND, p, err) : EN_DONE;
        x->result->found += st == EN_OK;
        st = st == EN_DONE ? find_image(x, EN_SQL_BUNDLE_IMAGE_LISTED, p, err) : st;
        st = st == EN_DONE ? EN_OK : st;
    }
    if (st == EN_OK) {
        st = list_absent(x, dataset, err);
    }
    x->result->photographs = (int64_t)x->photographs;
    x->result->absent = x->result->photographs - x->result->found;
    return st;
}

en_status en_bundle_variant(en_bundle_job *x, int64_t index, int64_t mirror, int64_t rotation, int64_t *variant_id,
                            en_error *err)
{
    if (index < 0 || index >= (int64_t)x->photographs || mirror > 1 || rotation > 359) {
        return en_error_set(err, EN_INPUT, "there is no view %lld %lld of photograph %lld", (long long)mirror,
                            (long long)rotation, (long long)index);
    }
    en_status st = EN_DONE;
    for (int make = 0; make < 2 && st == EN_DONE; make++) {
        en_stmt *s;
        st = en_db_prepare(en_catalog_db(x->project->catalog),
                           make != 0 ? EN_SQL_BUNDLE_VARIANT_PUT : EN_SQL_BUNDLE_VARIANT_FIND, &s, err);
        if (st == EN_OK) {
            en_stmt_bind_int(s, "image_id", x->photograph[index].image_id);
            en_stmt_bind_int(s, "mirror", mirror);
            en_stmt_bind_int(s, "rotation", rotation);
            st = en_stmt_number(s, variant_id, err);
        }
    }
    return st;
}
