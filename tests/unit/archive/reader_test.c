/* Archives as strangers make them: good ones are read to the last byte, hostile and damaged ones refused by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "archive/reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static char scratch[64];

static int make_scratch(void **state)
{
    (void)state;
    strcpy(scratch, "/tmp/eyenet-reader-XXXXXX");
    return mkdtemp(scratch) == NULL || chdir(scratch) != 0;
}

static int drop_scratch(void **state)
{
    (void)state;
    en_error err;
    return chdir("/") != 0 || en_file_remove_tree(scratch, &err) != EN_OK;
}

/* An archive made by libarchive, without any of our checks. */
typedef struct entry {
    const char *path;
    const char *text; /* contents, or the target of a link; NULL: a folder */
    unsigned type;    /* AE_IFREG when 0 */
    bool hardlink;
    size_t zeros; /* instead of text: so many zero bytes */
} entry;

typedef enum kind { ZIP, STORED_ZIP, TAR, TAR_GZ, TAR_GZ_GZ } kind;

static void write_entry(struct archive *lib, const entry *e)
{
    static const char zeros[1 << 16];
    struct archive_entry *header = archive_entry_new();
    unsigned type = e->type != 0 ? e->type : e->text == NULL && e->zeros == 0 ? AE_IFDIR : AE_IFREG;
    bool link = e->hardlink || type == AE_IFLNK;
    size_t size = link || type != AE_IFREG ? 0 : e->zeros > 0 ? e->zeros : strlen(e->text);
    archive_entry_set_pathname(header, e->path);
    archive_entry_set_filetype(header, type);
    archive_entry_set_perm(header, 0644);
    archive_entry_set_size(header, (la_int64_t)size);
    if (e->hardlink) {
        archive_entry_set_hardlink(header, e->text);
    } else if (type == AE_IFLNK) {
        archive_entry_set_symlink(header, e->text);
    }
    assert_true(archive_write_header(lib, header) >= ARCHIVE_WARN);
    for (size_t left = size; left > 0;) {
        size_t step = e->zeros > 0 && left > sizeof zeros ? sizeof zeros : left;
        assert_int_equal(archive_write_data(lib, e->zeros > 0 ? zeros : e->text, step), step);
        left -= step;
    }
    archive_entry_free(header);
}

static void make(const char *path, kind form, const entry *entries, size_t count)
{
    struct archive *lib = archive_write_new();
    if (form == ZIP || form == STORED_ZIP) {
        assert_int_equal(archive_write_set_format_zip(lib), ARCHIVE_OK);
        assert_int_equal(form == ZIP ? archive_write_zip_set_compression_deflate(lib)
                                     : archive_write_zip_set_compression_store(lib),
                         ARCHIVE_OK);
        assert_int_equal(archive_write_set_bytes_per_block(lib, 0), ARCHIVE_OK);
    } else {
        assert_int_equal(archive_write_set_format_pax_restricted(lib), ARCHIVE_OK);
        for (int i = (int)form; i > (int)TAR; i--) {
            assert_int_equal(archive_write_add_filter_gzip(lib), ARCHIVE_OK);
        }
    }
    assert_int_equal(archive_write_open_filename(lib, path), ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        write_entry(lib, &entries[i]);
    }
    assert_int_equal(archive_write_close(lib), ARCHIVE_OK);
    archive_write_free(lib);
}

/* Reads all of an archive; what it held, "path=contents;" one after another, is in `seen` (contents of up to 9 bytes).
 */
