/* The text of a recipe: what is read has a canonical text, and that text is read as the same recipe. */
#include <string.h>

#include "base/memory.h"
#include "fuzz.h"
#include "image/recipe.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    en_error err;
    en_recipe recipe, again;
    char once[EN_RECIPE_TEXT_MAX], twice[EN_RECIPE_TEXT_MAX];
    char *text = en_strndup((const char *)bytes, size);
    FUZZ_MUST(text != NULL);
    if (en_recipe_parse(text, &recipe, &err) == EN_OK) {
        FUZZ_MUST(recipe.size >= EN_RECIPE_SIZE_MIN && recipe.size <= EN_RECIPE_SIZE_MAX);
        FUZZ_MUST(en_recipe_parse(en_recipe_text(&recipe, once), &again, &err) == EN_OK);
        FUZZ_MUST(strcmp(once, en_recipe_text(&again, twice)) == 0);
    }
    en_free(text);
    return 0;
}
