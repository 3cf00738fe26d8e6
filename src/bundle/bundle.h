/* Bundles: runs handed to a colleague as one file. A bundle is a zip, stored, of
 *
 *     manifest.json           version, where it was made, the runs, and length and SHA-256 of everything below
 *     photographs.jsonl       a line per photograph: name, dataset, patient, eye, hash of its bytes
 *     subsets.jsonl           what the runs were trained, validated and measured on, by members and their parts
 *     run-1/run.json          what the run is: target, classes, seed, machine, times, hash of its weights
 *     run-1/network.txt       its network
 *     run-1/params.jsonl      settings, with calibration and operating points; metrics.jsonl, steps.jsonl
 *     run-1/evaluations.jsonl evaluations and their predictions
 *     run-1/model.safetensors the weights that it keeps
 *     photographs/0000012.jpeg the photograph of line 12, from 0, where they were asked for
 *
 * A bundle is a file from a stranger. Its members come in this order, each once, and are all compared with the manifest
 * before anything is written; rows are read line by line and written in one transaction; no name in it becomes the name
 * of a file. Photographs are found by the hash of their bytes. Those that are not here are listed: rows without pixels,
 * in a dataset of their own, so that what was measured on them stays measured. */
#ifndef EN_BUNDLE_BUNDLE_H
#define EN_BUNDLE_BUNDLE_H

#include "base/hash.h"
#include "catalog/run.h"
#include "project/project.h"

typedef struct en_bundle_export_options {
    const char *const *run; /* names, uuids or beginnings of uuids */
    size_t runs;
    const char *file; /* replaced when it is a bundle */
    bool samples;     /* with the photographs, of which the import makes samples */
} en_bundle_export_options;

typedef struct en_bundle_export_result {
    char file[256];
    int64_t runs, evaluations, predictions, photographs, pictures, members;
    int64_t bytes; /* of the members */
    double seconds;
} en_bundle_export_result;

/* EN_INPUT: a run still trains, has no weights or is an ensemble, or the file exists and is not a bundle. */
en_status en_bundle_export(en_project *project, const en_bundle_export_options *options,
                           en_bundle_export_result *result, en_error *err) EN_CHECKED;

typedef struct en_bundle_import_options {
    const char *file;
    const char *name;    /* of the run; of several, what their names begin with, before a hyphen. NULL: their own */
    const char *dataset; /* that photographs are listed in which are not here; NULL: "bundle-PROJECT" */
} en_bundle_import_options;

typedef struct en_bundle_run {
    char run[128], uuid[EN_UUID_TEXT];
    char outcome[24];                 /* "imported", "evaluations added" or "here already" */
    bool added;                       /* imported */
    int64_t evaluations, predictions; /* that are new here */
    int64_t photographs, absent;      /* of the whole bundle; absent: listed, without pixels */
} en_bundle_run;

typedef struct en_bundle_import_result { /* ended by en_bundle_import_clear, also after an error */
    en_bundle_run *run;                  /* owned */
    size_t runs;
    int64_t photographs, found, absent, subsets; /* subsets: that are new here */
    double seconds;
} en_bundle_import_result;

/* All rows or nothing. Photographs in the bundle that are not here are fetched and ingested after that: where this ends
 * early, the same call goes on. EN_INPUT: the bundle is damaged or breaks a rule; there is a run of the same uuid with
 * other content, or another one of the name. */
en_status en_bundle_import(en_project *project, const en_bundle_import_options *options,
                           en_bundle_import_result *result, en_error *err) EN_CHECKED;
void en_bundle_import_clear(en_bundle_import_result *result);

#endif
