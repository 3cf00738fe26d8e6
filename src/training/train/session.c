/* Resolving a training session: name, recipe, network, subset and target, memory, validation; in that order, so that
 * an invalid request is refused before anything is written. Only then may the plain subset of the part val be
 * frozen, and last the run is entered (register.c). */
#include "training/train/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "catalog/run_edit.h"
#include "dataset/subset.h"

static en_status fill_defaults(en_session *s, const en_train_options *given, en_error *err)
{
    en_train_options *o = &s->options;
    *o = *given;
    en_session_init_defaults(s);
    o->model = o->model != NULL || o->init != NULL ? o->model : EN_TRAIN_MODEL;
    o->target = o->target != NULL ? o->target : EN_TRAIN_TARGET;
    o->class_weights = o->class_weights != NULL ? o->class_weights : EN_TRAIN_CLASS_WEIGHTS;
    o->schedule = o->schedule != NULL ? o->schedule : EN_TRAIN_SCHEDULE;
    o->optimiser = o->optimiser != NULL ? o->optimiser : EN_TRAIN_OPTIMISER;
    o->loss = o->loss != NULL ? o->loss : EN_TRAIN_LOSS;
    o->best = o->best != NULL ? o->best : EN_TRAIN_BEST;
    o->augmentation = o->augmentation != NULL ? o->augmentation : EN_TRAIN_AUGMENTATION;
    o->epochs = o->epochs != 0 ? o->epochs : EN_TRAIN_EPOCHS;
    o->batch = o->batch != 0 ? o->batch : EN_TRAIN_BATCH;
    o->patience = o->patience != 0 ? o->patience : EN_TRAIN_PATIENCE;
    o->learning_rate = fpclassify(o->learning_rate) != FP_ZERO ? o->learning_rate : EN_TRAIN_LEARNING_RATE;
    o->at_sensitivity = o->at_sensitivity > 0 ? o->at_sensitivity : EN_TRAIN_AT;
    o->at_specificity = o->at_specificity > 0 ? o->at_specificity : EN_TRAIN_AT;
    o->miss_cost = o->miss_cost > 0 ? o->miss_cost : EN_TRAIN_MISS_COST;
    if (o->subset == NULL) {
        return en_error_set(err, EN_USAGE, "no subset to train on: make one with 'eyenet subset NAME SQL'");
    }
    en_status st = o->name != NULL ? en_catalog_run_name_check(o->name, err) : EN_OK;
    if (st != EN_OK) {
        return st;
    }
    if (o->epochs < 1 || o->epochs > EN_EPOCHS_MAX) {
        return en_error_set(err, EN_USAGE, "epochs must be 1..%d, not %lld", EN_EPOCHS_MAX, (long long)o->epochs);
    }
    if (o->micro_batch < 0 || !(o->clip_norm >= 0)) {
        return en_error_set(err, EN_USAGE, "the micro-batch and the norm to clip to must not be negative");
    }
    if (o->head_epochs != 0 && (o->head_epochs < 0 || o->head_epochs >= o->epochs)) {
        return en_error_hint(err,
                             en_error_set(err, EN_USAGE, "of %lld epochs, 0 to %lld may be of the head alone, not %lld",
                                          (long long)o->epochs, (long long)o->epochs - 1, (long long)o->head_epochs),
                             "to train nothing else, use --freeze head");
    }
    if (o->batch < 1 || o->batch > 65536) {
        return en_error_set(err, EN_USAGE, "the batch must be 1..65536, not %lld", (long long)o->batch);
    }
    if (!(o->learning_rate > 0 && o->learning_rate <= 10)) {
        return en_error_set(err, EN_USAGE, "the learning rate must be above 0 and at most 10, not %g",
                            o->learning_rate);
    }
    s->best_rule = (en_best_rule)en_word_find(&en_best_rules, o->best);
    if (s->best_rule == 0) {
        return en_error_set(err, EN_USAGE, "the best epoch is by loss, calibrated-loss, order or last, not by '%s'",
                            o->best);
    }
    st = en_schedule_parse(o->schedule, &s->schedule, err);
    if (st == EN_OK) {
        st = en_optimiser_parse(o->optimiser, &s->optimiser, err);
    }
    if (st == EN_OK) {
        st = en_loss_parse(o->loss, &s->loss, err);
    }
    return st == EN_OK ? en_augmentation_parse(o->augmentation, &s->augmentation, err) : st;
}

