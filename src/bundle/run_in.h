/* One run of a bundle that is being imported. For run_in.c, evaluations_in.c and weights_in.c alone. */
#ifndef EN_BUNDLE_RUN_IN_H
#define EN_BUNDLE_RUN_IN_H

#include <jansson.h>

#include "bundle/import.h"
#include "training/classes.h"

enum { EN_BUNDLE_CHUNK = 1 << 16 }; /* bytes, of what is copied */

typedef struct en_bundle_arriving {
    en_bundle_job *x;
    const en_bundle_about *about;
    en_bundle_run *row; /* of the result */
    json_t *core;       /* run.json, checked */
    en_run_origin origin;
    en_run_state state;
    int64_t run_id, evaluation_id; /* evaluation_id: that predictions are of; -1: one that is not taken */
    size_t classes;
} en_bundle_arriving;

/* Of run.json; NULL and -1: not there. */
const char *en_bundle_text_of(const en_bundle_arriving *a, const char *name);
int64_t en_bundle_number_of(const en_bundle_arriving *a, const char *name);
/* The subset of that index in the bundle, here. EN_INPUT: the bundle has none. */
en_status en_bundle_subset_of(const en_bundle_arriving *a, int64_t index, int64_t *id, en_error *err) EN_CHECKED;

/* evaluations.jsonl: adds those that are new here, with their predictions. */
en_status en_bundle_take_evaluations(en_bundle_arriving *a, en_error *err) EN_CHECKED;
/* model.safetensors: writes and checks it, and makes its row. */
en_status en_bundle_take_weights(en_bundle_arriving *a, en_error *err) EN_CHECKED;

#endif
