/* Every field of every row type has a value of its own and comes back as itself: no two can be exchanged unnoticed. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#define HEX(digit) #digit #digit #digit #digit #digit #digit #digit #digit
#define HASH(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit)

/* A catalog of rows with explicit numbers, all different: 4 photographs of 2 patients, a split, two subsets, two runs.
 */
static void fill(void)
{
    exec("INSERT INTO source (source_id, uri, kind, etag, bytes, sha256, state) "
         "VALUES (11, 'https://here/x.zip', 'http', 'etag-12', 13, '" HASH(1) "', 'whole')");
    exec("INSERT INTO member (member_id, source_id, path, photograph, bytes, crc32, sha256) "
         "VALUES (21, 11, 'photos/11/1_left.jpeg', 1, 22, 23, '" HASH(
             2) "'), "
                "(24, 11, 'photos/11/1_right.jpeg', 1, 25, 26, NULL), (27, 11, 'photos/11/2_left.jpeg', 1, 28, 29, "
                "NULL)");
    exec("INSERT INTO image (image_id, name, patient, eye, member_id, status, reason, detail, format, sha256, width, "
         "height) "
         "VALUES (31, '1_left', '1', 'left', 21, 'accepted', NULL, NULL, 'jpeg', '" HASH(
             3) "', 32, 33), "
                "(34, '1_right', '1', 'right', 24, 'accepted', NULL, NULL, 'png', '" HASH(4) "', 35, 36)");
    add_label("1_left", 3);
    add_label("1_right", 1);
    exec("INSERT INTO split (split_id, name, rule, seed) VALUES (41, 'main', 'a rule', 42)");
    exec("INSERT INTO assignment (split_id, patient, part) VALUES (41, '1', 'train')");
    exec("INSERT INTO variant (variant_id, image_id, mirror, rotation) VALUES (51, 31, 0, 0), (52, 31, 1, 90), (53, "
         "34, 0, 0)");
    exec("INSERT INTO recipe (recipe_id, text, sha256) VALUES (61, 'crop=none size=32', '" HASH(5) "')");
    exec("INSERT INTO model (model_id, name, spec, sha256) VALUES (71, 'net', 'input 1x1x1', '" HASH(6) "')");
    add_subset("small", "SELECT variant_id FROM variants WHERE mirror = 1");
    add_subset("all", "SELECT variant_id FROM variants");
    exec("INSERT INTO run (run_id, uuid, name, model_id, subset_id, recipe_id, target, classes, seed) "
         "VALUES (81, 'ffffffff-0000-4000-8000-000000000000', 'parent', 71, 1, 61, 'grade', '[\"0\",\"1\"]', 82)");
    exec("INSERT INTO run (run_id, uuid, name, parent_run_id, model_id, subset_id, val_subset_id, recipe_id, target, "
         "classes, "
         "seed, state, attempt, epochs, best_epoch, host, cpu, isa, threads, program_version, program_commit, "
         "command_line, "
         "created_at, started_at, ended_at, seconds) "
         "VALUES (91, 'eeeeeeee-0000-4000-8000-000000000000', 'child', 81, 71, 2, 1, 61, 'eye', "
         "'[\"left\",\"right\"]', 92, "
         "'running', 93, 94, 95, 'a host', 'a cpu', 'an isa', 96, 'a version', 'a commit', 'a command', "
         "'created', 'started', 'ended', 97.5)");
}

static void a_source(void **state)
{
    (void)state;
    en_catalog_source s;
    fill();
    OK(en_catalog_source_find(catalog, "https://here/x.zip", &s, &err));
    assert_int_equal(s.id, 11);
    assert_string_equal(s.uri, "https://here/x.zip");
    assert_string_equal(s.kind, "http");
    assert_string_equal(s.etag, "etag-12");
    assert_int_equal(s.bytes, 13);
    assert_string_equal(s.sha256, HASH(1));
    assert_string_equal(s.state, "whole");
    en_catalog_source_clear(&s);
}

