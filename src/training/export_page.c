/* See export_page.h: what the page says of the model, from the catalog and the model's file. */
#include "training/export_page.h"

#include <math.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/version.h"
#include "offline/page.h"
#include "training/runs.h"

enum { FACTS = 20, VALUE = 160 };

/* What the page points to. */
typedef struct contents {
    en_offline_page page;
    const char *label[EN_MAX_CLASSES];
    char rule[EN_OPERATING_RULES][64], decision[EN_CALIBRATION_DECISION];
    en_offline_threshold threshold[EN_OPERATING_RULES];
    en_offline_fact fact[FACTS];
    char value[FACTS][VALUE]; /* of facts that were made for the page */
    char recipe[EN_RECIPE_TEXT_MAX];
} contents;

static void say(contents *c, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        c->fact[c->page.facts++] = (en_offline_fact){name, value};
    }
}

/* Space for the value of the next fact. */
static char *next(contents *c) { return c->value[c->page.facts]; }

static void say_result(contents *c, const en_run_summary *s)
{
    const bool auc = isfinite(s->val_auc);
    if (auc || isfinite(s->val_accuracy)) {
        char *text = next(c);
        (void)en_print(text, VALUE, "%s %.3f, on validation images, of the epoch that was kept",
                       auc ? "AUC" : "accuracy", auc ? s->val_auc : s->val_accuracy);
        say(c, "validation", text);
    }
    if (s->test_n > 0 && s->test_weights_kept != 0 && isfinite(s->test)) {
        char *text = next(c), range[64] = "";
        if (isfinite(s->test_low) && isfinite(s->test_high)) {
            (void)en_print(range, sizeof range, " (95%% interval %.3f to %.3f)", s->test_low, s->test_high);
        }
        (void)en_print(text, VALUE, "%s %.3f%s, on %lld test photographs", s->metric[1] == 'u' ? "AUC" : "accuracy",
                       s->test, range, (long long)s->test_n);
        say(c, "test", text);
    }
}

static void say_thresholds(contents *c, const en_calibration *calibration)
{
    for (size_t i = 0; i < EN_OPERATING_RULES; i++) {
        const en_operating_point *p = &calibration->point[i];
        if (isfinite(p->threshold)) {
            const char *name = en_operating_name((en_operating_rule)i);
            char wish[32] = "";
            if (isfinite(p->wish)) {
                (void)en_print(wish, sizeof wish, " %g", p->wish);
            }
            (void)en_print(c->rule[i], sizeof c->rule[i], "%s%s", name, wish);
            c->threshold[c->page.thresholds++] = (en_offline_threshold){c->rule[i], p->threshold};
        }
    }
}

static void fill(contents *c, const en_catalog_run *run, const en_model *model, const en_export_model *export,
                 const en_run_summary *summary)
{
    const size_t classes = model->classes.count;
    const bool cut = model->calibration.cuts + 1 == classes && model->classes.ordinal;
    for (size_t i = 0; i < classes; i++) {
        c->label[i] = en_classes_label(&model->classes, model->target, i);
    }
    c->page = (en_offline_page){
        .model = export,
        .recipe = &model->recipe,
        .label = c->label,
        .value = model->classes.value,
        .cut = model->calibration.cut,
        .cuts = cut ? model->calibration.cuts : 0,
        .target = model->target,
        .decision = en_calibration_decision(&model->calibration, &model->classes, NULL, NULL, c->decision),
        .threshold = c->threshold,
        .fact = c->fact,
    };
    say_thresholds(c, &model->calibration);
    say(c, "run", run->name);
    say(c, "uuid", run->uuid);
    say(c, "network", run->model);
    say(c, "recipe", en_recipe_text(&model->recipe, c->recipe));
    say(c, "learned from", run->subset);
    if (summary != NULL) {
        say_result(c, summary);
    }
    say(c, "trained", run->ended_at);
    say(c, "trained with", run->version);
    say(c, "origin of the weights", model->origin);
    say(c, "licence of the weights", model->licence);
    char *version = next(c);
    (void)en_print(version, VALUE, "eyenet %s (%s)", en_version(), en_commit());
    say(c, "page made by", version);
}

en_status en_export_page(en_project *project, const en_catalog_run *run, const en_model *model,
                         const en_export_model *export, const char *path, en_error *err)
{
    char where[48];
    (void)en_print(where, sizeof where, "run_id = %lld", (long long)run->id);
    const en_runs_options only = {.where = where};
    en_run_summaries runs = {0};
    contents *c = en_calloc(1, sizeof *c);
    en_status st = c != NULL ? en_runs_list(project, &only, &runs, err) : en_error_nomem(err, "a page");
    if (st == EN_OK) {
        fill(c, run, model, export, runs.count > 0 ? &runs.row[0] : NULL);
        st = en_offline_page_write(&c->page, &en_offline_built_in, path, err);
    }
    en_run_summaries_clear(&runs);
    en_free(c);
    return st;
}
