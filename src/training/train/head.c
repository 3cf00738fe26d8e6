/* What lines learn and how fast: features instead of pixels where the lines below do not learn, first epochs of the
 * head alone, and rates of their own. */
#include <string.h>

#include "base/buf.h"
#include "base/machine.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/train/session.h"

/* Of this machine's memory, what features may take. */
#define FEATURES_SHARE 4

static bool fits(const en_session *s, size_t line)
{
    size_t views = 0, items = 0, bytes = 0;
    for (size_t view = 0; view < EN_VIEWS; view++) {
        views += en_augmentation_shows(&s->augmentation, view);
    }
    return en_mul(s->train.items.count, views, &items) && en_add(items, s->val.items.count, &items) &&
           en_mul(items, en_network_feature_size(s->network, line) * sizeof(float), &bytes) &&
           bytes <= en_machine_memory() / FEATURES_SHARE;
}

en_status en_session_load_features(en_session *s, en_error *err)
{
    const size_t line = s->frozen_lines > 0 ? en_network_feature_line(s->network, s->frozen_lines) : 0;
    if (line == 0 || !en_augmentation_is_views(&s->augmentation) || !fits(s, line)) {
        return EN_OK;
    }
    en_status st = en_features_load(s->project, s->network, line, &s->train.loader, &s->augmentation, "features",
                                    &s->train_features, err);
    if (st == EN_OK && s->val.items.count > 0) {
        st = en_features_load(s->project, s->network, line, &s->val.loader, NULL, "features", &s->val_features, err);
    }
    size_t values = 0;
    if (st == EN_OK && !en_mul((size_t)s->options.batch, s->train_features.size, &values)) {
        st = en_error_nomem(err, "a batch of features");
    }
    s->features = st == EN_OK ? en_calloc(values, sizeof *s->features) : NULL;
    if (st == EN_OK && s->features == NULL) {
        st = en_error_nomem(err, "a batch of features");
    }
    if (st == EN_OK) {
        en_event_note(&s->project->events, "what the frozen layers make of %zu images in %zu view%s is kept",
                      s->train_features.items, s->train_features.views, s->train_features.views == 1 ? "" : "s");
    }
    return st;
}

void en_session_gather(en_session *s, const uint32_t *index, size_t n)
{
    const en_features *f = &s->train_features;
    for (size_t i = 0; i < n; i++) {
        const en_catalog_item *item = &s->train.items.item[index[i]];
        size_t view = 0;
        if (en_augmentation_is_any(&s->augmentation)) {
            const en_distortion d = en_augmentation_draw(&s->augmentation, s->options.seed, (uint32_t)s->at.epoch,
                                                         item->key, item->mirror != 0, item->rotation);
            view = en_augmentation_view_of(&d, item->mirror != 0, item->rotation);
        }
        memcpy(s->features + i * f->size, en_features_of(f, index[i], view), f->size * sizeof *s->features);
    }
}

/* One "LINE=FACTOR" of the list. */
static en_status set_rate(en_session *s, char *words, en_error *err)
{
    char *equals = strchr(words, '=');
    size_t line = 0;
    double factor = 0;
    if (equals == NULL || !en_parse_double(equals + 1, &factor) || !(factor > 0 && factor <= 1000)) {
        return en_error_hint(err,
                             en_error_set(err, EN_USAGE, "'%s' is not the rate of a layer and those after it", words),
                             "write LAYER=FACTOR with a factor above 0 and at most 1000, as in 0=0.1,head=1");
    }
    *equals = '\0';
    en_status st = en_spec_line(s->spec, words, &line, err);
    for (size_t i = 0; st == EN_OK && i < en_network_parameters(s->network); i++) {
        en_parameter *p = en_network_parameter(s->network, i);
        p->rate = p->line >= line ? factor : p->rate;
    }
    return st;
}

/* By Adam every weight moves by about the rate in a step, however small its gradient, and so the output of a dense
 * layer by up to the rate times the number of its inputs: with half a million of them the first step ends in a network
 * that answers alike for everything. Hence the rate of a matrix falls with its inputs (Yang et al., "Tensor Programs
 * V", 2022), from as many on as are usual. Not for a run that is taken up or repeated, which has its setting, or has
 * none. */
static en_status choose_rates(en_session *s, en_error *err)
{
    const en_train_options *o = &s->options;
    if (o->lr_scale != NULL || o->init != NULL || o->resume != NULL || o->repeat != NULL ||
        s->optimiser.kind == EN_OPTIMISER_SGD) {
        return EN_OK;
    }
    en_buf list;
    en_buf_init(&list, EN_SPEC_LAYERS * 64);
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < en_network_parameters(s->network); i++) {
        const en_parameter *p = en_network_parameter(s->network, i);
        if (p->rank == 2 && p->shape[0] > EN_TRAIN_INPUTS_AT_RATE) {
            char words[64];
            en_print(words, sizeof words, "%s%zu=%.3g", list.size > 0 ? "," : "", p->line,
                     (double)EN_TRAIN_INPUTS_AT_RATE / (double)p->shape[0]);
            st = en_buf_text(&list, words, err);
            if (st == EN_OK && p->line + 1 < s->spec->count) {
                en_print(words, sizeof words, ",%zu=1", p->line + 1);
                st = en_buf_text(&list, words, err);
            }
        }
    }
    if (st == EN_OK && list.size > 0) {
        s->rates = en_strdup(en_buf_str(&list));
        st = s->rates != NULL ? EN_OK : en_error_nomem(err, "rates");
        s->options.lr_scale = s->rates;
    }
    en_buf_clear(&list);
    return st;
}

en_status en_session_set_rates(en_session *s, en_error *err)
{
    if (s->options.head_epochs > 0 && en_spec_head(s->spec) == s->spec->count) {
        return en_error_set(err, EN_INPUT, "network '%s' has no head to train alone: its last layer is not dense",
                            s->options.model);
    }
    en_status chosen = choose_rates(s, err);
    if (chosen != EN_OK || s->options.lr_scale == NULL) {
        return chosen;
    }
    char *copy = en_strdup(s->options.lr_scale), *rest = copy;
    en_status st = copy != NULL ? EN_OK : en_error_nomem(err, "rates");
    for (char *words = strsep(&rest, ","); st == EN_OK && words != NULL; words = strsep(&rest, ",")) {
        st = set_rate(s, words, err);
    }
    en_free(copy);
    return st;
}

void en_session_choose_trained(en_session *s)
{
    const size_t first = s->at.epoch <= s->options.head_epochs ? en_spec_head(s->spec) : s->frozen_lines;
    for (size_t i = 0; i < en_network_parameters(s->network) && s->options.head_epochs > 0; i++) {
        en_parameter *p = en_network_parameter(s->network, i);
        p->frozen = p->line < first || p->line < s->frozen_lines;
    }
}
