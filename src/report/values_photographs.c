/* The photographs as values: what came in, from where, the split, quality and sizes. */
#include "report/parts.h"

static void counts(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {{"reason", "Rejected for", false}, {"photographs", "Photographs", true}};
    en_values_facts(v);
    en_values_fact_count(v, "fetched", "fetched", r->files);
    en_values_fact_count(v, "accepted", "accepted", en_report_state_count(r, "accepted"));
    en_values_fact_count(v, "rejected", "rejected", en_report_state_count(r, "rejected"));
    en_values_fact_count(v, "waiting", "waiting to be ingested", r->pending);
    en_values_fact_count(v, "listed", "known by label only", en_report_state_count(r, "listed"));
    en_values_fact_count(v, "patients", "patients", r->patients);
    en_values_fact_count(v, "graded", "with a grade", r->labelled);
    en_values_fact_count(v, "samples", "samples of the recipe", r->samples);
    en_values_fact_count(v, "variants", "variants", r->variants);
    en_values_facts_end(v);
    en_values_table(v, "rejects", NULL, columns, 2);
    for (size_t i = 0; i < r->reasons.count; i++) {
        en_values_text(v, r->reasons.row[i].name);
        en_values_count(v, r->reasons.row[i].count);
    }
    en_values_table_end(v);
}

static void origins(en_values *v, const en_report_result *r)
{
    static const en_value_column source[] = {
        {"source", "Source", false}, {"version", "Version", true},         {"kind", "Kind", false},
        {"state", "State", false},   {"photographs", "Photographs", true}, {"accepted", "Accepted", true}};
    static const en_value_column label[] = {{"file", "Label file", false},
                                            {"scheme", "Scheme", false},
                                            {"grader", "Grader", false},
                                            {"labels", "Labels that count", true}};
    en_values_table(v, "sources", "Where the photographs came from", source, 6);
    for (size_t i = 0; i < r->sources; i++) {
        const en_report_origin *o = &r->source[i];
        en_values_text(v, o->name);
        en_values_count(v, o->version);
        en_values_text(v, o->kind);
        en_values_text(v, o->state);
        en_values_count(v, o->count);
        en_values_count(v, o->accepted);
    }
    en_values_table_end(v);
    en_values_table(v, "label_files", "Where the labels came from", label, 4);
    for (size_t i = 0; i < r->label_files; i++) {
        const en_report_origin *o = &r->label_file[i];
        en_values_text(v, o->name);
        en_values_text(v, o->kind);
        en_values_text(v, o->state);
        en_values_count(v, o->count);
    }
    en_values_table_end(v);
}

static void accounts(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {
        {"what", "Counts that must agree", false}, {"expected", "Expected", true}, {"found", "Found", true}};
    en_values_table(v, "consistency", NULL, columns, 3);
    for (size_t i = 0; i < r->accounts.count; i++) {
        en_values_text(v, r->accounts.row[i].what);
        en_values_count(v, r->accounts.row[i].expected);
        en_values_count(v, r->accounts.row[i].found);
    }
    en_values_table_end(v);
}

static void balance(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {{"grade", "Grade", false},
                                              {"train", "Train", true},
                                              {"val", "Validation", true},
                                              {"test", "Test", true},
                                              {"none", "In no part", true}};
    en_values_table(v, "balance", "Photographs in use, by grade and part", columns, 5);
    for (size_t i = 0; i < r->balances; i++) {
        const en_report_balance *b = &r->balance[i];
        en_values_text(v, b->name);
        en_values_count(v, b->train);
        en_values_count(v, b->val);
        en_values_count(v, b->test);
        en_values_count(v, b->none);
    }
    en_values_table_end(v);
}

static void subset(en_values *v, const char *use, const en_catalog_subset *s)
{
    en_values_text(v, use);
    en_values_text(v, s->name);
    en_values_text(v, en_word(&en_parts, s->part));
    en_values_count(v, s->members);
    en_values_count(v, s->images);
    en_values_count(v, s->patients);
    en_values_text(v, s->sql);
    en_values_text(v, s->sha256);
}

