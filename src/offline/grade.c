/* See run.h: from a photograph's pixels to what is said of it. */
#include <math.h>
#include <string.h>

#include "image/sample.h"
#include "offline/run.h"
#include "stats/cuts.h"
#include "stats/recalibrate.h"

#define SMALLEST 1e-38 /* a softmax of floats may be 0: as in training/calibrate.c */

en_status en_offline_predict(const en_offline_model *model, const uint8_t *sample, float *probability, en_error *err)
{
    double p[EN_OFFLINE_CLASSES];
    en_status st = en_offline_network(model, sample, probability, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < model->classes; i++) {
        p[i] = (double)probability[i];
    }
    if (model->calibrated) {
        for (size_t i = 0; i < model->classes; i++) {
            p[i] = model->by * log(fmax(p[i], SMALLEST)) + model->offset[i];
        }
        en_recalibrate_softmax(p, model->classes, 1);
    }
    if (model->cumulative) {
        en_recalibrate_cumulative(p, model->classes, model->scale, model->shifted);
    }
    for (size_t i = 0; i < model->classes; i++) {
        probability[i] = (float)p[i];
    }
    return EN_OK;
}

uint32_t en_offline_answer(const en_offline_model *model, const float *probability)
{
    uint32_t most = 0;
    double expected = 0;
    for (uint32_t i = 0; i < model->classes; i++) {
        most = probability[i] > probability[most] ? i : most;
        expected += model->value[i] * (double)probability[i];
    }
    return model->cuts > 0 ? (uint32_t)en_cuts_answer(model->cut, model->cuts, expected) : most;
}

static void refuse(en_offline_result *result, uint32_t why, const char *reason)
{
    result->refused = why;
    for (size_t i = 0; i + 1 < sizeof result->reason && reason[i] != '\0'; i++) {
        result->reason[i] = reason[i];
        result->reason[i + 1] = '\0';
    }
}

void en_offline_grade(const en_offline_model *model, uint8_t *rgba, int width, int height, uint8_t *sample,
                      en_offline_result *result)
{
    const en_recipe recipe = {.crop = (en_crop)model->crop,
                              .centre_px = model->centre_px,
                              .size = model->size,
                              .normalise = (en_normalise)model->normalise};
    const en_image image = {
        .width = width, .height = height, .full_width = width, .full_height = height, .scale = 1, .rgb = rgba};
    en_quality quality = {0};
    en_error err = {0};
    *result = (en_offline_result){.refused = 0};
    for (size_t i = 0; i < (size_t)width * (size_t)height; i++) {
        memmove(rgba + 3 * i, rgba + 4 * i, 3);
    }
    en_status st = en_sample_of_image(&image, &recipe, sample, &quality, &err);
    if (st == EN_OK) {
        const en_gate gate = en_quality_gate(&quality, width, height);
        if (gate.kind != EN_GATE_PASSED) {
            refuse(result, 1, gate.reason);
            return;
        }
        st = en_offline_predict(model, sample, result->probability, &err);
    }
    if (st != EN_OK) {
        refuse(result, 2, err.text);
        return;
    }
    result->quality = (float)quality.score;
    result->answer = en_offline_answer(model, result->probability);
}
