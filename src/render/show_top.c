/* The trainings as they are now: as rows, and as a screen. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "render/curve.h"
#include "render/field.h"
#include "render/show.h"
#include "render/utf8.h"

#define CHART_ROWS 4
#define CHART_AXIS 9   /* columns of the numbers beside a curve, with the space behind them */
#define CHART_LEAST 40 /* columns of a screen that has curves */
#define LINES 3        /* of a run above its curves */

/* A screen being written. */
typedef struct screen {
    en_buf *out;
    size_t width, rows, used; /* rows 0: no limit */
    bool colour, utf8;
} screen;

/* A line, cut to the width and without spaces at its end, if there is room for one. */
static en_status put(screen *s, const char *before, const char *text, const char *after, en_error *err)
{
    if (s->rows > 0 && s->used >= s->rows) {
        return EN_OK;
    }
    s->used++;
    size_t fits = s->width > 0 ? en_utf8_fit(text, strlen(text), s->width) : strlen(text);
    while (fits > 0 && text[fits - 1] == ' ') {
        fits--;
    }
    en_status st = en_buf_text(s->out, before, err);
    st = st == EN_OK ? en_buf_add(s->out, text, fits, err) : st;
    st = st == EN_OK ? en_buf_text(s->out, after, err) : st;
    return st == EN_OK ? en_buf_text(s->out, "\n", err) : st;
}

static const char *state_of(const en_top_run *r)
{
    return r->dead ? "killed" : r->state == EN_RUN_RUNNING ? "training" : en_word(&en_run_states, r->state);
}

/* "first: training, epoch 3/12, step 412, loss 0.4123" */
static en_status head(screen *s, const en_top_run *r, en_error *err)
{
    en_buf line;
    en_buf_init(&line, 4096);
    en_status st = en_utf8_visible(r->run, strlen(r->run), &line, err);
    st = st == EN_OK ? en_buf_printf(&line, err, ": %s, epoch %" PRId64, state_of(r), r->epoch) : st;
    if (st == EN_OK && r->max_epochs >= 0) {
        st = en_buf_printf(&line, err, "/%" PRId64, r->max_epochs);
    }
    if (st == EN_OK && r->step > 0) {
        st = en_buf_printf(&line, err, ", step %" PRId64, r->step);
        st = st == EN_OK && isnan(r->loss) ? en_buf_text(&line, ", loss NaN", err)
             : st == EN_OK                 ? en_buf_printf(&line, err, ", loss %.4f", r->loss)
                                           : st;
    }
    if (st == EN_OK) {
        st = put(s, s->colour ? "\033[1m" : "", en_buf_str(&line), s->colour ? "\033[0m" : "", err);
    }
    en_buf_clear(&line);
    return st;
}

/* "  31.5 images/s, 4 min 10 s so far, about 8 min 20 s left, memory 1.2 GiB" */
static en_status pace(screen *s, const en_top_run *r, en_error *err)
{
    char text[64];
    en_buf line;
    en_buf_init(&line, 4096);
    en_status st = en_buf_text(&line, "  ", err);
    if (st == EN_OK && !isnan(r->images_per_second)) {
        st = en_buf_printf(&line, err, "%.1f images/s, ", r->images_per_second);
    }
    if (st == EN_OK) {
        st = en_buf_printf(&line, err, "%s so far", en_human_duration(r->seconds, text, sizeof text));
    }
    if (st == EN_OK && !isnan(r->left)) {
        st = en_buf_printf(&line, err, ", about %s left", en_human_duration(r->left, text, sizeof text));
    }
    if (st == EN_OK && r->memory_bytes >= 0) {
        st = en_buf_printf(&line, err, ", memory %s", en_human_size(r->memory_bytes, text, sizeof text));
    }
    st = st == EN_OK ? put(s, "", en_buf_str(&line), "", err) : st;
    en_buf_clear(&line);
    return st;
}

/* "  best epoch 2, validation loss 0.5123, auc 0.702" */
static en_status best(screen *s, const en_top_run *r, en_error *err)
{
    if (r->best_epoch < 1) {
        return put(s, "", "  no epoch is done yet", "", err);
    }
    en_buf line;
    en_buf_init(&line, 4096);
    en_status st = en_buf_printf(&line, err, "  best epoch %" PRId64, r->best_epoch);
    if (st == EN_OK && !isnan(r->val_loss)) {
        st = en_buf_printf(&line, err, ", validation loss %.4f", r->val_loss);
    }
    if (st == EN_OK && r->metric != NULL && !isnan(r->val)) {
        st = en_buf_printf(&line, err, ", %s %.3f", r->metric, r->val);
    }
    st = st == EN_OK ? put(s, "", en_buf_str(&line), "", err) : st;
    en_buf_clear(&line);
    return st;
}

