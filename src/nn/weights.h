/* Weights on disk, as safetensors (https://github.com/huggingface/safetensors): an 8-byte little-endian header size, a
 * JSON header with names, types, shapes and places, then the numbers. Files are written atomically (base/file.h). Files
 * are untrusted: every size is checked before it is used. */
#ifndef EN_NN_WEIGHTS_H
#define EN_NN_WEIGHTS_H

#include <stddef.h>

#include "base/error.h"
#include "nn/network.h"

/* A string of the header's __metadata__: spec, recipe, classes (JSON), run (uuid), ... */
typedef struct en_meta {
    const char *key, *value;
} en_meta;

/* What to keep. A model is for predicting; a checkpoint also holds the optimiser's slots and the moving averages, so
 * that a run resumes from it with the bits of an uninterrupted one. */
typedef enum en_keep { EN_KEEP_MODEL, EN_KEEP_CHECKPOINT } en_keep;

en_status en_weights_save(en_network *net, en_keep keep, const char *path, const en_meta *meta, size_t metas,
                          en_error *err) EN_CHECKED;
/* Names, types, shapes and sizes must be the network's own. EN_INPUT, with the network's parameters as they were, when
 * the header is not right; EN_IO when reading fails half-way (load again, or throw the network away). A checkpoint may
 * be loaded as a model; loading EN_KEEP_CHECKPOINT needs a network made for EN_TRAIN. */
en_status en_weights_load(en_network *net, en_keep keep, const char *path, en_error *err) EN_CHECKED;

/* The same without the tensors of one line (en_spec_head): weights to start from, whatever the classes. Loading takes
 * all lines but that one, which keeps its values, from a file that may have one of any shape or none. */
en_status en_weights_save_without(en_network *net, size_t line, const char *path, const en_meta *meta, size_t metas,
                                  en_error *err) EN_CHECKED;
en_status en_weights_load_without(en_network *net, size_t line, const char *path, en_error *err) EN_CHECKED;

/* The metadata alone, to learn spec and classes before the network is made. */
typedef struct en_metadata {
    struct json_t *strings; /* owned */
} en_metadata;
en_status en_metadata_read(const char *path, en_metadata *out, en_error *err) EN_CHECKED;
/* NULL when there is no such key; borrowed. */
const char *en_metadata_get(const en_metadata *meta, const char *key);
void en_metadata_clear(en_metadata *meta);

#endif
