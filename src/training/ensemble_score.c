/* See ensemble_score.h. */
#include "training/ensemble_score.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "dataset/dataset.h"

enum { BATCH = 16 };

/* Batches of all views of some samples: their means, calibrated, into probability [items * classes]. */
static en_status ask(en_model *model, const en_dataset *data, const size_t *view, size_t views, float *probability,
                     const en_events *events, en_error *err)
{
    const size_t classes = model->classes.count, count = data->items.count;
    const size_t items = BATCH / views > 0 ? BATCH / views : 1, bytes = en_recipe_bytes(&model->recipe);
    float said[BATCH * EN_MAX_CLASSES];
    uint32_t index[BATCH];
    en_status st = EN_OK;
    for (size_t first = 0; st == EN_OK && first < count; first += items) {
        const size_t n = count - first < items ? count - first : items;
        for (size_t i = 0; i < n; i++) {
            index[i] = (uint32_t)(first + i);
        }
        for (size_t v = 0; v < views; v++) {
            en_loader_render_view(&data->loader, index, n, view[v], model->sample + v * n * bytes);
        }
        st = en_network_predict(model->network, model->sample, n * views, said, err);
        for (size_t k = 0; st == EN_OK && k < n * views; k++) {
            float *mean = probability + (first + k % n) * classes;
            en_calibration_apply(&model->calibration, said + k * classes, classes);
            for (size_t c = 0; c < classes; c++) {
                mean[c] += said[k * classes + c] / (float)views;
            }
        }
        if (st == EN_OK) {
            en_event_progress(events, (int64_t)(first + n), (int64_t)count, NULL);
            st = en_stop_check(events, err);
        }
    }
    return st;
}

static en_status reserve(en_ensemble_scores *s, size_t more, en_error *err)
{
    size_t values = 0;
    if (s->count + more <= s->capacity) {
        return EN_OK;
    }
    const size_t capacity = s->count + more;
    en_ensemble_said *said = en_realloc(s->said, capacity, sizeof *said);
    s->said = said != NULL ? said : s->said;
    float *probability = said != NULL && en_mul(capacity, s->classes.count, &values)
                             ? en_realloc(s->probability, values, sizeof *probability)
                             : NULL;
    s->probability = probability != NULL ? probability : s->probability;
    s->capacity = probability != NULL ? capacity : s->capacity;
    return probability != NULL ? EN_OK : en_error_nomem(err, "predictions");
}

static en_status add(en_project *project, en_model *model, en_dataset *data, const size_t *view, size_t views,
                     const char *phase, en_ensemble_scores *s, en_error *err)
{
    const size_t count = data->items.count, classes = s->classes.count;
    en_status st = reserve(s, count, err);
    if (st != EN_OK) {
        return st;
    }
    float *probability = s->probability + s->count * classes;
    memset(probability, 0, count * classes * sizeof *probability);
    en_event_begin(&project->events, phase, "images", (int64_t)count);
    st = ask(model, data, view, views, probability, &project->events, err);
    en_event_end(&project->events, (int64_t)count, (int64_t)count);
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        s->said[s->count + i] = (en_ensemble_said){.variant_id = data->items.item[i].variant_id,
                                                   .truth = data->truth[i],
                                                   .member = (uint32_t)s->members,
                                                   .at = s->count + i};
    }
    if (st == EN_OK) {
        s->count += count;
        s->members++;
        s->no_target = data->items.no_target;
        s->no_sample = data->items.no_sample;
        s->no_class = data->items.no_class;
    }
    return st;
}

