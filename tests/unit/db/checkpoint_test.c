/* Checkpoints are made by eyenet alone, under its lock: the log stays short, and nobody else's lock is passed by. */
#include "scratch.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define LIMIT 1000 /* pages */

static int64_t log_bytes(void)
{
    char path[128];
    int64_t bytes = 0;
    snprintf(path, sizeof path, "%s-wal", file);
    if (!en_file_exists(path)) {
        return 0;
    }
    OK(en_file_size(path, &bytes, &err));
    return bytes;
}

/* A row of about 100 KiB, committed by itself. */
static void write_row(en_db *db)
{
    OK(en_db_begin(db, &err));
    OK(en_db_exec(db, "INSERT INTO source (uri, kind, state) VALUES (hex(randomblob(50000)), 'folder', 'whole')",
                  "test", &err));
    OK(en_db_commit(db, &err));
}

static int lock_from_outside(void)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    return fd;
}

static void a_long_series_of_commits_leaves_a_short_log(void **state)
{
    (void)state;
    en_db *db = create();
    int64_t longest = 0;
    for (int i = 0; i < 300; i++) { /* about 30 MiB */
        write_row(db);
        longest = log_bytes() > longest ? log_bytes() : longest;
    }
    assert_true(longest > LIMIT / 2 * PAGE);
    assert_true(longest < 2 * LIMIT * PAGE);
    en_db_close(db);
    assert_int_equal(log_bytes(), 0);
}

static void nothing_is_checkpointed_while_another_process_does_so(void **state)
{
    (void)state;
    en_db *db = create();
    int64_t before, after;
    int fd = lock_from_outside();
    OK(en_file_size(file, &before, &err));
    for (int i = 0; i < 100; i++) {
        write_row(db);
    }
    OK(en_file_size(file, &after, &err));
    assert_int_equal(after, before);
    assert_true(log_bytes() > 2 * LIMIT * PAGE);
    close(fd);
    for (int i = 0; i < 50; i++) {
        write_row(db);
    }
    assert_true(log_bytes() < 2 * LIMIT * PAGE);
    OK(en_file_size(file, &after, &err));
    assert_true(after > before);
    en_db_close(db);
}

static void a_closing_handle_beside_another_empties_the_log(void **state)
{
    (void)state;
    en_db *one = create(), *two = open_as(EN_DB_WRITE);
    write_row(one);
    int fd = lock_from_outside();
    en_db_close(one);
    assert_true(log_bytes() > 0);
    close(fd);
    one = open_as(EN_DB_WRITE);
    en_db_close(one);
    assert_int_equal(log_bytes(), 0);
    en_db_close(two);
}

/* Asked only while a handle waits for another one. */
static bool was_waiting(void *ctx)
{
    *(bool *)ctx = true;
    return false;
}

static void a_reader_is_not_waited_for(void **state)
{
    (void)state;
    bool waited = false;
    en_db_close(create());
    en_db *writer = NULL, *reader = open_as(EN_DB_READ);
    const en_db_options options = {
        .mode = EN_DB_WRITE, .busy_ms = 200, .events = {.stop = was_waiting, .ctx = &waited}};
    OK(en_db_open(file, &options, &writer, &err));
    OK(en_db_begin_read(reader, &err));
    OK(en_db_exec(reader, "SELECT count(*) FROM source", "test", &err)); /* its state of the catalog is now */
    for (int i = 0; i < 100; i++) {
        write_row(writer);
    }
    assert_false(waited);
    assert_true(log_bytes() > 2 * LIMIT * PAGE);
    en_db_rollback(reader);
    en_db_close(reader);
    for (int i = 0; i < 50; i++) {
        write_row(writer);
    }
    assert_true(log_bytes() < 2 * LIMIT * PAGE);
    en_db_close(writer);
}

static void the_database_of_another_program_is_not_touched(void **state)
{
    (void)state;
    en_db *theirs = create(), *ours = NULL;
    OK(en_db_exec(theirs, "PRAGMA application_id = 1", "test", &err));
    write_row(theirs);
    int64_t before = log_bytes();
    assert_true(before > 0);
    const en_db_options options = {.mode = EN_DB_WRITE};
    FAILS(en_db_open(file, &options, &ours, &err), EN_INPUT, "not an eyenet catalog");
    assert_int_equal(log_bytes(), before);
    en_db_close(theirs);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, drop_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_long_series_of_commits_leaves_a_short_log),
        IN_A_FOLDER(nothing_is_checkpointed_while_another_process_does_so),
        IN_A_FOLDER(a_closing_handle_beside_another_empties_the_log),
        IN_A_FOLDER(a_reader_is_not_waited_for),
        IN_A_FOLDER(the_database_of_another_program_is_not_touched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
