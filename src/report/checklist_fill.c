/* What the catalog knows for the items of checklists, in sentences with figures. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "report/checklist.h"

#define CROSSED_MAX 10 /* classes whose answers are told in a sentence */

static const char *param(const en_report_result *r, const char *name)
{
    for (size_t i = 0; i < r->params.count; i++) {
        if (strcmp(r->params.row[i].name, name) == 0) {
            return r->params.row[i].value;
        }
    }
    return NULL;
}

static bool measured(const en_report_result *r) { return r->has_evaluation && r->metrics.n > 0; }

#define SAY(...)                                                                                                       \
    do {                                                                                                               \
        en_status say_st = en_buf_printf(out, err, __VA_ARGS__);                                                       \
        if (say_st != EN_OK) {                                                                                         \
            return say_st;                                                                                             \
        }                                                                                                              \
    } while (0)

en_status en_fill_task(const en_report_result *r, en_buf *out, en_error *err)
{
    SAY("Development of a convolutional network (%s) that answers '%s' for a fundus photograph: ", r->run.model,
        r->run.target);
    for (size_t i = 0; i < r->classes.count; i++) {
        SAY("%s%s", i == 0 ? "" : i + 1 == r->classes.count ? " or " : ", ", en_report_class(r, i));
    }
    if (measured(r)) {
        SAY("; evaluated on the subset %s", r->evaluation.subset);
    }
    SAY(".");
    return EN_OK;
}

en_status en_fill_sources(const en_report_result *r, en_buf *out, en_error *err)
{
    if (r->sources == 0) {
        return EN_DONE;
    }
    SAY("%lld photographs from %zu %s: ", (long long)r->files, r->sources, r->sources == 1 ? "source" : "sources");
    for (size_t i = 0; i < r->sources && i < 8; i++) {
        SAY("%s%s (%lld, of them accepted %lld)", i > 0 ? "; " : "", r->source[i].name, (long long)r->source[i].count,
            (long long)r->source[i].accepted);
    }
    SAY(r->sources > 8 ? "; and others." : ".");
    return EN_OK;
}

static en_status say_rejects(const en_report_result *r, en_buf *out, en_error *err)
{
    SAY("Of %lld photographs %lld were rejected", (long long)r->files, (long long)en_report_state_count(r, "rejected"));
    for (size_t i = 0; i < r->reasons.count; i++) {
        SAY("%s%s %lld", i == 0 ? ": " : ", ", r->reasons.row[i].name, (long long)r->reasons.row[i].count);
    }
    SAY(".");
    return EN_OK;
}

en_status en_fill_eligibility(const en_report_result *r, en_buf *out, en_error *err)
{
    en_status st = say_rejects(r, out, err);
    if (st != EN_OK) {
        return st;
    }
    SAY(" The training subset %s was chosen by: %s", r->subset.name, r->subset.sql);
    return EN_OK;
}

en_status en_fill_preprocessing(const en_report_result *r, en_buf *out, en_error *err)
{
    const char *augmentation = param(r, "augmentation");
    SAY("Photographs are turned upright and prepared by the recipe '%s'", r->run.recipe);
    if (augmentation != NULL) {
        SAY("; random distortion in training: %s", augmentation);
    }
    SAY(". ");
    return say_rejects(r, out, err);
}

en_status en_fill_reference(const en_report_result *r, en_buf *out, en_error *err)
{
    if (r->label_files == 0) {
        return EN_DONE;
    }
    SAY("Labels: ");
    for (size_t i = 0; i < r->label_files && i < 8; i++) {
        const en_report_origin *o = &r->label_file[i];
        SAY("%s%s (scheme %s, grader %s, %lld that count)", i > 0 ? "; " : "", o->name, o->kind, o->state,
            (long long)o->count);
    }
    SAY(r->label_files > 8 ? "; and others." : ".");
    return EN_OK;
}

