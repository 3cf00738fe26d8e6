/* An import in progress. For the files of this folder alone. */
#ifndef EN_BUNDLE_IMPORT_H
#define EN_BUNDLE_IMPORT_H

#include "bundle/bundle.h"
#include "bundle/in.h"
#include "project/arrival.h"

/* A photograph that the bundle names. */
typedef struct en_bundle_photograph {
    char *name, *patient, *eye, *patient_from; /* owned, as they are in the bundle */
    char sha256[EN_SHA256_HEX];                /* "": not known */
    int64_t image_id;                          /* here */
    char *local;                               /* the patient here; owned */
} en_bundle_photograph;

typedef struct en_bundle_job {
    en_project *project;
    const en_bundle_import_options *options;
    en_bundle_import_result *result;
    en_bundle_in in;
    en_bundle_photograph *photograph;
    size_t photographs;
    int64_t *subset; /* numbers of their rows here, in the order of the bundle */
    size_t subsets;
    int64_t dataset_id;  /* -1: not needed yet */
    en_arrival *arrival; /* files that are in their places before their rows are; one per run */
    size_t arrivals;
    char **recipe; /* of the runs, each once; owned */
    size_t recipes;
    char *dataset; /* of those that are not here; owned */
} en_bundle_job;

/* photographs.jsonl: finds or lists every photograph. */
en_status en_bundle_import_photographs(en_bundle_job *x, en_error *err) EN_CHECKED;
/* subsets.jsonl: finds or freezes every subset. */
en_status en_bundle_import_subsets(en_bundle_job *x, en_error *err) EN_CHECKED;
/* The members of run number `index`, of which the first is being read. */
en_status en_bundle_import_run(en_bundle_job *x, size_t index, en_error *err) EN_CHECKED;
/* The variant of photograph `index`, made where it is not there. */
en_status en_bundle_variant(en_bundle_job *x, int64_t index, int64_t mirror, int64_t rotation, int64_t *variant_id,
                            en_error *err) EN_CHECKED;

#endif
