/* Damage in archives: what is found, what it costs, and what it is called. */
#include "made.h"

#include <archive_entry.h>
#include <stdio.h>
#include <string.h>

/* A flipped bit anywhere: refused, or the same bytes. */
static void no_flipped_bit_gives_other_bytes(void **state)
{
    (void)state;
    uint32_t x = 12345;
    for (int f = 0; f < FORMS; f++) {
        if (f == TAR || f == ZSTD) { /* which have no checksum of contents, as libarchive writes zstd */
            continue;
        }
        en_buf all;
        make(names[f], (form)f, MEMBERS);
        load(names[f], &all);
        for (int k = 0; k < 150; k++) {
            x = x * 1664525 + 1013904223;
            size_t at = (x >> 4) % all.size;
            all.data[at] ^= (char)(1 << (x >> 29));
            save("flipped", &all);
            all.data[at] ^= (char)(1 << (x >> 29));
            outcome o = read_all("flipped");
            if (o.wrong > 0 || (o.status == EN_OK && o.good + o.damaged != MEMBERS)) {
                fail_msg("%s, byte %zu: %d good, %d wrong, %d damaged", names[f], at, o.good, o.wrong, o.damaged);
            }
        }
        en_buf_clear(&all);
    }
}

static void a_damaged_member_of_a_zip_costs_only_itself(void **state)
{
    (void)state;
    for (int f = ZIP; f <= STORED; f++) {
        en_buf all;
        make(names[f], (form)f, MEMBERS);
        load(names[f], &all);
        char *second = find(&all, "eyes/1.jpeg", 11, 0);
        size_t extra = (unsigned char)second[-2] + 256u * (unsigned char)second[-1];
        memset(second + 11 + extra, 0xff, 8); /* where it begins: what was deflated is not any longer */
        save("hurt.zip", &all);
        outcome o = read_all("hurt.zip");
        assert_int_equal(o.status, EN_OK);
        assert_int_equal(o.good, MEMBERS - 1);
        assert_int_equal(o.damaged, 1);
        assert_non_null(strstr(o.damage, "eyes/1.jpeg"));
        en_buf_clear(&all);
    }
}

/* Changes one byte of a zip and expects one damaged member, called so. */
static void hurt(int nth, const char *needle, size_t bytes, long offset, char value, const char *words)
{
    en_buf all;
    make("a.zip", ZIP, MEMBERS);
    load("a.zip", &all);
    find(&all, needle, bytes, nth)[offset] = value;
    save("hurt.zip", &all);
    outcome o = read_all("hurt.zip");
    if (o.status != EN_OK || o.good != MEMBERS - 1 || o.damaged != 1 || strstr(o.damage, words) == NULL) {
        fail_msg("expected \"%s\": status %d, %d good, %d damaged: %s %s", words, (int)o.status, o.good, o.damaged,
                 o.damage, o.err.text);
    }
    en_buf_clear(&all);
}

static void the_two_headers_of_a_member_must_agree(void **state)
{
    (void)state;
    hurt(0, "eyes/2.jpeg", 11, 5, '7', "eyes/2.jpeg: its own header calls it 'eyes/7.jpeg'");
    hurt(2, "PK\3\4", 4, 8, 0, "eyes/2.jpeg: its own header and the directory have other methods");
}

static void a_header_that_is_gone_costs_only_its_member(void **state)
{
    (void)state;
    en_buf all;
    make("a.zip", ZIP, MEMBERS);
    load("a.zip", &all);
    find(&all, "PK\3\4", 4, 2)[0] = 'X';
    save("hurt.zip", &all);
    outcome o = read_all("hurt.zip");
    assert_int_equal(o.status, EN_OK);
    assert_int_equal(o.good, MEMBERS - 1);
    assert_int_equal(o.damaged, 1);
    assert_string_equal(o.damage, "eyes/2.jpeg: its header is not where the directory says");
    en_buf_clear(&all);
}

static void an_unknown_method_is_called_that(void **state)
{
    (void)state;
    en_buf all;
    make("a.zip", ZIP, MEMBERS);
    load("a.zip", &all);
    find(&all, "PK\3\4", 4, 1)[8] = 97;
    find(&all, "PK\1\2", 4, 1)[10] = 97;
    save("hurt.zip", &all);
    outcome o = read_all("hurt.zip");
    assert_int_equal(o.good, MEMBERS - 1);
    assert_string_equal(o.damage, "eyes/1.jpeg: it is compressed by a method that is not known here (97)");
    en_buf_clear(&all);
}

static void overlapping_members_are_refused(void **state)
{
    (void)state;
    en_buf all;
    make("stored.zip", STORED, MEMBERS);
    load("stored.zip", &all);
    char *third = find(&all, "PK\1\2", 4, 2), *second = find(&all, "PK\1\2", 4, 1);
    memcpy(third + 42, second + 42, 4);
    save("hurt.zip", &all);
    outcome o = read_all("hurt.zip");
    assert_int_equal(o.status, EN_INPUT);
    assert_non_null(strstr(o.err.text, "overlaps with what comes after it"));
    en_buf_clear(&all);
}

