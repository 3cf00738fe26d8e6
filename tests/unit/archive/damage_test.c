/* Damage in archives: what is found, what it costs, and what it is called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "archive/reader.h"
#include "archive/zipdir.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

#define MEMBERS 5
#define BYTES 3000 /* of a member, which do not compress */

static char scratch[64];

static int make_scratch(void **state)
{
    (void)state;
    strcpy(scratch, "/tmp/eyenet-damage-XXXXXX");
    return mkdtemp(scratch) == NULL || chdir(scratch) != 0;
}

static int drop_scratch(void **state)
{
    (void)state;
    en_error err;
    return chdir("/") != 0 || en_file_remove_tree(scratch, &err) != EN_OK;
}

static void fill(int number, unsigned char data[BYTES])
{
    uint32_t x = (uint32_t)number * 2654435761u + 1;
    for (size_t i = 0; i < BYTES; i++) {
        x = x * 1664525 + 1013904223;
        data[i] = (unsigned char)(x >> 24);
    }
}

typedef enum form { ZIP, STORED, TAR, GZIP, XZ, BZIP2, ZSTD, SEVEN, FORMS } form;
static const char *const names[] = {"a.zip",    "stored.zip", "a.tar",     "a.tar.gz",
                                    "a.tar.xz", "a.tar.bz2",  "a.tar.zst", "a.7z"};

static void set_form(struct archive *lib, form f)
{
    switch (f) {
    case ZIP:
    case STORED:
        assert_int_equal(archive_write_set_format_zip(lib), ARCHIVE_OK);
        if (f == STORED) {
            assert_int_equal(archive_write_zip_set_compression_store(lib), ARCHIVE_OK);
        }
        assert_int_equal(archive_write_set_bytes_per_block(lib, 0), ARCHIVE_OK);
        return;
    case SEVEN: assert_int_equal(archive_write_set_format_7zip(lib), ARCHIVE_OK); return;
    case GZIP: assert_int_equal(archive_write_add_filter_gzip(lib), ARCHIVE_OK); break;
    case XZ: assert_int_equal(archive_write_add_filter_xz(lib), ARCHIVE_OK); break;
    case BZIP2: assert_int_equal(archive_write_add_filter_bzip2(lib), ARCHIVE_OK); break;
    case ZSTD: assert_int_equal(archive_write_add_filter_zstd(lib), ARCHIVE_OK); break;
    default: break;
    }
    assert_int_equal(archive_write_set_format_ustar(lib), ARCHIVE_OK);
}

/* An archive of the members 0, 1, ..., each called "eyes/N.jpeg". */
static void make(const char *path, form f, int members)
{
    struct archive *lib = archive_write_new();
    set_form(lib, f);
    assert_int_equal(archive_write_open_filename(lib, path), ARCHIVE_OK);
    for (int i = 0; i < members; i++) {
        unsigned char data[BYTES];
        char name[32];
        struct archive_entry *header = archive_entry_new();
        fill(i, data);
        snprintf(name, sizeof name, "eyes/%d.jpeg", i);
        archive_entry_set_pathname(header, name);
        archive_entry_set_filetype(header, AE_IFREG);
        archive_entry_set_perm(header, 0644);
        archive_entry_set_size(header, BYTES);
        assert_int_equal(archive_write_header(lib, header), ARCHIVE_OK);
        assert_int_equal(archive_write_data(lib, data, BYTES), BYTES);
        archive_entry_free(header);
    }
    assert_int_equal(archive_write_close(lib), ARCHIVE_OK);
    archive_write_free(lib);
}

static void load(const char *path, en_buf *all)
{
    en_error err;
    en_buf_init(all, 1 << 24);
    assert_int_equal(en_file_read(path, all, &err), EN_OK);
}

static void save(const char *path, const en_buf *all)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(all->data, 1, all->size, f), all->size);
    assert_int_equal(fclose(f), 0);
}

