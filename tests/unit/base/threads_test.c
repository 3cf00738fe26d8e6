/* The pool: every chunk once, whatever the threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/threads.h"

#include <stdatomic.h>
#include <string.h>

enum { CHUNKS = 1000 };

typedef struct work {
    atomic_int hits[CHUNKS];
    atomic_uint worker_max;
} work;

static void mark(void *ctx, size_t chunk, unsigned worker)
{
    work *w = ctx;
    atomic_fetch_add(&w->hits[chunk], 1);
    unsigned seen = atomic_load(&w->worker_max);
    while (worker > seen && !atomic_compare_exchange_weak(&w->worker_max, &seen, worker)) {
    }
}

static void every_chunk_runs_once_for_any_number_of_threads(void **state)
{
    (void)state;
    static const unsigned threads[] = {1, 2, 3, 16};
    for (size_t t = 0; t < 4; t++) {
        en_pool *pool;
        en_error err;
        assert_int_equal(en_pool_new(threads[t], &pool, &err), EN_OK);
        assert_int_equal(en_pool_threads(pool), threads[t]);
        for (int round = 0; round < 50; round++) {
            static work w;
            memset(&w, 0, sizeof w);
            en_pool_run(pool, CHUNKS, mark, &w);
            for (int i = 0; i < CHUNKS; i++) {
                assert_int_equal(w.hits[i], 1);
            }
            assert_true(w.worker_max < threads[t]);
        }
        en_pool_free(pool);
    }
}

static void no_pool_runs_in_order_here(void **state)
{
    (void)state;
    static work w;
    memset(&w, 0, sizeof w);
    en_pool_run(NULL, CHUNKS, mark, &w);
    assert_int_equal(w.hits[CHUNKS - 1], 1);
    assert_int_equal(w.worker_max, 0);
    en_pool_run(NULL, 0, mark, &w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_chunk_runs_once_for_any_number_of_threads),
        cmocka_unit_test(no_pool_runs_in_order_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
