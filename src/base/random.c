/* Philox from Random123. The key holds seed and purpose, the counter item, epoch and the block's number. */
#include "base/random.h"

#include <Random123/philox.h>
#include <math.h>

en_random en_random_init(uint64_t seed, uint32_t epoch, uint64_t item, en_purpose purpose)
{
    en_random r = {0};
    r.key[0] = (uint32_t)seed;
    r.key[1] = (uint32_t)(seed >> 32) ^ ((uint32_t)purpose * 0x9E3779B9u);
    r.counter[1] = epoch;
    r.counter[2] = (uint32_t)item;
    r.counter[3] = (uint32_t)(item >> 32);
    return r;
}

uint32_t en_random_u32(en_random *r)
{
    if (r->left == 0) {
        philox4x32_ctr_t counter = {{r->counter[0], r->counter[1], r->counter[2], r->counter[3]}};
        philox4x32_key_t key = {{r->key[0], r->key[1]}};
        philox4x32_ctr_t out = philox4x32(counter, key);
        for (size_t i = 0; i < 4; i++) {
            r->block[i] = out.v[i];
        }
        r->counter[0]++;
        r->left = 4;
    }
    return r->block[--r->left];
}

double en_random_uniform(en_random *r)
{
    uint64_t high = en_random_u32(r) >> 5, low = en_random_u32(r) >> 6;
    return (double)(high << 26 | low) * 0x1p-53;
}

double en_random_between(en_random *r, double low, double high) { return low + (high - low) * en_random_uniform(r); }

/* Lemire 2019, "Fast random integer generation in an interval": multiply, and redraw the few that would be biased. */
uint32_t en_random_below(en_random *r, uint32_t n)
{
    uint64_t product = (uint64_t)en_random_u32(r) * n;
    if ((uint32_t)product < n) {
        uint32_t floor = (0u - n) % n;
        while ((uint32_t)product < floor) {
            product = (uint64_t)en_random_u32(r) * n;
        }
    }
    return (uint32_t)(product >> 32);
}

double en_random_normal(en_random *r)
{
    double radius = sqrt(-2.0 * log(1.0 - en_random_uniform(r)));
    return radius * cos(6.283185307179586 * en_random_uniform(r));
}

void en_random_shuffle(en_random *r, uint32_t *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = en_random_below(r, (uint32_t)i);
        uint32_t kept = items[i - 1];
        items[i - 1] = items[j];
        items[j] = kept;
    }
}
