/* See ensemble.h. */
#include "training/ensemble.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/subset.h"
#include "image/augmentation.h"

_Static_assert(EN_VIEWS == 8, "en_ensemble has as many views");

static en_status put_name(en_run_names *names, const char *at, size_t length, en_error *err)
{
    char **grown = en_array_grow(names->name, names->count, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    names->name = grown;
    grown[names->count] = en_format("%.*s", (int)length, at);
    return grown[names->count++] != NULL ? EN_OK : en_error_nomem(err, "names");
}

/* "a,b, c" */
static en_status split_names(const char *list, en_run_names *names, en_error *err)
{
    en_status st = EN_OK;
    for (const char *at = list; st == EN_OK && at != NULL;) {
        const char *comma = strchr(at, ',');
        at += strspn(at, " ");
        size_t length = strcspn(at, ",");
        while (length > 0 && at[length - 1] == ' ') {
            length--;
        }
        st = length > 0 ? put_name(names, at, length, err)
                        : en_error_set(err, EN_USAGE, "'%s': a name is missing between commas", list);
        at = comma != NULL ? comma + 1 : NULL;
    }
    return st;
}

en_status en_run_names_read(en_catalog *c, const char *const *word, size_t words, en_run_names *out, en_error *err)
{
    en_status st = EN_OK;
    *out = (en_run_names){0};
    for (size_t i = 0; st == EN_OK && i < words; i++) {
        en_catalog_run whole = {0};
        const bool several = strchr(word[i], ',') != NULL && en_catalog_run_get(c, word[i], &whole, NULL) != EN_OK;
        en_catalog_run_clear(&whole);
        st = several ? split_names(word[i], out, err) : put_name(out, word[i], strlen(word[i]), err);
    }
    return st;
}

void en_run_names_clear(en_run_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        en_free(names->name[i]);
    }
    en_free(names->name);
    *names = (en_run_names){0};
}

/* The views that do not change what the target is, by the images that the run learned from: a mirrored left eye is a
 * right one. */
en_status en_ensemble_find_views(en_project *project, const en_catalog_run *run, size_t *found, size_t *count,
                                 en_error *err)
{
    int64_t mirrored = 0, turned = 0;
    en_status st = en_catalog_subset_seen(project->catalog, run->subset_id, run->target, &project->events, &mirrored,
                                          &turned, err);
    const en_augmentation harmless = {.mirror = mirrored == 0, .flip = mirrored == 0, .quarter = turned == 0};
    *count = 0;
    for (size_t view = 0; st == EN_OK && view < EN_VIEWS; view++) {
        if (en_augmentation_shows(&harmless, view)) {
            found[(*count)++] = view;
        }
    }
    if (st == EN_OK && *count == 1) {
        st =
            en_error_hint(err,
                          en_error_set(err, EN_INPUT,
                                       "target '%s' changes when photographs are mirrored or turned: there is one view "
                                       "of each",
                                       run->target),
                          "leave --views out");
    }
    return st;
}

static en_status check_alike(const en_ensemble *e, const en_catalog_run *run, en_error *err)
{
    const en_model *first = &e->model[0], *next = &e->model[e->count - 1];
    for (size_t i = 0; i + 1 < e->count; i++) {
        if (strcmp(e->model[i].run, next->run) == 0) {
            return en_error_set(err, EN_INPUT, "run '%s' is named twice", run->name);
        }
    }
    return strcmp(first->target, next->target) == 0 && en_classes_are_same(&first->classes, &next->classes)
               ? EN_OK
               : en_error_set(err, EN_INPUT, "run '%s' answers '%s' with %zu classes, not '%s' with the %zu of '%s'",
                              run->name, next->target, next->classes.count, first->target, first->classes.count,
                              e->names);
}

static en_status add_name(en_ensemble *e, const char *name, en_error *err)
{
    char *names = e->names != NULL ? en_format("%s, %s", e->names, name) : en_strdup(name);
    if (names == NULL) {
        return en_error_nomem(err, "an ensemble");
    }
    en_free(e->names);
    e->names = names;
    return EN_OK;
}

