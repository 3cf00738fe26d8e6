/* See export_model.h: the model of a run becomes an en_export_model, and the format's writer does the rest. */
#include "training/export_model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/version.h"
#include "export/coreml.h"
#include "export/litert.h"
#include "export/onnx.h"
#include "offline/page.h"
#include "training/export_page.h"
#include "training/model.h"

static const char *const format[] = {NULL, "onnx", "coreml", "litert", "page"};
const en_wordlist en_model_formats = EN_WORDLIST("format", format);

static const struct {
    en_status (*write)(const en_export_model *, const char *, en_error *);
    const char *file;   /* its name in the run's folder */
    const char *begins; /* of a file that may be replaced */
    size_t bytes;
    const char *what;
} writer[] = {
    {NULL, NULL, NULL, 0, NULL},
    {en_onnx_write, "model.onnx", EN_ONNX_BEGINS, sizeof EN_ONNX_BEGINS - 1, "an ONNX file of eyenet's"},
    {en_coreml_write, "model.mlmodel", EN_COREML_BEGINS, sizeof EN_COREML_BEGINS - 1, "a Core ML file of eyenet's"},
    {en_litert_write, "model.tflite", EN_LITERT_BEGINS, sizeof EN_LITERT_BEGINS - 1, "a LiteRT file of eyenet's"},
    {NULL, "page.html", EN_OFFLINE_PAGE_BEGINS, sizeof EN_OFFLINE_PAGE_BEGINS - 1, "a page of 'export page'"},
}; /* the page is written by export_page.h */

#define METAS_MAX 24

/* What the export value points to, beside the model itself. */
typedef struct package {
    en_model model;
    en_catalog_checkpoint weights;
    const char *class_name[EN_MAX_CLASSES];
    double offset[EN_MAX_CLASSES];
    en_meta meta[METAS_MAX];
    char *owned[METAS_MAX]; /* values that were made for it */
    size_t owns;
    bool short_of_memory;
    en_export_model export;
} package;

static void say(package *p, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        p->meta[p->export.metas++] = (en_meta){key, value};
    }
}

/* The same, taking the value over. */
static void say_owned(package *p, const char *key, char *value)
{
    p->short_of_memory |= value == NULL;
    p->owned[p->owns++] = value;
    say(p, key, value);
}

static void say_thresholds(package *p)
{
    static const char *const key[EN_OPERATING_RULES] = {"threshold_sensitivity", "threshold_specificity",
                                                        "threshold_youden", "threshold_cost"};
    for (size_t i = 0; i < EN_OPERATING_RULES; i++) {
        double threshold = p->model.calibration.point[i].threshold;
        if (isfinite(threshold)) {
            say_owned(p, key[i], en_format("%.17g", threshold));
        }
    }
}

static en_status say_all(package *p, const en_catalog_run *run, en_error *err)
{
    char *json = NULL, recipe[EN_RECIPE_TEXT_MAX];
    en_buf spec;
    en_buf_init(&spec, EN_SPEC_TEXT_MAX);
    say(p, "run", p->model.run);
    say(p, "name", run->name);
    say(p, "target", p->model.target);
    en_status st = en_classes_to_json(&p->model.classes, &json, err);
    if (st == EN_OK) {
        say_owned(p, "classes", json);
        st = en_calibration_to_json(&p->model.calibration, p->model.classes.count, &json, err);
    }
    if (st == EN_OK) {
        say_owned(p, "calibration", json);
        st = en_spec_text(p->export.spec, &spec, err);
    }
    if (st == EN_OK) {
        say_owned(p, "spec", en_strdup(en_buf_str(&spec)));
        say_owned(p, "recipe", en_strdup(en_recipe_text(&p->model.recipe, recipe)));
        say_thresholds(p);
        say(p, "origin", p->model.origin);
        say(p, "licence", p->model.licence);
        say(p, "weights_sha256", p->weights.sha256);
        say(p, "trained_with", run->version);
        say_owned(p, "exported_with", en_format("eyenet %s (%s)", en_version(), en_commit()));
        st = !p->short_of_memory ? EN_OK : en_error_nomem(err, "a model's metadata");
    }
    en_buf_clear(&spec);
    return st;
}

