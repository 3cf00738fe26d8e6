/* Agreement beyond chance between two ratings. */
#ifndef EN_STATS_KAPPA_H
#define EN_STATS_KAPPA_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "stats/confusion.h"

/* Quadratic-weighted kappa (Cohen 1968, "Weighted kappa: nominal scale agreement with provision for scaled disagreement
 * or partial credit"): 1 - sum(w_ij O_ij) / sum(w_ij E_ij), w_ij = (i - j)^2, O the counts, E those expected from the
 * margins. NaN when there is nothing, or both ratings are one and the same class throughout (0/0). */
double en_kappa_quadratic(const en_confusion *m);

#endif
