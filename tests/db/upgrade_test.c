/* From every earlier version of the schema to this one: same schema as a new catalog, same rows, and a backup. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "catalog/run.h"
#include "db/migrate.h"

#define SCHEMA_CAP 1000000
#define HASH_OF_SUBSET "1b3b1f89cc555fea459fec3b3edf7876857af3c2914ca3e52e0e359e57660817"

static char old_folder[64], old_file[96];

/* A project as the program of `version` would have left it, with a few rows of the tables that version has had from 1
 * on. */
static void make_old_project(size_t version)
{
    size_t count;
    int applied;
    en_db *db;
    const en_migration *list = en_migrations(&count);
    en_db_options options = {.mode = EN_DB_CREATE};
    strcpy(old_folder, "/tmp/eyenet-upgrade-XXXXXX");
    assert_non_null(mkdtemp(old_folder));
    snprintf(old_file, sizeof old_file, "%s/eyenet.db", old_folder);
    OK(en_db_open(old_file, &options, &db, &err));
    OK(en_db_migrate_with(db, list, version, &applied, &err));
    assert_int_equal(applied, version);
    OK(en_db_exec(db,
                  "INSERT INTO image (name, patient, eye, status) VALUES ('10_left', '10', 'left', 'listed');"
                  "INSERT INTO label_import (file, sha256, scheme, grader) VALUES ('l.csv', '" HASH_A "', 'icdr', 'g');"
                  "INSERT INTO label (image_id, scheme, import_id, grade) VALUES (1, 'icdr', 1, 3);"
                  "INSERT INTO variant (image_id, mirror, rotation) VALUES (1, 0, 90);"
                  "INSERT INTO source (source_id, uri, kind, state) VALUES (3, 'https://h/%x.zip', 'http', 'whole'), "
                  "(5, 'https://h/%x.zip#2', 'http', 'whole'), (7, 'https://h/%x.zip#3', 'http', 'broken'), "
                  "(9, '/photos#2', 'folder', 'whole'), (11, 'https://h/%x.zip#03', 'http', 'whole');"
                  "INSERT INTO volume (source_id, number, name) VALUES (5, 1, 'x.zip');"
                  "INSERT INTO member (source_id, path, bytes) VALUES (5, 'photos/5/1_left.jpeg', 1)",
                  "test", &err));
    en_db_close(db);
}

static void schema_of(en_catalog *c, en_buf *out)
{
    en_catalog_objects objects;
    OK(en_catalog_schema(c, &objects, &err));
    for (size_t i = 0; i < objects.count; i++) {
        OK(en_buf_printf(out, &err, "%s %s\n%s\n", objects.row[i].type, objects.row[i].name, objects.row[i].sql));
    }
    en_catalog_objects_clear(&objects);
}

static void every_earlier_version_becomes_the_newest(void **state)
{
    (void)state;
    size_t count;
    en_buf fresh;
    en_buf_init(&fresh, SCHEMA_CAP);
    en_migrations(&count);
    assert_true(count >= 3);
    schema_of(catalog, &fresh);
    en_catalog *new_catalog = catalog;
    for (size_t version = 1; version < count; version++) {
        char backup[160];
        en_buf upgraded;
        en_buf_init(&upgraded, SCHEMA_CAP);
        make_old_project(version);
        OK(en_catalog_open(old_folder, NULL, &catalog, &err));
        schema_of(catalog, &upgraded);
        assert_string_equal(en_buf_str(&upgraded), en_buf_str(&fresh));
        assert_int_equal(
            number("SELECT count(*) FROM variants WHERE image = '10_left' AND grade = 3 AND rotation = 90"), 1);
        assert_int_equal(number("SELECT count(*) FROM schema_migration"), count);
        if (version < 6) { /* later a uri like these is what it is */
            assert_int_equal(number("SELECT count(*) FROM source WHERE (source_id, uri, version, state) IN (VALUES "
                                    "(3, 'https://h/%x.zip', 1, 'whole'), (5, 'https://h/%x.zip', 2, 'whole'), "
                                    "(7, 'https://h/%x.zip', 3, 'broken'), (9, '/photos#2', 1, 'whole'), "
                                    "(11, 'https://h/%x.zip#03', 1, 'whole'))"),
                             5);
            assert_int_equal(number("SELECT count(*) FROM volume JOIN source USING (source_id) WHERE version = 2"), 1);
            assert_int_equal(number("SELECT count(*) FROM member JOIN source USING (source_id) WHERE version = 2"), 1);
        }
        refused("INSERT INTO image (name, patient, status, reason) VALUES ('x', 'x', 'rejected', 'ugly')",
                "this reason of a rejection is not known");
        refused("UPDATE label_import SET grader = 'another'",
                "an import is history"); /* today's rules, yesterday's rows */
        OK(en_catalog_check(catalog, &err));
        en_catalog_close(catalog);
        snprintf(backup, sizeof backup, "%s.backup-v%zu", old_file, version);
        assert_true(en_file_exists(backup));
        OK(en_file_remove_tree(old_folder, &err));
        en_buf_clear(&upgraded);
    }
    catalog = new_catalog;
    en_buf_clear(&fresh);
}

