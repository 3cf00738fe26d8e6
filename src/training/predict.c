/* predict: each photograph by itself, so that one bad file does not spoil the others. */
#include "training/predict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/name.h"
#include "catalog/run.h"
#include "image/decode.h"
#include "image/encode.h"
#include "training/ensemble.h"
#include "training/explain.h"
#include "training/predict_units.h"

/* Below this quality score a person should look again. */
#define DOUBTFUL 0.3

#define HEAT_CAP ((size_t)64 << 20) /* bytes of a heat map; 2048 px square has 12 MiB of pixels */

/* DIR/NAME-heat.png; NULL without memory. */
static char *heat_path(const char *dir, const char *photograph)
{
    const char *name = en_path_base(photograph), *ext = en_path_ext(name);
    size_t length = strlen(name) - (ext[0] != '\0' ? strlen(ext) + 1 : 0);
    char *file = en_format("%.*s-heat.png", (int)length, name);
    char *path = file != NULL ? en_path_join(dir, file) : NULL;
    en_free(file);
    return path;
}

/* A photograph and the file of its heat map. */
typedef struct heat_file {
    const char *photograph;
    char *path;
} heat_file;

static int by_path(const void *a, const void *b)
{
    const heat_file *x = a, *y = b;
    return strcmp(x->path, y->path);
}

/* Whether the photograph lies in that folder. */
static bool lies_in(const char *photograph, const struct stat *folder)
{
    struct stat s;
    int length = (int)(en_path_base(photograph) - photograph);
    char *own = en_format("%.*s.", length, photograph);
    bool is = own != NULL && stat(own, &s) == 0 && s.st_dev == folder->st_dev && s.st_ino == folder->st_ino;
    en_free(own);
    return is;
}

/* That every heat map has a file of its own which is not a photograph. */
static en_status check_heat(const char *dir, const char *const *paths, size_t count, en_error *err)
{
    struct stat folder;
    bool there = stat(dir, &folder) == 0;
    heat_file *file = en_calloc(count, sizeof *file);
    en_status st = file != NULL ? EN_OK : en_error_nomem(err, "heat maps");
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        file[i] = (heat_file){paths[i], heat_path(dir, paths[i])};
        if (file[i].path == NULL) {
            st = en_error_nomem(err, "heat maps");
        } else if (there && lies_in(paths[i], &folder)) {
            st =
                en_error_hint(err,
                              en_error_set(err, EN_INPUT, "'%s' is the folder of '%s': heat maps need one of their own",
                                           dir, paths[i]),
                              "name another folder with --out");
        }
    }
    if (st == EN_OK) {
        qsort(file, count, sizeof *file, by_path);
    }
    for (size_t i = 1; st == EN_OK && i < count; i++) {
        if (strcmp(file[i - 1].path, file[i].path) == 0) {
            st = en_error_hint(err,
                               en_error_set(err, EN_INPUT, "'%s' and '%s' would have the same heat map '%s'",
                                            file[i - 1].photograph, file[i].photograph, file[i].path),
                               "explain them one after the other, with an --out each");
        }
    }
    for (size_t i = 0; file != NULL && i < count; i++) {
        en_free(file[i].path);
    }
    en_free(file);
    return st;
}

/* Writes the heat map of what was predicted last. */
static en_status explain(const en_ensemble *e, const char *dir, en_prediction_row *row, en_error *err)
{
    en_model *model = &e->model[0];
    en_buf png;
    en_buf_init(&png, HEAT_CAP);
    row->explained = en_explained_class(&model->classes, row->predicted);
    char *path = heat_path(dir, row->path);
    en_status st = path != NULL ? EN_OK : en_error_nomem(err, "a heat map");
    if (st == EN_OK) {
        st = en_file_check_kind(path, "\x89PNG", 4, "a PNG picture", err);
    }
    if (st == EN_OK) {
        st = en_model_explain(model, e->sample, row->explained, e->sample, err);
    }
    if (st == EN_OK) {
        st = en_encode_png(e->sample, model->recipe.size, model->recipe.size, &png, err);
    }
    if (st == EN_OK) {
        st = en_file_write(path, png.data, png.size, err);
    }
    en_buf_clear(&png);
    if (st != EN_OK) {
        en_free(path);
        return st;
    }
    row->heat = path;
    return EN_OK;
}

