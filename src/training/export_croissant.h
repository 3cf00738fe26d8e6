/* export croissant: the photographs, labels and split of a project, described in Croissant 1.1
 * (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html), which is JSON-LD of the terms of schema.org. */
#ifndef EN_TRAINING_EXPORT_CROISSANT_H
#define EN_TRAINING_EXPORT_CROISSANT_H

#include "base/hash.h"
#include "catalog/files.h"
#include "catalog/scheme.h"
#include "export/json.h"
#include "project/project.h"

#define EN_CROISSANT_FILE "croissant.json"

typedef struct en_croissant_options {
    const char *file;          /* NULL: croissant.json in the project's folder, to which the paths in it are relative */
    const char *split;         /* whose parts; NULL: the newest, if there is one */
    const char *name;          /* of the dataset; NULL: that of the only one, or of the project's folder */
    const char *description;   /* NULL: what there is, in a sentence */
    const char *licence;       /* NULL: the terms of use of the sources, as far as they are known */
    const char *creator, *url; /* NULL: left out */
} en_croissant_options;

typedef struct en_croissant_result {
    char name[256], split[128];
    char *file; /* owned */
    int64_t bytes, photographs, accepted, graded, assigned;
    char sha256[EN_SHA256_HEX]; /* of the file */
} en_croissant_result;

/* Writes the file whole or not at all. EN_INPUT: no such split, no photographs, a photograph whose hash is not known
 * yet, or another file in the place. Clear the result in every case. */
en_status en_export_croissant(en_project *project, const en_croissant_options *options, en_croissant_result *result,
                              en_error *err) EN_CHECKED;
void en_croissant_result_clear(en_croissant_result *result);

/* What the document says beside the files. Texts are borrowed; NULL: left out. */
typedef struct en_croissant_about {
    const char *name, *description, *licence, *creator, *url;
} en_croissant_about;
/* What is graded on scales that are not built in: both lists by name, and empty where there are none. */
typedef struct en_croissant_labels {
    en_catalog_scheme_list schemes; /* all of the project */
    en_catalog_file_labels labels;
} en_croissant_labels;
/* The document; labels and their scales are sets of records where there are any. */
void en_croissant_write(en_json *j, const en_croissant_about *about, const en_catalog_files *files,
                        const en_croissant_labels *labels);

#endif
