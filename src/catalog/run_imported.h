/* Imported runs: trained by another program, which logs settings and metrics and whose predictions are measured here.
 * Such a run is in state created until it ends; it has no network, no recipe and no weights. */
#ifndef EN_CATALOG_RUN_IMPORTED_H
#define EN_CATALOG_RUN_IMPORTED_H

#include "catalog/metric.h"
#include "catalog/run.h"

#define EN_NO_CLASSES "[]" /* of an imported run that has no predictions */

/* EN_INPUT, with the remedy, when the run was imported or is an ensemble: it has no weights of its own to `what`
 * ("resume", "predict with") it by. */
en_status en_catalog_run_need_trained(const en_catalog_run *run, const char *what, en_error *err) EN_CHECKED;
/* Sets target and classes, and the subset it was trained on (-1: not known), once; EN_INPUT after that. */
en_status en_catalog_run_answers(en_catalog *c, int64_t run_id, const char *target, const char *classes,
                                 int64_t subset_id, en_error *err) EN_CHECKED;
/* To finished, interrupted or failed. Its epochs are those of the metrics, the best one is its setting best_epoch. */
en_status en_catalog_run_imported_end(en_catalog *c, int64_t run_id, en_run_state state, en_error *err) EN_CHECKED;
/* As its own program left it; created: it has not ended. Times are in milliseconds since 1970, -1: not known. */
en_status en_catalog_run_imported_past(en_catalog *c, int64_t run_id, en_run_state state, int64_t started_ms,
                                       int64_t ended_ms, en_error *err) EN_CHECKED;
/* Whether there is a run with this uuid, in the trash or not. */
en_status en_catalog_run_has_uuid(en_catalog *c, const char *uuid, bool *is, en_error *err) EN_CHECKED;
/* One metric, which may be there: *repeated where it has this very value; EN_INPUT where it has another. Within a
 * transaction. */
en_status en_catalog_metric_log(en_catalog *c, int64_t run_id, const en_catalog_metric *metric, bool *repeated,
                                en_error *err) EN_CHECKED;

#endif
