/* Messages are the bytes that the encoding prescribes, with weights that are not copied in their places. */
#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "export/proto.h"
#include "base/memory.h"

#define FILE_NAME "proto_test.out"

static void bytes_are(en_proto *p, const char *wanted, size_t count)
{
    char got[512];
    OK(en_proto_save(p, "test", FILE_NAME, &err));
    FILE *f = fopen(FILE_NAME, "rb");
    assert_non_null(f);
    size_t size = fread(got, 1, sizeof got, f);
    fclose(f);
    unlink(FILE_NAME);
    assert_int_equal(size, count);
    assert_memory_equal(got, wanted, count);
    assert_int_equal(en_proto_size(p), count);
    en_proto_clear(p);
}
#define BYTES(p, text) bytes_are(p, text, sizeof(text) - 1)

/* The examples of https://protobuf.dev/programming-guides/encoding, and both ends of a range. */
static void fields_are_encoded(void **state)
{
    (void)state;
    en_proto p, child;
    en_proto_init(&p);
    en_proto_init(&child);
    en_proto_int(&p, 1, 150);
    BYTES(&p, "\x08\x96\x01");
    en_proto_text(&p, 2, "testing");
    BYTES(&p, "\x12\x07testing");
    en_proto_int(&child, 1, 150);
    en_proto_message(&p, 3, &child);
    BYTES(&p, "\x1a\x03\x08\x96\x01");
    en_proto_ints(&p, 6, (const int64_t[]){3, 270, 86942}, 3);
    BYTES(&p, "\x32\x06\x03\x8e\x02\x9e\xa7\x05");
    en_proto_int(&p, 1, -1);
    BYTES(&p, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    en_proto_float(&p, 16, 1.0F);
    BYTES(&p, "\x85\x01\x00\x00\x80\x3f");
    en_proto_double(&p, 1, 1.0);
    BYTES(&p, "\x09\x00\x00\x00\x00\x00\x00\xf0\x3f");
    en_proto_text(&p, 1, "");
    BYTES(&p, "\x0a\x00");
}

static void weights_stand_where_they_were_named(void **state)
{
    (void)state;
    static const float first[] = {1, 2}, second[] = {-1};
    en_proto p, child, grandchild;
    en_proto_init(&p);
    en_proto_init(&child);
    en_proto_init(&grandchild);
    float *own = en_alloc(sizeof *own);
    assert_non_null(own);
    *own = 2;
    en_proto_floats(&grandchild, 1, first, 2);
    en_proto_int(&grandchild, 2, 5);
    en_proto_floats_owned(&grandchild, 3, own, 1);
    en_proto_int(&child, 1, 7);
    en_proto_message(&child, 2, &grandchild);
    en_proto_floats(&child, 3, second, 1);
    assert_int_equal(en_proto_size(&grandchild), 0);
    en_proto_int(&p, 1, 9);
    en_proto_message(&p, 2, &child);
    en_proto_int(&p, 3, 1);
    BYTES(&p, "\x08\x09\x12\x1c\x08\x07\x12\x12\x0a\x08\x00\x00\x80\x3f\x00\x00\x00\x40\x10\x05\x1a\x04\x00\x00\x00\x40"
              "\x1a\x04\x00\x00\x80\xbf\x18\x01");
}

static void an_error_is_remembered_through_messages(void **state)
{
    (void)state;
    en_proto p, child;
    en_proto_init(&p);
    en_proto_init(&child);
    en_proto_floats_owned(&child, 1, NULL, 3);
    en_proto_message(&p, 2, &child);
    en_proto_int(&p, 3, 1);
    FAILS(en_proto_save(&p, "test", FILE_NAME, &err), EN_NOMEM, "weights");
    assert_int_not_equal(access(FILE_NAME, F_OK), 0);
    en_proto_clear(&p);
}

static void every_allocation_that_fails_is_an_error(void **state)
{
    (void)state;
    static const float value[3] = {1, 2, 3};
    en_status st = EN_NOMEM;
    for (long nth = 1; st != EN_OK; nth++) {
        en_proto p, child;
        en_proto_init(&p);
        en_proto_init(&child);
        en_alloc_fail_at(nth);
        en_proto_text(&child, 1, "text");
        en_proto_floats(&child, 2, value, 3);
        en_proto_message(&p, 3, &child);
        en_error err;
        st = en_proto_save(&p, "test", FILE_NAME, &err);
        en_alloc_fail_at(0);
        assert_true(st == EN_OK || st == EN_NOMEM);
        assert_true((st == EN_OK) == (access(FILE_NAME, F_OK) == 0));
        assert_true(nth < 100);
        en_proto_clear(&child);
        en_proto_clear(&p);
    }
    unlink(FILE_NAME);
}

static void more_than_a_reader_takes_is_refused(void **state)
{
    (void)state;
    en_proto p;
    en_proto_init(&p);
    en_proto_floats(&p, 1, (const float[]){1}, (size_t)1 << 29); /* never read */
    FAILS(en_proto_save(&p, "ONNX", FILE_NAME, &err), EN_INPUT, "ONNX files have at most 2 GiB");
    assert_int_not_equal(access(FILE_NAME, F_OK), 0);
    en_proto_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_encoded),
        cmocka_unit_test(weights_stand_where_they_were_named),
        cmocka_unit_test(an_error_is_remembered_through_messages),
        cmocka_unit_test(every_allocation_that_fails_is_an_error),
        cmocka_unit_test(more_than_a_reader_takes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
