/* evaluate: one run's model on one subset; predictions become rows. */
#ifndef EN_TRAINING_EVALUATE_H
#define EN_TRAINING_EVALUATE_H

#include <stdint.h>

#include "base/hash.h"
#include "training/calibrate.h"
#include "training/classes.h"
#include "training/metrics.h"
#include "project/project.h"

typedef struct en_evaluate_options {
    const char *run;      /* name, uuid prefix, or NULL for the newest */
    en_part part;         /* the plain variants of this part of the run's split; none: test */
    const char *subset;   /* instead of a part */
    en_unit unit;         /* what is counted; 0: photographs */
    en_combine combine;   /* the eyes of a patient; 0: worst */
    const char *positive; /* of two classes, the one that counts as positive; NULL: the run's */
} en_evaluate_options;

typedef struct en_evaluate_result { /* ended by en_evaluate_clear, also after an error */
    char run[128], subset[128], target[256];
    char weights[96]; /* which they were: the epoch, and what became of the run where it did not finish */
    char weights_sha256[EN_SHA256_HEX];                    /* of an ensemble, of the hashes of its members' weights */
    char decision[EN_CALIBRATION_DECISION];                /* by what is answered */
    int64_t without_target, without_sample, without_class; /* members that could not be measured, the first two -1 of an
                                                              imported run; without_class: their
                                                              value is none of those learned */
    int64_t with_fellow; /* predictions that were made with the fellow eye, too; -1: the run does not look at it */
    en_classes classes;
    en_metrics metrics;
    double seconds;
} en_evaluate_result;

/* An ensemble is measured on what none of its members was trained on; its part is one of the first member's split. Of
 * an imported run its predictions are measured again, and nothing is written.
 *
 * A subset with patients the run was trained on is refused (EN_INPUT): its metrics would mean nothing. One wholly of
 * the part train is measured with a warning. */
en_status en_evaluate(en_project *project, const en_evaluate_options *options, en_evaluate_result *result,
                      en_error *err) EN_CHECKED;
void en_evaluate_clear(en_evaluate_result *result);

#endif
