/* Features of a dataset: what a line of a network is given (nn/network.h), of every item in every view that a training
 * may show. They are computed once and kept in a file of the project, named by the hash of all they depend on: whoever
 * needs the same reads them. Such files may be removed at any time. */
#ifndef EN_TRAINING_FEATURES_H
#define EN_TRAINING_FEATURES_H

#include <stdbool.h>
#include <stddef.h>

#include "dataset/loader.h"
#include "image/augmentation.h"
#include "nn/network.h"
#include "project/project.h"

#define EN_FEATURES_DIR "features" /* in the project */

typedef struct en_features {
    size_t line, size;     /* of the network; floats of one view */
    size_t items, views;   /* views of an item */
    size_t slot[EN_VIEWS]; /* of a view among these; EN_VIEWS: it is not there */
    const float *value;    /* [items * views * size]; owned, read-only pages of the file or memory */
    void *map;             /* the file, or NULL */
    size_t map_bytes;
    float *memory; /* where there is no file */
} en_features;

/* Reads the features, or computes them and writes the file; where it cannot be written (a full disk), they are kept in
 * memory with a warning. line: of en_network_feature_line, above 0. shows: which views are wanted; NULL: the first
 * alone. what: for the progress. en_features_clear it, also after an error. */
en_status en_features_load(en_project *project, en_network *network, size_t line, const en_loader *loader,
                           const en_augmentation *shows, const char *what, en_features *out, en_error *err) EN_CHECKED;
/* Of an item in a view that is there: [size], borrowed. */
const float *en_features_of(const en_features *f, size_t item, size_t view);
void en_features_clear(en_features *f); /* safe on a zeroed one */

#endif
