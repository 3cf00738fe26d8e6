/* From a network's outputs to probabilities, and from these to an answer: class weights are undone, and scale and shift
 * fitted on the validation photographs, on which operating points and the cuts of a scale are chosen as well. It is
 * kept in the model's file, beside the weights it belongs to, and as the setting "calibration" of the run. */
#ifndef EN_TRAINING_CALIBRATE_H
#define EN_TRAINING_CALIBRATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/wordlist.h"
#include "stats/operating.h"
#include "training/classes.h"

typedef enum en_calibrate_method {
    EN_CALIBRATE_PRIOR = 1,   /* p / class weight, renormalised: a network trained with weights answers for classes that
                                 are as  frequent as weight times proportion (Saerens, Latinne and Decaestecker 2002) */
    EN_CALIBRATE_PLATT,       /* and, of two classes, scale and shift of the log odds */
    EN_CALIBRATE_TEMPERATURE, /* and, of several, a factor of the logits */
    EN_CALIBRATE_CUMULATIVE /* and, of three or more of a scale, scale and shift of the log odds of being above each of
                               them (stats/recalibrate.h). A temperature would not do: an ordinal output gives a class
                               no probability where two of its thresholds cross, and one such photograph flattens all
                               others; this keeps the order in which photographs exceed a class */
} en_calibrate_method;
extern const en_wordlist en_calibrate_methods; /* prior, platt, temperature, cumulative */

/* From how many photographs of the rarer of two classes, and of all of several, scale and shift are fitted, and cuts
 * chosen. */
#define EN_CALIBRATE_RARER 20
#define EN_CALIBRATE_ALL 100

/* A threshold of the probability of the last of two classes, chosen on the validation photographs. */
typedef struct en_operating_point {
    double wish;                     /* what the rule asks for; NaN for Youden's */
    double threshold;                /* NaN: there is none */
    double sensitivity, specificity; /* there */
} en_operating_point;

typedef struct en_calibration {
    en_calibrate_method method; /* 0: the outputs are taken as they are */
    double weight[EN_MAX_CLASSES];
    double scale, shift;
    int64_t n; /* validation photographs */
    en_operating_point point[EN_OPERATING_RULES];
    size_t cuts;                /* of three or more classes on a scale: one less than these; 0: none were chosen */
    double cut[EN_MAX_CLASSES]; /* of the expected value, not decreasing (stats/cuts.h) */
} en_calibration;

/* "sensitivity", "specificity", "youden", "cost": of an en_operating_rule. */
const char *en_operating_name(en_operating_rule rule);

/* weight: of the classes in training; NULL: all 1. probability [n * classes], truth [n]: what the network says of the
 * validation photographs; n may be 0. wish: [EN_OPERATING_RULES]. */
en_status en_calibration_fit(const en_classes *classes, const float *weight, const float *probability,
                             const int32_t *truth, size_t n, const double *wish, en_calibration *out,
                             en_error *err) EN_CHECKED;
/* *loss: how much these outputs are off, nats, when they are calibrated as en_calibration_fit would on them: the mean
 * cross-entropy or, of three or more classes of a scale, the mean over the items of the sum over its steps of the
 * binary cross-entropy of being above it, as a logarithm of the ranked probability score (Epstein 1969). NAN for n = 0.
 */
en_status en_calibration_loss(const en_classes *classes, const float *weight, const float *probability,
                              const int32_t *truth, size_t n, double *loss, en_error *err) EN_CHECKED;
/* Chooses operating points and cuts anew, on probabilities [n * classes] that need no calibration any more: those of
 * *out, and its n, are replaced, and the rest of it stays. */
en_status en_calibration_decide(const en_classes *classes, const float *probability, const int32_t *truth, size_t n,
                                const double *wish, en_calibration *out, en_error *err) EN_CHECKED;
/* Turns the network's output [classes] into probabilities, in place. Nothing changes without weights, scale and shift.
 */
void en_calibration_apply(const en_calibration *c, float *probability, size_t classes);

/* The class that is answered of calibrated probabilities [classes]: by the cuts of the expected value, else the most
 * probable, of equals the first. c may be NULL. */
size_t en_calibration_answer(const en_calibration *c, const en_classes *classes, const float *probability);

/* The same as one formula: probabilities are softmax(factor * ln p + offset) of the network's p; offset [classes]. With
 * EN_CALIBRATE_CUMULATIVE, en_recalibrate_cumulative by scale and shift follows. False, with a factor of 1 and offsets
 * of 0, when softmax changes nothing. */
bool en_calibration_formula(const en_calibration *c, size_t classes, double *factor, double *offset);

#define EN_CALIBRATION_SETTING "calibration" /* the name of the setting, and of the metadata of a model's file */
/* As JSON; *json: en_free. */
en_status en_calibration_to_json(const en_calibration *c, size_t classes, char **json, en_error *err) EN_CHECKED;
/* json NULL: outputs are taken as they are, and there are neither operating points nor cuts. */
en_status en_calibration_from_json(const char *json, size_t classes, en_calibration *out, en_error *err) EN_CHECKED;
/* The setting of a run, as en_calibration_from_json. */
en_status en_calibration_of_run(en_catalog *c, int64_t run_id, size_t classes, en_calibration *out,
                                en_error *err) EN_CHECKED;

#define EN_CALIBRATION_DECISION 160 /* bytes of the text, the NUL included */
/* By what is answered, for people: "the most probable class"; "cuts of the expected value, chosen on 520 validation
 * images"; with `at`, a rule that has a threshold, "the threshold 0.4312 for sensitivity 0.9, chosen on ...". of: NULL,
 * or whose these images are, "of the members". Returns text. */
const char *en_calibration_decision(const en_calibration *c, const en_classes *classes, const char *at, const char *of,
                                    char text[EN_CALIBRATION_DECISION]);

#endif