/* Where the n-th (from 0) of these bytes is. */
static char *find(const en_buf *all, const char *needle, size_t bytes, int nth)
{
    char *at = all->data;
    for (;; at++) {
        at = memmem(at, all->size - (size_t)(at - all->data), needle, bytes);
        assert_non_null(at);
        if (nth-- == 0) {
            return at;
        }
    }
}

typedef struct outcome {
    int good, wrong, damaged; /* members: with the right bytes, with other ones, refused */
    char damage[1100];        /* of the last one */
    char volume[64];          /* in which it begins, when it is refused by its header */
    en_status status;         /* EN_OK at the end */
    en_error err;
} outcome;

static void read_member(en_archive *a, const en_member *m, outcome *o)
{
    unsigned char data[BYTES], right[BYTES], block[700];
    size_t got = 0, n = 0;
    en_status st;
    while ((st = en_archive_read(a, block, sizeof block, &n, &o->err)) == EN_OK) {
        assert_true(got + n <= BYTES);
        memcpy(data + got, block, n);
        got += n;
    }
    int number = m->path[5] - '0';
    fill(number, right);
    bool same = strncmp(m->path, "eyes/", 5) == 0 && got == BYTES && memcmp(data, right, BYTES) == 0;
    if (st == EN_DONE) {
        o->good += same;
        o->wrong += !same;
        o->status = EN_OK;
    } else {
        o->damaged++;
        snprintf(o->damage, sizeof o->damage, "%s", o->err.text);
        o->status = en_archive_goes_on(a) && st == EN_INPUT ? EN_OK : st;
    }
}

/* Reads all of an archive, going on behind damaged members. */
static outcome read_all(const char *path)
{
    outcome o = {0};
    en_volumes v;
    en_archive *a = NULL;
    const en_member *m;
    assert_int_equal(en_volumes_find(path, &v, &o.err), EN_OK);
    o.status = en_archive_open(&v, NULL, &a, &o.err);
    while (o.status == EN_OK && (o.status = en_archive_next(a, &m, &o.err)) == EN_OK) {
        if (m->damage != NULL) {
            size_t got = 0;
            char byte;
            assert_int_equal(en_archive_read(a, &byte, 1, &got, &o.err), EN_INPUT);
            o.damaged++;
            snprintf(o.damage, sizeof o.damage, "%s: %s", m->path, m->damage);
            snprintf(o.volume, sizeof o.volume, "%s", en_path_base(en_volume_at(&v, m->at)));
        } else {
            read_member(a, m, &o);
        }
    }
    o.status = o.status == EN_DONE ? EN_OK : o.status;
    en_archive_free(a);
    en_volumes_clear(&v);
    return o;
}

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
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(no_flipped_bit_gives_other_bytes),
        cmocka_unit_test(a_damaged_member_of_a_zip_costs_only_itself),
        cmocka_unit_test(the_two_headers_of_a_member_must_agree),
        cmocka_unit_test(a_header_that_is_gone_costs_only_its_member),
        cmocka_unit_test(bytes_before_and_behind_a_zip_do_not_matter),
        cmocka_unit_test(the_directory_must_be_as_long_as_its_end_says),
        cmocka_unit_test(more_members_than_are_counted_are_read),
        cmocka_unit_test(a_directory_without_a_place_is_before_its_end),
        cmocka_unit_test(a_zip_without_members_is_read),
        cmocka_unit_test(a_tar_without_a_mark_is_known_by_its_sum),
        cmocka_unit_test(an_unknown_method_is_called_that),
        cmocka_unit_test(a_tar_without_its_end_is_said_so),
        cmocka_unit_test(overlapping_members_are_refused),
        cmocka_unit_test(the_volume_that_is_short_is_named),
        cmocka_unit_test(the_volume_of_a_damaged_member_is_named),
        cmocka_unit_test(a_gzip_cut_before_its_checksum_is_damaged),
        cmocka_unit_test(two_gzip_streams_are_one_file),
        cmocka_unit_test(folders_count_and_can_be_interrupted),
    };
    return cmocka_run_group_tests(tests, make_scratch, drop_scratch);
}
