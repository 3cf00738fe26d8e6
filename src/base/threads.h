/* A pool of pinned threads. Work is cut into chunks that do not depend on the number of threads; any thread may take
 * any chunk, so a chunk writes only to what is its own and sums are made afterwards, in chunk order. */
#ifndef EN_BASE_THREADS_H
#define EN_BASE_THREADS_H

#include <stddef.h>

#include "base/error.h"

typedef struct en_pool en_pool;

/* `worker` is 0..en_pool_threads()-1 and names per-thread scratch. */
typedef void en_chunk_fn(void *ctx, size_t chunk, unsigned worker);

/* threads = 0: as many as this process may run on. The calling thread is worker 0. */
en_status en_pool_new(unsigned threads, en_pool **out, en_error *err) EN_CHECKED;
void en_pool_free(en_pool *pool);
unsigned en_pool_threads(const en_pool *pool);
/* Runs fn for chunk 0..chunks-1 and returns when all are done. Calls must not be nested. pool = NULL runs them here, in
 * order. Within a chunk denormal numbers are 0, on every thread alike. */
void en_pool_run(en_pool *pool, size_t chunks, en_chunk_fn *fn, void *ctx);
/* Processors this process may use. */
unsigned en_cpu_count(void);

#endif
