/* A laboratory in a scratch folder, with drawn photographs, for tests of the workflows. */
#ifndef EN_TESTS_ROOM_H
#define EN_TESTS_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "project/project.h"

/* 32 px samples and a network for them: training takes milliseconds. */
#define SCRATCH_RECIPE "crop=none size=32"
#define SCRATCH_NETWORK                                                                                                \
    "input 32x32x3 scale 1/255\nconv 4 5x5 stride 2 relu\nmaxpool 2\ndense 8 relu\ndropout 0.2\ndense classes "        \
    "softmax\n"

/* What the project said: notes and warnings, a line each; and a stop that comes after some events of progress. */
typedef struct scratch {
    char folder[64]; /* the project */
    en_project project;
    en_buf said;
    int stop_after, progress; /* stop_after 0: never */
    en_error err;
} scratch;

/* As cmocka fixtures, with *state = scratch; the project's folder becomes the current one. */
int scratch_set_up(void **state);
int scratch_tear_down(void **state);
/* Closes the project and opens it again with so many threads. */
void scratch_open(scratch *r, unsigned threads);
/* A second, empty project beside the first, which stays as it is; to be ended with scratch_tear_down as well. */
scratch *scratch_another(void);

/* Fails the test with the message unless st is EN_OK. */
void scratch_ok(const scratch *r, en_status st);
#define SCRATCH_OK(r, call) scratch_ok(r, call)
/* Fails unless `st` is `wanted` and the message has `words` and is one line. */
void scratch_refused(const scratch *r, en_status st, en_status wanted, const char *words);

/* Fails unless a and b are within `tolerance` (cmocka compares floats only). */
void scratch_near(double a, double b, double tolerance);

/* Writes the file and registers it as a photograph of the source; path is relative, "photos/1/1_left.jpeg". */
void scratch_add(scratch *r, const char *path, const void *bytes, size_t n);
/* An eye whose optic disc is on its side: a JPEG, appended to out. Each number looks different. */
void scratch_draw(unsigned number, bool left, en_buf *out);
/* Photographs 1_left, 1_right, 2_left ... of so many patients. */
void scratch_add_patients(scratch *r, unsigned patients);
/* A text file in the project. */
void scratch_write(const char *path, const char *text);
/* scratch_add_patients, ingest, labels (grade = patient % 5), split (0.3 test, 0.2 val), variants as is and mirrored,
 * subset "train" of the plain ones of part train, "tiny.net". */
void scratch_fill(scratch *r, unsigned patients);

/* The first column of the first row of a query. */
int64_t scratch_number(scratch *r, const char *sql);
double scratch_real(scratch *r, const char *sql);
/* All rows of a query, columns with '|' between, a line each, appended to out. */
void scratch_dump(scratch *r, const char *sql, en_buf *out);
/* Everything in the catalog but times, uuids, places and speed. */
void scratch_dump_all(scratch *r, en_buf *out);

#endif
