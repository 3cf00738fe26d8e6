/* The page: question, photographs, split, network, provenance. Its head is in html_head.c, results in html_result.c. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "report/page.h"
#include "stats/cuts.h"
#include "report/parts.h"
#include "base/number.h"

/* Question --------------------------------------------------------------------------------------------------------- */

/* The runs of an ensemble, and what each learned from. */
static void members(en_page *p, const en_report_result *r)
{
    static const char *const heading[] = {"Member", "Network", "Recipe", "Learned from", "Validated on"};
    en_page_table(p, "The runs whose probabilities are averaged", heading, 5);
    for (size_t i = 0; i < r->members.count; i++) {
        const en_catalog_run *run = &r->members.run[i];
        en_page_row(p, NULL);
        en_page_cell_head(p, run->name);
        en_page_cell_text(p, run->model);
        en_page_cell_text(p, run->recipe);
        en_page_cell_text(p, run->subset);
        en_page_cell_text(p, run->val_subset);
        en_page_row_end(p);
    }
    en_page_table_end(p);
}

static void asked(en_page *p, const en_report_result *r)
{
    en_page_section(p, "asked", "What was asked");
    if (r->run.origin == EN_RUN_IMPORTED) {
        en_page_put(p, "<p>Another program answered <code>");
    } else if (r->run.origin == EN_RUN_ENSEMBLE) {
        en_page_put(p, "<p>Each member reads one photograph, prepared by its recipe; the mean of their probabilities "
                       "answers <code>");
    } else {
        en_page_put(p, "<p>The network reads one photograph, prepared by the recipe <code>");
        en_page_code(p, r->run.recipe);
        en_page_put(p, "</code>, and answers <code>");
    }
    en_page_code(p, r->run.target);
    en_page_put(p, "</code> with one of ");
    en_page_count(p, (int64_t)r->classes.count);
    en_page_put(p, " classes: ");
    en_report_page_classes(p, r);
    en_page_put(p, ".</p>\n");
    if (r->run.command_line != NULL && *r->run.command_line != '\0') {
        en_page_put(p, "<pre>");
        en_page_code(p, r->run.command_line);
        en_page_put(p, "</pre>\n");
    }
    if (r->run.origin == EN_RUN_ENSEMBLE) {
        members(p, r);
        en_page_section_end(p);
        return;
    }
    if (r->subset.name == NULL) {
        en_page_put(p, "<p>Its answers were imported; what it learned from is not known here.</p>\n");
        en_page_section_end(p);
        return;
    }
    en_page_put(p, "<p>It learned from the subset <em>");
    en_page_text(p, r->subset.name);
    en_page_put(p, "</em>, chosen and frozen by</p>\n<pre>");
    en_page_text(p, r->subset.sql);
    en_page_put(p, "</pre>\n");
    en_page_section_end(p);
}

/* Photographs ------------------------------------------------------------------------------------------------------ */

static void row_count(en_page *p, const char *class, const char *name, int64_t count, double proportion)
{
    en_page_row(p, class);
    en_page_cell_head(p, name);
    en_page_cell_count(p, count);
    en_page_cell_percent(p, proportion, 1);
    en_page_row_end(p);
}

/* A source's uri, with its version when there was another before. */
static void origin_head(en_page *p, const en_report_origin *o)
{
    char version[40] = "";
    if (o->version > 1) {
        snprintf(version, sizeof version, ", version %lld", (long long)o->version);
    }
    en_page_put(p, "<th scope=\"row\">");
    en_page_text(p, o->name);
    en_page_text(p, version);
    en_page_put(p, "</th>");
}

static void origins(en_page *p, const en_report_result *r)
{
    static const char *const source[] = {"Source", "Kind", "State", "#Photographs", "#Accepted"};
    static const char *const labels[] = {"Label file", "Scheme", "Grader", "#Labels that count"};
    if (r->sources > 0) {
        en_page_table(p, "Where the photographs came from", source, 5);
        for (size_t i = 0; i < r->sources; i++) {
            const en_report_origin *o = &r->source[i];
            en_page_row(p, NULL);
            origin_head(p, o);
            en_page_cell_text(p, o->kind);
            en_page_cell_text(p, o->state);
            en_page_cell_count(p, o->count);
            en_page_cell_count(p, o->accepted);
            en_page_row_end(p);
        }
        en_page_table_end(p);
    }
    if (r->label_files > 0) {
        en_page_table(p, "Where the labels came from", labels, 4);
        for (size_t i = 0; i < r->label_files; i++) {
            const en_report_origin *o = &r->label_file[i];
            en_page_row(p, NULL);
            en_page_cell_head(p, o->name);
            en_page_cell_text(p, o->kind);
            en_page_cell_text(p, o->state);
            en_page_cell_count(p, o->count);
            en_page_row_end(p);
        }
        en_page_table_end(p);
    }
}

