/* A training session: everything a run needs, resolved, checked and loaded before the first step. */
#ifndef EN_LAB_SESSION_H
#define EN_LAB_SESSION_H

#include "catalog/run.h"
#include "catalog/subset.h"
#include "catalog/items.h"
#include "image/recipe.h"
#include "lab/classes.h"
#include "lab/hold.h"
#include "lab/loader.h"
#include "lab/train.h"
#include "nn/network.h"

/* A subset ready for batches. */
typedef struct en_side {
    en_catalog_subset subset;
    en_catalog_items items; /* none: no such side */
    en_loader loader;
    int32_t *truth; /* [items.count] */
} en_side;

typedef struct en_session {
    en_lab *lab;
    en_train_options options; /* with the defaults filled in */
    en_spec *spec;
    char *spec_text;
    int64_t recipe_id;
    char *recipe_text;
    en_recipe recipe;
    en_side train, val;
    en_classes classes;
    char *classes_json;
    float *class_weight; /* [classes.count] or NULL: all 1 */
    en_network_size plan;
    en_network *network;
    int64_t run_id, attempt, steps;
    en_catalog_run run;
    en_hold hold;       /* of the run's folder, until the run has ended */
    char *weights_path; /* relative to the project */
    uint32_t *order;    /* [train.items.count] */
    uint8_t *pixels;    /* (batch,N,N,3) */
    int32_t *truth;     /* [batch] */
    uint64_t *variant;  /* [batch] */
    float *probability; /* [val.items.count * classes.count] */
    char remark[64];    /* beside the progress */
} en_session;

/* After EN_OK the run is in the catalog, in state running, and its folder held; after a failure it is not. The session
 * must be closed whatever is returned. */
en_status en_session_open(en_lab *lab, const en_train_options *options, en_session *s, en_error *err) EN_CHECKED;
void en_session_close(en_session *s);
/* Writes the weights as they are now, and their row. epoch 0: before the first was done. Killed at any moment, it
 * leaves a row and the file of that row, the former ones or the new ones; see en_model_path_of_run. */
en_status en_session_keep(en_session *s, int64_t epoch, en_error *err) EN_CHECKED;

#endif
