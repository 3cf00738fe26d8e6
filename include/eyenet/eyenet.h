/* eyenet as a C library: open a project's catalog, load a trained model, predict.
 *
 *   eyenet_model *model;
 *   eyenet_error error;
 *   if (eyenet_model_open("runs/first/model.safetensors", &model, &error) != EYENET_OK) ...
 *   double p[2];
 *   if (eyenet_model_predict_file(model, "10_left.jpeg", p, 2, &error) != EYENET_OK) ...
 *
 * Functions that can fail return an eyenet_status and fill an eyenet_error, which may be NULL. Objects belong to
 * the caller, who frees them, and may be used by one thread at a time; different objects may be used by different
 * threads. Predicting works in the calling thread alone; opening a model sets OpenBLAS, for the whole process, to one
 * thread. Compile and link with: pkg-config --cflags --libs eyenet */
#ifndef EYENET_EYENET_H
#define EYENET_EYENET_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define EYENET_API __attribute__((visibility("default")))
#else
#define EYENET_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum eyenet_status { /* the program's exit codes */
                             EYENET_OK = 0,
                             EYENET_FAILED = 1,     /* a check failed */
                             EYENET_USAGE = 2,      /* an argument is wrong */
                             EYENET_INPUT = 3,      /* bad input: not a photograph, not a catalog, no such run */
                             EYENET_DENIED = 4,     /* credentials or rules */
                             EYENET_INTERNAL = 70,  /* a defect of eyenet */
                             EYENET_TRY_AGAIN = 75, /* busy, network, no memory, full disk */
                             EYENET_INTERRUPTED = 130
} eyenet_status;

typedef struct eyenet_error {
    eyenet_status status;
    char text[1536]; /* one line, lower case, without a full stop, with the remedy after "; "; "" on success */
} eyenet_error;

/* "0.1.0" */
EYENET_API const char *eyenet_version(void);

/* A project's catalog, opened for reading. `folder` is the project's folder or one in it. */
typedef struct eyenet_catalog eyenet_catalog;
EYENET_API eyenet_status eyenet_catalog_open(const char *folder, eyenet_catalog **out, eyenet_error *error);
EYENET_API void eyenet_catalog_close(eyenet_catalog *catalog); /* NULL is fine */

/* Runs one statement that only reads and calls `row` for each row with its columns as text (NULL for NULL), borrowed
 * for the call; a value other than 0 from `row` ends the query early, which is not an error. */
typedef int eyenet_row_fn(void *context, int columns, const char *const *names, const char *const *values);
EYENET_API eyenet_status eyenet_catalog_query(eyenet_catalog *catalog, const char *sql, eyenet_row_fn *row,
                                              void *context, eyenet_error *error);

/* A trained model: network, weights, recipe and class names. */
typedef struct eyenet_model eyenet_model;
/* From a file, which contains everything that is needed. */
EYENET_API eyenet_status eyenet_model_open(const char *file, eyenet_model **out, eyenet_error *error);
/* The model of a run: its name, the beginning of its uuid, or NULL for the newest. The model does not need the catalog
 * afterwards. */
EYENET_API eyenet_status eyenet_model_of_run(eyenet_catalog *catalog, const char *run, eyenet_model **out,
                                             eyenet_error *error);
EYENET_API void eyenet_model_close(eyenet_model *model); /* NULL is fine */

EYENET_API size_t eyenet_model_classes(const eyenet_model *model);
/* Class i's name, e.g. "0" and "1" for the target 'grade >= 2', "left" and "right" for 'eye'; borrowed. NULL beyond. */
EYENET_API const char *eyenet_model_class(const eyenet_model *model, size_t i);
/* A readable form: "no" and "yes" for 'grade >= 2', "2 moderate" for 'grade'; borrowed. NULL beyond. */
EYENET_API const char *eyenet_model_label(const eyenet_model *model, size_t i);
/* What was learned, e.g. "grade >= 2"; borrowed. */
EYENET_API const char *eyenet_model_target(const eyenet_model *model);

/* Probabilities 0..1 that sum to 1, one for each class; `capacity` is the number of elements of `probability`
 * (EYENET_USAGE when fewer than the classes). A file that is not an image, or a black image, is EYENET_INPUT. */
EYENET_API eyenet_status eyenet_model_predict_file(eyenet_model *model, const char *file, double *probability,
                                                   size_t capacity, eyenet_error *error);
/* The same for a JPEG or PNG in memory. */
EYENET_API eyenet_status eyenet_model_predict_bytes(eyenet_model *model, const void *data, size_t bytes,
                                                    double *probability, size_t capacity, eyenet_error *error);

#ifdef __cplusplus
}
#endif

#endif
