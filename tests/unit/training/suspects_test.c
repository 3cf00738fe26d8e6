/* Labels that were changed on purpose are found, the same ones for any number of threads; what the list says of a row;
 * what is refused and warned of. The embeddings are drawn: the true grade and noise. tests/cli/phantom_suspects.sh has
 * drawn eyes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/suspects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "catalog/embedding.h"
#include "intake/label.h"
#include "scratch_project.h"
#include "training/embed.h"
#include "training/train/train.h"

enum { PATIENTS = 150, DIMENSIONS = 12, FLIPPED = 9 }; /* 3% of 300 photographs */

/* Of every photograph: its grade (patient % 5) among noise. */
static void add_embeddings(scratch *r, double noise)
{
    char model[] = "drawn", sql[200];
    float vector[DIMENSIONS];
    en_buf hash; /* of a sample, a line */
    en_buf_init(&hash, 1000);
    en_catalog_embedding_set set = {.model = model, .recipe_id = 1, .layer = 1, .dimensions = DIMENSIONS};
    memset(set.weights_sha256, 'a', EN_SHA256_HEX - 1);
    SCRATCH_OK(r, en_catalog_begin(r->project.catalog, &r->err));
    SCRATCH_OK(r, en_catalog_embedding_set_put(r->project.catalog, &set, &r->err));
    const int64_t images = scratch_number(r, "SELECT max(image_id) FROM image");
    for (int64_t id = 1; id <= images; id++) {
        snprintf(sql, sizeof sql, "SELECT CAST(patient AS INTEGER) FROM image WHERE image_id = %lld", (long long)id);
        const int64_t patient = scratch_number(r, sql);
        snprintf(sql, sizeof sql, "SELECT sha256 FROM sample WHERE image_id = %lld", (long long)id);
        en_buf_reset(&hash);
        scratch_dump(r, sql, &hash);
        hash.data[EN_SHA256_HEX - 1] = '\0';
        en_random draw = en_random_init((uint64_t)id, 0, 0, EN_FOR_TEST);
        for (size_t d = 0; d < DIMENSIONS; d++) {
            vector[d] = (float)(noise * en_random_normal(&draw) + (d == (size_t)(patient % 5) ? 1 : 0));
        }
        SCRATCH_OK(r, en_catalog_embedding_put(r->project.catalog, &set, id, hash.data, vector, &r->err));
    }
    SCRATCH_OK(r, en_catalog_commit(r->project.catalog, &r->err));
    en_buf_clear(&hash);
}

/* Another grade for the left eye of every sixteenth patient. */
static bool is_flipped(int64_t patient) { return patient % 16 == 5 && patient / 16 < FLIPPED; }

static void flip(scratch *r)
{
    en_label_result labelled;
    en_buf csv;
    en_buf_init(&csv, 1 << 16);
    assert_int_equal(en_buf_text(&csv, "image,level\n", &r->err), EN_OK);
    int flipped = 0;
    for (unsigned p = 1; p <= PATIENTS; p++) {
        if (is_flipped(p)) {
            assert_int_equal(en_buf_printf(&csv, &r->err, "%u_left,%u\n", p, (p + 2 + p % 3) % 5), EN_OK);
            flipped++;
        }
    }
    assert_int_equal(flipped, FLIPPED);
    scratch_write("flipped.csv", csv.data);
    SCRATCH_OK(r, en_label_import(&r->project, &(en_label_options){.file = "flipped.csv", .supersede = true}, &labelled,
                                  &r->err));
    en_buf_clear(&csv);
}

static en_suspects_result find(scratch *r, en_suspects_options options)
{
    en_suspects_result result;
    SCRATCH_OK(r, en_suspects(&r->project, &options, &result, &r->err));
    return result;
}

static int found_in_the_first(const en_suspects_result *result, size_t rows)
{
    int found = 0;
    for (size_t i = 0; i < rows; i++) {
        const en_suspect *s = &result->row[i];
        char *end;
        const long patient = strtol(s->patient, &end, 10);
        found += is_flipped(patient) && strcmp(s->eye, "left") == 0;
    }
    return found;
}

static void labels_that_were_changed_come_first(void **state)
{
    scratch *r = *state;
    scratch_fill(r, PATIENTS);
    add_embeddings(r, 0.4);
    flip(r);
    en_suspects_result result = find(r, (en_suspects_options){0});
    assert_int_equal(result.n, 2 * PATIENTS);
    assert_int_equal(result.count, 2 * PATIENTS);
    assert_int_equal(result.patients, PATIENTS);
    assert_int_equal(result.with_fellow, 2 * PATIENTS);
    assert_int_equal(result.classes, 5);
    assert_true(result.ordinal);
    assert_true(found_in_the_first(&result, 2 * PATIENTS / 20) >= 8); /* 85% of 9 are 7.65 */
    const en_suspect *first = &result.row[0];
    assert_int_equal(first->rank, 1);
    assert_string_equal(first->confident, "yes");
    assert_string_equal(first->suggested, first->fellow_given);
    assert_true(first->p_given < first->p_suggested);
    assert_int_equal(first->n, 2 * PATIENTS);
    assert_string_equal(first->target, "grade");
    assert_string_equal(first->model, "drawn");
    for (size_t i = 1; i < result.count; i++) {
        assert_true(result.row[i].score <= result.row[i - 1].score);
        assert_int_equal(result.row[i].rank, i + 1);
    }
    /* both eyes of a patient are in one fold, and each is the fellow of the other */
    for (size_t i = 0; i < result.count; i++) {
        for (size_t k = 0; k < result.count; k++) {
            if (strcmp(result.row[i].patient, result.row[k].patient) == 0) {
                assert_int_equal(result.row[i].fold, result.row[k].fold);
                assert_true(i == k || strcmp(result.row[i].fellow, result.row[k].image) == 0);
            }
        }
    }
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        scratch_open(r, threads);
        en_suspects_result again = find(r, (en_suspects_options){.top = 40});
        assert_int_equal(again.count, 40);
        for (size_t i = 0; i < again.count; i++) {
            assert_string_equal(again.row[i].image, result.row[i].image);
            assert_true(again.row[i].score >= result.row[i].score && again.row[i].score <= result.row[i].score);
        }
        en_suspects_clear(&again);
    }
    en_suspects_clear(&result);
}

