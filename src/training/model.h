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
#include "nn/weights.h"

typedef struct en_model {
    en_network *network; /* owned, made for EN_INFER or EN_EXPLAIN */
    en_recipe recipe;
    en_classes classes;
    en_calibration calibration;
    char *target, *run;     /* owned: the target's SQL; the run's uuid */
    char *origin, *licence; /* owned: of the weights that the run started from; "" where it drew its own */
    uint8_t *sample;        /* owned: space for `batch` samples */
    size_t batch;
} en_model;

/* The metadata of a model file; all texts. */
typedef struct en_model_card {
    const char *spec, *recipe, *classes, *target, *run; /* classes: JSON; run: the uuid */
    const char *labels;                                 /* of the classes, JSON; NULL: they have none */
    const char *calibration;                            /* JSON */
    const char *origin, *licence; /* of the weights that the run started from; NULL: it drew its own */
} en_model_card;

/* Writes the network to FILE.next, FILE being row->path, which is relative to the project, and fills in the hashes of
 * row. Its row is committed next, then the file is published, or unstaged when it was not committed: killed at any
 * moment, there is a row and the file of that row, the former ones or the new ones, as opening one tries FILE and
 * FILE.next. */
en_status en_model_stage(en_project *project, en_network *network, en_keep keep, const en_meta *meta, size_t metas,
                         en_catalog_checkpoint *row, en_error *err) EN_CHECKED;
/* A model that en_model_open can open. */
en_status en_model_stage_card(en_project *project, en_network *network, const en_model_card *card,
                              en_catalog_checkpoint *row, en_error *err) EN_CHECKED;
/* FILE.next becomes FILE. */
en_status en_model_publish(en_project *project, const en_catalog_checkpoint *row, en_error *err) EN_CHECKED;
/* Removes FILE.next. */
void en_model_unstage(en_project *project, const en_catalog_checkpoint *row);

/* pool may be NULL. EN_INPUT when the file is not an eyenet model. */
en_status en_model_open(const char *file, size_t batch, en_pool *pool, const en_kernels *kernels, en_model *model,
                        en_error *err) EN_CHECKED;
/* The best model of a run, after seeing that the file is the one the run wrote; its row in weights, which may be NULL
 * and is otherwise cleared by the caller. EN_INPUT when the run kept none, or the file is missing or another. */
en_status en_model_of_run(en_project *project, const en_catalog_run *run, size_t batch, en_model *model,
                          en_catalog_checkpoint *weights, en_error *err) EN_CHECKED;
/* The same of one sample at a time, for heat maps too (training/explain.h). EN_INPUT also when the network has no layer
 * to make one of. */
en_status en_model_explainer_of_run(en_project *project, const en_catalog_run *run, en_model *model,
                                    en_catalog_checkpoint *weights, en_error *err) EN_CHECKED;
void en_model_close(en_model *model); /* safe on a zeroed one */

/* The sample of one photograph, (N,N,3): decoded, judged by the gate, cropped. quality may be NULL. EN_INPUT, with the
 * reason alone as text, when the photograph cannot be used. */
en_status en_model_sample(const en_model *model, const void *bytes, size_t n, uint8_t *sample, en_quality *quality,
                          en_error *err) EN_CHECKED;
/* The same, in model->sample, and predicted: probability [classes.count], calibrated. */
en_status en_model_predict(en_model *model, const void *bytes, size_t n, float *probability, en_quality *quality,
                           en_error *err) EN_CHECKED;

#endif
