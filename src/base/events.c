/* Sending events to the listener. */
#include "base/events.h"

#include <stdarg.h>
#include <stdio.h>

static void send(const en_events *to, en_event event)
{
    if (to != NULL && to->emit != NULL) {
        to->emit(to->ctx, &event);
    }
}

void en_event_begin(const en_events *to, const char *task, const char *unit, int64_t total)
{
    send(to, (en_event){.kind = EN_EVENT_BEGIN, .text = task, .unit = unit, .total = total});
}

void en_event_progress(const en_events *to, int64_t done, int64_t total, const char *remark)
{
    send(to, (en_event){.kind = EN_EVENT_PROGRESS, .text = remark, .done = done, .total = total});
}

void en_event_end(const en_events *to, int64_t done, int64_t total)
{
    send(to, (en_event){.kind = EN_EVENT_END, .done = done, .total = total});
}

static EN_PRINTF(3, 0) void say(const en_events *to, en_event_kind kind, const char *fmt, va_list args)
{
    char text[1024];
    vsnprintf(text, sizeof text, fmt, args);
    send(to, (en_event){.kind = kind, .text = text});
}

void en_event_note(const en_events *to, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say(to, EN_EVENT_NOTE, fmt, args);
    va_end(args);
}

void en_event_warn(const en_events *to, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say(to, EN_EVENT_WARNING, fmt, args);
    va_end(args);
}

bool en_stopped(const en_events *to) { return to != NULL && to->stop != NULL && to->stop(to->ctx); }

en_status en_stop_check(const en_events *to, en_error *err)
{
    return en_stopped(to) ? en_error_set(err, EN_INTERRUPTED, "interrupted") : EN_OK;
}