/* Labels, pixels and members may change between two trainings on a subset of the same name: this is of all three. */
static void add_data(en_sha256 *hash, const en_dataset *data)
{
    for (size_t i = 0; i < data->items.count; i++) {
        const en_catalog_item *item = &data->items.item[i];
        char line[160];
        const int size = snprintf(line, sizeof line, "%llu %ld %.64s\n", (unsigned long long)item->key,
                                  (long)data->truth[i], item->sample_sha256);
        en_sha256_add(hash, line, (size_t)size);
    }
    en_sha256_add(hash, "\n", 1);
}

static en_status hash_data(en_session *s, en_error *err)
{
    en_sha256 *hash = en_sha256_new();
    if (hash == NULL) {
        return en_error_nomem(err, "a hash");
    }
    add_data(hash, &s->train);
    add_data(hash, &s->val);
    const bool good = en_sha256_hex(hash, s->data_sha256);
    en_sha256_free(hash);
    return good ? EN_OK : en_error_set(err, EN_BUG, "cannot compute a SHA-256");
}

static en_status find_recipe(en_session *s, en_error *err)
{
    return en_dataset_recipe(s->project, s->options.recipe, &s->recipe, &s->recipe_id, &s->recipe_text, err);
}

en_status en_session_spec_text(en_session *s, en_error *err)
{
    en_buf text;
    en_buf_init(&text, EN_SPEC_TEXT_MAX);
    en_status st = en_spec_text(s->spec, &text, err);
    en_free(s->spec_text);
    s->spec_text = st == EN_OK ? en_strdup(en_buf_str(&text)) : NULL;
    if (st == EN_OK && s->spec_text == NULL) {
        st = en_error_nomem(err, "a network");
    }
    en_buf_clear(&text);
    return st;
}

static en_status load_spec(en_session *s, en_error *err)
{
    s->spec = en_alloc(sizeof *s->spec);
    if (s->spec == NULL) {
        return en_error_nomem(err, "a network");
    }
    en_status st = en_session_load_spec(s, err);
    if (st == EN_OK) {
        st = en_session_spec_text(s, err);
    }
    const en_dims *in = &s->spec->input;
    if (st == EN_OK && (in->h != (size_t)s->recipe.size || in->w != in->h || in->c != 3)) {
        st = en_error_set(
            err, EN_INPUT,
            "network '%s' takes %zux%zux%zu, recipe '%s' makes %dx%dx3: ingest with size=%zu, or choose another "
            "network or --recipe",
            s->options.model, in->h, in->w, in->c, s->recipe_text, s->recipe.size, s->recipe.size, in->h);
    }
    return st;
}

static en_status load_dataset(en_session *s, en_dataset *data, en_error *err)
{
    return en_dataset_load(s->project, data, s->options.target, s->recipe_id, s->recipe.size, err);
}

/* Validation and test patients must not be learned from: only a subset of the part train is trained on, if there is a
 * split. */
static en_status check_part(const en_session *s, en_error *err)
{
    const en_catalog_subset *sub = &s->train.subset;
    if (sub->split == NULL || s->options.mixed_parts || sub->part == EN_PART_TRAIN) {
        return EN_OK;
    }
    return en_error_hint(
        err,
        en_error_set(err, EN_INPUT, "subset '%s' is not wholly of part 'train' of split '%s'", sub->name, sub->split),
        "add \"WHERE part='train'\" to its query, or train with --mixed-parts");
}

/* A network learns whatever distinguishes the classes. Where one class is shown rotated more often than another, as by
 * the policy seed, it may learn rotation (black corners, a turned optic disc) in place of the eye: worth a warning. */
static void warn_of_views(const en_session *s)
{
    en_class_views views;
    if (en_classes_uneven_views(&s->classes, &s->train.items, &views)) {
        en_event_warn(
            &s->project->events,
            "rotation is confounded with the target: %.0f%% of '%s' are rotated, %.0f%% of '%s'; choose views evenly, "
            "such as WHERE rotation = 0, or those of 'eyenet augment even'",
            100 * views.high, s->classes.name[views.most], 100 * views.low, s->classes.name[views.least]);
    }
}

