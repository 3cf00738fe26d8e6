/* An EXIF block: an orientation that there is, and a camera's name that can be printed. */
#include <string.h>

#include "fuzz.h"
#include "image/orient.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char device[72];
    int orientation = en_orient_read(bytes, size);
    FUZZ_MUST(orientation >= 1 && orientation <= 8);
    memset(device, 1, sizeof device);
    en_orient_device(bytes, size, device);
    FUZZ_MUST(memchr(device, '\0', sizeof device) != NULL);
    for (const char *c = device; *c != '\0'; c++) {
        FUZZ_MUST(*c >= ' ' && *c <= '~');
    }
    return 0;
}
