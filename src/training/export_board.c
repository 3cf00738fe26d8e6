/* See export_board.h. */
#include "training/export_board.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/evaluation.h"
#include "dataset/dataset.h"
#include "image/encode.h"
#include "training/board.h"
#include "training/model.h"

#define MISTAKES 8
#define TAGS_MAX 32
#define PNG_CAP ((size_t)64 << 20)

typedef struct board {
    en_project *project;
    en_catalog_run run;
    en_catalog_params params;
    en_catalog_curves curves;
    en_catalog_evaluations evaluations;
    en_classes classes;
    en_tensorboard events;
    double began, ended;
    en_board_result *result;
} board;

/* Seconds since 1970 of "2026-01-31T12:00:00Z"; 0 when it is not a time. */
static double seconds_of(const char *utc)
{
    struct tm tm = {0};
    if (utc == NULL || strptime(utc, "%Y-%m-%dT%H:%M:%S", &tm) == NULL) {
        return 0;
    }
    return (double)timegm(&tm);
}

/* When an epoch ended: the seconds of all up to it after the beginning, and never after the end. */
static double time_of(const board *b, double epoch)
{
    const en_catalog_curve *seconds = en_catalog_curves_find(&b->curves, EN_PART_NONE, "seconds");
    double time = b->began;
    for (size_t i = 0; seconds != NULL && i < seconds->count && seconds->epoch[i] <= epoch; i++) {
        time += isfinite(seconds->value[i]) && seconds->value[i] > 0 ? seconds->value[i] : 0;
    }
    return b->ended > 0 && time > b->ended ? b->ended : time;
}

static void add_settings(board *b)
{
    static char tag[TAGS_MAX][EN_BOARD_TAG];
    const char *tags[TAGS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < b->curves.count && count < TAGS_MAX; i++) {
        if (b->curves.row[i].part == EN_PART_VAL) {
            tags[count] = en_board_tag(EN_PART_VAL, b->curves.row[i].name, tag[count]);
            count++;
        }
    }
    en_board_settings(&b->events, b->began, &b->run, &b->params, tags, count);
}

static void add_curves(board *b)
{
    for (size_t i = 0; i < b->curves.count; i++) {
        const en_catalog_curve *c = &b->curves.row[i];
        char tag[EN_BOARD_TAG];
        en_board_tag(c->part, c->name, tag);
        for (size_t k = 0; k < c->count; k++) {
            if (isfinite(c->value[k])) {
                en_tensorboard_scalar(&b->events, time_of(b, c->epoch[k]), (int64_t)c->epoch[k], tag, c->value[k]);
                b->result->scalars++;
            }
        }
    }
}

static int64_t epoch_of(const board *b) { return b->run.best_epoch > 0 ? b->run.best_epoch : 0; }

static en_status add_model(board *b, en_error *err)
{
    en_model model = {0};
    en_error why;
    if (en_model_of_run(b->project, &b->run, 1, &model, NULL, &why) != EN_OK) {
        en_event_warn(&b->project->events, "run '%s' without its network and weights: %s", b->run.name, why.text);
        return EN_OK;
    }
    en_status st = en_board_network(&b->events, b->began, model.network, err);
    if (st == EN_OK) {
        en_board_weights(&b->events, time_of(b, (double)epoch_of(b)), epoch_of(b), model.network);
        b->result->histograms += (int64_t)en_network_parameters(model.network);
    }
    en_model_close(&model);
    return st;
}

/* The scores of each true class. */
static en_status add_scores(board *b, const en_catalog_evaluation *e, const en_catalog_predictions *p, en_error *err)
{
    float *score = en_calloc(p->count + 1, sizeof *score);
    if (score == NULL) {
        return en_error_nomem(err, "scores");
    }
    for (size_t c = 0; c < b->classes.count; c++) {
        size_t n = 0;
        char tag[EN_BOARD_TAG * 2 + EN_CLASS_NAME];
        for (size_t i = 0; i < p->count; i++) {
            if (p->row[i].truth == (int64_t)c) {
                score[n++] = (float)p->row[i].score;
            }
        }
        (void)snprintf(tag, sizeof tag, "scores/%s/%s", e->subset, en_classes_label(&b->classes, b->run.target, c));
        if (n > 0) {
            en_tensorboard_histogram(&b->events, time_of(b, (double)epoch_of(b)), epoch_of(b), tag, score, n);
            b->result->histograms++;
        }
    }
    en_free(score);
    return EN_OK;
}

