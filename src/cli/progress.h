/* Events of a workflow on standard error: on a terminal one live line with rate and time left, elsewhere a line every
 * few seconds; notes and warnings as lines of their own. May be called from any thread. */
#ifndef EN_CLI_PROGRESS_H
#define EN_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/events.h"

typedef struct en_progress_options {
    FILE *stream;
    bool live;  /* the stream is a terminal that can draw a line anew */
    bool quiet; /* only warnings */
    bool colour;
    size_t width;          /* of the terminal in columns, 0: unknown */
    double (*clock)(void); /* seconds from some start; NULL: the monotonic clock */
} en_progress_options;

typedef struct en_progress en_progress;
/* NULL when out of memory: then nothing is reported. */
en_progress *en_progress_new(const en_progress_options *options);
/* Clears the live line. NULL is fine. */
void en_progress_free(en_progress *p);
/* An en_events.emit whose ctx is the en_progress; a NULL ctx drops the event. */
void en_progress_emit(void *ctx, const en_event *event);

#endif
