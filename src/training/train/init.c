/* What a training starts from: the network with its norms and frozen lines, and weights that were learned before. */
#include <stdio.h>
#include <string.h>

#include "nn/weights.h"
#include "training/train/session.h"

en_status en_session_find_init(en_session *s, en_error *err)
{
    return s->options.init != NULL ? en_pretrained_find(s->project, s->options.init, &s->init, err) : EN_OK;
}

/* "frozen" or "train"; NULL: as the text says. */
static const char *batchnorm_of(const en_session *s)
{
    return s->options.batchnorm != NULL ? s->options.batchnorm : s->options.init != NULL ? "frozen" : NULL;
}

en_status en_session_load_spec(en_session *s, en_error *err)
{
    en_train_options *o = &s->options;
    en_status st;
    if (o->model == NULL) {
        o->model = s->init.name;
        st = en_spec_parse(s->init.spec, o->init, s->spec, err);
    } else {
        st = en_spec_load(o->model, s->spec, err);
    }
    const char *how = batchnorm_of(s);
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
    en_status st = en_weights_load_without(s->network, en_spec_head(s->spec), s->init.file, err);
    if (st == EN_OK) {
        en_network_keep_average(s->network);
        en_event_note(&s->project->events, "weights of '%s', %s, but for the head's", s->options.init,
                      s->init.licence[0] != '\0' ? s->init.licence : "licence not stated");
    }
    return st;
}

en_status en_session_put_init(en_session *s, en_error *err)
{
    char line[24];
    (void)snprintf(line, sizeof line, "%zu", s->frozen_lines);
    const char *const pair[][2] = {{"init", s->options.init},
                                   {"init_sha256", s->options.init != NULL ? s->init.sha256 : NULL},
                                   {"freeze", s->options.freeze != NULL ? line : NULL},
                                   {"batchnorm", batchnorm_of(s)}};
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < sizeof pair / sizeof *pair; i++) {
        if (pair[i][1] != NULL) {
            st = en_catalog_run_param(s->project->catalog, s->run_id, pair[i][0], pair[i][1], err);
        }
    }
    return st;
}
