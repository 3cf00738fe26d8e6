/* Checklists of what a study must report: what the catalog knows is filled in with its figures, what a person must
 * write is marked. The items are paraphrased; the wording that journals ask for is that of the sources. */
#ifndef EN_REPORT_CHECKLIST_H
#define EN_REPORT_CHECKLIST_H

#include "report/parts.h"

/* Writes what is known for an item into `out`. EN_DONE: nothing is. */
typedef en_status en_checklist_fill(const en_report_result *r, en_buf *out, en_error *err);

typedef struct en_checklist_item {
    const char *number, *what;
    en_checklist_fill *fill; /* NULL: a person writes it */
    bool part;               /* what is filled in is not the whole answer */
} en_checklist_item;

typedef struct en_checklist {
    const char *title, *source;
    const en_checklist_item *item;
    size_t items;
} en_checklist;

extern const en_checklist en_checklist_tripod_ai, en_checklist_claim, en_checklist_stard_ai;

en_checklist_fill en_fill_task, en_fill_sources, en_fill_eligibility, en_fill_preprocessing, en_fill_reference,
    en_fill_partition, en_fill_sizes, en_fill_missing, en_fill_model, en_fill_software, en_fill_start,
    en_fill_selection, en_fill_measures, en_fill_uncertainty, en_fill_performance, en_fill_subgroups,
    en_fill_calibration, en_fill_output, en_fill_flow, en_fill_failures, en_fill_imbalance, en_fill_access,
    en_fill_balance, en_fill_repeat, en_fill_index, en_fill_development, en_fill_statistics, en_fill_errors,
    en_fill_categories, en_fill_blinding, en_fill_indeterminate, en_fill_severity, en_fill_prevalence, en_fill_external,
    en_fill_cross, en_fill_stored;

#endif
