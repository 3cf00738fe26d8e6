/* Every field of every row type has a value of its own and comes back as itself: no two can be exchanged unnoticed. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/pretrained.h"

#define HEX(digit) #digit #digit #digit #digit #digit #digit #digit #digit
#define HASH(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit)

/* A catalog of rows with explicit numbers, all different: 4 photographs of 2 patients, a split, two subsets, two runs.
 */
static void fill(void)
{
    exec("INSERT INTO source (source_id, uri, version, kind, etag, bytes, sha256, state) "
         "VALUES (10, 'https://here/x.zip', 13, 'folder', NULL, NULL, NULL, 'broken'), (11, 'https://here/x.zip', 14, "
         "'http', 'etag-12', 13, '" HASH(1) "', 'whole')");
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
    exec("INSERT INTO assignment (split_id, patient, part) VALUES (41, '1', 'train'), (41, '01', 'train'), (41, '02', "
         "'train'), (41, '03', 'train'), (41, '04', 'train'), (41, '05', 'train'), (41, '06', 'train')");
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
    exec("INSERT INTO run_folder VALUES (91, 'a folder')");
}

static void a_source(void **state)
{
    (void)state;
    en_catalog_source s;
    fill();
    OK(en_catalog_source_find(catalog, "https://here/x.zip", &s, &err));
    assert_int_equal(s.id, 11);
    assert_string_equal(s.uri, "https://here/x.zip");
    assert_int_equal(s.version, 14);
    assert_int_equal(s.kind, EN_SOURCE_HTTP);
    assert_string_equal(s.etag, "etag-12");
    assert_int_equal(s.bytes, 13);
    assert_string_equal(s.sha256, HASH(1));
    assert_int_equal(s.state, EN_SOURCE_WHOLE);
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

/* Of 13 images 4, 1, 5, 2 and none are of the grades 0 to 4; one has no grade. */
static void a_patient_with_many_images(void **state)
{
    (void)state;
    static const int64_t by_grade[] = {4, 1, 5, 2, 0};
    en_catalog_patients p;
    int image = 0;
    exec("INSERT INTO image (name, patient, status) SELECT 'p' || value, 'p', 'listed' FROM "
         "json_each('[0,1,2,3,4,5,6,7,8,9,10,11,12]')");
    for (int64_t grade = 0; grade < 5; grade++) {
        for (int64_t i = 0; i < by_grade[grade]; i++) {
            char name[16];
            snprintf(name, sizeof name, "p%d", image++);
            add_label(name, grade);
        }
    }
    OK(en_catalog_patients_read(catalog, &p, &err));
    assert_int_equal(p.count, 1);
    assert_string_equal(p.row[0].patient, "p");
    assert_int_equal(p.row[0].images, 13);
    assert_int_equal(p.row[0].worst_grade, 3);
    assert_memory_equal(p.row[0].by_grade, by_grade, sizeof by_grade);
    en_catalog_patients_clear(&p);
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
    assert_int_equal(s.part, EN_PART_TRAIN);
    assert_int_equal(s.members, 3);
    assert_int_equal(s.images, 2);
    assert_int_equal(s.patients, 1);
    assert_int_equal(strlen(s.sha256), 64);
    assert_int_equal(s.frozen_at[4], '-');
    en_catalog_subset_clear(&s);
    OK(en_catalog_subset_find(catalog, "small", &s, &err));
    assert_memory_equal(s.sha256, "2aa8e147dd8185", 14); /* printf '1_left 1 90\n' | sha256sum */
    en_catalog_subset_clear(&s);
}

static void what_two_subsets_share(void **state)
{
    (void)state;
    int64_t patients, images;
    fill();
    OK(en_catalog_subset_shared(catalog, 2, 2, &patients, &images, &err));
    assert_int_equal(patients, 1);
    assert_int_equal(images, 2);
}

/* Three numbers that differ: of the pack, of its samples, of the slots. */
static void the_newest_pack(void **state)
{
    (void)state;
    int64_t id, slots;
    char *path;
    fill();
    exec("INSERT INTO pack (pack_id, recipe_id, path) VALUES (62, 61, 'samples/62.pack'), (63, 61, 'samples/63.pack')");
    exec("INSERT INTO sample (recipe_id, image_id, pack_id, slot, sha256) VALUES (61, 31, 63, 64, '" HASH(
        8) "'), (61, 34, 62, 67, '" HASH(9) "')");
    OK(en_catalog_pack_newest(catalog, 61, &id, &path, &slots, &err));
    assert_int_equal(id, 63);
    assert_string_equal(path, "samples/63.pack");
    assert_int_equal(slots, 65);
    en_free(path);
}

/* The grader of an import is that of the current label, though the import is another. */
static void a_current_label(void **state)
{
    (void)state;
    en_catalog_label_outcome outcome;
    fill();
    exec("INSERT INTO label_import (import_id, file, sha256, scheme, grader) VALUES "
         "(121, 'a.csv', '" HASH(7) "', 'icdr', 'one'), (122, 'b.csv', '" HASH(8) "', 'icdr', 'one'), "
                                                                                  "(123, 'c.csv', '" HASH(
                                                                                      9) "', 'icdr', 'two')");
    exec("INSERT INTO label (image_id, scheme, import_id, grade) VALUES (31, 'icdr', 121, 4)");
    FAILS(en_catalog_label_put(catalog, 121, 31, 2, &outcome, &err), EN_INPUT, "has grade 4 and grade 2 in one file");
    OK(en_catalog_label_put(catalog, 122, 31, 4, &outcome, &err));
    assert_int_equal(outcome, EN_LABEL_UNCHANGED);
    OK(en_catalog_label_put(catalog, 122, 31, 2, &outcome, &err)); /* a.csv gave 4 */
    assert_int_equal(outcome, EN_LABEL_SUPERSEDES);
    OK(en_catalog_label_put(catalog, 123, 31, 2, &outcome, &err));
    assert_int_equal(outcome, EN_LABEL_ADDED);
    FAILS(en_catalog_label_put(catalog, 123, 31, 5, &outcome, &err), EN_INPUT, "5 is not a grade of 'icdr'");
}

/* What a hash is of, and of which thing it is said that it does not match. */
static void texts_and_lines_with_their_hashes(void **state)
{
    (void)state;
    int64_t id, texts, subsets;
    add_patients(2);
    add_subset("left", "SELECT variant_id FROM variants WHERE eye = 'left'");
    OK(en_catalog_model_put(catalog, "net", "input 1x1x1", &id, &err));
    OK(en_catalog_recipe_put(catalog, "crop=none size=32", &id, &err));
    OK(en_catalog_check_hashes(catalog, &texts, &subsets, &err));
    assert_int_equal(texts, 2);
    assert_int_equal(subsets, 1);
    exec("DROP TRIGGER subset_frozen_is_fixed; UPDATE subset SET sha256 = '" HASH(1) "'");
    FAILS(en_catalog_check_hashes(catalog, &texts, &subsets, &err), EN_FAILED,
          "the members of subset 'left' do not match its hash");
    exec("DROP TRIGGER recipe_is_fixed; UPDATE recipe SET sha256 = '" HASH(2) "'");
    FAILS(en_catalog_check_hashes(catalog, &texts, &subsets, &err), EN_FAILED,
          "the text of recipe 'crop=none size=32' does not match its hash");
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
                {r.folder, "a folder"},
                {en_word(&en_run_states, r.state), "running"},
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
    OK(en_catalog_checkpoint_find(catalog, 91, EN_CHECKPOINT_BEST, &cp, &err));
    assert_int_equal(cp.kind, EN_CHECKPOINT_BEST);
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
    assert_string_equal(running.row[0].folder, "a folder");
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
    assert_int_equal(e.row[0].part, EN_PART_TRAIN);
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

/* Five classes, and a patient who is the seventh of those measured on: no two numbers of the last prediction are equal.
 */
static void a_prediction_of_many_classes(void **state)
{
    (void)state;
    en_catalog_evaluations e;
    en_catalog_predictions p;
    fill();
    exec("INSERT INTO image (image_id, name, patient, status) SELECT 200 + value, 'before' || value, '0' || value, "
         "'listed' FROM json_each('[1,2,3,4,5,6]')");
    exec(
        "INSERT INTO variant (variant_id, image_id, mirror, rotation) SELECT 100 + image_id, image_id, 0, 0 FROM image "
        "WHERE image_id > 200");
    int64_t subset = add_subset("many", "SELECT variant_id FROM variants WHERE variant_id > 300 OR variant_id = 52");
    exec("INSERT INTO run (run_id, uuid, name, model_id, subset_id, recipe_id, target, classes, seed) VALUES (84, "
         "'dddddddd-0000-4000-8000-000000000000', 'grades', 71, 1, 61, 'grade', '[\"0\",\"1\",\"2\",\"3\",\"4\"]', "
         "85)");
    char sql[300];
    snprintf(sql, sizeof sql,
             "INSERT INTO evaluation (evaluation_id, run_id, subset_id, seed, weights_sha256) VALUES (115, 84, %lld, "
             "116, '" HASH(8) "')",
             (long long)subset);
    exec(sql);
    exec("INSERT INTO prediction (evaluation_id, variant_id, truth, predicted, score, probabilities) "
         "SELECT 115, variant_id, 3, 4, 2.5, '[0.0625,0.03125,0.15625,0.25,0.5]' FROM subset_member WHERE subset_id = "
         "3");
    OK(en_catalog_evaluations_of(catalog, 84, &e, &err));
    assert_int_equal(e.row[0].id, 115);
    assert_int_equal(e.row[0].run_id, 84);
    assert_int_equal(e.row[0].subset_id, 3);
    assert_int_equal(e.row[0].predictions, 7);
    en_catalog_evaluations_clear(&e);
    OK(en_catalog_predictions_of(catalog, 115, &p, &err));
    assert_int_equal(p.count, 7);
    assert_int_equal(p.classes, 5);
    const en_catalog_prediction *r = &p.row[0]; /* by name: 1_left comes before the others */
    const int64_t is[] = {r->variant_id, r->image_id, r->truth, r->predicted, r->patient_group, r->mirror, r->rotation};
    const int64_t wanted[] = {52, 31, 3, 4, 7, 1, 90};
    assert_memory_equal(is, wanted, sizeof wanted);
    NEAR(r->score, 2.5, 0);
    NEAR(r->p, 0.25, 0);
    const float probability[] = {0.0625f, 0.03125f, 0.15625f, 0.25f, 0.5f};
    assert_memory_equal(r->probability, probability, sizeof probability);
    en_catalog_predictions_clear(&p);
}

/* A rejected photograph whose place a good one takes is read, and written again as a copy: every field of its file. */
static void the_file_of_an_image(void **state)
{
    (void)state;
    fill();
    exec("INSERT INTO image (image_id, name, patient, eye, member_id, status, reason, detail, format, sha256, width, "
         "height) VALUES (38, '2_left', '2', 'left', 27, 'rejected', 'too large', 'a detail', 'a format', '" HASH(
             9) "', 39, 40)");
    exec("INSERT INTO member (member_id, source_id, path, photograph, bytes) VALUES (30, 11, 'photos/11/new.jpeg', 1, "
         "5)");
    char name[] = "2_left", format[] = "png", hash[] = HASH(0);
    bool taken = true;
    en_catalog_image image = {.member_id = 30,
                              .name = name,
                              .status = EN_IMAGE_ACCEPTED,
                              .format = format,
                              .sha256 = hash,
                              .width = 43,
                              .height = 44};
    OK(en_catalog_image_put(catalog, &image, NULL, &taken, &err));
    assert_false(taken);
    assert_int_equal(image.id, 38);
    assert_int_equal(number("SELECT count(*) FROM image WHERE image_id <> 38 AND copy = 1 AND name = '2_left' "
                            "AND patient = '2' AND eye = 'left' AND member_id = 27 AND status = 'rejected' "
                            "AND reason = 'too large' AND detail = 'a detail' AND format = 'a format' "
                            "AND sha256 = '" HASH(9) "' AND width = 39 AND height = 40"),
                     1);
    assert_int_equal(number("SELECT count(*) FROM image WHERE image_id = 38 AND copy = 0 AND member_id = 30 "
                            "AND status = 'accepted' AND reason IS NULL AND detail IS NULL AND format = 'png' "
                            "AND sha256 = '" HASH(0) "' AND width = 43 AND height = 44"),
                     1);
}

/* What is known of a name: its id, how often it is there, and the path that the refusal of another file names. */
static void an_image_of_a_known_name(void **state)
{
    (void)state;
    int64_t id;
    fill();
    exec("INSERT INTO image (image_id, name, copy, patient, eye, member_id, status, reason) "
         "VALUES (45, '1_right', 6, '1', 'right', 27, 'rejected', 'black')");
    OK(en_catalog_image_find(catalog, "1_right", &id, &err));
    assert_int_equal(id, 34);
    char name[] = "1_right";
    bool taken = false;
    en_catalog_image image = {.member_id = -1, .name = name, .status = EN_IMAGE_ACCEPTED, .width = -1, .height = -1};
    OK(en_catalog_image_put(catalog, &image, NULL, &taken, &err));
    assert_true(taken);
    assert_int_equal(number("SELECT copy FROM image WHERE reason = 'name taken'"), 7);
    assert_int_equal(number("SELECT count(*) FROM image WHERE reason = 'name taken' AND detail = "
                            "'there is an image ''1_right'' already: photos/11/1_right.jpeg'"),
                     1);
}

static void a_count(void **state)
{
    (void)state;
    en_catalog_counts c;
    fill();
    exec("INSERT INTO image (name, patient, status) VALUES ('5', '5', 'listed')");
    exec(
        "INSERT INTO image (name, patient, status, reason) SELECT 'r' || value, 'r', 'rejected', CASE value % 4 WHEN 0 "
        "THEN 'black' ELSE 'damaged' END FROM json_each('[1,2,3,4,5]')");
    OK(en_catalog_image_states(catalog, &c, &err));
    const char *const state_name[] = {"accepted", "rejected", "listed"};
    const int64_t state_count[] = {2, 5, 1};
    assert_int_equal(c.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(c.row[i].name, state_name[i]);
        assert_int_equal(c.row[i].count, state_count[i]);
    }
    en_catalog_counts_clear(&c);
    OK(en_catalog_image_reasons(catalog, &c, &err));
    assert_int_equal(c.count, 2);
    assert_string_equal(c.row[0].name, "damaged");
    assert_int_equal(c.row[0].count, 4);
    assert_string_equal(c.row[1].name, "black");
    assert_int_equal(c.row[1].count, 1);
    en_catalog_counts_clear(&c);
}

static void an_object(void **state)
{
    (void)state;
    en_catalog_objects o;
    size_t found = 0;
    OK(en_catalog_schema(catalog, &o, &err));
    for (size_t i = 0; i < o.count; i++) {
        if (strcmp(o.row[i].name, "images") == 0) {
            assert_string_equal(o.row[i].type, "view");
            assert_memory_equal(o.row[i].sql, "CREATE VIEW images", 18);
            found++;
        } else if (strcmp(o.row[i].name, "pack_recipe") == 0) {
            assert_string_equal(o.row[i].type, "index");
            assert_string_equal(o.row[i].sql, "CREATE INDEX pack_recipe ON pack (recipe_id)");
            found++;
        }
    }
    assert_int_equal(found, 2);
    en_catalog_objects_clear(&o);
}

/* Two of the accounts do not balance, each by another difference. */
static void an_account(void **state)
{
    (void)state;
    en_catalog_accounts a;
    size_t found = 0;
    fill();
    exec("DROP TRIGGER subset_frozen_is_fixed; DROP TRIGGER member_of_an_image_keeps_its_bytes");
    exec("UPDATE subset SET members = 7 WHERE name = 'all'");      /* of 3; 'small' has its 1 */
    exec("UPDATE member SET photograph = 0 WHERE member_id = 21"); /* the file of an image */
    OK(en_catalog_reconcile(catalog, &a, &err));
    for (size_t i = 0; i < a.count; i++) {
        if (strcmp(a.row[i].what, "members of subsets, as frozen") == 0) {
            assert_int_equal(a.row[i].expected, 8);
            assert_int_equal(a.row[i].found, 4);
            found++;
        } else if (strcmp(a.row[i].what, "photographs among the files = ingested + waiting") == 0) {
            assert_int_equal(a.row[i].expected, 2);
            assert_int_equal(a.row[i].found, 3);
            found++;
        } else {
            assert_int_equal(a.row[i].expected, a.row[i].found);
        }
    }
    assert_int_equal(found, 2);
    en_catalog_accounts_clear(&a);
}

static void an_item(void **state)
{
    (void)state;
    en_catalog_items items;
    fill();
    exec("INSERT INTO variant (variant_id, image_id, mirror, rotation) VALUES (54, 34, 0, 270), (55, 34, 1, 180)");
    exec("INSERT INTO image (image_id, name, patient, member_id, status, sha256, width, height) "
         "VALUES (46, '1_third', '1', 27, 'accepted', '" HASH(0) "', 48, 49)");
    exec("INSERT INTO image (image_id, name, patient, status) VALUES (47, '1_zlast', '1', 'listed')");
    exec("INSERT INTO variant (variant_id, image_id, mirror, rotation) VALUES (56, 46, 0, 0), (57, 47, 0, 0), "
         "(59, 47, 1, 0), (60, 46, 1, 0)");
    int64_t subset = add_subset("every", "SELECT variant_id FROM variants");
    exec("INSERT INTO pack (pack_id, recipe_id, path) VALUES (62, 61, 'samples/62.pack'), (63, 61, 'samples/63.pack')");
    exec("INSERT INTO sample (recipe_id, image_id, pack_id, slot, sha256) VALUES (61, 31, 63, 64, '" HASH(
        8) "'), (61, 34, 62, 65, '" HASH(9) "')");
    exec("UPDATE image SET status = 'rejected', reason = 'black' WHERE image_id = 46");
    /* 9 members: 51 to 53 and 54, 55 have a sample, of which 51 has no target; 57 and 59 have no sample; 56 and 60 are
     * of an image rejected since. */
    OK(en_catalog_subset_load(catalog, subset, "CASE WHEN variant_id <> 51 THEN 'target ' || variant_id END", 61, NULL,
                              &items, &err));
    assert_int_equal(items.members, 9);
    assert_int_equal(items.count, 4);
    assert_int_equal(items.no_target, 1);
    assert_int_equal(items.no_sample, 2);
    assert_int_equal(items.rejected, 2);
    assert_int_equal(items.packs, 2);
    const struct {
        int64_t variant, image;
        const char *name, *target, *hash, *pack;
        unsigned slot, mirror, rotation;
        uint64_t key;
    } wanted[] = {{52, 31, "1_left", "target 52", HASH(8), "samples/63.pack", 64, 1, 90, 0x2aa8e147dd8185},
                  {53, 34, "1_right", "target 53", HASH(9), "samples/62.pack", 65, 0, 0, 0xd5b587865ba4fc},
                  {54, 34, "1_right", "target 54", HASH(9), "samples/62.pack", 65, 0, 270, 0x83e82b931201b4},
                  {55, 34, "1_right", "target 55", HASH(9), "samples/62.pack", 65, 1, 180, 0x64f728020c925c}};
    for (size_t i = 0; i < 4; i++) {
        const en_catalog_item *is = &items.item[i];
        assert_int_equal(is->variant_id, wanted[i].variant);
        assert_int_equal(is->image_id, wanted[i].image);
        assert_string_equal(is->image, wanted[i].name);
        assert_string_equal(is->target, wanted[i].target);
        assert_string_equal(is->sample_sha256, wanted[i].hash);
        assert_string_equal(items.pack[is->pack], wanted[i].pack);
        assert_int_equal(is->slot, wanted[i].slot);
        assert_int_equal(is->mirror, wanted[i].mirror);
        assert_int_equal(is->rotation, wanted[i].rotation);
        assert_true(is->key == wanted[i].key); /* printf '1_left 1 90\n' | sha256sum | head -c 14 */
    }
    en_catalog_items_clear(&items);
}

static void a_curve(void **state)
{
    (void)state;
    en_catalog_curves c;
    fill();
    exec("INSERT INTO metric (run_id, attempt, step, epoch, part, name, value) VALUES "
         "(91, 93, 111, 1, 'train', 'loss', 0.125), (91, 93, 112, 2, 'train', 'loss', 0.25), "
         "(91, 92, 119, 2, 'train', 'loss', 0.375), (91, 93, 113, 3, 'val', 'auc', 0.75), "
         "(81, 1, 114, 4, 'val', 'loss', 0.875)");
    OK(en_catalog_metrics_of(catalog, 91, &c, &err));
    assert_int_equal(c.count, 2);
    assert_int_equal(c.row[0].part, EN_PART_TRAIN);
    assert_string_equal(c.row[0].name, "loss");
    assert_int_equal(c.row[0].count, 2);
    NEAR(c.row[0].epoch[0], 1, 0);
    NEAR(c.row[0].value[0], 0.125, 0);
    NEAR(c.row[0].epoch[1], 2, 0);
    NEAR(c.row[0].value[1], 0.25, 0); /* of attempt 93 */
    assert_int_equal(c.row[1].part, EN_PART_VAL);
    assert_string_equal(c.row[1].name, "auc");
    assert_int_equal(c.row[1].count, 1);
    NEAR(c.row[1].epoch[0], 3, 0);
    NEAR(c.row[1].value[0], 0.75, 0);
    en_catalog_curves_clear(&c);
}

static void imported_weights(void **state)
{
    (void)state;
    en_error refusal = {0};
    en_catalog_pretrained row = {.name = "lite",
                                 .preset = "a preset",
                                 .spec = "a spec",
                                 .path = "models/lite",
                                 .origin = "an origin",
                                 .licence = "a licence",
                                 .tensors = 301,
                                 .parameters = 302};
    memcpy(row.sha256, HASH(1), sizeof row.sha256);
    memcpy(row.origin_sha256, HASH(2), sizeof row.origin_sha256);
    OK(en_catalog_pretrained_put(catalog, &row, &err));
    assert_int_not_equal(en_catalog_pretrained_put(catalog, &row, &refusal), EN_OK);
    en_catalog_pretrained got;
    OK(en_catalog_pretrained_find(catalog, "lite", &got, &err));
    assert_int_equal(got.id, 1);
    assert_string_equal(got.name, "lite");
    assert_string_equal(got.preset, "a preset");
    assert_string_equal(got.spec, "a spec");
    assert_string_equal(got.path, "models/lite");
    assert_string_equal(got.sha256, HASH(1));
    assert_string_equal(got.origin, "an origin");
    assert_string_equal(got.origin_sha256, HASH(2));
    assert_string_equal(got.licence, "a licence");
    assert_int_equal(got.tensors, 301);
    assert_int_equal(got.parameters, 302);
    assert_non_null(got.imported_at);
    en_catalog_pretrained_clear(&got);
    assert_int_equal(en_catalog_pretrained_find(catalog, "none", &got, &refusal), EN_DONE);
    assert_int_equal(en_catalog_pretrained_get(catalog, "lit", &got, &refusal), EN_INPUT);
    assert_non_null(strstr(refusal.text, "lite"));
    en_catalog_pretrained_list all;
    OK(en_catalog_pretrained_all(catalog, &all, &err));
    assert_int_equal(all.count, 1);
    assert_string_equal(all.row[0].licence, "a licence");
    en_catalog_pretrained_list_clear(&all);
}

int main(void)
{
#define IN_A_PROJECT(test) cmocka_unit_test_setup_teardown(test, open_project, close_project)
    const struct CMUnitTest tests[] = {
        IN_A_PROJECT(a_source),
        IN_A_PROJECT(a_member),
        IN_A_PROJECT(a_patient_and_a_split),
        IN_A_PROJECT(a_subset),
        IN_A_PROJECT(what_two_subsets_share),
        IN_A_PROJECT(the_newest_pack),
        IN_A_PROJECT(a_current_label),
        IN_A_PROJECT(texts_and_lines_with_their_hashes),
        IN_A_PROJECT(a_missing_sample),
        IN_A_PROJECT(a_run),
        IN_A_PROJECT(what_belongs_to_a_run),
        IN_A_PROJECT(an_evaluation_and_a_prediction),
        IN_A_PROJECT(a_patient_with_many_images),
        IN_A_PROJECT(a_prediction_of_many_classes),
        IN_A_PROJECT(the_file_of_an_image),
        IN_A_PROJECT(an_image_of_a_known_name),
        IN_A_PROJECT(a_count),
        IN_A_PROJECT(an_object),
        IN_A_PROJECT(an_account),
        IN_A_PROJECT(an_item),
        IN_A_PROJECT(a_curve),
        IN_A_PROJECT(imported_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
