/* Words that mean something, made elsewhere and listed here: for help and for completions. */
#ifndef EN_CLI_CHOICES_H
#define EN_CLI_CHOICES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct en_choice {
    char word[64], meaning[200];
} en_choice;

/* The n-th word and what it means; false after the last. */
typedef bool en_choice_fn(size_t n, en_choice *out);

bool en_choice_policy(size_t n, en_choice *out);  /* policies of augment */
bool en_choice_network(size_t n, en_choice *out); /* built-in networks */
bool en_choice_view(size_t n, en_choice *out);    /* eyenet's own views of the catalog */

bool en_choice_chart(size_t n, en_choice *out); /* charts of report and plot */

#endif