static void consistency(en_page *p, const en_report_result *r)
{
    static const char *const heading[] = {"Counts", "#Expected", "#Found", "#"};
    en_page_put(
        p,
        "<details><summary>Consistency checks: counts that must agree, from the files to the predictions</summary>\n");
    en_page_table(p, NULL, heading, 4);
    for (size_t i = 0; i < r->accounts.count; i++) {
        const en_catalog_account *a = &r->accounts.row[i];
        en_page_row(p, NULL);
        en_page_cell_head(p, a->what);
        en_page_cell_count(p, a->expected);
        en_page_cell_count(p, a->found);
        en_page_put(p, a->expected == a->found ? "<td class=\"n\">\xe2\x9c\x93</td>" : "<td class=\"n\">differs</td>");
        en_page_row_end(p);
    }
    en_page_table_end(p);
    en_page_put(p, "</details>\n");
}

static void photographs(en_page *p, const en_report_result *r)
{
    static const char *const heading[] = {"Photographs", "#Count", "#Percentage"};
    double all = r->files > 0 ? (double)r->files : (double)NAN;
    int64_t accepted = en_report_state_count(r, "accepted"), rejected = en_report_state_count(r, "rejected");
    int64_t listed = en_report_state_count(r, "listed");
    en_page_section(p, "photographs", "The photographs");
    en_page_put(p, "<p>Every photograph is accounted for: accepted, rejected with a reason, or still waiting.</p>\n");
    en_page_table(p, NULL, heading, 3);
    row_count(p, NULL, "accepted", accepted, (double)accepted / all);
    row_count(p, NULL, "rejected", rejected, (double)rejected / all);
    for (size_t i = 0; i < r->reasons.count; i++) {
        row_count(p, "part", r->reasons.row[i].name, r->reasons.row[i].count, (double)r->reasons.row[i].count / all);
    }
    row_count(p, NULL, "waiting to be ingested", r->pending, (double)r->pending / all);
    row_count(p, "sum", "fetched", r->files, (double)r->files / all);
    en_page_table_end(p);
    if (listed > 0) {
        en_page_put(p, "<p>Besides, ");
        en_page_things(p, listed, "photograph is", "photographs are");
        en_page_put(p, " known by label only, without pixels.</p>\n");
    }
    en_page_pair(p);
    en_report_page_chart(p, r, EN_REPORT_FLOW, NULL);
    if (r->reasons.count > 1) {
        en_report_page_chart(p, r, EN_REPORT_REJECTS, NULL);
    }
    en_page_pair_end(p);
    en_page_put(p, "<p>In use: ");
    en_page_things(p, r->patients, "patient", "patients");
    en_page_put(p, ", ");
    en_page_things(p, r->labelled, "photograph with a grade", "photographs with a grade");
    en_page_put(p, ", ");
    en_page_things(p, r->samples, "sample", "samples");
    en_page_put(p, r->has_run ? " by this recipe, " : " by the newest recipe, ");
    en_page_things(p, r->variants, "variant", "variants");
    en_page_put(p, ".</p>\n");
    origins(p, r);
    consistency(p, r);
    en_page_section_end(p);
}

/* Split and subsets ------------------------------------------------------------------------------------------------ */

static void balance_row(en_page *p, const en_report_balance *b, bool leftover, const char *class)
{
    en_page_row(p, class);
    en_page_cell_head(p, b->name);
    en_page_cell_count(p, b->train);
    en_page_cell_count(p, b->val);
    en_page_cell_count(p, b->test);
    if (leftover) {
        en_page_cell_count(p, b->none);
    }
    en_page_cell_count(p, b->train + b->val + b->test + b->none);
    en_page_row_end(p);
}

