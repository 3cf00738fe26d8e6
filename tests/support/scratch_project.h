/* A laboratory in a scratch folder, with drawn photographs, for tests of the workflows. */
#ifndef EN_TESTS_ROOM_H
#define EN_TESTS_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "project/project.h"

/* 32 px samples and a network for them: training takes milliseconds. */
#define ROOM_RECIPE "crop=none size=32"
#define ROOM_NETWORK                                                                                                   \
    "input 32x32x3 scale 1/255\nconv 4 5x5 stride 2 relu\nmaxpool 2\ndense 8 relu\ndropout 0.2\ndense classes "        \
    "softmax\n"

/* What the project said: notes and warnings, a line each; and a stop that comes after some events of progress. */
typedef struct room {
    char folder[64]; /* the project */
    en_project project;
    en_buf said;
    int stop_after, progress; /* stop_after 0: never */
    en_error err;
} room;

/* As cmocka fixtures, with *state = room; the project's folder becomes the current one. */
int room_set_up(void **state);
int room_tear_down(void **state);
/* Closes the project and opens it again with so many threads. */
void room_open(room *r, unsigned threads);
/* A second, empty project beside the first, which stays as it is; to be ended with room_tear_down as well. */
room *room_another(void);

/* Fails the test with the message unless st is EN_OK. */
void room_ok(const room *r, en_status st);
#define ROOM_OK(r, call) room_ok(r, call)
/* Fails unless `st` is `wanted` and the message has `words` and is one line. */
void room_refused(const room *r, en_status st, en_status wanted, const char *words);

/* Fails unless a and b are within `tolerance` (cmocka compares floats only). */
void room_near(double a, double b, double tolerance);

/* Writes the file and registers it as a photograph of the source; path is relative, "photos/1/1_left.jpeg". */
void room_add(room *r, const char *path, const void *bytes, size_t n);
/* An eye whose optic disc is on its side: a JPEG, appended to out. Each number looks different. */
void room_draw(unsigned number, bool left, en_buf *out);
/* Photographs 1_left, 1_right, 2_left ... of so many patients. */
void room_add_patients(room *r, unsigned patients);
/* A text file in the project. */
void room_write(const char *path, const char *text);
/* room_add_patients, ingest, labels (grade = patient % 5), split (0.3 test, 0.2 val), variants as is and mirrored,
 * subset "train" of the plain ones of part train, "tiny.net". */
void room_furnish(room *r, unsigned patients);

/* The first column of the first row of a query. */
int64_t room_number(room *r, const char *sql);
double room_real(room *r, const char *sql);
/* All rows of a query, columns with '|' between, a line each, appended to out. */
void room_dump(room *r, const char *sql, en_buf *out);
/* Everything in the catalog but times, uuids, places and speed. */
void room_dump_all(room *r, en_buf *out);

#endif
