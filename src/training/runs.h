/* The runs of a project: how far each came and how good it is, for a list. */
#ifndef EN_TRAINING_RUNS_H
#define EN_TRAINING_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "catalog/words.h"
#include "project/project.h"

typedef struct en_run_summary {
    int64_t run_id, epochs, max_epochs; /* epochs done; max_epochs: asked for, or -1 when that is not known */
    int64_t best_epoch;                 /* whose weights are kept, or -1 */
    uint64_t seed;
    char *run, *model, *target, *subset, *classes, *started_at; /* subset: NULL of an imported run */
    char *augmentation;                                         /* its text, or NULL: not recorded */
    char *trouble;                                              /* what is wrong with its weights, or NULL */
    char *scale;                                                /* NULL, or as EN_CLASSES_SCALE */
    char *calibration;                                          /* NULL, or its JSON (training/calibrate.h) */
    en_run_state state;
    double val_loss, val_accuracy, val_auc; /* at the best epoch; NaN: not measured */
    double seconds;
    int64_t test_evaluation_id; /* the newest evaluation of a test part, of the weights that the run keeps if there is
                                 * one; or -1 */
    int64_t test_weights_kept;  /* 0: that evaluation is of weights that the run replaced since; -1: there is none */
    /* The one metric by which runs are compared: the area under the ROC curve where there are two classes, else the
     * accuracy, per photograph of that evaluation, with its 95% interval (training/metrics.h). NaN without one, and the
     * interval also where the patients are too few. */
    const char *metric; /* "auc" or "accuracy"; static */
    double val;         /* the same metric on the validation part: val_auc or val_accuracy */
    double test, test_low, test_high;
    int64_t test_n; /* photographs; 0: none */
    /* The other metrics of that evaluation, as evaluate has them; NaN: not defined, or no evaluation. Those of two
     * classes are auc, sensitivity and specificity. */
    double auc, accuracy, balanced_accuracy, kappa, sensitivity, specificity;
} en_run_summary;

/* A further column of a run. */
typedef struct en_run_value {
    char *text;  /* owned; NULL: no value */
    bool number; /* the text is one */
} en_run_value;

typedef struct en_run_summaries {
    en_run_summary *row; /* the oldest first, or in the order asked for */
    size_t count;
    char **column; /* names of further columns; owned */
    size_t columns;
    en_run_value *value; /* [count * columns]; owned */
    bool more;           /* there are older runs than the newest ones that were read */
} en_run_summaries;

#define EN_RUNS_COLUMNS_MAX 32 /* further columns */

/* What is listed. SQL over the columns of the view runs, the members of en_run_summary from max_epochs and val_loss to
 * specificity by their names, and the settings by theirs; lr, clip and optimiser are learning_rate, clip_norm and
 * optimizer. A setting that looks like a number is one. */
typedef struct en_runs_options {
    const char *where;   /* a condition; NULL: all */
    const char *columns; /* names of further columns, parted by commas; NULL: none */
    const char *sort;    /* an expression, with '-' in front from the greatest; NULL: the oldest first. Runs without a
                          * value come last */
    int64_t limit;       /* so many at most; 0: all */
    int64_t newest;      /* read and measure only so many of the newest, before anything is chosen; 0: all */
} en_runs_options;

/* Reads the runs and measures the stored test predictions of each, as evaluate did. options may be NULL.
 * EN_INPUT: SQL complains, or there is no such column. en_run_summaries_clear it, also after an error. */
en_status en_runs_list(en_project *project, const en_runs_options *options, en_run_summaries *out,
                       en_error *err) EN_CHECKED;
/* Leaves those of `list` that fit, in order (runs_choose.c). */
en_status en_runs_choose(en_project *project, const en_runs_options *options, en_run_summaries *list,
                         en_error *err) EN_CHECKED;
void en_run_summaries_clear(en_run_summaries *runs);

#endif
