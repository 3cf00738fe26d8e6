/* How far the trainings of a project have come, for those who look on. */
#ifndef EN_CATALOG_PROGRESS_H
#define EN_CATALOG_PROGRESS_H

#include "catalog/catalog.h"
#include "catalog/words.h"

typedef struct en_catalog_progress {
    int64_t id;
    char *name, *folder; /* folder: beneath runs/ */
    en_run_state state;
    int64_t attempt;
    int64_t epochs, max_epochs; /* done; asked for, or -1: not known */
    int64_t best_epoch;         /* whose weights are kept, or -1 */
    int64_t attempt_epochs;     /* of `epochs`, those done by the newest attempt */
    double attempt_seconds;     /* that they took, without validation */
    int64_t members;            /* of the subset: an epoch has at most so many images */
    int64_t memory_bytes;       /* planned for the network, or -1 */
    double seconds;             /* running: since the first attempt began; else: of all attempts */
} en_catalog_progress;
typedef struct en_catalog_progress_list {
    en_catalog_progress *row;
    size_t count;
} en_catalog_progress_list;

/* The runs that train, the oldest first, and behind them those that ended in the last `recent` seconds. A process that
 * was killed leaves its run in state running until somebody writes to the catalog. */
en_status en_catalog_progress_read(en_catalog *c, int64_t recent, en_catalog_progress_list *out,
                                   en_error *err) EN_CHECKED;
void en_catalog_progress_clear(en_catalog_progress_list *list);

#endif
