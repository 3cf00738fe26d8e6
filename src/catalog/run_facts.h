/* What the catalog knows about runs, as names and values: the view run_facts. */
#ifndef EN_CATALOG_RUN_FACTS_H
#define EN_CATALOG_RUN_FACTS_H

#include "catalog/catalog.h"

/* Of one run (value), or of two that have it otherwise (value and other; NULL: it has none). */
typedef struct en_catalog_run_fact {
    char *section, *name; /* section: run, setting, metric, evaluation, file */
    char *value, *other;
} en_catalog_run_fact;
typedef struct en_catalog_run_fact_list {
    en_catalog_run_fact *row;
    size_t count;
} en_catalog_run_fact_list;

en_status en_catalog_run_facts(en_catalog *c, int64_t run_id, en_catalog_run_fact_list *out, en_error *err) EN_CHECKED;
/* But for names, times and places. */
en_status en_catalog_run_differences(en_catalog *c, int64_t run_id, int64_t other_id, en_catalog_run_fact_list *out,
                                     en_error *err) EN_CHECKED;
void en_catalog_run_facts_clear(en_catalog_run_fact_list *facts);

#endif
