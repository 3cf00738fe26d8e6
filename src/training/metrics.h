/* What the kept predictions of one evaluation say, with intervals: the metrics that `evaluate` prints and a report
 * shows. (Scores while training, of probabilities still in memory: score.h.) */
#ifndef EN_TRAINING_METRICS_H
#define EN_TRAINING_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog/evaluation.h"
#include "stats/confusion.h"
#include "stats/roc.h"

#define EN_METRICS_BINS 10         /* of the calibration diagram */
#define EN_METRICS_CONFIDENCE 0.95 /* of every interval */

/* Two classes, the second of which counts as positive. NAN where a metric is undefined. Intervals of proportions are
 * Wilson's (en_proportion_interval), which treats photographs as independent: with two eyes per patient, a little too
 * narrow.
 */
typedef struct en_binary_metrics {
    int64_t positives, negatives;
    double auc, auc_low, auc_high;             /* over patients: en_roc_auc_interval */
    double sensitivity, specificity, ppv, npv; /* of the answers as given, at p = 0.5 */
    double sensitivity_low, sensitivity_high, specificity_low, specificity_high, ppv_low, ppv_high, npv_low, npv_high;
    /* where the specificity is at least 90%; its interval treats the threshold as fixed */
    double sensitivity_at_90, sensitivity_at_90_low, sensitivity_at_90_high;
    double ece, brier; /* without intervals */
    en_roc roc;
    double predicted[EN_METRICS_BINS], observed[EN_METRICS_BINS], low[EN_METRICS_BINS], high[EN_METRICS_BINS];
    int64_t count[EN_METRICS_BINS];
} en_binary_metrics;

typedef struct en_metrics {
    int64_t n, patients, correct; /* predictions with a known truth, and their patients */
    en_confusion confusion;
    double loss;                                  /* mean cross-entropy, nats */
    double accuracy, accuracy_low, accuracy_high; /* Wilson's interval */
    double balanced_accuracy, kappa;              /* 0..1; kappa: quadratic weights; without intervals */
    bool is_binary;                               /* two classes: `binary` is filled; else its metrics are NAN */
    en_binary_metrics binary;
} en_metrics;

/* `seed`: of the bootstrap. Ended by en_metrics_clear, also after an error. */
en_status en_metrics_compute(const en_catalog_predictions *rows, size_t classes, uint64_t seed, en_metrics *out,
                             en_error *err) EN_CHECKED;
void en_metrics_clear(en_metrics *f); /* safe on a zeroed one */
/* Whether truth and answer of a prediction are known classes: only such are counted. */
bool en_metrics_counts(const en_catalog_prediction *p, size_t classes);

#endif
