/* run combine: several runs that are asked as one become a run of their own, with a decision fitted for all of them
 * together, which evaluate, predict, compare, report and promote read like any other run's.
 *
 * The decision (training/calibrate.h: scale and shift or temperature, operating points, cuts) is fitted on validation
 * images, as that of a single run is, of which each is predicted only by the members that have it in their validation
 * subset, and so did not learn from its patient:
 *
 *   folds     Members of `train --folds`: the validation subsets have nothing in common, and together they have every
 *             training patient once; each image is predicted by one member. With several runs per fold (seeds), by as
 *             many members as there are of that fold.
 *   common    Members of one split: the validation subsets overlap, and of the images that all of them have the mean
 *             of all members is taken.
 *
 * What is assumed: probabilities are fitted on what single members say out of fold and applied to the mean of all of
 * them. That mean is less noisy than one member, so it ranks and answers at least as well (Lakshminarayanan,
 * Pritzel and Blundell 2017); fitted on the noisier scores, the temperature does not sharpen as much as the mean would
 * bear, and the calibration is conservative: probabilities lie rather too near to the base rate. Each member's own
 * calibration was fitted on these same images, which are 1 or 2 numbers per member. Of common images no such
 * difference exists. */
#ifndef EN_TRAINING_RUN_COMBINE_H
#define EN_TRAINING_RUN_COMBINE_H

#include "catalog/run.h"
#include "project/project.h"
#include "training/calibrate.h"

typedef struct en_run_combine_options {
    const char *name;          /* of the new run */
    const char *const *member; /* runs as en_catalog_run_get takes them; a word may name several, with commas between */
    size_t members;            /* words */
    bool fellow;               /* let an eye's answer depend on the fellow eye (training/fellow.h) */
    bool views;                /* show each photograph also mirrored and turned, as far as the target allows */
} en_run_combine_options;

typedef struct en_run_combine_result {
    char run[128], uuid[EN_UUID_TEXT], target[256];
    int64_t members, views;    /* how many are averaged */
    char fitted_on[32];        /* "folds" or "common" */
    int64_t validation_images; /* on which the decision was fitted */
    int64_t each_by;           /* members that each of these is predicted by */
    int64_t left_out;          /* validation images that only some of the members have: common alone */
    int64_t with_fellow;       /* of these, how many have a photograph of the fellow eye; -1: not looked at */
    double val_loss;           /* of these images, after the calibration that was fitted on them: cross-entropy, nats */
    double val_accuracy;       /* of the answers by the decision */
    double val_auc;            /* of two classes; else NaN */
    double val_kappa;          /* of more than two: quadratic weights where ordinal; else NaN */
    char decision[EN_CALIBRATION_DECISION];
    double seconds;
} en_run_combine_result;

#define EN_COMBINE_FITTED_ON "fitted_on" /* the settings of an ensemble that say so, and by how many */
#define EN_COMBINE_EACH_BY "each_by"

/* All or nothing. EN_USAGE: the name cannot be one of a run. EN_INPUT, naming the first run of which it is true: it is
 * not there, not finished, not trained here, an ensemble, named twice, has another target, other classes or another
 * scale than the first, was not validated or on patients it learned from; there is a run of the new name; fewer than
 * two members without views and fellows, or more than EN_ENSEMBLE_MAX; the validation subsets are neither folds nor
 * have an image in common. */
en_status en_run_combine(en_project *project, const en_run_combine_options *options, en_run_combine_result *result,
                         en_error *err) EN_CHECKED;

#endif
