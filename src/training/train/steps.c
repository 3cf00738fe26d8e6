/* The steps of a training, kept here until they are written together. */
#include "base/clock.h"
#include "base/memory.h"
#include "training/train/session.h"

#define WRITE_SECONDS 2  /* between two writes: others look on, and a write takes some milliseconds */
#define AGAIN_SECONDS 60 /* after one that failed: another process may hold the catalog */

en_status en_session_steps_open(en_session *s, en_error *err)
{
    s->step = en_calloc(EN_SESSION_STEPS, sizeof *s->step);
    return s->step != NULL ? EN_OK : en_error_nomem(err, "steps");
}

en_status en_session_put_steps(en_session *s, en_error *err)
{
    return en_catalog_steps_add(s->project->catalog, s->run_id, s->step, s->steps, err);
}

/* Without room for more the oldest are given up. */
static void make_room(en_session *s, const en_error *why)
{
    if (!s->steps_lost) {
        en_event_warn(&s->project->events, "some steps are not recorded: %s", why->text);
        s->steps_lost = true;
    }
    s->steps = 0;
}

void en_session_note_step(en_session *s, const en_catalog_step *step)
{
    en_error why;
    const double now = en_clock_seconds();
    s->step[s->steps++] = *step;
    if (s->steps < EN_SESSION_STEPS && now < s->steps_due) {
        return;
    }
    if (en_session_put_steps(s, &why) == EN_OK) {
        s->steps = 0;
        s->steps_due = now + WRITE_SECONDS;
        return;
    }
    s->steps_due = now + AGAIN_SECONDS;
    if (s->steps == EN_SESSION_STEPS) {
        make_room(s, &why);
    }
}
