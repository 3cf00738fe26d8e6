/* Archives of known members in every form, bytes of theirs that are changed, and what a reader makes of them. The tests
 * work in a scratch folder. */
#ifndef EN_TEST_ARCHIVE_MADE_H
#define EN_TEST_ARCHIVE_MADE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <archive.h>

#include "archive/reader.h"
#include "base/buf.h"

#define MEMBERS 5
#define BYTES 3000 /* of a member, which do not compress */

int make_scratch(void **state);
int drop_scratch(void **state);

typedef enum form { ZIP, STORED, TAR, GZIP, XZ, BZIP2, ZSTD, SEVEN, FORMS } form;
extern const char *const names[FORMS];

void set_form(struct archive *lib, form f);
/* An archive of the members 0, 1, ..., each called "eyes/N.jpeg". */
void make(const char *path, form f, int members);
/* A whole file; en_buf_clear. */
void load(const char *path, en_buf *all);
void save(const char *path, const en_buf *all);
/* Where the n-th (from 0) of these bytes is. */
char *find(const en_buf *all, const char *needle, size_t bytes, int nth);

typedef struct outcome {
    int good, wrong, damaged; /* members: with the right bytes, with other ones, refused */
    char damage[1100];        /* of the last one */
    char volume[64];          /* in which it begins, when it is refused by its header */
    en_status status;         /* EN_OK at the end */
    en_error err;
} outcome;

/* Reads all of an archive, going on behind damaged members. */
outcome read_all(const char *path);

#endif
