/* Rendering batches: a copy for plain variants, mirror and rotation for the others. */
#include "dataset/loader.h"

#include <string.h>

#include "base/memory.h"
#include "image/variant.h"

/* A pack's slots that the items need; more may be there. */
static int64_t slots_needed(const en_catalog_items *items, size_t pack)
{
    int64_t most = 0;
    for (size_t i = 0; i < items->count; i++) {
        if (items->item[i].pack == pack && (int64_t)items->item[i].slot >= most) {
            most = (int64_t)items->item[i].slot + 1;
        }
    }
    return most;
}

typedef struct check {
    const en_loader *loader;
    size_t first;
    uint8_t *verdict; /* of the items from `first` on */
} check;
enum { GOOD, BAD, UNTOLD /* no memory to check it */ };

/* Variants of one image lie together and share a sample: the first of them is looked at. */
static void check_one(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    const check *c = ctx;
    const en_catalog_item *item = &c->loader->items->item[c->first + i];
    if (i > 0 && item[-1].pack == item->pack && item[-1].slot == item->slot) {
        return;
    }
    bool same;
    en_status st = en_pack_reader_check(&c->loader->pack[item->pack], item->slot, item->sample_sha256, &same, NULL);
    c->verdict[i] = st != EN_OK ? UNTOLD : same ? GOOD : BAD;
}

en_status en_loader_check(const en_loader *loader, size_t first, size_t n, en_error *err)
{
    const en_catalog_items *items = loader->items;
    check c = {.loader = loader, .first = first, .verdict = en_calloc(n, 1)};
    if (c.verdict == NULL) {
        return en_error_nomem(err, "samples");
    }
    en_pool_run(loader->pool, n, check_one, &c);
    const uint8_t *bad = memchr(c.verdict, BAD, n);
    en_status st = memchr(c.verdict, UNTOLD, n) != NULL ? en_error_nomem(err, "the hash of a sample") : EN_OK;
    if (st == EN_OK && bad != NULL) {
        const en_catalog_item *item = &items->item[first + (size_t)(bad - c.verdict)];
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT,
                                        "'%s' is damaged: the sample of '%s' is not the one that was made",
                                        items->pack[item->pack], item->image),
                           "remove that file and ingest again");
    }
    en_free(c.verdict);
    return st;
}

en_status en_loader_open(en_project *project, const en_catalog_items *items, int size, en_loader *loader, en_error *err)
{
    en_status st = en_loader_open_unchecked(project, items, size, loader, err);
    if (st == EN_OK && items->count > 0) {
        st = en_loader_check(loader, 0, items->count, err);
    }
    if (st != EN_OK) {
        en_loader_close(loader);
    }
    return st;
}

en_status en_loader_open_unchecked(en_project *project, const en_catalog_items *items, int size, en_loader *loader,
                                   en_error *err)
{
    *loader = (en_loader){.items = items, .size = size};
    en_status st = en_project_pool(project, &loader->pool, err);
    if (st == EN_OK && (loader->pack = en_calloc(items->packs, sizeof *loader->pack)) == NULL) {
        st = en_error_nomem(err, "packs");
    }
    for (size_t p = 0; st == EN_OK && p < items->packs; p++) {
        int64_t slots = slots_needed(items, p);
        if (slots == 0) {
            continue;
        }
        char *path;
        st = en_project_path(project, items->pack[p], &path, err);
        if (st == EN_OK) {
            st = en_pack_reader_open(&loader->pack[p], path, NULL, slots, err);
        }
        if (st == EN_OK && loader->pack[p].size != size) {
            st = en_error_hint(
                err,
                en_error_set(err, EN_INPUT, "'%s' holds samples of %d px, not of %d", path, loader->pack[p].size, size),
                "ingest again");
        }
        en_free(path);
    }
    if (st != EN_OK) {
        en_loader_close(loader);
    }
    return st;
}

void en_loader_close(en_loader *loader)
{
    for (size_t p = 0; loader->pack != NULL && p < loader->items->packs; p++) {
        en_pack_reader_close(&loader->pack[p]);
    }
    en_free(loader->pack);
    *loader = (en_loader){0};
}

typedef struct render {
    const en_loader *loader;
    const uint32_t *index;
    const en_loader_views *views; /* or NULL */
    size_t view;                  /* without them */
    uint8_t *pixels;
    size_t bytes;
} render;

static void render_one(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    const render *r = ctx;
    const en_catalog_item *item = &r->loader->items->item[r->index[chunk]];
    const uint8_t *sample = en_pack_reader_slot(&r->loader->pack[item->pack], item->slot);
    uint8_t *out = r->pixels + chunk * r->bytes;
    if (r->views != NULL && en_augmentation_is_any(r->views->augmentation)) {
        const en_distortion d = en_augmentation_draw(r->views->augmentation, r->views->seed, r->views->epoch, item->key,
                                                     item->mirror != 0, item->rotation);
        en_distort(sample, r->loader->size, &d, out);
    } else if (r->view > 0) {
        const en_distortion d = en_augmentation_view(r->view, item->mirror != 0, item->rotation);
        en_distort(sample, r->loader->size, &d, out);
    } else if (item->mirror == 0 && item->rotation == 0) {
        memcpy(out, sample, r->bytes);
    } else {
        en_variant_render(sample, r->loader->size, item->mirror != 0, item->rotation, out);
    }
}

void en_loader_render(const en_loader *loader, const uint32_t *index, size_t n, uint8_t *pixels)
{
    en_loader_render_views(loader, loader->pool, index, n, NULL, pixels);
}

void en_loader_render_view(const en_loader *loader, const uint32_t *index, size_t n, size_t view, uint8_t *pixels)
{
    size_t edge = (size_t)loader->size;
    render r = {
        .loader = loader, .index = index, .view = view, .pixels = pixels, .bytes = edge * edge * EN_PACK_CHANNELS};
    en_pool_run(loader->pool, n, render_one, &r);
}

void en_loader_render_views(const en_loader *loader, en_pool *pool, const uint32_t *index, size_t n,
                            const en_loader_views *views, uint8_t *pixels)
{
    size_t edge = (size_t)loader->size;
    render r = {
        .loader = loader, .index = index, .views = views, .pixels = pixels, .bytes = edge * edge * EN_PACK_CHANNELS};
    en_pool_run(pool, n, render_one, &r);
}
