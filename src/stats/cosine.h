/* How far apart two vectors point. */
#ifndef EN_STATS_COSINE_H
#define EN_STATS_COSINE_H

#include <stdbool.h>
#include <stddef.h>

/* The cosine distance 1 - a.b / (|a| |b|) of two vectors of n numbers, as float in the machine's order, which need not
 * be aligned: 0 (the same direction) to 2 (the opposite one), computed in double. NAN where one of them is zero
 * throughout, which has no direction. */
double en_cosine_distance(const void *a, const void *b, size_t n);
/* Whether all n numbers are finite. */
bool en_vector_is_finite(const void *vector, size_t n);

#endif
