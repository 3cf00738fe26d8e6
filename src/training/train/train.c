/* train: prepares a session (training/train/session.h), then epochs: shuffle, step, validate, keep the best, stop in
 * time.
 */
#include "training/train/train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "base/clock.h"
#include "training/calibrate.h"
#include "training/score.h"
#include "training/train/session.h"

/* Draws the order of an epoch's members and has the first batch of what is left of it rendered. */
static void begin_epoch(en_session *s, int64_t epoch, int64_t seen)
{
    const size_t count = s->train.items.count;
    if (epoch > s->options.epochs || seen >= (int64_t)count) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        s->order[i] = (uint32_t)i;
    }
    en_random shuffle = en_random_init(s->options.seed, (uint32_t)epoch, 0, EN_FOR_SHUFFLE);
    en_random_shuffle(&shuffle, s->order, count);
    if (s->prefetch == NULL) {
        return;
    }
    en_prefetch_begin(s->prefetch, s->order + seen, count - (size_t)seen, (uint32_t)epoch);
}

/* The learning rate of the step that is next. */
static double learning_rate(const en_session *s)
{
    const size_t count = s->train.items.count, batch = (size_t)s->options.batch;
    const uint64_t steps = (uint64_t)s->options.epochs * ((count + batch - 1) / batch);
    return s->options.learning_rate * en_schedule_factor(&s->schedule, (uint64_t)s->at.steps, steps);
}

static en_status check_stop(const en_session *s, en_error *err)
{
    if (s->deadline > 0 && en_clock_seconds() >= s->deadline) {
        return en_error_set(err, EN_INTERRUPTED, "interrupted: the time limit is reached");
    }
    return en_stop_check(&s->project->events, err);
}

/* The engine found an output that is not finite: no step leads back from there. */
static void note_divergence(en_session *s, const en_error *why)
{
    snprintf(s->trouble, sizeof s->trouble, "diverged in epoch %lld: %.200s", (long long)s->at.epoch, why->text);
}

/* A network that answers alike for everything has collapsed: it is said in the first such epoch. */
static void look_for_collapse(en_session *s, const en_epoch *e, const en_score *score)
{
    s->trouble[0] = '\0';
    if (!en_score_is_constant(score, s->probability, s->val.truth, s->val.items.count, s->classes.count)) {
        return;
    }
    char auc[40] = "";
    if (!isnan(score->auc)) {
        snprintf(auc, sizeof auc, ", AUC %.3f", score->auc);
    }
    snprintf(s->trouble, sizeof s->trouble,
             "collapsed in epoch %lld: the same answer for all %zu validation images (probabilities spread by %.1e%s)",
             (long long)e->epoch, s->val.items.count, score->spread, auc);
    if (!s->warned) {
        en_event_warn(&s->project->events,
                      "%s; where the next epochs do not change that, stop and train with --lr %.3g, a tenth, or from "
                      "weights with --init",
                      s->trouble, s->options.learning_rate / 10);
        s->warned = true;
    }
}

/* One step; *shown: what it showed, but for the time. */
static en_status train_batch(en_session *s, const uint8_t *pixels, size_t n, en_catalog_step *shown, en_error *err)
{
    en_progress *at = &s->at;
    for (size_t i = 0; i < n; i++) {
        const uint32_t member = s->order[(size_t)at->seen + i];
        s->truth[i] = s->train.truth[member];
        s->key[i] = s->train.items.item[member].key;
    }
    const bool kept = s->features != NULL;
    if (kept) {
        en_session_gather(s, s->order + at->seen, n);
    }
    const en_batch b = {.pixels = pixels,
                        .features = s->features,
                        .feature_line = kept ? s->train_features.line : 0,
                        .truth = s->truth,
                        .keys = s->key,
                        .n = n};
    const en_step step = {.seed = s->options.seed,
                          .epoch = (uint32_t)at->epoch,
                          .step = (uint64_t)at->steps + 1,
                          .lr = (float)learning_rate(s),
                          .clip_norm = (float)s->options.clip_norm,
                          .class_weights = s->class_weight,
                          .loss = &s->loss};
    en_step_result r;
    en_status st = en_network_train_step(s->network, &b, &step, &r, err);
    if (st == EN_FAILED) {
        note_divergence(s, err);
    }
    if (st == EN_OK) {
        at->steps++;
        at->loss += r.loss_sum;
        at->weight += r.weight_sum;
        at->correct += (int64_t)r.correct;
        at->seen += (int64_t)n;
        *shown = (en_catalog_step){.step = at->steps,
                                   .epoch = at->epoch,
                                   .images = at->seen,
                                   .loss = r.weight_sum > 0 ? r.loss_sum / r.weight_sum : (double)NAN,
                                   .learning_rate = (double)step.lr};
    }
    return st;
}

