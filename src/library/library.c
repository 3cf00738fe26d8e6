/* The public C library, include/eyenet/eyenet.h: a thin coat over project. */
#include <eyenet/eyenet.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/version.h"
#include "image/decode.h"
#include "project/project.h"
#include "project/run_weights.h"
#include "training/model.h"

struct eyenet_catalog {
    en_project project;
};

struct eyenet_model {
    en_model model;
};

static eyenet_status public_status(en_status st) { return (eyenet_status)en_status_exit_code(st); }

static en_status predict(eyenet_model *model, const void *data, size_t bytes, double *probability, size_t capacity,
                         en_error *err)
{
    float p[EN_MAX_CLASSES];
    size_t classes = model->model.classes.count;
    en_status st = capacity >= classes ? en_model_predict(&model->model, data, bytes, p, NULL, err)
                                       : en_error_set(err, EN_USAGE, "the array has space for %zu of %zu probabilities",
                                                      capacity, classes);
    for (size_t i = 0; st == EN_OK && i < classes; i++) {
        probability[i] = (double)p[i];
    }
    return st;
}

static eyenet_status report(eyenet_error *to, const en_error *from, en_status st)
{
    if (to != NULL) {
        to->status = public_status(st);
        to->text[0] = '\0';
        if (st != EN_OK) {
            (void)en_error_line(from, to->text);
        }
    }
    return public_status(st);
}

_Static_assert(sizeof((eyenet_error *)0)->text >= EN_ERROR_LINE, "texts are copied whole");

const char *eyenet_version(void) { return en_version(); }

eyenet_status eyenet_catalog_open(const char *folder, eyenet_catalog **out, eyenet_error *error)
{
    en_error err;
    const en_project_options options = {.start = folder, .read_only = true, .threads = 1};
    *out = en_calloc(1, sizeof **out);
    en_status st = *out != NULL ? en_project_open(&options, &(*out)->project, &err) : en_error_nomem(&err, "a catalog");
    if (st != EN_OK) {
        en_free(*out);
        *out = NULL;
    }
    return report(error, &err, st);
}

void eyenet_catalog_close(eyenet_catalog *catalog)
{
    if (catalog != NULL) {
        en_project_close(&catalog->project);
        en_free(catalog);
    }
}

eyenet_status eyenet_catalog_query(eyenet_catalog *catalog, const char *sql, eyenet_row_fn *row, void *context,
                                   eyenet_error *error)
{
    en_error err;
    en_query *query = NULL;
    const char **names = NULL, **values = NULL;
    en_status st = en_catalog_query(catalog->project.catalog, "eyenet_catalog_query", sql, NULL, &query, &err);
    int columns = st == EN_OK ? en_query_columns(query) : 0;
    if (st == EN_OK) {
        names = en_calloc((size_t)columns, sizeof *names);
        values = en_calloc((size_t)columns, sizeof *values);
        st = names != NULL && values != NULL ? EN_OK : en_error_nomem(&err, "a row");
    }
    for (int i = 0; st == EN_OK && i < columns; i++) {
        names[i] = en_query_name(query, i);
    }
    while (st == EN_OK && (st = en_query_next(query, &err)) == EN_OK) {
        for (int i = 0; i < columns; i++) {
            values[i] = en_query_text(query, i);
        }
        if (row(context, columns, names, values) != 0) {
            break;
        }
    }
    en_query_close(query);
    en_free(names);
    en_free(values);
    return report(error, &err, st == EN_DONE ? EN_OK : st);
}

eyenet_status eyenet_model_open(const char *file, eyenet_model **out, eyenet_error *error)
{
    en_error err;
    const en_kernels *kernels;
    *out = en_calloc(1, sizeof **out);
    en_status st = *out != NULL ? en_kernel_select(NULL, &kernels, &err) : en_error_nomem(&err, "a model");
    if (st == EN_OK) {
        st = en_model_open(file, 1, NULL, kernels, &(*out)->model, &err);
    }
    if (st != EN_OK) {
        en_free(*out);
        *out = NULL;
    }
    return report(error, &err, st);
}

eyenet_status eyenet_model_of_run(eyenet_catalog *catalog, const char *run, eyenet_model **out, eyenet_error *error)
{
    en_error err;
    char *path = NULL;
    *out = NULL;
    en_status st = en_run_weights_path(&catalog->project, run, &path, &err);
    if (st != EN_OK) {
        return report(error, &err, st);
    }
    eyenet_status opened = eyenet_model_open(path, out, error);
    en_free(path);
    return opened;
}

void eyenet_model_close(eyenet_model *model)
{
    if (model != NULL) {
        en_model_close(&model->model);
        en_free(model);
    }
}

size_t eyenet_model_classes(const eyenet_model *model) { return model->model.classes.count; }

const char *eyenet_model_class(const eyenet_model *model, size_t i)
{
    return i < model->model.classes.count ? model->model.classes.name[i] : NULL;
}

const char *eyenet_model_label(const eyenet_model *model, size_t i)
{
    const en_model *m = &model->model;
    return i < m->classes.count ? en_classes_label(&m->classes, m->target, i) : NULL;
}

const char *eyenet_model_target(const eyenet_model *model) { return model->model.target; }

eyenet_status eyenet_model_predict_bytes(eyenet_model *model, const void *data, size_t bytes, double *probability,
                                         size_t capacity, eyenet_error *error)
{
    en_error err;
    en_status st = predict(model, data, bytes, probability, capacity, &err);
    return report(error, &err, st);
}

eyenet_status eyenet_model_predict_file(eyenet_model *model, const char *file, double *probability, size_t capacity,
                                        eyenet_error *error)
{
    en_error err;
    en_buf bytes;
    en_buf_init(&bytes, EN_DECODE_MAX_BYTES);
    en_status st = en_file_read(file, &bytes, &err);
    if (st == EN_OK && (st = predict(model, bytes.data, bytes.size, probability, capacity, &err)) == EN_INPUT) {
        en_error_prefix(&err, "'%s'", file);
    }
    en_buf_clear(&bytes);
    return report(error, &err, st);
}
