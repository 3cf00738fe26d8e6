/* The little text format of the help: paragraphs parted by an empty line; one whose lines begin with a space stays as
 * it is. Shared by help, man pages and Markdown. */
#ifndef EN_RENDER_PROSE_H
#define EN_RENDER_PROSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct en_block {
    const char *text; /* borrowed */
    size_t size;
    bool literal;
} en_block;

/* The next block of *text, which moves on; false at the end. text may point to NULL. */
bool en_prose_next(const char **text, en_block *block);
/* Prints words wrapped at `width` columns, the first line from column `at`, the others from `indent`; ends the line. */
void en_prose_wrap(FILE *to, const char *text, size_t size, size_t at, size_t indent, size_t width);

#endif
