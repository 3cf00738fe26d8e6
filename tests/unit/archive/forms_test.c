/* Archives as programs write them: each form, what stands around a zip, and what a tar may lack. */
#include "made.h"

#include <archive_entry.h>
#include <stdio.h>
#include <string.h>

#include "archive/zipdir.h"
#include "base/file.h"

static void every_form_is_read(void **state)
{
    (void)state;
    for (int f = 0; f < FORMS; f++) {
        make(names[f], (form)f, MEMBERS);
        outcome o = read_all(names[f]);
        if (o.status != EN_OK || o.good != MEMBERS) {
            fail_msg("%s: %d good, status %d: %s", names[f], o.good, (int)o.status, o.err.text);
        }
    }
}

/* `before` bytes, a zip, and `behind` bytes, which are its comment when it says so. */
static void save_amid(size_t before, const en_buf *zip, size_t behind, bool comment)
{
    FILE *f = fopen("amid.zip", "wb");
    assert_non_null(f);
    for (size_t i = 0; i < before; i++) {
        fputc(i % 7 == 0 ? 'M' : 'Z', f);
    }
    size_t last = zip->size - (comment ? 2 : 0);
    assert_int_equal(fwrite(zip->data, 1, last, f), last);
    if (comment) {
        fputc((int)(behind & 0xff), f);
        fputc((int)(behind >> 8), f);
    }
    for (size_t i = 0; i < behind; i++) {
        fputc("PK\5\6"[i % 4], f); /* as the end of a zip begins */
    }
    assert_int_equal(fclose(f), 0);
}

static void bytes_before_and_behind_a_zip_do_not_matter(void **state)
{
    (void)state;
    const struct {
        size_t before, behind;
        bool comment;
    } amid[] = {{5000, 0, false}, {0, 1000, false}, {0, 65535, true}, {200000, 40000, true}, {3, 2, false}};
    for (int f = ZIP; f <= STORED; f++) {
        en_buf all;
        make(names[f], (form)f, MEMBERS);
        load(names[f], &all);
        for (size_t i = 0; i < sizeof amid / sizeof *amid; i++) {
            save_amid(amid[i].before, &all, amid[i].behind, amid[i].comment);
            outcome o = read_all("amid.zip");
            assert_int_equal(o.status, EN_OK);
            assert_int_equal(o.good, MEMBERS);
        }
        en_buf_clear(&all);
    }
}

static void the_directory_must_be_as_long_as_its_end_says(void **state)
{
    (void)state;
    for (int more = -1; more <= 1; more += 2) {
        en_buf all;
        make("a.zip", ZIP, MEMBERS);
        load("a.zip", &all);
        char *end = find(&all, "PK\5\6", 4, 0);
        end[8] = end[10] = (char)(MEMBERS + more);
        save("hurt.zip", &all);
        outcome o = read_all("hurt.zip");
        assert_int_equal(o.status, EN_INPUT);
        assert_int_equal(o.good, 0);
        assert_non_null(strstr(o.err.text, more < 0 ? "its directory has 5 members, and its end says 4"
                                                    : "its directory is damaged"));
        en_buf_clear(&all);
    }
}

/* Writers without zip64 begin again at 65,536. */
static void more_members_than_are_counted_are_read(void **state)
{
    (void)state;
    enum { ENTRIES = 65536 + MEMBERS, LOCAL = 31, ENTRY = 47, END = 22 };
    static unsigned char zip[(size_t)ENTRIES * (LOCAL + ENTRY) + END];
    unsigned char *local = zip, *entry = zip + (size_t)ENTRIES * LOCAL;
    memset(zip, 0, sizeof zip);
    for (uint32_t i = 0; i < ENTRIES; i++, local += LOCAL, entry += ENTRY) {
        uint32_t at = i * LOCAL;
        memcpy(local, "PK\3\4\12", 5);
        local[26] = entry[28] = 1;
        local[30] = entry[46] = '/'; /* its name: a folder without one */
        memcpy(entry, "PK\1\2\12\0\12", 7);
        for (int b = 0; b < 4; b++) {
            entry[42 + b] = (unsigned char)(at >> (8 * b));
        }
    }
    memcpy(entry, "PK\5\6", 4);
    entry[8] = entry[10] = MEMBERS;
    for (int b = 0; b < 4; b++) {
        entry[12 + b] = (unsigned char)((uint32_t)(ENTRIES * ENTRY) >> (8 * b));
        entry[16 + b] = (unsigned char)((uint32_t)(ENTRIES * LOCAL) >> (8 * b));
    }
    const en_buf all = {.data = (char *)zip, .size = sizeof zip};
    save("many.zip", &all);
    en_volumes v;
    en_zip_directory d;
    en_error err;
    assert_int_equal(en_volumes_find("many.zip", &v, &err), EN_OK);
    assert_int_equal(en_zip_directory_read(&v, ENTRIES, &d, &err), EN_OK);
    assert_int_equal(d.count, ENTRIES);
    assert_true(d.unusual);
    en_zip_directory_clear(&d);
    assert_int_equal(en_zip_directory_read(&v, ENTRIES - 1, &d, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "it has more than 65540 members"));
    en_volumes_clear(&v);
}

static void a_directory_without_a_place_is_before_its_end(void **state)
{
    (void)state;
    en_buf all;
    make("a.zip", ZIP, MEMBERS);
    load("a.zip", &all);
    memset(find(&all, "PK\5\6", 4, 0) + 16, 0xff, 4);
    save("hurt.zip", &all);
    outcome o = read_all("hurt.zip");
    assert_int_equal(o.status, EN_OK);
    assert_int_equal(o.good, MEMBERS);
    en_buf_clear(&all);
}

