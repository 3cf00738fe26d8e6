/* predict: each photograph by itself, so that one bad file does not spoil the others. */
#include "training/predict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/run.h"
#include "image/decode.h"
#include "training/model.h"

/* Below this quality score a person should look again. */
#define DOUBTFUL 0.3

static en_status predict_one(en_model *model, double threshold, const char *path, en_prediction_row *row, en_error *err)
{
    en_buf bytes;
    en_buf_init(&bytes, EN_DECODE_MAX_BYTES);
    float probability[EN_MAX_CLASSES];
    en_quality quality;
    en_error why;
    row->path = en_strdup(path);
    if (row->path == NULL) {
        return en_error_nomem(err, "a prediction");
    }
    row->quality = (double)NAN;
    en_status st = en_file_read(path, &bytes, &why);
    if (st == EN_OK) {
        st = en_model_predict(model, bytes.data, bytes.size, probability, &quality, &why);
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
    for (size_t i = 0; i < model->classes.count; i++) {
        row->probability[i] = (double)probability[i];
    }
    row->predicted = isnan(threshold) ? en_calibration_answer(&model->calibration, &model->classes, probability)
                                      : (size_t)(row->probability[1] >= threshold);
    row->quality = quality.score;
    if (quality.score < DOUBTFUL) {
        row->warning = en_format("poor photograph: quality %.2f of 1", quality.score);
        return row->warning != NULL ? EN_OK : en_error_nomem(err, "a prediction");
    }
    return EN_OK;
}

static en_status predict_all(en_project *project, en_model *model, const char *const *paths, size_t count,
                             en_predict_result *result, en_error *err)
{
    en_status st = EN_OK;
    en_event_begin(&project->events, "predict", "photographs", (int64_t)count);
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        st = predict_one(model, result->threshold, paths[i], &result->row[i], err);
        result->count = i + 1;
        result->failed += result->row[i].reason != NULL;
        en_event_progress(&project->events, (int64_t)i + 1, (int64_t)count, NULL);
        if (st == EN_OK) {
            st = en_stop_check(&project->events, err);
        }
    }
    en_event_end(&project->events, (int64_t)result->count, (int64_t)count);
    return st;
}

static en_status find_threshold(const en_model *model, const char *run, const char *at, double *threshold,
                                en_error *err)
{
    *threshold = (double)NAN;
    if (at == NULL) {
        return EN_OK;
    }
    for (size_t k = 0; k < EN_OPERATING_RULES; k++) {
        if (strcmp(at, en_operating_name((en_operating_rule)k)) == 0) {
            *threshold = model->calibration.point[k].threshold;
        }
    }
    return !isnan(*threshold)
               ? EN_OK
               : en_error_set(err, EN_INPUT,
                              "run '%s' has no threshold for '%s': it is chosen where there are two classes and "
                              "validation images of both",
                              run, at);
}

en_status en_predict(en_project *project, const char *run_name, const char *at, const char *const *paths, size_t count,
                     en_predict_result *result, en_error *err)
{
    *result = (en_predict_result){0};
    en_error unreported;
    err = err != NULL ? err : &unreported;
    en_model model = {0};
    en_catalog_run run = {0};
    en_status st = en_catalog_run_get(project->catalog, run_name, &run, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_model_of_run(project, &run, 1, &model, NULL, err);
    if (st != EN_OK) {
        goto done;
    }
    st = find_threshold(&model, run.name, at, &result->threshold, err);
    if (st != EN_OK) {
        goto done;
    }
    result->row = en_calloc(count, sizeof *result->row);
    if (result->row == NULL) {
        st = en_error_nomem(err, "predictions");
        goto done;
    }
    snprintf(result->run, sizeof result->run, "%s", run.name);
    snprintf(result->uuid, sizeof result->uuid, "%s", run.uuid);
    snprintf(result->target, sizeof result->target, "%s", run.target);
    result->classes = model.classes;
    st = predict_all(project, &model, paths, count, result, err);
    if (st != EN_OK) {
        goto done;
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
    en_model_close(&model);
    en_catalog_run_clear(&run);
    return st;
}

void en_predict_result_clear(en_predict_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        en_free(result->row[i].path);
        en_free(result->row[i].reason);
        en_free(result->row[i].warning);
    }
    en_free(result->row);
    *result = (en_predict_result){0};
}