static en_status read_all(const char *path, const en_archive_caps *caps, en_buf *seen, en_error *err)
{
    en_volumes v;
    en_archive *a = NULL;
    en_status st = en_volumes_find(path, &v, err);
    if (st != EN_OK) {
        return st;
    }
    const en_member *m;
    st = en_archive_open(&v, caps, &a, err);
    while (st == EN_OK && (st = en_archive_next(a, &m, err)) == EN_OK) {
        char data[4096];
        size_t n;
        assert_int_equal(en_buf_printf(seen, NULL, "%s=", m->path), EN_OK);
        int64_t total = 0;
        while ((st = en_archive_read(a, data, sizeof data, &n, err)) == EN_OK) {
            total += (int64_t)n;
            assert_true(total <= m->bytes); /* never more than announced */
            if (total < 10) {
                assert_int_equal(en_buf_add(seen, data, n, NULL), EN_OK);
            }
        }
        assert_int_equal(en_buf_text(seen, ";", NULL), EN_OK);
        if (st == EN_DONE) {
            assert_int_equal(total, m->bytes);
            st = EN_OK;
        }
    }
    en_archive_free(a);
    en_volumes_clear(&v);
    return st == EN_DONE ? EN_OK : st;
}

static void expect(const char *path, const char *contents)
{
    en_error err = {0};
    en_buf seen;
    en_buf_init(&seen, 1 << 16);
    if (read_all(path, NULL, &seen, &err) != EN_OK) {
        fail_msg("%s: %s", path, err.text);
    }
    assert_string_equal(en_buf_str(&seen), contents);
    en_buf_clear(&seen);
}

static void expect_refused(const char *path, const en_archive_caps *caps, const char *reason)
{
    en_error err = {0};
    en_buf seen;
    en_buf_init(&seen, 1 << 16);
    en_status st = read_all(path, caps, &seen, &err);
    if (st != EN_INPUT || strstr(err.text, reason) == NULL) {
        fail_msg("%s: expected a refusal with \"%s\", got status %d: %s", path, reason, (int)st, err.text);
    }
    if (strchr(err.text, '\n') != NULL) {
        fail_msg("%s: more than a line: %s", path, err.text);
    }
    en_buf_clear(&seen);
}

static void overwrite(const char *path, long at, const void *data, size_t bytes)
{
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    assert_int_equal(fwrite(data, 1, bytes, f), bytes);
    assert_int_equal(fclose(f), 0);
}

/* Where `needle` stands in the file, the n-th time (from 0). */
static long find_bytes(const char *path, const void *needle, size_t bytes, int nth)
{
    en_error err;
    en_buf all;
    en_buf_init(&all, 1 << 24);
    assert_int_equal(en_file_read(path, &all, &err), EN_OK);
    const char *at = all.data;
    for (;; at++) {
        at = memmem(at, all.size - (size_t)(at - all.data), needle, bytes);
        assert_non_null(at);
        if (nth-- == 0) {
            break;
        }
    }
    long found = (long)(at - all.data);
    en_buf_clear(&all);
    return found;
}

static const entry good[] = {{.path = "train/"},
                             {.path = "train/1_left.jpeg", .text = "left"},
                             {.path = "train/1_right.jpeg", .text = "right"},
                             {.path = "empty.txt", .text = ""}};
#define GOOD_CONTENTS "train/1_left.jpeg=left;train/1_right.jpeg=right;empty.txt=;"

static void all_four_forms_are_read(void **state)
{
    (void)state;
    const char *const name[] = {"good.zip", "stored.zip", "good.tar", "good.tar.gz"};
    for (int form = ZIP; form <= TAR_GZ; form++) {
        make(name[form], (kind)form, good, 4);
        expect(name[form], GOOD_CONTENTS);
        unsigned char head[512] = {0};
        FILE *f = fopen(name[form], "rb");
        assert_non_null(f);
        size_t got = fread(head, 1, sizeof head, f);
        fclose(f);
        assert_true(en_archive_known(head, got));
    }
    assert_false(en_archive_known("\xff\xd8\xff\xe0 a photograph", 18));
}