/* The next batch of the epoch; NULL where it is of features. */
static const uint8_t *next_batch(const en_session *s, size_t *n)
{
    const size_t left = s->train.items.count - (size_t)s->at.seen, batch = (size_t)s->options.batch;
    if (s->prefetch != NULL) {
        return en_prefetch_next(s->prefetch, n);
    }
    *n = left < batch ? left : batch;
    return NULL;
}

/* Trains what is left of the epoch, which has begun; every step sees `batch` of its members. */
static en_status train_epoch(en_session *s, en_epoch *e, en_error *err)
{
    en_progress *at = &s->at;
    const int64_t count = (int64_t)s->train.items.count;
    const double before = at->seconds, began = en_clock_seconds();
    double saving = 0;
    en_status st = EN_OK;
    en_session_choose_trained(s);
    while (st == EN_OK && at->seen < count) {
        size_t n;
        const uint8_t *pixels = next_batch(s, &n);
        en_catalog_step shown;
        st = train_batch(s, pixels, n, &shown, err);
        if (st != EN_OK) {
            break;
        }
        shown.seconds = at->seconds = before + en_clock_seconds() - began - saving;
        en_event_progress(&s->project->events, (at->epoch - 1) * count + at->seen, s->options.epochs * count,
                          s->remark);
        const double now = en_clock_seconds();
        en_session_note_step(s, &shown);
        en_session_save_state(s, false);
        saving += en_clock_seconds() - now;
        st = check_stop(s, err);
    }
    at->wait_seconds += s->prefetch != NULL ? en_prefetch_waited(s->prefetch) : 0;
    const double mean = at->weight > 0 ? at->loss / at->weight : (double)NAN;
    *e = (en_epoch){.epoch = at->epoch,
                    .seconds = at->seconds,
                    .wait_seconds = at->wait_seconds,
                    .images_per_second = at->seconds > 0 ? (double)at->seen / at->seconds : (double)NAN,
                    .train_loss = s->class_weight == NULL ? mean : (double)NAN,
                    .train_weighted_loss = s->class_weight == NULL ? (double)NAN : mean,
                    .train_accuracy = at->seen > 0 ? (double)at->correct / (double)at->seen : (double)NAN};
    return st;
}

static en_status validate(en_session *s, en_epoch *e, en_error *err)
{
    e->val_loss = e->val_weighted_loss = e->val_accuracy = e->val_auc = (double)NAN;
    e->val_calibrated_loss = e->val_concordance = (double)NAN;
    if (s->val.items.count == 0) {
        return EN_OK;
    }
    en_score score;
    const en_events silent = {.stop = s->project->events.stop,
                              .ctx = s->project->events.ctx}; /* progress is training's */
    en_network_swap_average(s->network);                      /* where there are averages, they are the model */
    const en_features *f = &s->val_features;
    en_status st = f->items > 0
                       ? en_network_predict_features(s->network, f->line, f->value, f->items, s->probability, err)
                       : en_score_items(&s->val.loader, s->network, s->pixels, s->probability, &silent, err);
    en_network_swap_average(s->network);
    if (st == EN_OK) {
        st = en_score_of(s->probability, s->val.truth, s->val.items.count, s->classes.count, s->class_weight, &score,
                         err);
    }
    if (st == EN_OK) {
        e->val_loss = score.loss;
        e->val_weighted_loss = score.weighted_loss;
        e->val_accuracy = score.accuracy;
        e->val_auc = score.auc;
        e->val_concordance = s->classes.ordinal && s->classes.count > 2 ? score.concordance : (double)NAN;
        look_for_collapse(s, e, &score);
        st = en_calibration_loss(&s->classes, s->class_weight, s->probability, s->val.truth, s->val.items.count,
                                 &e->val_calibrated_loss, err);
    }
    return st;
}

