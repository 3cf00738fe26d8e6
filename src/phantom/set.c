/* phantom: draws a set of phantom eyes in parallel, batch by batch, and writes them in the layout of the competition.
 * Needs no project. */
#include "phantom/set.h"

#include <string.h>

#include "archive/writer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/threads.h"
#include "base/clock.h"
#include "phantom/phantom.h"

enum { BATCH = 64 }; /* photographs drawn in parallel and then written to the volumes in order */

#define JPEG_MAX ((size_t)256 << 20)
#define VOLUME_MIN (64 << 10)
#define WIDTH_MIN 64

/* A photograph of the batch: its JPEG, and the status of drawing it. */
typedef struct sheet {
    en_buf jpeg;
    en_status status;
    en_error fault;
} sheet;

typedef struct set {
    const en_phantom_options *options;
    en_phantom_plan plan;
    en_phantom_easel **easel; /* one for each thread */
    unsigned easels;
    char *photos, *zip_path;
    en_zip_writer *zip; /* NULL without volumes */
    sheet sheet[BATCH];
    uint64_t first; /* photograph of the batch: 2 * (number - 1) + side */
    bool made;      /* this call created the folder */
} set;

static const char *const SIDES[] = {"left", "right"};

static uint32_t number_of(uint64_t photograph) { return (uint32_t)(photograph / 2) + 1; }
static en_phantom_side side_of(uint64_t photograph) { return photograph % 2 == 0 ? EN_PHANTOM_LEFT : EN_PHANTOM_RIGHT; }

static en_status write_photograph(const set *s, uint64_t photograph, const en_buf *jpeg, en_error *err)
{
    char *path = en_format("%s/%u_%s.jpeg", s->photos, number_of(photograph), SIDES[side_of(photograph)]);
    en_status st = path != NULL ? en_file_write(path, jpeg->data, jpeg->size, err) : en_error_nomem(err, "a path");
    en_free(path);
    return st;
}

/* Chunk: one photograph of the batch. */
static void draw_one(void *ctx, size_t chunk, unsigned worker)
{
    set *s = ctx;
    sheet *one = &s->sheet[chunk];
    uint64_t photograph = s->first + chunk;
    en_buf_reset(&one->jpeg);
    one->status = en_stop_check(&s->options->events, &one->fault);
    if (one->status == EN_OK) {
        one->status = en_phantom_jpeg(&s->plan, number_of(photograph), side_of(photograph), s->options->max_width,
                                      s->easel[worker], &one->jpeg, &one->fault);
    }
    if (one->status == EN_OK) {
        one->status = write_photograph(s, photograph, &one->jpeg, &one->fault);
    }
}

static en_status add_to_volumes(set *s, uint64_t photograph, const en_buf *jpeg, en_error *err)
{
    char *member = en_format(EN_PHANTOM_PHOTOS_DIR "/%u_%s.jpeg", number_of(photograph), SIDES[side_of(photograph)]);
    if (member == NULL) {
        return en_error_nomem(err, "a path");
    }
    en_status st = en_zip_add(s->zip, member, jpeg->data, jpeg->size, err);
    en_free(member);
    return st;
}

static en_status draw_all(set *s, en_pool *pool, en_phantom_result *result, en_error *err)
{
    uint64_t all = 2 * (uint64_t)s->plan.patients;
    for (s->first = 0; s->first < all; s->first += BATCH) {
        size_t count = all - s->first < BATCH ? (size_t)(all - s->first) : BATCH;
        en_pool_run(pool, count, draw_one, s);
        for (size_t i = 0; i < count; i++) {
            sheet *one = &s->sheet[i];
            if (one->status != EN_OK) {
                return en_error_copy(err, &one->fault);
            }
            en_status st = s->zip != NULL ? add_to_volumes(s, s->first + i, &one->jpeg, err) : EN_OK;
            if (st != EN_OK) {
                return st;
            }
            result->bytes += (int64_t)one->jpeg.size;
        }
        en_event_progress(&s->options->events, (int64_t)(s->first + count), (int64_t)all, NULL);
    }
    return EN_OK;
}

