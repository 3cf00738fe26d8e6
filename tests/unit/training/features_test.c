/* Features: a training from them is one from pixels; the file is used again, and made anew where it is not whole; rates
 * and first epochs of the head. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/features.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "training/train/train.h"
#include "scratch_project.h"

#define BODY                                                                                                           \
    "input 32x32x3 scale 1/255\nconv 6 5x5 stride 2 batchnorm frozen relu\nconv 8 3x3 relu\nglobalavgpool\n"           \
    "dropout 0.2\ndense classes softmax\n"

static en_status train(scratch *r, en_train_options options, en_train_result *result)
{
    return en_train(&r->project, &options, result, &r->err);
}

/* The one file in features/ that is larger than the other; none: "". */
static void largest(const scratch *r, char *path, size_t capacity)
{
    en_names names;
    en_error err;
    off_t most = -1;
    char dir[512], one[1024];
    struct stat info;
    *path = '\0';
    snprintf(dir, sizeof dir, "%s/" EN_FEATURES_DIR, r->project.root);
    if (en_file_list(dir, &names, &err) != EN_OK) {
        return;
    }
    for (size_t i = 0; i < names.count; i++) {
        snprintf(one, sizeof one, "%s/%s", dir, names.name[i]);
        if (stat(one, &info) == 0 && info.st_size > most) {
            most = info.st_size;
            snprintf(path, capacity, "%s", one);
        }
    }
    en_names_free(&names);
}

static const en_train_options of_the_head = {.model = "body.net",
                                             .subset = "train",
                                             .target = "CAST(patient AS INTEGER) % 3",
                                             .freeze = "head",
                                             .epochs = 3,
                                             .batch = 8,
                                             .learning_rate = 0.01,
                                             .patience = EN_TRAIN_NO_EARLY_STOP,
                                             .seed = 1};

static double metric(scratch *r, const char *run, const char *part, int epoch)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT value FROM metrics WHERE run = '%s' AND part = '%s' AND metric = 'accuracy' AND epoch = %d", run,
             part, epoch);
    return scratch_real(r, sql);
}

/* A brightness that changes no pixel is drawn beside the same views, and has them rendered anew. */
static void training_from_kept_features_is_training_from_pixels(void **state)
{
    scratch *r = *state;
    static const char *const views[] = {"mirror flip quarter", "quarter", "none"};
    static const char *const drawn[] = {"mirror flip quarter brightness 0.000000000001",
                                        "quarter brightness 0.000000000001", "brightness 0.000000000001"};
    scratch_fill(r, 20);
    scratch_write("body.net", BODY);
    for (size_t i = 0; i < 3; i++) {
        en_train_result kept, rendered;
        char name[2][8], path[1200];
        en_train_options options = of_the_head;
        snprintf(name[0], sizeof name[0], "k%zu", i);
        snprintf(name[1], sizeof name[1], "r%zu", i);
        options.name = name[0];
        options.augmentation = views[i];
        SCRATCH_OK(r, train(r, options, &kept));
        largest(r, path, sizeof path);
        assert_true(path[0] != '\0');
        options.name = name[1];
        options.augmentation = drawn[i];
        SCRATCH_OK(r, train(r, options, &rendered));
        if (fabs(kept.last.train_weighted_loss - rendered.last.train_weighted_loss) > 1e-5 ||
            fabs(kept.last.val_loss - rendered.last.val_loss) > 1e-5) {
            fail_msg("%s: %.9g and %.9g, %.9g and %.9g", views[i], kept.last.train_weighted_loss,
                     rendered.last.train_weighted_loss, kept.last.val_loss, rendered.last.val_loss);
        }
        assert_true(metric(r, name[0], "train", 2) == metric(r, name[1], "train", 2));
    }
}

static void a_file_is_read_again_and_made_anew_where_it_is_damaged(void **state)
{
    scratch *r = *state;
    en_train_result first, again;
    char path[1200];
    struct stat before, after;
    scratch_fill(r, 12);
    scratch_write("body.net", BODY);
    en_train_options options = of_the_head;
    options.name = "a";
    SCRATCH_OK(r, train(r, options, &first));
    largest(r, path, sizeof path);
    assert_int_equal(stat(path, &before), 0);
    options.name = "b";
    SCRATCH_OK(r, train(r, options, &again));
    assert_true(again.last.val_loss == first.last.val_loss);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_ino, before.st_ino); /* as it was */
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, 500, SEEK_SET), 0);
    const int byte = fgetc(f);
    assert_int_equal(fseek(f, 500, SEEK_SET), 0);
    assert_int_not_equal(fputc(byte ^ 1, f), EOF);
    assert_int_equal(fclose(f), 0);
    options.name = "c";
    SCRATCH_OK(r, train(r, options, &again));
    assert_true(again.last.val_loss == first.last.val_loss);
    assert_int_equal(truncate(path, 300), 0);
    options.name = "d";
    SCRATCH_OK(r, train(r, options, &again));
    assert_true(again.last.val_loss == first.last.val_loss);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    assert_int_equal(unlink(path), 0); /* where a file of that name cannot be: trained all the same, with a word */
    assert_int_equal(mkdir(path, 0777), 0);
    options.name = "e";
    SCRATCH_OK(r, train(r, options, &again));
    assert_true(again.last.val_loss == first.last.val_loss);
    assert_int_equal(rmdir(path), 0);
}

static void the_head_may_learn_alone_first_and_lines_at_their_own_rate(void **state)
{
    scratch *r = *state;
    en_train_result result;
    scratch_fill(r, 12);
    scratch_write("body.net", BODY);
    en_train_options options = of_the_head;
    options.freeze = NULL;
    options.name = "frozen"; /* the whole of it but for the last epoch */
    options.head_epochs = 2;
    SCRATCH_OK(r, train(r, options, &result));
    options.name = "alone";
    options.head_epochs = 0;
    options.freeze = "head";
    SCRATCH_OK(r, train(r, options, &result));
    for (int epoch = 1; epoch <= 2; epoch++) { /* as with the body frozen */
        assert_true(fabs(metric(r, "frozen", "val", epoch) - metric(r, "alone", "val", epoch)) < 1e-9);
    }
    options.freeze = NULL;
    options.name = "slow";
    options.lr_scale = "0=0.000001,head=1"; /* nearly */
    SCRATCH_OK(r, train(r, options, &result));
    assert_true(fabs(metric(r, "slow", "val", 3) - metric(r, "alone", "val", 3)) < 1e-9);
    assert_int_equal(scratch_number(r,
                                    "SELECT count(*) FROM params WHERE run = 'slow' AND param = 'lr_scale' AND value = "
                                    "'0=0.000001,head=1'"),
                     1);
    options.name = "wrong";
    options.lr_scale = "head";
    scratch_refused(r, train(r, options, &result), EN_USAGE, "'head' is not the rate of a layer");
    options.lr_scale = "head=0";
    scratch_refused(r, train(r, options, &result), EN_USAGE, "'head=0' is not the rate");
    options.lr_scale = "99=1";
    scratch_refused(r, train(r, options, &result), EN_INPUT, "no line '99'");
    options.lr_scale = NULL;
    options.head_epochs = 3;
    scratch_refused(r, train(r, options, &result), EN_USAGE, "of 3 epochs, 0 to 2 may be of the head alone, not 3");
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(training_from_kept_features_is_training_from_pixels),
        IN_A_SCRATCH_PROJECT(a_file_is_read_again_and_made_anew_where_it_is_damaged),
        IN_A_SCRATCH_PROJECT(the_head_may_learn_alone_first_and_lines_at_their_own_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
