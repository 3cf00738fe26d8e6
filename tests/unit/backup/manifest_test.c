/* Manifests: what is written is read, and a text from elsewhere leads nowhere. */
#include <stdio.h>
#include <stdlib.h>

#include "backup/manifest.h"
#include "base/memory.h"
#include "check.h"

#define NAME "0000000007-0123456789abcdef"
#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void begin(en_manifest *m)
{
    *m = (en_manifest){.about = {.project = en_strdup("a b/\n%")}};
    snprintf(m->about.created_at, sizeof m->about.created_at, "2026-11-27T12:00:00.123456789Z");
    snprintf(m->about.program, sizeof m->about.program, "0.1.0");
}

static void add(en_manifest *m, const char *path, int64_t bytes, size_t first)
{
    OK(en_manifest_add(m, path, bytes, HASH, first, &err));
}

/* A manifest of the catalog and one file more, as text. */
static void text_of(const char *path, int64_t bytes, size_t parts, en_buf *text)
{
    en_manifest m;
    begin(&m);
    add(&m, "eyenet.db", 10, 0);
    for (size_t i = 0; i < parts; i++) {
        OK(en_manifest_add_part(&m, HASH, &err));
    }
    add(&m, path, bytes, 0);
    en_buf_reset(text);
    OK(en_manifest_write(&m, text, &err));
    en_manifest_clear(&m);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    static const char *const path[] = {"photos/1/a b\n%.jpeg", "photos/1/\xff\xfe.jpeg", "runs/x/model.safetensors"};
    const int64_t big = (int64_t)EN_BACKUP_CHUNK * 2 + 1;
    en_manifest m, back;
    en_buf text;
    en_buf_init(&text, 1 << 20);
    begin(&m);
    for (size_t i = 3; i-- > 0;) {
        add(&m, path[i], (int64_t)i, 0);
    }
    for (int i = 0; i < 3; i++) {
        char hash[EN_SHA256_HEX] = HASH;
        hash[0] = (char)('a' + i);
        OK(en_manifest_add_part(&m, hash, &err));
    }
    add(&m, "samples/recipe-1.pack", big, 0);
    add(&m, "eyenet.db", (int64_t)EN_BACKUP_CHUNK, 0);
    OK(en_manifest_write(&m, &text, &err));
    OK(en_manifest_read(&back, NAME, &text, &err));
    assert_int_equal(back.about.number, 7);
    assert_int_equal(back.about.files, 5);
    assert_int_equal(back.about.bytes, 3 + big + (int64_t)EN_BACKUP_CHUNK);
    assert_string_equal(back.about.project, "a b/\n%");
    assert_string_equal(back.about.created_at, m.about.created_at);
    for (size_t i = 0; i < 3; i++) {
        const en_backup_file *f = en_manifest_find(&back, path[i]);
        assert_non_null(f);
        assert_int_equal(f->bytes, i);
    }
    size_t bytes;
    const en_backup_file *pack = en_manifest_find(&back, "samples/recipe-1.pack");
    assert_int_equal(en_manifest_chunks(pack->bytes), 3);
    assert_int_equal(en_manifest_chunk(&back, pack, 2, &bytes)[0], 'c');
    assert_int_equal(bytes, 1);
    const en_backup_file *catalog = en_manifest_find(&back, "eyenet.db");
    assert_int_equal(en_manifest_chunks(catalog->bytes), 1);
    assert_string_equal(en_manifest_chunk(&back, catalog, 0, &bytes), HASH);
    assert_int_equal(bytes, EN_BACKUP_CHUNK);
    en_manifest_clear(&m);
    en_manifest_clear(&back);
    en_buf_clear(&text);
}