/* One row of a curve with its greatest value beside the top row and its least beside the bottom one. */
static en_status curve_row(const en_curve *c, size_t row, en_buf *line, en_error *err)
{
    double low, high;
    en_curve_range(c, &low, &high);
    const double mark = row == 0 ? high : row + 1 == c->rows ? low : (double)NAN;
    en_status st = isnan(mark) ? en_buf_printf(line, err, "%*s", CHART_AXIS, "")
                               : en_buf_printf(line, err, "%*.4g ", CHART_AXIS - 1, mark);
    return st == EN_OK ? en_curve_row(c, low, high, row, line, err) : st;
}

/* Both curves beside each other, and what they are below. */
static en_status curves(screen *s, const en_top_run *r, en_error *err)
{
    static const char *const whole[] = {"training loss by step", "validation loss by epoch"};
    static const char *const brief[] = {"training loss", "validation loss"};
    const size_t half = (s->width > 0 ? s->width : 80) / 2;
    const size_t room = half - CHART_AXIS - 1; /* and a space behind it */
    const char *const *what = room >= strlen(whole[1]) ? whole : brief;
    const en_top_curve *const from[] = {&r->train, &r->validation};
    en_buf line;
    en_buf_init(&line, 1 << 16);
    en_status st = EN_OK;
    for (size_t row = 0; st == EN_OK && row < CHART_ROWS; row++) {
        en_buf_reset(&line);
        for (size_t i = 0; st == EN_OK && i < 2; i++) {
            const en_curve c = {from[i]->value, from[i]->count, room, CHART_ROWS, s->utf8};
            st = curve_row(&c, row, &line, err);
            st = st == EN_OK ? en_buf_text(&line, " ", err) : st;
        }
        st = st == EN_OK ? put(s, "", en_buf_str(&line), "", err) : st;
    }
    en_buf_reset(&line);
    if (st == EN_OK) {
        st = en_buf_printf(&line, err, "%*s%-*.*s%*s%.*s", CHART_AXIS, "", (int)room + 1, (int)room, what[0],
                           CHART_AXIS, "", (int)room, what[1]);
    }
    st = st == EN_OK ? put(s, "", en_buf_str(&line), "", err) : st;
    en_buf_clear(&line);
    return st;
}

static en_status put_run(screen *s, const en_top_run *r, bool with_curves, en_error *err)
{
    en_status st = head(s, r, err);
    st = st == EN_OK ? pace(s, r, err) : st;
    st = st == EN_OK ? best(s, r, err) : st;
    if (st == EN_OK && with_curves && r->train.count + r->validation.count > 0) {
        st = curves(s, r, err);
    }
    return st == EN_OK ? put(s, "", "", "", err) : st;
}

en_status en_top_screen(const en_top *top, const en_out *like, size_t rows, en_buf *out, en_error *err)
{
    screen s = {.out = out, .width = like->width, .rows = rows, .colour = like->colour, .utf8 = like->utf8};
    /* Curves only where every run then fits. */
    const size_t whole = top->count * (LINES + 1 + CHART_ROWS + 1);
    const bool with_curves = (rows == 0 || whole <= rows) && (s.width == 0 || s.width >= CHART_LEAST);
    en_status st = EN_OK;
    if (top->count == 0) {
        st = put(&s, "", "nothing is training in this project", "", err);
    }
    for (size_t i = 0; st == EN_OK && i < top->count; i++) {
        st = put_run(&s, &top->run[i], with_curves, err);
    }
    return st;
}

en_status en_show_top(en_out *out, const en_top *top, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_top_run, run, 0),
        EN_SHOW_WORD("state", en_top_run, state, en_run_states),
        EN_SHOW("epoch", en_top_run, epoch, 0),
        EN_SHOW_FROM("max_epochs", en_top_run, max_epochs, 0),
        EN_SHOW_FROM("step", en_top_run, step, 1),
        EN_SHOW("loss", en_top_run, loss, 4),
        EN_SHOW("images_per_second", en_top_run, images_per_second, 1),
        EN_SHOW("seconds", en_top_run, seconds, 1),
        EN_SHOW("seconds_left", en_top_run, left, 0),
        EN_SHOW_FROM("memory_bytes", en_top_run, memory_bytes, 0),
        EN_SHOW_FROM("best_epoch", en_top_run, best_epoch, 1),
        EN_SHOW("val_loss", en_top_run, val_loss, 4),
        EN_SHOW("metric", en_top_run, metric, 0),
        EN_SHOW("val", en_top_run, val, 3),
        EN_FIELDS_END,
    };
    if (out->format != EN_OUT_TEXT) {
        return en_table_fields(out, fields, top->run, top->count, sizeof *top->run, err);
    }
    en_buf text;
    en_buf_init(&text, 1 << 24);
    en_status st = en_top_screen(top, out, 0, &text, err);
    if (st == EN_OK) {
        fputs(en_buf_str(&text), out->stream);
    }
    en_buf_clear(&text);
    return st;
}
