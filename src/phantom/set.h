/* phantom: a folder of drawn fundus photographs in the layout of the competition (train/N_left.jpeg, trainLabels.csv
 * and optionally the volumes train.zip.001 ...), for trying eyenet without real photographs. Needs no project. */
#ifndef EN_PHANTOM_SET_H
#define EN_PHANTOM_SET_H

#include <stdint.h>

#include "base/error.h"
#include "base/events.h"

#define EN_PHANTOM_PHOTOS_DIR "train"
#define EN_PHANTOM_LABELS_FILE "trainLabels.csv"
#define EN_PHANTOM_ZIP_FILE "train.zip"

typedef struct en_phantom_options {
    const char *dir;      /* created; must be missing or empty */
    int64_t patients;     /* 1..EN_PHANTOM_PATIENTS_MAX, two photographs each */
    uint64_t seed;        /* the same seed and patients give the same bytes with any number of threads */
    int64_t volume_bytes; /* 0: no volumes; else of train.zip.001 ..., at least 64 KiB, at most 999 of them */
    unsigned
        max_width; /* px, 64 or more: wider photographs are drawn at this width; 0: the width of the simulated camera */
    unsigned threads; /* 0: one per processor */
    en_events events; /* task "phantom", counted in photographs */
} en_phantom_options;

typedef struct en_phantom_result {
    int64_t photographs;
    int64_t bytes;                                  /* of the photographs */
    int64_t by_grade[5];                            /* photographs of grade 0..4 */
    int64_t black, blurred, overexposed, truncated; /* photographs with that defect */
    int64_t both_eyes;                              /* patients whose two files are the same photograph */
    int64_t volumes;                                /* written */
    double seconds;
} en_phantom_result;

/* Every file is written atomically; trainLabels.csv is written last, so a folder without it is incomplete. EN_USAGE for
 * invalid options, EN_INPUT when dir is not empty, EN_INTERRUPTED when stopped. After a failure the folder is in its
 * former state: missing or empty. */
en_status en_phantom(const en_phantom_options *options, en_phantom_result *result, en_error *err) EN_CHECKED;

#endif
