/* Importing weights, and finding them again. */
#include "training/pretrained.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/run_imported.h"
#include "nn/foreign.h"
#include "nn/weights.h"
#include "project/run_weights.h"

#define EXTENSION ".safetensors"
#define CLASSES 2 /* of the network that is made to read into; its head is not kept */

/* One line of at most capacity-1 bytes, without control characters and whole UTF-8 characters. */
static void copy_line(const char *text, char *out, size_t capacity)
{
    size_t size = strlen(text);
    if (size >= capacity) {
        size = capacity - 1;
        while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80) {
            size--;
        }
    }
    for (size_t i = 0; i < size; i++) {
        out[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ? ' ' : text[i];
    }
    out[size] = '\0';
}

static en_status choose_name(const en_import_options *o, en_import_result *r, en_error *err)
{
    const char *base = o->name != NULL ? o->name : en_path_base(o->file);
    copy_line(base, r->name, sizeof r->name);
    size_t size = strlen(r->name), tail = strlen(EXTENSION);
    if (o->name == NULL && size > tail && strcmp(r->name + size - tail, EXTENSION) == 0) {
        r->name[size - tail] = '\0';
    }
    if (en_rule_fault(EN_RULE_FILE_NAME, r->name) != NULL) {
        return en_error_set(err, EN_USAGE,
                            "'%s' cannot name a model, which is also a file: 1 to 100 bytes, no slash, no dot in front",
                            r->name);
    }
    return EN_OK;
}

/* What the file says of itself, unless the caller knows better. */
static en_status read_origin(const en_import_options *o, en_import_result *r, en_error *err)
{
    en_metadata meta = {0};
    en_status st = en_metadata_read(o->file, &meta, err);
    if (st != EN_OK) {
        return st;
    }
    const char *origin = o->origin != NULL ? o->origin : en_metadata_get(&meta, "origin");
    const char *licence = o->licence != NULL ? o->licence : en_metadata_get(&meta, "licence");
    licence = licence != NULL ? licence : en_metadata_get(&meta, "license");
    copy_line(origin != NULL ? origin : en_path_base(o->file), r->origin, sizeof r->origin);
    copy_line(licence != NULL ? licence : EN_LICENCE_UNKNOWN, r->licence, sizeof r->licence);
    en_metadata_clear(&meta);
    return en_sha256_file(o->file, r->origin_sha256, err);
}

/* A network of the preset that has the file's weights. */
static en_status read_weights(en_project *project, const en_import_options *o, const en_spec *spec, en_network **net,
                              en_import_result *r, en_error *err)
{
    en_foreign_result read = {0};
    en_network_config config = {.spec = spec, .classes = CLASSES, .batch = 1, .mode = EN_INFER};
    en_status st = en_project_kernels(project, &config.kernels, err);
    if (st == EN_OK) {
        st = en_network_new(&config, net, err);
    }
    if (st == EN_OK) {
        st = en_foreign_read(*net, spec, o->preset, o->file, false, &read, err);
    }
    r->tensors = (int64_t)read.tensors;
    r->parameters = (int64_t)read.parameters;
    r->left_out = (int64_t)read.left_out;
    return st;
}

static en_status write_file(en_project *project, en_network *net, const en_spec *spec, const char *text,
                            en_import_result *r, en_error *err)
{
    const en_meta meta[] = {{"spec", text},        {"name", r->name},       {"preset", r->preset},
                            {"origin", r->origin}, {"licence", r->licence}, {"origin_sha256", r->origin_sha256}};
    char *folder, *path = NULL;
    en_status st = en_project_path(project, EN_MODELS_DIR, &folder, err);
    if (st == EN_OK) {
        st = en_project_path(project, r->weights, &path, err);
    }
    if (st == EN_OK) {
        st = en_file_mkdirs(folder, err);
    }
    if (st == EN_OK) {
        st = en_weights_save_without(net, en_spec_head(spec), path, meta, sizeof meta / sizeof *meta, err);
    }
    if (st == EN_OK) {
        st = en_sha256_file(path, r->sha256, err);
    }
    en_free(folder);
    en_free(path);
    return st;
}

