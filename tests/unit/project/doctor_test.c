/* doctor: finds what is missing, cut and cut off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "project/doctor.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "training/evaluate.h"
#include "training/train/train.h"
#include "scratch_project.h"

#define MODEL "runs/first/model.safetensors"

static void furnish(scratch *r)
{
    en_train_result result;
    const en_train_options options = {
        .model = "tiny.net", .subset = "train", .name = "first", .target = "eye", .epochs = 1, .batch = 8, .seed = 1};
    scratch_fill(r, 12);
    SCRATCH_OK(r, en_train(&r->project, &options, &result, &r->err));
}

static void is_well(scratch *r)
{
    en_doctor_result result;
    SCRATCH_OK(r, en_doctor(&r->project, false, &result, &r->err));
    assert_int_equal(result.bad, 0);
}

/* One finding about `subject`, of this kind and with these words, among `bad` that are bad. */
static void finds_among(scratch *r, size_t bad, en_finding_kind kind, const char *subject, const char *words)
{
    en_doctor_result result;
    en_status st = en_doctor(&r->project, false, &result, &r->err);
    assert_int_equal(st, bad > 0 ? EN_FAILED : result.skipped > 0 ? EN_BUSY : EN_OK);
    if (result.bad != bad) {
        for (size_t i = 0; i < result.count; i++) {
            print_message("%d %s: %s\n", (int)result.finding[i].kind, result.finding[i].subject,
                          result.finding[i].text);
        }
    }
    assert_int_equal(result.bad, bad);
    const en_finding *found = NULL;
    for (size_t i = 0; i < result.count; i++) {
        if (result.finding[i].kind == kind && strcmp(result.finding[i].subject, subject) == 0 &&
            (found == NULL || strstr(found->text, words) == NULL)) {
            found = &result.finding[i];
        }
    }
    assert_non_null(found);
    if (strstr(found->text, words) == NULL) {
        fail_msg("'%s' is not in: %s", words, found->text);
    }
    assert_string_not_equal(found->remedy, "");
    assert_null(strstr(found->text, found->remedy)); /* it is said once */
    assert_null(strstr(found->text, "again"));
    assert_null(strstr(found->text, r->folder)); /* paths are those in the project */
}

/* The same, and nothing else is bad. */
static void finds(scratch *r, en_finding_kind kind, const char *subject, const char *words)
{
    finds_among(r, kind == EN_FINDING_BAD, kind, subject, words);
}

/* Changes the catalog as only somebody who takes its rules away can. */
static void force(scratch *r, const char *trigger, const char *sql)
{
    char text[400], find[200], made[2000] = "";
    en_db *db = en_catalog_db(r->project.catalog);
    en_query *q;
    snprintf(find, sizeof find, "SELECT sql FROM sqlite_schema WHERE name = '%s'", trigger);
    SCRATCH_OK(r, en_query_open(db, "test", find, NULL, &q, &r->err));
    SCRATCH_OK(r, en_query_next(q, &r->err));
    snprintf(made, sizeof made, "%s", en_query_text(q, 0));
    en_query_close(q);
    snprintf(text, sizeof text, "DROP TRIGGER %s; PRAGMA foreign_keys = OFF; %s; PRAGMA foreign_keys = ON", trigger,
             sql);
    SCRATCH_OK(r, en_db_exec(db, text, "test", &r->err));
    SCRATCH_OK(r, en_db_exec(db, made, "test", &r->err));
}

static void photographs_that_are_missing_or_cut_are_found(void **state)
{
    scratch *r = *state;
    furnish(r);
    is_well(r);
    assert_int_equal(rename("photos/1/2_left.jpeg", "kept"), 0);
    finds(r, EN_FINDING_BAD, "photographs",
          "1 of 24 are not as they should be; the first: 'photos/1/2_left.jpeg' is missing");
    assert_int_equal(rename("kept", "photos/1/2_left.jpeg"), 0);
    is_well(r);
    assert_int_equal(truncate("photos/1/2_left.jpeg", 10), 0);
    finds(r, EN_FINDING_BAD, "photographs", "'photos/1/2_left.jpeg' has 10 bytes, not");
}