/* A picture must have the class it had before it is mirrored or turned: a mirrored left eye is a right one. */
static en_status check_augmentation(en_session *s, en_error *err)
{
    en_augmentation *a = &s->augmentation;
    int64_t mirrored, turned;
    if (!en_augmentation_mirrors(a) && !en_augmentation_turns(a)) {
        return EN_OK;
    }
    en_status st = en_catalog_subset_seen(s->project->catalog, s->train.subset.id, s->options.target,
                                          &s->project->events, &mirrored, &turned, err);
    if (st == EN_OK && s->own_augmentation) {
        a->mirror = a->mirror && mirrored == 0;
        a->flip = a->flip && mirrored == 0;
        a->quarter = a->quarter && turned == 0;
    }
    if (st == EN_OK && en_augmentation_mirrors(a) && mirrored > 0) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "target '%s' changes for %lld images when they are mirrored",
                                          s->options.target, (long long)mirrored),
                             "leave 'mirror' and 'flip' out of the augmentation");
    }
    if (st == EN_OK && en_augmentation_turns(a) && turned > 0) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "target '%s' changes for %lld images when they are turned",
                                          s->options.target, (long long)turned),
                             "leave 'quarter' and 'rotate' out of the augmentation");
    }
    return st;
}

/* Validation patients that are trained on as well bias its metrics, and the choice of the best epoch, optimistically.
 */
static en_status warn_of_shared(const en_session *s, en_error *err)
{
    int64_t patients, images;
    en_status st =
        en_catalog_subset_shared(s->project->catalog, s->train.subset.id, s->val.subset.id, &patients, &images, err);
    if (st == EN_OK && patients > 0) {
        en_event_warn(&s->project->events,
                      "%lld patients of the validation subset '%s' are also in the training subset: its metrics are "
                      "optimistically biased",
                      (long long)patients, s->val.subset.name);
    }
    return st;
}