/* A catalog of version 6 with photographs of two sources, a label, a split and a frozen subset. */
static void make_catalog_6(void)
{
    int applied;
    size_t count;
    en_db *db;
    const en_migration *list = en_migrations(&count);
    en_db_options options = {.mode = EN_DB_CREATE};
    strcpy(old_folder, "/tmp/eyenet-upgrade-XXXXXX");
    assert_non_null(mkdtemp(old_folder));
    snprintf(old_file, sizeof old_file, "%s/eyenet.db", old_folder);
    OK(en_db_open(old_file, &options, &db, &err));
    OK(en_db_migrate_with(db, list, 6, &applied, &err));
    OK(en_db_exec(
        db,
        "INSERT INTO source (source_id, uri, version, kind, state) VALUES (2, 'https://h/a/eyes.zip?x=1', 1, 'http', "
        "'whole'), (3, 'https://h/a/eyes.zip?x=1', 2, 'http', 'whole'), (5, '/data/Training Set/', 1, 'folder', "
        "'whole'), "
        "(6, '/data/train.zip.001', 1, 'volumes', 'broken'), (8, '/', 1, 'folder', 'whole');"
        "INSERT INTO member (member_id, source_id, path, bytes) VALUES (1, 2, 'photos/2/10_left.jpeg', 1), "
        "(2, 5, 'photos/5/x/10_right.jpeg', 1), (3, 5, 'photos/5/y/10_right.jpeg', 1);"
        "INSERT INTO image (member_id, name, copy, patient, eye, status, reason, width, height, sha256) VALUES "
        "(1, '10_left', 0, '10', 'left', 'accepted', NULL, 9, 9, '" HASH_A "'), "
        "(2, '10_right', 0, '10', 'right', 'accepted', NULL, 9, 9, '" HASH_B "'), "
        "(3, '10_right', 1, '10', 'right', 'rejected', 'name taken', 9, 9, NULL), "
        "(NULL, '12_OD', 0, '12_OD', NULL, 'listed', NULL, NULL, NULL, NULL);"
        "INSERT INTO quality (image_id, score) VALUES (1, 0.5);"
        "INSERT INTO label_import (file, sha256, scheme, grader) VALUES ('l.csv', '" HASH_A "', 'icdr', 'g');"
        "INSERT INTO label (image_id, scheme, import_id, grade) VALUES (1, 'icdr', 1, 3);"
        "INSERT INTO variant (image_id, mirror, rotation) VALUES (1, 0, 90), (2, 1, 0);"
        "INSERT INTO split (name, seed, rule) VALUES ('main', 1, 'r');"
        "INSERT INTO assignment (split_id, patient, part) VALUES (1, '10', 'train');"
        /* the hash of "10_left 0 90\n10_right 1 0\n" */
        "INSERT INTO subset (name, sql, split_id, part, members, sha256) VALUES ('s', 'q', 1, 'train', 2, "
        "'" HASH_OF_SUBSET "');"
        "INSERT INTO subset_member (subset_id, variant_id) VALUES (1, 1), (1, 2);"
        "UPDATE subset SET frozen_at = '2026-01-01T00:00:00Z'",
        "test", &err));
    en_db_close(db);
}

