/* Words of enumerations. */
#include "base/wordlist.h"

#include <string.h>

const char *en_word(const en_wordlist *words, unsigned value)
{
    return value < words->count ? words->word[value] : NULL;
}

unsigned en_word_find(const en_wordlist *words, const char *text)
{
    for (unsigned i = 1; text != NULL && i < words->count; i++) {
        if (strcmp(words->word[i], text) == 0) {
            return i;
        }
    }
    return 0;
}