static void a_zip_is_read_across_volumes(void **state)
{
    (void)state;
    make("cut.zip", ZIP, good, 4);
    en_error err;
    en_buf all;
    en_buf_init(&all, 1 << 16);
    assert_int_equal(en_file_read("cut.zip", &all, &err), EN_OK);
    size_t step = all.size / 7 + 1, number = 1;
    for (size_t at = 0; at < all.size; at += step, number++) {
        char path[32];
        snprintf(path, sizeof path, "cut.zip.%03zu", number);
        assert_int_equal(en_file_write(path, all.data + at, all.size - at < step ? all.size - at : step, &err), EN_OK);
    }
    expect("cut.zip.004", GOOD_CONTENTS);
    assert_int_equal(unlink("cut.zip.007"), 0);
    expect_refused("cut.zip.001", NULL, "a later volume is missing");
    assert_int_equal(unlink("cut.zip.003"), 0);
    expect_refused("cut.zip.001", NULL, "'cut.zip.003' is missing");
    en_buf_clear(&all);
}

static void names_are_handed_on_as_utf8(void **state)
{
    (void)state;
    static const entry odd[] = {{.path = "\xc3\xa4uge/A.jpeg", .text = "1"},
                                {.path = "\xc3\xa4uge/a.jpeg", .text = "2"},
                                {.path = "a\xcc\x88uge.jpeg", .text = "3"},
                                {.path = "caf\xe9 latin.jpeg", .text = "4"},
                                {.path = " spaces and 'quotes' %s.jpeg", .text = "5"},
                                {.path = "-rf.jpeg", .text = "6"},
                                {.path = "...jpeg", .text = "7"}};
    const char *const contents =
        "\xc3\xa4uge/A.jpeg=1;\xc3\xa4uge/a.jpeg=2;a\xcc\x88uge.jpeg=3;caf\xc3\xa9 latin.jpeg=4;"
        " spaces and 'quotes' %s.jpeg=5;-rf.jpeg=6;...jpeg=7;";
    make("odd.zip", ZIP, odd, 7);
    make("odd.tar", TAR, odd, 7);
    expect("odd.zip", contents);
    expect("odd.tar", contents);
}

/* A zip whose names are marked as UTF-8 (general purpose bit 11), as Windows and Python make them. */
static void names_marked_as_utf8_survive_the_c_locale(void **state)
{
    (void)state;
    static const entry one[] = {{.path = "\xc3\xa4uge.jpeg", .text = "x"}};
    make("utf8.zip", STORED_ZIP, one, 1);
    static const unsigned char flags[] = {0x08, 0x08};
    overwrite("utf8.zip", 6, flags, 2);
    overwrite("utf8.zip", find_bytes("utf8.zip", "PK\1\2", 4, 0) + 8, flags, 2);
    expect("utf8.zip", "\xc3\xa4uge.jpeg=x;");
}

static void the_dot_that_tar_writes_is_no_part_of_a_path(void **state)
{
    (void)state;
    static const entry dots[] = {{.path = "./"}, {.path = "./train/"}, {.path = "./train//1_left.jpeg", .text = "x"}};
    make("dots.tar", TAR, dots, 3);
    expect("dots.tar", "train/1_left.jpeg=x;");
}

static void paths_that_leave_the_folder_are_refused(void **state)
{
    (void)state;
    static const char *const evil[] = {
        "../evil.jpeg",  "train/../../evil.jpeg", "train/..",  "..",           "/etc/evil.jpeg", "..\\evil.jpeg",
        "C:\\evil.jpeg", "\\\\server\\evil.jpeg", "a\nb.jpeg", "\x1b[2J.jpeg", "a\x7f.jpeg"};
    for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
        const entry entries[] = {{.path = "good.jpeg", .text = "x"}, {.path = evil[i], .text = "x"}};
        for (int form = ZIP; form <= TAR_GZ; form++) {
            make("evil", (kind)form, entries, 2);
            expect_refused("evil", NULL, "is unsafe");
            expect_refused("evil", NULL, "refused 'evil'");
        }
        en_error err;
        assert_int_equal(en_archive_check_path(evil[i], &err), EN_INPUT);
    }
    en_error err;
    assert_int_equal(en_archive_check_path("", &err), EN_INPUT);
    assert_int_equal(en_archive_check_path("a/./b", &err), EN_INPUT);
    assert_int_equal(en_archive_check_path("a//b", &err), EN_INPUT);
    assert_int_equal(en_archive_check_path("a/..b/...", &err), EN_OK);
}

