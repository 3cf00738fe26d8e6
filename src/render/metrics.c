/* The fields of en_metrics. */
#include "render/metrics.h"

#include "training/metrics.h"

#define ANY(column, member, digits) EN_SHOW(column, en_metrics, member, digits)
#define TWO(column, member, digits) EN_SHOW_IF(column, en_metrics, binary.member, digits, is_binary)
#define GRADED(column, member, digits) EN_SHOW_IF(column, en_metrics, member, digits, is_graded)
/* A metric and the bounds of its interval. */
#define ANY_IN(column, member)                                                                                         \
    ANY(column, member.value, 4), ANY(column "_low", member.is_in.low, 4), ANY(column "_high", member.is_in.high, 4)
#define TWO_IN(column, member)                                                                                         \
    TWO(column, member.value, 4), TWO(column "_low", member.is_in.low, 4), TWO(column "_high", member.is_in.high, 4)
#define AT(column, rule)                                                                                               \
    TWO(column "_threshold", at[rule].threshold, 4), TWO_IN(column "_sensitivity", at[rule].sensitivity),              \
        TWO_IN(column "_specificity", at[rule].specificity)
#define GRADED_IN(column, member)                                                                                      \
    GRADED(column, member.value, 4), GRADED(column "_low", member.is_in.low, 4),                                       \
        GRADED(column "_high", member.is_in.high, 4)

const en_field en_metrics_fields[] = {
    EN_SHOW_WORD("unit", en_metrics, unit, en_units),
    ANY("n", n, 0),
    ANY("photographs", photographs, 0),
    ANY("patients", patients, 0),
    ANY("positive_class", positive_class, 0),
    TWO("positives", positives, 0),
    TWO("negatives", negatives, 0),
    ANY("correct", correct, 0),
    ANY("loss", loss, 4),
    ANY_IN("accuracy", accuracy),
    ANY_IN("balanced_accuracy", balanced_accuracy),
    ANY_IN("kappa", kappa),
    ANY("kappa_weights", kappa_weights, 0),
    TWO_IN("auc", auc),
    TWO_IN("pr_auc", pr_auc),
    TWO_IN("sensitivity", sensitivity),
    TWO_IN("specificity", specificity),
    TWO_IN("ppv", ppv),
    TWO_IN("npv", npv),
    TWO_IN("sensitivity_at_90", sensitivity_at_90),
    AT("at_sensitivity", EN_AT_SENSITIVITY),
    AT("at_specificity", EN_AT_SPECIFICITY),
    AT("at_youden", EN_AT_YOUDEN),
    AT("at_cost", EN_AT_COST),
    TWO_IN("ece", ece),
    TWO_IN("brier", brier),
    GRADED_IN("referable_auc", referable.auc),
    GRADED_IN("referable_sensitivity", referable.sensitivity),
    GRADED_IN("referable_specificity", referable.specificity),
    GRADED_IN("threatening_auc", threatening.auc),
    GRADED_IN("threatening_sensitivity", threatening.sensitivity),
    GRADED_IN("threatening_specificity", threatening.specificity),
    ANY("too_few", too_few, 0),
    EN_FIELDS_END,
};
