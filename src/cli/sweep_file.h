/* The file of a sweep, as runs to train. */
#ifndef EN_CLI_SWEEP_FILE_H
#define EN_CLI_SWEEP_FILE_H

#include "base/toml.h"
#include "cli/option.h"
#include "training/sweep.h"

typedef struct en_sweep_file {
    const char *file;          /* borrowed */
    en_toml doc;               /* what the texts below point into */
    const char *name, *metric; /* metric: without val_ */
    en_sweep_method method;
    int64_t runs, seed, first, epochs;
    double eta;
    const en_option *fixed[EN_MOST_OPTIONS], *varied[EN_MOST_OPTIONS];
    const en_toml *fixed_value[EN_MOST_OPTIONS], *varied_value[EN_MOST_OPTIONS];
    size_t fixed_count;
    en_sweep_dimension dimension[EN_MOST_OPTIONS];
    const char **choice[EN_MOST_OPTIONS]; /* owned: texts of lists */
    size_t dimensions;
    en_sweep_plan plan;
    en_sweep_trial *trial; /* [plan.runs]; owned, with name and tried */
    void *options;         /* [plan.runs] structs of train's options; owned */
} en_sweep_file;

/* Reads and checks all of it, every value of every run. EN_INPUT, EN_USAGE name file and line. Cleared by the caller in
 * every case. */
en_status en_sweep_file_read(const char *file, en_sweep_file *out, en_error *err) EN_CHECKED;
void en_sweep_file_clear(en_sweep_file *s);

#endif
