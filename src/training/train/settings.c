/* The settings of a run: as rows of the catalog, and back again as options. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "training/train/session.h"

#define DATA "data_sha256"

typedef struct writer {
    en_session_setting *list;
    size_t count;
} writer;

static en_session_setting *add(writer *w, const char *name, const char *value)
{
    en_session_setting *x = &w->list[w->count++];
    *x = (en_session_setting){.name = name, .value = value};
    return x;
}

static void add_whole(writer *w, const char *name, int64_t value)
{
    en_session_setting *x = add(w, name, NULL);
    snprintf(x->text, sizeof x->text, "%lld", (long long)value);
    x->value = x->text;
}

/* With as many digits as bring the same number back. */
static void add_real(writer *w, const char *name, double value)
{
    en_session_setting *x = add(w, name, NULL);
    en_print(x->text, sizeof x->text, "%.*g", en_number_digits(value), value);
    x->value = x->text;
}

static void add_init(writer *w, const en_session *s)
{
    en_session_setting *freeze = add(w, "freeze", NULL);
    if (s->options.freeze != NULL) {
        snprintf(freeze->text, sizeof freeze->text, "%zu", s->frozen_lines);
        freeze->value = freeze->text;
    }
    if (s->options.head_epochs > 0) {
        add_whole(w, "head_epochs", s->options.head_epochs);
    }
    add(w, "lr_scale", s->options.lr_scale);
    add(w, "init", s->options.init);
    add(w, "init_sha256", s->options.init != NULL ? s->init.sha256 : NULL);
    add(w, "init_whole", s->options.init_whole ? "1" : NULL);
    add(w, "batchnorm", en_session_batchnorm(s));
}

size_t en_session_settings(en_session *s, en_session_setting *list)
{
    const en_train_options *o = &s->options;
    writer w = {.list = list};
    en_session_setting *x;
    add_whole(&w, "epochs", o->epochs);
    add_whole(&w, "batch", o->batch);
    add_whole(&w, "micro_batch", o->micro_batch);
    add_real(&w, "clip_norm", o->clip_norm);
    add_whole(&w, "patience", o->patience > 0 ? o->patience : 0);   /* 0: never stops early */
    add(&w, "best", s->best_rule != EN_BEST_LOSS ? o->best : NULL); /* the only one there was once: it has no row */
    add_real(&w, "learning_rate", o->learning_rate);
    x = add(&w, "schedule", NULL);
    x->value = en_schedule_text(&s->schedule, x->text);
    x = add(&w, "optimizer", NULL);
    x->value = en_optimiser_text(&s->optimiser, x->text);
    x = add(&w, "loss", NULL);
    x->value = en_loss_text(&s->loss, x->text);
    add(&w, "class_weights", o->class_weights);
    add(&w, "positive", o->positive);
    add_real(&w, "at_sensitivity", o->at_sensitivity);
    add_real(&w, "at_specificity", o->at_specificity);
    add_real(&w, "miss_cost", o->miss_cost);
    add(&w, EN_CLASSES_SCALE, s->classes.ordinal ? "ordinal" : "nominal");
    x = add(&w, "augmentation", NULL);
    x->value = en_augmentation_text(&s->augmentation, x->text);
    add(&w, "mixed_parts", o->mixed_parts ? "1" : NULL);
    add(&w, "convolution", s->convolution);
    add_init(&w, s);
    add(&w, DATA, s->data_sha256);
    snprintf((x = add(&w, "memory_bytes", NULL))->text, sizeof x->text, "%zu", s->size.total_bytes);
    x->value = x->text;
    x->fact = true;
    add(&w, EN_TRAIN_SWEEP, o->sweep)->fact = true;
    x = add(&w, "blas", NULL);
    const en_kernels *kernels;
    if (en_project_kernels(s->project, &kernels, NULL) == EN_OK) {
        x->value = en_kernel_blas(kernels, x->text, sizeof x->text);
    }
    x->fact = true;
    return w.count;
}

static const char *stored(const en_session *s, const char *name) { return en_catalog_params_get(&s->stored, name); }

/* Numbers: absent ones keep their default. False for one that is no number. */
static bool read_numbers(const en_session *s, en_train_options *o)
{
    const struct {
        const char *name;
        int64_t *whole;
        double *real;
    } all[] = {{"epochs", &o->epochs, NULL},
               {"batch", &o->batch, NULL},
               {"head_epochs", &o->head_epochs, NULL},
               {"micro_batch", &o->micro_batch, NULL},
               {"patience", &o->patience, NULL},
               {"clip_norm", NULL, &o->clip_norm},
               {"learning_rate", NULL, &o->learning_rate},
               {"at_sensitivity", NULL, &o->at_sensitivity},
               {"at_specificity", NULL, &o->at_specificity},
               {"miss_cost", NULL, &o->miss_cost}};
    bool good = true;
    for (size_t i = 0; good && i < sizeof all / sizeof *all; i++) {
        const char *text = stored(s, all[i].name);
        good = text == NULL ||
               (all[i].whole != NULL ? en_parse_int(text, all[i].whole) : en_parse_double(text, all[i].real));
    }
    return good;
}

en_status en_session_options_of(en_session *s, const en_catalog_run *run, en_train_options *out, en_error *err)
{
    en_status st = en_catalog_run_params(s->project->catalog, run->id, &s->stored, err);
    if (st != EN_OK) {
        return st;
    }
    *out = (en_train_options){.model = run->model,
                              .subset = run->subset,
                              .validation = run->val_subset,
                              .name = run->name,
                              .target = run->target,
                              .recipe = run->recipe,
                              .seed = run->seed,
                              .best = stored(s, "best") != NULL ? stored(s, "best") : EN_TRAIN_BEST,
                              .schedule = stored(s, "schedule"),
                              .optimiser = stored(s, "optimizer"),
                              .loss = stored(s, "loss"),
                              .class_weights = stored(s, "class_weights"),
                              .augmentation = stored(s, "augmentation"),
                              .positive = stored(s, "positive"),
                              .init = stored(s, "init"),
                              .init_whole = stored(s, "init_whole") != NULL,
                              .freeze = stored(s, "freeze"),
                              .lr_scale = stored(s, "lr_scale"),
                              .batchnorm = stored(s, "batchnorm"),
                              .scale = stored(s, EN_CLASSES_SCALE),
                              .mixed_parts = stored(s, "mixed_parts") != NULL};
    if (!read_numbers(s, out)) {
        return en_error_set(err, EN_INPUT, "the settings of run '%s' are damaged: a number is not one", run->name);
    }
    out->patience = out->patience > 0 ? out->patience : EN_TRAIN_NO_EARLY_STOP;
    return EN_OK;
}
