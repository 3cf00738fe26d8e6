/* Both eyes of a patient: what an eye is, seen beside its fellow. Diabetes has two eyes, so the fellow tells something
 * that the photograph of one does not.
 *
 * For each threshold k of an ordinal output, P(class >= k) = 1 / (1 + exp(-(a + b own + c fellow))), own and fellow
 * being the logits of that probability by the photograph itself and by the mean of the fellow's photographs
 * (proportional in neither, as each threshold has coefficients of its own). As these are fitted one by one,
 * they could leave nothing for a class between two: of the eyes at or above a class, the fraction in it is at least
 * half (EN_FELLOW_LEAST) of what the photograph itself says. Two classes are one threshold.
 *
 * The coefficients are fitted by ridge regression (stats/logistic.h) towards a = 0, b = 1, c = 0, which leaves the eye
 * as it is, on the validation photographs with a fellow that the decision of an ensemble is fitted on; a threshold with
 * fewer than EN_CALIBRATE_RARER photographs on one of its sides stays at that. Cuts and operating points for eyes with
 * a fellow are chosen on what comes of it, on the same photographs. */
#ifndef EN_TRAINING_FELLOW_H
#define EN_TRAINING_FELLOW_H

#include "training/calibrate.h"

#define EN_FELLOW_SETTING "fellow" /* the name of the setting of a run */
#define EN_FELLOW_RIDGE 1.0        /* observations */
#define EN_FELLOW_LEAST 0.5

typedef struct en_fellow {
    size_t thresholds; /* one less than the classes; 0: fellows are not looked at */
    double intercept[EN_MAX_CLASSES], own[EN_MAX_CLASSES], fellow[EN_MAX_CLASSES]; /* [thresholds]: a, b, c */
    int64_t n;            /* photographs with a fellow that they are fitted on */
    en_calibration alone; /* by whose cuts and points eyes without a fellow are answered */
} en_fellow;

/* Whose photograph one of several is: the same number for one patient; eye 1 left, 2 right, 0 not known. */
typedef struct en_fellow_eye {
    int64_t patient;
    int eye;
} en_fellow_eye;

/* For each of n photographs the mean of those of the same patient and the other eye, fellow [n * classes]: NaN where
 * there is none, or the eye is not known. *pairs: photographs with a fellow. */
en_status en_fellow_find(const en_fellow_eye *eye, const float *probability, size_t n, size_t classes, float *fellow,
                         size_t *pairs, en_error *err) EN_CHECKED;

/* probability, fellow [n * classes], truth [n]; rows whose fellow is NaN are not learned from. EN_INPUT: the classes
 * are several and not ordinal, or fewer than EN_CALIBRATE_ALL photographs have a fellow. alone is left empty: it is the
 * calibration of the run before the fellows were looked at. */
en_status en_fellow_fit(const en_classes *classes, const float *probability, const float *fellow, const int32_t *truth,
                        size_t n, en_fellow *out, en_error *err) EN_CHECKED;
/* Changes the probabilities [classes] of an eye with that fellow [classes]; false, leaving them, where it is NaN or
 * there are no thresholds. */
bool en_fellow_apply(const en_fellow *f, const float *fellow, float *probability, size_t classes);

/* As JSON; *json: en_free. */
en_status en_fellow_to_json(const en_fellow *f, char **json, en_error *err) EN_CHECKED;
/* json NULL: no thresholds. EN_INPUT: it is not one of so many classes. */
en_status en_fellow_from_json(const char *json, size_t classes, en_fellow *out, en_error *err) EN_CHECKED;
/* The setting of a run. */
en_status en_fellow_of_run(en_catalog *c, int64_t run_id, size_t classes, en_fellow *out, en_error *err) EN_CHECKED;

#endif
