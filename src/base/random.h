/* Random numbers without order: Philox4x32-10 (Salmon et al. 2011, Random123) keyed by what the numbers are for, so
 * that the same (seed, epoch, item, purpose) draws the same numbers on any thread, in any order, on any machine. */
#ifndef EN_BASE_RANDOM_H
#define EN_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef enum en_purpose { /* never renumber: runs are repeated with these */
                          EN_FOR_INIT = 1,
                          EN_FOR_SHUFFLE = 2,
                          EN_FOR_DROPOUT = 3,
                          EN_FOR_SPLIT = 4,
                          EN_FOR_PHANTOM = 5,
                          EN_FOR_BOOTSTRAP = 6,
                          EN_FOR_AUGMENT = 7,
                          EN_FOR_SWEEP = 8,
                          EN_FOR_TEST = 99
} en_purpose;

typedef struct en_random {
    uint32_t key[2], counter[4], block[4];
    unsigned left; /* words of block not yet used */
} en_random;

en_random en_random_init(uint64_t seed, uint32_t epoch, uint64_t item, en_purpose purpose);
uint32_t en_random_u32(en_random *r);
double en_random_uniform(en_random *r); /* [0,1), 53 bits */
double en_random_between(en_random *r, double low, double high);
uint32_t en_random_below(en_random *r, uint32_t n);                  /* 0..n-1 without bias; n > 0 */
double en_random_normal(en_random *r);                               /* mean 0, sd 1 (Box-Muller) */
void en_random_shuffle(en_random *r, uint32_t *items, size_t count); /* Fisher-Yates */

#endif
