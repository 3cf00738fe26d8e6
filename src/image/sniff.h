/* What a file is by its first bytes, whatever its name says. For decode.c. */
#ifndef EN_IMAGE_SNIFF_H
#define EN_IMAGE_SNIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct en_kind_of_file {
    const char *name; /* "webp", "an HTML page" */
    bool picture;     /* a format for pictures that is not read here */
} en_kind_of_file;

/* NULL: not known, or one of the formats that are read. Static. */
const en_kind_of_file *en_sniff(const uint8_t *bytes, size_t n);

#endif
