/* The text of a network: what is read has a canonical text, and that text is read as the same network. */
#include <string.h>

#include "base/memory.h"
#include "fuzz.h"
#include "nn/spec.h"

static void read_again(const en_spec *spec)
{
    en_error err;
    en_buf once, twice;
    en_spec again;
    en_buf_init(&once, EN_SPEC_TEXT_MAX);
    en_buf_init(&twice, EN_SPEC_TEXT_MAX);
    FUZZ_MUST(en_spec_text(spec, &once, &err) == EN_OK);
    FUZZ_MUST(en_spec_parse(en_buf_str(&once), "again", &again, &err) == EN_OK);
    FUZZ_MUST(en_spec_text(&again, &twice, &err) == EN_OK);
    FUZZ_MUST(strcmp(en_buf_str(&once), en_buf_str(&twice)) == 0);
    en_buf_clear(&once);
    en_buf_clear(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    en_error err;
    en_spec spec;
    char *text = en_strndup((const char *)bytes, size);
    FUZZ_MUST(text != NULL);
    if (en_spec_parse(text, "fuzz", &spec, &err) == EN_OK) {
        FUZZ_MUST(spec.count > 0 && spec.count <= EN_SPEC_LAYERS);
        read_again(&spec);
    } else {
        FUZZ_MUST(strncmp(err.text, "fuzz", 4) == 0); /* names the file */
    }
    en_free(text);
    return 0;
}
