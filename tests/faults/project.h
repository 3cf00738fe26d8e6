/* A project in a scratch folder for tests of fetching, with sources beside it. */
#ifndef EN_TESTS_PROJECT_H
#define EN_TESTS_PROJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "catalog/words.h"
#include "intake/fetch/fetch.h"

/* What the project said: notes and warnings, a line each; and a stop that comes after some progress events. */
typedef struct project {
    char scratch[64];
    en_project project;
    en_buf said;
    int stop_after; /* progress events; 0: never */
    int progress;
    void (*meanwhile)(
        void); /* what somebody does at look number `meanwhile_at` for a stop, of which there are `looks` */
    int meanwhile_at, looks;
    en_error err;
    en_fetch_result result;
} project;

/* Makes "p" in a new scratch folder, which becomes the current one. As cmocka fixtures, with *state = project. */
int project_set_up(void **state);
int project_tear_down(void **state);

/* Fetches; the texts of events go to p->said, emptied first. */
en_status project_fetch(project *p, const char *source);
en_status project_fetch_with(project *p, en_fetch_options options);
/* Fails the test unless the fetch ends with `status` and a message that holds `words`. */
void project_refuses(project *p, const char *source, en_status status, const char *words);
/* The same unless every row of every photograph of sources 1..`sources` is a file with its length, CRC and SHA-256, and
 * nothing else lies in photos/. Returns the number of photographs. */
int64_t project_check(project *p, int64_t sources);
/* Unless the source of this URI has that state. */
void project_state(project *p, const char *uri, en_source_state state);

/* The bytes of photograph `number`: a JPEG by its first bytes, then numbers that do not compress. */
void photograph_bytes(unsigned number, unsigned char *data, size_t bytes);
void put_photograph(const char *path, unsigned number, size_t bytes);
/* A zip of `count` photographs "train/N_left.jpeg" and a labels.csv, cut into volumes when volume_bytes > 0. */
void put_zip(const char *path, unsigned first, unsigned count, size_t bytes, int64_t volume_bytes);

#endif