en_status en_fill_partition(const en_report_result *r, en_buf *out, en_error *err)
{
    if (r->split.id < 0) {
        return EN_DONE;
    }
    SAY("Whole patients were assigned to training, validation and test by the split %s (%s). ", r->split.name,
        r->split.rule);
    SAY("Trained on the subset %s, chosen by: %s", r->subset.name, r->subset.sql);
    if (measured(r)) {
        SAY("; patients shared by training and evaluation: %lld; by the choice of the epoch and evaluation: %lld",
            (long long)r->shared_patients, (long long)r->choosing_patients);
    }
    SAY(".");
    return EN_OK;
}

static en_status say_subset(const char *use, const en_catalog_subset *s, en_buf *out, en_error *err)
{
    SAY("%s: %lld photographs of %lld patients (%lld variants). ", use, (long long)s->images, (long long)s->patients,
        (long long)s->members);
    return EN_OK;
}

en_status en_fill_sizes(const en_report_result *r, en_buf *out, en_error *err)
{
    en_status st = say_subset("Training", &r->subset, out, err);
    if (st == EN_OK && r->val_subset.id >= 0) {
        st = say_subset("Choice of the epoch", &r->val_subset, out, err);
    }
    if (st == EN_OK && r->has_evaluation) {
        st = say_subset("Evaluation", &r->eval_subset, out, err);
    }
    if (st == EN_OK && measured(r) && r->metrics.is_binary) {
        SAY("In the evaluation %lld are positive (%s) and %lld negative, per %s.",
            (long long)r->metrics.binary.positives, r->metrics.positive_class, (long long)r->metrics.binary.negatives,
            en_word(&en_units, r->metrics.unit));
    }
    return st;
}

en_status en_fill_missing(const en_report_result *r, en_buf *out, en_error *err)
{
    int64_t in_use = en_report_state_count(r, "accepted") + en_report_state_count(r, "listed");
    SAY("Photographs in use without a grade: %lld of %lld; known by label only, without pixels: %lld; not ingested: "
        "%lld. "
        "Photographs without a value of the target are left out; nothing is imputed.",
        (long long)(in_use - r->labelled), (long long)in_use, (long long)en_report_state_count(r, "listed"),
        (long long)r->pending);
    return EN_OK;
}

en_status en_fill_model(const en_report_result *r, en_buf *out, en_error *err)
{
    static const char *const settings[] = {"optimizer", "learning_rate", "schedule",     "batch",  "loss",
                                           "epochs",    "patience",      "augmentation", "freeze", "init"};
    SAY("The network %s (its layers stand under The network), epochs done: %lld; seed %llu", r->run.model,
        (long long)(r->run.epochs > 0 ? r->run.epochs : 0), (unsigned long long)r->run.seed);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const char *value = param(r, settings[i]);
        if (value != NULL) {
            SAY("; %s %s", settings[i], value);
        }
    }
    SAY(".");
    return EN_OK;
}

en_status en_fill_software(const en_report_result *r, en_buf *out, en_error *err)
{
    const char *blas = param(r, "blas");
    SAY("eyenet %s, commit %s", r->run.version != NULL ? r->run.version : "of an unknown version",
        r->run.commit != NULL ? r->run.commit : "unknown");
    if (blas != NULL) {
        SAY("; linear algebra: %s", blas);
    }
    SAY("; processor: %s, instruction set %s, %lld threads.", r->run.cpu != NULL ? r->run.cpu : "unknown",
        r->run.isa != NULL ? r->run.isa : "unknown", (long long)r->run.threads);
    return EN_OK;
}

en_status en_fill_start(const en_report_result *r, en_buf *out, en_error *err)
{
    const char *init = param(r, "init");
    if (init != NULL) {
        SAY("From the imported weights %s; the rest at random, seed %llu.", init, (unsigned long long)r->run.seed);
    } else {
        SAY("At random, seed %llu.", (unsigned long long)r->run.seed);
    }
    return EN_OK;
}