static void packs_that_are_missing_or_cut_are_found(void **state)
{
    scratch *r = *state;
    furnish(r);
    assert_int_equal(truncate("samples/recipe-1.pack", 4096 + 3 * 3072), 0);
    finds(r, EN_FINDING_BAD, "packs", "is truncated: holds 3 of 24 samples");
    assert_int_equal(truncate("samples/recipe-1.pack", 100), 0);
    finds(r, EN_FINDING_BAD, "packs", "is not a pack of samples");
    assert_int_equal(unlink("samples/recipe-1.pack"), 0);
    finds(r, EN_FINDING_BAD, "packs", "pack 'samples/recipe-1.pack' is missing");
}

static void weights_that_are_missing_or_changed_are_found(void **state)
{
    scratch *r = *state;
    furnish(r);
    scratch_write("keep", "");
    assert_int_equal(rename(MODEL, "kept"), 0);
    finds(r, EN_FINDING_BAD, "weights", "the weights of run 'first'");
    scratch_write(MODEL, "others");
    finds(r, EN_FINDING_BAD, "weights", "its hash differs");
    assert_int_equal(rename("kept", MODEL), 0);
    is_well(r);
}

static void a_run_that_was_cut_off_is_noted(void **state)
{
    scratch *r = *state;
    furnish(r);
    SCRATCH_OK(
        r,
        en_db_exec(
            en_catalog_db(r->project.catalog),
            "INSERT INTO run (uuid, name, model_id, subset_id, recipe_id, target, classes, seed, state) "
            "SELECT '00000000-0000-4000-8000-000000000000', 'left', model_id, subset_id, recipe_id, target, classes, "
            "seed, 'running' FROM run",
            "test", &r->err));
    finds(r, EN_FINDING_NOTE, "runs", "'left' was cut off while it trained");
}

static void a_damaged_catalog_is_found(void **state)
{
    scratch *r = *state;
    furnish(r);
    force(r, "source_with_files_is_kept", "DELETE FROM source");
    finds(r, EN_FINDING_BAD, "catalog", "'eyenet.db': 24 references lead to no row");
}

static void texts_that_are_not_what_their_hash_says_are_found(void **state)
{
    scratch *r = *state;
    furnish(r);
    is_well(r);
    force(r, "recipe_is_fixed", "UPDATE recipe SET text = 'crop=none size=64'");
    finds(r, EN_FINDING_BAD, "hashes", "the text of recipe 'crop=none size=64' does not match its hash");
    force(r, "model_is_fixed", "UPDATE model SET spec = spec || '#'");
    finds(r, EN_FINDING_BAD, "hashes", "the text of network 'tiny' does not match its hash");
}

/* One member for another: the books, which count, see nothing. */
static void a_subset_with_another_member_is_found(void **state)
{
    scratch *r = *state;
    furnish(r);
    force(r, "subset_member_is_fixed",
          "UPDATE subset_member SET variant_id = (SELECT max(variant_id) FROM variant WHERE variant_id NOT IN (SELECT "
          "variant_id FROM subset_member)) WHERE variant_id = (SELECT min(variant_id) FROM subset_member)");
    finds_among(r, 2, EN_FINDING_BAD, "hashes", "the members of subset 'train' do not match its hash");
    finds_among(r, 2, EN_FINDING_BAD, "rules",
                "members of a subset whose patients are in another part: 1; the first: train");
}

