/* Batches rendered ahead: while the engine computes on one, threads of their own render the next. */
#ifndef EN_DATASET_PREFETCH_H
#define EN_DATASET_PREFETCH_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/loader.h"
#include "image/augmentation.h"

typedef struct en_prefetch en_prefetch;

typedef struct en_prefetch_config {
    const en_loader *loader; /* borrowed */
    size_t batch;            /* items of a batch, > 0; two batches of pixels are kept */
    en_augmentation augmentation;
    uint64_t seed;
    unsigned threads; /* that render, > 0 */
} en_prefetch_config;

/* Starts the threads; they sleep until an epoch begins. */
en_status en_prefetch_new(const en_prefetch_config *config, en_prefetch **out, en_error *err) EN_CHECKED;
void en_prefetch_free(en_prefetch *p); /* NULL is fine; in the middle of an epoch, too */
/* Begins an epoch of items order[0..count), which is borrowed until the next one begins; its first batch is rendered
 * from now on. What is left of the epoch before is dropped. */
void en_prefetch_begin(en_prefetch *p, const uint32_t *order, size_t count, uint32_t epoch);
/* The next batch (n,N,N,3), waiting for it where it must; borrowed until the next call. NULL, and n = 0, after the
 * last. The bytes depend on the item, the seed and the epoch only. */
const uint8_t *en_prefetch_next(en_prefetch *p, size_t *n);
/* Seconds that calls of en_prefetch_next have waited since the last call of this function. */
double en_prefetch_waited(en_prefetch *p);

#endif
