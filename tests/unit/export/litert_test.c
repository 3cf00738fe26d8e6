/* A LiteRT file is written whole, or not at all with an error. That it is right is shown by its reader, in
 * tests/consumers/litert.sh. */
#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "export/litert.h"

#define FILE_NAME "litert_test.out"

/* Layers of each kind that makes weights of its own, and the longest way from logits to probabilities. */
static const char text[] = "input 9x9x3 mean 0.1 0.2 0.3 std 0.9 0.8 0.7\n"
                           "conv 6 3x3 pad 1 stride 2 batchnorm relu6\nconv 6 3x3 depthwise pad same batchnorm hswish\n"
                           "avgpool 3 stride 1 pad 2\nmaxpool 3 stride 1 pad 2\nsqueeze-excite 2\nglobalavgpool\n"
                           "batchnorm\ndense 4 batchnorm tanh\ndense classes\nordinal\n";

static void every_allocation_that_fails_is_an_error(void **state)
{
    (void)state;
    enum { CLASSES = 4 };
    en_spec *spec = en_calloc(1, sizeof *spec);
    assert_non_null(spec);
    OK(en_spec_parse(text, "test", spec, &err));
    en_network_config config = {.spec = spec, .classes = CLASSES, .batch = 1, .mode = EN_INFER};
    OK(en_kernel_select(NULL, &config.kernels, &err));
    OK(en_pool_new(1, &config.pool, &err));
    en_network *net = NULL;
    OK(en_network_new(&config, &net, &err));
    en_network_init(net, 1);
    static const char *const name[CLASSES] = {"0", "1", "2", "3"};
    static const double offset[CLASSES] = {0, 0.1, 0.2, 0.3};
    static const en_meta meta[] = {{"recipe", "crop=retina size=9"}, {"run", "a run"}};
    en_export_model model = {.name = "test",
                             .spec = spec,
                             .classes = CLASSES,
                             .class_name = name,
                             .calibrated = true,
                             .factor = 0.9,
                             .offset = offset,
                             .cumulative = true,
                             .scale = 1.1,
                             .shift = 0.1,
                             .meta = meta,
                             .metas = 2};
    OK(en_operations_of(net, &model.ops, &err));
    en_status st = EN_NOMEM;
    for (long nth = 1; st != EN_OK; nth++) {
        en_error err;
        en_alloc_fail_at(nth);
        st = en_litert_write(&model, FILE_NAME, &err);
        en_alloc_fail_at(0);
        assert_true(st == EN_OK || st == EN_NOMEM);
        assert_true((st == EN_OK) == (access(FILE_NAME, F_OK) == 0));
        assert_true(nth < 1000);
    }
    OK(en_file_check_kind(FILE_NAME, EN_LITERT_BEGINS, sizeof EN_LITERT_BEGINS - 1, "a LiteRT file", &err));
    unlink(FILE_NAME);
    en_operations_clear(&model.ops);
    en_network_free(net);
    en_pool_free(config.pool);
    en_free(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_that_fails_is_an_error)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
