/* model import, list and show: weights that other programs trained become weights to start from. */
#ifndef EN_TRAINING_PRETRAINED_H
#define EN_TRAINING_PRETRAINED_H

#include "catalog/pretrained.h"
#include "nn/network.h"
#include "project/project.h"

#define EN_LICENCE_UNKNOWN "unknown"

typedef struct en_import_options {
    const char *file;    /* safetensors with PyTorch's names: nn/foreign.h */
    const char *preset;  /* the built-in network it is of */
    const char *name;    /* NULL: the file's, without its extension */
    const char *origin;  /* NULL: what the file's metadata say under "origin", or the file's name */
    const char *licence; /* NULL: what they say under "licence" or "license", or EN_LICENCE_UNKNOWN */
} en_import_options;

typedef struct en_import_result {
    char name[128], preset[64], weights[512]; /* weights: relative to the project */
    int64_t tensors, parameters;
    int64_t left_out; /* tensors of the head, which a training draws anew for its classes */
    char origin[512], licence[512];
    char sha256[EN_SHA256_HEX], origin_sha256[EN_SHA256_HEX]; /* of weights, and of the file */
} en_import_result;

/* Writes models/NAME.safetensors and its row. EN_INPUT, with nothing imported, when the name is taken or the file is
 * not what the preset needs; the message lists what is missing and what is surplus. */
en_status en_model_import(en_project *project, const en_import_options *options, en_import_result *result,
                          en_error *err) EN_CHECKED;

/* Weights to start from, found and checked. */
typedef struct en_pretrained {
    char *file;                    /* absolute, or as given */
    char *spec;                    /* the network's text */
    char *name, *origin, *licence; /* origin and licence: "" where nothing is known */
    char sha256[EN_SHA256_HEX];    /* of the file */
} en_pretrained;

/* `model` is the name of imported weights, a file that eyenet wrote, or a run that kept weights, by name or uuid;
 * project may be NULL for a file. EN_INPUT when it is none of these, or the imported file is not the one that was
 * written. Clear it in every case. */
en_status en_pretrained_find(en_project *project, const char *model, en_pretrained *out, en_error *err) EN_CHECKED;
void en_pretrained_clear(en_pretrained *pretrained);

/* What `model show` is told. */
typedef struct en_model_line {
    int64_t line; /* from 0, as in the weights' names; -1: the input */
    char layer[EN_LINE_TEXT], output[64];
    int64_t parameters;
    double megaflops;     /* 10^6 floating point operations of one image's forward pass */
    int64_t output_bytes; /* of one image */
    const char *algorithm;
} en_model_line;

typedef struct en_model_summary {
    en_model_line *line; /* owned */
    size_t count;
    int64_t parameters;
    double megaflops;
    int64_t predict_bytes, train_bytes; /* memory of one image's prediction, and of training */
    int64_t batch;                      /* in training */
} en_model_summary;

/* The layers of a built-in network, else of an imported model, else of a file of network text or weights; a network
 * without classes of its own has `classes`. project NULL: nothing is imported. */
en_status en_model_summarise(en_project *project, const char *model, size_t classes, size_t batch,
                             en_model_summary *out, en_error *err) EN_CHECKED;
void en_model_summary_clear(en_model_summary *summary);
bool en_model_is_built_in(const char *model);

#endif
