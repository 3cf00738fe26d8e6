/* Many processes at one catalog: none fails, none loses a row; and one killed at any moment leaves it whole. */
#include "fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/random.h"
#include "db/migrate.h"

#define WRITERS 32
#define BATCHES 20
#define BATCH 10

static int64_t run_id;
static int begun[2]; /* a pipe: a writer without end says there that its first batch is written */

static int open_project_with_a_run(void **state)
{
    if (open_project(state) != 0) {
        return -1;
    }
    add_patients(2);
    int64_t recipe = add_samples();
    run_id = add_run("first", add_subset("all", "SELECT variant_id FROM variants"), recipe);
    int64_t attempt;
    OK(en_catalog_run_start(catalog, run_id, &attempt, &err));
    en_catalog_close(catalog); /* a handle must not cross a fork */
    catalog = NULL;
    return 0;
}

/* In a child: writes `batches` batches (0: without end) as `writer`. Returns its exit code. */
static int write_metrics(int writer, int batches)
{
    en_error err = {0};
    en_catalog *c;
    char name[32];
    snprintf(name, sizeof name, "loss-%d", writer);
    if (en_catalog_open(scratch, NULL, &c, &err) != EN_OK) {
        fprintf(stderr, "writer %d: %s\n", writer, err.text);
        return 1;
    }
    for (int b = 0; batches == 0 || b < batches; b++) {
        en_catalog_metric metric[BATCH];
        for (int i = 0; i < BATCH; i++) {
            metric[i] = (en_catalog_metric){1, b * BATCH + i, b, EN_PART_TRAIN, name, (double)i};
        }
        if (en_catalog_metrics_add(c, run_id, metric, BATCH, &err) != EN_OK) {
            fprintf(stderr, "writer %d: %s\n", writer, err.text);
            return 1;
        }
        if (batches == 0 && b == 0 && write(begun[1], "b", 1) != 1) {
            return 1;
        }
    }
    en_catalog_close(c);
    return 0;
}

static pid_t start(int (*job)(int, int), int first, int second)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        _exit(job(first, second));
    }
    assert_true(pid > 0);
    return pid;
}

static void wait_for(pid_t pid)
{
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void thirty_two_writers_lose_nothing(void **state)
{
    (void)state;
    pid_t pid[WRITERS];
    for (int w = 0; w < WRITERS; w++) {
        pid[w] = start(write_metrics, w, BATCHES);
    }
    for (int w = 0; w < WRITERS; w++) {
        wait_for(pid[w]);
    }
    OK(en_catalog_open(scratch, NULL, &catalog, &err));
    assert_int_equal(number("SELECT count(*) FROM metrics"), WRITERS * BATCHES * BATCH);
    assert_int_equal(number("SELECT count(DISTINCT metric) FROM metrics"), WRITERS);
    OK(en_catalog_check(catalog, &err));
}

static void a_writer_killed_at_any_moment_leaves_whole_batches(void **state)
{
    (void)state;
    en_random r = en_random_init(3, 0, 0, EN_FOR_TEST);
    assert_int_equal(pipe(begun), 0);
    for (int round = 0; round < 20; round++) {
        char byte;
        pid_t pid = start(write_metrics, round, 0);
        if (round % 2 == 0) { /* while it writes; else wherever it is, opening included */
            assert_int_equal(read(begun[0], &byte, 1), 1);
        }
        struct timespec t = {0, (long)en_random_below(&r, 30000000)};
        nanosleep(&t, NULL);
        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
    }
    OK(en_catalog_open(scratch, NULL, &catalog, &err));
    OK(en_catalog_check(catalog, &err));
    assert_true(number("SELECT count(DISTINCT metric) FROM metrics") >= 10);
    close(begun[0]);
    close(begun[1]);
    assert_int_equal(
        number("SELECT count(*) FROM (SELECT 1 FROM metrics GROUP BY metric, epoch HAVING count(*) <> 10)"), 0);
}

static int create_once_more(int unused, int none)
{
    (void)unused;
    (void)none;
    en_error err = {0};
    en_status st = en_catalog_create(scratch, false, &err);
    if (st != EN_OK && st != EN_INPUT) {
        fprintf(stderr, "creator: %s\n", err.text);
    }
    return (int)st;
}

static void of_many_who_create_a_catalog_at_once_exactly_one_does(void **state)
{
    (void)state;
    char path[96];
    pid_t pid[16];
    en_names names;
    en_catalog_close(catalog);
    catalog = NULL;
    snprintf(path, sizeof path, "%s/eyenet.db", scratch);
    for (int round = 0; round < 5; round++) {
        int made = 0;
        OK(en_file_remove_tree(path, &err));
        for (int i = 0; i < 16; i++) {
            pid[i] = start(create_once_more, 0, 0);
        }
        for (int i = 0; i < 16; i++) {
            int status = -1;
            assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
            assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == EN_OK || WEXITSTATUS(status) == EN_INPUT));
            made += WEXITSTATUS(status) == EN_OK;
        }
        assert_int_equal(made, 1);
        OK(en_catalog_open(scratch, NULL, &catalog, &err));
        OK(en_catalog_check(catalog, &err));
        en_catalog_close(catalog);
        catalog = NULL;
        OK(en_file_list(scratch, &names, &err));
        assert_int_equal(names.count, 1); /* nothing left lying about */
        en_names_free(&names);
    }
}

static int open_and_close(int writer, int unused)
{
    (void)unused;
    en_error err = {0};
    en_catalog *c;
    if (en_catalog_open(scratch, NULL, &c, &err) != EN_OK) {
        fprintf(stderr, "opener %d: %s\n", writer, err.text);
        return 1;
    }
    en_catalog_close(c);
    return 0;
}

static void eight_processes_may_find_an_old_schema_at_once(void **state)
{
    (void)state;
    size_t count;
    int applied;
    char path[96];
    en_db *db;
    pid_t pid[8];
    const en_migration *list = en_migrations(&count);
    en_db_options options = {.mode = EN_DB_CREATE};
    en_catalog_close(catalog);
    catalog = NULL;
    snprintf(path, sizeof path, "%s/eyenet.db", scratch);
    OK(en_file_remove_tree(path, &err));
    OK(en_db_open(path, &options, &db, &err));
    OK(en_db_migrate_with(db, list, 1, &applied, &err));
    en_db_close(db);
    for (int i = 0; i < 8; i++) {
        pid[i] = start(open_and_close, i, 0);
    }
    for (int i = 0; i < 8; i++) {
        wait_for(pid[i]);
    }
    OK(en_catalog_open(scratch, NULL, &catalog, &err));
    assert_int_equal(number("SELECT count(*) FROM schema_migration"), count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(thirty_two_writers_lose_nothing, open_project_with_a_run, close_project),
        cmocka_unit_test_setup_teardown(a_writer_killed_at_any_moment_leaves_whole_batches, open_project_with_a_run,
                                        close_project),
        cmocka_unit_test_setup_teardown(of_many_who_create_a_catalog_at_once_exactly_one_does, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(eight_processes_may_find_an_old_schema_at_once, open_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