en_status en_ensemble_score(en_project *project, const en_catalog_run *run, int64_t subset_id, const size_t *view,
                            size_t views, const char *phase, en_ensemble_scores *scores, en_error *err)
{
    en_model model = {0};
    en_dataset data = {0};
    en_status st = en_model_of_run(project, run, BATCH, &model, NULL, err);
    if (st == EN_OK && scores->classes.count == 0) {
        scores->classes = model.classes;
    }
    if (st == EN_OK && !en_classes_are_same(&model.classes, &scores->classes)) {
        st = en_error_set(err, EN_INPUT, "run '%s' has other classes than the others", run->name);
    }
    if (st == EN_OK) {
        st = en_catalog_subset_by_id(project->catalog, subset_id, &data.subset, err);
    }
    if (st == EN_OK) {
        st = en_dataset_load(project, &data, run->target, run->recipe_id, model.recipe.size, err);
    }
    if (st == EN_OK) {
        st = en_classes_truth(&model.classes, &data.items, &data.truth, err);
    }
    if (st == EN_OK) {
        st = add(project, &model, &data, view, views, phase, scores, err);
    }
    en_dataset_clear(&data);
    en_model_close(&model);
    return st;
}

static int by_variant(const void *a, const void *b)
{
    const en_ensemble_said *x = a, *y = b;
    const int order = (x->variant_id > y->variant_id) - (x->variant_id < y->variant_id);
    return order != 0 ? order : (x->member > y->member) - (x->member < y->member);
}

/* The mean of said [first, end), all of one variant. */
static void put_mean(const en_ensemble_scores *s, size_t first, size_t end, en_ensemble_means *out)
{
    const size_t classes = s->classes.count;
    for (size_t c = 0; c < classes; c++) {
        double sum = 0;
        for (size_t i = first; i < end; i++) {
            sum += (double)s->probability[s->said[i].at * classes + c];
        }
        out->probability[out->count * classes + c] = (float)(sum / (double)(end - first));
    }
    out->variant_id[out->count] = s->said[first].variant_id;
    out->truth[out->count] = s->said[first].truth;
    out->by[out->count++] = (uint32_t)(end - first);
}

en_status en_ensemble_mean(en_ensemble_scores *s, uint32_t least, en_ensemble_means *out, en_error *err)
{
    const size_t n = s->count > 0 ? s->count : 1, classes = s->classes.count > 0 ? s->classes.count : 1;
    *out = (en_ensemble_means){.variant_id = en_calloc(n, sizeof *out->variant_id),
                               .truth = en_calloc(n, sizeof *out->truth),
                               .by = en_calloc(n, sizeof *out->by),
                               .probability = en_calloc(n * classes, sizeof *out->probability)};
    if (out->variant_id == NULL || out->truth == NULL || out->by == NULL || out->probability == NULL) {
        return en_error_nomem(err, "predictions");
    }
    if (s->count > 0) {
        qsort(s->said, s->count, sizeof *s->said, by_variant);
    }
    for (size_t i = 0, end; i < s->count; i = end) {
        for (end = i + 1; end < s->count && s->said[end].variant_id == s->said[i].variant_id;) {
            end++;
        }
        if (end - i >= least) {
            put_mean(s, i, end, out);
        }
    }
    return EN_OK;
}

en_status en_ensemble_fellows(const en_ensemble_means *means, size_t classes, const en_catalog_variant_eyes *eyes,
                              float **fellow, size_t *pairs, en_error *err)
{
    const size_t n = means->count > 0 ? means->count : 1;
    en_fellow_eye *eye = en_calloc(n, sizeof *eye);
    *fellow = en_calloc(n * classes, sizeof **fellow);
    en_status st = eye != NULL && *fellow != NULL ? EN_OK : en_error_nomem(err, "fellow eyes");
    for (size_t i = 0; st == EN_OK && i < means->count; i++) {
        const en_catalog_variant_eye *known = en_catalog_variant_eye_find(eyes, means->variant_id[i]);
        if (known != NULL) {
            eye[i] = (en_fellow_eye){known->patient, (int)known->eye};
        }
    }
    if (st == EN_OK) {
        st = en_fellow_find(eye, means->probability, means->count, classes, *fellow, pairs, err);
    }
    en_free(eye);
    return st;
}

void en_ensemble_scores_clear(en_ensemble_scores *s)
{
    en_free(s->said);
    en_free(s->probability);
    *s = (en_ensemble_scores){0};
}

void en_ensemble_means_clear(en_ensemble_means *m)
{
    en_free(m->variant_id);
    en_free(m->truth);
    en_free(m->by);
    en_free(m->probability);
    *m = (en_ensemble_means){0};
}