static void paths_that_no_file_system_takes_are_refused(void **state)
{
    (void)state;
    en_error err;
    char path[4096];
    memset(path, 'x', sizeof path);
    memcpy(path, "a/", 2);
    memcpy(path + 2 + 255, "/b", 3);
    assert_int_equal(en_archive_check_path(path, &err), EN_OK);
    path[100] = '\\'; /* a letter here */
    memcpy(path + 2 + 256, "/b", 3);
    path[2 + 255] = 'x';
    assert_int_equal(en_archive_check_path(path, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "a name in it is longer than 255 bytes"));
    for (size_t i = 0; i < sizeof path; i++) {
        path[i] = i % 2 == 0 ? 'x' : '/';
    }
    path[3071] = 'x';
    path[3072] = '\0';
    assert_int_equal(en_archive_check_path(path, &err), EN_OK);
    path[3072] = 'x';
    path[3073] = '\0';
    assert_int_equal(en_archive_check_path(path, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "it is longer than 3072 bytes"));
}

static void a_folder_outside_is_refused_too(void **state)
{
    (void)state;
    static const entry entries[] = {{.path = "../outside/"}};
    make("outside.tar", TAR, entries, 1);
    expect_refused("outside.tar", NULL, "leaves the folder");
}

static void links_and_devices_are_refused(void **state)
{
    (void)state;
    static const entry strange[] = {{.path = "link.jpeg", .text = "/etc/passwd", .type = AE_IFLNK},
                                    {.path = "hard.jpeg", .text = "/etc/passwd", .hardlink = true},
                                    {.path = "pipe.jpeg", .text = "", .type = AE_IFIFO},
                                    {.path = "device.jpeg", .text = "", .type = AE_IFCHR}};
    for (size_t i = 0; i < 4; i++) {
        make("strange.tar", TAR, &strange[i], 1);
        expect_refused("strange.tar", NULL, i < 2 ? "is a link" : "is a device");
    }
    make("strange.zip", ZIP, &strange[0], 1);
    expect_refused("strange.zip", NULL, "is a link");
}

static void encrypted_members_are_refused(void **state)
{
    (void)state;
    static const entry one[] = {{.path = "secret.jpeg", .text = "secret"}};
    make("secret.zip", STORED_ZIP, one, 1);
    static const unsigned char encrypted[] = {0x09, 0x00};
    overwrite("secret.zip", 6, encrypted, 2);
    overwrite("secret.zip", find_bytes("secret.zip", "PK\1\2", 4, 0) + 8, encrypted, 2);
    expect_refused("secret.zip", NULL, "'secret.jpeg' is encrypted");
}

static void a_flipped_bit_is_found_and_the_member_named(void **state)
{
    (void)state;
    make("flip.zip", STORED_ZIP, good, 4);
    overwrite("flip.zip", find_bytes("flip.zip", "right", 5, 1), "R", 1); /* the name comes first, then the contents */
    expect_refused("flip.zip", NULL, "member 'train/1_right.jpeg' is damaged");
    expect_refused("flip.zip", NULL, "CRC");
    make("flip.tar.gz", TAR_GZ, good, 4);
    struct stat s;
    assert_int_equal(stat("flip.tar.gz", &s), 0);
    overwrite("flip.tar.gz", s.st_size / 2, "\0\0\0\0", 4);
    expect_refused("flip.tar.gz", NULL, "flip.tar.gz");
}

static void an_archive_cut_short_is_refused(void **state)
{
    (void)state;
    const char *const name[] = {"short.zip", "short-stored.zip", "short.tar", "short.tar.gz"};
    for (int form = ZIP; form <= TAR_GZ; form++) {
        struct stat s;
        make(name[form], (kind)form, good, 3);
        assert_int_equal(stat(name[form], &s), 0);
        assert_int_equal(truncate(name[form], form == TAR ? 512 + 512 + 512 + 100 : s.st_size - 20), 0);
        expect_refused(name[form], NULL, name[form]);
    }
}