static en_status add_run(en_project *project, const en_ensemble_options *o, const en_catalog_run *run, en_ensemble *e,
                         en_error *err)
{
    if (e->count == EN_ENSEMBLE_MAX) {
        return en_error_set(err, EN_INPUT, "more than %d runs are asked as one", EN_ENSEMBLE_MAX);
    }
    en_status st = EN_OK;
    if (e->count == 0 && o->views) {
        st = en_ensemble_find_views(project, run, e->view, &e->views, err);
    }
    en_model *model = &e->model[e->count];
    if (st == EN_OK) {
        st = o->explain ? en_model_explainer_of_run(project, run, model, NULL, err)
                        : en_model_of_run(project, run, e->views, model, NULL, err);
    }
    if (st == EN_OK) {
        e->count++;
        st = check_alike(e, run, err);
    }
    if (st == EN_OK) {
        snprintf(e->uuid, sizeof e->uuid, "%s", e->count == 1 ? run->uuid : "");
        st = add_name(e, run->name, err);
    }
    return st;
}

/* The calibration of the mean, and the classes with their scale: those of the run must be those of its members. */
static en_status read_decision(en_project *project, const en_catalog_run *run, en_ensemble *e, en_error *err)
{
    en_classes classes;
    en_model *first = &e->model[0];
    en_status st = en_classes_of_run(project->catalog, run->id, run->classes, run->target, &classes, err);
    if (st == EN_OK && (!en_classes_are_same(&classes, &first->classes) || strcmp(run->target, first->target) != 0)) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "ensemble '%s' answers otherwise than its members", run->name),
                           "see 'eyenet doctor'");
    }
    if (st == EN_OK) {
        first->classes = classes;
        st = en_calibration_of_run(project->catalog, run->id, classes.count, &e->calibration, err);
    }
    if (st == EN_OK) {
        st = en_fellow_of_run(project->catalog, run->id, classes.count, &e->fellow, err);
    }
    return st;
}

/* The members of an ensemble, and its own decision. */
static en_status add_ensemble(en_project *project, const en_ensemble_options *o, const en_catalog_run *run,
                              en_ensemble *e, en_error *err)
{
    en_catalog_ensemble members = {0};
    if (e->count > 0) {
        return en_error_hint(err, en_error_set(err, EN_INPUT, "run '%s' is an ensemble itself", run->name),
                             "name its members, which 'eyenet runs show' lists");
    }
    en_status st = en_catalog_ensemble_read(project->catalog, run, &members, err);
    if (st == EN_OK && o->views && !members.views) {
        st = en_error_hint(
            err, en_error_set(err, EN_USAGE, "ensemble '%s' was combined for one view of each photograph", run->name),
            "leave --views out, or combine its members again with --views");
    }
    const en_ensemble_options how = {.views = members.views, .explain = o->explain};
    for (size_t i = 0; st == EN_OK && i < members.count; i++) {
        st = add_run(project, &how, &members.run[i], e, err);
    }
    if (st == EN_OK) {
        st = read_decision(project, run, e, err);
    }
    en_free(e->names);
    e->names = NULL;
    e->stored = true;
    snprintf(e->uuid, sizeof e->uuid, "%s", run->uuid);
    en_catalog_ensemble_clear(&members);
    return st == EN_OK ? add_name(e, run->name, err) : st;
}

static en_status add_named(en_project *project, const en_ensemble_options *o, const char *name, en_ensemble *e,
                           en_error *err)
{
    en_catalog_run run = {0};
    en_status st = en_catalog_run_get(project->catalog, name, &run, err);
    if (st == EN_OK && e->stored) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "run '%s' is an ensemble itself", e->names),
                           "name its members, which 'eyenet runs show' lists");
    } else if (st == EN_OK) {
        st = run.origin == EN_RUN_ENSEMBLE ? add_ensemble(project, o, &run, e, err) : add_run(project, o, &run, e, err);
    }
    en_catalog_run_clear(&run);
    return st;
}

static en_status add_all(en_project *project, const en_ensemble_options *o, en_ensemble *e, en_error *err)
{
    en_run_names names;
    if (o->runs == NULL) { /* the newest */
        return add_named(project, o, NULL, e, err);
    }
    en_status st = en_run_names_read(project->catalog, &o->runs, 1, &names, err);
    for (size_t i = 0; st == EN_OK && i < names.count; i++) {
        st = add_named(project, o, names.name[i], e, err);
    }
    en_run_names_clear(&names);
    return st;
}

