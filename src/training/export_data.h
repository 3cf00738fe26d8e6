/* export npy, npz and folder: pixels and labels as NumPy reads them, in memory that does not depend on their number. */
#ifndef EN_TRAINING_EXPORT_DATA_H
#define EN_TRAINING_EXPORT_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "image/recipe.h"
#include "project/project.h"

typedef struct en_export_data_options {
    const char *subset; /* of npy and npz */
    const char *target; /* of npy and npz: SQL over the view variants, "grade" */
    const char *split;  /* of a folder: whose parts; NULL: the newest split, if there is one */
    const char *recipe; /* NULL: the newest that has samples */
    const char *file;   /* or the folder */
    const char *labels; /* of npy; NULL: FILE with ".labels.npy" for ".npy" */
} en_export_data_options;

typedef struct en_export_data_result {
    char format[16], subset[128], split[128], recipe[EN_RECIPE_TEXT_MAX], shape[96]; /* "(12, 256, 256, 3)" */
    char *file, *labels;                                                             /* owned */
    int64_t bytes, rows, patients, classes; /* classes: different values of the target; -1: of a folder */
    int64_t left_out;                       /* members without a label, sample or accepted image */
} en_export_data_result;

/* The members of a subset, in the order of their names, as an array (n,N,N,3) of bytes, and beside it a structured
 * array of as many rows: image, dataset, patient, eye, part, label, class, grade, gradable, eyeq, mirror, rotation.
 * Texts that are not known are "", numbers -1; `class` counts the different labels in their natural order from 0.
 *
 * Both files are written whole or not at all, and never do the pixels of one export stand beside the labels of another:
 * older pixels are removed before the labels are replaced. EN_INPUT: nothing to export, or there is a file that is not
 * an array. */
en_status en_export_npy(en_project *project, const en_export_data_options *options, en_export_data_result *result,
                        en_error *err) EN_CHECKED;
/* The same in one file: X (n,N,N,3), y (class), classes (their labels) and labels (the structured array). */
en_status en_export_npz(en_project *project, const en_export_data_options *options, en_export_data_result *result,
                        en_error *err) EN_CHECKED;
/* All accepted photographs with a sample of the recipe, as a folder: samples.npy (n,N,N,3), splits.csv with a line for
 * each, and about.json. The folder is there whole or not at all; EN_INPUT when there is one that is not empty. */
en_status en_export_folder(en_project *project, const en_export_data_options *options, en_export_data_result *result,
                           en_error *err) EN_CHECKED;
void en_export_data_result_clear(en_export_data_result *result);

#endif
