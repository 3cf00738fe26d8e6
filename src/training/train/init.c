/* What a training starts from: the network with its norms and frozen lines, and weights that were learned before. */
#include <math.h>
#include <string.h>

#include "nn/weights.h"
#include "training/train/session.h"

en_status en_session_find_init(en_session *s, en_error *err)
{
    return s->options.init != NULL ? en_pretrained_find(s->project, s->options.init, &s->init, err) : EN_OK;
}

static bool is_of_the_head(const en_train_options *o) { return o->freeze != NULL && strcmp(o->freeze, "head") == 0; }

/* Norms that do not follow, beneath weights that do: the first steps of a usual rate end in a network that says the
 * same of everything. */
static bool is_delicate(const en_train_options *o)
{
    return (o->batchnorm == NULL || strcmp(o->batchnorm, "frozen") == 0) && !is_of_the_head(o);
}

void en_session_init_defaults(en_session *s)
{
    en_train_options *o = &s->options;
    s->own_augmentation = o->augmentation == NULL;
    if (o->init == NULL) {
        return;
    }
    o->class_weights = o->class_weights != NULL ? o->class_weights : EN_TRAIN_INIT_CLASS_WEIGHTS;
    o->schedule = o->schedule != NULL ? o->schedule : EN_TRAIN_INIT_SCHEDULE;
    o->optimiser = o->optimiser != NULL ? o->optimiser : EN_TRAIN_INIT_OPTIMISER;
    if (o->augmentation == NULL) {
        o->augmentation = is_of_the_head(o) ? EN_TRAIN_HEAD_AUGMENTATION : EN_TRAIN_INIT_AUGMENTATION;
    }
    o->best = o->best != NULL ? o->best : EN_TRAIN_INIT_BEST;
    o->epochs = o->epochs != 0 ? o->epochs : EN_TRAIN_INIT_EPOCHS;
    o->batch = o->batch != 0 ? o->batch : EN_TRAIN_INIT_BATCH;
    o->patience = o->patience != 0 ? o->patience : EN_TRAIN_NO_EARLY_STOP;
    if (is_delicate(o) && fpclassify(o->learning_rate) == FP_ZERO) {
        o->learning_rate = EN_TRAIN_INIT_LEARNING_RATE;
    }
}

en_status en_session_fit_output(en_session *s, en_error *err)
{
    en_layer_spec *head = &s->spec->layer[en_spec_head(s->spec)];
    if (!s->own_network || !s->classes.ordinal || s->classes.count < 3 || en_spec_head(s->spec) == s->spec->count ||
        head->units > 0 || head->act != EN_ACT_SOFTMAX) {
        return EN_OK;
    }
    s->spec->output = head->act = EN_ACT_ORDINAL;
    en_event_note(&s->project->events, "the classes are a scale: the network ends in an ordinal output");
    return en_session_spec_text(s, err);
}

const char *en_session_batchnorm(const en_session *s)
{
    if (s->options.batchnorm != NULL || s->options.init == NULL || s->options.init_whole) {
        return s->options.batchnorm;
    }
    return "frozen";
}

en_status en_session_load_spec(en_session *s, en_error *err)
{
    en_train_options *o = &s->options;
    en_status st;
    if (s->earlier.spec != NULL && (o->resume != NULL || o->repeat != NULL)) { /* the run has its own text */
        st = en_spec_parse(s->earlier.spec, s->earlier.model, s->spec, err);
    } else if (o->model == NULL) {
        o->model = s->init.name;
        s->own_network = true;
        st = en_spec_parse(s->init.spec, o->init, s->spec, err);
    } else {
        st = en_spec_load(o->model, s->spec, err);
    }
    const char *how = en_session_batchnorm(s);
    for (size_t i = 0; st == EN_OK && how != NULL && i < s->spec->count; i++) {
        if (s->spec->layer[i].norm != EN_NORM_NONE) {
            s->spec->layer[i].norm = strcmp(how, "frozen") == 0 ? EN_NORM_FROZEN : EN_NORM_BATCH;
        }
    }
    return st == EN_OK && o->freeze != NULL ? en_spec_line(s->spec, o->freeze, &s->frozen_lines, err) : st;
}

en_status en_session_init_weights(en_session *s, en_error *err)
{
    en_network_init(s->network, s->options.seed);
    if (s->options.init == NULL) {
        return EN_OK;
    }
    const bool whole = s->options.init_whole;
    en_status st = whole ? en_weights_load(s->network, EN_KEEP_MODEL, s->init.file, err)
                         : en_weights_load_without(s->network, en_spec_head(s->spec), s->init.file, err);
    if (st == EN_OK) {
        en_network_keep_average(s->network);
    }
    if (st == EN_OK && !whole) {
        en_event_note(&s->project->events, "weights of '%s', %s, but for the head's", s->options.init,
                      s->init.licence[0] != '\0' ? s->init.licence : "licence not stated");
    }
    return st;
}