static void balance(en_page *p, const en_report_result *r)
{
    char all[] = "all";
    en_report_balance sum = {.name = all};
    for (size_t i = 0; i < r->balances; i++) {
        sum.train += r->balance[i].train;
        sum.val += r->balance[i].val;
        sum.test += r->balance[i].test;
        sum.none += r->balance[i].none;
    }
    bool leftover = sum.none > 0;
    const char *heading[] = {"Grade", "#Train", "#Validation", "#Test", leftover ? "#In no part" : "#All", "#All"};
    en_page_put(p, "<details open><summary>The data of the chart</summary>\n");
    en_page_table(p, NULL, heading, leftover ? 6 : 5);
    for (size_t i = 0; i < r->balances; i++) {
        balance_row(p, &r->balance[i], leftover, NULL);
    }
    balance_row(p, &sum, leftover, "sum");
    en_page_table_end(p);
    en_page_put(p, "</details>\n");
}

static void subset_row(en_page *p, const char *use, const en_catalog_subset *s)
{
    en_page_row(p, NULL);
    en_page_cell_head(p, use);
    en_page_cell_text(p, s->name);
    en_page_cell_text(p, en_word(&en_parts, s->part));
    en_page_cell_count(p, s->members);
    en_page_cell_count(p, s->images);
    en_page_cell_count(p, s->patients);
    en_page_row_end(p);
}

static void subsets(en_page *p, const en_report_result *r)
{
    static const char *const heading[] = {"Used for", "Subset", "Part", "#Variants", "#Photographs", "#Patients"};
    en_page_table(p, "The subsets of this run; a photograph may be there in several variants, mirrored and rotated",
                  heading, 6);
    if (r->subset.name != NULL) {
        subset_row(p, "training", &r->subset);
    }
    if (r->val_subset.id >= 0) {
        subset_row(p, "choosing the epoch", &r->val_subset);
    }
    if (r->has_evaluation) {
        subset_row(p, "measuring", &r->eval_subset);
    }
    en_page_table_end(p);
}

static void split(en_page *p, const en_report_result *r)
{
    en_page_section(p, "split", "The split");
    if (r->split.id >= 0) {
        en_page_put(p, "<p>Patients, never single photographs, were assigned to parts by the split <em>");
        en_page_text(p, r->split.name);
        en_page_put(p, "</em>: <code>");
        en_page_code(p, r->split.rule);
        en_page_put(p, "</code>. Both eyes of a patient are always in the same part.</p>\n");
    } else {
        en_page_put(p, "<p>There is no split: no patients are assigned to training and testing."
                       "</p>\n");
    }
    en_report_page_chart(p, r, EN_REPORT_BALANCE, NULL);
    if (r->balances > 0) {
        balance(p, r);
    }
    if (r->has_run) {
        subsets(p, r);
    }
    en_page_section_end(p);
}

/* Network, provenance, limits -------------------------------------------------------------------------------------- */

/* A setting of the training as it is kept, and its name on the page. */
static void setting(en_page *p, const char *key, const char *value)
{
    static const char *const known[][2] = {
        {"epochs", "epochs at most"},
        {"batch", "batch size"},
        {"micro_batch", "micro-batch"},
        {"clip_norm", "gradient clipped to"},
        {"patience", "patience, epochs"},
        {"learning_rate", "learning rate"},
        {"schedule", "schedule of the learning rate"},
        {"optimizer", "optimiser"},
        {"class_weights", "class weights"},
        {"memory_bytes", "memory"},
        {"blas", "linear algebra"},
        {"scale", "scale of the target"},
    };
    const char *name = key;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        name = strcmp(key, known[i][0]) == 0 ? known[i][1] : name;
    }
    char size[32];
    int64_t bytes;
    bool memory = strcmp(key, "memory_bytes") == 0 && en_parse_int(value, &bytes);
    en_page_fact(p, name, memory ? en_human_size(bytes, size, sizeof size) : value);
}

