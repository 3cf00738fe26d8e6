/* Files that are whole or not there, and folders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "base/file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#include "base/memory.h"

static char scratch[64];

static int make_scratch(void **state)
{
    (void)state;
    strcpy(scratch, "/tmp/eyenet-file-XXXXXX");
    return mkdtemp(scratch) == NULL || chdir(scratch) != 0;
}

static int drop_scratch(void **state)
{
    (void)state;
    en_error err;
    return chdir("/") != 0 || en_file_remove_tree(scratch, &err) != EN_OK;
}

static void a_written_file_reads_back(void **state)
{
    (void)state;
    en_error err;
    en_buf buf;
    en_buf_init(&buf, 100);
    assert_int_equal(en_file_write("a.txt", "hello", 5, &err), EN_OK);
    assert_int_equal(en_file_read("a.txt", &buf, &err), EN_OK);
    assert_string_equal(en_buf_str(&buf), "hello");
    en_buf_clear(&buf);
}

static void an_aborted_write_leaves_the_old_file_and_no_part(void **state)
{
    (void)state;
    en_error err;
    en_writer w = {0};
    assert_int_equal(en_file_write("b.txt", "old", 3, &err), EN_OK);
    assert_int_equal(en_writer_open(&w, "b.txt", &err), EN_OK);
    assert_int_equal(en_writer_write(&w, "new", 3, &err), EN_OK);
    en_writer_abort(&w);
    en_names names;
    assert_int_equal(en_file_list(".", &names, &err), EN_OK);
    for (size_t i = 0; i < names.count; i++) {
        assert_null(strstr(names.name[i], ".part-"));
    }
    en_names_free(&names);
    int64_t bytes;
    assert_int_equal(en_file_size("b.txt", &bytes, &err), EN_OK);
    assert_int_equal(bytes, 3);
}

static void a_write_past_the_limit_fails_and_leaves_nothing(void **state)
{
    (void)state;
    en_error err;
    struct rlimit old, tight = {.rlim_cur = 1000, .rlim_max = RLIM_INFINITY};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    tight.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    static char big[100000];
    en_status st = en_file_write("c.txt", big, sizeof big, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(st, EN_IO);
    assert_non_null(strstr(err.text, "c.txt"));
    assert_false(en_file_exists("c.txt"));
}

static void a_file_larger_than_the_cap_is_refused_by_name(void **state)
{
    (void)state;
    en_error err;
    en_buf buf;
    en_buf_init(&buf, 3);
    assert_int_equal(en_file_write("d.txt", "four", 4, &err), EN_OK);
    assert_int_equal(en_file_read("d.txt", &buf, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "d.txt"));
    en_buf_clear(&buf);
}

static void what_is_no_file_is_not_written_over(void **state)
{
    (void)state;
    en_error err;
    struct stat s;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(en_file_write("pipe", "x", 1, &err), EN_PATH);
    assert_non_null(strstr(err.text, "cannot write 'pipe': it exists and is not a regular file"));
    assert_int_equal(en_file_write("folder", "x", 1, &err), EN_PATH);
    assert_int_equal(stat("pipe", &s), 0);
    assert_true(S_ISFIFO(s.st_mode));
    assert_int_equal(unlink("pipe"), 0);
    assert_int_equal(rmdir("folder"), 0);
}

static void folders_are_made_listed_in_order_and_removed(void **state)
{
    (void)state;
    en_error err;
    assert_int_equal(en_file_mkdirs("x/y/z", &err), EN_OK);
    assert_int_equal(en_file_mkdirs("x/y/z", &err), EN_OK);
    assert_int_equal(en_file_write("x/b", "", 0, &err), EN_OK);
    assert_int_equal(en_file_write("x/a", "", 0, &err), EN_OK);
    assert_int_equal(en_file_mkdirs("x/a/no", &err), EN_PATH);
    en_names names;
    assert_int_equal(en_file_list("x", &names, &err), EN_OK);
    assert_int_equal(names.count, 3);
    assert_string_equal(names.name[0], "a");
    assert_string_equal(names.name[1], "b");
    assert_string_equal(names.name[2], "y");
    en_names_free(&names);
    assert_int_equal(en_file_remove_tree("x", &err), EN_OK);
    assert_false(en_file_exists("x"));
    assert_int_equal(en_file_remove_tree("x", &err), EN_OK);
}

static void a_folder_without_a_name_is_no_folder(void **state)
{
    (void)state;
    en_error err;
    assert_int_equal(en_file_mkdirs("", &err), EN_INPUT);
    assert_int_equal(en_file_mkdirs("/", &err), EN_OK);
    assert_int_equal(en_file_mkdirs("e//f/", &err), EN_OK);
    assert_true(en_file_is_dir("e/f"));
}

static void bytes_go_where_they_belong_in_an_open_file(void **state)
{
    (void)state;
    en_error err;
    en_buf buf;
    en_buf_init(&buf, 100);
    int fd = open("w.txt", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(en_fd_write(fd, "w.txt", "world", 5, 6, &err), EN_OK);
    assert_int_equal(en_fd_write(fd, "w.txt", "hello ", 6, 0, &err), EN_OK);
    assert_int_equal(en_fd_write(fd, "w.txt", NULL, 0, 0, &err), EN_OK);
    close(fd);
    assert_int_equal(en_file_read("w.txt", &buf, &err), EN_OK);
    assert_string_equal(en_buf_str(&buf), "hello world");
    en_buf_clear(&buf);
}

static void a_full_disk_is_said_with_its_room_and_the_remedy(void **state)
{
    (void)state;
    en_error err;
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        print_message("SKIPPED: there is no /dev/full here\n");
        skip();
    }
    assert_int_equal(en_fd_write(fd, "pack", "x", 1, 0, &err), EN_IO);
    close(fd);
    assert_non_null(strstr(err.text, "cannot write 'pack': No space left on device ("));
    assert_non_null(strstr(err.text, " free)"));
    assert_string_equal(err.hint, "free some disk space and repeat the command");
    assert_int_equal(en_file_check_space(".", 1, &err), EN_OK);
    assert_int_equal(en_file_check_space(".", INT64_MAX, &err), EN_IO);
    assert_non_null(strstr(err.text, "are needed and only "));
}

static void paths_are_joined_and_taken_apart(void **state)
{
    (void)state;
    char *path = en_path_join("a/", "b.jpeg");
    assert_string_equal(path, "a/b.jpeg");
    assert_string_equal(en_path_base(path), "b.jpeg");
    assert_string_equal(en_path_ext(path), "jpeg");
    assert_string_equal(en_path_ext("a.b/c"), "");
    assert_string_equal(en_path_ext(".hidden"), "");
    en_free(path);
    path = en_path_join("a", "/b");
    assert_string_equal(path, "/b");
    en_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_written_file_reads_back),
        cmocka_unit_test(an_aborted_write_leaves_the_old_file_and_no_part),
        cmocka_unit_test(a_write_past_the_limit_fails_and_leaves_nothing),
        cmocka_unit_test(a_file_larger_than_the_cap_is_refused_by_name),
        cmocka_unit_test(what_is_no_file_is_not_written_over),
        cmocka_unit_test(folders_are_made_listed_in_order_and_removed),
        cmocka_unit_test(a_folder_without_a_name_is_no_folder),
        cmocka_unit_test(bytes_go_where_they_belong_in_an_open_file),
        cmocka_unit_test(a_full_disk_is_said_with_its_room_and_the_remedy),
        cmocka_unit_test(paths_are_joined_and_taken_apart),
    };
    return cmocka_run_group_tests(tests, make_scratch, drop_scratch);
}
