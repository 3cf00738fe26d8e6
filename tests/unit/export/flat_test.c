/* FlatBuffers are the bytes that the encoding prescribes: offsets lead to what they name, and data lie at multiples of
 * 16 behind everything else. */
#include "check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "export/flat.h"

#define FILE_NAME "flat_test.out"

static void make(en_flat *f)
{
    static const float weight[] = {1, 2, 3};
    en_flat_table root = {0}, child = {0};
    size_t first;
    en_flat_init(f, "TEST", "mark", 4);
    en_flat_int(&root, 0, 7);
    en_flat_offset(&root, 2);
    en_flat_byte(&root, 3, -1);
    en_flat_offset(&root, 4);
    en_flat_offset(&root, 5);
    en_flat_add(f, 0, &root);
    en_flat_text(f, root.field[2].place, "abc");
    en_flat_offsets(f, root.field[4].place, 2, &first);
    en_flat_float(&child, 1, 0.5);
    en_flat_data(f, root.field[5].place, weight, sizeof weight);
    en_flat_add(f, first, &child);
    en_flat_ints(f, first + 4, (const int32_t[]){5, -6}, 2);
}

/* A reader of what the writer has made, which stops at the end of the file. */
static en_buf file;

static size_t number(size_t at, size_t bytes)
{
    uint32_t value = 0;
    assert_true(at % bytes == 0 && at + bytes <= file.size);
    memcpy(&value, file.data + at, bytes);
    return value;
}

static size_t follow(size_t at) { return at + number(at, 4); }

/* Where a field of the table lies, or 0. */
static size_t field(size_t table, size_t index)
{
    const size_t vtable = table - number(table, 4);
    if (4 + 2 * index + 2 > number(vtable, 2) || number(vtable + 4 + 2 * index, 2) == 0) {
        return 0;
    }
    assert_true(number(vtable + 4 + 2 * index, 2) < number(vtable + 2, 2));
    return table + number(vtable + 4 + 2 * index, 2);
}

static void offsets_lead_to_what_they_name(void **state)
{
    (void)state;
    en_flat f;
    float value[3];
    make(&f);
    OK(en_flat_save(&f, "test", FILE_NAME, &err));
    en_flat_clear(&f);
    en_buf_init(&file, 1000);
    OK(en_file_read(FILE_NAME, &file, &err));
    unlink(FILE_NAME);
    assert_memory_equal(file.data + 4, "TESTmark", 8);
    const size_t root = follow(0);
    assert_int_equal(number(field(root, 0), 4), 7);
    assert_int_equal(field(root, 1), 0);
    assert_int_equal(number(field(root, 3), 1), 255);
    assert_int_equal(field(root, 6), 0);
    const size_t text = follow(field(root, 2));
    assert_int_equal(number(text, 4), 3);
    assert_string_equal(file.data + text + 4, "abc");
    const size_t offsets = follow(field(root, 4));
    assert_int_equal(number(offsets, 4), 2);
    assert_int_equal(number(field(follow(offsets + 4), 1), 4), 0x3f000000);
    const size_t ints = follow(offsets + 8);
    assert_int_equal(number(ints, 4), 2);
    assert_int_equal(number(ints + 4, 4), 5);
    assert_int_equal(number(ints + 8, 4), 0xfffffffa);
    const size_t data = follow(field(root, 5));
    assert_int_equal(number(data, 4), sizeof value);
    assert_int_equal((data + 4) % 16, 0);
    assert_int_equal(data + 4 + sizeof value, file.size);
    memcpy(value, file.data + data + 4, sizeof value);
    assert_true(value[0] == 1 && value[1] == 2 && value[2] == 3);
    en_buf_clear(&file);
}

static void every_allocation_that_fails_is_an_error(void **state)
{
    (void)state;
    en_status st = EN_NOMEM;
    for (long nth = 1; st != EN_OK; nth++) {
        en_flat f;
        en_error err;
        en_alloc_fail_at(nth);
        make(&f);
        st = en_flat_save(&f, "test", FILE_NAME, &err);
        en_alloc_fail_at(0);
        assert_true(st == EN_OK || st == EN_NOMEM);
        assert_true((st == EN_OK) == (access(FILE_NAME, F_OK) == 0));
        assert_true(nth < 100);
        en_flat_clear(&f);
    }
    unlink(FILE_NAME);
}

static void more_than_a_reader_takes_is_refused(void **state)
{
    (void)state;
    static const char byte = 1;
    en_flat f;
    en_flat_table root = {0};
    en_flat_init(&f, "TEST", "", 0);
    en_flat_offset(&root, 0);
    en_flat_add(&f, 0, &root);
    en_flat_data(&f, root.field[0].place, &byte, (size_t)1 << 31);
    FAILS(en_flat_save(&f, "test", FILE_NAME, &err), EN_INPUT, "test files have at most 2 GiB");
    assert_int_not_equal(access(FILE_NAME, F_OK), 0);
    en_flat_clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_lead_to_what_they_name),
        cmocka_unit_test(every_allocation_that_fails_is_an_error),
        cmocka_unit_test(more_than_a_reader_takes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
