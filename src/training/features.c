/* Features: the file is a header line with the key, padded to 128 bytes, the floats, and their SHA-256 in hex. */
#include "training/features.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"

#define MAGIC "eyenet features 1 "
enum { HEADER = 128 };

typedef struct source {
    en_project *project;
    en_network *network;
    const en_loader *loader;
    const char *what;
} source;

static void add_text(en_sha256 *h, const char *text) { en_sha256_add(h, text, strlen(text) + 1); }

/* The lines below and their numbers. */
static en_status add_network(en_sha256 *h, en_network *net, size_t line, en_error *err)
{
    const en_spec *spec = en_network_spec(net);
    char input[256];
    snprintf(input, sizeof input, "%zu %zu %zu %.17g %.17g %.17g %d", spec->input.h, spec->input.w, spec->input.c,
             spec->scale_top, spec->scale_bottom, spec->shift, spec->normalised);
    add_text(h, input);
    for (size_t c = 0; spec->normalised && c < spec->input.c; c++) {
        snprintf(input, sizeof input, "%.17g %.17g", spec->mean[c], spec->std[c]);
        add_text(h, input);
    }
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < line; i++) {
        en_line_info info;
        st = en_network_line(net, i, &info, err);
        if (st == EN_OK) {
            add_text(h, info.text);
            add_text(h, info.algorithm);
        }
    }
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        const en_parameter *p = en_network_parameter(net, i);
        if (p->line < line) {
            en_sha256_add(h, p->value, p->count * sizeof *p->value);
        }
    }
    add_text(h, en_network_kernels(net)->name);
    return st;
}

static en_status make_key(const source *s, const en_features *f, char key[EN_SHA256_HEX], en_error *err)
{
    en_sha256 *h = en_sha256_new();
    if (h == NULL) {
        return en_error_nomem(err, "a hash");
    }
    en_status st = add_network(h, s->network, f->line, err);
    en_sha256_add(h, f->slot, sizeof f->slot);
    for (size_t i = 0; i < f->items; i++) {
        const en_catalog_item *item = &s->loader->items->item[i];
        char line[128];
        snprintf(line, sizeof line, "%.64s %u %u", item->sample_sha256, item->mirror, item->rotation);
        add_text(h, line);
    }
    if (!en_sha256_hex(h, key) && st == EN_OK) {
        st = en_error_set(err, EN_BUG, "cannot compute a SHA-256");
    }
    en_sha256_free(h);
    return st;
}

static void make_header(char header[HEADER], const char *key)
{
    memset(header, 0, HEADER);
    snprintf(header, HEADER, MAGIC "%s\n", key);
}