en_status en_fill_selection(const en_report_result *r, en_buf *out, en_error *err)
{
    if (r->run.best_epoch < 1) {
        return EN_DONE;
    }
    SAY("The weights after epoch %lld of %lld: least %s on the subset %s.", (long long)r->run.best_epoch,
        (long long)r->run.epochs, en_report_loss(r), r->val_subset.id >= 0 ? r->val_subset.name : "of training");
    return EN_OK;
}

en_status en_fill_measures(const en_report_result *r, en_buf *out, en_error *err)
{
    if (!measured(r)) {
        return EN_DONE;
    }
    SAY("%s, per %s. Definitions are in docs/statistics.md.",
        r->metrics.is_binary
            ? "Area under the ROC curve and under precision and recall, sensitivity, specificity, predictive values; "
              "calibration error and Brier score; net benefit"
        : r->metrics.is_graded
            ? "Accuracy, balanced accuracy, kappa; of referable and sight-threatening grades the area "
              "under the ROC curve, sensitivity and specificity"
            : "Accuracy, balanced accuracy, kappa",
        en_word(&en_units, r->metrics.unit));
    return EN_OK;
}

en_status en_fill_uncertainty(const en_report_result *r, en_buf *out, en_error *err)
{
    if (!measured(r)) {
        return EN_DONE;
    }
    SAY("95%% intervals, clustered by patient (%lld patients); none where the patients are too few; not corrected for "
        "their number.",
        (long long)r->metrics.patients);
    return EN_OK;
}

static en_status say_metric(const char *name, const en_metric *m, int64_t n, en_buf *out, en_error *err)
{
    char value[EN_NUMBER_TEXT], low[EN_NUMBER_TEXT], high[EN_NUMBER_TEXT];
    if (!isfinite(m->value)) {
        return EN_OK;
    }
    SAY("%s%s %s", out->size > 0 ? "; " : "", name, en_number_fixed(m->value, 3, value));
    if (isfinite(m->is_in.low) && isfinite(m->is_in.high)) {
        SAY(" [%s, %s]", en_number_fixed(m->is_in.low, 3, low), en_number_fixed(m->is_in.high, 3, high));
    } else {
        SAY(" (too few patients for an interval)");
    }
    SAY(", n = %lld", (long long)n);
    return EN_OK;
}

en_status en_fill_performance(const en_report_result *r, en_buf *out, en_error *err)
{
    const en_metrics *m = &r->metrics;
    const en_binary_metrics *b = &m->binary;
    if (!measured(r)) {
        return EN_DONE;
    }
    en_status st = EN_OK;
    if (m->is_binary || m->is_graded) {
        const en_metric *auc = m->is_binary ? &b->auc : &m->referable.auc,
                        *sensitivity = m->is_binary ? &b->sensitivity : &m->referable.sensitivity,
                        *specificity = m->is_binary ? &b->specificity : &m->referable.specificity;
        int64_t positives = m->is_binary ? b->positives : m->referable.positives,
                negatives = m->is_binary ? b->negatives : m->referable.negatives;
        st = say_metric(m->is_binary ? "AUC" : "AUC of referable grades", auc, positives + negatives, out, err);
        st = st == EN_OK ? say_metric("sensitivity", sensitivity, positives, out, err) : st;
        st = st == EN_OK ? say_metric("specificity", specificity, negatives, out, err) : st;
    }
    st = st == EN_OK ? say_metric("accuracy", &m->accuracy, m->n, out, err) : st;
    st = st == EN_OK ? say_metric("kappa", &m->kappa, m->n, out, err) : st;
    if (st == EN_OK) {
        SAY("; per %s of %lld patients, on the subset %s. Subgroups stand under Units, parts and subgroups.",
            en_word(&en_units, m->unit), (long long)m->patients, r->evaluation.subset);
    }
    return st;
}

