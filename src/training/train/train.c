/* train: prepares a session (training/train/session.h), then epochs: shuffle, step, validate, keep the best, stop in
 * time.
 */
#include "training/train/train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "catalog/metric.h"
#include "base/clock.h"
#include "training/model.h"
#include "training/score.h"
#include "training/train/session.h"

/* Draws the order of an epoch's members and has its first batch rendered. */
static void begin_epoch(en_session *s, int64_t epoch)
{
    const size_t count = s->train.items.count;
    for (size_t i = 0; i < count; i++) {
        s->order[i] = (uint32_t)i;
    }
    en_random shuffle = en_random_init(s->options.seed, (uint32_t)epoch, 0, EN_FOR_SHUFFLE);
    en_random_shuffle(&shuffle, s->order, count);
    en_prefetch_begin(s->prefetch, s->order, count, (uint32_t)epoch);
}

/* The learning rate of the step that is next. */
static double learning_rate(const en_session *s)
{
    const size_t count = s->train.items.count, batch = (size_t)s->options.batch;
    const uint64_t steps = (uint64_t)s->options.epochs * ((count + batch - 1) / batch);
    return s->options.learning_rate * en_schedule_factor(&s->schedule, (uint64_t)s->steps, steps);
}

/* Trains one epoch, which has begun; every step sees `batch` of its members. */
static en_status train_epoch(en_session *s, en_epoch *e, en_error *err)
{
    size_t count = s->train.items.count, seen = 0, correct = 0;
    double loss = 0, weight = 0, began = en_clock_seconds();
    en_status st = EN_OK;
    while (st == EN_OK && seen < count) {
        size_t n;
        const uint8_t *pixels = en_prefetch_next(s->prefetch, &n);
        for (size_t i = 0; i < n; i++) {
            s->truth[i] = s->train.truth[s->order[seen + i]];
            s->key[i] = s->train.items.item[s->order[seen + i]].key;
        }
        const en_batch b = {.pixels = pixels, .truth = s->truth, .keys = s->key, .n = n};
        const double rate = learning_rate(s);
        const en_step step = {.seed = s->options.seed,
                              .epoch = (uint32_t)e->epoch,
                              .step = (uint64_t)++s->steps,
                              .lr = (float)rate,
                              .clip_norm = (float)s->options.clip_norm,
                              .class_weights = s->class_weight,
                              .loss = &s->loss};
        en_step_result r;
        st = en_network_train_step(s->network, &b, &step, &r, err);
        if (st == EN_OK) {
            loss += r.loss_sum;
            weight += r.weight_sum;
            correct += r.correct;
            seen += n;
            en_event_progress(&s->project->events, (e->epoch - 1) * (int64_t)count + (int64_t)seen,
                              s->options.epochs * (int64_t)count, s->remark);
            st = en_stop_check(&s->project->events, err);
        }
    }
    e->seconds = en_clock_seconds() - began;
    e->wait_seconds = en_prefetch_waited(s->prefetch);
    e->images_per_second = (double)seen / e->seconds;
    double mean = weight > 0 ? loss / weight : (double)NAN;
    e->train_loss = s->class_weight == NULL ? mean : (double)NAN;
    e->train_weighted_loss = s->class_weight == NULL ? (double)NAN : mean;
    e->train_accuracy = seen > 0 ? (double)correct / (double)seen : (double)NAN;
    return st;
}

static en_status validate(en_session *s, en_epoch *e, en_error *err)
{
    e->val_loss = e->val_weighted_loss = e->val_accuracy = e->val_auc = (double)NAN;
    if (s->val.items.count == 0) {
        return EN_OK;
    }
    en_score score;
    const en_events silent = {.stop = s->project->events.stop,
                              .ctx = s->project->events.ctx}; /* progress is training's */
    en_network_swap_average(s->network);                      /* where there are averages, they are the model */
    en_status st = en_score_items(&s->val.loader, s->network, s->pixels, s->probability, &silent, err);
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
    }
    return st;
}