static const char *const rules[] = {NULL, "loss", "calibrated-loss", "order", "last"};
const en_wordlist en_best_rules = EN_WORDLIST("rule for the best epoch", rules);

/* What the best epoch has least of. */
static double selection(const en_session *s, const en_epoch *e)
{
    double by = (double)NAN;
    switch (s->best_rule) {
    case EN_BEST_LOSS: by = isnan(e->val_weighted_loss) ? e->val_loss : e->val_weighted_loss; break;
    case EN_BEST_CALIBRATED_LOSS: by = e->val_calibrated_loss; break;
    case EN_BEST_ORDER: by = isnan(e->val_auc) ? -e->val_concordance : -e->val_auc; break;
    case EN_BEST_LAST: break;
    }
    return isnan(by) ? -(double)e->epoch : by;
}

static void say(en_session *s, const en_epoch *e, bool best)
{
    char validation[96] = "";
    const bool weighted = s->class_weight != NULL;
    const double train_loss = weighted ? e->train_weighted_loss : e->train_loss;
    if (!isnan(e->val_loss)) {
        int used =
            snprintf(validation, sizeof validation, "  val %s %.4f  accuracy %.3f", weighted ? "weighted loss" : "loss",
                     weighted ? e->val_weighted_loss : e->val_loss, e->val_accuracy);
        const double order = isnan(e->val_auc) ? e->val_concordance : e->val_auc;
        if (!isnan(order)) {
            snprintf(validation + used, sizeof validation - (size_t)used, "  %s %.3f",
                     isnan(e->val_auc) ? "concordance" : "AUC", order);
        }
    }
    en_event_note(&s->project->events, "epoch %3lld of %lld  %s %.4f  accuracy %.3f%s  %.0f images/s%s",
                  (long long)e->epoch, (long long)s->options.epochs, weighted ? "weighted loss" : "loss", train_loss,
                  e->train_accuracy, validation, e->images_per_second, best ? "  best" : "");
    snprintf(s->remark, sizeof s->remark, "epoch %lld of %lld, loss %.4f", (long long)e->epoch + 1,
             (long long)s->options.epochs, train_loss);
}

/* The next epoch begins with nothing seen. What is saved at the end of an epoch is how the next one begins. */
static en_status end_epoch(en_session *s, const en_epoch *e, en_error *err)
{
    const en_progress before = s->at;
    const bool best = before.best_epoch == 0 || selection(s, e) < selection(s, &before.best);
    s->at = (en_progress){.epoch = e->epoch + 1,
                          .steps = before.steps,
                          .best_epoch = best ? e->epoch : before.best_epoch,
                          .best = best ? *e : before.best,
                          .last = *e};
    en_status st = en_session_end_epoch(s, e, best, err);
    if (st != EN_OK) {
        s->at = before;
        return st;
    }
    say(s, e, best);
    en_session_board_epoch(s, e);
    return EN_OK;
}

static bool is_over(const en_session *s)
{
    const int64_t done = s->at.epoch - 1;
    if (s->val.items.count > 0 && s->options.patience > 0 && s->at.best_epoch > 0 &&
        done - s->at.best_epoch >= s->options.patience) {
        en_event_note(&s->project->events, "no better epoch for %lld epochs: stopping", (long long)s->options.patience);
        return true;
    }
    return done >= s->options.epochs;
}

static en_status run_epochs(en_session *s, en_error *err)
{
    en_status st = EN_OK;
    snprintf(s->remark, sizeof s->remark, "epoch %lld of %lld", (long long)s->at.epoch, (long long)s->options.epochs);
    begin_epoch(s, s->at.epoch, s->at.seen);
    while (st == EN_OK && !is_over(s)) {
        en_epoch e;
        if (s->options.pause_at > 0 && s->at.epoch > s->options.pause_at) {
            return en_error_set(err, EN_INTERRUPTED, "paused");
        }
        st = train_epoch(s, &e, err);
        if (st == EN_OK) {
            begin_epoch(s, e.epoch + 1, 0); /* its first batch is rendered during the validation */
            st = validate(s, &e, err);
        }
        if (st == EN_OK) {
            st = end_epoch(s, &e, err);
        }
    }
    return st;
}

