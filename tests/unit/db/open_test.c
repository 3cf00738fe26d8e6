/* Opening: what is ours, what is not, and what is left behind. */
#include "scratch.h"

#include <sys/stat.h>
#include <unistd.h>

#include "db/query.h"
#include "db/statements.h"

static void a_new_catalog_is_wal_marked_and_has_foreign_keys_on(void **state)
{
    (void)state;
    en_db *db = create();
    unsigned char head[100];
    FAILS(en_db_exec(db, "INSERT INTO volume (source_id, number, name) VALUES (1, 1, 'x')", "test", &err), EN_INPUT,
          "FOREIGN KEY");
    en_db_close(db);
    FILE *f = fopen(file, "rb");
    assert_non_null(f);
    assert_int_equal(fread(head, 1, sizeof head, f), sizeof head);
    fclose(f);
    assert_int_equal(head[18], 2); /* write version: WAL */
    assert_memory_equal(head + 68, "EYNT", 4);
}

static void a_file_that_is_no_database_is_refused(void **state)
{
    (void)state;
    en_db *db;
    en_db_options options = {.mode = EN_DB_WRITE};
    OK(en_file_write(file, "this is a letter, not a database, and it is long enough to tell", 63, &err));
    FAILS(en_db_open(file, &options, &db, &err), EN_INPUT, "not an eyenet catalog");
    assert_null(db);
    options.mode = EN_DB_READ;
    FAILS(en_db_open(file, &options, &db, &err), EN_INPUT, "not an eyenet catalog");
    options.mode = EN_DB_CREATE;
    FAILS(en_db_open(file, &options, &db, &err), EN_INPUT, "not an eyenet catalog");
}

static void somebody_elses_database_is_refused(void **state)
{
    (void)state;
    en_db *db = open_as(EN_DB_CREATE);
    en_db_options options = {.mode = EN_DB_WRITE};
    OK(en_db_exec(db, "CREATE TABLE letters (x)", "test", &err));
    en_db_close(db);
    FAILS(en_db_open(file, &options, &db, &err), EN_INPUT, "not an eyenet catalog");
    options.mode = EN_DB_CREATE;
    FAILS(en_db_open(file, &options, &db, &err), EN_INPUT, "there is a database already");
}

static void a_missing_file_is_named_and_not_made(void **state)
{
    (void)state;
    en_db *db;
    en_db_options options = {.mode = EN_DB_WRITE};
    FAILS(en_db_open(file, &options, &db, &err), EN_INPUT, "there is no such file");
    assert_false(en_file_exists(file));
}

static void a_creation_killed_before_the_schema_can_be_done_again(void **state)
{
    (void)state;
    int applied = 0;
    en_db *db = open_as(EN_DB_CREATE); /* leaves a database without a schema */
    en_db_close(db);
    db = open_as(EN_DB_CREATE);
    OK(en_db_migrate(db, &applied, &err));
    assert_true(applied > 0);
    en_db_close(db);
}

static void a_newer_schema_is_refused(void **state)
{
    (void)state;
    en_db *db = create();
    en_db_options options = {.mode = EN_DB_WRITE};
    OK(en_db_exec(db, "PRAGMA user_version = 9999", "test", &err));
    en_db_close(db);
    FAILS(en_db_open(file, &options, &db, &err), EN_INPUT, "use a newer eyenet");
    options.mode = EN_DB_READ;
    FAILS(en_db_open(file, &options, &db, &err), EN_INPUT, "use a newer eyenet");
}