static en_status record(en_session *s, const en_epoch *e, en_error *err)
{
    const struct {
        en_part part;
        const char *name;
        double value;
    } all[] = {{EN_PART_TRAIN, "loss", e->train_loss},
               {EN_PART_TRAIN, "weighted_loss", e->train_weighted_loss},
               {EN_PART_TRAIN, "accuracy", e->train_accuracy},
               {EN_PART_VAL, "loss", e->val_loss},
               {EN_PART_VAL, "weighted_loss", e->val_weighted_loss},
               {EN_PART_VAL, "accuracy", e->val_accuracy},
               {EN_PART_VAL, "auc", e->val_auc},
               {EN_PART_NONE, "seconds", e->seconds},
               {EN_PART_NONE, "wait_seconds", e->wait_seconds},
               {EN_PART_NONE, "images_per_second", e->images_per_second}};
    en_catalog_metric metric[sizeof all / sizeof *all];
    size_t count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!isnan(all[i].value)) {
            metric[count++] = (en_catalog_metric){.attempt = s->attempt,
                                                  .step = s->steps,
                                                  .epoch = e->epoch,
                                                  .part = all[i].part,
                                                  .name = all[i].name,
                                                  .value = all[i].value};
        }
    }
    return en_catalog_metrics_add(s->project->catalog, s->run_id, metric, count, err);
}

/* Keeps the weights as they are now. epoch 0: stopped before the first was done. */
static en_status keep(en_session *s, int64_t epoch, en_error *err)
{
    en_calibration calibration;
    char *json = NULL;
    const double wish[EN_OPERATING_RULES] = {[EN_AT_SENSITIVITY] = s->options.at_sensitivity,
                                             [EN_AT_SPECIFICITY] = s->options.at_specificity,
                                             [EN_AT_YOUDEN] = (double)NAN,
                                             [EN_AT_COST] = s->options.miss_cost};
    /* stopped before the first epoch was done, nothing has been validated */
    const size_t validated = epoch > 0 ? s->val.items.count : 0;
    en_status st = en_calibration_fit(&s->classes, s->class_weight, s->probability, s->val.truth, validated, wish,
                                      &calibration, err);
    if (st == EN_OK) {
        st = en_calibration_to_json(&calibration, s->classes.count, &json, err);
    }
    if (st != EN_OK) {
        return st;
    }
    const en_model_card card = {.calibration = json,
                                .spec = s->spec_text,
                                .recipe = s->recipe_text,
                                .classes = s->classes_json,
                                .target = s->options.target,
                                .run = s->run.uuid,
                                .origin = s->init.origin,
                                .licence = s->init.licence};
    en_catalog_checkpoint row = {.path = s->weights_path, .attempt = s->attempt, .epoch = epoch, .step = s->steps};
    en_network_swap_average(s->network);
    st = en_model_keep(s->project, s->run_id, s->network, &card, &row, err);
    en_network_swap_average(s->network);
    en_free(json);
    return st;
}

/* What the best epoch has least of: the loss that is minimised in training, on other patients. */
static double selection_loss(const en_epoch *e)
{
    double loss = isnan(e->val_weighted_loss) ? e->val_loss : e->val_weighted_loss;
    return isnan(loss) ? -(double)e->epoch : loss;
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
        if (!isnan(e->val_auc)) {
            snprintf(validation + used, sizeof validation - (size_t)used, "  AUC %.3f", e->val_auc);
        }
    }
    en_event_note(&s->project->events, "epoch %3lld of %lld  %s %.4f  accuracy %.3f%s  %.0f images/s%s",
                  (long long)e->epoch, (long long)s->options.epochs, weighted ? "weighted loss" : "loss", train_loss,
                  e->train_accuracy, validation, e->images_per_second, best ? "  best" : "");
    snprintf(s->remark, sizeof s->remark, "epoch %lld of %lld, loss %.4f", (long long)e->epoch + 1,
             (long long)s->options.epochs, train_loss);
}

static en_status keep_epoch(en_session *s, const en_epoch *e, en_error *err) { return keep(s, e->epoch, err); }

