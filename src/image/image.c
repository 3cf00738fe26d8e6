/* Pixels in memory. */
#include "image/image.h"

#include "base/memory.h"

void en_image_init(en_image *image) { *image = (en_image){0}; }

void en_image_clear(en_image *image)
{
    en_free(image->rgb);
    *image = (en_image){0};
}

en_status en_image_alloc(en_image *image, int width, int height, en_error *err)
{
    en_image_clear(image);
    if (width < 1 || height < 1 || width > EN_IMAGE_EDGE_MAX || height > EN_IMAGE_EDGE_MAX) {
        return en_error_set(err, EN_INPUT, "an image of %dx%d px: sides are 1..%d", width, height, EN_IMAGE_EDGE_MAX);
    }
    size_t bytes;
    if (!en_mul((size_t)width, (size_t)height, &bytes) || !en_mul(bytes, 3, &bytes)) {
        return en_error_nomem(err, "pixels");
    }
    image->rgb = en_alloc(bytes);
    if (image->rgb == NULL) {
        return en_error_nomem(err, "pixels");
    }
    image->width = image->full_width = width;
    image->height = image->full_height = height;
    image->scale = 1.0;
    return EN_OK;
}

size_t en_image_bytes(const en_image *image) { return (size_t)image->width * (size_t)image->height * 3; }
