/* A finished file gets its name, and nobody's file is replaced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/place.h"

static char folder[64], from[96], to[96];

/* The linker puts this in the place of the system's: a file system without hard links. */
static bool no_links;
int __real_link(const char *old, const char *new);
int __wrap_link(const char *old, const char *new);
int __wrap_link(const char *old, const char *new)
{
    if (no_links) {
        errno = EPERM;
        return -1;
    }
    return __real_link(old, new);
}

static int make_folder(void **state)
{
    en_error err;
    (void)state;
    strcpy(folder, "/tmp/eyenet-place-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    snprintf(from, sizeof from, "%s/new", folder);
    snprintf(to, sizeof to, "%s/whole", folder);
    return en_file_write(from, "new", 3, &err) == EN_OK ? 0 : -1;
}

static int drop_folder(void **state)
{
    en_error err;
    (void)state;
    no_links = false;
    return en_file_remove_tree(folder, &err) == EN_OK ? 0 : -1;
}

static void assert_holds(const char *path, const char *text)
{
    en_error err;
    en_buf b;
    en_buf_init(&b, 100);
    assert_int_equal(en_file_read(path, &b, &err), EN_OK);
    assert_string_equal(en_buf_str(&b), text);
    en_buf_clear(&b);
}

static void place(void)
{
    en_error err;
    assert_int_equal(en_file_place(from, to, &err), EN_OK);
    assert_holds(to, "new");
    assert_false(en_file_exists(from));
    assert_int_equal(en_file_write(from, "newer", 5, &err), EN_OK);
    assert_int_equal(en_file_place(from, to, &err), EN_DONE);
    assert_holds(to, "new");
    assert_holds(from, "newer");
    assert_int_equal(en_file_place("/nowhere/at/all", to, &err), EN_PATH);
}

static void a_file_that_is_there_is_never_replaced(void **state)
{
    (void)state;
    place();
}

static void without_hard_links_neither(void **state)
{
    (void)state;
    no_links = true;
    place();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_that_is_there_is_never_replaced, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(without_hard_links_neither, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
