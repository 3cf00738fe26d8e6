/* Samples as pictures for the page. */
#include "base/memory.h"
#include "image/encode.h"
#include "image/pack.h"
#include "image/resize.h"
#include "image/variant.h"
#include "report/parts.h"

#define JPEG_QUALITY 85
#define JPEG_CAP ((size_t)4 << 20) /* bytes */

en_status en_report_pixels(en_project *project, const char *pack, int64_t slot, bool mirror, uint16_t rotation,
                           en_image *out, en_error *err)
{
    en_pack_reader reader = {0};
    char *path;
    en_status st = en_project_path(project, pack, &path, err);
    if (st == EN_OK) {
        st = en_pack_reader_open(&reader, path, NULL, slot + 1, err);
    }
    en_free(path);
    if (st != EN_OK) {
        if (st == EN_NOMEM) {
            return st;
        }
        en_error_clear(err);
        return EN_OK;
    }
    const uint8_t *sample = en_pack_reader_slot(&reader, slot);
    if (sample != NULL) {
        st = en_image_alloc(out, reader.size, reader.size, err);
    }
    if (sample != NULL && st == EN_OK) {
        en_variant_render(sample, reader.size, mirror, rotation, out->rgb);
    }
    en_pack_reader_close(&reader);
    return st;
}

en_status en_report_jpeg(const en_image *image, en_buf *jpeg, en_error *err)
{
    if (image->rgb == NULL) {
        return EN_OK;
    }
    en_image small = {0};
    en_status st = en_shrink(image, EN_REPORT_EDGE, &small, err);
    if (st == EN_OK) {
        en_buf_init(jpeg, JPEG_CAP);
        st = en_encode_jpeg(small.rgb, small.width, small.height, JPEG_QUALITY, EN_CHROMA_420, jpeg, err);
    }
    en_image_clear(&small);
    return st;
}
