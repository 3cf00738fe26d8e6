/* The scratch laboratory of the tests of the workflows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scratch_project.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include "catalog/source.h"
#include "image/encode.h"
#include "dataset/augment.h"
#include "intake/ingest.h"
#include "intake/label.h"
#include "dataset/split.h"
#include "dataset/subset.h"

static void on_event(void *ctx, const en_event *e)
{
    scratch *r = ctx;
    r->progress += e->kind == EN_EVENT_PROGRESS;
    if (e->kind == EN_EVENT_NOTE || e->kind == EN_EVENT_WARNING) {
        (void)!en_buf_printf(&r->said, NULL, "%s\n", e->text); /* memory may run out on purpose */
    }
}

static bool on_stop(void *ctx)
{
    const scratch *r = ctx;
    return r->stop_after > 0 && r->progress >= r->stop_after;
}

void scratch_open(scratch *r, unsigned threads)
{
    en_project_close(&r->project);
    const en_project_options options = {.start = r->folder,
                                        .threads = threads,
                                        .isa = "ref",
                                        .command_line = "eyenet test",
                                        .events = {.emit = on_event, .stop = on_stop, .ctx = r}};
    scratch_ok(r, en_project_open(&options, &r->project, &r->err));
}

int scratch_set_up(void **state)
{
    scratch *r = en_calloc(1, sizeof *r);
    *state = r;
    strcpy(r->folder, "/tmp/eyenet-scratch-XXXXXX");
    en_buf_init(&r->said, 1 << 20);
    if (mkdtemp(r->folder) == NULL || chdir(r->folder) != 0 || en_project_init(r->folder, false, &r->err) != EN_OK) {
        return 1;
    }
    scratch_open(r, 2);
    return 0;
}

int scratch_tear_down(void **state)
{
    scratch *r = *state;
    en_project_close(&r->project);
    en_buf_clear(&r->said);
    int failed = chdir("/") != 0 || en_file_remove_tree(r->folder, &r->err) != EN_OK;
    en_free(r);
    return failed;
}

scratch *scratch_another(void)
{
    char here[256];
    void *state = NULL;
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(scratch_set_up(&state), 0);
    assert_int_equal(chdir(here), 0);
    return state;
}

void scratch_ok(const scratch *r, en_status st)
{
    if (st != EN_OK) {
        fail_msg("status %d: %s", (int)st, r->err.text);
    }
}

void scratch_refused(const scratch *r, en_status st, en_status wanted, const char *words)
{
    char line[EN_ERROR_LINE];
    if (st != wanted || strstr(en_error_line(&r->err, line), words) == NULL || strchr(line, '\n') != NULL) {
        fail_msg("expected status %d with \"%s\", got %d: %s", (int)wanted, words, (int)st, line);
    }
}

void scratch_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance)) {
        fail_msg("%.17g is not %.17g", a, b);
    }
}

void scratch_add(scratch *r, const char *path, const void *bytes, size_t n)
{
    char uri[] = "eyes";
    en_catalog_source source = {
        .uri = uri, .version = 1, .kind = EN_SOURCE_FOLDER, .bytes = -1, .state = EN_SOURCE_WHOLE};
    SCRATCH_OK(r, en_catalog_source_put(r->project.catalog, &source, &r->err));
    char *copy = en_strdup(path), *whole = en_path_join(r->project.root, path), *folder = en_strdup(whole);
    *strrchr(folder, '/') = '\0';
    SCRATCH_OK(r, en_file_mkdirs(folder, &r->err));
    FILE *f = fopen(whole, "wb"); /* not en_file_write, which waits for the disk each time */
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    en_catalog_member member = {
        .source_id = source.id, .path = copy, .photograph = true, .bytes = (int64_t)n, .crc32 = en_crc32(0, bytes, n)};
    SCRATCH_OK(r, en_catalog_member_put(r->project.catalog, &member, &r->err));
    en_free(folder);
    en_free(whole);
    en_free(copy);
}

enum { WIDTH = 64, HEIGHT = 48 };

void scratch_draw(unsigned number, bool left, en_buf *out)
{
    static uint8_t rgb[HEIGHT * WIDTH * 3];
    en_random random = en_random_init(number, left, 0, EN_FOR_TEST);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            uint8_t *p = rgb + 3 * (y * WIDTH + x);
            double dx = x - WIDTH / 2, dy = y - HEIGHT / 2, disc_x = x - (left ? WIDTH / 2 - 10 : WIDTH / 2 + 10);
            bool inside = dx * dx + dy * dy < 22 * 22, disc = disc_x * disc_x + dy * dy < 5 * 5;
            double noise = inside ? en_random_between(&random, -20, 20) : 0;
            p[0] = (uint8_t)(inside ? (disc ? 220 : 150) + noise : 0);
            p[1] = (uint8_t)(inside ? (disc ? 200 : 70) + noise : 0);
            p[2] = (uint8_t)(inside ? 40 + noise : 0);
        }
    }
    en_error err;
    assert_int_equal(en_encode_jpeg(rgb, WIDTH, HEIGHT, 90, EN_CHROMA_420, out, &err), EN_OK);
}