/* What somebody wrote behind the rules is derived again. */
static void rows_that_contradict_each_other_are_found(void **state)
{
    static const char *const cases[][3] = {
        {"image_keeps_its_patient", "UPDATE image SET patient = '77' WHERE name = '1_left'",
         "images with another patient than their name tells"},
        {"prediction_is_fixed",
         "UPDATE prediction SET predicted = 1 - predicted WHERE variant_id = (SELECT min(variant_id) FROM prediction)",
         "predictions that are not the most probable class: 1; the first: evaluation 1"},
        {"param_of_finished_is_fixed",
         "UPDATE param SET value = json_set(value, '$.cuts', json('[-9,-8]')) WHERE name = 'calibration'",
         "predictions that are not the class between whose cuts their expected value is: "},
        {"prediction_is_fixed",
         "UPDATE prediction SET truth = 7 WHERE variant_id = (SELECT min(variant_id) FROM prediction)",
         "predictions of or as a class that the run does not have"},
        {"prediction_is_fixed",
         "UPDATE prediction SET probabilities = '[0.4,0.4]' WHERE variant_id = (SELECT min(variant_id) FROM "
         "prediction)",
         "predictions whose probabilities are not one per class"},
        {"prediction_is_fixed",
         "UPDATE prediction SET score = score + 0.01 WHERE variant_id = (SELECT min(variant_id) FROM prediction)",
         "predictions whose score is not that of their probabilities: 1; the first: evaluation 1"},
        {"member_of_an_image_keeps_its_bytes", "UPDATE member SET sha256 = NULL, crc32 = NULL WHERE member_id = 2",
         "photographs without a hash: 1; the first: photos/1/"},
        {"evaluation_is_fixed", "UPDATE evaluation SET weights_sha256 = replace(hex(zeroblob(32)), 'A', 'a')",
         "evaluations of weights that the finished run did not keep: 1; the first: first"},
        {"sample_is_fixed", "PRAGMA ignore_check_constraints = 1; UPDATE sample SET slot = -1 WHERE slot = 3",
         "samples in a slot that cannot be: 1; the first: -1"},
        {"ensemble_member_is_kept", "DELETE FROM ensemble_member",
         "ensembles without members that were trained here to the end for the same target and classes: 1; the first: "
         "mean"},
        {"ensemble_member_is_fixed", "UPDATE ensemble_member SET member_run_id = run_id",
         "ensembles without members that were trained here"},
        {"run_finished_is_fixed",
         "DROP TRIGGER run_keeps_what_it_is_made_of; UPDATE run SET target = 'grade' WHERE name = 'mean'",
         "ensembles without members that were trained here"},
    };
    scratch *r = *state;
    furnish(r);
    en_evaluate_result measured;
    SCRATCH_OK(r,
               en_evaluate(&r->project, &(en_evaluate_options){.run = "first", .subset = "train"}, &measured, &r->err));
    en_evaluate_clear(&measured);
    SCRATCH_OK(r,
               en_db_exec(en_catalog_db(r->project.catalog),
                          "INSERT INTO run (run_id, uuid, name, target, classes, seed, origin) SELECT 50, "
                          "'abcd0000-0000-4000-8000-000000000050', 'mean', target, classes, 0, 'ensemble' FROM run "
                          "WHERE name = 'first'; INSERT INTO ensemble VALUES (50, 1); INSERT INTO ensemble_member "
                          "SELECT 50, 1, run_id FROM run WHERE name = 'first'; UPDATE run SET state = 'finished' WHERE "
                          "run_id = 50",
                          "test", &r->err));
    is_well(r);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SCRATCH_OK(r, en_db_exec(en_catalog_db(r->project.catalog), "SAVEPOINT kept", "test", &r->err));
        force(r, cases[i][0], cases[i][1]);
        en_doctor_result result;
        bool found = false;
        assert_int_equal(en_doctor(&r->project, false, &result, &r->err), EN_FAILED);
        for (size_t k = 0; k < result.count; k++) {
            found =
                found || (result.finding[k].kind == EN_FINDING_BAD && strcmp(result.finding[k].subject, "rules") == 0 &&
                          strncmp(result.finding[k].text, cases[i][2], strlen(cases[i][2])) == 0);
        }
        if (!found) {
            fail_msg("not found: %s", cases[i][2]);
        }
        SCRATCH_OK(r,
                   en_db_exec(en_catalog_db(r->project.catalog),
                              "ROLLBACK TO kept; RELEASE kept; PRAGMA ignore_check_constraints = 0", "test", &r->err));
    }
    is_well(r);
}

