/* suspects: labels that the other patients' photographs and labels speak against. A regression on embeddings is fitted
 * on all patients but those of a fold and asked about these, so that nobody's own label takes part in what is expected
 * of it (confident learning: Northcutt, Jiang and Chuang, "Confident learning: estimating uncertainty in dataset
 * labels", Journal of Artificial Intelligence Research 70, 2021). Two stages, each by cross-validation over the same
 * folds of patients, with an L2 penalty of 0.001 (stats/softmax.h):
 *
 *   1. the label from the photograph's embedding, each number standardised over all photographs and divided by the root
 *      of their count;
 *   2. the label from the logs of the probabilities of stage 1, those of the fellow eye, and the fellow eye's given
 * label; 0 where there is no fellow eye.
 *
 * score = sum over the classes k of p(k) w(k, given). w is 0 for the given class and otherwise 1, so that the score is
 * 1 - p(given), the complement of Northcutt's self-confidence; on a scale w = d / (1 + d) for values d apart, so that
 * grade 0 given for what looks like a 3 comes before 0 given for a 1.
 *
 * confident: the row is off the diagonal of the confident joint: a class whose probability reaches the mean of it among
 * the rows that are labelled so, and of several such classes the most probable one, is not the given class. */
#ifndef EN_TRAINING_SUSPECTS_H
#define EN_TRAINING_SUSPECTS_H

#include <stdint.h>

#include "project/project.h"
#include "training/classes.h"

#define EN_SUSPECTS_TARGET "grade"
#define EN_SUSPECTS_FOLDS 5
#define EN_SUSPECTS_FOLDS_MAX 100

typedef struct en_suspects_options {
    const char *target; /* an SQL expression over the columns of the view images; NULL: EN_SUSPECTS_TARGET */
    const char *model;  /* whose embeddings; NULL: the newest */
    int64_t folds;      /* 2..EN_SUSPECTS_FOLDS_MAX; 0: EN_SUSPECTS_FOLDS */
    int64_t top;        /* most rows of the result; 0: all */
    bool alone;         /* the fellow eye takes no part: stage 2 has the first numbers only */
    bool ordinal;       /* the target's values are numbers on a scale; without it as its scheme says, and grades are */
} en_suspects_options;

/* Texts are owned. */
typedef struct en_suspect {
    int64_t rank; /* from 1, by falling score; of equals in the order of their names */
    int64_t image_id;
    char *image, *patient, *eye;                         /* eye: NULL where it is not known */
    char given[EN_CLASS_NAME], suggested[EN_CLASS_NAME]; /* suggested: the most probable */
    double score;                                        /* 0..1 */
    double p_given, p_suggested;                         /* of stage 2, 0..1 */
    double p_photograph;                                 /* of the given label by the photograph alone: stage 1, 0..1 */
    char *fellow;                                        /* the image of the other eye, or NULL */
    char fellow_given[EN_CLASS_NAME];
    const char *confident; /* "yes" or "no" */
    int64_t fold;          /* 1..folds */
    /* the same in every row: what the figures refer to */
    int64_t n;
    const char *target, *model; /* of the result */
} en_suspect;

typedef struct en_suspects_result {
    en_suspect *row;                         /* owned */
    size_t count;                            /* rows listed */
    int64_t n, patients, folds, with_fellow; /* photographs, their patients; with a fellow eye */
    int64_t no_value;                        /* left out: the target is NULL */
    int64_t confident;                       /* rows off the diagonal of the confident joint */
    double estimated; /* wrong labels: the same, with the joint's rows made to sum to the classes' counts */
    double accuracy;  /* of the most probable class, out of fold, against the given labels: 0..1 */
    double loss;      /* cross-entropy of the same, nats */
    bool ordinal, alone;
    int64_t classes, layer, dimensions;
    char *target, *model; /* owned */
} en_suspects_result;

/* Reads only. EN_INPUT: no embeddings; fewer patients than folds; a target with fewer than two values. Warns of classes
 * with fewer patients than folds, of images without an embedding, and of embeddings by a run that learned from these
 * photographs. The same for any number of threads. en_suspects_clear it in every case. */
en_status en_suspects(en_project *project, const en_suspects_options *options, en_suspects_result *result,
                      en_error *err) EN_CHECKED;
void en_suspects_clear(en_suspects_result *result);

#endif
