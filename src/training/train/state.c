/* The state of a training in a file: weights, the optimiser's slots and moving averages as tensors, progress as
 * metadata. Random numbers have no state: they are drawn by seed, epoch and sample (base/random.h). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "nn/weights.h"
#include "training/model.h"
#include "training/train/session.h"

#define META_RUN "run"
#define NOT_MEASURED "-"
enum { NUMBER = 40 };

typedef struct member {
    const char *name;
    bool real; /* a double, else an int64_t */
    size_t at; /* of en_progress */
} member;

#define WHOLE(field)                                                                                                   \
    {                                                                                                                  \
#field, false, offsetof(en_progress, field)                                                                    \
    }
#define REAL(field)                                                                                                    \
    {                                                                                                                  \
#field, true, offsetof(en_progress, field)                                                                     \
    }
#define EPOCH(of)                                                                                                      \
    WHOLE(of.epoch), REAL(of.train_loss), REAL(of.train_weighted_loss), REAL(of.train_accuracy), REAL(of.val_loss),    \
        REAL(of.val_weighted_loss), REAL(of.val_accuracy), REAL(of.val_auc), REAL(of.val_calibrated_loss),             \
        REAL(of.val_concordance), REAL(of.seconds), REAL(of.images_per_second), REAL(of.wait_seconds)

static const member members[] = {WHOLE(epoch),      WHOLE(seen),  WHOLE(correct), WHOLE(steps),
                                 REAL(loss),        REAL(weight), REAL(seconds),  REAL(wait_seconds),
                                 WHOLE(best_epoch), EPOCH(best),  EPOCH(last)};
enum { MEMBERS = sizeof members / sizeof *members };

static void write_member(const member *m, const en_progress *from, char text[NUMBER])
{
    const void *at = (const char *)from + m->at;
    if (!m->real) {
        snprintf(text, NUMBER, "%lld", (long long)*(const int64_t *)at);
        return;
    }
    const double value = *(const double *)at;
    if (isfinite(value)) {
        en_print(text, NUMBER, "%.*g", en_number_digits(value), value);
    } else {
        snprintf(text, NUMBER, NOT_MEASURED);
    }
}

static bool read_member(const member *m, const char *text, en_progress *to)
{
    void *at = (char *)to + m->at;
    if (text == NULL && m->real) { /* a measure that older versions did not know */
        *(double *)at = (double)NAN;
        return true;
    }
    if (text == NULL) {
        return false;
    }
    if (!m->real) {
        return en_parse_int(text, at);
    }
    if (strcmp(text, NOT_MEASURED) == 0) {
        *(double *)at = (double)NAN;
        return true;
    }
    return en_parse_double(text, at);
}

en_status en_session_write_state(en_session *s, en_catalog_checkpoint *row, en_error *err)
{
    char text[MEMBERS][NUMBER];
    en_meta meta[MEMBERS + 1] = {{META_RUN, s->run.uuid}};
    for (size_t i = 0; i < MEMBERS; i++) {
        write_member(&members[i], &s->at, text[i]);
        meta[i + 1] = (en_meta){members[i].name, text[i]};
    }
    *row = (en_catalog_checkpoint){.kind = EN_CHECKPOINT_LAST,
                                   .path = s->state_path,
                                   .attempt = s->attempt,
                                   .epoch = s->at.epoch - 1,
                                   .step = s->at.steps};
    return en_model_stage(s->project, s->network, EN_KEEP_CHECKPOINT, meta, MEMBERS + 1, row, err);
}

/* Whether these numbers can be of this session: what was seen is whole batches, and the steps are those of it. */
static bool is_possible(const en_session *s, const en_progress *p)
{
    const int64_t count = (int64_t)s->train.items.count, batch = s->options.batch;
    const int64_t steps = (count + batch - 1) / batch;
    return p->epoch >= 1 && p->epoch <= s->options.epochs + 1 && p->seen >= 0 && p->seen <= count &&
           (p->seen % batch == 0 || p->seen == count) && p->correct >= 0 && p->correct <= p->seen &&
           p->steps == (p->epoch - 1) * steps + (p->seen + batch - 1) / batch && p->best_epoch >= 0 &&
           p->best_epoch < p->epoch && p->seconds >= 0 && isfinite(p->loss) && isfinite(p->weight);
}

en_status en_session_read_state(en_session *s, const char *path, en_error *err)
{
    en_metadata meta = {0};
    en_progress read = {0};
    en_status st = en_metadata_read(path, &meta, err);
    if (st != EN_OK) {
        return st;
    }
    const char *run = en_metadata_get(&meta, META_RUN);
    bool good = run != NULL && strcmp(run, s->earlier.uuid) == 0;
    for (size_t i = 0; good && i < MEMBERS; i++) {
        good = read_member(&members[i], en_metadata_get(&meta, members[i].name), &read);
    }
    if (!good || !is_possible(s, &read)) {
        st = en_error_set(err, EN_INPUT, "'%s' is not a state of run '%s'", path, s->earlier.name);
    }
    if (st == EN_OK) {
        st = en_weights_load(s->network, EN_KEEP_CHECKPOINT, path, err);
    }
    if (st == EN_OK) {
        s->at = read;
    }
    en_metadata_clear(&meta);
    return st;
}
