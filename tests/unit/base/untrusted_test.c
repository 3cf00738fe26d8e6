/* Names, paths and hashes that come from elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/untrusted.h"

static char folder[64];

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/eyenet-untrusted-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir("p", 0777), 0);
    assert_int_equal(mkdir("p/inner", 0777), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(chdir("/"), 0);
    return en_file_remove_tree(folder, NULL) == EN_OK ? 0 : -1;
}

static void numbers_have_ends(void **state)
{
    (void)state;
    assert_null(en_rule_number_fault(EN_RULE_COUNT, 0));
    assert_null(en_rule_number_fault(EN_RULE_COUNT, EN_COUNT_MAX));
    assert_non_null(en_rule_number_fault(EN_RULE_COUNT, EN_COUNT_MAX + 1));
    assert_non_null(en_rule_number_fault(EN_RULE_COUNT, -1));
    assert_null(en_rule_number_fault(EN_RULE_EPOCH, EN_EPOCHS_MAX));
    assert_non_null(en_rule_number_fault(EN_RULE_EPOCH, (int64_t)1 << 31));
    assert_non_null(en_rule_number_fault(EN_RULE_EPOCH, -1));
    assert_true(en_rule_is_of_numbers(EN_RULE_EPOCH) && !en_rule_is_of_numbers(EN_RULE_PATH));
}

static void names_are_short_plain_texts(void **state)
{
    (void)state;
    char longest[EN_NAME_MAX + 2];
    memset(longest, 'a', sizeof longest);
    longest[EN_NAME_MAX] = '\0';
    assert_null(en_rule_fault(EN_RULE_NAME, longest));
    longest[EN_NAME_MAX] = 'a';
    longest[EN_NAME_MAX + 1] = '\0';
    assert_non_null(en_rule_fault(EN_RULE_NAME, longest));
    static const char *const bad[] = {NULL, "", " a", "a ", "a\n", "\x7f", "\xc2\x85", "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_non_null(en_rule_fault(EN_RULE_NAME, bad[i]));
        assert_non_null(en_rule_fault(EN_RULE_FILE_NAME, bad[i]));
    }
    assert_null(en_rule_fault(EN_RULE_NAME, "main/test"));
    static const char *const no_file[] = {"main/test", "..", ".", ".a", "a\\b", "../../x", "/x"};
    for (size_t i = 0; i < sizeof no_file / sizeof no_file[0]; i++) {
        assert_non_null(en_rule_fault(EN_RULE_FILE_NAME, no_file[i]));
    }
    assert_null(en_rule_fault(EN_RULE_FILE_NAME, "caf\xc3\xa9 2..b"));
}

static void hashes_are_64_digits(void **state)
{
    (void)state;
    char hash[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0";
    assert_non_null(en_rule_fault(EN_RULE_HASH, hash));
    hash[64] = '\0';
    assert_null(en_rule_fault(EN_RULE_HASH, hash));
    hash[63] = 'F';
    assert_non_null(en_rule_fault(EN_RULE_HASH, hash));
    hash[63] = '\0';
    assert_non_null(en_rule_fault(EN_RULE_HASH, hash));
}

static void refused(const char *relative, const char *words)
{
    char *path;
    en_error err;
    assert_int_equal(en_path_beneath("p", relative, &path, &err), EN_INPUT);
    assert_null(path);
    if (strstr(err.text, words) == NULL) {
        fail_msg("'%s' is not in: %s", words, err.text);
    }
}

static void allowed(const char *relative)
{
    char *path, wanted[64];
    en_error err;
    snprintf(wanted, sizeof wanted, "p/%s", relative);
    assert_int_equal(en_path_beneath("p", relative, &path, &err), EN_OK);
    assert_string_equal(path, wanted);
    en_free(path);
}

static void paths_stay_beneath_the_folder(void **state)
{
    (void)state;
    refused("", "is empty");
    refused("/etc/passwd", "leads out");
    refused("..", "leads out");
    refused("inner/../../x", "leads out");
    refused("inner//x", "an empty part");
    refused("./x", "an empty part");
    allowed("inner/x/y");
    allowed("..a/b..");
    allowed("inner");
}

static void no_symbolic_link_is_followed(void **state)
{
    (void)state;
    assert_int_equal(symlink("/etc", "p/out"), 0);
    assert_int_equal(symlink("/nowhere", "p/inner/dangling"), 0);
    assert_int_equal(symlink("inner", "p/within"), 0);
    refused("out/passwd", "'out' in the project is a symbolic link");
    refused("out", "'out' in the project is a symbolic link");
    refused("inner/dangling", "'inner/dangling' in the project is a symbolic link");
    refused("within/x", "symbolic link");
}

static void only_files_and_folders_are_opened(void **state)
{
    (void)state;
    assert_int_equal(mkfifo("p/pipe", 0666), 0);
    FILE *f = fopen("p/file", "w");
    assert_non_null(f);
    fclose(f);
    refused("pipe", "is not a regular file");
    refused("file/x", "'file' in the project is not a folder");
    allowed("file");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_short_plain_texts),
        cmocka_unit_test(numbers_have_ends),
        cmocka_unit_test(hashes_are_64_digits),
        TEST(paths_stay_beneath_the_folder),
        TEST(no_symbolic_link_is_followed),
        TEST(only_files_and_folders_are_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
