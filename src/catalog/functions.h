/* SQL aggregates made of src/stats, there on every handle of a catalog:
 *   kappa(truth, predicted)                     quadratic-weighted, classes as whole numbers 0..1023; of grades that do
 *                                               not all occur, the grades themselves: kappa(truth_class + 0, ...)
 *   auc(score, truth)                           truth 0 or 1
 *   sensitivity_at(score, truth, specificity)   specificity the same in every row, 0..1
 *   ece(score, truth)                           score 0..1: the probability of truth 1, so in the view
 *                                               predictions the column score, not p (that of the truth)
 *   median(x), stdev(x)
 * Rows with a NULL are left out; what is undefined (no positives, no rows) is NULL; nonsense is an error with a
 * reason. */
#ifndef EN_CATALOG_FUNCTIONS_H
#define EN_CATALOG_FUNCTIONS_H

#include "db/db.h"

en_status en_catalog_add_functions(en_db *db, en_error *err) EN_CHECKED;

#endif