/* Another process that locks the catalog for long does not end a training, which waits and tries again. */
static en_status retry_while_busy(en_session *s, en_status (*write)(en_session *, const en_epoch *, en_error *),
                                  const en_epoch *e, en_error *err)
{
    en_status st;
    while ((st = write(s, e, err)) == EN_BUSY) {
        en_event_warn(&s->project->events, "%s; the training waits", err->text);
        if ((st = en_stop_check(&s->project->events, err)) != EN_OK) {
            return st;
        }
    }
    return st;
}

static en_status run_epochs(en_session *s, en_train_result *r, en_error *err)
{
    en_status st = EN_OK;
    snprintf(s->remark, sizeof s->remark, "epoch 1 of %lld", (long long)s->options.epochs);
    begin_epoch(s, 1);
    for (int64_t epoch = 1; st == EN_OK && epoch <= s->options.epochs; epoch++) {
        en_epoch e = {.epoch = epoch};
        st = train_epoch(s, &e, err);
        if (st == EN_OK) {
            if (epoch < s->options.epochs) {
                begin_epoch(s, epoch + 1); /* its first batch is rendered during the validation */
            }
            st = validate(s, &e, err);
        }
        if (st == EN_OK) {
            st = retry_while_busy(s, record, &e, err);
        }
        if (st != EN_OK) {
            break;
        }
        bool best = r->best_epoch == 0 || selection_loss(&e) < selection_loss(&r->best);
        say(s, &e, best);
        r->last = e;
        r->epochs = epoch;
        if (best && (st = retry_while_busy(s, keep_epoch, &e, err)) == EN_OK) {
            r->best = e;
            r->best_epoch = epoch;
        }
        if (st != EN_OK) {
            break;
        }
        if (s->val.items.count > 0 && s->options.patience > 0 && epoch - r->best_epoch >= s->options.patience) {
            en_event_note(&s->project->events, "no better validation loss for %lld epochs: stopping",
                          (long long)s->options.patience);
            break;
        }
    }
    return st;
}

static void summarise(const en_session *s, en_train_result *r)
{
    snprintf(r->run, sizeof r->run, "%s", s->run.name);
    snprintf(r->uuid, sizeof r->uuid, "%s", s->run.uuid);
    snprintf(r->weights, sizeof r->weights, "%s", s->weights_path);
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
};

en_status en_train(en_project *project, const en_train_options *options, en_train_result *result, en_error *err)
{
    *result = (en_train_result){.last = unmeasured, .best = unmeasured};
    en_error unreported, ending;
    err = err != NULL ? err : &unreported;
    double began = en_clock_seconds();
    en_session s;
    en_status st = en_session_open(project, options, &s, err);
    if (st != EN_OK) {
        en_session_close(&s);
        return st;
    }
    summarise(&s, result);
    en_event_begin(&project->events, "train", "images", s.options.epochs * (int64_t)s.train.items.count);
    st = run_epochs(&s, result, err);
    en_event_end(&project->events, result->epochs * result->members, s.options.epochs * result->members);
    result->seconds = en_clock_seconds() - began;
    /* stopped in the first epoch: what was learned is kept all the same */
    if (st == EN_INTERRUPTED && result->best_epoch == 0 && keep(&s, 0, &ending) != EN_OK) {
        en_event_warn(&project->events, "the weights are not saved: %s", ending.text);
    }
    result->state = st == EN_OK ? EN_RUN_FINISHED : st == EN_INTERRUPTED ? EN_RUN_INTERRUPTED : EN_RUN_FAILED;
    if (result->epochs > 0) {
        result->images_per_second = result->last.images_per_second;
    }
    en_status ended = en_catalog_run_end(project->catalog, s.run_id, result->state, result->epochs,
                                         result->best_epoch > 0 ? result->best_epoch : -1, result->seconds, &ending);
    if (st == EN_OK && ended != EN_OK) {
        *err = ending;
        st = ended;
    } else if (st == EN_INTERRUPTED) {
        st = en_error_set(err, EN_INTERRUPTED, "interrupted in epoch %lld of %lld: run '%s' is saved up to there",
                          (long long)result->epochs + 1, (long long)s.options.epochs, result->run);
    }
    en_session_close(&s);
    return st;
}
