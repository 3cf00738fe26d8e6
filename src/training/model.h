/* A trained model (the catalog's table model is only the text of a network): what it takes to get from a photograph, or
 * a sample, to probabilities. All of it is in one file. */
#ifndef EN_TRAINING_MODEL_H
#define EN_TRAINING_MODEL_H

#include "base/hash.h"
#include "base/threads.h"
#include "catalog/run.h"
#include "image/quality.h"
#include "image/recipe.h"
#include "training/calibrate.h"
#include "training/classes.h"
#include "project/project.h"
#include "nn/network.h"

typedef struct en_model {
    en_network *network; /* owned, made for EN_INFER */
    en_recipe recipe;
    en_classes classes;
    en_calibration calibration;
    char *target, *run; /* owned: the target's SQL; the run's uuid */
    uint8_t *sample;    /* owned: space for `batch` samples */
    size_t batch;
} en_model;

/* The metadata of a model file; all texts. */
typedef struct en_model_card {
    const char *spec, *recipe, *classes, *target, *run; /* classes: JSON; run: the uuid */
    const char *calibration;                            /* JSON */
    const char *origin, *licence; /* of the weights that the run started from; NULL: it drew its own */
} en_model_card;

/* Keeps the network's weights as the best ones of a run: the file row->path, relative to the project, and its row, of
 * which kind and sha256 are filled in here, with the calibration as a setting of the run. Killed at any moment, it
 * leaves a row and the file of that row, the former ones or the new ones: new weights lie in FILE.next until their row
 * is committed, then they take the place of FILE, and opening a model tries both. */
en_status en_model_keep(en_project *project, int64_t run_id, en_network *network, const en_model_card *card,
                        en_catalog_checkpoint *row, en_error *err) EN_CHECKED;

/* pool may be NULL. EN_INPUT when the file is not an eyenet model. */
en_status en_model_open(const char *file, size_t batch, en_pool *pool, const en_kernels *kernels, en_model *model,
                        en_error *err) EN_CHECKED;
/* The best model of a run, after seeing that the file is the one the run wrote; its hash in sha256, which may be NULL.
 * EN_INPUT when the run kept none, or the file is missing or another. */
en_status en_model_of_run(en_project *project, const en_catalog_run *run, size_t batch, en_model *model,
                          char sha256[EN_SHA256_HEX], en_error *err) EN_CHECKED;
void en_model_close(en_model *model); /* safe on a zeroed one */

/* One photograph: decoded, judged by the gate, cropped and predicted. probability [classes.count], calibrated; quality
 * may be NULL. EN_INPUT, with the reason alone as text, when the photograph cannot be used. */
en_status en_model_predict(en_model *model, const void *bytes, size_t n, float *probability, en_quality *quality,
                           en_error *err) EN_CHECKED;

#endif
