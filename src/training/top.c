/* The trainings of a project as they are now. */
#include "training/top.h"

#include <math.h>

#include "base/memory.h"
#include "catalog/metric.h"
#include "catalog/progress.h"
#include "catalog/step.h"
#include "project/folder_lock.h"

#define PACE_STEPS 32 /* the newest, over which the rate is taken */

/* `count` values as at most EN_TOP_POINTS means of neighbours. */
static void thin(const double *value, size_t count, en_top_curve *out)
{
    out->count = count < EN_TOP_POINTS ? count : EN_TOP_POINTS;
    for (size_t i = 0; i < out->count; i++) {
        const size_t from = i * count / out->count, to = (i + 1) * count / out->count;
        double sum = 0;
        for (size_t k = from; k < to; k++) {
            sum += value[k];
        }
        out->value[i] = sum / (double)(to - from);
    }
}

static double at_epoch(const en_catalog_curve *curve, int64_t epoch)
{
    for (size_t i = 0; curve != NULL && i < curve->count; i++) {
        if (curve->epoch[i] == (double)epoch) {
            return curve->value[i];
        }
    }
    return (double)NAN;
}

static en_status read_metrics(en_catalog *c, int64_t id, en_top_run *r, en_error *err)
{
    static const char *const metrics[] = {"auc", "concordance", "accuracy"}; /* the most telling one first */
    en_catalog_curves curves;
    en_status st = en_catalog_metrics_of(c, id, &curves, err);
    if (st != EN_OK) {
        return st;
    }
    const en_catalog_curve *loss = en_catalog_curves_find(&curves, EN_PART_VAL, "weighted_loss");
    loss = loss != NULL ? loss : en_catalog_curves_find(&curves, EN_PART_VAL, "loss");
    r->val_loss = at_epoch(loss, r->best_epoch);
    if (loss != NULL) {
        thin(loss->value, loss->count, &r->validation);
    }
    r->val = (double)NAN;
    for (size_t i = 0; r->metric == NULL && i < sizeof metrics / sizeof *metrics; i++) {
        const en_catalog_curve *curve = en_catalog_curves_find(&curves, EN_PART_VAL, metrics[i]);
        r->metric = curve != NULL ? metrics[i] : NULL;
        r->val = at_epoch(curve, r->best_epoch);
    }
    en_catalog_curves_clear(&curves);
    return EN_OK;
}

/* The newest steps that belong to the epoch of the very newest. */
static double pace(const en_catalog_step *step, size_t count)
{
    size_t oldest = 0;
    while (oldest + 1 < count && step[oldest + 1].epoch == step[0].epoch) {
        oldest++;
    }
    if (count == 0) {
        return (double)NAN;
    }
    const double images = (double)(step[0].images - (oldest > 0 ? step[oldest].images : 0));
    const double seconds = step[0].seconds - (oldest > 0 ? step[oldest].seconds : 0);
    return seconds > 0 ? images / seconds : (double)NAN;
}

/* How long the epochs that are left take, when they take as long as those of this attempt: of a first attempt by the
 * clock, with validation and all; of a later one, whose beginning is not recorded, by its time of training. `part`: of
 * the present epoch, trained so far. */
static double time_left(const en_catalog_progress *p, double part, double part_seconds)
{
    const double done = (double)p->attempt_epochs + part;
    const double took = p->attempt == 1 ? p->seconds : p->attempt_seconds + part_seconds;
    const double left = (double)p->max_epochs - (double)p->epochs - part;
    return p->max_epochs >= 0 && done > 0 && took > 0 && left >= 0 ? took / done * left : (double)NAN;
}

static en_status read_steps(en_catalog *c, const en_catalog_progress *p, en_top_run *r, en_error *err)
{
    en_catalog_step step[PACE_STEPS];
    size_t count;
    en_status st = en_catalog_steps_newest(c, p->id, step, PACE_STEPS, &count, err);
    if (st == EN_OK) {
        st = en_catalog_steps_curve(c, p->id, r->train.value, EN_TOP_POINTS, &r->train.count, err);
    }
    if (st != EN_OK) {
        return st;
    }
    r->loss = r->images_per_second = r->left = (double)NAN;
    double part = 0, part_seconds = 0;
    if (count > 0) {
        r->step = step[0].step;
        r->loss = step[0].loss;
        r->images_per_second = pace(step, count);
        if (step[0].epoch == p->epochs + 1 && p->members > 0) {
            part = fmin((double)step[0].images / (double)p->members, 1);
            part_seconds = step[0].seconds;
        }
    }
    if (p->state == EN_RUN_RUNNING && !r->dead) {
        r->left = time_left(p, part, part_seconds);
    }
    return EN_OK;
}

static en_status read_run(en_project *project, en_catalog_progress *p, en_top_run *r, en_error *err)
{
    char *folder;
    en_status st = en_run_folder(p->folder, &folder, err);
    if (st != EN_OK) {
        return st;
    }
    const bool running = p->state == EN_RUN_RUNNING;
    r->dead = running && !en_folder_locked(project, folder);
    en_free(folder);
    r->run = p->name;
    p->name = NULL;
    r->state = p->state;
    r->epoch = p->epochs + (running && (p->max_epochs < 0 || p->epochs < p->max_epochs));
    r->max_epochs = p->max_epochs;
    r->best_epoch = p->best_epoch;
    r->memory_bytes = p->memory_bytes;
    r->seconds = p->seconds;
    st = read_steps(project->catalog, p, r, err);
    return st == EN_OK ? read_metrics(project->catalog, p->id, r, err) : st;
}

en_status en_top_read(en_project *project, int64_t recent, en_top *out, en_error *err)
{
    en_catalog_progress_list list;
    *out = (en_top){0};
    en_status st = en_catalog_progress_read(project->catalog, recent, &list, err);
    if (st == EN_OK && list.count > 0 && (out->run = en_calloc(list.count, sizeof *out->run)) == NULL) {
        st = en_error_nomem(err, "the trainings");
    }
    for (size_t i = 0; st == EN_OK && i < list.count; i++) {
        out->count++;
        st = read_run(project, &list.row[i], &out->run[i], err);
    }
    en_catalog_progress_clear(&list);
    return st;
}

void en_top_clear(en_top *top)
{
    for (size_t i = 0; i < top->count; i++) {
        en_free(top->run[i].run);
    }
    en_free(top->run);
    *top = (en_top){0};
}
