/* predict: a run's model on photographs that need not be in the catalog. */
#ifndef EN_TRAINING_PREDICT_H
#define EN_TRAINING_PREDICT_H

#include <stdint.h>

#include "catalog/run.h"
#include "training/calibrate.h"
#include "training/classes.h"
#include "training/units.h"
#include "project/project.h"

typedef struct en_prediction_row {
    char *path;                  /* as given */
    char *patient;               /* as its name says (catalog/name.h); of a path without a name the path itself */
    const char *eye;             /* "left", "right" or NULL; static */
    int64_t patient_group;       /* which patient, and which eye of all, are the same, counted from 1 as they come; */
    int64_t eye_group;           /* a photograph of no known eye is of one of its own */
    char *reason;                /* NULL, or why there is no prediction */
    char *heat;                  /* NULL, or the file of its heat map */
    char *warning;               /* NULL, or what makes this photograph doubtful (dark, blurred) */
    bool with_fellow;            /* the photographs of the fellow eye were looked at, too (training/fellow.h) */
    size_t predicted, explained; /* classes; explained: by the heat map */
    double quality;              /* of the photograph, 0 hopeless..1 good; NaN: there is no prediction */
    double probability[EN_MAX_CLASSES];
} en_prediction_row;

/* What the photographs of an eye or a patient say together. */
typedef struct en_prediction_unit {
    const char *patient, *eye;  /* of its photographs' rows */
    size_t photographs, failed; /* of it; of these without a prediction */
    const char *reason;         /* NULL, or why the first of these has none: of its row */
    size_t predicted;           /* the class; it and the probabilities: unless all have failed */
    double probability[EN_MAX_CLASSES];
} en_prediction_unit;

typedef struct en_predict_result {
    char run[128], uuid[EN_UUID_TEXT],
        target[256]; /* run: of several "cv-1, cv-2"; uuid: of a single run or an ensemble, else "" */
    char decision[EN_CALIBRATION_DECISION]; /* by what is answered */
    size_t runs, views;                     /* whose probabilities are averaged (training/ensemble.h) */
    en_classes classes;
    double threshold;       /* of the probability of the last of two classes, from which it is the answer; NaN:
                               by en_calibration_answer */
    bool fellows;           /* the run looks at both eyes; the threshold is then of eyes with a fellow, and */
    double threshold_alone; /* of others */
    bool explained;         /* heat maps were asked for */
    en_prediction_row *row; /* in the order given; owned */
    size_t count, failed;
    en_unit unit;                 /* 0: each photograph for itself */
    en_prediction_unit *unit_row; /* of eyes or patients (training/predict_units.h); owned */
    size_t units;
} en_predict_result;

typedef struct en_predict_options {
    const char *run; /* a name, a uuid or its beginning, or "last"; several with commas between: all of them as one */
    en_unit unit;    /* eye, patient: what their photographs say together as well; 0: photographs alone */
    en_combine combine; /* the eyes of a patient; 0: worst */
    bool one_run;       /* of --fhir: EN_USAGE when there are several, before anything is predicted */
    bool views;         /* show each photograph mirrored and turned as well */
    const char *at;   /* the operating point ("sensitivity", "youden", ...) by whose threshold, chosen on the validation
                       * images, is answered; NULL: by en_calibration_answer */
    const char *heat; /* the folder for a heat map of each photograph, NAME-heat.png, over what the network saw
                       * (training/explain.h); made where it is missing. NULL: none are wanted */
} en_predict_options;

/* Probabilities are calibrated. EN_INPUT when the run has no such threshold (several runs that are no ensemble, and
 * views of a run, have none), or when any photograph has no prediction; the others are predicted all the same and the
 * result is filled. Heat maps replace PNG files only: EN_INPUT, before any is written, when two photographs would have
 * the same, or the folder is that of a photograph, which one could replace. */
en_status en_predict(en_project *project, const en_predict_options *options, const char *const *paths, size_t count,
                     en_predict_result *result, en_error *err) EN_CHECKED;
void en_predict_result_clear(en_predict_result *result);

#endif
