/* Batches rendered ahead: the bytes of every item in every order, whoever renders them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "catalog/sample.h"
#include "dataset/dataset.h"
#include "dataset/prefetch.h"
#include "scratch_project.h"

enum { EDGE = 32, BYTES = EDGE * EDGE * 3, MOST = 64 };

/* The variants of part train, mirrored ones among them. */
static void load(scratch *r, en_dataset *data)
{
    int64_t recipe;
    *data = (en_dataset){0};
    scratch_fill(r, 12);
    SCRATCH_OK(r, en_catalog_subset_create(r->project.catalog, "all",
                                           "SELECT variant_id FROM variants WHERE part = 'train'", NULL, NULL,
                                           &data->subset, &r->err));
    SCRATCH_OK(r, en_catalog_recipe_newest(r->project.catalog, &recipe, &r->err));
    SCRATCH_OK(r, en_dataset_load(&r->project, data, "grade", recipe, EDGE, &r->err));
    assert_in_range(data->items.count, 11, MOST);
}

static en_augmentation parsed(const char *text)
{
    en_error err;
    en_augmentation a;
    assert_int_equal(en_augmentation_parse(text, &a, &err), EN_OK);
    return a;
}

static en_prefetch *started(scratch *r, const en_dataset *data, size_t batch, const char *augmentation,
                            unsigned threads)
{
    en_prefetch *p;
    const en_prefetch_config config = {
        .loader = &data->loader, .batch = batch, .augmentation = parsed(augmentation), .seed = 3, .threads = threads};
    SCRATCH_OK(r, en_prefetch_new(&config, &p, &r->err));
    return p;
}

/* An epoch, item by item: pixels[i] of item i, whatever the order. */
static void collect(en_prefetch *p, const uint32_t *order, size_t count, uint32_t epoch, size_t batch,
                    uint8_t (*pixels)[BYTES])
{
    size_t n, seen = 0;
    const uint8_t *at;
    en_prefetch_begin(p, order, count, epoch);
    while ((at = en_prefetch_next(p, &n)) != NULL) {
        assert_int_equal(n, count - seen < batch ? count - seen : batch);
        for (size_t i = 0; i < n; i++) {
            memcpy(pixels[order[seen + i]], at + i * BYTES, BYTES);
        }
        seen += n;
    }
    assert_int_equal(n, 0);
    assert_int_equal(seen, count);
}

static void every_item_is_distorted_as_drawn_for_it(void **state)
{
    scratch *r = *state;
    en_dataset data;
    load(r, &data);
    const size_t count = data.items.count;
    uint32_t up[MOST], down[MOST];
    for (uint32_t i = 0; i < count; i++) {
        up[i] = i;
        down[i] = (uint32_t)count - 1 - i;
    }
    static uint8_t wanted[MOST][BYTES], got[MOST][BYTES];
    const en_augmentation strong = parsed("strong");
    for (size_t i = 0; i < count; i++) {
        const en_catalog_item *item = &data.items.item[i];
        const en_distortion d = en_augmentation_draw(&strong, 3, 9, item->key, item->mirror != 0, item->rotation);
        en_distort(en_pack_reader_slot(&data.loader.pack[item->pack], item->slot), EDGE, &d, wanted[i]);
    }
    for (unsigned threads = 1; threads <= 3; threads++) {
        for (size_t batch = 1; batch <= 8; batch += 3) {
            en_prefetch *p = started(r, &data, batch, "strong", threads);
            collect(p, up, count, 9, batch, got);
            assert_memory_equal(got, wanted, count * BYTES);
            memset(got, 0, sizeof got);
            collect(p, down, count, 9, batch, got);
            assert_memory_equal(got, wanted, count * BYTES);
            collect(p, down, count, 10, batch, got);
            assert_true(memcmp(got, wanted, count * BYTES) != 0);
            en_prefetch_free(p);
        }
    }
    en_dataset_clear(&data);
}

static void without_an_augmentation_items_are_as_the_loader_renders_them(void **state)
{
    scratch *r = *state;
    en_dataset data;
    load(r, &data);
    uint32_t order[MOST];
    for (uint32_t i = 0; i < data.items.count; i++) {
        order[i] = i;
    }
    static uint8_t wanted[MOST][BYTES], got[MOST][BYTES];
    en_loader_render(&data.loader, order, data.items.count, wanted[0]);
    en_prefetch *p = started(r, &data, 5, "none", 1);
    collect(p, order, data.items.count, 1, 5, got);
    assert_memory_equal(got, wanted, data.items.count * BYTES);
    en_prefetch_free(p);
    en_dataset_clear(&data);
}

/* A training that is stopped leaves its epoch; what comes after must not be a batch of that one. */
static void an_epoch_that_is_left_does_not_show_in_the_next(void **state)
{
    scratch *r = *state;
    en_dataset data;
    load(r, &data);
    static uint8_t wanted[MOST][BYTES], got[MOST][BYTES];
    uint32_t order[MOST], none[1] = {0};
    size_t n, count = data.items.count;
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    en_prefetch *p = started(r, &data, 4, "strong", 2);
    collect(p, order, count, 2, 4, wanted);
    for (unsigned taken = 0; taken < 3; taken++) {
        en_prefetch_begin(p, order, count, 1);
        for (unsigned i = 0; i < taken; i++) {
            assert_non_null(en_prefetch_next(p, &n));
        }
        memset(got, 0, sizeof got);
        collect(p, order, count, 2, 4, got);
        assert_memory_equal(got, wanted, count * BYTES);
    }
    en_prefetch *whole = started(r, &data, count, "strong", 1);
    for (unsigned i = 0; i < 300; i++) { /* left before, during and after the rendering of a batch */
        en_prefetch_begin(whole, order, count, 1);
        usleep(i);
        collect(whole, order, count, 2, count, got);
        assert_memory_equal(got, wanted, count * BYTES);
    }
    en_prefetch_free(whole);
    en_prefetch_begin(p, none, 0, 1);
    assert_null(en_prefetch_next(p, &n));
    en_prefetch_begin(p, order, count, 1);
    en_prefetch_free(p); /* in the middle */
    en_dataset_clear(&data);
}

/* The batch in hand stays as it is while the next is rendered, and a caller that takes its time does not wait. */
static void a_batch_is_rendered_while_another_is_used(void **state)
{
    scratch *r = *state;
    en_dataset data;
    load(r, &data);
    uint32_t order[MOST];
    size_t n, count = data.items.count;
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    uint8_t kept[4 * BYTES];
    en_prefetch *p = started(r, &data, 4, "strong", 1);
    en_prefetch_begin(p, order, count, 1);
    double used = 0;
    const uint8_t *at;
    while ((at = en_prefetch_next(p, &n)) != NULL) {
        memcpy(kept, at, n * BYTES);
        usleep(20000);
        used += 0.02;
        assert_memory_equal(kept, at, n * BYTES);
    }
    assert_true(en_prefetch_waited(p) < used / 2); /* less than the first batch takes, but for a machine at work */
    scratch_near(en_prefetch_waited(p), 0, 1e-12);
    en_prefetch_free(p);
    en_dataset_clear(&data);
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(every_item_is_distorted_as_drawn_for_it),
        IN_A_SCRATCH_PROJECT(without_an_augmentation_items_are_as_the_loader_renders_them),
        IN_A_SCRATCH_PROJECT(an_epoch_that_is_left_does_not_show_in_the_next),
        IN_A_SCRATCH_PROJECT(a_batch_is_rendered_while_another_is_used),
    };
    return cmocka_run_group_tests_name("prefetch", tests, NULL, NULL);
}
