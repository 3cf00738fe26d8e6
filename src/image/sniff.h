/* What a file is by its first bytes, whatever its name says. For decode.c. */
#ifndef EN_IMAGE_SNIFF_H
#define EN_IMAGE_SNIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct en_kind_of_file {
    const char *name; /* "webp", "an HTML page"; of the formats that are read, what en_format_name calls them */
    bool picture;     /* a format for pictures */
} en_kind_of_file;

/* NULL: not known. Static. */
const en_kind_of_file *en_sniff(const uint8_t *bytes, size_t n);

#endif