static void a_zip_without_members_is_read(void **state)
{
    (void)state;
    const en_buf end = {.data = "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", .size = 22};
    save("none.zip", &end);
    outcome o = read_all("none.zip");
    assert_int_equal(o.status, EN_OK);
    assert_int_equal(o.good + o.damaged, 0);
}

static void a_tar_without_a_mark_is_known_by_its_sum(void **state)
{
    (void)state;
    unsigned char head[512] = "eyes/0.jpeg";
    memcpy(head + 100, "0000644\0", 8);
    memcpy(head + 124, "00000005670 00000000000", 23);
    memset(head + 148, ' ', 8);
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof head; i++) {
        sum += head[i];
    }
    snprintf((char *)head + 148, 8, "%06o", sum);
    assert_true(en_archive_known(head, sizeof head));
    head[3] ^= 1;
    assert_false(en_archive_known(head, sizeof head));
    memset(head, 0, sizeof head);
    assert_false(en_archive_known(head, sizeof head));
}

/* The bytes of a tar, compressed as `f` is. */
static void save_compressed(const char *path, form f, const en_buf *tar)
{
    struct archive *lib = archive_write_new();
    struct archive_entry *header = archive_entry_new();
    set_form(lib, f);
    assert_int_equal(archive_write_set_format_raw(lib), ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(lib, path), ARCHIVE_OK);
    archive_entry_set_filetype(header, AE_IFREG);
    assert_int_equal(archive_write_header(lib, header), ARCHIVE_OK);
    assert_int_equal(archive_write_data(lib, tar->data, tar->size), tar->size);
    archive_entry_free(header);
    assert_int_equal(archive_write_close(lib), ARCHIVE_OK);
    archive_write_free(lib);
}

static void assert_ended(const char *path, int members, bool ended)
{
    en_archive *archive;
    const en_member *member;
    en_volumes v;
    en_error err;
    assert_int_equal(en_volumes_find(path, &v, &err), EN_OK);
    en_status st = en_archive_open(&v, NULL, &archive, &err);
    int found = 0;
    while (st == EN_OK && (st = en_archive_next(archive, &member, &err)) == EN_OK) {
        found++;
    }
    assert_int_equal(st, EN_DONE);
    assert_int_equal(found, members);
    assert_int_equal(en_archive_is_ended(archive), ended);
    en_archive_free(archive);
    en_volumes_clear(&v);
}

static void a_tar_without_its_end_is_said_so(void **state)
{
    (void)state;
    en_buf tar;
    make("a.tar", TAR, MEMBERS);
    load("a.tar", &tar);
    tar.size = 2 * (512 + (BYTES + 511) / 512 * 512); /* between two members, where nothing else shows */
    for (int f = TAR; f < FORMS; f++) {
        make(names[f], (form)f, MEMBERS);
        assert_ended(names[f], MEMBERS, true);
        if (f != SEVEN) {
            save_compressed("cut.tar", (form)f, &tar);
            assert_ended("cut.tar", 2, false);
        }
    }
    en_buf_clear(&tar);
}

static void two_gzip_streams_are_one_file(void **state)
{
    (void)state;
    en_buf all, tar;
    make("a.tar", TAR, MEMBERS);
    load("a.tar", &tar);
    en_buf_init(&all, 1 << 24);
    for (int half = 0; half < 2; half++) { /* as pigz and bgzip write them */
        struct archive *lib = archive_write_new();
        struct archive_entry *header = archive_entry_new();
        size_t from = half == 0 ? 0 : 4000, bytes = half == 0 ? 4000 : tar.size - 4000;
        assert_int_equal(archive_write_set_format_raw(lib), ARCHIVE_OK);
        assert_int_equal(archive_write_add_filter_gzip(lib), ARCHIVE_OK);
        assert_int_equal(archive_write_set_bytes_in_last_block(lib, 1), ARCHIVE_OK);
        assert_int_equal(archive_write_open_filename(lib, "half.gz"), ARCHIVE_OK);
        archive_entry_set_pathname(header, "half");
        archive_entry_set_filetype(header, AE_IFREG);
        assert_int_equal(archive_write_header(lib, header), ARCHIVE_OK);
        assert_int_equal(archive_write_data(lib, tar.data + from, bytes), bytes);
        archive_entry_free(header);
        assert_int_equal(archive_write_close(lib), ARCHIVE_OK);
        archive_write_free(lib);
        en_error err;
        assert_int_equal(en_file_read("half.gz", &all, &err), EN_OK);
    }
    save("two.tar.gz", &all);
    outcome o = read_all("two.tar.gz");
    if (o.status != EN_OK) {
        fail_msg("%s", o.err.text);
    }
    assert_int_equal(o.good, MEMBERS);
    en_buf_clear(&all);
    en_buf_clear(&tar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(bytes_before_and_behind_a_zip_do_not_matter),
        cmocka_unit_test(the_directory_must_be_as_long_as_its_end_says),
        cmocka_unit_test(more_members_than_are_counted_are_read),
        cmocka_unit_test(a_directory_without_a_place_is_before_its_end),
        cmocka_unit_test(a_zip_without_members_is_read),
        cmocka_unit_test(a_tar_without_a_mark_is_known_by_its_sum),
        cmocka_unit_test(a_tar_without_its_end_is_said_so),
        cmocka_unit_test(two_gzip_streams_are_one_file),
    };
    return cmocka_run_group_tests(tests, make_scratch, drop_scratch);
}