/* A path that names no photograph, as that of a folder, is not read either: it is of a patient of its own. */
static en_status name_row(const char *path, en_prediction_row *row, en_error *err)
{
    en_catalog_name name;
    const bool named = en_catalog_name_parse(path, &name, NULL) == EN_OK;
    row->path = en_strdup(path);
    row->patient = en_strdup(named ? name.patient : path);
    row->eye = named ? name.eye : NULL;
    if (row->path != NULL && row->patient != NULL) {
        return EN_OK;
    }
    en_free(row->path);
    en_free(row->patient);
    row->path = row->patient = NULL;
    return en_error_nomem(err, "a prediction");
}

static en_status predict_one(en_ensemble *e, double threshold, const char *heat, const char *path,
                             en_prediction_row *row, en_error *err)
{
    en_buf bytes;
    en_buf_init(&bytes, EN_DECODE_MAX_BYTES);
    float probability[EN_MAX_CLASSES];
    en_quality quality;
    en_error why;
    row->quality = (double)NAN;
    en_status st = name_row(path, row, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_file_read(path, &bytes, &why);
    if (st == EN_OK) {
        st = en_ensemble_predict(e, bytes.data, bytes.size, probability, &quality, &why);
    }
    en_buf_clear(&bytes);
    if (st == EN_INPUT || st == EN_PATH || st == EN_IO) {
        row->reason = en_strdup(why.text);
        return row->reason != NULL ? EN_OK : en_error_nomem(err, "a prediction");
    }
    if (st != EN_OK) {
        *err = why;
        return st;
    }
    for (size_t i = 0; i < e->model[0].classes.count; i++) {
        row->probability[i] = (double)probability[i];
    }
    row->predicted = isnan(threshold) ? en_calibration_answer(&e->calibration, &e->model[0].classes, probability)
                                      : (size_t)(row->probability[1] >= threshold);
    row->quality = quality.score;
    if (quality.score < DOUBTFUL) {
        row->warning = en_format("poor photograph: quality %.2f of 1", quality.score);
        if (row->warning == NULL) {
            return en_error_nomem(err, "a prediction");
        }
    }
    return heat != NULL ? explain(e, heat, row, err) : EN_OK;
}

static en_status predict_all(en_project *project, en_ensemble *e, const char *heat, const char *const *paths,
                             size_t count, en_predict_result *result, en_error *err)
{
    en_status st = EN_OK;
    if (heat != NULL) {
        st = check_heat(heat, paths, count, err);
        if (st == EN_OK) {
            st = en_file_mkdirs(heat, err);
        }
        if (st != EN_OK) {
            return st;
        }
    }
    en_event_begin(&project->events, "predict", "photographs", (int64_t)count);
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        st = predict_one(e, result->threshold, heat, paths[i], &result->row[i], err);
        result->count = result->row[i].path != NULL ? i + 1 : i; /* all that are counted have a name */
        result->failed += result->row[i].reason != NULL;
        en_event_progress(&project->events, (int64_t)i + 1, (int64_t)count, NULL);
        if (st == EN_OK) {
            st = en_stop_check(&project->events, err);
        }
    }
    en_event_end(&project->events, (int64_t)result->count, (int64_t)count);
    en_error unnumbered; /* those of an interrupted prediction are shown, too */
    const en_status numbered = en_predict_number(result, st == EN_OK ? err : &unnumbered);
    return st == EN_OK ? numbered : st;
}

