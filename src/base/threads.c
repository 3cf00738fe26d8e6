/* The pool: workers sleep on a condition, take chunk numbers from one atomic counter, and the caller takes part. */
#include "base/threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#if defined __x86_64__
#include <xmmintrin.h>
#endif

#include "base/memory.h"
#include "base/thread.h"

/* Of a helper's stack, whatever `ulimit -s` says: a tiny one would not do, and 8 MiB for each of many threads do not
 * fit where address space is short. */
#define STACK_BYTES ((size_t)2 << 20)

struct en_pool {
    unsigned threads, started; /* started: helpers that run, the caller not counted */
    pthread_t *helper;
    pthread_mutex_t lock;
    pthread_cond_t work, idle;
    unsigned long round; /* counts calls of en_pool_run */
    unsigned busy;       /* helpers still in this round */
    bool quit;
    en_chunk_fn *fn;
    void *ctx;
    size_t chunks;
    atomic_size_t next;
};

typedef struct seat {
    en_pool *pool;
    unsigned worker;
} seat;

/* Numbers below 1e-38 become 0 within a chunk: they are insignificant there, and cost a hundred cycles each (Adam's
 * moments of weights without a gradient would end among them). The bits are the processor's, of one thread; returns
 * what they were. */
static unsigned long flush_denormals(void)
{
#if defined __x86_64__
    unsigned was = _mm_getcsr();
    _mm_setcsr(was | 0x8040u); /* flush to zero, denormals are zero */
    return was;
#elif defined __aarch64__
    unsigned long was;
    __asm__ volatile("mrs %0, fpcr" : "=r"(was));
    __asm__ volatile("msr fpcr, %0" : : "r"(was | 1ul << 24));
    return was;
#else
    return 0;
#endif
}

static void restore_denormals(unsigned long was)
{
#if defined __x86_64__
    _mm_setcsr((unsigned)was);
#elif defined __aarch64__
    __asm__ volatile("msr fpcr, %0" : : "r"(was));
#else
    (void)was;
#endif
}

unsigned en_cpu_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    int count = CPU_COUNT(&set);
    return count > 0 ? (unsigned)count : 1;
}

/* Pins a helper to the n-th processor this process may use; best effort only. */
static void pin(unsigned n)
{
    cpu_set_t allowed, mine;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        return;
    }
    int count = CPU_COUNT(&allowed);
    if (count <= 1) {
        return;
    }
    unsigned skip = n % (unsigned)count;
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &allowed) && skip-- == 0) {
            CPU_ZERO(&mine);
            CPU_SET(cpu, &mine);
            (void)pthread_setaffinity_np(pthread_self(), sizeof mine, &mine);
            return;
        }
    }
}

static void take_chunks(en_pool *pool, unsigned worker)
{
    for (;;) {
        size_t chunk = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
        if (chunk >= pool->chunks) {
            return;
        }
        pool->fn(pool->ctx, chunk, worker);
    }
}

static void *help(void *arg)
{
    seat *s = arg;
    en_pool *pool = s->pool;
    unsigned worker = s->worker;
    en_free(s);
    if (pool->threads == en_cpu_count()) { /* fewer may share the machine with others: the system places them better */
        pin(worker);
    }
    (void)flush_denormals();
    unsigned long seen = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->quit && pool->round == seen) {
            pthread_cond_wait(&pool->work, &pool->lock);
        }
        if (pool->quit) {
            break;
        }
        seen = pool->round;
        pthread_mutex_unlock(&pool->lock);
        take_chunks(pool, worker);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0) {
            pthread_cond_signal(&pool->idle);
        }
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

int en_thread_start(pthread_t *thread, void *(*run)(void *), void *ctx)
{
    pthread_attr_t attributes;
    int failed = pthread_attr_init(&attributes);
    if (failed == 0) {
        failed = pthread_attr_setstacksize(&attributes, STACK_BYTES);
        failed = failed == 0 ? pthread_create(thread, &attributes, run, ctx) : failed;
        (void)pthread_attr_destroy(&attributes);
    }
    return failed;
}

en_status en_pool_new(unsigned threads, en_pool **out, en_error *err)
{
    *out = NULL;
    if (threads == 0) {
        threads = en_cpu_count();
    }
    en_pool *pool = en_calloc(1, sizeof *pool);
    if (pool == NULL || (pool->helper = en_calloc(threads, sizeof *pool->helper)) == NULL) {
        en_free(pool);
        return en_error_nomem(err, "threads");
    }
    pool->threads = threads;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->idle, NULL);
    for (unsigned worker = 1; worker < threads; worker++) {
        seat *s = en_alloc(sizeof *s);
        if (s == NULL) {
            en_pool_free(pool);
            return en_error_nomem(err, "threads");
        }
        *s = (seat){pool, worker};
        int failed = en_thread_start(&pool->helper[pool->started], help, s);
        if (failed != 0) {
            en_free(s);
            en_pool_free(pool);
            return en_error_hint(err, en_error_set(err, EN_NOMEM, "cannot start thread %u of %u", worker + 1, threads),
                                 "ask for fewer threads");
        }
        pool->started++;
    }
    *out = pool;
    return EN_OK;
}

void en_pool_free(en_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->quit = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->started; i++) {
        pthread_join(pool->helper[i], NULL);
    }
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->idle);
    en_free(pool->helper);
    en_free(pool);
}

unsigned en_pool_threads(const en_pool *pool) { return pool != NULL ? pool->threads : 1; }

void en_pool_run(en_pool *pool, size_t chunks, en_chunk_fn *fn, void *ctx)
{
    unsigned long floats = flush_denormals();
    if (pool == NULL || pool->started == 0 || chunks <= 1) {
        for (size_t chunk = 0; chunk < chunks; chunk++) {
            fn(ctx, chunk, 0);
        }
        restore_denormals(floats);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->fn = fn;
    pool->ctx = ctx;
    pool->chunks = chunks;
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    pool->busy = pool->started;
    pool->round++;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    take_chunks(pool, 0);
    pthread_mutex_lock(&pool->lock);
    while (pool->busy > 0) {
        pthread_cond_wait(&pool->idle, &pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    restore_denormals(floats);
}
