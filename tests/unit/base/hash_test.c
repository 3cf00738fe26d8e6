/* Hashes against published values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/hash.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/evp.h>

/* The linker puts these in the place of OpenSSL's. */
static bool add_fails, end_fails;
int __real_EVP_DigestUpdate(EVP_MD_CTX *md, const void *data, size_t bytes);
int __wrap_EVP_DigestUpdate(EVP_MD_CTX *md, const void *data, size_t bytes);
int __wrap_EVP_DigestUpdate(EVP_MD_CTX *md, const void *data, size_t bytes)
{
    return add_fails ? 0 : __real_EVP_DigestUpdate(md, data, bytes);
}
int __real_EVP_DigestFinal_ex(EVP_MD_CTX *md, unsigned char *sum, unsigned int *bytes);
int __wrap_EVP_DigestFinal_ex(EVP_MD_CTX *md, unsigned char *sum, unsigned int *bytes);
int __wrap_EVP_DigestFinal_ex(EVP_MD_CTX *md, unsigned char *sum, unsigned int *bytes)
{
    return end_fails ? 0 : __real_EVP_DigestFinal_ex(md, sum, bytes);
}

static void sha256_of_abc_is_that_of_fips_180_4(void **state)
{
    (void)state;
    en_error err;
    char hex[EN_SHA256_HEX];
    assert_int_equal(en_sha256_bytes("abc", 3, hex, &err), EN_OK);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void a_hash_in_pieces_is_the_hash_of_the_whole_and_restarts(void **state)
{
    (void)state;
    en_error err;
    char whole[EN_SHA256_HEX], pieces[EN_SHA256_HEX];
    assert_int_equal(en_sha256_bytes("hello world", 11, whole, &err), EN_OK);
    en_sha256 *h = en_sha256_new();
    for (int round = 0; round < 2; round++) {
        en_sha256_add(h, "hello", 5);
        en_sha256_add(h, " world", 6);
        assert_true(en_sha256_hex(h, pieces));
        assert_string_equal(pieces, whole);
    }
    en_sha256_free(h);
}

static void a_library_that_fails_gives_no_hash_and_no_success(void **state)
{
    (void)state;
    en_error err;
    char hex[EN_SHA256_HEX];
    add_fails = true;
    assert_int_equal(en_sha256_bytes("abc", 3, hex, &err), EN_IO);
    assert_string_equal(hex, "");
    assert_int_equal(en_sha256_file("/proc/self/exe", hex, &err), EN_IO);
    add_fails = false;
    end_fails = true;
    assert_int_equal(en_sha256_bytes("abc", 3, hex, &err), EN_IO);
    assert_non_null(strstr(err.text, "SHA-256"));
    end_fails = false;
    en_sha256 *h = en_sha256_new();
    add_fails = true;
    en_sha256_add(h, "abc", 3);
    add_fails = false;
    en_sha256_add(h, "abc", 3); /* what was left out stays left out */
    assert_false(en_sha256_hex(h, hex));
    en_sha256_add(h, "abc", 3); /* and the next hash is a good one */
    assert_true(en_sha256_hex(h, hex));
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    en_sha256_free(h);
}

static void crc32_of_the_digits_is_the_check_value_of_the_polynomial(void **state)
{
    (void)state;
    assert_int_equal(en_crc32(0, "123456789", 9), 0xCBF43926u);
    assert_int_equal(en_crc32(en_crc32(0, "1234", 4), "56789", 5), 0xCBF43926u);
    assert_int_equal(en_crc32(0xCBF43926u, NULL, 0), 0xCBF43926u);
}

static void crc32_does_not_depend_on_the_pieces(void **state)
{
    (void)state;
    unsigned char data[3000];
    uint32_t bytewise = 0;
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (unsigned char)(i * i + i / 7);
        bytewise = en_crc32(bytewise, &data[i], 1);
    }
    for (size_t cut = 0; cut <= 3000; cut += 13) {
        assert_int_equal(en_crc32(en_crc32(0, data, cut), data + cut, sizeof data - cut), bytewise);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_abc_is_that_of_fips_180_4),
        cmocka_unit_test(a_hash_in_pieces_is_the_hash_of_the_whole_and_restarts),
        cmocka_unit_test(a_library_that_fails_gives_no_hash_and_no_success),
        cmocka_unit_test(crc32_of_the_digits_is_the_check_value_of_the_polynomial),
        cmocka_unit_test(crc32_does_not_depend_on_the_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
