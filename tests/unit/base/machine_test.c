/* Machine: the memory limits of nested control groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void the_smallest_limit_of_nested_groups_counts(void **state)
{
    (void)state;
    char folder[] = "/tmp/eyenet-machine-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir("root", 0700), 0);
    assert_int_equal(mkdir("root/a", 0700), 0);
    assert_int_equal(mkdir("root/a/b", 0700), 0);
    write_file("self", "1:name=systemd:/x\n0::/a/b\n");
    assert_true(en_machine_group_limit("root", "self") == SIZE_MAX); /* no file has a limit */
    write_file("root/a/b/memory.max", "max\n");
    assert_true(en_machine_group_limit("root", "self") == SIZE_MAX);
    write_file("root/a/memory.max", "3000\n");
    assert_int_equal(en_machine_group_limit("root", "self"), 3000);
    write_file("root/a/b/memory.max", "2000\n");
    assert_int_equal(en_machine_group_limit("root", "self"), 2000);
    write_file("root/memory.max", "1000\n");
    assert_int_equal(en_machine_group_limit("root", "self"), 1000);
    assert_int_equal(en_machine_group_limit("root", "missing"), 1000); /* a container sees its own group as the root */
    static const char *const files[] = {"root/a/b/memory.max", "root/a/memory.max", "root/memory.max", "self"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        assert_int_equal(unlink(files[i]), 0);
    }
    assert_int_equal(rmdir("root/a/b") + rmdir("root/a") + rmdir("root"), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void what_is_recorded_is_what_may_be_used(void **state)
{
    (void)state;
    en_machine machine;
    en_machine_read(&machine);
    assert_true(machine.memory_bytes > 0);
    assert_true((size_t)machine.memory_bytes == en_machine_memory());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_limit_of_nested_groups_counts),
        cmocka_unit_test(what_is_recorded_is_what_may_be_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