static void choose_calibration(en_ensemble *e)
{
    const size_t cuts = e->model[0].calibration.cuts;
    if (e->stored) {
        return;
    }
    if (e->count == 1) {
        e->calibration = e->model[0].calibration;
        return;
    }
    for (size_t m = 1; m < e->count; m++) {
        if (e->model[m].calibration.cuts != cuts) {
            return;
        }
    }
    e->calibration.cuts = cuts;
    for (size_t i = 0; i < cuts; i++) {
        for (size_t m = 0; m < e->count; m++) {
            e->calibration.cut[i] += e->model[m].calibration.cut[i] / (double)e->count;
        }
    }
}

en_status en_ensemble_open(en_project *project, const en_ensemble_options *options, en_ensemble *out, en_error *err)
{
    *out = (en_ensemble){.views = 1, .model = en_calloc(EN_ENSEMBLE_MAX, sizeof *out->model)};
    size_t bytes = 0;
    en_status st = out->model != NULL ? EN_OK : en_error_nomem(err, "an ensemble");
    if (st == EN_OK) {
        st = add_all(project, options, out, err);
    }
    if (st == EN_OK && options->explain && (out->count > 1 || out->views > 1 || out->fellow.thresholds > 0)) {
        st = en_error_set(err, EN_USAGE, "a heat map is of one run and one view: name one run, without views");
    }
    for (size_t m = 0; st == EN_OK && m < out->count; m++) {
        const size_t own = en_recipe_bytes(&out->model[m].recipe);
        bytes = own > bytes ? own : bytes;
    }
    if (st == EN_OK && (out->sample = en_alloc(bytes)) == NULL) {
        st = en_error_nomem(err, "a sample");
    }
    if (st == EN_OK) {
        choose_calibration(out);
    }
    return st;
}

/* Adds what a model says of the sample to sum [classes]. */
static en_status ask(const en_ensemble *e, en_model *model, double *sum, en_error *err)
{
    float p[EN_VIEWS * EN_MAX_CLASSES];
    const size_t classes = model->classes.count, bytes = en_recipe_bytes(&model->recipe);
    for (size_t v = 0; v < e->views; v++) {
        const en_distortion d = en_augmentation_view(e->view[v], false, 0);
        en_distort(e->sample, model->recipe.size, &d, model->sample + v * bytes);
    }
    en_status st = en_network_predict(model->network, model->sample, e->views, p, err);
    for (size_t v = 0; st == EN_OK && v < e->views; v++) {
        en_calibration_apply(&model->calibration, p + v * classes, classes);
        for (size_t c = 0; c < classes; c++) {
            sum[c] += (double)p[v * classes + c];
        }
    }
    return st;
}

en_status en_ensemble_predict(en_ensemble *e, const void *bytes, size_t n, float *probability, en_quality *quality,
                              en_error *err)
{
    double sum[EN_MAX_CLASSES] = {0};
    const size_t classes = e->model[0].classes.count;
    char made[EN_RECIPE_TEXT_MAX] = "", wanted[EN_RECIPE_TEXT_MAX];
    en_status st = EN_OK;
    for (size_t m = 0; st == EN_OK && m < e->count; m++) {
        if (strcmp(en_recipe_text(&e->model[m].recipe, wanted), made) != 0) {
            st = en_model_sample(&e->model[m], bytes, n, e->sample, quality, err);
            memcpy(made, wanted, sizeof made);
        }
        if (st == EN_OK) {
            st = ask(e, &e->model[m], sum, err);
        }
    }
    for (size_t c = 0; c < classes; c++) {
        probability[c] = (float)(sum[c] / (double)(e->count * e->views));
    }
    if (st == EN_OK && e->stored) {
        en_calibration_apply(&e->calibration, probability, classes);
    }
    return st;
}

void en_ensemble_close(en_ensemble *e)
{
    for (size_t m = 0; e->model != NULL && m < EN_ENSEMBLE_MAX; m++) {
        en_model_close(&e->model[m]);
    }
    en_free(e->model);
    en_free(e->sample);
    en_free(e->names);
    *e = (en_ensemble){0};
}