/* From which expected value on a class is the answer. */
static void cuts(en_page *p, const en_report_result *r)
{
    const en_calibration *c = &r->calibration;
    char number[EN_NUMBER_TEXT], n[EN_NUMBER_TEXT], text[EN_MAX_CLASSES * (EN_CLASS_NAME + EN_NUMBER_TEXT)];
    size_t used = 0;
    for (size_t i = 0; i < c->cuts; i++) {
        int more = snprintf(text + used, sizeof text - used, "%s%s from %s", i > 0 ? ", " : "", r->classes.name[i + 1],
                            en_number_fixed(c->cut[i], 3, number));
        used += more > 0 && (size_t)more < sizeof text - used ? (size_t)more : 0;
    }
    snprintf(text + used, sizeof text - used,
             " of the expected value: the greatest quadratic kappa on %s validation images, mean of %d samples of them",
             en_number_count(c->n, n), EN_CUTS_SAMPLES);
    en_page_fact(p, "answer", text);
}

/* What makes probabilities of the network's outputs. */
static void calibration(en_page *p, const en_report_result *r)
{
    const en_calibration *c = &r->calibration;
    char text[3 * EN_NUMBER_TEXT + 80], scale[EN_NUMBER_TEXT], shift[EN_NUMBER_TEXT], n[EN_NUMBER_TEXT];
    const char *of =
        r->run.origin == EN_RUN_ENSEMBLE ? "the mean of the members' probabilities" : "class weights undone";
    if (c->method == EN_CALIBRATE_PRIOR) {
        snprintf(text, sizeof text, "%s", of);
    } else if (c->method == EN_CALIBRATE_PLATT) {
        snprintf(text, sizeof text, "%s; log odds times %s plus %s, from %s validation images", of,
                 en_number_fixed(c->scale, 3, scale), en_number_fixed(c->shift, 3, shift), en_number_count(c->n, n));
    } else if (c->method == EN_CALIBRATE_TEMPERATURE) {
        snprintf(text, sizeof text, "%s; temperature %s, from %s validation images", of,
                 en_number_fixed(1 / c->scale, 3, scale), en_number_count(c->n, n));
    } else if (c->method == EN_CALIBRATE_CUMULATIVE) {
        snprintf(text, sizeof text,
                 "class weights undone; log odds of exceeding each class times %s plus %s, from %s validation images",
                 en_number_fixed(c->scale, 3, scale), en_number_fixed(c->shift, 3, shift), en_number_count(c->n, n));
    } else {
        snprintf(text, sizeof text, "the network's outputs as they are");
    }
    en_page_fact(p, "probabilities", text);
    if (c->cuts > 0) {
        cuts(p, r);
    }
}

static void network(en_page *p, const en_report_result *r)
{
    const bool imported = r->run.origin == EN_RUN_IMPORTED;
    en_page_section(p, "network",
                    imported                           ? "The program's settings"
                    : r->run.origin == EN_RUN_ENSEMBLE ? "The decision"
                                                       : "The network");
    if (r->run.origin == EN_RUN_TRAINED) {
        en_page_put(p, "<pre>");
        en_page_text(p, r->run.spec);
        en_page_put(p, "</pre>\n");
    }
    en_page_facts(p);
    for (size_t i = 0; i < r->params.count; i++) {
        if (strcmp(r->params.row[i].name, EN_CALIBRATION_SETTING) != 0) {
            setting(p, r->params.row[i].name, r->params.row[i].value);
        }
    }
    if (!imported) {
        calibration(p, r);
    }
    en_page_facts_end(p);
    en_page_section_end(p);
}

