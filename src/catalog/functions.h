/* SQL functions made of src/stats, there on every handle of a catalog. Aggregates:
 *   kappa(truth, predicted)                     quadratic-weighted, classes as whole numbers 0..1023; of grades that do
 *                                               not all occur, the grades themselves: kappa(truth_class + 0, ...)
 *   auc(score, truth)                           truth 0 or 1
 *   sensitivity_at(score, truth, specificity)   specificity the same in every row, 0..1
 *   ece(score, truth)                           score 0..1: the probability of truth 1, so in the view
 *                                               predictions the column score, not p (that of the truth)
 *   median(x), stdev(x)
 * A function of two embeddings, blobs of binary32 numbers (catalog/embedding.h):
 *   embedding_distance(a, b)                    the cosine distance, 0 (same direction) to 2; both have as many numbers
 * A function of an image:
 *   label(image_id, scheme)                     its current grade on that scale, a whole number; NULL: it has none. A
 * scale that does not exist is an error A table-valued function, of the embeddings of one set: neighbours(image, k [,
 * model])              the k images, 1..10000, whose embeddings are nearest to that of an image, which is given by its
 * name or image_id and is not among them; of the newest set that has it, or the newest of a model. Columns: rank (from
 * 1), image_id, image, distance; no rows where the image has no embedding Rows with a NULL are left out; what is
 * undefined (no positives, no rows) is NULL; nonsense is an error with a reason. */
#ifndef EN_CATALOG_FUNCTIONS_H
#define EN_CATALOG_FUNCTIONS_H

#include "db/db.h"

en_status en_catalog_add_functions(en_db *db, en_error *err) EN_CHECKED;
en_status en_catalog_add_neighbours(en_db *db, en_error *err) EN_CHECKED; /* called by the former */

#endif