/* Whether the file at `path` is there and whole; then it is mapped. Any other is made anew. */
static bool read_file(const char *path, const char *key, size_t bytes, en_features *f)
{
    char header[HEADER], hash[EN_SHA256_HEX];
    struct stat info;
    const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    const size_t whole = HEADER + bytes + EN_SHA256_HEX - 1;
    if (fd < 0) {
        return false;
    }
    bool good = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && (uint64_t)info.st_size == whole;
    void *map = good ? mmap(NULL, whole, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    (void)close(fd);
    if (map == MAP_FAILED) {
        return false;
    }
    const char *at = map;
    make_header(header, key);
    good = memcmp(at, header, HEADER) == 0 && en_sha256_bytes(at + HEADER, bytes, hash, NULL) == EN_OK &&
           memcmp(at + HEADER + bytes, hash, EN_SHA256_HEX - 1) == 0;
    if (!good) {
        (void)munmap(map, whole);
        return false;
    }
    f->map = map;
    f->map_bytes = whole;
    f->value = (const float *)(const void *)(at + HEADER);
    return true;
}

/* Batches of items, each in all views. */
static en_status compute(const source *s, const en_features *f, float *to, en_error *err)
{
    const size_t batch = en_network_micro_batch(s->network), edge = (size_t)s->loader->size;
    uint8_t *pixels = en_alloc(batch * edge * edge * 3);
    float *features = en_calloc(batch * f->size, sizeof *features);
    uint32_t *index = en_calloc(batch, sizeof *index);
    const en_events *events = &s->project->events;
    en_status st =
        pixels != NULL && features != NULL && index != NULL ? EN_OK : en_error_nomem(err, "a batch of features");
    en_event_begin(events, s->what, "images", (int64_t)f->items);
    for (size_t first = 0, n; st == EN_OK && first < f->items; first += n) {
        n = f->items - first < batch ? f->items - first : batch;
        for (size_t i = 0; i < n; i++) {
            index[i] = (uint32_t)(first + i);
        }
        for (size_t view = 0; st == EN_OK && view < EN_VIEWS; view++) {
            if (f->slot[view] == EN_VIEWS) {
                continue;
            }
            en_loader_render_view(s->loader, index, n, view, pixels);
            st = en_network_features(s->network, f->line, pixels, n, features, err);
            for (size_t i = 0; st == EN_OK && i < n; i++) {
                memcpy(to + ((first + i) * f->views + f->slot[view]) * f->size, features + i * f->size,
                       f->size * sizeof *to);
            }
            if (st == EN_OK) {
                st = en_stop_check(events, err);
            }
        }
        en_event_progress(events, (int64_t)(first + n), (int64_t)f->items, NULL);
    }
    en_event_end(events, (int64_t)f->items, (int64_t)f->items);
    en_free(pixels);
    en_free(features);
    en_free(index);
    return st;
}

static en_status write_file(const char *dir, const char *path, const char *key, const float *value, size_t bytes,
                            en_error *err)
{
    char header[HEADER], hash[EN_SHA256_HEX];
    en_writer w = {0};
    make_header(header, key);
    en_status st = en_sha256_bytes(value, bytes, hash, err);
    if (st == EN_OK) {
        st = en_file_mkdirs(dir, err);
    }
    if (st == EN_OK) {
        st = en_file_check_space(dir, (int64_t)bytes, err);
    }
    if (st == EN_OK) {
        st = en_writer_open(&w, path, err);
    }
    if (st == EN_OK) {
        st = en_writer_write(&w, header, HEADER, err);
    }
    if (st == EN_OK) {
        st = en_writer_write(&w, value, bytes, err);
    }
    if (st == EN_OK) {
        st = en_writer_write(&w, hash, EN_SHA256_HEX - 1, err);
    }
    if (st == EN_OK) {
        st = en_writer_commit(&w, err);
    }
    en_writer_abort(&w);
    return st;
}

/* Computes them in memory and keeps them in the file, which then takes their place. */
static en_status make(const source *s, const char *dir, const char *path, const char *key, size_t bytes, en_features *f,
                      en_error *err)
{
    en_error why;
    f->memory = en_alloc(bytes);
    if (f->memory == NULL) {
        return en_error_nomem(err, "features");
    }
    f->value = f->memory;
    en_status st = compute(s, f, f->memory, err);
    if (st != EN_OK) {
        return st;
    }
    if (write_file(dir, path, key, f->memory, bytes, &why) != EN_OK) {
        en_event_warn(&s->project->events, "the features are not kept for another training: %s", why.text);
    } else if (read_file(path, key, bytes, f)) {
        en_free(f->memory);
        f->memory = NULL;
    }
    return EN_OK;
}

en_status en_features_load(en_project *project, en_network *network, size_t line, const en_loader *loader,
                           const en_augmentation *shows, const char *what, en_features *out, en_error *err)
{
    const source s = {.project = project, .network = network, .loader = loader, .what = what};
    char key[EN_SHA256_HEX], *dir = NULL, *path = NULL;
    size_t values = 0, bytes = 0;
    *out = (en_features){.line = line, .size = en_network_feature_size(network, line), .items = loader->items->count};
    for (size_t view = 0; view < EN_VIEWS; view++) {
        const bool shown = shows != NULL ? en_augmentation_shows(shows, view) : view == 0;
        out->slot[view] = shown ? out->views++ : EN_VIEWS;
    }
    if (!en_mul(out->items, out->views, &values) || !en_mul(values, out->size * sizeof(float), &bytes)) {
        return en_error_nomem(err, "features");
    }
    en_status st = make_key(&s, out, key, err);
    if (st == EN_OK) {
        st = en_project_path(project, EN_FEATURES_DIR, &dir, err);
    }
    if (st == EN_OK && (path = en_format("%s/%s.features", dir, key)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    if (st == EN_OK && !read_file(path, key, bytes, out)) {
        st = make(&s, dir, path, key, bytes, out, err);
    }
    en_free(dir);
    en_free(path);
    return st;
}

const float *en_features_of(const en_features *f, size_t item, size_t view)
{
    return f->value + (item * f->views + f->slot[view]) * f->size;
}

void en_features_clear(en_features *f)
{
    if (f->map != NULL) {
        (void)munmap(f->map, f->map_bytes);
    }
    en_free(f->memory);
    *f = (en_features){0};
}