/* The format of the competition: patients in order, left before right, LF line endings. */
static en_status write_labels(const set *s, en_error *err)
{
    en_buf text;
    en_buf_init(&text, (size_t)64 << 20);
    char *path = en_path_join(s->options->dir, EN_PHANTOM_LABELS_FILE);
    en_status st = path != NULL ? en_buf_text(&text, "image,level\n", err) : en_error_nomem(err, "a path");
    for (uint64_t i = 0; st == EN_OK && i < 2 * (uint64_t)s->plan.patients; i++) {
        unsigned grade = s->plan.patient[i / 2].grade[i % 2];
        st = en_buf_printf(&text, err, "%u_%s,%u\n", number_of(i), SIDES[i % 2], grade);
    }
    if (st == EN_OK) {
        st = en_file_write(path, text.data, text.size, err);
    }
    en_buf_clear(&text);
    en_free(path);
    return st;
}

static void count_up(const en_phantom_plan *plan, en_phantom_result *result)
{
    result->photographs = 2 * (int64_t)plan->patients;
    for (uint32_t i = 0; i < plan->patients; i++) {
        const en_phantom_patient *patient = &plan->patient[i];
        result->both_eyes += patient->both_eyes ? 1 : 0;
        for (size_t side = 0; side < 2; side++) {
            result->by_grade[patient->grade[side]]++;
            result->black += patient->defect[side] == EN_PHANTOM_BLACK;
            result->blurred += patient->defect[side] == EN_PHANTOM_BLURRED;
            result->overexposed += patient->defect[side] == EN_PHANTOM_OVEREXPOSED;
            result->truncated += patient->defect[side] == EN_PHANTOM_TRUNCATED;
        }
    }
}

static en_status check_options(const en_phantom_options *options, en_error *err)
{
    if (options->dir == NULL || options->dir[0] == '\0') {
        return en_error_hint(err, en_error_set(err, EN_USAGE, "phantom eyes need a folder"), "name a new one");
    }
    if (options->patients < 1 || options->patients > EN_PHANTOM_PATIENTS_MAX) {
        return en_error_set(err, EN_USAGE, "cannot draw %lld phantom patients: choose 1 to %d",
                            (long long)options->patients, EN_PHANTOM_PATIENTS_MAX);
    }
    if (options->volume_bytes < 0 || (options->volume_bytes > 0 && options->volume_bytes < VOLUME_MIN)) {
        return en_error_hint(
            err, en_error_set(err, EN_USAGE, "volumes of %lld bytes are too small", (long long)options->volume_bytes),
            "choose 64k or more");
    }
    if (options->max_width > 0 && options->max_width < WIDTH_MIN) {
        return en_error_set(err, EN_USAGE, "photographs %u px wide are too small: choose %d or more",
                            options->max_width, WIDTH_MIN);
    }
    return EN_OK;
}

/* Accepts only a new or empty folder, so that no file is overwritten and everything in it can be removed again. */
static en_status claim_dir(set *s, en_error *err)
{
    const char *dir = s->options->dir;
    en_names names = {0};
    en_status st = EN_OK;
    if (!en_file_exists(dir)) {
        s->made = true;
        return en_file_mkdirs(dir, err);
    }
    if (!en_file_is_dir(dir)) {
        return en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' is not a folder", dir),
                             "name a new folder for the phantom eyes");
    }
    st = en_file_list(dir, &names, err);
    if (st == EN_OK && names.count > 0) {
        bool whole = false, begun = false;
        for (size_t i = 0; i < names.count; i++) {
            whole = whole || strcmp(names.name[i], EN_PHANTOM_LABELS_FILE) == 0;
            begun = begun || strcmp(names.name[i], EN_PHANTOM_PHOTOS_DIR) == 0;
        }
        const char *what = begun && !whole ? "contains an unfinished set of phantom eyes" : "is not empty";
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' %s", dir, what), "remove it or name a new folder");
    }
    en_names_free(&names);
    return st;
}

