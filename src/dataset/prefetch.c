/* Renders ahead by one batch. Batch i of an epoch lies in half i % 2 of the pixels; the one that was handed out last is
 * in use, so the next may be rendered, and no other. */
#include "dataset/prefetch.h"

#include <pthread.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"

struct en_prefetch {
    en_prefetch_config config;
    en_pool *pool;         /* of the rendering threads; the one that waits for work takes part */
    uint8_t *pixels;       /* (2,batch,N,N,3) */
    size_t half_bytes;     /* of a batch */
    double waited_seconds; /* the caller's alone, as is all that follows until the lock */
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    const uint32_t *order; /* the epoch's; all below is under the lock */
    size_t count, rendered, taken;
    uint32_t epoch;
    bool busy, quit; /* busy: a batch is being rendered */
};

static size_t batches(const en_prefetch *p) { return (p->count + p->config.batch - 1) / p->config.batch; }

static size_t size_of(const en_prefetch *p, size_t i)
{
    size_t first = i * p->config.batch;
    return p->count - first < p->config.batch ? p->count - first : p->config.batch;
}

static uint8_t *half(const en_prefetch *p, size_t i) { return p->pixels + i % 2 * p->half_bytes; }

static void *render_ahead(void *arg)
{
    en_prefetch *p = arg;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (!p->quit && (p->rendered == batches(p) || p->rendered > p->taken)) {
            pthread_cond_wait(&p->work, &p->lock);
        }
        if (p->quit) {
            break;
        }
        const size_t i = p->rendered, n = size_of(p, i);
        const uint32_t *index = p->order + i * p->config.batch;
        const en_loader_views views = {&p->config.augmentation, p->config.seed, p->epoch};
        p->busy = true;
        pthread_mutex_unlock(&p->lock);
        en_loader_render_views(p->config.loader, p->pool, index, n, &views, half(p, i));
        pthread_mutex_lock(&p->lock);
        p->busy = false;
        p->rendered++;
        pthread_cond_signal(&p->done);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

en_status en_prefetch_new(const en_prefetch_config *config, en_prefetch **out, en_error *err)
{
    *out = NULL;
    const size_t edge = (size_t)config->loader->size;
    size_t bytes = 0, both = 0;
    en_prefetch *p = en_calloc(1, sizeof *p);
    if (p == NULL) {
        return en_error_nomem(err, "batches");
    }
    p->config = *config;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->done, NULL);
    const bool fits = en_mul(edge * edge * EN_PACK_CHANNELS, config->batch, &bytes) && en_mul(bytes, 2, &both);
    p->half_bytes = bytes;
    p->pixels = fits ? en_alloc(both) : NULL;
    en_status st = p->pixels != NULL ? EN_OK : en_error_nomem(err, "batches");
    if (st == EN_OK && config->threads > 1) {
        st = en_pool_new(config->threads, &p->pool, err);
    }
    if (st == EN_OK) {
        p->started = en_thread_start(&p->thread, render_ahead, p) == 0;
        st = p->started ? EN_OK : en_error_set(err, EN_NOMEM, "cannot start a thread that renders batches");
    }
    if (st != EN_OK) {
        en_prefetch_free(p);
        return st;
    }
    *out = p;
    return EN_OK;
}

void en_prefetch_free(en_prefetch *p)
{
    if (p == NULL) {
        return;
    }
    if (p->started) {
        pthread_mutex_lock(&p->lock);
        p->quit = true;
        pthread_cond_signal(&p->work);
        pthread_mutex_unlock(&p->lock);
        pthread_join(p->thread, NULL);
    }
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->work);
    pthread_cond_destroy(&p->done);
    en_pool_free(p->pool);
    en_free(p->pixels);
    en_free(p);
}

void en_prefetch_begin(en_prefetch *p, const uint32_t *order, size_t count, uint32_t epoch)
{
    pthread_mutex_lock(&p->lock);
    p->count = p->rendered = p->taken = 0; /* nothing more is begun; what is at work reads the old order */
    while (p->busy) {
        pthread_cond_wait(&p->done, &p->lock);
    }
    p->order = order;
    p->count = count;
    p->epoch = epoch;
    p->rendered = p->taken = 0;
    pthread_cond_signal(&p->work);
    pthread_mutex_unlock(&p->lock);
}

const uint8_t *en_prefetch_next(en_prefetch *p, size_t *n)
{
    const uint8_t *pixels = NULL;
    *n = 0;
    pthread_mutex_lock(&p->lock);
    if (p->taken < batches(p)) {
        if (p->rendered == p->taken) {
            const double began = en_clock_seconds();
            while (p->rendered == p->taken) {
                pthread_cond_wait(&p->done, &p->lock);
            }
            p->waited_seconds += en_clock_seconds() - began;
        }
        pixels = half(p, p->taken);
        *n = size_of(p, p->taken);
        p->taken++;
        pthread_cond_signal(&p->work);
    }
    pthread_mutex_unlock(&p->lock);
    return pixels;
}

double en_prefetch_waited(en_prefetch *p)
{
    const double waited = p->waited_seconds;
    p->waited_seconds = 0;
    return waited;
}