/* The archive in volumes of `step` bytes; volume `odd` (1, 2, ...) is `missing` bytes short. */
static void cut(const en_buf *all, size_t step, size_t odd, size_t missing)
{
    size_t number = 1;
    for (size_t at = 0; at < all->size; at += step, number++) {
        char path[32];
        size_t bytes = all->size - at < step ? all->size - at : step;
        en_buf part = {.data = all->data + at, .size = bytes - (number == odd ? missing : 0)};
        snprintf(path, sizeof path, "cut.zip.%03zu", number);
        save(path, &part);
    }
}

static void the_volume_that_is_short_is_named(void **state)
{
    (void)state;
    en_buf all;
    make("stored.zip", STORED, MEMBERS);
    load("stored.zip", &all);
    static const char *const words[] = {"'cut.zip.001' is 10 bytes short", "'cut.zip.002' is 10 bytes short",
                                        "'cut.zip.003' is 10 bytes short"};
    for (size_t odd = 1; odd <= 3; odd++) {
        cut(&all, all.size / 4 + 1, odd, 10);
        outcome o = read_all("cut.zip.001");
        assert_int_equal(o.status, EN_INPUT);
        if (strstr(o.err.text, words[odd - 1]) == NULL) {
            fail_msg("expected \"%s\": %s", words[odd - 1], o.err.text);
        }
    }
    cut(&all, all.size / 4 + 1, 0, 0);
    char *at = find(&all, "eyes/3.jpeg", 11, 0);
    at[500] ^= 1;
    cut(&all, all.size / 4 + 1, 0, 0);
    outcome o = read_all("cut.zip.001");
    assert_int_equal(o.good, MEMBERS - 1);
    en_buf_clear(&all);
}

static void the_volume_of_a_damaged_member_is_named(void **state)
{
    (void)state;
    en_buf all;
    make("stored.zip", STORED, MEMBERS);
    load("stored.zip", &all);
    find(&all, "eyes/3.jpeg", 11, 0)[5] = '9';
    cut(&all, all.size / 4 + 1, 0, 0);
    outcome o = read_all("cut.zip.001");
    assert_int_equal(o.damaged, 1);
    assert_string_equal(o.volume, "cut.zip.003");
    en_buf_clear(&all);
}

static void a_gzip_cut_before_its_checksum_is_damaged(void **state)
{
    (void)state;
    for (int f = GZIP; f <= ZSTD; f++) {
        en_buf all;
        make(names[f], (form)f, MEMBERS);
        load(names[f], &all);
        all.size -= f == ZSTD ? 1 : 4;
        save("short", &all);
        outcome o = read_all("short");
        if (o.status != EN_INPUT) {
            fail_msg("%s: cut, and status %d", names[f], (int)o.status);
        }
        en_buf_clear(&all);
    }
}

static bool stop_now(void *ctx) { return ++*(int *)ctx > 3; }

static void folders_count_and_can_be_interrupted(void **state)
{
    (void)state;
    struct archive *lib = archive_write_new();
    set_form(lib, GZIP);
    assert_int_equal(archive_write_open_filename(lib, "folders.tar.gz"), ARCHIVE_OK);
    for (int i = 0; i < 100; i++) {
        struct archive_entry *header = archive_entry_new();
        archive_entry_set_pathname(header, "d/");
        archive_entry_set_filetype(header, AE_IFDIR);
        archive_entry_set_perm(header, 0755);
        assert_int_equal(archive_write_header(lib, header), ARCHIVE_OK);
        archive_entry_free(header);
    }
    assert_int_equal(archive_write_close(lib), ARCHIVE_OK);
    archive_write_free(lib);
    int looks = 0;
    const en_events events = {.stop = stop_now, .ctx = &looks};
    const en_archive_caps caps[] = {{.members = 50}, {.events = &events}};
    static const en_status wanted[] = {EN_INPUT, EN_INTERRUPTED};
    for (int i = 0; i < 2; i++) {
        en_volumes v;
        en_archive *a;
        const en_member *m;
        en_error err;
        assert_int_equal(en_volumes_find("folders.tar.gz", &v, &err), EN_OK);
        assert_int_equal(en_archive_open(&v, &caps[i], &a, &err), EN_OK);
        assert_int_equal(en_archive_next(a, &m, &err), wanted[i]);
        en_archive_free(a);
        en_volumes_clear(&v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_flipped_bit_gives_other_bytes),
        cmocka_unit_test(a_damaged_member_of_a_zip_costs_only_itself),
        cmocka_unit_test(the_two_headers_of_a_member_must_agree),
        cmocka_unit_test(a_header_that_is_gone_costs_only_its_member),
        cmocka_unit_test(an_unknown_method_is_called_that),
        cmocka_unit_test(overlapping_members_are_refused),
        cmocka_unit_test(the_volume_that_is_short_is_named),
        cmocka_unit_test(the_volume_of_a_damaged_member_is_named),
        cmocka_unit_test(a_gzip_cut_before_its_checksum_is_damaged),
        cmocka_unit_test(folders_count_and_can_be_interrupted),
    };
    return cmocka_run_group_tests(tests, make_scratch, drop_scratch);
}
