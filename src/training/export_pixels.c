/* See export_pixels.h. */
#include "training/export_pixels.h"

#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"

#define BATCH_BYTES ((size_t)8 << 20)

static size_t sample_bytes(const en_loader *loader)
{
    return (size_t)loader->size * (size_t)loader->size * EN_PACK_CHANNELS;
}

en_status en_export_pixels(en_project *project, const en_loader *loader, const en_export_sink *sink, en_error *err)
{
    size_t count = loader->items->count, bytes = sample_bytes(loader);
    size_t batch = BATCH_BYTES / bytes + 1;
    uint8_t *pixels = en_calloc(batch, bytes);
    uint32_t *index = en_calloc(batch, sizeof *index);
    en_status st = pixels != NULL && index != NULL ? EN_OK : en_error_nomem(err, "pixels");
    en_event_begin(&project->events, "export", "samples", (int64_t)count);
    size_t done = 0;
    while (st == EN_OK && done < count) {
        size_t n = count - done < batch ? count - done : batch;
        for (size_t i = 0; i < n; i++) {
            index[i] = (uint32_t)(done + i);
        }
        st = en_loader_check(loader, done, n, err);
        if (st == EN_OK) {
            en_loader_render(loader, index, n, pixels);
            st = sink->put(sink->ctx, pixels, n * bytes, err);
        }
        if (st == EN_OK) {
            done += n;
            en_event_progress(&project->events, (int64_t)done, (int64_t)count, NULL);
            st = en_stop_check(&project->events, err);
        }
    }
    en_event_end(&project->events, (int64_t)done, (int64_t)count);
    en_free(pixels);
    en_free(index);
    return st;
}

en_status en_export_pixels_header(const en_loader *loader, en_buf *out, int64_t *bytes, en_error *err)
{
    size_t edge = (size_t)loader->size;
    size_t before = out->size;
    en_status st =
        en_npy_header("'|u1'", (const size_t[]){loader->items->count, edge, edge, EN_PACK_CHANNELS}, 4, out, err);
    *bytes = (int64_t)(out->size - before) + (int64_t)loader->items->count * (int64_t)sample_bytes(loader);
    return st;
}

void en_export_pixels_shape(const en_loader *loader, char *out, size_t capacity)
{
    (void)snprintf(out, capacity, "(%zu, %d, %d, %d)", loader->items->count, loader->size, loader->size,
                   EN_PACK_CHANNELS);
}

en_status en_export_to_writer(void *writer, const void *data, size_t bytes, en_error *err)
{
    return en_writer_write(writer, data, bytes, err);
}