/* alone: of eyes without a fellow, where the run looks at both. */
static en_status find_threshold(const en_ensemble *e, const char *at, double *threshold, double *alone, en_error *err)
{
    *threshold = *alone = (double)NAN;
    if (at == NULL) {
        return EN_OK;
    }
    if (!e->stored && (e->count > 1 || e->views > 1)) {
        return en_error_hint(
            err, en_error_set(err, EN_INPUT, "a threshold for '%s' was chosen for one run and one view", at),
            "'eyenet run combine' chooses one for several runs, and for views");
    }
    for (size_t k = 0; k < EN_OPERATING_RULES; k++) {
        if (strcmp(at, en_operating_name((en_operating_rule)k)) == 0) {
            *threshold = e->calibration.point[k].threshold;
            *alone = e->fellow.alone.point[k].threshold;
        }
    }
    return !isnan(*threshold)
               ? EN_OK
               : en_error_set(err, EN_INPUT,
                              "run '%s' has no threshold for '%s': it is chosen where there are two classes and "
                              "validation images of both",
                              e->names, at);
}

en_status en_predict(en_project *project, const en_predict_options *options, const char *const *paths, size_t count,
                     en_predict_result *result, en_error *err)
{
    *result = (en_predict_result){0};
    en_error unreported;
    err = err != NULL ? err : &unreported;
    en_ensemble e;
    const en_ensemble_options wanted = {
        .runs = options->run, .views = options->views, .explain = options->heat != NULL};
    en_status st = en_ensemble_open(project, &wanted, &e, err);
    if (st != EN_OK) {
        goto done;
    }
    if (options->one_run && e.count > 1 && !e.stored) {
        st = en_error_set(err, EN_USAGE, "--fhir names the one run that answered: %zu were asked", e.count);
        goto done;
    }
    st = find_threshold(&e, options->at, &result->threshold, &result->threshold_alone, err);
    if (st != EN_OK) {
        goto done;
    }
    result->row = en_calloc(count, sizeof *result->row);
    if (result->row == NULL) {
        st = en_error_nomem(err, "predictions");
        goto done;
    }
    snprintf(result->run, sizeof result->run, "%s", e.names);
    snprintf(result->uuid, sizeof result->uuid, "%s", e.uuid);
    snprintf(result->target, sizeof result->target, "%s", e.model[0].target);
    result->classes = e.model[0].classes;
    result->runs = e.count;
    result->views = e.views;
    result->explained = options->heat != NULL;
    result->fellows = e.fellow.thresholds > 0;
    (void)en_calibration_decision(&e.calibration, &e.model[0].classes, options->at,
                                  result->fellows ? "with the fellow eye"
                                  : e.stored      ? "of the members"
                                                  : NULL,
                                  result->decision);
    st = predict_all(project, &e, options->heat, paths, count, result, err);
    if (st != EN_OK) {
        goto done;
    }
    if (result->fellows) {
        st = en_predict_fellows(result, &e.calibration, &e.fellow, err);
        if (st != EN_OK) {
            goto done;
        }
    }
    if (options->unit > EN_UNIT_PHOTOGRAPH) {
        st = en_predict_combine(result, &e.calibration, &e.fellow.alone, options->unit,
                                options->combine != 0 ? options->combine : EN_COMBINE_WORST, err);
        if (st != EN_OK) {
            goto done;
        }
    }
    if (result->failed > 0) {
        const en_prediction_row *row = result->row;
        while (row->reason == NULL) {
            row++;
        }
        st = en_error_set(err, EN_INPUT, "%zu of %zu photographs have no prediction; the first is '%s': %s",
                          result->failed, result->count, row->path, row->reason);
    }
done:
    en_ensemble_close(&e);
    return st;
}

void en_predict_result_clear(en_predict_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        en_free(result->row[i].path);
        en_free(result->row[i].patient);
        en_free(result->row[i].reason);
        en_free(result->row[i].heat);
        en_free(result->row[i].warning);
    }
    en_free(result->unit_row);
    en_free(result->row);
    *result = (en_predict_result){0};
}
