/* The table of kinds of sources: by scheme, and for paths by what is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/fetch/kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void put_file(const char *path)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
}

static int enter_scratch(void **state)
{
    (void)state;
    char folder[] = "/tmp/eyenet-kind-XXXXXX";
    return mkdtemp(folder) != NULL ? chdir(folder) : 1;
}

static void a_scheme_says_its_kind_in_any_case(void **state)
{
    (void)state;
    assert_ptr_equal(en_fetch_kind_of("http://example.org/a.zip"), &en_fetch_url);
    assert_ptr_equal(en_fetch_kind_of("HTTPS://example.org/a.zip"), &en_fetch_url);
    assert_ptr_equal(en_fetch_kind_of("kaggle:diabetic-retinopathy-detection"), &en_fetch_kaggle);
    assert_ptr_equal(en_fetch_kind_of("s3://bucket/eyes"), &en_fetch_s3);
    assert_null(en_fetch_kind_of("ftp://example.org/a.zip"));
}

static void a_path_is_of_the_kind_that_is_there(void **state)
{
    (void)state;
    assert_null(en_fetch_kind_of("eyes"));
    assert_int_equal(mkdir("eyes", 0777), 0);
    assert_ptr_equal(en_fetch_kind_of("eyes"), &en_fetch_folder);
    put_file("train.zip.001");
    assert_ptr_equal(en_fetch_kind_of("train.zip.001"), &en_fetch_files);
    assert_ptr_equal(en_fetch_kind_of("train.zip"), &en_fetch_files); /* of which only volumes are there */
    FILE *list = fopen("links.txt", "w");
    assert_non_null(list);
    assert_true(fputs("\nhttps://example.org/train.zip.001?sig=x\n", list) >= 0);
    fclose(list);
    assert_ptr_equal(en_fetch_kind_of("links.txt"), &en_fetch_links);
    put_file("s3:eyes.zip");
    assert_ptr_equal(en_fetch_kind_of("s3:eyes.zip"), &en_fetch_files); /* what is there comes first */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scheme_says_its_kind_in_any_case),
        cmocka_unit_test(a_path_is_of_the_kind_that_is_there),
    };
    return cmocka_run_group_tests(tests, enter_scratch, NULL);
}