static void a_member(void **state)
{
    (void)state;
    en_catalog_member m;
    en_catalog_members list;
    fill();
    OK(en_catalog_member_find(catalog, "photos/11/1_left.jpeg", &m, &err));
    assert_int_equal(m.id, 21);
    assert_int_equal(m.source_id, 11);
    assert_string_equal(m.path, "photos/11/1_left.jpeg");
    assert_true(m.photograph);
    assert_int_equal(m.bytes, 22);
    assert_int_equal(m.crc32, 23);
    assert_string_equal(m.sha256, HASH(2));
    en_catalog_member_clear(&m);
    OK(en_catalog_members_of(catalog, 11, &list, &err));
    assert_int_equal(list.count, 3);
    assert_int_equal(list.row[1].id, 24);
    assert_int_equal(list.row[1].bytes, 25);
    assert_int_equal(list.row[1].crc32, 26);
    assert_null(list.row[1].sha256);
    en_catalog_members_clear(&list);
    OK(en_catalog_members_pending(catalog, &list, &err));
    assert_int_equal(list.count, 1);
    assert_int_equal(list.row[0].id, 27);
    assert_int_equal(list.row[0].source_id, 11);
    assert_int_equal(list.row[0].crc32, 29);
    en_catalog_members_clear(&list);
}

static void a_patient_and_a_split(void **state)
{
    (void)state;
    en_catalog_patients p;
    en_catalog_split s;
    fill();
    exec("INSERT INTO image (image_id, name, patient, eye, status) VALUES (37, '1_third', '1', NULL, 'listed')");
    add_label("1_third", 3);
    OK(en_catalog_patients_read(catalog, &p, &err));
    assert_int_equal(p.count, 1);
    assert_string_equal(p.row[0].patient, "1");
    assert_int_equal(p.row[0].images, 3);
    assert_int_equal(p.row[0].worst_grade, 3);
    const int64_t by_grade[] = {0, 1, 0, 2, 0};
    assert_memory_equal(p.row[0].by_grade, by_grade, sizeof by_grade);
    en_catalog_patients_clear(&p);
    OK(en_catalog_split_find(catalog, "main", &s, &err));
    assert_int_equal(s.id, 41);
    assert_string_equal(s.name, "main");
    assert_string_equal(s.rule, "a rule");
    assert_int_equal(s.seed, 42);
    en_catalog_split_clear(&s);
}

static void a_subset(void **state)
{
    (void)state;
    en_catalog_subset s;
    fill();
    OK(en_catalog_subset_find(catalog, "all", &s, &err));
    assert_int_equal(s.id, 2);
    assert_string_equal(s.name, "all");
    assert_string_equal(s.sql, "SELECT variant_id FROM variants");
    assert_string_equal(s.split, "main");
    assert_int_equal(s.split_id, 41);
    assert_string_equal(s.part, "train");
    assert_int_equal(s.members, 3);
    assert_int_equal(s.images, 2);
    assert_int_equal(s.patients, 1);
    assert_int_equal(strlen(s.sha256), 64);
    assert_int_equal(s.frozen_at[4], '-');
    en_catalog_subset_clear(&s);
}

static void a_missing_sample(void **state)
{
    (void)state;
    en_catalog_todos t;
    fill();
    OK(en_catalog_samples_missing(catalog, 61, &t, &err));
    assert_int_equal(t.count, 2);
    assert_int_equal(t.row[1].image_id, 34);
    assert_string_equal(t.row[1].name, "1_right");
    assert_string_equal(t.row[1].path, "photos/11/1_right.jpeg");
    assert_string_equal(t.row[1].sha256, HASH(4));
    en_catalog_todos_clear(&t);
}

static void a_run(void **state)
{
    (void)state;
    en_catalog_run r;
    fill();
    OK(en_catalog_run_get(catalog, "child", &r, &err));
    const struct {
        const char *is, *wanted;
    } text[] = {{r.uuid, "eeeeeeee-0000-4000-8000-000000000000"},
                {r.name, "child"},
                {r.state, "running"},
                {r.model, "net"},
                {r.spec, "input 1x1x1"},
                {r.subset, "all"},
                {r.val_subset, "small"},
                {r.split, "main"},
                {r.recipe, "crop=none size=32"},
                {r.target, "eye"},
                {r.classes, "[\"left\",\"right\"]"},
                {r.host, "a host"},
                {r.cpu, "a cpu"},
                {r.isa, "an isa"},
                {r.version, "a version"},
                {r.commit, "a commit"},
                {r.command_line, "a command"},
                {r.created_at, "created"},
                {r.started_at, "started"},
                {r.ended_at, "ended"}};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        assert_string_equal(text[i].is, text[i].wanted);
    }
    const int64_t is[] = {r.id,        r.parent_id, r.model_id,      r.subset_id, r.val_subset_id, r.split_id,
                          r.recipe_id, r.attempt,   (int64_t)r.seed, r.epochs,    r.best_epoch,    r.threads};
    const int64_t wanted[] = {91, 81, 71, 2, 1, 41, 61, 93, 92, 94, 95, 96};
    assert_memory_equal(is, wanted, sizeof wanted);
    NEAR(r.seconds, 97.5, 0);
    en_catalog_run_clear(&r);
}