/* The wrong ones with the least probability of the truth, worst first; returns how many. */
static size_t find_mistakes(const en_catalog_predictions *p, const en_catalog_prediction *worst[MISTAKES])
{
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++) {
        const en_catalog_prediction *row = &p->row[i];
        if (row->truth < 0 || row->truth == row->predicted || !isfinite(row->p)) {
            continue;
        }
        size_t at = count < MISTAKES ? count++ : MISTAKES;
        while (at > 0 && row->p < worst[at - 1]->p) {
            if (at < MISTAKES) {
                worst[at] = worst[at - 1];
            }
            at--;
        }
        if (at < MISTAKES) {
            worst[at] = row;
        }
    }
    return count;
}

static const char *label_of(const board *b, int64_t class)
{
    return class >= 0 && class < (int64_t)b->classes.count
               ? en_classes_label(&b->classes, b->run.target, (size_t) class)
               : "unknown";
}

static en_status add_picture(board *b, const char *subset, size_t nth, const en_catalog_prediction *p,
                             const en_loader *loader, uint32_t item, en_error *err)
{
    int edge = loader->size;
    uint8_t *pixels = en_calloc((size_t)edge * (size_t)edge, EN_PACK_CHANNELS);
    char *title = en_format("%s: %s, said %s (p of the truth %.3f)", p->image, label_of(b, p->truth),
                            label_of(b, p->predicted), p->p);
    char tag[EN_BOARD_TAG * 2];
    en_buf png;
    en_buf_init(&png, PNG_CAP);
    (void)snprintf(tag, sizeof tag, "mistakes/%s/%zu", subset, nth + 1);
    en_status st = pixels != NULL && title != NULL ? EN_OK : en_error_nomem(err, "a picture");
    if (st == EN_OK) {
        en_loader_render(loader, &item, 1, pixels);
        st = en_encode_png(pixels, edge, edge, &png, err);
    }
    if (st == EN_OK) {
        en_tensorboard_image(&b->events, time_of(b, (double)epoch_of(b)), epoch_of(b), tag, title, &png, edge, edge);
        b->result->images++;
    }
    en_buf_clear(&png);
    en_free(title);
    en_free(pixels);
    return st;
}

static en_status add_pictures(board *b, const en_catalog_evaluation *e, const en_catalog_prediction *const *worst,
                              size_t count, en_error *err)
{
    en_dataset data = {0};
    en_recipe recipe;
    en_error why;
    en_status st = en_catalog_subset_by_id(b->project->catalog, e->subset_id, &data.subset, err);
    if (st != EN_OK) {
        return st;
    }
    count = b->run.recipe != NULL ? count : 0; /* an imported run has no samples of its own */
    st = count > 0 ? en_recipe_parse(b->run.recipe, &recipe, err) : EN_OK;
    if (st == EN_OK && count > 0 &&
        en_dataset_load_unchecked(b->project, &data, b->run.target, b->run.recipe_id, recipe.size, &why) != EN_OK) {
        en_event_warn(&b->project->events, "run '%s' without pictures: %s", b->run.name, why.text);
        count = 0;
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        size_t item = 0;
        while (item < data.items.count && data.items.item[item].variant_id != worst[i]->variant_id) {
            item++;
        }
        if (item == data.items.count) {
            continue; /* rejected since */
        }
        if (en_loader_check(&data.loader, item, 1, &why) != EN_OK) {
            en_event_warn(&b->project->events, "run '%s' without the picture of '%s': %s", b->run.name, worst[i]->image,
                          why.text);
            continue;
        }
        st = add_picture(b, e->subset, i, worst[i], &data.loader, (uint32_t)item, err);
    }
    en_dataset_clear(&data);
    return st;
}

/* Of each subset, the newest evaluation of the weights that the run keeps. */
static en_status add_evaluations(board *b, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < b->evaluations.count; i++) {
        const en_catalog_evaluation *e = &b->evaluations.row[i];
        const en_catalog_prediction *worst[MISTAKES];
        en_catalog_predictions p = {0};
        bool newest = e->weights_kept;
        for (size_t k = 0; k < i; k++) {
            newest &= b->evaluations.row[k].subset_id != e->subset_id;
        }
        if (!newest) {
            continue;
        }
        st = en_catalog_predictions_of(b->project->catalog, e->id, &p, err);
        if (st == EN_OK) {
            st = add_scores(b, e, &p, err);
        }
        size_t count = st == EN_OK ? find_mistakes(&p, worst) : 0;
        if (count > 0) {
            st = add_pictures(b, e, worst, count, err);
        }
        en_catalog_predictions_clear(&p);
    }
    return st;
}

