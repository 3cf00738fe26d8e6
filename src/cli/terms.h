/* Words that mean something, made elsewhere and listed here: for help and for completions. */
#ifndef EN_CLI_TERMS_H
#define EN_CLI_TERMS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct en_term {
    char word[64], meaning[200];
} en_term;

/* The n-th word and what it means; false after the last. */
typedef bool en_term_fn(size_t n, en_term *out);

bool en_term_policy(size_t n, en_term *out);  /* policies of augment */
bool en_term_network(size_t n, en_term *out); /* built-in networks */

#endif
