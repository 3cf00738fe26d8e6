/* What the tests of training have in common: the usual options, and a training in a scratch project. */
#ifndef EN_TESTS_TRAINED_H
#define EN_TESTS_TRAINED_H

#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "scratch_project.h"
#include "training/train/train.h"

static const en_train_options usual = {
    .model = "tiny.net", .subset = "train", .name = "first", .target = "eye", .epochs = 3, .batch = 8, .seed = 1};

static inline en_status train(scratch *r, en_train_options options, en_train_result *result)
{
    r->progress = 0;
    return en_train(&r->project, &options, result, &r->err);
}

/* A model's bytes without its run's uuid, which is another each time. */
static inline void read_model(const scratch *r, const en_train_result *result, en_buf *out)
{
    char *path = en_path_join(r->project.root, result->weights);
    en_error err;
    en_buf_init(out, 1 << 24);
    assert_int_equal(en_file_read(path, out, &err), EN_OK);
    char *uuid = memmem(out->data, out->size, result->uuid, strlen(result->uuid));
    assert_non_null(uuid);
    memset(uuid, '-', strlen(result->uuid));
    en_free(path);
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

#endif