static en_status fill(package *p, const en_catalog_run *run, en_error *err)
{
    en_model *model = &p->model;
    p->export = (en_export_model){.name = run->name,
                                  .spec = en_network_spec(model->network),
                                  .classes = model->classes.count,
                                  .class_name = p->class_name,
                                  .offset = p->offset,
                                  .meta = p->meta};
    for (size_t i = 0; i < model->classes.count; i++) {
        p->class_name[i] = model->classes.name[i];
    }
    p->export.calibrated =
        en_calibration_formula(&model->calibration, model->classes.count, &p->export.factor, p->offset);
    p->export.cumulative = model->calibration.method == EN_CALIBRATE_CUMULATIVE;
    p->export.scale = model->calibration.scale;
    p->export.shift = model->calibration.shift;
    en_status st = say_all(p, run, err);
    return st == EN_OK ? en_operations_of(model->network, &p->export.ops, err) : st;
}

static void clear(package *p)
{
    for (size_t i = 0; i < p->owns; i++) {
        en_free(p->owned[i]);
    }
    en_operations_clear(&p->export.ops);
    en_model_close(&p->model);
    en_catalog_checkpoint_clear(&p->weights);
    en_free(p);
}

/* runs/NAME/model.onnx, or the file that was asked for; it goes to result->file. */
static en_status place(const en_project *project, const en_export_options *o, const en_catalog_run *run,
                       en_export_result *result, en_error *err)
{
    if (o->file != NULL) {
        result->file = en_strdup(o->file);
        return result->file != NULL ? EN_OK : en_error_nomem(err, "a path");
    }
    char *relative, *folder = NULL;
    en_status st = en_run_folder(run->folder, &relative, err);
    if (st == EN_OK) {
        st = en_project_path(project, relative, &folder, err);
    }
    if (st == EN_OK) {
        st = en_file_mkdirs(folder, err);
    }
    if (st == EN_OK && (result->file = en_path_join(folder, writer[o->format].file)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    en_free(relative);
    en_free(folder);
    return st;
}

static size_t parameters_of(en_network *network)
{
    size_t count = 0;
    for (size_t i = 0; i < en_network_parameters(network); i++) {
        const en_parameter *p = en_network_parameter(network, i);
        count += p->statistic ? 0 : p->count;
    }
    return count;
}

static en_status describe(const package *p, en_export_result *r, en_error *err)
{
    const en_dims in = p->export.spec->input;
    (void)snprintf(r->input, sizeof r->input, "%zux%zux%zu", in.h, in.w, in.c);
    (void)en_recipe_text(&p->model.recipe, r->recipe);
    (void)snprintf(r->origin, sizeof r->origin, "%s", p->model.origin);
    (void)snprintf(r->licence, sizeof r->licence, "%s", p->model.licence);
    r->classes = (int64_t)p->export.classes;
    r->parameters = (int64_t)parameters_of(p->model.network);
    en_status st = en_file_size(r->file, &r->bytes, err);
    return st == EN_OK ? en_sha256_file(r->file, r->sha256, err) : st;
}

en_status en_export_model_of_run(en_project *project, const en_export_options *options, en_export_result *result,
                                 en_error *err)
{
    *result = (en_export_result){0};
    en_catalog_run run = {0};
    package *p = en_calloc(1, sizeof *p);
    if (p == NULL) {
        return en_error_nomem(err, "a model");
    }
    en_status st = en_catalog_run_get(project->catalog, options->run, &run, err);
    if (st != EN_OK) {
        goto done;
    }
    (void)snprintf(result->run, sizeof result->run, "%s", run.name);
    (void)snprintf(result->format, sizeof result->format, "%s", en_word(&en_model_formats, options->format));
    st = place(project, options, &run, result, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_file_check_kind(result->file, writer[options->format].begins, writer[options->format].bytes,
                            writer[options->format].what, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_model_of_run(project, &run, 1, &p->model, &p->weights, err);
    if (st != EN_OK) {
        goto done;
    }
    st = fill(p, &run, err);
    if (st != EN_OK) {
        goto done;
    }
    st = options->format == EN_MODEL_PAGE ? en_export_page(project, &run, &p->model, &p->export, result->file, err)
                                          : writer[options->format].write(&p->export, result->file, err);
    if (st == EN_OK) {
        st = describe(p, result, err);
    }
done:
    clear(p);
    en_catalog_run_clear(&run);
    return st;
}

void en_export_result_clear(en_export_result *result)
{
    en_free(result->file);
    *result = (en_export_result){0};
}
