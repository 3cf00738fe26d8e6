/* The table of the kinds of sources. */
#include "intake/fetch/kind.h"

#include <string.h>
#include <strings.h>

/* The first line that fits: what `scheme` begins (in any case; "" for a path) and the kind accepts. */
static const struct {
    const char *scheme;
    const en_fetch_kind *kind;
} kinds[] = {
    {"http://", &en_fetch_url}, {"https://", &en_fetch_url},   {"", &en_fetch_folder}, {"", &en_fetch_links},
    {"", &en_fetch_files},      {"kaggle:", &en_fetch_kaggle}, {"s3:", &en_fetch_s3},
};

const en_fetch_kind *en_fetch_kind_of(const char *source)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const en_fetch_kind *kind = kinds[i].kind;
        if (strncasecmp(source, kinds[i].scheme, strlen(kinds[i].scheme)) == 0 &&
            (kind->accepts == NULL || kind->accepts(source))) {
            return kind;
        }
    }
    return NULL;
}