en_status en_fill_subgroups(const en_report_result *r, en_buf *out, en_error *err)
{
    int64_t groups = 0;
    const char *comma = "";
    if (!measured(r) || r->subgroups == 0) {
        return EN_DONE;
    }
    SAY("Measured by ");
    for (size_t i = 0; i < r->subgroups; i++) {
        if (r->subgroup[i].n < 0) {
            SAY("%s'%s'", comma, r->subgroup[i].name);
            comma = ", ";
        }
        groups += r->subgroup[i].n >= 0;
    }
    SAY(": %lld subgroups, each with n and interval under Units, parts and subgroups. The catalog does not know age, "
        "sex, "
        "ethnicity or the camera's name.",
        (long long)groups);
    return EN_OK;
}

en_status en_fill_calibration(const en_report_result *r, en_buf *out, en_error *err)
{
    const en_calibration *c = &r->calibration;
    char scale[EN_NUMBER_TEXT], shift[EN_NUMBER_TEXT];
    if (c->method == 0) {
        SAY("None: the network's outputs are taken as they are.");
    } else if (c->method == EN_CALIBRATE_PRIOR) {
        SAY("Class weights are undone; nothing else is fitted (%lld validation images).", (long long)c->n);
    } else {
        SAY("Class weights are undone; on %lld validation images %s scaling was fitted: scale %s, shift %s.",
            (long long)c->n, en_word(&en_calibrate_methods, c->method), en_number_fixed(c->scale, 3, scale),
            en_number_fixed(c->shift, 3, shift));
    }
    return EN_OK;
}

en_status en_fill_output(const en_report_result *r, en_buf *out, en_error *err)
{
    char number[EN_NUMBER_TEXT];
    SAY("Calibrated probabilities of the classes, of which ");
    SAY(r->calibration.cuts > 0 ? "cuts of the expected value, chosen on the validation part, give the answer."
                                : "the most probable is the answer.");
    for (size_t k = 0; measured(r) && r->metrics.is_binary && k < EN_OPERATING_RULES; k++) {
        if (isfinite(r->metrics.binary.at[k].threshold)) {
            SAY(" Threshold by %s, chosen on the validation part: %s.", en_operating_name((en_operating_rule)k),
                en_number_fixed(r->metrics.binary.at[k].threshold, 3, number));
        }
    }
    return EN_OK;
}

en_status en_fill_flow(const en_report_result *r, en_buf *out, en_error *err)
{
    SAY("%lld photographs fetched, %lld accepted, %lld rejected, %lld waiting; ", (long long)r->files,
        (long long)en_report_state_count(r, "accepted"), (long long)en_report_state_count(r, "rejected"),
        (long long)r->pending);
    SAY("%lld patients in use, %lld photographs with a grade", (long long)r->patients, (long long)r->labelled);
    if (measured(r)) {
        SAY("; analysed %lld photographs of %lld patients", (long long)r->metrics.photographs,
            (long long)r->metrics.patients);
    }
    if (measured(r) && r->metrics.is_binary) {
        SAY(", %lld positive and %lld negative per %s", (long long)r->metrics.binary.positives,
            (long long)r->metrics.binary.negatives, en_word(&en_units, r->metrics.unit));
    }
    SAY(".");
    return EN_OK;
}

en_status en_fill_failures(const en_report_result *r, en_buf *out, en_error *err)
{
    if (!measured(r)) {
        return EN_DONE;
    }
    SAY("%lld wrong answers, each view counted: positives of grade 3 or 4 missed %lld, other positives missed %lld, "
        "false "
        "alarms %lld, others %lld; the worst stand under The worst mistakes.",
        (long long)r->mistakes_all, (long long)r->why_all[EN_REPORT_MISSED_SEVERE],
        (long long)r->why_all[EN_REPORT_MISSED], (long long)r->why_all[EN_REPORT_FALSE_ALARM],
        (long long)r->why_all[EN_REPORT_WRONG]);
    return EN_OK;
}