static void what_belongs_to_a_run(void **state)
{
    (void)state;
    en_catalog_params params;
    en_catalog_checkpoint cp;
    en_catalog_runnings running;
    fill();
    exec("INSERT INTO param (run_id, name, value) VALUES (91, 'a name', 'a value')");
    exec("INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256) "
         "VALUES (91, 'best', 101, 102, 103, 'runs/child/w', '" HASH(7) "')");
    exec("INSERT INTO metric (run_id, attempt, step, epoch, part, name, value) "
         "VALUES (91, 93, 1, 104, 'train', 'seconds', 2.25), (91, 92, 1, 103, 'train', 'seconds', 1.0)");
    OK(en_catalog_run_params(catalog, 91, &params, &err));
    assert_string_equal(params.row[0].name, "a name");
    assert_string_equal(params.row[0].value, "a value");
    en_catalog_params_clear(&params);
    OK(en_catalog_checkpoint_find(catalog, 91, "best", &cp, &err));
    assert_string_equal(cp.kind, "best");
    assert_string_equal(cp.path, "runs/child/w");
    assert_int_equal(cp.attempt, 101);
    assert_int_equal(cp.epoch, 102);
    assert_int_equal(cp.step, 103);
    assert_string_equal(cp.sha256, HASH(7));
    en_catalog_checkpoint_clear(&cp);
    OK(en_catalog_runs_running(catalog, &running, &err));
    assert_int_equal(running.count, 1);
    assert_int_equal(running.row[0].id, 91);
    assert_string_equal(running.row[0].name, "child");
    assert_int_equal(running.row[0].epochs, 104);
    assert_int_equal(running.row[0].best_epoch, 102);
    NEAR(running.row[0].seconds, 2.25, 0);
    en_catalog_runnings_clear(&running);
}

static void an_evaluation_and_a_prediction(void **state)
{
    (void)state;
    en_catalog_evaluations e;
    en_catalog_predictions p;
    fill();
    exec("INSERT INTO evaluation (evaluation_id, run_id, subset_id, seed, weights_sha256, created_at) "
         "VALUES (111, 91, 2, 112, '" HASH(8) "', 'when')");
    exec("INSERT INTO prediction (evaluation_id, variant_id, truth, predicted, score, probabilities) "
         "VALUES (111, 52, 0, 1, 0.625, '[0.375,0.625]')");
    OK(en_catalog_evaluations_of(catalog, 91, &e, &err));
    assert_int_equal(e.row[0].id, 111);
    assert_int_equal(e.row[0].run_id, 91);
    assert_int_equal(e.row[0].subset_id, 2);
    assert_int_equal(e.row[0].predictions, 1);
    assert_string_equal(e.row[0].subset, "all");
    assert_string_equal(e.row[0].part, "train");
    assert_string_equal(e.row[0].created_at, "when");
    en_catalog_evaluations_clear(&e);
    OK(en_catalog_predictions_of(catalog, 111, &p, &err));
    const en_catalog_prediction *r = &p.row[0];
    assert_int_equal(p.count, 1);
    assert_int_equal(r->variant_id, 52);
    assert_int_equal(r->image_id, 31);
    assert_int_equal(r->truth, 0);
    assert_int_equal(r->predicted, 1);
    assert_string_equal(r->image, "1_left");
    assert_string_equal(r->path, "photos/11/1_left.jpeg");
    assert_int_equal(r->mirror, 1);
    assert_int_equal(r->rotation, 90);
    NEAR(r->score, 0.625, 0);
    NEAR(r->p, 0.375, 1e-7);
    en_catalog_predictions_clear(&p);
}

int main(void)
{
#define IN_A_PROJECT(test) cmocka_unit_test_setup_teardown(test, open_project, close_project)
    const struct CMUnitTest tests[] = {
        IN_A_PROJECT(a_source),
        IN_A_PROJECT(a_member),
        IN_A_PROJECT(a_patient_and_a_split),
        IN_A_PROJECT(a_subset),
        IN_A_PROJECT(a_missing_sample),
        IN_A_PROJECT(a_run),
        IN_A_PROJECT(what_belongs_to_a_run),
        IN_A_PROJECT(an_evaluation_and_a_prediction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
