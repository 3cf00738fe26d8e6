/* What the kept predictions of one evaluation say, with intervals: the metrics that `evaluate` prints and a report
 * shows. (Scores while training, of probabilities still in memory: score.h.) */
#ifndef EN_TRAINING_METRICS_H
#define EN_TRAINING_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog/evaluation.h"
#include "stats/confusion.h"
#include "stats/interval.h"
#include "stats/roc.h"
#include "training/calibrate.h"
#include "training/classes.h"
#include "training/units.h"

#define EN_METRICS_BINS 10 /* of the calibration diagram */

/* A metric with its 95% interval, clustered by patient; the interval is en_interval_none where the patients are too few
 * or the value is NaN. */
typedef struct en_metric {
    double value; /* NaN: not defined */
    en_interval is_in;
} en_metric;

/* At a threshold that was chosen on the validation photographs. */
typedef struct en_at_threshold {
    double threshold; /* NaN: there is none */
    en_metric sensitivity, specificity;
} en_at_threshold;

/* Two classes, one of which counts as positive. */
typedef struct en_binary_metrics {
    int64_t positives, negatives;
    en_metric auc, pr_auc;                        /* area under the ROC curve; average precision */
    en_metric sensitivity, specificity, ppv, npv; /* of the answers as given */
    en_metric sensitivity_at_90;                  /* at the threshold whose specificity is at least 90% here */
    en_at_threshold at[EN_OPERATING_RULES];
    en_metric ece, brier;
    en_roc roc;
    double predicted[EN_METRICS_BINS], observed[EN_METRICS_BINS], low[EN_METRICS_BINS], high[EN_METRICS_BINS];
    int64_t count[EN_METRICS_BINS];
} en_binary_metrics;

/* What a screening asks of grades: those of at least `least` against the others. The score is the sum of their
 * probabilities, the answer whether the predicted grade is one of them. */
typedef struct en_referral {
    int64_t positives, negatives;
    en_metric auc, sensitivity, specificity;
} en_referral;

#define EN_TOO_FEW_TEXT 256

typedef struct en_metrics {
    en_unit unit;
    int64_t n, photographs, patients, correct; /* n: units with a known truth; their photographs and patients */
    en_confusion confusion;
    double loss; /* mean cross-entropy, nats, every unit alike */
    en_metric accuracy, balanced_accuracy;
    en_metric kappa;                    /* quadratic weights over the values of an ordinal target, else unweighted */
    const char *kappa_weights;          /* "quadratic", "none"; static */
    bool is_binary;                     /* two classes: `binary` is filled; else its metrics are NaN */
    char positive_class[EN_CLASS_NAME]; /* of two classes: the label of the positive one; else empty */
    en_binary_metrics binary;
    bool is_graded;                     /* the classes are grades: both are filled; else their metrics are NaN */
    en_referral referable, threatening; /* grade 2 and more; 3 and more */
    char too_few[EN_TOO_FEW_TEXT];      /* the metrics that have a value, and no interval as the patients are too few */
} en_metrics;

/* classes: with their scale and the positive one (en_classes_scale). target: for the labels. calibration: whose
 * operating points are applied, where the last class is the positive one, and whose cuts answer for several
 * predictions; NULL: none. The probabilities are calibrated
 * already. EN_INPUT as en_answers_of. Ended by en_metrics_clear, also after an error. */
en_status en_metrics_compute(const en_catalog_predictions *rows, const en_classes *classes, const char *target,
                             const en_calibration *calibration, en_unit unit, en_combine combine, en_metrics *out,
                             en_error *err) EN_CHECKED;
void en_metrics_clear(en_metrics *f); /* safe on a zeroed one */
/* The interval of the sensitivity at each of `count` specificities (0..1): the band of a ROC curve, point by point.
 * Two classes. low, high: [count], NaN where the patients are too few. EN_INPUT as en_metrics_compute. */
en_status en_metrics_band(const en_catalog_predictions *rows, const en_classes *classes, en_unit unit,
                          en_combine combine, const double *specificity, size_t count, double *low, double *high,
                          en_error *err) EN_CHECKED;
/* Whether truth and answer of a prediction are known classes: only such are counted. */
bool en_metrics_counts(const en_catalog_prediction *p, size_t classes);

#endif
