/* Cuts: where an answer on a scale changes from a class to the next, chosen on some observations to be applied to
 * others. */
#ifndef EN_STATS_CUTS_H
#define EN_STATS_CUTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The cuts of a score whose answers have the greatest quadratic kappa (stats/kappa.h): a score is answered by class k
 * where exactly k cuts are at or below it. One minus kappa is the quotient of two sums over the observations, each of
 * which depends on the class it is answered by alone, so the best cuts are found exactly: of all that lie midway
 * between neighbouring scores, by dynamic programming within Dinkelbach's iteration ("On nonlinear fractional
 * programming", 1967). A class may be answered nowhere: then two cuts are equal, or one is -infinity or infinity.
 *
 * score, truth: [n], truth below classes; value: [classes], increasing, what the classes stand for; cut: [classes - 1],
 * not decreasing. *kappa: of these observations; may be NULL. NaN throughout where kappa is not defined, as without
 * observations of two classes. NaN scores are EN_INPUT. */
en_status en_cuts_best(const double *score, const int32_t *truth, size_t n, const double *value, size_t classes,
                       double *cut, double *kappa, en_error *err) EN_CHECKED;

#define EN_CUTS_SAMPLES 30

/* The mean of the best cuts of EN_CUTS_SAMPLES samples with replacement (Breiman, "Bagging predictors", 1996), each
 * within the range of the scores: the best cuts of a few hundred observations depend on a few of them. The same
 * observations have the same cuts. */
en_status en_cuts_bagged(const double *score, const int32_t *truth, size_t n, const double *value, size_t classes,
                         double *cut, en_error *err) EN_CHECKED;

/* How many cuts are at or below the score: the class answered. */
size_t en_cuts_answer(const double *cut, size_t cuts, double score);

#endif
