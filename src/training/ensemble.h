/* Runs that are asked as one, and photographs that are shown in several views: the mean of calibrated probabilities.
 *
 *   p = 1/(M V) sum over the models m and views v of p_m(view v of the photograph)
 *
 * the linear opinion pool (Stone 1961; of networks Lakshminarayanan, Pritzel and Blundell 2017, section 2.4). Each
 * model sees the sample of its own recipe.
 *
 * A run of origin ensemble (catalog/run_ensemble.h) has a calibration of its own, which is applied to that mean, and
 * by which it answers. */
#ifndef EN_TRAINING_ENSEMBLE_H
#define EN_TRAINING_ENSEMBLE_H

#include "catalog/run_ensemble.h"
#include "training/fellow.h"
#include "training/model.h"

typedef struct en_ensemble {
    en_model *model; /* owned [count], of the same target and classes */
    size_t count;
    size_t view[8], views; /* of image/augmentation.h, of which the first is the photograph as it is; 1: that alone */
    /* By which en_calibration_answer answers: a single model's own; that of a run of origin ensemble; of several runs
     * only cuts, the means of theirs, where all have some. Thresholds were chosen for a run as it was validated:
     * there are none for several runs, and none for views of a run that was validated without. */
    en_calibration calibration;
    en_fellow fellow; /* of an ensemble that looks at both eyes; the calibration is then of eyes with a fellow */
    bool stored;      /* it is a run of origin ensemble */
    uint8_t *sample;  /* owned: of the photograph predicted last, by the recipe of the last model */
    char *names, uuid[EN_UUID_TEXT]; /* owned: of the runs, "cv-1, cv-2"; of a single run or ensemble, else "" */
} en_ensemble;

typedef struct en_ensemble_options {
    const char *runs; /* as en_run_names_read takes a word; NULL: the newest run */
    bool views;       /* all that do not change the target: up to 8, mirrored and turned by quarters */
    bool explain;     /* a model for heat maps (training/explain.h); of one run and one view */
} en_ensemble_options;

/* EN_INPUT: as en_model_of_run and en_catalog_ensemble_read; the runs differ in target or classes, one is named twice,
 * one of several is an ensemble, or there are more than EN_ENSEMBLE_MAX; mirroring and turning both change the target,
 * so that there are no views. EN_USAGE: heat maps of several runs or views; views of an ensemble whose decision was
 * fitted without. To be closed, whatever is returned. */
en_status en_ensemble_open(en_project *project, const en_ensemble_options *options, en_ensemble *out,
                           en_error *err) EN_CHECKED;
/* probability [classes]; otherwise as en_model_predict. */
en_status en_ensemble_predict(en_ensemble *e, const void *bytes, size_t n, float *probability, en_quality *quality,
                              en_error *err) EN_CHECKED;
void en_ensemble_close(en_ensemble *e); /* safe on a zeroed one */

/* Names of runs, as people list them. */
typedef struct en_run_names {
    char **name; /* owned [count] */
    size_t count;
} en_run_names;

/* Of words that are a run, or several with commas between; a run that has commas in its own name is one. Blanks around
 * a name do not count. EN_USAGE: a name is missing between commas. To be cleared, whatever is returned. */
en_status en_run_names_read(en_catalog *c, const char *const *word, size_t words, en_run_names *out,
                            en_error *err) EN_CHECKED;
void en_run_names_clear(en_run_names *names);

/* The views that do not change what the target of a run is, by the images that it learned from: view [8], *count of
 * them, the first is the photograph as it is. EN_INPUT when that is the only one. */
en_status en_ensemble_find_views(en_project *project, const en_catalog_run *run, size_t *view, size_t *count,
                                 en_error *err) EN_CHECKED;

#endif
