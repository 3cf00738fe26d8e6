/* The figures of an evaluation as columns of a record: the same in evaluate and report. */
#ifndef EN_CLI_FIGURES_H
#define EN_CLI_FIGURES_H

#include "cli/record.h"
#include "training/metrics.h"

/* NULL: not measured; then the columns have no values. */
void en_record_figures(en_record *r, const en_metrics *f);

#endif