static void each_source_becomes_a_dataset_and_names_and_hashes_stay(void **state)
{
    (void)state;
    int64_t texts, subsets;
    en_catalog *new_catalog = catalog;
    make_catalog_6();
    OK(en_catalog_open(old_folder, NULL, &catalog, &err));
    assert_int_equal(
        number("SELECT count(*) FROM source s JOIN dataset d USING (dataset_id) WHERE (s.source_id, d.name) IN "
               "(VALUES (2, 'eyes (source 2)'), (3, 'eyes (source 3)'), (5, 'Training Set'), (6, 'train'), "
               "(8, 'photographs'))"),
        5);
    assert_int_equal(number("SELECT count(*) FROM dataset"), 5);
    assert_int_equal(number("SELECT count(*) FROM images WHERE (image, patient, eye, dataset, patient_from) IS "
                            "('10_left', '10', 'left', 'eyes (source 2)', 'name')"),
                     1);
    assert_int_equal(number("SELECT count(*) FROM images WHERE image = '10_right' AND patient = '10' AND dataset = "
                            "'Training Set'"),
                     2); /* one is a copy */
    assert_int_equal(number("SELECT count(*) FROM images WHERE (image, patient, eye, dataset, patient_from) IS "
                            "('12_OD', '12_OD', NULL, NULL, NULL)"),
                     1);
    assert_int_equal(number("SELECT count(*) FROM images WHERE image = '10_left' AND grade = 3 AND part = 'train' AND "
                            "score = 0.5"),
                     1);
    OK(en_catalog_check_hashes(catalog, &texts, &subsets, &err));
    assert_int_equal(subsets, 1);
    OK(en_catalog_check(catalog, &err));
    en_catalog_close(catalog);
    catalog = new_catalog;
    OK(en_file_remove_tree(old_folder, &err));
}

/* What earlier versions wrote is the file's hash; which numbers it stands for is not known before the file is read. */
static void the_hash_of_old_weights_is_their_files(void **state)
{
    (void)state;
    int applied;
    size_t count;
    en_db *db;
    en_catalog *new_catalog = catalog;
    make_catalog_6();
    const en_migration *list = en_migrations(&count);
    en_db_options options = {.mode = EN_DB_WRITE};
    OK(en_db_open(old_file, &options, &db, &err));
    OK(en_db_migrate_with(db, list, 8, &applied, &err));
    OK(en_db_exec(db,
                  "INSERT INTO model (name, spec, sha256) VALUES ('m', 's', '" HASH_A "');"
                  "INSERT INTO recipe (text, sha256) VALUES ('crop=none size=8', '" HASH_A "');"
                  "INSERT INTO run (run_id, uuid, name, model_id, subset_id, recipe_id, target, classes, seed) VALUES "
                  "(1, '00000000-0000-4000-8000-000000000000', 'r', 1, 1, 1, 'eye', '[\"a\",\"b\"]', 1);"
                  "INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256) VALUES "
                  "(1, 'best', 1, 2, 3, 'runs/r/model.safetensors', '" HASH_A "');"
                  "INSERT INTO evaluation (run_id, subset_id, seed, weights_sha256) VALUES (1, 1, 1, '" HASH_A "'), "
                  "(1, 1, 1, '" HASH_B "');"
                  "UPDATE run SET state = 'running'; UPDATE run SET state = 'finished'",
                  "test", &err));
    en_db_close(db);
    OK(en_catalog_open(old_folder, NULL, &catalog, &err));
    assert_int_equal(number("SELECT count(*) FROM checkpoint WHERE (run_id, kind, attempt, epoch, step, path, sha256, "
                            "file_sha256) IS (1, 'best', 1, 2, 3, 'runs/r/model.safetensors', NULL, '" HASH_A "')"),
                     1);
    assert_int_equal(number("SELECT weights_kept FROM evaluations WHERE weights_sha256 = '" HASH_A "'"), 1);
    assert_int_equal(number("SELECT weights_kept FROM evaluations WHERE weights_sha256 = '" HASH_B "'"), 0);
    en_catalog_checkpoints unread;
    OK(en_catalog_checkpoints_unread(catalog, &unread, &err));
    assert_int_equal(unread.count, 1);
    OK(en_catalog_checkpoint_hash(catalog, &unread.row[0], HASH_B, &err)); /* of a finished run */
    en_catalog_checkpoints_clear(&unread);
    assert_int_equal(number("SELECT count(*) FROM checkpoint WHERE sha256 = '" HASH_B "'"), 1);
    refused("UPDATE checkpoint SET sha256 = '" HASH_A "'", "this run is finished and cannot change");
    en_catalog_close(catalog);
    catalog = new_catalog;
    OK(en_file_remove_tree(old_folder, &err));
}

/* Labels of every scheme, several imports of one image, and an import without labels: none is lost, and the rules hold.
 */