/* Puts one byte of the file's header in its place. */
static void header_is(int at, int value)
{
    FILE *f = fopen(file, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    assert_int_equal(fputc(value, f), value);
    assert_int_equal(fclose(f), 0);
}

static void a_schema_without_a_version_is_damaged(void **state)
{
    (void)state;
    en_db *db = NULL;
    en_db_close(create());
    for (int negative = 0; negative < 2; negative++) {
        header_is(60, negative ? 255 : 0); /* the version is at 60, the low byte last */
        header_is(63, 0);
        for (int mode = EN_DB_WRITE; mode <= EN_DB_READ; mode++) {
            en_db_options options = {.mode = (en_db_mode)mode};
            FAILS(en_db_open(file, &options, &db, &err), EN_INPUT, "its schema has no version; " EN_DB_RESTORE);
        }
    }
}

/* A format of the file that no SQLite has. */
static void a_header_that_cannot_be_read_is_damaged(void **state)
{
    (void)state;
    en_db *db = NULL;
    en_db_options options = {.mode = EN_DB_READ};
    en_db_close(create());
    header_is(47, 255);
    FAILS(en_db_open(file, &options, &db, &err), EN_INPUT, "unsupported file format; " EN_DB_RESTORE);
}

static void says(en_db *db, const char *verdict)
{
    en_stmt *s;
    OK(en_db_prepare(db, EN_SQL_CATALOG_RULES_KEPT, &s, &err));
    OK(en_stmt_step(s, &err));
    assert_string_equal(en_stmt_text(s, 0), verdict);
    en_stmt_reset(s);
}

/* That the first handle does not see it is SQLite's way, and why there is a second one. */
static void a_broken_rule_of_a_table_is_seen_by_the_handle_that_checks(void **state)
{
    (void)state;
    en_db *second = NULL, *db = create();
    OK(en_db_exec(
        db,
        "PRAGMA ignore_check_constraints = ON; INSERT INTO split (split_id, name, seed, rule) VALUES (1, 's', "
        "1, ''); INSERT INTO assignment VALUES (1, '7', 'elsewhere')",
        "test", &err));
    en_db_close(db);
    db = open_as(EN_DB_READ);
    assert_false(en_db_knows_rules(db));
    says(db, "ok");
    OK(en_db_open_to_check(db, &second, &err));
    assert_true(en_db_knows_rules(second));
    says(second, "CHECK constraint failed in assignment");
    FAILS(en_db_exec(second, "DELETE FROM assignment", "test", &err), EN_PATH, "cannot be written");
    en_db_close(second);
    en_db_close(db);
}

static void a_read_only_handle_cannot_write(void **state)
{
    (void)state;
    en_db_close(create());
    en_db *db = open_as(EN_DB_READ);
    FAILS(en_db_begin(db, &err), EN_BUG, "opened for reading");
    FAILS(en_db_exec(db, "DELETE FROM image", "test", &err), EN_PATH, "cannot be written");
    en_db_close(db);
}

static void a_folder_that_cannot_be_written_is_named_with_the_remedy(void **state)
{
    (void)state;
    en_db *db;
    en_db_options options = {.mode = EN_DB_READ};
    if (geteuid() == 0) {
        print_message("SKIPPED: root may write everywhere\n");
        skip();
    }
    en_db_close(create());
    assert_int_equal(chmod(folder, 0555), 0);
    FAILS(en_db_open(file, &options, &db, &err), EN_PATH, "a folder this user may not write to");
    options.mode = EN_DB_WRITE;
    FAILS(en_db_open(file, &options, &db, &err), EN_PATH, "a folder this user may not write to");
    assert_int_equal(chmod(folder, 0755), 0);
}

static void a_held_catalog_is_busy_and_says_so(void **state)
{
    (void)state;
    en_db *one = create(), *two = open_as(EN_DB_WRITE);
    OK(en_db_begin(one, &err));
    FAILS(en_db_begin(two, &err), EN_BUSY, "held by another program");
    OK(en_db_commit(one, &err));
    OK(en_db_begin(two, &err));
    en_db_rollback(two);
    en_db_close(one);
    en_db_close(two);
}

static bool stop_at_the_third_look(void *ctx) { return ++*(int *)ctx >= 3; }
static bool always_stop(void *ctx) { return ++*(int *)ctx > 0; }

static void who_waits_for_another_program_is_heard_when_asking_to_stop(void **state)
{
    (void)state;
    int looks = 0;
    en_db *one = create(), *two = NULL;
    en_db_options options = {.mode = EN_DB_WRITE, .events = {.ctx = &looks, .stop = stop_at_the_third_look}};
    OK(en_db_open(file, &options, &two, &err)); /* would wait for a minute */
    OK(en_db_begin(one, &err));
    FAILS(en_db_begin(two, &err), EN_INTERRUPTED, "interrupted");
    assert_int_equal(looks, 3);
    assert_false(en_db_in_transaction(two));
    en_db_rollback(one);
    OK(en_db_begin(two, &err)); /* nobody holds it: what is to be saved at the end is saved */
    en_db_rollback(two);
    en_db_close(two);
    en_db_close(one);
}

static void what_is_saved_after_a_stop_waits_like_anything_else(void **state)
{
    (void)state;
    int looks = 0;
    en_db *one = create(), *two = NULL;
    en_db_options options = {.mode = EN_DB_WRITE, .busy_ms = 50, .events = {.ctx = &looks, .stop = always_stop}};
    OK(en_db_open(file, &options, &two, &err));
    OK(en_db_begin(one, &err));
    FAILS(en_db_begin(two, &err), EN_BUSY, "held by another program");
    en_db_rollback(one);
    en_db_close(two);
    en_db_close(one);
}

/* REPLACE deletes rows without a word where triggers do not see it. */
static void a_replaced_row_is_a_deleted_row_to_the_triggers(void **state)
{
    (void)state;
    en_db *db = create();
    OK(en_db_exec(db,
                  "CREATE TEMP TABLE kept (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO kept VALUES (1, 'old');"
                  "CREATE TEMP TRIGGER kept_for_ever BEFORE DELETE ON kept BEGIN SELECT RAISE (ABORT, 'is kept'); END",
                  "test", &err));
    FAILS(en_db_exec(db, "INSERT OR REPLACE INTO kept VALUES (1, 'new')", "test", &err), EN_INPUT, "is kept");
    en_db_close(db);
}

static void a_commit_that_fails_leaves_no_transaction_and_no_row(void **state)
{
    (void)state;
    en_db *db = create();
    OK(en_db_begin(db, &err));
    OK(en_db_exec(db, "PRAGMA defer_foreign_keys = ON; INSERT INTO volume (source_id, number, name) VALUES (1, 1, 'x')",
                  "test", &err));
    FAILS(en_db_commit(db, &err), EN_INPUT, "FOREIGN KEY");
    assert_false(en_db_in_transaction(db));
    en_query *q;
    OK(en_query_open(db, "a test", "SELECT 1 FROM volume", NULL, &q, &err));
    assert_int_equal(en_query_next(q, NULL), EN_DONE);
    en_query_close(q);
    OK(en_db_begin(db, &err)); /* and the next one is not nested in it */
    OK(en_db_commit(db, &err));
    en_db_close(db);
}

static void transactions_do_not_nest(void **state)
{
    (void)state;
    en_db *db = create();
    bool own = true;
    OK(en_db_begin(db, &err));
    FAILS(en_db_begin(db, &err), EN_BUG, "inside a transaction");
    OK(en_db_enter(db, &own, &err)); /* joins */
    assert_false(own);
    OK(en_db_leave(db, own, EN_OK, &err));
    assert_true(en_db_in_transaction(db));
    en_db_rollback(db);
    FAILS(en_db_commit(db, &err), EN_BUG, "without a transaction");
    en_db_close(db);
}

static void a_full_disk_is_told_and_nothing_is_half_written(void **state)
{
    (void)state;
    en_db *db = create();
    int64_t count = -1;
    OK(en_db_exec(db, "PRAGMA max_page_count = 1", "test", &err)); /* no page more than there are */
    OK(en_db_begin(db, &err));
    FAILS(en_db_exec(db,
                     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
                     "INSERT INTO image (name, patient, status) SELECT i, i, 'listed' FROM n",
                     "cannot import", &err),
          EN_IO, "no disk space left");
    en_db_rollback(db);
    OK(en_db_exec(db, "PRAGMA max_page_count = 100000000", "test", &err));
    en_stmt *s;
    OK(en_db_prepare(db, EN_SQL_IMAGE_STATES, &s, &err));
    while (en_stmt_step(s, NULL) == EN_OK) {
        count = (count < 0 ? 0 : count) + en_stmt_int(s, 1);
    }
    assert_int_equal(count, 0);
    en_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_catalog_is_wal_marked_and_has_foreign_keys_on, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_file_that_is_no_database_is_refused, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(somebody_elses_database_is_refused, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_missing_file_is_named_and_not_made, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_creation_killed_before_the_schema_can_be_done_again, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(a_newer_schema_is_refused, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_schema_without_a_version_is_damaged, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_header_that_cannot_be_read_is_damaged, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_broken_rule_of_a_table_is_seen_by_the_handle_that_checks, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(a_read_only_handle_cannot_write, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_written_is_named_with_the_remedy, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(a_held_catalog_is_busy_and_says_so, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(who_waits_for_another_program_is_heard_when_asking_to_stop, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(what_is_saved_after_a_stop_waits_like_anything_else, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_replaced_row_is_a_deleted_row_to_the_triggers, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_commit_that_fails_leaves_no_transaction_and_no_row, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(transactions_do_not_nest, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_full_disk_is_told_and_nothing_is_half_written, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
