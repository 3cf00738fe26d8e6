/* Embeddings of a trained run: the same bits for any number of threads and however they were begun; what is missing is
 * computed, and what was written before an interruption stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/embed.h"

#include <string.h>

#include "db/db.h"
#include "dataset/subset.h"
#include "scratch_project.h"
#include "training/train/train.h"

#define VECTORS "SELECT image, layer, dimensions, current, hex(vector) FROM embeddings ORDER BY image"

static void train(scratch *r)
{
    en_train_result result;
    scratch_write("body.net", "input 32x32x3 scale 1/255\nconv 6 5x5 stride 2 batchnorm relu\nconv 8 3x3 relu\n"
                              "globalavgpool\ndropout 0.2\ndense classes softmax\n");
    const en_train_options options = {
        .model = "body.net", .subset = "train", .name = "first", .target = "eye", .epochs = 1, .batch = 8, .seed = 1};
    SCRATCH_OK(r, en_train(&r->project, &options, &result, &r->err));
}

static en_embed_result embed(scratch *r, en_embed_options options)
{
    en_embed_result result;
    SCRATCH_OK(r, en_embed(&r->project, &options, &result, &r->err));
    return result;
}

static void the_bits_depend_on_nothing_but_image_and_weights(void **state)
{
    scratch *r = *state;
    en_buf first, again;
    en_subset_result few;
    en_buf_init(&first, 1 << 20);
    en_buf_init(&again, 1 << 20);
    scratch_fill(r, 20);
    train(r);
    en_embed_result result = embed(r, (en_embed_options){.model = "first"});
    assert_int_equal(result.images, 40);
    assert_int_equal(result.computed, 40);
    assert_int_equal(result.dimensions, 8);
    assert_int_equal(result.layer, 3); /* the dropout before the head, which prediction leaves out */
    scratch_dump(r, VECTORS, &first);
    result = embed(r, (en_embed_options){.model = "first"});
    assert_int_equal(result.computed, 0);
    assert_int_equal(result.kept, 40);
    SCRATCH_OK(r, en_subset_freeze(&r->project, "few", "SELECT variant_id FROM variants WHERE patient IN ('3', '7')",
                                   &few, &r->err));
    for (unsigned threads = 1; threads <= 3; threads += 2) { /* and in other batches */
        scratch_open(r, threads);
        SCRATCH_OK(r, en_db_exec(en_catalog_db(r->project.catalog), "DELETE FROM embedding_set", "test", &r->err));
        result = embed(r, (en_embed_options){.model = "first", .subset = "few"});
        assert_int_equal(result.images, 4);
        assert_int_equal(result.computed, 4);
        result = embed(r, (en_embed_options){.model = "first"});
        assert_int_equal(result.computed, 36);
        en_buf_reset(&again);
        scratch_dump(r, VECTORS, &again);
        assert_string_equal(en_buf_str(&again), en_buf_str(&first));
    }
    en_buf_clear(&first);
    en_buf_clear(&again);
}

static void an_interrupted_one_goes_on(void **state)
{
    scratch *r = *state;
    en_embed_result result;
    scratch_fill(r, 140); /* more than are written in one transaction */
    train(r);
    const en_embed_options options = {.model = "first"};
    r->progress = 0;
    r->stop_after = 17; /* batches of 16: in the second transaction */
    assert_int_equal(en_embed(&r->project, &options, &result, &r->err), EN_INTERRUPTED);
    r->stop_after = 0;
    assert_int_equal(result.computed, 256);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM embedding"), 256);
    result = embed(r, options);
    assert_int_equal(result.kept, 256);
    assert_int_equal(result.computed, 24);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM embedding"), 280);
}

static void those_of_other_pixels_are_made_anew(void **state)
{
    scratch *r = *state;
    scratch_fill(r, 10);
    train(r);
    embed(r, (en_embed_options){.model = "first"});
    SCRATCH_OK(r,
               en_db_exec(en_catalog_db(r->project.catalog),
                          "DROP TRIGGER embedding_is_fixed; UPDATE embedding SET sample_sha256 = weights_sha256 FROM "
                          "embedding_set WHERE image_id = 3",
                          "test", &r->err));
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM embeddings WHERE current = 0"), 1);
    const en_embed_result result = embed(r, (en_embed_options){.model = "first"});
    assert_int_equal(result.computed, 1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM embeddings WHERE current = 1"), 20);
}

static void what_cannot_be_embedded_is_refused(void **state)
{
    scratch *r = *state;
    en_embed_result result;
    scratch_fill(r, 10);
    train(r);
    scratch_refused(r, en_embed(&r->project, &(en_embed_options){.model = "frist"}, &result, &r->err), EN_INPUT,
                    "'frist'");
    scratch_refused(r, en_embed(&r->project, &(en_embed_options){.model = "first", .layer = "99"}, &result, &r->err),
                    EN_INPUT, "99");
    scratch_refused(r, en_embed(&r->project, &(en_embed_options){.model = "first", .layer = "0"}, &result, &r->err),
                    EN_INPUT, "nothing before layer 0");
    scratch_refused(r, en_embed(&r->project, &(en_embed_options){.model = "first", .subset = "no"}, &result, &r->err),
                    EN_INPUT, "no");
    scratch_refused(
        r, en_embed(&r->project, &(en_embed_options){.model = "first", .recipe = SCRATCH_RECIPE}, &result, &r->err),
        EN_USAGE, "has its own recipe");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM embedding_set"), 0);
    result = embed(r, (en_embed_options){.model = "first", .layer = "1"});
    assert_int_equal(result.layer, 1);
    assert_int_equal(result.dimensions, 14 * 14 * 6);
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(the_bits_depend_on_nothing_but_image_and_weights),
        IN_A_SCRATCH_PROJECT(an_interrupted_one_goes_on),
        IN_A_SCRATCH_PROJECT(those_of_other_pixels_are_made_anew),
        IN_A_SCRATCH_PROJECT(what_cannot_be_embedded_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
