/* The engine: what a model says of a sample, and of a photograph's pixels. The same C is compiled for this machine,
 * where it is tested, and to WebAssembly for pages. One thread, no files. */
#ifndef EN_OFFLINE_RUN_H
#define EN_OFFLINE_RUN_H

#include "offline/model.h"

/* The network's output, as probabilities before calibration. sample (N,N,3); probability [classes]. The model is
 * trusted: it comes from en_offline_layout. EN_NOMEM only. */
en_status en_offline_network(const en_offline_model *model, const uint8_t *sample, float *probability,
                             en_error *err) EN_CHECKED;

/* The same calibrated: what `predict` gives. */
en_status en_offline_predict(const en_offline_model *model, const uint8_t *sample, float *probability,
                             en_error *err) EN_CHECKED;

/* Which class is answered, as en_calibration_answer has it. */
uint32_t en_offline_answer(const en_offline_model *model, const float *probability);

/* What was found in a photograph. */
typedef struct en_offline_result {
    float probability[EN_OFFLINE_CLASSES];
    float quality;    /* 0 hopeless .. 1 good (image/quality.h) */
    uint32_t answer;  /* a class */
    uint32_t refused; /* 1: the photograph cannot be judged, and only `reason` is filled; 2: so is the memory */
    char reason[128];
} en_offline_result;

_Static_assert(sizeof(en_offline_result) == 396, "the page's script reads it");

/* The photograph's pixels, red, green, blue and a byte that is not read, upright, at full size; they are
 * overwritten. sample
 * (N,N,3): what the network saw. */
void en_offline_grade(const en_offline_model *model, uint8_t *rgba, int width, int height, uint8_t *sample,
                      en_offline_result *result);

#endif
