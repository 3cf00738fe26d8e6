/* Which table of kernels a name, or this processor, gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cblas.h>
#include <cmocka.h>

#include "kernel/kernel.h"

static void without_a_name_the_first_table_this_processor_runs_is_taken(void **state)
{
    (void)state;
    const en_kernels *best = NULL, *automatic = NULL;
    en_error err = {0};
    assert_int_equal(en_kernel_select(NULL, &best, &err), EN_OK);
    assert_int_equal(en_kernel_select("auto", &automatic, &err), EN_OK);
    assert_ptr_equal(best, automatic);
#if defined(__x86_64__)
    bool fma = __builtin_cpu_supports("fma");
    bool avx512 = fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    bool avx2 = fma && __builtin_cpu_supports("avx2");
    assert_string_equal(best->name, avx512 ? "avx512" : avx2 ? "avx2" : "generic");
#endif
}

static void every_known_name_gives_its_own_table_or_says_the_processor_cannot(void **state)
{
    (void)state;
    for (const char *const *name = en_kernel_names(); *name != NULL; name++) {
        const en_kernels *k = NULL;
        en_error err = {0};
        en_status st = en_kernel_select(*name, &k, &err);
        if (st == EN_OK) {
            assert_string_equal(k->name, *name);
        } else {
            assert_int_equal(st, EN_FAILED);
            assert_non_null(strstr(err.text, *name));
        }
    }
}

static void a_misspelt_name_is_refused_with_the_nearest_one(void **state)
{
    (void)state;
    const en_kernels *k = NULL;
    en_error err = {0};
    assert_int_equal(en_kernel_select("generik", &k, &err), EN_USAGE);
    assert_string_equal(err.text, "unknown kernels 'generik' (did you mean generic?)");
    assert_int_equal(en_kernel_select("itanium", &k, &err), EN_USAGE);
    assert_null(k);
}

static void openblas_gets_no_threads_of_its_own(void **state)
{
    (void)state;
    const en_kernels *k = NULL;
    openblas_set_num_threads(2);
    assert_int_equal(en_kernel_select(NULL, &k, NULL), EN_OK);
    assert_int_equal(openblas_get_num_threads(), 1);
}

static void only_the_generic_table_multiplies_by_openblas_and_says_its_version_and_processor(void **state)
{
    (void)state;
    for (const char *const *name = en_kernel_names(); *name != NULL; name++) {
        const en_kernels *k;
        char text[160];
        if (en_kernel_select(*name, &k, NULL) != EN_OK) {
            continue; /* not on this processor */
        }
        assert_ptr_equal(en_kernel_blas(k, text, sizeof text), text);
        if (strcmp(*name, "generic") == 0) {
            assert_int_equal(strncmp(text, "OpenBLAS ", 9), 0);
            assert_non_null(strchr(text + 9, ' '));
        } else {
            assert_string_equal(text, "eyenet");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openblas_gets_no_threads_of_its_own), /* first: it is told once in a process */
        cmocka_unit_test(without_a_name_the_first_table_this_processor_runs_is_taken),
        cmocka_unit_test(every_known_name_gives_its_own_table_or_says_the_processor_cannot),
        cmocka_unit_test(a_misspelt_name_is_refused_with_the_nearest_one),
        cmocka_unit_test(only_the_generic_table_multiplies_by_openblas_and_says_its_version_and_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
