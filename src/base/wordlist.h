/* The words that an enumeration is written with, in the catalog and on the command line. Value 0 of such an enumeration
 * means "none": NULL in the catalog, an empty text elsewhere. */
#ifndef EN_BASE_WORDLIST_H
#define EN_BASE_WORDLIST_H

#include <stddef.h>

typedef struct en_wordlist {
    const char *what;        /* "run state": for messages */
    const char *const *word; /* [count]; word[0] is NULL */
    size_t count;
} en_wordlist;

/* EN_WORDLIST("part", part_words): an initializer from an array whose first element is NULL. */
#define EN_WORDLIST(what, list)                                                                                        \
    {                                                                                                                  \
        (what), (list), sizeof(list) / sizeof *(list)                                                                  \
    }

/* NULL for 0 and for what is not a value. */
const char *en_word(const en_wordlist *words, unsigned value);
/* 0 for NULL, "" and what is not a word. */
unsigned en_word_find(const en_wordlist *words, const char *text);

#endif
