/* meta.yaml of a folder mlruns: keys are as MLflow writes them, each comes once, and values are texts that are not
 * empty. */
#include <string.h>

#include "base/memory.h"
#include "fuzz.h"
#include "training/track/meta.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    en_error err;
    en_meta meta;
    char *text = en_strndup((const char *)bytes, size);
    FUZZ_MUST(text != NULL);
    const size_t read = strlen(text) < size ? strlen(text) : size;
    if (en_meta_parse(text, read, &meta, &err) == EN_OK) {
        FUZZ_MUST(meta.fields <= EN_META_FIELDS_MAX);
        for (size_t i = 0; i < meta.fields; i++) {
            FUZZ_MUST(meta.field[i].key[0] != '\0' && strlen(meta.field[i].key) <= 60);
            FUZZ_MUST(meta.field[i].value == NULL || meta.field[i].value[0] != '\0');
            FUZZ_MUST(en_meta_get(&meta, meta.field[i].key) == meta.field[i].value);
        }
    } else {
        FUZZ_MUST(strstr(err.text, "line ") != NULL || read == 0); /* names it */
    }
    en_meta_clear(&meta);
    FUZZ_MUST(size == 0 || memchr(bytes, '\0', size) == NULL ||
              en_meta_parse((const char *)bytes, size, &meta, &err) == EN_INPUT);
    en_meta_clear(&meta);
    en_free(text);
    return 0;
}