/* Permission is not damage: nothing is to be restored or trained again. */
static void what_cannot_be_looked_at_is_not_called_damaged(void **state)
{
    scratch *r = *state;
    furnish(r);
    if (geteuid() == 0) {
        skip(); /* who may read everything */
    }
    assert_int_equal(chmod(MODEL, 0), 0);
    finds_among(r, 0, EN_FINDING_SKIPPED, "weights", "1 of 1 cannot be looked at now");
}

static void a_catalog_that_cannot_be_opened_is_bad(void **state)
{
    scratch *r = *state;
    en_doctor_result result;
    en_error why;
    (void)en_error_hint(&why, en_error_set(&why, EN_INPUT, "'%s/eyenet.db' is odd", r->folder), "use a newer eyenet");
    assert_int_equal(en_doctor_unopened(r->folder, &why, &result, &r->err), EN_FAILED);
    const en_finding *last = &result.finding[result.count - 1];
    assert_int_equal(last->kind, EN_FINDING_BAD);
    assert_string_equal(last->subject, "catalog");
    assert_string_equal(last->text, "'eyenet.db' is odd");
    assert_string_equal(last->remedy, "use a newer eyenet");
}

static void outside_a_project_the_machine_is_looked_at(void **state)
{
    (void)state;
    en_doctor_result result;
    en_error err;
    assert_int_equal(en_doctor(NULL, false, &result, &err), EN_OK);
    assert_string_equal(result.finding[0].subject, "program");
}

static void flip(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 1, file), byte ^ 1);
    assert_int_equal(fclose(file), 0);
}

static void changed_bytes_are_found_when_looking_deep(void **state)
{
    scratch *r = *state;
    en_doctor_result result;
    furnish(r);
    SCRATCH_OK(r, en_doctor(&r->project, true, &result, &r->err));
    flip("photos/1/3_left.jpeg", 400);
    flip("samples/recipe-1.pack", 4096 + 4096 + 5); /* in the second sample */
    is_well(r);                                     /* the lengths are */
    assert_int_equal(en_doctor(&r->project, true, &result, &r->err), EN_FAILED);
    assert_int_equal(result.bad, 2);
    const char *const words[] = {"'photos/1/3_left.jpeg' has other bytes than when it came",
                                 "'samples/recipe-1.pack': the sample of '1_right' is not the one that was made"};
    for (size_t i = 0, seen = 0; i < result.count; i++) {
        if (result.finding[i].kind == EN_FINDING_BAD) {
            assert_non_null(strstr(result.finding[i].text, words[seen++]));
        }
    }
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(photographs_that_are_missing_or_cut_are_found),
        IN_A_SCRATCH_PROJECT(packs_that_are_missing_or_cut_are_found),
        IN_A_SCRATCH_PROJECT(weights_that_are_missing_or_changed_are_found),
        IN_A_SCRATCH_PROJECT(changed_bytes_are_found_when_looking_deep),
        IN_A_SCRATCH_PROJECT(a_run_that_was_cut_off_is_noted),
        IN_A_SCRATCH_PROJECT(a_damaged_catalog_is_found),
        IN_A_SCRATCH_PROJECT(texts_that_are_not_what_their_hash_says_are_found),
        IN_A_SCRATCH_PROJECT(a_subset_with_another_member_is_found),
        IN_A_SCRATCH_PROJECT(rows_that_contradict_each_other_are_found),
        IN_A_SCRATCH_PROJECT(what_cannot_be_looked_at_is_not_called_damaged),
        IN_A_SCRATCH_PROJECT(a_catalog_that_cannot_be_opened_is_bad),
        cmocka_unit_test(outside_a_project_the_machine_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