static en_status open_set(set *s, en_pool *pool, en_error *err)
{
    for (size_t i = 0; i < BATCH; i++) {
        en_buf_init(&s->sheet[i].jpeg, JPEG_MAX);
    }
    s->photos = en_path_join(s->options->dir, EN_PHANTOM_PHOTOS_DIR);
    s->zip_path = en_path_join(s->options->dir, EN_PHANTOM_ZIP_FILE);
    s->easel = en_calloc(en_pool_threads(pool), sizeof *s->easel);
    if (s->photos == NULL || s->zip_path == NULL || s->easel == NULL) {
        return en_error_nomem(err, "phantom eyes");
    }
    for (; s->easels < en_pool_threads(pool); s->easels++) {
        en_status st = en_phantom_easel_new(&s->easel[s->easels], err);
        if (st != EN_OK) {
            return st;
        }
    }
    en_status st = en_file_mkdirs(s->photos, err);
    if (st == EN_OK && s->options->volume_bytes > 0) {
        st = en_zip_new(s->zip_path, s->options->volume_bytes, &s->zip, err);
    }
    return st;
}

static void close_set(set *s)
{
    en_zip_free(s->zip);
    for (unsigned i = 0; i < s->easels; i++) {
        en_phantom_easel_free(s->easel[i]);
    }
    for (size_t i = 0; i < BATCH; i++) {
        en_buf_clear(&s->sheet[i].jpeg);
    }
    en_phantom_plan_clear(&s->plan);
    en_free(s->easel);
    en_free(s->photos);
    en_free(s->zip_path);
}

/* After a failure, restores the folder to its former state: missing or empty. Keeps the first error. */
static void take_back(const set *s)
{
    en_names names = {0};
    en_error ignored;
    if (s->made) {
        (void)!en_file_remove_tree(s->options->dir, &ignored);
    } else if (en_file_list(s->options->dir, &names, &ignored) == EN_OK) {
        for (size_t i = 0; i < names.count; i++) {
            char *path = en_path_join(s->options->dir, names.name[i]);
            if (path != NULL) {
                (void)!en_file_remove_tree(path, &ignored);
            }
            en_free(path);
        }
        en_names_free(&names);
    }
}

static en_status fill(set *s, en_pool *pool, en_phantom_result *result, en_error *err)
{
    size_t volumes = 0;
    en_status st = open_set(s, pool, err);
    if (st != EN_OK) {
        return st;
    }
    en_event_begin(&s->options->events, "phantom", "photographs", 2 * (int64_t)s->plan.patients);
    st = draw_all(s, pool, result, err);
    if (st != EN_OK) {
        return st;
    }
    if (s->zip != NULL) {
        st = en_zip_commit(s->zip, &volumes, err);
        result->volumes = (int64_t)volumes;
        if (st != EN_OK) {
            return st;
        }
    }
    st = write_labels(s, err);
    if (st != EN_OK) {
        return st;
    }
    en_event_end(&s->options->events, 2 * (int64_t)s->plan.patients, 2 * (int64_t)s->plan.patients);
    return EN_OK;
}

en_status en_phantom(const en_phantom_options *options, en_phantom_result *result, en_error *err)
{
    double start = en_clock_seconds();
    *result = (en_phantom_result){0};
    en_pool *pool = NULL;
    set *s = NULL;
    en_status st = check_options(options, err);
    if (st != EN_OK) {
        return st;
    }
    s = en_calloc(1, sizeof *s);
    if (s == NULL) {
        return en_error_nomem(err, "phantom eyes");
    }
    s->options = options;
    st = en_phantom_plan_make((uint32_t)options->patients, options->seed, &s->plan, err);
    if (st == EN_OK) {
        st = en_pool_new(options->threads, &pool, err);
    }
    if (st == EN_OK) {
        st = claim_dir(s, err);
    }
    if (st == EN_OK) {
        st = fill(s, pool, result, err);
        if (st != EN_OK) {
            en_zip_free(s->zip); /* removes its partial files before the folder is removed */
            s->zip = NULL;
            take_back(s);
        }
    }
    count_up(&s->plan, result);
    result->seconds = en_clock_seconds() - start;
    close_set(s);
    en_pool_free(pool);
    en_free(s);
    return st;
}
