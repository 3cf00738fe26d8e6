/* The loader: members of a subset, rendered from their packed samples into batches, by all threads. */
#ifndef EN_DATASET_LOADER_H
#define EN_DATASET_LOADER_H

#include <stdint.h>

#include "catalog/items.h"
#include "image/augmentation.h"
#include "image/pack.h"
#include "project/project.h"

typedef struct en_loader {
    const en_catalog_items *items; /* borrowed */
    en_pack_reader *pack;          /* [items->packs], owned */
    en_pool *pool;                 /* borrowed */
    int size;                      /* N of a sample (N,N,3) */
} en_loader;

/* Opens the packs of the items and verifies the samples against their hashes, so that training never uses corrupt data.
 * `size`: what the recipe makes. */
en_status en_loader_open(en_project *project, const en_catalog_items *items, int size, en_loader *loader,
                         en_error *err) EN_CHECKED;
/* The same without looking at the samples, for who reads each but once and checks it then. */
en_status en_loader_open_unchecked(en_project *project, const en_catalog_items *items, int size, en_loader *loader,
                                   en_error *err) EN_CHECKED;
/* EN_INPUT when the sample of one of the items [first, first+n) is not the one that was made. */
en_status en_loader_check(const en_loader *loader, size_t first, size_t n, en_error *err) EN_CHECKED;
void en_loader_close(en_loader *loader); /* safe on a zeroed one */
/* Renders items index[0..n) into pixels (n,N,N,3), as they are. */
void en_loader_render(const en_loader *loader, const uint32_t *index, size_t n, uint8_t *pixels);

/* The same, each seen as a view of image/augmentation.h. */
void en_loader_render_view(const en_loader *loader, const uint32_t *index, size_t n, size_t view, uint8_t *pixels);

/* How an epoch of a training sees the items. */
typedef struct en_loader_views {
    const en_augmentation *augmentation;
    uint64_t seed;
    uint32_t epoch;
} en_loader_views;
/* The same, distorted as is drawn for each item (views may be NULL), by the threads of `pool`, which may be another
 * than the project's: for a thread beside it. The bytes depend on the item and the views only. */
void en_loader_render_views(const en_loader *loader, en_pool *pool, const uint32_t *index, size_t n,
                            const en_loader_views *views, uint8_t *pixels);

#endif
