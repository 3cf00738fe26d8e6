/* promote: a run gets an alias, when it is not worse than the run that has it. */
#ifndef EN_TRAINING_PROMOTE_H
#define EN_TRAINING_PROMOTE_H

#include "catalog/promotion.h"
#include "project/project.h"
#include "training/compare.h"

#define EN_PROMOTE_ALIAS "champion"
#define EN_PROMOTE_MARGIN 0.02

typedef struct en_promote_options {
    const char *run;
    const char *alias;  /* NULL: EN_PROMOTE_ALIAS */
    const char *metric; /* of training/compare.h, of which more is better; NULL: auc with two classes, else kappa */
    const char *subset; /* evaluations of this subset; NULL: of a test part */
    en_unit unit;       /* 0: photographs */
    double margin;      /* 0: EN_PROMOTE_MARGIN */
    const char *reason; /* added to the record; NULL: none */
    int64_t retraining; /* decided with the promotion, in one transaction (catalog/retraining.h); 0: none */
    bool force;         /* whatever the comparison says */
} en_promote_options;

typedef struct en_promote_result {
    char alias[EN_ALIAS_MAX + 1], run[128], replaced[128], metric[32], verdict[32], reason[512];
    double value, replaced_value;         /* of the metric; NaN: nothing was compared */
    double difference, low, high, margin; /* the same */
    int64_t n, patients;                  /* -1: the same */
} en_promote_result;

/* Whether the second run of a comparison is certainly not worse by the margin: its interval excludes that, or both
 * answer the same throughout. The metric is one of which more is better. */
bool en_promote_is_fit(const en_compared *row, double margin);
/* Records the promotion with the comparison it rests on. EN_INPUT: the run has no weights or has not finished, has the
 * alias already, cannot be compared, or its interval does not exclude that it is worse by the margin. */
en_status en_promote(en_project *project, const en_promote_options *options, en_promote_result *result,
                     en_error *err) EN_CHECKED;

#endif