static void labels_of_the_three_scales_refer_to_their_rows(void **state)
{
    (void)state;
    int applied;
    size_t count;
    en_db *db;
    en_catalog *new_catalog = catalog;
    make_old_project(16);
    const en_migration *list = en_migrations(&count);
    en_db_options options = {.mode = EN_DB_WRITE};
    OK(en_db_open(old_file, &options, &db, &err));
    OK(en_db_migrate_with(db, list, 16, &applied, &err));
    OK(en_db_exec(db,
                  "INSERT INTO image (name, patient, eye, status) VALUES ('10_right', '10', 'right', 'listed');"
                  "INSERT INTO label_import (import_id, file, sha256, scheme, grader, imported_at) VALUES "
                  "(5, 'q.csv', '" HASH_A "', 'eyeq', 'q', '2020-01-01T00:00:00Z'), "
                  "(6, 'g.csv', '" HASH_B "', 'gradable', 'g', '2020-01-02T00:00:00Z'), "
                  "(9, 'l2.csv', '" HASH_B "', 'icdr', 'h', '2020-01-03T00:00:00Z'), "
                  "(12, 'none.csv', '" HASH_B "', 'icdr', 'h', '2020-01-04T00:00:00Z');"
                  "INSERT INTO label (image_id, scheme, import_id, grade) VALUES (1, 'eyeq', 5, 2), (2, 'eyeq', 5, 0), "
                  "(2, 'gradable', 6, 1), (1, 'icdr', 9, 4), (2, 'icdr', 9, 0)",
                  "test", &err));
    en_db_close(db);
    OK(en_catalog_open(old_folder, NULL, &catalog, &err));
    assert_int_equal(number("SELECT count(*) FROM label"), 6);
    assert_int_equal(number("SELECT count(*) FROM label WHERE (image_id, scheme, import_id, grade) IN (VALUES "
                            "(1, 'icdr', 1, 3), (1, 'icdr', 9, 4), (2, 'icdr', 9, 0), (1, 'eyeq', 5, 2), "
                            "(2, 'eyeq', 5, 0), (2, 'gradable', 6, 1))"),
                     6);
    assert_int_equal(number("SELECT count(*) FROM label_import WHERE (import_id, file, sha256, scheme, grader, "
                            "imported_at) IN (VALUES (5, 'q.csv', '" HASH_A "', 'eyeq', 'q', '2020-01-01T00:00:00Z'), "
                            "(9, 'l2.csv', '" HASH_B "', 'icdr', 'h', '2020-01-03T00:00:00Z'), "
                            "(12, 'none.csv', '" HASH_B "', 'icdr', 'h', '2020-01-04T00:00:00Z'))"),
                     3);
    assert_int_equal(number("SELECT count(*) FROM images WHERE image = '10_left' AND grade = 4 AND eyeq = 2 AND "
                            "gradable IS NULL AND label(image_id, 'icdr') = 4"),
                     1);
    assert_int_equal(number("SELECT count(*) FROM labels WHERE meaning IN ('proliferative', 'none', 'reject', 'good', "
                            "'gradable')"),
                     5);
    refused("UPDATE label SET grade = 1", "labels are history");
    refused("DELETE FROM label", "labels are history");
    refused("INSERT INTO label VALUES (1, 'icdr', 12, 5)", "a grade lies between");
    refused("INSERT INTO label VALUES (1, 'eyeq', 12, 1)", "a label has the scheme of its import");
    refused("DELETE FROM scheme WHERE name = 'icdr'", "scheme");
    OK(en_catalog_check(catalog, &err));
    OK(en_catalog_check_schema(catalog, &err));
    en_catalog_close(catalog);
    catalog = new_catalog;
    OK(en_file_remove_tree(old_folder, &err));
}

static void an_upgraded_catalog_is_not_backed_up_again(void **state)
{
    (void)state;
    en_names names;
    size_t backups = 0;
    make_old_project(1);
    for (int i = 0; i < 2; i++) {
        en_catalog *c;
        OK(en_catalog_open(old_folder, NULL, &c, &err));
        en_catalog_close(c);
    }
    OK(en_file_list(old_folder, &names, &err));
    for (size_t i = 0; i < names.count; i++) {
        backups += strstr(names.name[i], "backup") != NULL;
    }
    assert_int_equal(names.count, 2); /* eyenet.db and one backup, nothing left lying about */
    assert_int_equal(backups, 1);
    en_names_free(&names);
    OK(en_file_remove_tree(old_folder, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_earlier_version_becomes_the_newest, open_project, close_project),
        cmocka_unit_test_setup_teardown(each_source_becomes_a_dataset_and_names_and_hashes_stay, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(the_hash_of_old_weights_is_their_files, open_project, close_project),
        cmocka_unit_test_setup_teardown(labels_of_the_three_scales_refer_to_their_rows, open_project, close_project),
        cmocka_unit_test_setup_teardown(an_upgraded_catalog_is_not_backed_up_again, open_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
