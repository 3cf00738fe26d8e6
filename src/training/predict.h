/* predict: a run's model on photographs that need not be in the catalog. */
#ifndef EN_TRAINING_PREDICT_H
#define EN_TRAINING_PREDICT_H

#include <stdint.h>

#include "catalog/run.h"
#include "training/classes.h"
#include "project/project.h"

typedef struct en_prediction_row {
    char *path;    /* as given */
    char *reason;  /* NULL, or why there is no prediction */
    char *warning; /* NULL, or what makes this photograph doubtful (dark, blurred) */
    size_t predicted;
    double quality; /* of the photograph, 0 hopeless..1 good; NaN: there is no prediction */
    double probability[EN_MAX_CLASSES];
} en_prediction_row;

typedef struct en_predict_result {
    char run[128], uuid[EN_UUID_TEXT], target[256];
    en_classes classes;
    double threshold;       /* of the probability of the last of two classes, from which it is the answer; NaN:
                               by en_calibration_answer */
    en_prediction_row *row; /* in the order given; owned */
    size_t count, failed;
} en_predict_result;

/* Probabilities are calibrated. at: the operating point ("sensitivity", "youden", ...) by whose threshold, chosen on
 * the validation images, is answered; NULL: by en_calibration_answer. EN_INPUT when the run has no such threshold, or
 * when any photograph has no prediction; the others are predicted all the same and the result is filled. */
en_status en_predict(en_project *project, const char *run, const char *at, const char *const *paths, size_t count,
                     en_predict_result *result, en_error *err) EN_CHECKED;
void en_predict_result_clear(en_predict_result *result);

#endif
