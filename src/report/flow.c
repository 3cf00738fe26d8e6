/* The flow of photographs, from those fetched to those analysed, as a diagram. */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "report/parts.h"

#define LINE 96 /* bytes of a line */

typedef struct lines {
    char text[EN_CHART_SIDE_MAX][LINE];
    size_t count;
} lines;

static void add_line(lines *l, int64_t count, const char *what)
{
    char n[EN_NUMBER_TEXT];
    if (count > 0 && l->count < EN_CHART_SIDE_MAX) {
        snprintf(l->text[l->count++], LINE, "%s %.60s", en_number_count(count, n), what);
    }
}

static void put_side(en_chart_step *step, const lines *l)
{
    for (size_t i = 0; i < l->count; i++) {
        step->side[i] = l->text[i];
    }
}

static const char *counted(int64_t photographs, int64_t patients, char out[LINE])
{
    char n[EN_NUMBER_TEXT], m[EN_NUMBER_TEXT];
    snprintf(out, LINE, "n = %s of %s patients", en_number_count(photographs, n), en_number_count(patients, m));
    return out;
}

/* What is in use and not in the evaluated subset: the other parts, what no part has, and what the query left out. */
static void other_parts(const en_report_result *r, lines *l)
{
    int64_t part[4] = {0}, is = r->evaluation.part == EN_PART_TRAIN  ? 0
                                : r->evaluation.part == EN_PART_VAL  ? 1
                                : r->evaluation.part == EN_PART_TEST ? 2
                                                                     : -1;
    static const char *const name[] = {"for training", "for validation", "for testing", "in no part"};
    int64_t left = 0;
    for (size_t i = 0; i < r->balances; i++) {
        const en_report_balance *b = &r->balance[i];
        const int64_t of[] = {b->train, b->val, b->test, b->none};
        for (size_t k = 0; k < 4; k++) {
            part[k] += of[k];
        }
    }
    for (size_t k = 0; k < 4; k++) {
        left += part[k];
        if (is >= 0 && (int64_t)k != is) {
            add_line(l, part[k], name[k]);
            left -= part[k];
        }
    }
    add_line(l, left - r->eval_subset.images, "not chosen by the query");
}

en_status en_report_draw_flow(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
{
    const en_metrics *m = &r->metrics;
    char fetched[LINE], used[LINE], chosen[LINE], analysed[LINE], title[LINE], n[EN_NUMBER_TEXT];
    lines lost = {.count = 0}, parts = {.count = 0}, unknown = {.count = 0};
    en_chart_step step[5] = {{.title = "Photographs fetched", .detail = fetched},
                             {.title = "In use", .detail = used},
                             {.title = title, .detail = chosen},
                             {.title = "Analysed", .detail = analysed}};
    snprintf(fetched, sizeof fetched, "n = %s photographs", en_number_count(r->files, n));
    for (size_t i = 0; i < r->reasons.count; i++) {
        char what[LINE];
        snprintf(what, sizeof what, "rejected: %.40s", r->reasons.row[i].name);
        add_line(&lost, r->reasons.row[i].count, what);
    }
    add_line(&lost, r->pending, "not ingested");
    int64_t in_use = en_report_state_count(r, "accepted") + en_report_state_count(r, "listed");
    counted(in_use, r->patients, used);
    other_parts(r, &parts);
    snprintf(title, sizeof title, "Subset %.60s", r->eval_subset.name);
    counted(r->eval_subset.images, r->eval_subset.patients, chosen);
    add_line(&unknown, r->eval_subset.images - m->photographs, "without a known truth");
    counted(m->photographs, m->patients, analysed);
    size_t steps = 4;
    char outcome[LINE];
    if (m->is_binary) {
        char p[EN_NUMBER_TEXT], q[EN_NUMBER_TEXT];
        snprintf(outcome, sizeof outcome, "%s positive, %s negative", en_number_count(m->binary.positives, p),
                 en_number_count(m->binary.negatives, q));
        step[steps++] = (en_chart_step){.title = "Reference standard", .detail = outcome};
    }
    put_side(&step[0], &lost);
    put_side(&step[1], &parts);
    put_side(&step[2], &unknown);
    return en_chart_draw_flow(
        &(en_chart_flow){.head = {.title = "Flow of photographs",
                                  .alt = "Flow diagram: from the photographs fetched to those analysed"},
                         .step = step,
                         .steps = steps},
        medium, out, err);
}
