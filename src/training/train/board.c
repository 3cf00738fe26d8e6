/* The event file of TensorBoard that grows while a run trains. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "training/board.h"
#include "training/train/session.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A file of its own for each attempt: TensorBoard takes those of a folder for one run. */
static en_status make_file(en_session *s, double time, en_error *err)
{
    char *folder = NULL;
    en_status st = en_board_folder(s->options.tensorboard, s->run.name, &folder, err);
    for (int tries = 0; st == EN_OK && s->board_fd < 0; tries++) {
        en_free(s->board_file);
        s->board_file = en_board_file(folder, time + tries);
        if (s->board_file == NULL) {
            st = en_error_nomem(err, "a path");
            break;
        }
        s->board_fd = open(s->board_file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (s->board_fd < 0 && (errno != EEXIST || tries >= 1000)) {
            st = en_error_errno(err, "cannot write '%s'", s->board_file);
        }
    }
    en_free(folder);
    return st;
}

static en_status append(en_session *s, en_error *err)
{
    return en_tensorboard_append(&s->board, s->board_fd, s->board_file, &s->board_bytes, err);
}

static void close_file(en_session *s)
{
    if (s->board_fd >= 0) {
        (void)close(s->board_fd);
    }
    s->board_fd = -1;
    en_tensorboard_clear(&s->board);
    en_free(s->board_file);
    s->board_file = NULL;
}

static void append_or_warn(en_session *s)
{
    en_error why;
    if (append(s, &why) != EN_OK) {
        en_event_warn(&s->project->events, "no more events for TensorBoard: %s", why.text);
        close_file(s);
    }
}

en_status en_session_board_open(en_session *s, en_error *err)
{
    static const char *const tag[] = {"loss/val", "accuracy/val", "auc/val"};
    if (s->options.tensorboard == NULL) {
        return EN_OK;
    }
    double time = now();
    en_catalog_params params = {0};
    en_status st = en_catalog_run_params(s->project->catalog, s->run_id, &params, err);
    if (st == EN_OK) {
        st = make_file(s, time, err);
    }
    if (st == EN_OK) {
        en_tensorboard_init(&s->board, time);
        en_board_settings(&s->board, time, &s->run, &params, tag,
                          s->val.items.count > 0 ? sizeof tag / sizeof *tag : 0);
        st = en_board_network(&s->board, time, s->network, err);
    }
    if (st == EN_OK) {
        st = append(s, err);
    }
    en_catalog_params_clear(&params);
    if (st != EN_OK) {
        close_file(s);
    }
    return st;
}

void en_session_board_epoch(en_session *s, const en_epoch *e)
{
    en_catalog_metric metric[EN_EPOCH_METRICS];
    if (s->board_file == NULL) {
        return;
    }
    double time = now();
    const size_t count = en_epoch_metrics(e, metric);
    for (size_t i = 0; i < count; i++) {
        char name[EN_BOARD_TAG];
        if (isfinite(metric[i].value)) {
            en_tensorboard_scalar(&s->board, time, e->epoch, en_board_tag(metric[i].part, metric[i].name, name),
                                  metric[i].value);
        }
    }
    en_network_swap_average(s->network); /* the weights that are validated and kept */
    en_board_weights(&s->board, time, e->epoch, s->network);
    en_network_swap_average(s->network);
    append_or_warn(s);
}

void en_session_board_close(en_session *s, en_run_state state)
{
    if (s->board_file == NULL) {
        return;
    }
    if (state == EN_RUN_FINISHED || state == EN_RUN_FAILED || state == EN_RUN_INTERRUPTED) {
        en_tensorboard_end(&s->board, now(),
                           state == EN_RUN_FINISHED ? EN_TENSORBOARD_SUCCESS : EN_TENSORBOARD_FAILURE);
        append_or_warn(s);
    }
    close_file(s);
}