static void what_is_no_archive_is_said_so(void **state)
{
    (void)state;
    en_error err;
    assert_int_equal(en_file_write("text.zip", "hello, this is no archive", 25, &err), EN_OK);
    expect_refused("text.zip", NULL, "it is not an archive (zip, 7z, tar, tar compressed by");
    assert_int_equal(en_file_write("empty.zip", "", 0, &err), EN_OK);
    expect_refused("empty.zip", NULL, "empty.zip");
    assert_int_equal(en_file_write("p.gz", "\x1f\x8b\x08\0\0\0\0\0\0\0garbage", 17, &err), EN_OK);
    expect_refused("p.gz", NULL, "p.gz");
}

static void bombs_are_refused_before_they_unpack(void **state)
{
    (void)state;
    static const entry bomb[] = {{.path = "bomb.jpeg", .zeros = (size_t)100 << 20}};
    make("bomb.zip", ZIP, bomb, 1);
    make("bomb.tar.gz", TAR_GZ, bomb, 1);
    expect_refused("bomb.zip", NULL, "more than 200 times its own size");
    expect_refused("bomb.tar.gz", NULL, "more than 200 times its own size");
    make("twice.tar.gz.gz", TAR_GZ_GZ, good, 4);
    expect_refused("twice.tar.gz.gz", NULL, "compressed more than once");
}

static void a_member_longer_than_it_says_is_stopped(void **state)
{
    (void)state;
    static const entry liar[] = {{.path = "liar.jpeg", .zeros = 1 << 20}};
    static const unsigned char five[] = {5, 0, 0, 0};
    make("liar.zip", ZIP, liar, 1);
    overwrite("liar.zip", 22, five, 4); /* in its own header, and in the directory */
    overwrite("liar.zip", find_bytes("liar.zip", "PK\1\2", 4, 0) + 24, five, 4);
    expect_refused("liar.zip", NULL, "member 'liar.jpeg'");
}

static void caps_on_members_and_bytes_hold(void **state)
{
    (void)state;
    make("caps.zip", ZIP, good, 4);
    make("caps.tar.gz", TAR_GZ, good, 4);
    for (int i = 0; i < 2; i++) {
        const char *name = i == 0 ? "caps.zip" : "caps.tar.gz";
        expect_refused(name, &(en_archive_caps){.members = 2}, "more than 2 members");
        expect_refused(name, &(en_archive_caps){.member_bytes = 4}, "'train/1_right.jpeg' unpacks to more than");
        expect_refused(name, &(en_archive_caps){.total_bytes = 8}, "it unpacks to more than");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_four_forms_are_read),
        cmocka_unit_test(a_zip_is_read_across_volumes),
        cmocka_unit_test(names_are_handed_on_as_utf8),
        cmocka_unit_test(names_marked_as_utf8_survive_the_c_locale),
        cmocka_unit_test(the_dot_that_tar_writes_is_no_part_of_a_path),
        cmocka_unit_test(paths_that_leave_the_folder_are_refused),
        cmocka_unit_test(paths_that_no_file_system_takes_are_refused),
        cmocka_unit_test(a_folder_outside_is_refused_too),
        cmocka_unit_test(links_and_devices_are_refused),
        cmocka_unit_test(encrypted_members_are_refused),
        cmocka_unit_test(a_flipped_bit_is_found_and_the_member_named),
        cmocka_unit_test(an_archive_cut_short_is_refused),
        cmocka_unit_test(what_is_no_archive_is_said_so),
        cmocka_unit_test(bombs_are_refused_before_they_unpack),
        cmocka_unit_test(a_member_longer_than_it_says_is_stopped),
        cmocka_unit_test(caps_on_members_and_bytes_hold),
    };
    return cmocka_run_group_tests(tests, make_scratch, drop_scratch);
}
