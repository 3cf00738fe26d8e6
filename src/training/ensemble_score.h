/* What the members of an ensemble say of the samples of subsets, one member after the other, so that one network is in
 * memory at a time: of one subset all of them (evaluate), or of a subset of its own each (run combine). */
#ifndef EN_TRAINING_ENSEMBLE_SCORE_H
#define EN_TRAINING_ENSEMBLE_SCORE_H

#include "catalog/subset.h"
#include "training/ensemble.h"

/* What one member said of one variant. */
typedef struct en_ensemble_said {
    int64_t variant_id;
    int32_t truth;
    uint32_t member; /* counted from 0 in the order of en_ensemble_score */
    size_t at;       /* index into probability / classes */
} en_ensemble_said;

typedef struct en_ensemble_scores {
    en_classes classes; /* of the first member, or set by the caller before */
    en_ensemble_said *said;
    size_t count, capacity, members;
    float *probability;                     /* [count * classes]: calibrated by the member, the mean of its views */
    int64_t no_target, no_sample, no_class; /* members of the subset that the last member could not be asked about */
} en_ensemble_scores;

/* Adds what a run says of the members of a subset, shown in these views (view [views]; {0}: as they are). Progress is
 * an event of that phase. EN_INPUT: as en_model_of_run and en_dataset_load, or the run's classes are not those of the
 * first; *scores is then as it was. */
en_status en_ensemble_score(en_project *project, const en_catalog_run *run, int64_t subset_id, const size_t *view,
                            size_t views, const char *phase, en_ensemble_scores *scores, en_error *err) EN_CHECKED;

/* Means over the members that said something. */
typedef struct en_ensemble_means {
    size_t count;        /* variants */
    int64_t *variant_id; /* [count], ascending */
    int32_t *truth;      /* [count] */
    uint32_t *by;        /* [count]: how many members it is the mean of */
    float *probability;  /* [count * classes] */
} en_ensemble_means;

/* Sorts what was said. Of a variant of which fewer than `least` members spoke there is no mean. en_ensemble_means_clear
 * it, also after an error. */
en_status en_ensemble_mean(en_ensemble_scores *scores, uint32_t least, en_ensemble_means *out,
                           en_error *err) EN_CHECKED;

/* What is said of the fellow of each, fellow [count * classes], as en_fellow_find; *fellow: en_free. eyes: whose the
 * variants are. */
en_status en_ensemble_fellows(const en_ensemble_means *means, size_t classes, const en_catalog_variant_eyes *eyes,
                              float **fellow, size_t *pairs, en_error *err) EN_CHECKED;

void en_ensemble_scores_clear(en_ensemble_scores *scores); /* safe on a zeroed one */
void en_ensemble_means_clear(en_ensemble_means *means);    /* the same */

#endif