en_status en_fill_imbalance(const en_report_result *r, en_buf *out, en_error *err)
{
    const char *weights = param(r, "class_weights");
    SAY("Class weights in the loss: %s. ", weights != NULL ? weights : "none");
    return en_fill_calibration(r, out, err);
}

en_status en_fill_access(const en_report_result *r, en_buf *out, en_error *err)
{
    if (r->checkpoint.path == NULL) {
        return EN_DONE;
    }
    SAY("%s in the project, SHA-256 of its numbers %s; 'eyenet export onnx %s' writes it for other programs.",
        r->checkpoint.path, r->checkpoint.sha256[0] != '\0' ? r->checkpoint.sha256 : "not known", r->run.name);
    return EN_OK;
}

en_status en_fill_balance(const en_report_result *r, en_buf *out, en_error *err)
{
    if (r->balances == 0) {
        return EN_DONE;
    }
    SAY("Photographs by grade in training, validation and test: ");
    for (size_t i = 0; i < r->balances; i++) {
        const en_report_balance *b = &r->balance[i];
        SAY("%s%s %lld, %lld, %lld", i > 0 ? "; " : "", b->name, (long long)b->train, (long long)b->val,
            (long long)b->test);
    }
    SAY(".");
    return EN_OK;
}

en_status en_fill_repeat(const en_report_result *r, en_buf *out, en_error *err)
{
    SAY("By 'eyenet evaluate %s'; the run was made by: %s", r->run.name,
        r->run.command_line != NULL && *r->run.command_line != '\0' ? r->run.command_line : "a program");
    return EN_OK;
}

/* One answer behind another; EN_DONE: nothing is known for any of them. */
static en_status join(const en_report_result *r, en_checklist_fill *const *fill, size_t count, en_buf *out,
                      en_error *err)
{
    en_buf answer;
    en_buf_init(&answer, out->cap);
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        en_buf_reset(&answer);
        st = fill[i](r, &answer, err);
        if (st == EN_OK) {
            st = en_buf_printf(out, err, "%s%s", out->size > 0 ? " " : "", en_buf_str(&answer));
        } else if (st == EN_DONE) {
            st = EN_OK;
        }
    }
    en_buf_clear(&answer);
    return st == EN_OK && out->size == 0 ? EN_DONE : st;
}
#define JOIN(...)                                                                                                      \
    join(r, (en_checklist_fill *const[]){__VA_ARGS__},                                                                 \
         sizeof((en_checklist_fill *const[]){__VA_ARGS__}) / sizeof(en_checklist_fill *), out, err)

en_status en_fill_index(const en_report_result *r, en_buf *out, en_error *err)
{
    return JOIN(en_fill_preprocessing, en_fill_model, en_fill_access);
}

en_status en_fill_development(const en_report_result *r, en_buf *out, en_error *err)
{
    return JOIN(en_fill_partition, en_fill_sizes, en_fill_selection);
}

en_status en_fill_statistics(const en_report_result *r, en_buf *out, en_error *err)
{
    return JOIN(en_fill_measures, en_fill_uncertainty);
}

en_status en_fill_errors(const en_report_result *r, en_buf *out, en_error *err)
{
    return JOIN(en_fill_failures, en_fill_subgroups);
}

en_status en_fill_categories(const en_report_result *r, en_buf *out, en_error *err)
{
    SAY("The label's value of '%s', in the classes ", r->run.target);
    for (size_t i = 0; i < r->classes.count; i++) {
        SAY("%s%s", i == 0 ? "" : i + 1 == r->classes.count ? " and " : ", ", en_report_class(r, i));
    }
    if (measured(r) && r->metrics.is_binary) {
        SAY(", of which %s is positive", r->metrics.positive_class);
    }
    SAY(".");
    return EN_OK;
}

