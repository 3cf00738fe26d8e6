/* The pixels of items, one after the other, to wherever an export puts them. */
#ifndef EN_TRAINING_EXPORT_PIXELS_H
#define EN_TRAINING_EXPORT_PIXELS_H

#include "dataset/loader.h"
#include "export/npy.h"

/* Renders all items in batches of a few MiB, each sample checked against its hash, and reports as progress. */
en_status en_export_pixels(en_project *project, const en_loader *loader, const en_export_sink *sink,
                           en_error *err) EN_CHECKED;
/* The header of their array, and the bytes of both. */
en_status en_export_pixels_header(const en_loader *loader, en_buf *out, int64_t *bytes, en_error *err) EN_CHECKED;
/* "(12, 256, 256, 3)" */
void en_export_pixels_shape(const en_loader *loader, char *out, size_t capacity);
/* A sink that writes to a file: .ctx is the en_writer. */
en_status en_export_to_writer(void *writer, const void *data, size_t bytes, en_error *err) EN_CHECKED;

#endif
