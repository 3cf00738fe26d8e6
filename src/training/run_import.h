/* run import: predictions that another program made become an evaluation of an imported run, which evaluate, compare
 * and report read like one of our own. */
#ifndef EN_TRAINING_RUN_IMPORT_H
#define EN_TRAINING_RUN_IMPORT_H

#include "catalog/run.h"
#include "project/project.h"

typedef struct en_run_import_options {
    const char *file;       /* CSV: archive/csv.h */
    const char *encoding;   /* of the file; NULL: recognised */
    const char *name;       /* of the run: a new one, or an imported one, which gets a further evaluation */
    const char *target;     /* NULL: that of the run, or EN_TRAIN_TARGET */
    en_part part;           /* of the split, whose plain variants were predicted; 0: test */
    const char *split;      /* NULL: the newest */
    const char *subset;     /* instead of a part */
    const char *trained_on; /* subset that it was trained on, where that is one of the project; NULL: not known */
    const char *params;     /* a JSON file of settings; NULL: none */
    const char *image_column, *probability_column, *answer_column; /* by name; NULL: known names */
    const char *positive;                                          /* of two classes; NULL: the last */
    bool ordinal; /* the classes are numbers on a scale; without it as its scheme says, and grades are */
    const char *dataset, *folder; /* as for labels; NULL: any */
    bool skip_outside;            /* rows of images that are not of the subset are counted, and not an error */
} en_run_import_options;

typedef struct en_run_import_result {
    char run[128], uuid[EN_UUID_TEXT], subset[128], target[256], read_as[64];
    int64_t rows, predictions; /* data rows; predictions written */
    int64_t repeated;          /* rows equal to an earlier one of the image */
    int64_t empty;             /* rows without a value: no prediction was made */
    int64_t outside;           /* rows of images that are not of the subset, or not in the catalog */
    int64_t without_prediction, without_target, without_class; /* members of the subset that are left out */
    double seconds;
} en_run_import_result;

/* All or nothing. EN_INPUT names the line: an unknown or ambiguous image, one outside of the subset, two rows that
 * differ, a number that is not a probability, probabilities that do not add up to 1, an answer that is no class. The
 * subset is refused where it shares patients with `trained_on`. */
en_status en_run_import(en_project *project, const en_run_import_options *options, en_run_import_result *result,
                        en_error *err) EN_CHECKED;

#endif