en_status en_fill_blinding(const en_report_result *r, en_buf *out, en_error *err)
{
    if (!measured(r)) {
        return EN_DONE;
    }
    SAY("The answers are computed from the pixels of a photograph alone: neither clinical information nor labels are "
        "an "
        "input. Patients whose labels the run was trained on and who are among those evaluated: %lld.",
        (long long)r->shared_patients);
    return EN_OK;
}

en_status en_fill_indeterminate(const en_report_result *r, en_buf *out, en_error *err)
{
    SAY("A photograph whose quality is too poor has no answer of the network and is not in the metrics; read as a "
        "screening, its patient is referred (--screening). ");
    return say_rejects(r, out, err);
}

en_status en_fill_severity(const en_report_result *r, en_buf *out, en_error *err)
{
    if (!measured(r) || r->grades == 0) {
        return EN_DONE;
    }
    SAY("Predictions of the evaluation by grade, each view counted: ");
    for (size_t i = 0; i < r->grades; i++) {
        SAY("%s%s %lld", i > 0 ? "; " : "", r->grade[i].name, (long long)r->grade[i].n);
    }
    SAY(".");
    return EN_OK;
}

en_status en_fill_prevalence(const en_report_result *r, en_buf *out, en_error *err)
{
    const en_metrics *m = &r->metrics;
    char number[EN_NUMBER_TEXT];
    if (!measured(r) || (!m->is_binary && !m->is_graded)) {
        return EN_DONE;
    }
    const int64_t positives = m->is_binary ? m->binary.positives : m->referable.positives,
                  all = positives + (m->is_binary ? m->binary.negatives : m->referable.negatives);
    SAY("In the evaluation %lld of %lld are ", (long long)positives, (long long)all);
    if (m->is_binary) {
        SAY("positive (%s)", m->positive_class);
    } else {
        SAY("of referable grades");
    }
    SAY(", per %s: %s %%.", en_word(&en_units, m->unit),
        en_number_fixed(100 * (double)positives / (double)(all > 0 ? all : 1), 1, number));
    return EN_OK;
}

en_status en_fill_external(const en_report_result *r, en_buf *out, en_error *err)
{
    const en_catalog_subset *s = &r->eval_subset;
    if (!measured(r) || s->part == 0 || s->split == NULL || r->split.id < 0 || s->split_id != r->split.id) {
        return EN_DONE; /* where its photographs are from, a person knows */
    }
    SAY("The subset evaluated, %s, is of the part %s of the same split %s: no independent data. Patients shared with "
        "the "
        "training: %lld.",
        s->name, en_word(&en_parts, s->part), s->split, (long long)r->shared_patients);
    return EN_OK;
}

en_status en_fill_cross(const en_report_result *r, en_buf *out, en_error *err)
{
    const size_t classes = r->classes.count;
    if (!measured(r)) {
        return EN_DONE;
    }
    if (classes > CROSSED_MAX) {
        SAY("Of %zu classes: the table of confusion stands with the result.", classes);
        return EN_OK;
    }
    SAY("Answers by class of the reference standard, per %s: ", en_word(&en_units, r->metrics.unit));
    for (size_t i = 0; i < classes; i++) {
        SAY("%sof %s", i > 0 ? "; " : "", en_report_class(r, i));
        for (size_t k = 0; k < classes; k++) {
            SAY("%s answered %s %lld", k > 0 ? "," : "", en_report_class(r, k),
                (long long)en_confusion_at(&r->metrics.confusion, i, k));
        }
    }
    SAY(".");
    return EN_OK;
}

en_status en_fill_stored(const en_report_result *r, en_buf *out, en_error *err)
{
    if (!r->has_evaluation) {
        return EN_DONE;
    }
    SAY("Every answer is a row of the catalog with its probabilities, the run and the subset: %lld of this evaluation, "
        "of %s. The view predictions lists them.",
        (long long)r->evaluation.predictions, r->evaluation.created_at);
    return EN_OK;
}
