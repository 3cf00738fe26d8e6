/* A sample as a picture for the page. */
#include "base/memory.h"
#include "image/encode.h"
#include "image/pack.h"
#include "image/variant.h"
#include "report/parts.h"

#define JPEG_QUALITY 85
#define JPEG_CAP ((size_t)4 << 20) /* bytes */

en_status en_report_picture(en_project *project, const char *pack, int64_t slot, bool mirror, uint16_t rotation,
                            en_buf *jpeg, en_error *err)
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
    uint8_t *turned = en_alloc(reader.slot_bytes);
    if (turned == NULL) {
        st = en_error_nomem(err, "a picture");
    } else if (sample != NULL) {
        en_variant_render(sample, reader.size, mirror, rotation, turned);
        en_buf_init(jpeg, JPEG_CAP);
        st = en_encode_jpeg(turned, reader.size, reader.size, JPEG_QUALITY, EN_CHROMA_420, jpeg, err);
    }
    en_free(turned);
    en_pack_reader_close(&reader);
    return st;
}