static void add_end(board *b)
{
    if (b->run.state == EN_RUN_RUNNING || b->run.state == EN_RUN_CREATED) {
        return;
    }
    en_tensorboard_end(&b->events, b->ended > 0 ? b->ended : b->began,
                       b->run.state == EN_RUN_FINISHED ? EN_TENSORBOARD_SUCCESS : EN_TENSORBOARD_FAILURE);
}

static en_status is_events(const char *path, en_error *err)
{
    return en_file_check_kind(path, EN_TENSORBOARD_BEGINS, sizeof EN_TENSORBOARD_BEGINS - 1, "an event file", err);
}

/* What was written of the run before stands beside the new file: TensorBoard would read both. */
static en_status remove_older(const char *folder, const char *kept, en_error *err)
{
    en_names names;
    en_status st = en_file_list(folder, &names, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; st == EN_OK && i < names.count; i++) {
        if (!en_board_is_file(names.name[i]) || strcmp(names.name[i], en_path_base(kept)) == 0) {
            continue;
        }
        char *path = en_path_join(folder, names.name[i]);
        st = path != NULL ? EN_OK : en_error_nomem(err, "a path");
        if (st == EN_OK && is_events(path, NULL) == EN_OK && unlink(path) != 0) {
            st = en_error_errno(err, "cannot remove '%s'", path);
        }
        en_free(path);
    }
    en_names_free(&names);
    return st;
}

static en_status load(board *b, const char *name, en_error *err)
{
    en_catalog *c = b->project->catalog;
    en_status st = en_catalog_run_get(c, name, &b->run, err);
    if (st == EN_OK) {
        st = en_catalog_run_params(c, b->run.id, &b->params, err);
    }
    if (st == EN_OK) {
        st = en_catalog_metrics_of(c, b->run.id, &b->curves, err);
    }
    if (st == EN_OK) {
        st = en_catalog_evaluations_of(c, b->run.id, &b->evaluations, err);
    }
    if (st == EN_OK) {
        st = en_classes_from_json(b->run.classes, &b->classes, err);
    }
    if (st == EN_OK) {
        bool ordered;
        st = en_classes_read_scheme(c, b->run.target, &b->classes, &ordered, err);
    }
    b->began = seconds_of(b->run.started_at != NULL ? b->run.started_at : b->run.created_at);
    b->ended = seconds_of(b->run.ended_at);
    return st;
}

static en_status gather(board *b, en_error *err)
{
    en_tensorboard_init(&b->events, b->began);
    add_settings(b);
    add_curves(b);
    en_status st = add_model(b, err);
    if (st == EN_OK) {
        st = add_evaluations(b, err);
    }
    add_end(b);
    return st;
}

en_status en_export_board(en_project *project, const char *run, const char *folder, en_board_result *result,
                          en_error *err)
{
    *result = (en_board_result){0};
    board *b = en_calloc(1, sizeof *b);
    char *path = NULL;
    if (b == NULL) {
        return en_error_nomem(err, "a run");
    }
    b->project = project;
    b->result = result;
    en_status st = load(b, run, err);
    if (st == EN_OK) {
        st = gather(b, err);
    }
    if (st == EN_OK) {
        (void)snprintf(result->run, sizeof result->run, "%s", b->run.name);
        st = en_board_folder(folder, b->run.name, &path, err);
    }
    if (st == EN_OK && (result->file = en_board_file(path, b->began)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    if (st == EN_OK) {
        st = is_events(result->file, err);
    }
    if (st == EN_OK) {
        st = en_tensorboard_save(&b->events, result->file, err);
    }
    if (st == EN_OK) {
        st = remove_older(path, result->file, err);
    }
    result->bytes = (int64_t)b->events.bytes.size;
    en_free(path);
    en_tensorboard_clear(&b->events);
    en_catalog_run_clear(&b->run);
    en_catalog_params_clear(&b->params);
    en_catalog_curves_clear(&b->curves);
    en_catalog_evaluations_clear(&b->evaluations);
    en_free(b);
    return st;
}

void en_board_result_clear(en_board_result *result)
{
    en_free(result->file);
    *result = (en_board_result){0};
}
