/* Operating points: thresholds of a score, chosen on some observations to be applied to others. */
#ifndef EN_STATS_OPERATING_H
#define EN_STATS_OPERATING_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef enum en_operating_rule {
    EN_AT_SENSITIVITY, /* the most specific threshold whose sensitivity is at least `wish` (0..1) */
    EN_AT_SPECIFICITY, /* the most sensitive one whose specificity is at least `wish` */
    EN_AT_YOUDEN,      /* the greatest sensitivity + specificity (Youden, "Index for rating diagnostic tests", 1950) */
    EN_AT_COST,        /* the least number of false alarms + wish * missed positives; wish > 0 */
    EN_OPERATING_RULES
} en_operating_rule;

/* Everything with score >= *threshold is called positive. It lies midway between the last score that is called and the
 * next lower one; of equally good thresholds, the highest; +infinity where nothing should be called. NaN without
 * positives or negatives. NaN scores are EN_INPUT. */
en_status en_operating_threshold(en_operating_rule rule, double wish, const double *score, const uint8_t *truth,
                                 size_t n, double *threshold, en_error *err) EN_CHECKED;

#endif
