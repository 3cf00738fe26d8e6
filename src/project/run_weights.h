/* Where the weights of a run are: the file named by its checkpoint row, checked against the hash in that row. */
#ifndef EN_PROJECT_RUN_WEIGHTS_H
#define EN_PROJECT_RUN_WEIGHTS_H

#include "base/hash.h"
#include "catalog/run.h"
#include "project/project.h"

/* New weights are written to FILE.next, their row is committed, and then FILE.next is renamed to FILE; after a crash
 * between the last two steps the right weights are in FILE.next. */
#define EN_WEIGHTS_NEXT ".next"

/* Both hashes of a file of weights: of the numbers, which are all that follows the header of a safetensors file (8
 * bytes, little-endian: the header's size; the header; the numbers), and of the whole file. EN_INPUT: not such a file.
 */
en_status en_weights_hash(const char *path, char sha256[EN_SHA256_HEX], char file_sha256[EN_SHA256_HEX],
                          en_error *err) EN_CHECKED;
/* Gives the weights that earlier versions wrote the hash of their numbers. Files that are missing or were changed are
 * left without. */
en_status en_run_weights_read(en_project *project, en_error *err) EN_CHECKED;

/* The absolute path (en_free) of the weights that a run kept, and their row (en_catalog_checkpoint_clear), whose sha256
 * is filled in. EN_INPUT when the run has none, or the file is missing or another. */
en_status en_run_checkpoint_find(en_project *project, const en_catalog_run *run, en_checkpoint_kind kind, char **path,
                                 en_catalog_checkpoint *kept, en_error *err) EN_CHECKED;
/* Ends what a crash left half done: FILE.next becomes FILE where it has the row's hash and FILE does not. */
en_status en_run_checkpoint_settle(en_project *project, const en_catalog_run *run, en_checkpoint_kind kind,
                                   en_error *err) EN_CHECKED;
/* The same for a run by name, uuid prefix or NULL for the newest; the path alone. */
en_status en_run_weights_path(en_project *project, const char *run, char **path, en_error *err) EN_CHECKED;

#endif