/* Where the photographs say little, the fellow's label says more. */
static void grading_both_eyes_helps(void **state)
{
    scratch *r = *state;
    scratch_fill(r, PATIENTS);
    add_embeddings(r, 0.8); /* the photographs say little */
    flip(r);
    en_suspects_result both = find(r, (en_suspects_options){0}), alone = find(r, (en_suspects_options){.alone = true});
    assert_true(both.loss < alone.loss);
    assert_true(found_in_the_first(&both, 15) > found_in_the_first(&alone, 15));
    en_suspects_clear(&both);
    en_suspects_clear(&alone);
}

/* Two classes: the score is 1 - p of the given one. */
static void of_two_classes_the_score_is_the_others_probability(void **state)
{
    scratch *r = *state;
    scratch_fill(r, PATIENTS);
    add_embeddings(r, 0.4);
    flip(r);
    en_suspects_result result = find(r, (en_suspects_options){.target = "grade >= 2", .folds = 3});
    assert_false(result.ordinal);
    assert_int_equal(result.folds, 3);
    for (size_t i = 0; i < result.count; i++) {
        scratch_near(result.row[i].score, 1 - result.row[i].p_given, 1e-12);
    }
    en_suspects_clear(&result);
}

static void what_cannot_be_judged_is_refused(void **state)
{
    scratch *r = *state;
    en_suspects_result result;
    scratch_fill(r, 10);
    scratch_refused(r, en_suspects(&r->project, &(en_suspects_options){0}, &result, &r->err), EN_INPUT,
                    "there are no embeddings; make some with 'eyenet embed MODEL'");
    add_embeddings(r, 0.4);
    const struct {
        en_suspects_options options;
        en_status status;
        const char *words;
    } wrong[] = {
        {{.model = "dawn"}, EN_INPUT, "'dawn'"},
        {{.target = "1"}, EN_INPUT, "one value only"},
        {{.target = "NULL"}, EN_INPUT, "no values"},
        {{.target = "nosuch"}, EN_INPUT, "no such column: nosuch"},
        {{.target = "grade, eye"}, EN_INPUT, "grade, eye"},
        {{.target = "random()"}, EN_INPUT, "deterministic"},
        {{.target = "eye", .ordinal = true}, EN_INPUT, "cannot be ordinal"},
        {{.folds = 11}, EN_INPUT, "10 patients cannot be dealt into 11 folds"},
        {{.folds = 1}, EN_USAGE, "the folds must be 2..100, not 1"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        scratch_refused(r, en_suspects(&r->project, &wrong[i].options, &result, &r->err), wrong[i].status,
                        wrong[i].words);
        en_suspects_clear(&result);
    }
    result = find(r, (en_suspects_options){.folds = 2});
    assert_non_null(strstr(en_buf_str(&r->said), "only 2 patients have the value '0'"));
    en_suspects_clear(&result);
}

static void weights_that_learned_these_labels_are_warned_of(void **state)
{
    scratch *r = *state;
    en_train_result trained;
    en_embed_result embedded;
    scratch_fill(r, 20);
    const en_train_options options = {.model = "tiny.net",
                                      .subset = "train",
                                      .name = "first",
                                      .target = "grade >= 2",
                                      .epochs = 1,
                                      .batch = 8,
                                      .seed = 1};
    SCRATCH_OK(r, en_train(&r->project, &options, &trained, &r->err));
    SCRATCH_OK(r, en_embed(&r->project, &(en_embed_options){.model = "first", .subset = "train"}, &embedded, &r->err));
    en_suspects_result result = find(r, (en_suspects_options){.folds = 2});
    assert_non_null(strstr(en_buf_str(&r->said), "of run 'first', which learned 'grade >= 2' from 20 of these"));
    assert_non_null(strstr(en_buf_str(&r->said), "20 of 40 images have no embedding and are left out"));
    assert_int_equal(result.n, 20);
    en_suspects_clear(&result);
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(labels_that_were_changed_come_first),
        IN_A_SCRATCH_PROJECT(grading_both_eyes_helps),
        IN_A_SCRATCH_PROJECT(of_two_classes_the_score_is_the_others_probability),
        IN_A_SCRATCH_PROJECT(what_cannot_be_judged_is_refused),
        IN_A_SCRATCH_PROJECT(weights_that_learned_these_labels_are_warned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
