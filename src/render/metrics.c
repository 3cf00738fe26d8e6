/* The fields of en_metrics. */
#include "render/metrics.h"

#include "training/metrics.h"

#define ANY(column, member, digits) EN_SHOW(column, en_metrics, member, digits)
#define TWO(column, digits) EN_SHOW_IF(#column, en_metrics, binary.column, digits, is_binary)

const en_field en_metrics_fields[] = {
    ANY("n", n, 0),
    ANY("patients", patients, 0),
    TWO(positives, 0),
    TWO(negatives, 0),
    ANY("correct", correct, 0),
    ANY("loss", loss, 4),
    ANY("accuracy", accuracy, 4),
    ANY("accuracy_low", accuracy_low, 4),
    ANY("accuracy_high", accuracy_high, 4),
    ANY("balanced_accuracy", balanced_accuracy, 4),
    ANY("kappa", kappa, 4),
    TWO(auc, 4),
    TWO(auc_low, 4),
    TWO(auc_high, 4),
    TWO(sensitivity, 4),
    TWO(sensitivity_low, 4),
    TWO(sensitivity_high, 4),
    TWO(specificity, 4),
    TWO(specificity_low, 4),
    TWO(specificity_high, 4),
    TWO(sensitivity_at_90, 4),
    TWO(sensitivity_at_90_low, 4),
    TWO(sensitivity_at_90_high, 4),
    TWO(ece, 4),
    EN_FIELDS_END,
};
