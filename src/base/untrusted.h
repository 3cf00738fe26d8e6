/* What a name, a path, a hash or a number must be before it is believed. Catalogs, packs, models and label files come
 * from strangers as well: what they say is checked here, where it is read, and nowhere else.
 *
 * A path in a catalog is relative to the project's folder and stays beneath it. Its parts are opened one after the
 * other from the folder (openat), so that no symbolic link is followed, and what it leads to is a regular file or a
 * folder: opening a pipe would wait for ever, and a device may do anything. */
#ifndef EN_BASE_UNTRUSTED_H
#define EN_BASE_UNTRUSTED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define EN_COUNT_MAX ((int64_t)1 << 44) /* 16 TiB as bytes: half a million of them still add up to an int64_t */
#define EN_EPOCHS_MAX 100000            /* of one training */
#define EN_NAME_MAX 100                 /* bytes of the name of a split, subset, dataset, run or imported model */

typedef enum en_rule {
    EN_RULE_NONE,
    EN_RULE_TEXT, /* a text, possibly empty: not NULL */
    EN_RULE_NAME, /* 1 to EN_NAME_MAX bytes of UTF-8 without control characters and without a space at either end */
    EN_RULE_FILE_NAME, /* the same, and it can name a file: no leading '.', no '/' and no '\' */
    EN_RULE_PATH,      /* relative, without empty parts, "." and "..", of fewer than PATH_MAX bytes */
    EN_RULE_HASH,      /* a SHA-256 as 64 lower-case hexadecimal digits */
    EN_RULE_COUNT,     /* a whole number from 0 to EN_COUNT_MAX */
    EN_RULE_EPOCH,     /* a whole number from 0 to EN_EPOCHS_MAX */
} en_rule;

/* NULL when the text is what the rule wants, else what is wrong with it, as the end of "the path '...' ". `text` may be
 * NULL, which no rule but EN_RULE_NONE lets pass. Not for numbers. Static. */
const char *en_rule_fault(en_rule rule, const char *text);
/* Whether the rule is one of numbers; and the same for a number. */
bool en_rule_is_of_numbers(en_rule rule);
const char *en_rule_number_fault(en_rule rule, int64_t value);

/* The absolute form of a path relative to `root` (en_free), which need not be there yet. EN_INPUT: the path is not
 * EN_RULE_PATH, a part of it is a symbolic link or is not a folder, or it leads to something that is neither a regular
 * file nor a folder. EN_PATH, EN_IO, EN_NOMEM: that cannot be found out now. */
en_status en_path_beneath(const char *root, const char *relative, char **path, en_error *err) EN_CHECKED;

#endif