static void split(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {
        {"use", "Used for", false},     {"subset", "Subset", false},          {"part", "Part", false},
        {"variants", "Variants", true}, {"photographs", "Photographs", true}, {"patients", "Patients", true},
        {"query", "Chosen by", false},  {"sha256", "SHA-256", false}};
    en_values_section(v, "split", "The split");
    en_values_facts(v);
    en_values_fact(v, "name", "split", r->split.id >= 0 ? r->split.name : NULL);
    en_values_fact(v, "rule", "rule", r->split.id >= 0 ? r->split.rule : NULL);
    en_values_facts_end(v);
    balance(v, r);
    if (r->has_run) {
        en_values_table(v, "subsets", "The subsets of this run", columns, 8);
        subset(v, "training", &r->subset);
        if (r->val_subset.id >= 0) {
            subset(v, "choosing the epoch", &r->val_subset);
        }
        if (r->has_evaluation) {
            subset(v, "measuring", &r->eval_subset);
        }
        en_values_table_end(v);
    }
    en_values_section_end(v);
}

static void qualities(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {{"measure", "Measure", false},
                                              {"from", "From", true},
                                              {"accepted", "Accepted", true},
                                              {"rejected", "Rejected", true}};
    static const char *const name[EN_REPORT_TRAITS_END] = {NULL, "brightness", "contrast", "sharpness", "score"};
    en_values_table(v, "quality", "Photographs by their measures of quality, in twentieths of 0 to 1", columns, 4);
    for (int trait = EN_REPORT_BRIGHTNESS; trait < EN_REPORT_TRAITS_END; trait++) {
        const en_report_histogram *h = &r->histogram[trait];
        for (size_t i = 0; i < EN_REPORT_BINS; i++) {
            if (h->accepted[i] > 0 || h->rejected[i] > 0) {
                en_values_text(v, name[trait]);
                en_values_real(v, (double)i / EN_REPORT_BINS, 2);
                en_values_count(v, h->accepted[i]);
                en_values_count(v, h->rejected[i]);
            }
        }
    }
    en_values_table_end(v);
}

static void data(en_values *v, const en_report_result *r)
{
    static const en_value_column size[] = {{"width", "Width, px", true},
                                           {"height", "Height, px", true},
                                           {"photographs", "Photographs", true},
                                           {"patients", "Patients", true},
                                           {"accepted", "Accepted", true},
                                           {"graded", "With a grade", true},
                                           {"referable", "Grade 2 and above", true}};
    static const en_value_column view[] = {
        {"grade", "Grade", false}, {"plain", "As taken", true}, {"changed", "Mirrored or rotated", true}};
    en_values_section(v, "data", "Balance and quality");
    en_values_table(v, "sizes", "Photographs by size", size, 7);
    for (size_t i = 0; i < r->sizes; i++) {
        const en_report_size *s = &r->size[i];
        const int64_t cell[] = {s->width, s->height, s->photographs, s->patients, s->accepted, s->graded, s->referable};
        for (size_t k = 0; k < sizeof cell / sizeof *cell; k++) {
            en_values_count(v, cell[k]);
        }
    }
    en_values_table_end(v);
    en_values_table(v, "views", "Variants by grade", view, 3);
    for (size_t i = 0; i < r->views_by_grade; i++) {
        en_values_text(v, r->view[i].name);
        en_values_count(v, r->view[i].plain);
        en_values_count(v, r->view[i].changed);
    }
    en_values_table_end(v);
    qualities(v, r);
    en_values_section_end(v);
}

void en_report_values_photographs(en_values *v, const en_report_result *r)
{
    en_values_section(v, "photographs", "The photographs");
    counts(v, r);
    origins(v, r);
    accounts(v, r);
    en_values_section_end(v);
    split(v, r);
    if (r->has_data) {
        data(v, r);
    }
}
