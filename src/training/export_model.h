/* export onnx, coreml, litert and page: a run's model as a file that other programs read. */
#ifndef EN_TRAINING_EXPORT_MODEL_H
#define EN_TRAINING_EXPORT_MODEL_H

#include <stdint.h>

#include "base/hash.h"
#include "base/wordlist.h"
#include "project/project.h"

typedef enum en_model_format { EN_MODEL_ONNX = 1, EN_MODEL_COREML, EN_MODEL_LITERT, EN_MODEL_PAGE } en_model_format;
extern const en_wordlist en_model_formats; /* onnx, coreml, litert, page */

typedef struct en_export_options {
    const char *run; /* name, uuid or "last" */
    en_model_format format;
    /* NULL: model.onnx, .mlmodel, .tflite or page.html in the run's folder; an older export is replaced, another file
     * is not */
    const char *file;
} en_export_options;

typedef struct en_export_result {
    char run[128], format[16], sha256[EN_SHA256_HEX];
    char *file; /* owned */
    int64_t bytes, parameters, classes;
    char input[64], recipe[64];     /* "256x256x3" */
    char origin[512], licence[512]; /* of the weights that the run started from; "" */
} en_export_result;

/* Writes the file whole or not at all. EN_INPUT when the run kept no weights, another file is in its place, or the
 * format cannot hold the model. Clear the result in every case. */
en_status en_export_model_of_run(en_project *project, const en_export_options *options, en_export_result *result,
                                 en_error *err) EN_CHECKED;
void en_export_result_clear(en_export_result *result);

#endif
