/* Packs survive kills, full disks and cuts: what the catalog knows is there, or the pack is refused. */
#include "draw.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "image/pack.h"

enum { N = 5, BYTES = N * N * 3, SLOT = 128, HEADER = 4096 };

static const char recipe[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
static const char other_recipe[] = "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static char scratch[64];

static int make_scratch(void **state)
{
    (void)state;
    strcpy(scratch, "/tmp/eyenet-pack-XXXXXX");
    return mkdtemp(scratch) == NULL || chdir(scratch) != 0;
}

static int drop_scratch(void **state)
{
    (void)state;
    en_error err;
    return chdir("/") != 0 || en_file_remove_tree(scratch, &err) != EN_OK;
}

static const uint8_t *sample(int64_t number)
{
    static uint8_t pixels[BYTES];
    memset(pixels, (int)(number * 7 + 1), sizeof pixels);
    return pixels;
}

static void add(en_pack_writer *w, int64_t count)
{
    en_error err;
    for (int64_t i = 0; i < count; i++) {
        int64_t expected = w->slots, slot;
        assert_ok(en_pack_writer_add(w, sample(expected), &slot, &err));
        assert_int_equal(slot, expected);
    }
}

static void write_pack(const char *path, int64_t known, int64_t count)
{
    en_error err;
    en_pack_writer w;
    assert_ok(en_pack_writer_open(&w, path, N, recipe, known, &err));
    add(&w, count);
    assert_ok(en_pack_writer_sync(&w, &err));
    en_pack_writer_close(&w);
}

static void assert_slots(const char *path, int64_t slots)
{
    en_error err;
    en_pack_reader r;
    assert_ok(en_pack_reader_open(&r, path, recipe, slots, &err));
    assert_int_equal(r.size, N);
    for (int64_t i = 0; i < slots; i++) {
        const uint8_t *pixels = en_pack_reader_slot(&r, i);
        assert_int_equal((uintptr_t)pixels % 64, 0);
        assert_memory_equal(pixels, sample(i), BYTES);
    }
    assert_null(en_pack_reader_slot(&r, slots));
    assert_null(en_pack_reader_slot(&r, -1));
    assert_null(en_pack_reader_slot(&r, INT64_MAX));
    en_pack_reader_close(&r);
    en_pack_reader_close(&r);
}

static int64_t length_of(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_size;
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    write_pack("a.pack", 0, 3);
    assert_slots("a.pack", 3);
    write_pack("a.pack", 3, 4);
    assert_slots("a.pack", 7);
    assert_slots("a.pack", 2);
    assert_int_equal(length_of("a.pack"), HEADER + 7 * SLOT);
}

static void an_empty_pack_is_a_pack(void **state)
{
    (void)state;
    write_pack("empty.pack", 0, 0);
    assert_slots("empty.pack", 0);
}

static void what_the_catalog_does_not_know_is_given_up(void **state)
{
    (void)state;
    write_pack("tail.pack", 0, 6);
    write_pack("tail.pack", 4, 1);
    assert_int_equal(length_of("tail.pack"), HEADER + 5 * SLOT);
    assert_slots("tail.pack", 5);
}

static void a_kill_while_writing_leaves_what_was_synced(void **state)
{
    (void)state;
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        en_error err;
        en_pack_writer w;
        int64_t slot;
        if (en_pack_writer_open(&w, "killed.pack", N, recipe, 0, &err) != EN_OK) {
            _exit(1);
        }
        for (int64_t i = 0; i < 3; i++) {
            if (en_pack_writer_add(&w, sample(i), &slot, &err) != EN_OK) {
                _exit(1);
            }
        }
        if (en_pack_writer_sync(&w, &err) != EN_OK || write(ready[1], "x", 1) != 1) {
            _exit(1);
        }
        while (en_pack_writer_add(&w, sample(99), &slot, &err) == EN_OK) {
            if (w.slots > 100000) {
                _exit(0);
            }
        }
        _exit(1);
    }
    char x;
    int status;
    assert_int_equal(read(ready[0], &x, 1), 1);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    (void)close(ready[0]);
    (void)close(ready[1]);
    /* Half a slot at the end is what the worst moment leaves. */
    assert_int_equal(truncate("killed.pack", length_of("killed.pack") + 17), 0);
    assert_slots("killed.pack", 3);
    write_pack("killed.pack", 3, 2);
    assert_slots("killed.pack", 5);
    assert_int_equal(length_of("killed.pack"), HEADER + 5 * SLOT);
}

static void a_header_that_was_not_finished_is_made_again(void **state)
{
    (void)state;
    for (int64_t bytes = 0; bytes < HEADER; bytes += 35) {
        write_pack("half.pack", 0, 0);
        assert_int_equal(truncate("half.pack", bytes), 0);
        write_pack("half.pack", 0, 1);
        assert_slots("half.pack", 1);
        assert_int_equal(unlink("half.pack"), 0);
    }
    /* The length reached the disk, the bytes did not. */
    write_pack("half.pack", 0, 0);
    assert_int_equal(truncate("half.pack", 0), 0);
    assert_int_equal(truncate("half.pack", HEADER), 0);
    write_pack("half.pack", 0, 1);
    assert_slots("half.pack", 1);
}

static void assert_reader_refuses(const char *path, const char *sha256, int64_t slots, const char *message)
{
    en_error err;
    en_pack_reader r;
    char line[EN_ERROR_LINE];
    assert_int_equal(en_pack_reader_open(&r, path, sha256, slots, &err), EN_INPUT);
    assert_string_equal(en_error_line(&err, line), message);
    assert_null(r.map);
    assert_null(en_pack_reader_slot(&r, 0));
}

