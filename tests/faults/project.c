/* The scratch project of the tests of fetching. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "project.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/writer.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "catalog/source.h"

static void on_event(void *ctx, const en_event *e)
{
    project *p = ctx;
    p->progress += e->kind == EN_EVENT_PROGRESS;
    if (e->kind == EN_EVENT_NOTE || e->kind == EN_EVENT_WARNING) {
        assert_int_equal(en_buf_printf(&p->said, NULL, "%s\n", e->text), EN_OK);
    }
}

static bool on_stop(void *ctx)
{
    project *p = ctx;
    if (++p->looks == p->meanwhile_at) {
        p->meanwhile();
    }
    return p->stop_after > 0 && p->progress >= p->stop_after;
}

int project_set_up(void **state)
{
    project *p = en_calloc(1, sizeof *p);
    *state = p;
    strcpy(p->scratch, "/tmp/eyenet-fetch-XXXXXX");
    en_buf_init(&p->said, 1 << 20);
    if (mkdtemp(p->scratch) == NULL || chdir(p->scratch) != 0 || en_project_init("p", false, &p->err) != EN_OK) {
        return 1;
    }
    const en_project_options options = {.start = "p", .events = {.emit = on_event, .stop = on_stop, .ctx = p}};
    return en_project_open(&options, &p->project, &p->err) != EN_OK;
}

int project_tear_down(void **state)
{
    project *p = *state;
    en_project_close(&p->project);
    en_buf_clear(&p->said);
    int failed = chdir("/") != 0 || en_file_remove_tree(p->scratch, &p->err) != EN_OK;
    en_free(p);
    return failed;
}

en_status project_fetch_with(project *p, en_fetch_options options)
{
    en_buf_reset(&p->said);
    en_error_clear(&p->err);
    p->progress = p->looks = 0;
    return en_fetch(&p->project, &options, &p->result, &p->err);
}

en_status project_fetch(project *p, const char *source)
{
    return project_fetch_with(p, (en_fetch_options){.source = source});
}

void project_refuses(project *p, const char *source, en_status status, const char *words)
{
    en_status st = project_fetch(p, source);
    if (st != status || strstr(p->err.text, words) == NULL) {
        fail_msg("'%s': expected status %d with \"%s\", got %d: %s", source, (int)status, words, (int)st, p->err.text);
    }
    assert_null(strchr(p->err.text, '\n'));
}

static int64_t files;

static int count_file(const char *path, const struct stat *s, int type, struct FTW *walk)
{
    (void)walk;
    if (type == FTW_D && strstr(path, "/.") != NULL) {
        fail_msg("'%s' was left behind", path);
    }
    files += S_ISREG(s->st_mode);
    return 0;
}

int64_t project_check(project *p, int64_t sources)
{
    int64_t rows = 0;
    for (int64_t id = 1; id <= sources; id++) {
        en_catalog_members members;
        assert_int_equal(en_catalog_members_of(p->project.catalog, id, &members, &p->err), EN_OK);
        for (size_t i = 0; i < members.count; i++) {
            const en_catalog_member *m = &members.row[i];
            char *path = en_path_join(p->project.root, m->path), hex[EN_SHA256_HEX];
            int64_t bytes;
            uint32_t crc;
            assert_int_equal(en_file_size(path, &bytes, &p->err), EN_OK);
            assert_int_equal(bytes, m->bytes);
            assert_int_equal(en_sha256_file(path, hex, &p->err), EN_OK);
            assert_string_equal(hex, m->sha256);
            en_buf all;
            en_buf_init(&all, 1 << 26);
            assert_int_equal(en_file_read(path, &all, &p->err), EN_OK);
            crc = en_crc32(0, en_buf_str(&all), all.size);
            assert_int_equal(crc, m->crc32);
            en_buf_clear(&all);
            en_free(path);
        }
        rows += (int64_t)members.count;
        en_catalog_members_clear(&members);
    }
    files = 0;
    assert_int_equal(nftw("p/photos", count_file, 16, FTW_PHYS), 0);
    assert_int_equal(files, rows);
    return rows;
}

void project_state(project *p, const char *uri, en_source_state state)
{
    en_catalog_source row;
    assert_int_equal(en_catalog_source_find(p->project.catalog, uri, &row, &p->err), EN_OK);
    assert_int_equal(row.state, state);
    en_catalog_source_clear(&row);
}

void photograph_bytes(unsigned number, unsigned char *data, size_t bytes)
{
    uint32_t x = number * 2654435761u + 1;
    for (size_t i = 0; i < bytes; i++) {
        x = x * 1664525 + 1013904223;
        data[i] = (unsigned char)(x >> 24);
    }
    memcpy(data, "\xff\xd8\xff", bytes < 3 ? bytes : 3);
}

void put_photograph(const char *path, unsigned number, size_t bytes)
{
    en_error err;
    unsigned char *data = en_alloc(bytes + 1);
    char *folder = en_strndup(path, (size_t)(en_path_base(path) - path));
    photograph_bytes(number, data, bytes);
    if (folder[0] != '\0') {
        assert_int_equal(en_file_mkdirs(folder, &err), EN_OK);
    }
    FILE *f = fopen(path, "wb"); /* not en_file_write: a sync for each of hundreds takes its time */
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, bytes, f), bytes);
    assert_int_equal(fclose(f), 0);
    en_free(folder);
    en_free(data);
}

void put_zip(const char *path, unsigned first, unsigned count, size_t bytes, int64_t volume_bytes)
{
    en_error err;
    en_zip_writer *zip;
    unsigned char *data = en_alloc(bytes);
    assert_int_equal(en_zip_new(path, volume_bytes, &zip, &err), EN_OK);
    for (unsigned i = first; i < first + count; i++) {
        char name[64];
        snprintf(name, sizeof name, "train/%u_left.jpeg", i);
        photograph_bytes(i, data, bytes);
        assert_int_equal(en_zip_add(zip, name, data, bytes, &err), EN_OK);
    }
    assert_int_equal(en_zip_add(zip, "labels.csv", "image,level\n", 12, &err), EN_OK);
    assert_int_equal(en_zip_commit(zip, NULL, &err), EN_OK);
    en_zip_free(zip);
    en_free(data);
}
