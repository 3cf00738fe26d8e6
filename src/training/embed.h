/* embed: what a layer of a network is given of photographs, kept as rows (catalog/embedding.h). */
#ifndef EN_TRAINING_EMBED_H
#define EN_TRAINING_EMBED_H

#include <stdint.h>

#include "base/hash.h"
#include "nn/network.h"
#include "project/project.h"

typedef struct en_embed_options {
    const char *model;  /* an imported model, else a run by name, uuid or the beginning of one */
    const char *layer;  /* whose input is meant, in the words of en_spec_line; NULL: the head */
    const char *subset; /* only of its images; NULL: of all accepted ones */
    const char *recipe; /* of an imported model; NULL: the newest. A run has its own */
} en_embed_options;

typedef struct en_embed_result {
    char model[256];
    char weights_sha256[EN_SHA256_HEX];
    char recipe[256];
    int64_t layer, dimensions;      /* place after the input, from 0 */
    char layer_text[EN_LINE_TEXT];  /* as in the network's text */
    int64_t images, computed, kept; /* wanted; computed by this call; found as they were */
} en_embed_result;

/* Computes the embeddings that are missing and writes them in batches: what was written before an interruption
 * (EN_INTERRUPTED, with the result so far) or an error is kept, and the next call goes on. The bytes are the same for
 * any number of threads, and whatever was there before. EN_INPUT: no such model, layer or subset; samples of another
 * size than the network takes; a layer before which nothing can be kept. */
en_status en_embed(en_project *project, const en_embed_options *options, en_embed_result *result,
                   en_error *err) EN_CHECKED;

#endif