void scratch_add_patients(scratch *r, unsigned patients)
{
    en_buf jpeg;
    en_buf_init(&jpeg, 1 << 20);
    SCRATCH_OK(r, en_catalog_begin(r->project.catalog, &r->err));
    for (unsigned i = 0; i < 2 * patients; i++) {
        char path[64];
        bool left = i % 2 == 0;
        snprintf(path, sizeof path, "photos/1/%u_%s.jpeg", i / 2 + 1, left ? "left" : "right");
        en_buf_reset(&jpeg);
        scratch_draw(i / 2 + 1, left, &jpeg);
        scratch_add(r, path, jpeg.data, jpeg.size);
    }
    SCRATCH_OK(r, en_catalog_commit(r->project.catalog, &r->err));
    en_buf_clear(&jpeg);
}

void scratch_write(const char *path, const char *text)
{
    en_error err;
    assert_int_equal(en_file_write(path, text, strlen(text), &err), EN_OK);
}

void scratch_fill(scratch *r, unsigned patients)
{
    en_ingest_result ingested;
    en_label_result labelled;
    en_split_result parts;
    en_augment_result variants;
    en_subset_result subset;
    en_buf csv;
    en_buf_init(&csv, 1 << 20);
    assert_int_equal(en_buf_text(&csv, "image,level\n", &r->err), EN_OK);
    for (unsigned i = 1; i <= patients; i++) {
        assert_int_equal(en_buf_printf(&csv, &r->err, "%u_left,%u\n%u_right,%u\n", i, i % 5, i, i % 5), EN_OK);
    }
    scratch_write("labels.csv", csv.data);
    scratch_write("tiny.net", SCRATCH_NETWORK);
    en_buf_clear(&csv);
    scratch_add_patients(r, patients);
    SCRATCH_OK(r, en_ingest(&r->project, &(en_ingest_options){.recipe = SCRATCH_RECIPE}, &ingested, &r->err));
    assert_int_equal(ingested.accepted, 2 * patients);
    SCRATCH_OK(r, en_label_import(&r->project, &(en_label_options){.file = "labels.csv"}, &labelled, &r->err));
    const en_split_options split = {.name = "main", .test = 0.3, .validation = 0.2, .seed = 1};
    SCRATCH_OK(r, en_split(&r->project, &split, &parts, &r->err));
    SCRATCH_OK(r, en_augment(&r->project, "seed", &variants, &r->err));
    SCRATCH_OK(r, en_subset_freeze(&r->project, "train",
                                   "SELECT variant_id FROM variants WHERE part = 'train' AND rotation = 0", &subset,
                                   &r->err));
}

static en_query *first_row(scratch *r, const char *sql)
{
    en_query *q = NULL;
    SCRATCH_OK(r, en_catalog_query(r->project.catalog, "test", sql, NULL, &q, &r->err));
    SCRATCH_OK(r, en_query_next(q, &r->err));
    return q;
}

int64_t scratch_number(scratch *r, const char *sql)
{
    en_query *q = first_row(r, sql);
    int64_t value = en_query_int(q, 0);
    en_query_close(q);
    return value;
}

double scratch_real(scratch *r, const char *sql)
{
    en_query *q = first_row(r, sql);
    double value = en_query_kind(q, 0) == EN_VALUE_NULL ? (double)NAN : en_query_double(q, 0);
    en_query_close(q);
    return value;
}

void scratch_dump(scratch *r, const char *sql, en_buf *out)
{
    en_query *q = NULL;
    en_status st = en_catalog_query(r->project.catalog, "test", sql, NULL, &q, &r->err);
    while (st == EN_OK && (st = en_query_next(q, &r->err)) == EN_OK) {
        for (int i = 0; i < en_query_columns(q); i++) {
            const char *text = en_query_text(q, i);
            SCRATCH_OK(r, en_buf_printf(out, &r->err, "%s%s", text != NULL ? text : "NULL",
                                        i + 1 < en_query_columns(q) ? "|" : "\n"));
        }
    }
    en_query_close(q);
    if (st != EN_DONE) {
        fail_msg("%s: %s", sql, r->err.text);
    }
}

void scratch_dump_all(scratch *r, en_buf *out)
{
    static const char *const all[] = {
        "SELECT * FROM member",
        "SELECT * FROM image ORDER BY image_id",
        "SELECT * FROM quality ORDER BY image_id",
        "SELECT import_id, file, sha256, scheme, grader FROM label_import",
        "SELECT * FROM label",
        "SELECT * FROM recipe",
        "SELECT * FROM pack",
        "SELECT * FROM sample ORDER BY recipe_id, image_id",
        "SELECT * FROM variant",
        "SELECT split_id, name, seed, rule FROM split",
        "SELECT * FROM assignment",
        "SELECT subset_id, name, sql, split_id, part, members, sha256 FROM subset",
        "SELECT * FROM subset_member",
        "SELECT * FROM model",
        "SELECT run_id, name, model_id, subset_id, target, classes, seed, state, epochs, best_epoch FROM run",
        "SELECT * FROM metric WHERE part <> ''",
        "SELECT run_id, kind, attempt, epoch, step, path FROM checkpoint",
        "SELECT evaluation_id, run_id, subset_id, seed FROM evaluation",
        "SELECT * FROM prediction"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        scratch_dump(r, all[i], out);
    }
}
