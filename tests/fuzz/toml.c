/* A file of settings: numbers that were read are numbers, and every key is found again. */
#include <string.h>

#include "base/text.h"
#include "base/toml.h"
#include "fuzz.h"

static void look(const en_toml *v)
{
    int64_t whole;
    double real;
    FUZZ_MUST(v->kind >= EN_TOML_TEXT && v->kind <= EN_TOML_TABLE);
    FUZZ_MUST(v->kind != EN_TOML_INT || en_parse_int(v->text, &whole));
    FUZZ_MUST(v->kind != EN_TOML_REAL || en_parse_double(v->text, &real));
    for (size_t i = 0; i < v->count; i++) {
        FUZZ_MUST(v->kind != EN_TOML_TABLE || en_toml_get(v, v->key[i]) == &v->item[i]);
        look(&v->item[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    en_error err;
    en_toml t;
    if (en_toml_parse("'fuzz'", (const char *)bytes, size, &t, &err) == EN_OK) {
        look(&t);
    }
    en_toml_clear(&t);
    return 0;
}
