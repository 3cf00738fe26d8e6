/* Locks: one owner at a time, and a failure that is not taken for another owner. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void a_folder_has_one_owner_until_its_descriptor_is_closed(void **state)
{
    (void)state;
    char folder[] = "/tmp/eyenet-lock-XXXXXX";
    int first, second;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(en_lock_folder(folder, &first), EN_LOCK_TAKEN);
    assert_true(first >= 0);
    assert_int_equal(en_lock_folder(folder, &second), EN_LOCK_BUSY);
    assert_int_equal(second, -1);
    close(first);
    assert_int_equal(en_lock_folder(folder, &second), EN_LOCK_TAKEN);
    close(second);
    rmdir(folder);
}

static void an_open_file_has_one_owner(void **state)
{
    (void)state;
    FILE *first = tmpfile();
    assert_non_null(first);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(first));
    FILE *second = fopen(path, "r");
    assert_non_null(second);
    assert_int_equal(en_lock_descriptor(fileno(first)), EN_LOCK_TAKEN);
    assert_int_equal(en_lock_descriptor(fileno(first)), EN_LOCK_TAKEN); /* its own */
    assert_int_equal(en_lock_descriptor(fileno(second)), EN_LOCK_BUSY);
    fclose(first);
    assert_int_equal(en_lock_descriptor(fileno(second)), EN_LOCK_TAKEN);
    fclose(second);
}

static void what_cannot_be_locked_is_a_failure_with_its_reason(void **state)
{
    (void)state;
    int fd;
    errno = 0;
    assert_int_equal(en_lock_folder("/nowhere/at/all", &fd), EN_LOCK_FAILED);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(fd, -1);
    errno = 0;
    assert_int_equal(en_lock_descriptor(-1), EN_LOCK_FAILED);
    assert_int_equal(errno, EBADF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_has_one_owner_until_its_descriptor_is_closed),
        cmocka_unit_test(an_open_file_has_one_owner),
        cmocka_unit_test(what_cannot_be_locked_is_a_failure_with_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
