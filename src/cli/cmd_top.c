/* eyenet top. */
#include "training/top.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/project.h"
#include "cli/screen.h"
#include "render/show.h"

typedef struct top_options {
    double every;
    int64_t recent;
    bool once;
} top_options;

static const top_options defaults = {.every = 2, .recent = 600};

/* Whether a key ends it: q, Escape, Ctrl-C, Ctrl-D, or no more keys. */
static bool leaves(int key) { return key == 'q' || key == 'Q' || key == 033 || key == 003 || key == 004 || key < 0; }

static en_status draw(const en_cli *cli, const en_top *top, en_error *err)
{
    en_out like = *cli->out;
    size_t rows = 0;
    en_environment_terminal(&like.width, &rows);
    en_buf text;
    en_buf_init(&text, 1 << 24);
    en_status st = en_top_screen(top, &like, rows > 1 ? rows - 1 : rows, &text, err);
    st = st == EN_OK ? en_buf_text(&text, "q leaves; the trainings go on\n", err) : st;
    st = st == EN_OK ? en_screen_draw(en_buf_str(&text), err) : st;
    en_buf_clear(&text);
    return st;
}

static en_status watch(const en_cli *cli, en_project *project, const top_options *o, en_error *err)
{
    en_screen screen;
    en_status st = en_screen_open(&screen, err);
    bool over = false;
    while (st == EN_OK && !over) {
        en_top top;
        st = en_top_read(project, o->recent, &top, err);
        st = st == EN_OK ? draw(cli, &top, err) : st;
        en_top_clear(&top);
        over = st != EN_OK || leaves(en_screen_key(o->every)) || en_stopped(cli->events);
    }
    en_screen_close(&screen);
    return st;
}

static en_status top(const en_cli *cli, const en_call *call, en_error *err)
{
    const top_options *given = call->options;
    en_project project;
    en_top now = {0};
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    if (!given->once && cli->out->format == EN_OUT_TEXT && en_screen_possible()) {
        st = watch(cli, &project, given, err);
    } else {
        st = en_top_read(&project, given->recent, &now, err);
        st = st == EN_OK ? en_show_top(cli->out, &now, err) : st;
    }
    en_top_clear(&now);
    en_project_close(&project);
    return st;
}

static const en_option options[] = {
    {.name = "every",
     EN_FIELD(top_options, every),
     .arg = "SECONDS",
     .low = 0.1,
     .high = 3600,
     .doc = "how often the screen is drawn anew; steps are recorded every 2 seconds"},
    {.name = "recent",
     EN_FIELD(top_options, recent),
     .arg = "SECONDS",
     .low = 0,
     .high = 1e9,
     .doc = "also show the trainings that ended in the last so many seconds"},
    {.name = "once", EN_FIELD(top_options, once), .doc = "print it once, also on a terminal"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet top", "until q is pressed"},
    {"eyenet top --json", "once, for a program"},
    {NULL, NULL},
};

const en_command en_cmd_top = {
    .name = "top",
    .group = EN_GROUP_MODELS,
    .args = "",
    .summary = "watch the trainings that are running",
    .text =
        "Of each training: the epoch it is in, the newest recorded step and its loss, images per second without "
        "validation, the time so far and the time left until its last epoch (early stopping may end it sooner), the "
        "memory planned for its network, and the epoch whose weights are kept with its validation loss and metric. "
        "Below, two curves: the loss of the training images by step and that of the validation images by epoch, both "
        "as training minimises it, by class weight where there are weights. Trainings of other processes are shown as "
        "well; one in state killed has lost its process, and 'eyenet train --resume' takes it up.\n\n"
        "On a terminal the screen is drawn anew until q, Escape or Ctrl-C is pressed, which does not stop any "
        "training. Elsewhere, and with --once, --json and --csv, it is printed once.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(top_options),
    .table = true,
    .examples = examples,
    .run = top,
};
