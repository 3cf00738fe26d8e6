/* The bytes of a photograph: what is decoded is as large as its head says, and what is refused is refused with a
 * fault. */
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "image/decode.h"

static void decode(const uint8_t *bytes, size_t size, int min_edge, bool accept_truncated)
{
    en_error err = {0};
    en_image image = {0};
    en_image_info info = {0}, head = {0};
    const en_decode_options options = {
        .max_pixels = 1 << 18, .min_edge = min_edge, .accept_truncated = accept_truncated};
    if (en_decode(bytes, size, &options, &image, &info, &err) == EN_OK) {
        bool turned = info.orientation >= 5;
        FUZZ_MUST(en_decode_probe(bytes, size, &options, &head, &err) == EN_OK);
        FUZZ_MUST(head.width == info.width && head.height == info.height && head.orientation == info.orientation);
        FUZZ_MUST(image.full_width == (turned ? info.height : info.width));
        FUZZ_MUST(image.full_height == (turned ? info.width : info.height));
        FUZZ_MUST(image.width >= 1 && image.width <= image.full_width);
        uint64_t sum = 0; /* every pixel is there */
        for (size_t i = 0; i < en_image_bytes(&image); i++) {
            sum += image.rgb[i];
        }
        FUZZ_MUST(sum <= 255 * (uint64_t)en_image_bytes(&image));
    } else {
        FUZZ_MUST(info.fault != EN_FAULT_NONE && err.text[0] != '\0' && image.rgb == NULL);
        FUZZ_MUST(strncmp(err.text, en_fault_name(info.fault), strlen(en_fault_name(info.fault))) == 0);
    }
    en_image_clear(&image);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    decode(bytes, size, 0, false);
    decode(bytes, size, 16, false);
    decode(bytes, size, 0, true);
    return 0;
}