static en_status name_is_free(en_project *project, const char *name, en_error *err)
{
    en_catalog_pretrained row;
    en_status st = en_catalog_pretrained_find(project->catalog, name, &row, err);
    en_catalog_pretrained_clear(&row);
    if (st == EN_OK) {
        return en_error_hint(err, en_error_set(err, EN_INPUT, "there is an imported model '%s' already", name),
                             "choose another name with --name");
    }
    return st == EN_DONE ? EN_OK : st;
}

/* The file, then its row; in one transaction, so that two imports of one name do not meet. */
static en_status keep(en_project *project, en_network *net, const en_spec *spec, char *text, en_import_result *r,
                      en_error *err)
{
    en_status st = en_catalog_begin(project->catalog, err);
    if (st != EN_OK) {
        return st;
    }
    st = name_is_free(project, r->name, err);
    if (st == EN_OK) {
        st = write_file(project, net, spec, text, r, err);
    }
    if (st == EN_OK) {
        en_catalog_pretrained row = {.name = r->name,
                                     .preset = r->preset,
                                     .spec = text,
                                     .path = r->weights,
                                     .origin = r->origin,
                                     .licence = r->licence,
                                     .tensors = r->tensors,
                                     .parameters = r->parameters};
        memcpy(row.sha256, r->sha256, sizeof row.sha256);
        memcpy(row.origin_sha256, r->origin_sha256, sizeof row.origin_sha256);
        st = en_catalog_pretrained_put(project->catalog, &row, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(project->catalog);
    }
    return st;
}

en_status en_model_import(en_project *project, const en_import_options *o, en_import_result *r, en_error *err)
{
    *r = (en_import_result){0};
    en_network *net = NULL;
    en_buf text;
    en_buf_init(&text, EN_SPEC_TEXT_MAX);
    en_spec *spec = en_alloc(sizeof *spec);
    en_status st = spec != NULL ? choose_name(o, r, err) : en_error_nomem(err, "a network");
    if (st == EN_OK && !en_foreign_knows(o->preset)) {
        st = en_error_set(err, EN_USAGE, "no names of weights are known for a network '%s'", o->preset);
    }
    if (st == EN_OK) {
        st = name_is_free(project, r->name, err);
    }
    if (st == EN_OK) {
        st = en_spec_load(o->preset, spec, err);
    }
    if (st == EN_OK) {
        st = en_spec_text(spec, &text, err);
    }
    if (st == EN_OK) {
        st = read_origin(o, r, err);
    }
    if (st == EN_OK) {
        st = read_weights(project, o, spec, &net, r, err);
    }
    if (st == EN_OK) {
        (void)snprintf(r->preset, sizeof r->preset, "%s", o->preset);
        (void)snprintf(r->weights, sizeof r->weights, EN_MODELS_DIR "/%s" EXTENSION, r->name);
        char *words = en_strdup(en_buf_str(&text));
        st = words != NULL ? keep(project, net, spec, words, r, err) : en_error_nomem(err, "a network");
        en_free(words);
    }
    en_network_free(net);
    en_free(spec);
    en_buf_clear(&text);
    return st;
}

static en_status find_imported(en_project *project, const char *model, en_pretrained *out, en_error *err)
{
    en_catalog_pretrained row;
    en_status st = en_catalog_pretrained_find(project->catalog, model, &row, err);
    if (st != EN_OK) {
        en_catalog_pretrained_clear(&row);
        return st;
    }
    *out = (en_pretrained){.spec = en_strdup(row.spec),
                           .name = en_strdup(row.name),
                           .origin = en_strdup(row.origin),
                           .licence = en_strdup(row.licence)};
    st = en_project_path(project, row.path, &out->file, err);
    if (st == EN_OK && (out->spec == NULL || out->name == NULL || out->origin == NULL || out->licence == NULL)) {
        st = en_error_nomem(err, "a model");
    } else if (st == EN_OK && !en_file_exists(out->file)) {
        st = en_error_set(err, EN_INPUT, "the weights of the imported model '%s', '%s', are missing", model, row.path);
    } else if (st == EN_OK) {
        st = en_sha256_file(out->file, out->sha256, err);
    }
    if (st == EN_OK && strcmp(out->sha256, row.sha256) != 0) {
        st = en_error_hint(
            err, en_error_set(err, EN_INPUT, "'%s' is not the file that was imported: its hash differs", row.path),
            "import it under another name");
    }
    en_catalog_pretrained_clear(&row);
    return st;
}

/* Without folder and extension. */
static char *name_of_file(const char *file)
{
    const char *base = en_path_base(file);
    size_t size = strlen(base), tail = strlen(EXTENSION);
    bool cut = size > tail && strcmp(base + size - tail, EXTENSION) == 0;
    return en_format("%.*s", (int)(cut ? size - tail : size), base);
}

static en_status find_file(const char *model, en_pretrained *out, en_error *err)
{
    en_metadata meta = {0};
    en_status st = en_metadata_read(model, &meta, err);
    if (st != EN_OK) {
        return st;
    }
    const char *spec = en_metadata_get(&meta, "spec"), *origin = en_metadata_get(&meta, "origin"),
               *licence = en_metadata_get(&meta, "licence");
    if (spec == NULL) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "'%s' is not an eyenet model: its metadata lacks 'spec'", model),
                           "weights of other programs are imported with 'eyenet model import'");
    } else {
        *out = (en_pretrained){.file = en_strdup(model),
                               .spec = en_strdup(spec),
                               .name = name_of_file(model),
                               .origin = en_strdup(origin != NULL ? origin : ""),
                               .licence = en_strdup(licence != NULL ? licence : "")};
        st = out->file != NULL && out->spec != NULL && out->name != NULL && out->origin != NULL && out->licence != NULL
                 ? en_sha256_file(model, out->sha256, err)
                 : en_error_nomem(err, "a model");
    }
    en_metadata_clear(&meta);
    return st;
}

