/* Nothing below cli prints. Workflows report their progress as events, which the caller renders. */
#ifndef EN_BASE_EVENTS_H
#define EN_BASE_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

typedef enum en_event_kind {
    EN_EVENT_BEGIN,    /* a task starts: text names it ("ingest"), unit ("photographs"), total or -1 */
    EN_EVENT_PROGRESS, /* done of total; text: a short remark or NULL */
    EN_EVENT_END,      /* the task ended, done of total */
    EN_EVENT_NOTE,     /* a note */
    EN_EVENT_WARNING   /* a warning */
} en_event_kind;

typedef struct en_event {
    en_event_kind kind;
    const char *text, *unit; /* borrowed for the call */
    int64_t done, total;
} en_event;

/* Where events go, and whether to stop. Zeroed: no listener, never stopped. */
typedef struct en_events {
    void (*emit)(void *ctx, const en_event *event);
    void *ctx;
    bool (*stop)(void *ctx); /* true once a stop was requested (Ctrl-C); callable from any thread */
} en_events;

void en_event_begin(const en_events *to, const char *task, const char *unit, int64_t total);
void en_event_progress(const en_events *to, int64_t done, int64_t total, const char *remark);
void en_event_end(const en_events *to, int64_t done, int64_t total);
void en_event_note(const en_events *to, const char *fmt, ...) EN_PRINTF(2, 3);
void en_event_warn(const en_events *to, const char *fmt, ...) EN_PRINTF(2, 3);
bool en_stopped(const en_events *to);
/* EN_INTERRUPTED "interrupted" when stopped, else EN_OK. */
en_status en_stop_check(const en_events *to, en_error *err) EN_CHECKED;

#endif
