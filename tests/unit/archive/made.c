#include "made.h"

#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static char scratch[64];

int make_scratch(void **state)
{
    (void)state;
    strcpy(scratch, "/tmp/eyenet-damage-XXXXXX");
    return mkdtemp(scratch) == NULL || chdir(scratch) != 0;
}

int drop_scratch(void **state)
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

const char *const names[FORMS] = {"a.zip",    "stored.zip", "a.tar",     "a.tar.gz",
                                  "a.tar.xz", "a.tar.bz2",  "a.tar.zst", "a.7z"};

void set_form(struct archive *lib, form f)
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

void make(const char *path, form f, int members)
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

void load(const char *path, en_buf *all)
{
    en_error err;
    en_buf_init(all, 1 << 24);
    assert_int_equal(en_file_read(path, all, &err), EN_OK);
}

void save(const char *path, const en_buf *all)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(all->data, 1, all->size, f), all->size);
    assert_int_equal(fclose(f), 0);
}

char *find(const en_buf *all, const char *needle, size_t bytes, int nth)
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

outcome read_all(const char *path)
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