/* EN_DONE: there is no such run. */
static en_status find_run(en_project *project, const char *model, en_pretrained *out, en_error *err)
{
    en_catalog_run run = {0};
    en_catalog_checkpoint kept = {0};
    char *path = NULL;
    if (en_catalog_run_get(project->catalog, model, &run, NULL) != EN_OK) {
        return EN_DONE;
    }
    en_status st = en_catalog_run_need_trained(&run, "start from", err);
    if (st == EN_OK) {
        st = en_run_checkpoint_find(project, &run, EN_CHECKPOINT_BEST, &path, &kept, err);
    }
    if (st == EN_OK) {
        st = find_file(path, out, err);
    }
    en_free(path);
    en_catalog_checkpoint_clear(&kept);
    en_catalog_run_clear(&run);
    return st;
}

en_status en_pretrained_find(en_project *project, const char *model, en_pretrained *out, en_error *err)
{
    *out = (en_pretrained){0};
    en_status st = project != NULL ? find_imported(project, model, out, err) : EN_DONE;
    if (st == EN_DONE && en_file_exists(model)) {
        return find_file(model, out, err);
    }
    if (st == EN_DONE && project != NULL) {
        st = find_run(project, model, out, err);
    }
    if (st == EN_DONE && project != NULL) {
        en_catalog_pretrained row;
        st = en_catalog_pretrained_get(project->catalog, model, &row, err);
        en_catalog_pretrained_clear(&row);
    } else if (st == EN_DONE) {
        st = en_error_set(err, EN_INPUT, "there is no file '%s'", model);
    }
    return st;
}

void en_pretrained_clear(en_pretrained *p)
{
    en_free(p->file);
    en_free(p->spec);
    en_free(p->name);
    en_free(p->origin);
    en_free(p->licence);
    *p = (en_pretrained){0};
}
