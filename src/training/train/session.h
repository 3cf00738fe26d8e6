/* A training session: everything a run needs, resolved, checked and loaded before the first step. */
#ifndef EN_TRAINING_SESSION_H
#define EN_TRAINING_SESSION_H

#include "catalog/run.h"
#include "image/augmentation.h"
#include "image/recipe.h"
#include "training/classes.h"
#include "training/schedule.h"
#include "dataset/dataset.h"
#include "dataset/prefetch.h"
#include "project/folder_lock.h"
#include "training/pretrained.h"
#include "training/train/train.h"
#include "nn/network.h"

typedef struct en_session {
    en_project *project;
    en_train_options options; /* with the defaults filled in */
    en_pretrained init;       /* weights to start from, with options.init */
    size_t frozen_lines;      /* of the network */
    en_spec *spec;
    char *spec_text;
    int64_t recipe_id;
    char *recipe_text;
    en_recipe recipe;
    en_augmentation augmentation;
    en_schedule schedule;
    en_optimiser optimiser;
    en_loss loss;
    en_dataset train, val; /* val without items: no validation */
    en_classes classes;
    char *classes_json;
    float *class_weight; /* [classes.count] or NULL: all 1 */
    en_network_size size;
    en_network *network;
    int64_t run_id, attempt, steps;
    en_catalog_run run;
    en_folder_lock lock;   /* of the run's folder, until the run has ended */
    char *weights_path;    /* relative to the project */
    uint32_t *order;       /* [train.items.count] */
    uint8_t *pixels;       /* (batch,N,N,3), for validation */
    en_prefetch *prefetch; /* of the training batches */
    int32_t *truth;        /* [batch] */
    uint64_t *key;         /* [batch] */
    float *probability;    /* [val.items.count * classes.count] */
    char remark[64];       /* beside the progress */
} en_session;

/* After EN_OK the run is in the catalog, in state running, and its folder held; after a failure it is not. The session
 * must be closed whatever is returned. */
en_status en_session_open(en_project *project, const en_train_options *options, en_session *s,
                          en_error *err) EN_CHECKED;
void en_session_close(en_session *s);
/* Finds the weights to start from (init.c); nothing without options.init. */
en_status en_session_find_init(en_session *s, en_error *err) EN_CHECKED;
/* Reads the network, with its norms and frozen lines as the options want them. */
en_status en_session_load_spec(en_session *s, en_error *err) EN_CHECKED;
/* The first weights: drawn, then all but the head's replaced by those to start from. */
en_status en_session_init_weights(en_session *s, en_error *err) EN_CHECKED;
/* The settings of this as rows. */
en_status en_session_put_init(en_session *s, en_error *err) EN_CHECKED;
/* The last step of opening: run, settings and start as rows, and the lock on the folder (register.c). */
en_status en_session_register(en_session *s, en_error *err) EN_CHECKED;

#endif