static void a_path_that_is_none_of_a_project_is_refused(void **state)
{
    (void)state;
    static const char *const path[] = {"../x",
                                       "/etc/passwd",
                                       "photos/../../x",
                                       "photos/1/../../../x",
                                       "photos",
                                       "photos/",
                                       "photos//x",
                                       "photos/./x",
                                       "eyenet.db-wal",
                                       "x",
                                       "photosx/a",
                                       "downloads/x",
                                       "runs/..",
                                       "",
                                       ".",
                                       "eyenet.db.copy/x",
                                       "./eyenet.db"};
    en_manifest m;
    en_buf text;
    en_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        text_of(path[i], 1, 0, &text);
        FAILS(en_manifest_read(&m, NAME, &text, &err), EN_INPUT, "a file that is not one of a project");
    }
    text_of("eyenet.db", 1, 0, &text);
    FAILS(en_manifest_read(&m, NAME, &text, &err), EN_INPUT, "not in order");
    en_buf_clear(&text);
}

static void lengths_are_those_of_the_lines(void **state)
{
    (void)state;
    static const struct {
        int64_t bytes;
        size_t parts;
    } wrong[] = {{(int64_t)1 << 51, 0}, {INT64_MAX, 0}, {-1, 0}};
    en_manifest m;
    en_buf text;
    en_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        begin(&m);
        add(&m, "eyenet.db", 10, 0);
        OK(en_buf_printf(&text, &err,
                         "eyenet backup 1\ncreated x\nprogram x\nproject x\nfile " HASH " 10 eyenet.db\nfile " HASH
                         " %lld photos/1/x\nend 2 1 " HASH "\n",
                         (long long)wrong[i].bytes));
        en_manifest_clear(&m);
        FAILS(en_manifest_read(&m, NAME, &text, &err), EN_INPUT, "a line of a file cannot be read");
        en_buf_reset(&text);
    }
    /* a long file without its parts, with too few, and a short one with parts */
    OK(en_buf_printf(&text, &err,
                     "eyenet backup 1\ncreated x\nprogram x\nproject x\nfile " HASH " 99999999999 eyenet.db\npart " HASH
                     "\nend 1 99999999999 " HASH "\n"));
    FAILS(en_manifest_read(&m, NAME, &text, &err), EN_INPUT, "its end cannot be read");
    en_buf_reset(&text);
    OK(en_buf_printf(&text, &err,
                     "eyenet backup 1\ncreated x\nprogram x\nproject x\nfile " HASH " 5 eyenet.db\npart " HASH
                     "\nend 1 5 " HASH "\n"));
    FAILS(en_manifest_read(&m, NAME, &text, &err), EN_INPUT, "a line of a part cannot be read");
    en_buf_clear(&text);
}

static void no_cut_and_no_flipped_byte_passes(void **state)
{
    (void)state;
    en_manifest m;
    en_buf text;
    en_error why;
    en_buf_init(&text, 1 << 20);
    text_of("photos/1/x.jpeg", 4, 0, &text);
    const size_t size = text.size;
    for (size_t i = 0; i < size; i++) {
        text.size = i;
        assert_int_equal(en_manifest_read(&m, NAME, &text, &why), EN_INPUT);
        text.size = size;
        for (int bit = 0; bit < 8; bit++) {
            text.data[i] = (char)(text.data[i] ^ (1 << bit));
            assert_int_equal(en_manifest_read(&m, NAME, &text, &why), EN_INPUT);
            text.data[i] = (char)(text.data[i] ^ (1 << bit));
        }
    }
    OK(en_manifest_read(&m, NAME, &text, &err));
    en_manifest_clear(&m);
    en_buf_clear(&text);
}

static void names_are_numbers_and_random_digits(void **state)
{
    (void)state;
    assert_int_equal(en_backup_number(NAME), 7);
    assert_int_equal(en_backup_number("9999999999-0123456789abcdef"), 9999999999);
    static const char *const wrong[] = {"",
                                        "7",
                                        "0000000000-0123456789abcdef",
                                        "000000007-0123456789abcdef",
                                        "0000000007_0123456789abcdef",
                                        "0000000007-0123456789ABCDEF",
                                        "0000000007-0123456789abcdef0",
                                        "0000000007-0123456789abcde",
                                        "-000000007-0123456789abcdef",
                                        ".part"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(en_backup_number(wrong[i]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_path_that_is_none_of_a_project_is_refused),
        cmocka_unit_test(lengths_are_those_of_the_lines),
        cmocka_unit_test(no_cut_and_no_flipped_byte_passes),
        cmocka_unit_test(names_are_numbers_and_random_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