static void assert_writer_refuses(const char *path, int size, const char *sha256, int64_t slots, const char *message)
{
    en_error err;
    en_pack_writer w;
    assert_int_equal(en_pack_writer_open(&w, path, size, sha256, slots, &err), EN_INPUT);
    char line[EN_ERROR_LINE];
    assert_string_equal(en_error_line(&err, line), message);
    en_pack_writer_close(&w);
}

static void a_truncated_pack_is_refused(void **state)
{
    (void)state;
    const char message[] = "pack 'cut.pack' is truncated: holds 2 of 3 samples; ingest again";
    write_pack("cut.pack", 0, 3);
    assert_int_equal(truncate("cut.pack", HEADER + 3 * SLOT - 1), 0);
    assert_reader_refuses("cut.pack", recipe, 3, message);
    assert_writer_refuses("cut.pack", N, recipe, 3, message);
    assert_slots("cut.pack", 2);
    assert_reader_refuses("cut.pack", recipe, INT64_MAX / 2, "pack 'cut.pack' cannot hold 4611686018427387903 samples");
    assert_reader_refuses("cut.pack", recipe, -1, "pack 'cut.pack' cannot hold -1 samples");
}

static void another_recipe_or_size_is_refused(void **state)
{
    (void)state;
    en_error err;
    en_pack_reader r;
    write_pack("mine.pack", 0, 1);
    assert_reader_refuses("mine.pack", other_recipe, 1, "pack 'mine.pack' belongs to another recipe");
    assert_writer_refuses("mine.pack", N, other_recipe, 0, "pack 'mine.pack' belongs to another recipe");
    assert_writer_refuses("mine.pack", N + 1, recipe, 1, "pack 'mine.pack' holds samples of 5 px, not of 6");
    assert_slots("mine.pack", 1);
    assert_ok(en_pack_reader_open(&r, "mine.pack", NULL, 1, &err));
    en_pack_reader_close(&r);
}

static void what_is_no_pack_is_refused_and_left_alone(void **state)
{
    (void)state;
    en_error err;
    assert_ok(en_file_write("notes.txt", "my notes", 8, &err));
    assert_reader_refuses("notes.txt", recipe, 0, "'notes.txt' is not a pack of samples");
    assert_writer_refuses("notes.txt", N, recipe, 0, "'notes.txt' is not a pack of samples");
    assert_int_equal(length_of("notes.txt"), 8);
    assert_reader_refuses("nowhere.pack", recipe, 0, "pack 'nowhere.pack' is missing; ingest again");
    en_pack_writer w;
    assert_int_equal(en_pack_writer_open(&w, "nowhere.pack", N, recipe, 5, &err), EN_PATH);
    assert_false(en_file_exists("nowhere.pack"));
}

static void a_damaged_header_is_refused(void **state)
{
    (void)state;
    write_pack("bad.pack", 0, 1);
    int fd = open("bad.pack", O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, "\x06", 1, 12), 1);
    (void)close(fd);
    assert_reader_refuses("bad.pack", recipe, 1, "pack 'bad.pack' has a damaged header; remove it and ingest again");
}

static void two_writers_at_once_are_one_too_many(void **state)
{
    (void)state;
    en_error err;
    en_pack_writer first, second;
    assert_ok(en_pack_writer_open(&first, "busy.pack", N, recipe, 0, &err));
    add(&first, 2);
    assert_int_equal(en_pack_writer_open(&second, "busy.pack", N, recipe, 0, &err), EN_BUSY);
    add(&first, 1);
    assert_ok(en_pack_writer_sync(&first, &err));
    en_pack_writer_close(&first);
    assert_slots("busy.pack", 3);
}

static void a_full_disk_leaves_the_pack_as_it_was(void **state)
{
    (void)state;
    en_error err;
    en_pack_writer w;
    int64_t slot;
    struct rlimit old, small = {HEADER + 2 * SLOT + 50, RLIM_INFINITY};
    assert_ok(en_pack_writer_open(&w, "full.pack", N, recipe, 0, &err));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small.rlim_max = old.rlim_max;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    add(&w, 2);
    en_status st = en_pack_writer_add(&w, sample(2), &slot, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    (void)signal(SIGXFSZ, handler);
    assert_int_equal(st, EN_IO);
    assert_non_null(strstr(err.text, "cannot write 'full.pack': "));
    assert_int_equal(length_of("full.pack"), HEADER + 2 * SLOT);
    add(&w, 1);
    en_pack_writer_close(&w);
    assert_slots("full.pack", 3);
}

static void closing_twice_or_unopened_is_fine(void **state)
{
    (void)state;
    en_pack_writer w = {0};
    en_pack_reader r = {0};
    en_pack_writer_close(&w);
    en_pack_writer_close(&w);
    en_pack_reader_close(&r);
    assert_int_equal(fcntl(0, F_GETFD) == -1 && fcntl(1, F_GETFD) == -1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(an_empty_pack_is_a_pack),
        cmocka_unit_test(what_the_catalog_does_not_know_is_given_up),
        cmocka_unit_test(a_kill_while_writing_leaves_what_was_synced),
        cmocka_unit_test(a_header_that_was_not_finished_is_made_again),
        cmocka_unit_test(a_truncated_pack_is_refused),
        cmocka_unit_test(another_recipe_or_size_is_refused),
        cmocka_unit_test(what_is_no_pack_is_refused_and_left_alone),
        cmocka_unit_test(a_damaged_header_is_refused),
        cmocka_unit_test(two_writers_at_once_are_one_too_many),
        cmocka_unit_test(a_full_disk_leaves_the_pack_as_it_was),
        cmocka_unit_test(closing_twice_or_unopened_is_fine),
    };
    return cmocka_run_group_tests_name("pack", tests, make_scratch, drop_scratch);
}