/* What the result says of how far it came. */
static void sum_up(const en_session *s, en_train_result *r)
{
    r->epochs = s->at.epoch - 1;
    r->best_epoch = s->at.best_epoch;
    if (r->epochs > 0) {
        r->last = s->at.last;
        r->best = s->at.best;
        r->images_per_second = r->last.images_per_second;
    }
}

static void summarise(const en_session *s, en_train_result *r)
{
    snprintf(r->run, sizeof r->run, "%s", s->run.name);
    snprintf(r->uuid, sizeof r->uuid, "%s", s->run.uuid);
    snprintf(r->weights, sizeof r->weights, "%s", s->weights_path);
    r->attempt = s->attempt;
    r->members = (int64_t)s->train.items.count;
    r->validation_members = (int64_t)s->val.items.count;
    r->without_target = s->train.items.no_target;
    r->without_sample = s->train.items.no_sample;
    r->memory_bytes = (int64_t)s->size.total_bytes;
    r->parameters = (int64_t)s->size.parameters;
}

static const en_epoch unmeasured = {
    .train_loss = (double)NAN,
    .train_weighted_loss = (double)NAN,
    .train_accuracy = (double)NAN,
    .val_loss = (double)NAN,
    .val_weighted_loss = (double)NAN,
    .val_accuracy = (double)NAN,
    .val_auc = (double)NAN,
    .val_calibrated_loss = (double)NAN,
    .val_concordance = (double)NAN,
};

static void name_finished(const en_catalog_run *run, en_train_result *r)
{
    snprintf(r->run, sizeof r->run, "%s", run->name);
    snprintf(r->uuid, sizeof r->uuid, "%s", run->uuid);
    r->state = run->state;
    r->epochs = run->epochs;
    r->best_epoch = run->best_epoch;
}

en_status en_train(en_project *project, const en_train_options *options, en_train_result *result, en_error *err)
{
    *result = (en_train_result){.last = unmeasured, .best = unmeasured};
    en_error unreported, ending;
    err = err != NULL ? err : &unreported;
    double began = en_clock_seconds();
    en_session s;
    en_status st = en_session_open(project, options, &s, err);
    if (st == EN_DONE) {
        name_finished(&s.earlier, result);
    }
    if (st != EN_OK || options->check) {
        en_session_close(&s);
        return st;
    }
    summarise(&s, result);
    st = en_session_board_open(&s, err);
    s.deadline = s.options.time_limit > 0 ? began + s.options.time_limit : 0;
    s.saved_at = en_clock_seconds();
    en_event_begin(&project->events, "train", "images", s.options.epochs * (int64_t)s.train.items.count);
    st = st == EN_OK ? run_epochs(&s, err) : st;
    sum_up(&s, result);
    en_event_end(&project->events, result->epochs * result->members, s.options.epochs * result->members);
    result->seconds = en_clock_seconds() - began;
    if (st == EN_INTERRUPTED) {
        en_session_save_state(&s, true);
        /* stopped in the first epoch: what was learned is kept all the same */
        if (s.kept_epoch == 0 && en_session_keep_unvalidated(&s, &ending) != EN_OK) {
            en_event_warn(&project->events, "the weights are not saved: %s", ending.text);
        }
    }
    result->state = st == EN_OK ? EN_RUN_FINISHED : st == EN_INTERRUPTED ? EN_RUN_INTERRUPTED : EN_RUN_FAILED;
    en_session_board_close(&s, result->state);
    en_status ended = en_session_end(&s, result->state, result->seconds, &ending);
    if (st != EN_OK && st != EN_INTERRUPTED && s.save_seconds > 0) {
        en_event_note(&project->events, "run '%s' can be resumed with 'eyenet train --resume %s'", result->run,
                      result->run);
    }
    if (st == EN_OK && ended != EN_OK) {
        *err = ending;
        st = ended;
    } else if (st == EN_INTERRUPTED) {
        const bool limit = s.deadline > 0 && en_clock_seconds() >= s.deadline;
        st = en_error_hint(err,
                           en_error_set(err, EN_INTERRUPTED,
                                        "interrupted%s in epoch %lld of %lld: run '%s' is saved up to there",
                                        limit ? " by the time limit" : "", (long long)s.at.epoch,
                                        (long long)s.options.epochs, result->run),
                           "resume it with 'eyenet train --resume %s'", result->run);
    }
    en_session_close(&s);
    return st;
}
