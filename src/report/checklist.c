/* The section of a checklist. */
#include "report/checklist.h"

#define ANSWER_CAP ((size_t)1 << 20)

static const en_checklist *const lists[] = {NULL, &en_checklist_tripod_ai, &en_checklist_claim, &en_checklist_stard_ai};
static const char *const names[] = {NULL, "tripod-ai", "claim", "stard-ai"};
const en_wordlist en_report_checklists = EN_WORDLIST("checklist", names);

static en_status fill(const en_checklist_item *item, const en_report_result *r, en_buf *answer, const char **state,
                      en_error *err)
{
    en_buf_reset(answer);
    en_status st = item->fill != NULL ? item->fill(r, answer, err) : EN_DONE;
    *state = st != EN_OK ? "to write" : item->part ? "to complete" : "filled";
    return st == EN_DONE ? EN_OK : st;
}

static en_status count(const en_checklist *list, const en_report_result *r, en_buf *answer, int64_t *filled,
                       int64_t *partly, en_error *err)
{
    *filled = *partly = 0;
    for (size_t i = 0; i < list->items; i++) {
        const char *state;
        en_status st = fill(&list->item[i], r, answer, &state, err);
        if (st != EN_OK) {
            return st;
        }
        *filled += answer->size > 0 && !list->item[i].part;
        *partly += answer->size > 0 && list->item[i].part;
    }
    return EN_OK;
}

en_status en_report_values_checklist(en_values *v, const en_report_result *r, en_error *err)
{
    static const en_value_column columns[] = {{"item", "Item", false},
                                              {"what", "What is asked", false},
                                              {"state", "State", false},
                                              {"answer", "What the catalog knows", false}};
    if (r->checklist == 0) {
        return EN_OK;
    }
    const en_checklist *list = lists[r->checklist];
    en_buf answer;
    int64_t filled = 0, partly = 0;
    en_buf_init(&answer, ANSWER_CAP);
    en_status st = count(list, r, &answer, &filled, &partly, err);
    en_values_section(v, "checklist", list->title);
    en_values_say(v,
                  "Filled: the catalog answers it. To complete: a person adds what the catalog cannot know. To write: "
                  "only a person can.");
    en_values_facts(v);
    en_values_fact(v, "name", "checklist", en_word(&en_report_checklists, r->checklist));
    en_values_fact(v, "source", "source", list->source);
    en_values_fact_count(v, "items", "items", (int64_t)list->items);
    en_values_fact_count(v, "filled", "filled", filled);
    en_values_fact_count(v, "to_complete", "to complete", partly);
    en_values_fact_count(v, "to_write", "to write", (int64_t)list->items - filled - partly);
    en_values_facts_end(v);
    en_values_table(v, "rows", NULL, columns, 4);
    for (size_t i = 0; st == EN_OK && i < list->items; i++) {
        const char *state;
        st = fill(&list->item[i], r, &answer, &state, err);
        if (st == EN_OK) {
            en_values_text(v, list->item[i].number);
            en_values_text(v, list->item[i].what);
            en_values_text(v, state);
            en_values_text(v, answer.size > 0 ? en_buf_str(&answer) : NULL);
        }
    }
    en_values_table_end(v);
    en_values_section_end(v);
    en_buf_clear(&answer);
    return st;
}
