/* Tasks may nest (epochs, and batches in an epoch): the live line shows the outer ones in short and the innermost in
 * full. */
#include "cli/progress.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"
#include "render/utf8.h"

#define DEEPEST 4
#define DRAW_SECONDS 0.1 /* between two looks of the live line */
#define LINE_SECONDS 5.0 /* between two lines elsewhere */
#define SURE_SECONDS 1.0 /* before a rate is worth telling */
#define HAD_SECONDS 0.02 /* what is done so soon after a task began was done before it */
#define NEVER (-1)

typedef struct task {
    char name[64], unit[32], remark[128];
    int64_t done, total;
    int64_t had; /* of `done`, by an earlier run: it counts for no rate */
    double started;
    int64_t reported; /* how much was done when a line about it was printed; NEVER: none was */
} task;

struct en_progress {
    en_progress_options is;
    pthread_mutex_t lock;
    task task[DEEPEST];
    size_t depth; /* tasks begun and not ended; those beyond DEEPEST are only counted */
    double last;  /* when the live line was drawn or a line was printed */
    bool drawn;   /* a live line is on the terminal */
};

static double monotonic(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

en_progress *en_progress_new(const en_progress_options *options)
{
    en_progress *p = en_calloc(1, sizeof *p);
    if (p != NULL) {
        p->is = *options;
        p->is.clock = options->clock != NULL ? options->clock : monotonic;
        p->last = p->is.clock();
        pthread_mutex_init(&p->lock, NULL);
    }
    return p;
}

static void wipe(en_progress *p)
{
    if (p->drawn) {
        fputs("\r\033[K", p->is.stream);
        p->drawn = false;
    }
}

void en_progress_free(en_progress *p)
{
    if (p != NULL) {
        wipe(p);
        fflush(p->is.stream);
        pthread_mutex_destroy(&p->lock);
        en_free(p);
    }
}

/* "240 of 960 photographs", "1.5 MiB of 2.0 GiB". */
static void amount(const task *t, char *out, size_t capacity)
{
    char done[32], total[32];
    bool bytes = strcmp(t->unit, "bytes") == 0;
    if (bytes) {
        en_human_size(t->done, done, sizeof done);
        en_human_size(t->total, total, sizeof total);
    } else {
        snprintf(done, sizeof done, "%" PRId64, t->done);
        snprintf(total, sizeof total, "%" PRId64, t->total);
    }
    snprintf(out, capacity, "%s%s%s%s%s", done, t->total >= 0 ? " of " : "", t->total >= 0 ? total : "",
             bytes ? "" : " ", bytes ? "" : t->unit);
}

/* ", 48.1/s, 15 s left", or nothing while it is too early to tell. */
static void pace(const task *t, double now, char *out, size_t capacity)
{
    double seconds = now - t->started;
    out[0] = '\0';
    if (seconds < SURE_SECONDS || t->done <= t->had) {
        return;
    }
    double rate = (double)(t->done - t->had) / seconds;
    char speed[40], left[40] = "";
    if (strcmp(t->unit, "bytes") == 0) {
        en_human_size((int64_t)rate, speed, sizeof speed);
    } else {
        snprintf(speed, sizeof speed, rate < 10 ? "%.2f" : "%.1f", rate);
    }
    if (t->total > t->done) {
        en_human_duration((double)(t->total - t->done) / rate, left, sizeof left);
    }
    snprintf(out, capacity, ", %s/s%s%s%s", speed, *left != '\0' ? ", " : "", left, *left != '\0' ? " left" : "");
}

/* All there is to say now, without a line end. */
static void describe(const en_progress *p, double now, char *out, size_t capacity)
{
    size_t used = 0, shown = p->depth < DEEPEST ? p->depth : DEEPEST;
    out[0] = '\0';
    for (size_t i = 0; i < shown && used < capacity; i++) {
        const task *t = &p->task[i];
        char much[100], speed[100] = "";
        amount(t, much, sizeof much);
        if (i + 1 == shown) {
            pace(t, now, speed, sizeof speed);
        }
        used += (size_t)snprintf(out + used, capacity - used, "%s%s: %s%s%s%s", i > 0 ? "; " : "", t->name, much, speed,
                                 t->remark[0] != '\0' ? ", " : "", t->remark);
    }
}

static void draw(en_progress *p, double now)
{
    char line[600];
    describe(p, now, line, sizeof line);
    size_t size = strlen(line), width = p->is.width > 1 ? p->is.width - 1 : 79;
    fprintf(p->is.stream, "\r%.*s\033[K", (int)en_utf8_fit(line, size, width), line);
    p->drawn = true;
    p->last = now;
}

static void print_line(en_progress *p, double now)
{
    char line[600];
    describe(p, now, line, sizeof line);
    fprintf(p->is.stream, "%s\n", line);
    p->last = now;
    for (size_t i = 0; i < p->depth && i < DEEPEST; i++) {
        p->task[i].reported = p->task[i].done;
    }
}

static void show(en_progress *p, double now, bool at_once)
{
    if (p->is.quiet || p->depth == 0) {
        return;
    }
    if (p->is.live) {
        if (at_once || now - p->last >= DRAW_SECONDS) {
            draw(p, now);
        }
    } else if (now - p->last >= LINE_SECONDS) {
        print_line(p, now);
    }
}

/* One line, whatever the text has in it. */
static void say(en_progress *p, const char *before, const char *text)
{
    en_buf line;
    en_buf_init(&line, 4096);
    if (en_utf8_visible(text, strlen(text), &line, NULL) == EN_OK) {
        fprintf(p->is.stream, "%s%s\n", before, en_buf_str(&line));
    }
    en_buf_clear(&line);
}

static void begin(en_progress *p, const en_event *e, double now)
{
    if (p->depth < DEEPEST) {
        task *t = &p->task[p->depth];
        *t = (task){.total = e->total, .started = now, .reported = NEVER};
        snprintf(t->name, sizeof t->name, "%s", e->text != NULL ? e->text : "");
        snprintf(t->unit, sizeof t->unit, "%s", e->unit != NULL ? e->unit : "");
    }
    if (p->depth++ == 0) {
        p->last = now - DRAW_SECONDS;
    }
}

static void progress(en_progress *p, const en_event *e, double now)
{
    if (p->depth == 0 || p->depth > DEEPEST) {
        return;
    }
    task *t = &p->task[p->depth - 1];
    t->done = e->done;
    t->total = e->total;
    t->had = now - t->started < HAD_SECONDS ? t->done : t->had;
    snprintf(t->remark, sizeof t->remark, "%s", e->text != NULL ? e->text : "");
}

static void end(en_progress *p, const en_event *e, double now)
{
    progress(p, e, now);
    if (p->depth == 0) {
        return;
    }
    /* A task that was reported is also reported when it ends, unless the last line did so. */
    const task *t = &p->task[0];
    if (!p->is.live && !p->is.quiet && p->depth == 1 && t->reported != NEVER && t->reported != t->done) {
        print_line(p, now);
    }
    if (--p->depth == 0) {
        wipe(p);
    }
}

void en_progress_emit(void *ctx, const en_event *event)
{
    en_progress *p = ctx;
    if (p == NULL) {
        return;
    }
    pthread_mutex_lock(&p->lock);
    double now = p->is.clock();
    bool at_once = true;
    switch (event->kind) {
    case EN_EVENT_BEGIN: begin(p, event, now); break;
    case EN_EVENT_PROGRESS:
        progress(p, event, now);
        at_once = false;
        break;
    case EN_EVENT_END: end(p, event, now); break;
    case EN_EVENT_NOTE:
        if (!p->is.quiet) {
            wipe(p);
            say(p, "", event->text);
        }
        break;
    case EN_EVENT_WARNING:
        wipe(p);
        say(p, p->is.colour ? "\033[33mwarning:\033[0m " : "warning: ", event->text);
        break;
    }
    show(p, now, at_once);
    fflush(p->is.stream);
    pthread_mutex_unlock(&p->lock);
}
