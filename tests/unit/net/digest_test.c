/* Checksums: of headers, and of files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/hash.h"
#include "net/digest.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The vectors of RFC 3720, B.4, and the check value of the CRC catalogue. */
static void the_crc_is_that_of_the_standard(void **state)
{
    (void)state;
    unsigned char up[32], zeros[32] = {0};
    for (unsigned i = 0; i < 32; i++) {
        up[i] = (unsigned char)i;
    }
    assert_int_equal(en_crc32c(0, "123456789", 9), 0xE3069283);
    assert_int_equal(en_crc32c(0, zeros, 32), 0x8A9136AA);
    assert_int_equal(en_crc32c(0, up, 32), 0x46DD794E);
    assert_int_equal(en_crc32c(en_crc32c(0, up, 13), up + 13, 19), 0x46DD794E); /* in pieces */
    assert_int_equal(en_crc32c(5, up, 0), 5);
}

static en_http_sums sums;

static void says(const char *name, const char *value, bool whole)
{
    sums = (en_http_sums){0};
    en_http_sums_header(&sums, name, value, whole);
}

/* Of "123456789". */
#define CRC "4waSgw=="
#define MD5 "JfnnlDI7RTiF9RgfG2JNCw=="
#define SHA "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="

static void every_form_of_a_checksum_is_read(void **state)
{
    (void)state;
    says("X-Goog-Hash", "crc32c=" CRC ",md5=" MD5, false);
    assert_true(sums.has_crc32c && sums.has_md5 && !sums.has_sha256);
    assert_int_equal(sums.crc32c, 0xE3069283);
    assert_memory_equal(sums.md5, "\x25\xf9\xe7\x94\x32\x3b\x45\x38\x85\xf5\x18\x1f\x1b\x62\x4d\x0b", 16);
    says("repr-digest", "sha-256=:" SHA ":", false);
    assert_true(sums.has_sha256);
    says("Digest", "SHA-256=" SHA ", md5=" MD5, false);
    assert_true(sums.has_sha256 && sums.has_md5);
    says("x-amz-checksum-crc32c", CRC, false);
    assert_true(sums.has_crc32c);
    says("content-md5", MD5, true);
    assert_true(sums.has_md5);
}

static void what_is_no_checksum_of_the_file_counts_for_nothing(void **state)
{
    (void)state;
    static const char *const none[][2] = {{"content-md5", MD5},
                                          {"content-digest", "sha-256=:" SHA ":"},
                                          {"x-goog-hash", "md5=" CRC},
                                          {"x-goog-hash", "crc32c=!"},
                                          {"x-goog-hash", "md5"},
                                          {"x-amz-checksum-crc32c", CRC "-3"},
                                          {"repr-digest", "sha-512=:" SHA ":"},
                                          {"x-goog-hash", "=,=,"},
                                          {"etag", MD5}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        says(none[i][0], none[i][1], false); /* of a part of the file only */
        assert_false(en_http_sums_any(&sums));
    }
}

static void a_file_is_compared_with_each_of_them(void **state)
{
    (void)state;
    static const char *const headers[][3] = {{"x-goog-hash", "crc32c=" CRC, "CRC-32C"},
                                             {"x-goog-hash", "md5=" MD5, "MD5"},
                                             {"digest", "sha-256=" SHA, "SHA-256"}};
    char path[] = "/tmp/eyenet-digest-XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(pwrite(fd, "123456789and more", 17, 0), 17);
    en_error err;
    for (size_t i = 0; i < 3; i++) {
        says(headers[i][0], headers[i][1], false);
        assert_int_equal(en_http_sums_check(&sums, fd, path, 9, NULL, &err), EN_OK);
        assert_int_equal(en_http_sums_check(&sums, fd, path, 10, NULL, &err), EN_NETWORK);
        assert_non_null(strstr(err.text, headers[i][2]));
        assert_int_equal(en_http_sums_check(&sums, fd, path, 18, NULL, &err), EN_IO); /* there are 17 */
    }
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_crc_is_that_of_the_standard),
        cmocka_unit_test(every_form_of_a_checksum_is_read),
        cmocka_unit_test(what_is_no_checksum_of_the_file_counts_for_nothing),
        cmocka_unit_test(a_file_is_compared_with_each_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
