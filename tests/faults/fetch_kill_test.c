/* A fetch that is killed, stopped, or runs out of space, at any point: what has a row is whole, and a repeat ends it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "project.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "catalog/source.h"

#define PHOTOGRAPHS 700 /* three batches */
#define KILLS 10
#define STEPS 140 /* from kill to kill: a fetch compares and then copies each photograph, a step each */

/* Rows whose files are not what the row says. */
static int64_t broken_rows(project *p)
{
    en_catalog_members members;
    int64_t broken = 0;
    assert_int_equal(en_catalog_members_of(p->project.catalog, 1, &members, &p->err), EN_OK);
    for (size_t i = 0; i < members.count; i++) {
        char *path = en_path_join(p->project.root, members.row[i].path), hex[65] = "";
        broken += en_sha256_file(path, hex, &p->err) != EN_OK || strcmp(hex, members.row[i].sha256) != 0;
        en_free(path);
    }
    en_catalog_members_clear(&members);
    return broken;
}

/* Writes a byte to the pipe `ctx` for every step of the fetch. */
static void on_progress(void *ctx, const en_event *event)
{
    if (event->kind == EN_EVENT_PROGRESS && write(*(const int *)ctx, "", 1) != 1) {
        _exit(2);
    }
}

/* A process of its own that fetches, and is killed after `steps` steps. Returns whether it came to its end before. */
static bool fetch_and_kill(const char *source, int steps)
{
    int to_here[2];
    char step;
    assert_int_equal(pipe(to_here), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(to_here[0]);
        en_project here;
        en_error err;
        en_fetch_result result;
        const en_project_options options = {.start = "p", .events = {.emit = on_progress, .ctx = &to_here[1]}};
        const en_fetch_options what = {.source = source};
        bool ok = en_project_open(&options, &here, &err) == EN_OK && en_fetch(&here, &what, &result, &err) == EN_OK;
        _exit(ok ? 0 : 1);
    }
    close(to_here[1]);
    for (int i = 0; i < steps && read(to_here[0], &step, 1) == 1; i++) {
    }
    int status;
    kill(pid, SIGKILL);
    close(to_here[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return !WIFSIGNALED(status);
}

static void kill_again_and_again(project *p, const char *source)
{
    int ended = 0;
    for (int i = 0; i < KILLS; i++) {
        ended += fetch_and_kill(source, i * STEPS);
        assert_int_equal(broken_rows(p), 0);
    }
    if (project_fetch(p, source) != EN_OK) {
        fail_msg("after %d kills: %s", KILLS - ended, p->err.text);
    }
    assert_true(ended < KILLS);
    assert_true(p->result.present > 0); /* the kills came late enough for some to be in */
    assert_int_equal(p->result.photographs, PHOTOGRAPHS);
    assert_int_equal(project_check(p, 1), PHOTOGRAPHS);
}

static void an_archive_killed_at_any_point_is_ended_by_a_repeat(void **state)
{
    put_zip("train.zip", 1, PHOTOGRAPHS, 2000, 1000000);
    kill_again_and_again(*state, "train.zip.001");
}

static void a_folder_killed_at_any_point_is_ended_by_a_repeat(void **state)
{
    for (unsigned i = 0; i < PHOTOGRAPHS; i++) {
        char path[64];
        snprintf(path, sizeof path, "eyes/%u/%u_left.jpeg", i % 7, i);
        put_photograph(path, i, 2000);
    }
    kill_again_and_again(*state, "eyes");
}

static void a_stop_ends_it_with_what_is_whole(void **state)
{
    project *p = *state;
    put_zip("train.zip", 1, PHOTOGRAPHS, 100, 0);
    for (int after = 1; after < 1200; after += 350) {
        p->stop_after = after;
        project_refuses(p, "train.zip", EN_INTERRUPTED, "interrupted");
        assert_int_equal(broken_rows(p), 0);
    }
    p->stop_after = 0;
    assert_int_equal(project_fetch(p, "train.zip"), EN_OK);
    assert_true(p->result.present > 0); /* what the stopped ones brought in */
    assert_int_equal(project_check(p, 1), PHOTOGRAPHS);
}

static void what_a_killed_fetch_left_is_swept(void **state)
{
    project *p = *state;
    put_photograph("p/photos/.part-fetch/17", 1, 100);
    put_photograph("p/photos/.part-fetch/0/in/the/way", 1, 100);
    put_photograph("eyes/1_left.jpeg", 1, 100);
    assert_int_equal(project_fetch(p, "eyes"), EN_OK);
    assert_int_equal(project_check(p, 1), 1);
}

static void a_second_fetch_at_the_same_time_is_told_to_wait(void **state)
{
    project *p = *state;
    put_photograph("eyes/1_left.jpeg", 1, 100);
    int fd = open("p/photos", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    project_refuses(p, "eyes", EN_BUSY, "another fetch is running in this project");
    close(fd);
    assert_int_equal(project_fetch(p, "eyes"), EN_OK);
}

/* No file may grow beyond 2 MiB here, which write() reports like a full disk. */
static void a_write_that_fails_leaves_no_half_photograph(void **state)
{
    project *p = *state;
    struct rlimit before, low;
    put_photograph("eyes/1_left.jpeg", 1, 1000);
    put_photograph("eyes/2_left.jpeg", 2, 3 << 20);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    low = before;
    low.rlim_cur = 2 << 20;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    en_status st = project_fetch(p, "eyes");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(st, EN_IO);
    assert_non_null(strstr(p->err.text, "cannot write 'photos/1/2_left.jpeg'"));
    assert_int_equal(project_check(p, 1), 0);
    assert_int_equal(project_fetch(p, "eyes"), EN_OK);
    assert_int_equal(project_check(p, 1), 2);
}

static void no_memory_at_any_point_is_an_error_and_a_repeat_ends_it(void **state)
{
    project *p = *state;
    put_zip("train.zip", 1, 5, 100, 300);
    bool ended = false;
    for (long nth = 1; !ended && nth < 5000; nth++) {
        en_alloc_fail_at(nth);
        en_status st = project_fetch_with(p, (en_fetch_options){.source = "train.zip.001", .force = true});
        en_alloc_fail_at(0);
        ended = st == EN_OK;
        if (st != EN_OK && st != EN_NOMEM) {
            fail_msg("allocation %ld: status %d: %s", nth, (int)st, p->err.text);
        }
        assert_int_equal(broken_rows(p), 0);
    }
    assert_true(ended);
    assert_int_equal(project_check(p, 1), 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, project_set_up, project_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_archive_killed_at_any_point_is_ended_by_a_repeat),
        TEST(a_folder_killed_at_any_point_is_ended_by_a_repeat),
        TEST(a_stop_ends_it_with_what_is_whole),
        TEST(what_a_killed_fetch_left_is_swept),
        TEST(a_second_fetch_at_the_same_time_is_told_to_wait),
        TEST(a_write_that_fails_leaves_no_half_photograph),
        TEST(no_memory_at_any_point_is_an_error_and_a_repeat_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