static void provenance(en_page *p, const en_report_result *r)
{
    char text[EN_NUMBER_TEXT], seed[32];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)r->run.seed);
    en_page_section(p, "provenance", "Provenance");
    en_page_put(
        p,
        r->run.origin == EN_RUN_ENSEMBLE
            ? "<p>It has no weights of its own: those of its members, which are kept as long as it is, give the same "
              "answers again. The reports of the members say how they were trained.</p>\n"
        : r->run.origin == EN_RUN_IMPORTED
            ? "<p>Trained by another program: no weights are here, so that its predictions cannot be made again and "
              "are "
              "believed as they were imported. The hash of a subset covers which variants are in it.</p>\n"
            : "<p>The same program trains the same weights again, bit for bit, from the same pixels, labels, subsets, "
              "settings and seed on the same kind of processor. The hash of a subset covers which variants are in "
              "it (name of the photograph, mirrored or not, degrees), not their pixels or labels; that of the "
              "weights their numbers alone: equal weights have equal hashes.</p>\n");
    en_page_facts(p);
    en_page_fact(p, "run", r->run.uuid);
    en_page_fact(p, "state", en_word(&en_run_states, r->run.state));
    en_page_fact(p, "started", r->run.started_at);
    en_page_fact(p, "ended", r->run.ended_at);
    en_page_fact(p, r->run.origin == EN_RUN_ENSEMBLE ? "combining took" : "training took",
                 isfinite(r->run.seconds) ? en_number_seconds(r->run.seconds, text) : NULL);
    if (r->run.attempt > 1) {
        en_page_fact_count(p, "attempts", r->run.attempt);
    }
    en_page_fact(p, "seed", r->run.origin != EN_RUN_TRAINED ? NULL : seed);
    en_page_fact(p, "program", r->run.version);
    en_page_fact(p, "commit", r->run.commit);
    en_page_fact(p, "processor", r->run.cpu);
    en_page_fact(p, "instruction set", r->run.isa);
    if (r->run.threads >= 0) {
        en_page_fact_count(p, "threads", r->run.threads);
    }
    en_page_fact(p, "training subset, SHA-256", r->subset.sha256);
    en_page_fact(p, "weights", r->checkpoint.path);
    en_page_fact(p, "weights, SHA-256", r->checkpoint.path != NULL ? r->checkpoint.sha256 : NULL);
    if (r->has_evaluation) {
        en_page_fact(p, "measured", r->evaluation.created_at);
        en_page_fact(p, "predictions imported from", r->evaluation.file);
        en_page_fact(p, "measured subset, SHA-256", r->eval_subset.sha256);
    }
    en_page_facts_end(p);
    en_page_section_end(p);
}

static void limits(en_page *p, const en_report_result *r)
{
    en_page_section(p, "limits", "Limits");
    en_page_put(p, "<p>eyenet is a laboratory, not a medical device. Nothing here is fit to decide about a patient."
                   "</p>\n");
    if (r->has_evaluation) {
        en_page_put(p, "<p>The metrics were measured on n = ");
        en_page_count(p, r->metrics.n);
        en_page_put(p, r->metrics.unit == EN_UNIT_EYE       ? " eyes of "
                       : r->metrics.unit == EN_UNIT_PATIENT ? " patients, "
                                                            : " photographs of ");
        en_page_things(p, r->metrics.patients, "patient", "patients");
        en_page_put(p, ", against the labels named above, which are the reference standard. They apply to photographs "
                       "like these: the same cameras, the same way of grading, the same mix of grades. Predictive "
                       "values in particular change with how common the disease is. Rejected photographs are not "
                       "counted: in practice a person has to grade those as well.</p>\n");
        en_page_put(
            p, "<p>Views of a photograph are averaged. Every interval is clustered by patient, so that two eyes of a "
               "patient do not count as two independent photographs, and holds the true value in 93 to 97 of 100 "
               "samples of a simulation; where the patients are too few for that, there is no interval.</p>\n");
    }
    en_page_section_end(p);
}

en_status en_report_html(const en_report_result *r, en_buf *out, en_error *err)
{
    en_page page = {.out = out, .status = EN_OK, .err = err};
    en_status st = EN_OK;
    char title[160];
    snprintf(title, sizeof title, "%.120s \xe2\x80\x93 eyenet report", r->has_run ? r->run.name : "The photographs");
    en_page_begin(&page, title);
    en_report_page_head(&page, r);
    if (r->has_run) {
        asked(&page, r);
    }
    photographs(&page, r);
    split(&page, r);
    en_report_page_data(&page, r);
    if (r->has_run) {
        network(&page, r);
        en_report_page_learning(&page, r);
        en_report_page_result(&page, r);
        en_report_page_screening(&page, r);
        en_report_page_subgroups(&page, r);
        en_report_page_mistakes(&page, r);
        provenance(&page, r);
        en_values values = en_values_in(&page);
        st = en_report_values_checklist(&values, r, err);
    }
    limits(&page, r);
    en_page_end(&page);
    return st == EN_OK ? page.status : st;
}