static en_status find_validation(en_session *s, en_error *err)
{
    en_status st = EN_DONE;
    if (s->options.validation != NULL) {
        st = en_catalog_subset_get(s->project->catalog, s->options.validation, &s->val.subset, err);
    } else if (s->options.resume != NULL || s->options.repeat != NULL) { /* the run had none */
        return EN_OK;
    } else if (s->train.subset.split != NULL) {
        st = en_subset_plain(s->project, s->train.subset.split, EN_PART_VAL, &s->val.subset, err);
    }
    if (st == EN_DONE) {
        en_event_note(&s->project->events,
                      "no validation part: training runs all its epochs and keeps the last weights");
        return EN_OK;
    }
    if (st != EN_OK) {
        return st;
    }
    if (s->val.subset.part == EN_PART_TEST) {
        en_event_warn(&s->project->events,
                      "validation subset '%s' is of the part test: metrics on it will be optimistically biased, as the "
                      "weights to keep "
                      "are chosen by it",
                      s->val.subset.name);
    }
    st = warn_of_shared(s, err);
    if (st != EN_OK) {
        return st;
    }
    st = load_dataset(s, &s->val, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_classes_truth(&s->classes, &s->val.items, &s->val.truth, err);
    if (st == EN_OK && s->val.items.no_class > 0) {
        en_event_warn(&s->project->events,
                      "%lld images of validation subset '%s' are left out: none of those trained on has their value of "
                      "the target",
                      (long long)s->val.items.no_class, s->val.subset.name);
    }
    if (st == EN_INPUT) {
        en_error_prefix(err, "validation subset '%s' (another can be named with --val)", s->val.subset.name);
    }
    return st;
}

/* What the classes mean: which is looked for, and whether they are a scale. Words that nobody chose between are named.
 */
static en_status scale_classes(en_session *s, en_error *err)
{
    en_classes *c = &s->classes;
    en_status st = s->options.positive != NULL ? en_classes_positive_last(c, s->options.positive, err) : EN_OK;
    if (st == EN_OK) {
        st = en_classes_scale_in(s->project->catalog, c, s->options.target, s->options.scale, err);
    }
    if (st == EN_OK && c->count == 2 && s->options.positive == NULL &&
        !(strcmp(c->name[0], "0") == 0 && strcmp(c->name[1], "1") == 0)) {
        en_event_note(&s->project->events, "the positive class is '%s', the last in order; choose with --positive",
                      c->name[c->positive]);
    }
    return st;
}

static en_status load_data(en_session *s, en_error *err)
{
    en_status st = en_catalog_subset_get(s->project->catalog, s->options.subset, &s->train.subset, err);
    if (st != EN_OK) {
        return st;
    }
    st = check_part(s, err);
    if (st != EN_OK) {
        return st;
    }
    st = load_dataset(s, &s->train, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_classes_of(&s->train.items, s->options.target, &s->classes, err);
    if (st != EN_OK) {
        return st;
    }
    st = scale_classes(s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_classes_to_json(&s->classes, &s->classes_json, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_classes_labels_to_json(&s->classes, &s->labels_json, err);
    if (st != EN_OK) {
        return st;
    }
    if (s->options.onward && strcmp(s->classes_json, s->earlier.classes) != 0) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "the classes are %s, and those of run '%s' are %s",
                                          s->classes_json, s->earlier.name, s->earlier.classes),
                             "train a new run");
    }
    st = en_classes_truth(&s->classes, &s->train.items, &s->train.truth, err);
    if (st != EN_OK) {
        return st;
    }
    warn_of_views(s);
    return check_augmentation(s, err);
}

/* "auto": the inverse of each class's proportion, so that every class weighs the same: n / (classes * n_c). */
static void automatic_weights(en_session *s)
{
    size_t n = s->train.items.count;
    for (size_t c = 0; c < s->classes.count; c++) {
        size_t members = 0;
        for (size_t i = 0; i < n; i++) {
            members += s->train.truth[i] == (int32_t)c;
        }
        s->class_weight[c] = (float)((double)n / ((double)s->classes.count * (double)members));
    }
}

static en_status read_class_weights(en_session *s, en_error *err)
{
    const char *text = s->options.class_weights;
    if (strcmp(text, "none") == 0) {
        return EN_OK;
    }
    s->class_weight = en_calloc(s->classes.count, sizeof *s->class_weight);
    char *copy = en_strdup(text), *rest = NULL;
    if (s->class_weight == NULL || copy == NULL) {
        en_free(copy);
        return en_error_nomem(err, "class weights");
    }
    size_t count = 0;
    bool good = true;
    if (strcmp(text, "auto") == 0) {
        automatic_weights(s);
        count = s->classes.count;
    } else {
        rest = copy;
        for (char *word = strsep(&rest, ","); good && word != NULL; word = strsep(&rest, ","), count++) {
            double value;
            good = en_parse_double(word, &value) && value > 1e-6 && value < 1e6 && count < s->classes.count;
            if (good) {
                s->class_weight[count] = (float)value;
            }
        }
    }
    en_free(copy);
    return good && count == s->classes.count
               ? EN_OK
               : en_error_set(
                     err, EN_USAGE,
                     "class weights '%s' must be auto, none, or %zu numbers from 0.000001 to 1000000 with commas", text,
                     s->classes.count);
}

/* Counts the network's memory. Without a micro-batch given, the batch is halved until it fits this machine; not even
 * one image is EN_NOMEM. Sets s->size and s->options.micro_batch. */
static en_status plan_network(en_session *s, en_network_config *config, en_error *err)
{
    const bool given = config->micro_batch > 0;
    config->micro_batch = given && config->micro_batch < config->batch ? config->micro_batch : config->batch;
    en_status st = en_network_plan(config, &s->size, err);
    while (st == EN_NOMEM && !given && config->micro_batch > 1) {
        config->micro_batch = (config->micro_batch + 1) / 2;
        st = en_network_plan(config, &s->size, err);
    }
    s->options.micro_batch = (int64_t)config->micro_batch;
    if (st == EN_OK && !given && config->micro_batch < config->batch) {
        en_event_note(&s->project->events,
                      "a batch of %zu does not fit the memory: its gradient is the sum over micro-batches of %zu",
                      config->batch, config->micro_batch);
    }
    return st;
}

static en_status make_network(en_session *s, en_error *err)
{
    en_pool *pool;
    const en_kernels *kernels;
    en_status st = en_project_pool(s->project, &pool, err);
    if (st == EN_OK) {
        st = en_project_kernels(s->project, &kernels, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_network_config config = {.spec = s->spec,
                                .classes = s->classes.count,
                                .batch = (size_t)s->options.batch,
                                .micro_batch = (size_t)s->options.micro_batch,
                                .frozen_lines = s->frozen_lines,
                                .gradients = s->options.clip_norm > 0,
                                .optimiser = &s->optimiser,
                                .mode = EN_TRAIN,
                                .pool = pool,
                                .kernels = kernels,
                                .convolution = s->convolution};
    st = plan_network(s, &config, err);
    if (st == EN_OK) {
        char memory[32];
        en_event_note(&s->project->events, "network %s: %zu parameters, %s of memory, %u threads, %s", s->options.model,
                      s->size.parameters, en_human_size((int64_t)s->size.total_bytes, memory, sizeof memory),
                      s->project->threads, kernels->name);
        st = en_network_new(&config, &s->network, err);
    }
    return st == EN_OK ? en_session_init_weights(s, err) : st;
}

static en_status make_room(en_session *s, en_error *err)
{
    size_t batch = (size_t)s->options.batch, bytes = 0, values = 0;
    bool fits =
        en_mul(batch, en_recipe_bytes(&s->recipe), &bytes) && en_mul(s->val.items.count, s->classes.count, &values);
    s->order = en_calloc(s->train.items.count, sizeof *s->order);
    s->pixels = fits ? en_alloc(bytes) : NULL;
    s->truth = en_calloc(batch, sizeof *s->truth);
    s->key = en_calloc(batch, sizeof *s->key);
    s->probability = en_calloc(values, sizeof *s->probability);
    return s->order != NULL && s->pixels != NULL && s->truth != NULL && s->key != NULL && s->probability != NULL
               ? EN_OK
               : en_error_nomem(err, "batches");
}

/* One thread beside each eight of the engine's: rendering a sample takes some tenths of a millisecond, and a step at
 * least that for each image and thread of the engine. */
static en_status start_prefetch(en_session *s, en_error *err)
{
    if (s->features != NULL) {
        return EN_OK;
    }
    const en_prefetch_config config = {.loader = &s->train.loader,
                                       .batch = (size_t)s->options.batch,
                                       .augmentation = s->augmentation,
                                       .seed = s->options.seed,
                                       .threads = (s->project->threads + 7) / 8};
    return en_prefetch_new(&config, &s->prefetch, err);
}

en_status en_session_open(en_project *project, const en_train_options *options, en_session *s, en_error *err)
{
    *s = (en_session){.project = project, .convolution = project->convolution, .run_id = -1, .board_fd = -1};
    en_train_options given;
    en_status st = en_session_resume_options(s, options, &given, err);
    if (st == EN_OK) {
        st = fill_defaults(s, &given, err);
    }
    static en_status (*const step[])(en_session *, en_error *) = {
        en_session_find_earlier, en_session_find_init,     find_recipe,  load_spec,       load_data,
        en_session_fit_output,   read_class_weights,       make_network, find_validation, hash_data,
        en_session_set_rates,    en_session_load_features, make_room,    start_prefetch,  en_session_steps_open,
        en_session_register,
    };
    const size_t steps = sizeof step / sizeof *step - (options->check ? 4 : 0); /* memory, batches, row and steps */
    for (size_t i = 0; st == EN_OK && i < steps; i++) {
        st = step[i](s, err);
    }
    return st;
}

void en_session_close(en_session *s)
{
    en_session_board_close(s, EN_RUN_NONE);
    en_prefetch_free(s->prefetch); /* it reads the dataset */
    en_free(s->rates);
    en_features_clear(&s->train_features);
    en_features_clear(&s->val_features);
    en_dataset_clear(&s->train);
    en_dataset_clear(&s->val);
    en_network_free(s->network);
    en_catalog_run_clear(&s->run);
    en_catalog_run_clear(&s->earlier);
    en_catalog_params_clear(&s->stored);
    en_folder_lock_release(&s->lock);
    en_pretrained_clear(&s->init);
    void *owned[] = {s->step,        s->spec,         s->spec_text,    s->recipe_text, s->classes_json,
                     s->labels_json, s->class_weight, s->weights_path, s->state_path,  s->order,
                     s->pixels,      s->truth,        s->key,          s->probability, s->features};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
        en_free(owned[i]);
    }
    *s = (en_session){0};
}
