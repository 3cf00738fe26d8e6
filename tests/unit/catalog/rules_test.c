/* What must never happen is refused by the schema: every trigger, every named CHECK, and the keys that carry a promise.
 * For a trigger the same statement is tried once more with that trigger dropped: then it must not be refused for the
 * same reason, or the test would prove nothing. Triggers are tried as plain sqlite3 would have them, with foreign keys
 * off and rows replaced without a word to the triggers of DELETE. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/run_edit.h"

/* Of the run 'done' (1), one that is not whole yet, and one in the trash with its member. */
static void add_ensembles(int64_t train, int64_t recipe)
{
    int64_t attempt;
    exec("INSERT INTO run (uuid, name, target, classes, seed, origin) VALUES ('abcd0000-0000-4000-8000-000000000010', "
         "'mean', 't', '[]', 0, 'ensemble'), ('abcd0000-0000-4000-8000-000000000011', 'half', 't', '[]', 0, "
         "'ensemble')"); /* 6, 7 */
    exec("INSERT INTO ensemble VALUES (6, 0), (7, 0)");
    exec("INSERT INTO ensemble_member VALUES (6, 1, 1)");
    exec("UPDATE run SET state = 'finished' WHERE run_id = 6");
    int64_t spare = add_run("spare", train, recipe); /* 8 */
    OK(en_catalog_run_start(catalog, spare, &attempt, &err));
    OK(en_catalog_run_end(catalog, spare, EN_RUN_FINISHED, 1, 1, 1.0, &err));
    exec("INSERT INTO run (uuid, name, target, classes, seed, origin) VALUES ('abcd0000-0000-4000-8000-000000000012', "
         "'old', 't', '[]', 0, 'ensemble')"); /* 9 */
    exec("INSERT INTO ensemble VALUES (9, 1)");
    exec("INSERT INTO ensemble_member VALUES (9, 1, 8)");
    exec("UPDATE run SET state = 'finished' WHERE run_id = 9");
    OK(en_catalog_run_remove(catalog, 9, &err));
    OK(en_catalog_run_remove(catalog, spare, &err));
}

/* What the rules of a run that is open, and of one that was measured, are tried on. */
static void add_open_runs(int64_t train, int64_t test, int64_t recipe)
{
    int64_t attempt, evaluation;
    const en_catalog_metric loss = {1, 1, 1, EN_PART_TRAIN, "loss", 0.5};
    int64_t open = add_run("open", train, recipe);         /* 2 */
    int64_t measured = add_run("measured", train, recipe); /* 3 */
    OK(en_catalog_run_start(catalog, open, &attempt, &err));
    OK(en_catalog_metrics_add(catalog, open, &loss, 1, &err));
    exec("INSERT INTO step VALUES (2, 1, 1, 8, 0.7, 0.01, 0.5)");
    OK(en_catalog_run_param(catalog, open, "workers", "2", &err));
    exec("INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256) VALUES (2, 'best', 1, 1, 1, 'c', "
         "'" HASH_A "')");
    exec("INSERT INTO run_bundle (run_id, file, sha256, project, program, made_at) VALUES (1, 'f', '" HASH_A
         "', 'p', '1', 't')");
    exec("INSERT INTO bundle_split VALUES (1)");
    exec("INSERT INTO artifact (run_id, kind, path, sha256) VALUES (1, 'report', 'r', '" HASH_A "')");
    OK(en_catalog_evaluation_create(catalog, measured, test, 1, HASH_A, &evaluation, &err)); /* 2 */
    exec("INSERT INTO prediction SELECT 2, min(variant_id), 0, 0, 0.5, '[0.5,0.5]' FROM subset_member WHERE subset_id "
         "= 2");
    int64_t gone = add_run("gone", train, recipe); /* 4 */
    OK(en_catalog_run_start(catalog, gone, &attempt, &err));
    OK(en_catalog_run_end(catalog, gone, EN_RUN_INTERRUPTED, 1, 1, 1.0, &err));
    OK(en_catalog_run_remove(catalog, gone, &err));
    exec("INSERT INTO promotion (alias, run_id, replaced_run_id, reason) VALUES ('champion', 1, 2, 'r')");
    exec("INSERT INTO retraining (run_id, name, chosen, query, split_id, subset_id, photographs, patients, kept_out, "
         "rejected) VALUES (1, 'again', '', 'q', 1, 1, 1, 0, 0, 0)");
    exec("INSERT INTO run (uuid, name, target, classes, seed, origin) VALUES ('abcd0000-0000-4000-8000-000000000009', "
         "'elsewhere', 't', '[]', 0, 'imported')");                                   /* 5 */
    OK(en_catalog_evaluation_create(catalog, 5, test, 0, HASH_B, &evaluation, &err)); /* 3 */
    OK(en_catalog_evaluation_file(catalog, 3, "p.csv", false, &err));
    add_ensembles(train, recipe);
}

/* An image of patient 1 that was rejected when it had a variant already. */
static void add_a_rejected_image(void)
{
    exec("INSERT INTO image (name, patient, status) VALUES ('1_other', '1', 'listed')");
    exec("INSERT INTO variant (image_id, mirror, rotation) SELECT image_id, 0, 0 FROM image WHERE name = '1_other'");
    exec("UPDATE image SET status = 'rejected', reason = 'black' WHERE name = '1_other'");
}

static int open_full_project(void **state)
{
    if (open_project(state) != 0) {
        return -1;
    }
    add_patients(10);
    add_split("main", 10);
    add_label("77_left", 2); /* listed */
    int64_t attempt, evaluation;
    int64_t recipe = add_samples();
    int64_t train = add_subset("train", "SELECT variant_id FROM variants WHERE part = 'train'"); /* 1 */
    int64_t test = add_subset("test", "SELECT variant_id FROM variants WHERE part = 'test'");    /* 2 */
    int64_t done = add_run("done", train, recipe);                                               /* 1 */
    const en_catalog_metric loss = {1, 1, 1, EN_PART_TRAIN, "loss", 0.5};
    OK(en_catalog_run_start(catalog, done, &attempt, &err));
    OK(en_catalog_metrics_add(catalog, done, &loss, 1, &err));
    exec("INSERT INTO step VALUES (1, 1, 1, 8, 0.7, 0.01, 0.5)");
    OK(en_catalog_run_param(catalog, done, "batch", "16", &err));
    OK(en_catalog_run_param(catalog, done, "init_sha256", HASH_A, &err));
    exec("INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256) VALUES (1, 'best', 1, 1, 1, 'a', "
         "'" HASH_A "')");
    OK(en_catalog_run_end(catalog, done, EN_RUN_FINISHED, 1, 1, 1.0, &err));
    OK(en_catalog_evaluation_create(catalog, done, test, 1, HASH_A, &evaluation, &err));
    exec("INSERT INTO prediction SELECT 1, min(variant_id), 0, 0, 0.5, '[0.5,0.5]' FROM subset_member WHERE subset_id "
         "= 2");
    exec("INSERT INTO image (name, patient, status, reason) VALUES ('66_left', '66', 'rejected', 'black')");
    exec("INSERT INTO split (name, seed, rule) VALUES ('unused', 1, 'r')");
    exec("INSERT INTO assignment VALUES (2, '1', 'train')");
    exec("INSERT INTO fold VALUES (2, 'cv', 1, 3)");
    exec("INSERT INTO recipe (text, sha256) VALUES ('another', '" HASH_B "')");
    exec("INSERT INTO subset (name, sql, split_id, part, members, sha256) VALUES ('draft', 's', 1, 'train', 2, '" HASH_A
         "')"); /* 3 */
    add_a_rejected_image();
    exec("INSERT INTO model (model_id, name, spec, sha256) VALUES (50, 'imported', 's', '" HASH_B "')");
    exec("INSERT INTO pretrained (name, preset, model_id, path, sha256, origin, origin_sha256, licence, tensors, "
         "parameters) VALUES ('lite', 'lite', 50, 'models/lite', '" HASH_A "', 'o', '" HASH_B "', 'l', 1, 2)");
    exec("INSERT INTO embedding_set (embedding_set_id, model, weights_sha256, recipe_id, layer, dimensions) VALUES (1, "
         "'lite', '" HASH_A "', 1, 1, 2)");
    exec("INSERT INTO embedding (embedding_set_id, image_id, sample_sha256, vector) VALUES (1, 1, '" HASH_A
         "', x'0000803f00000000')");
    exec("INSERT INTO scheme (name, lowest, highest) VALUES ('unused', 0, 2), ('used', 0, 2)");
    exec("INSERT INTO scheme_value VALUES ('unused', 0, 'none')");
    exec("INSERT INTO label_import (file, sha256, scheme, grader) VALUES ('f', '" HASH_A "', 'used', 'g')");
    add_open_runs(train, test, recipe);
    return 0;
}

static const struct {
    const char *trigger, *sql, *why;
} rules[] = {
    {"image_keeps_its_name", "UPDATE image SET name = '99_left' WHERE name = '1_left'",
     "an image keeps its name and dataset"},
    {"image_keeps_its_patient", "UPDATE image SET patient = '99' WHERE name = '1_left'", "an image keeps its patient"},
    {"dataset_keeps_its_name", "UPDATE dataset SET name = 'another'", "a dataset keeps its name"},
    {"dataset_is_not_replaced", "INSERT OR REPLACE INTO dataset (name) VALUES ('photos')",
     "there is such a dataset already"},
    {"dataset_begins_with_a_valid_name", "INSERT INTO dataset (name) VALUES ('a/b')", "the name of a dataset has"},
    {"split_begins_with_a_valid_name", "INSERT INTO split (name, seed, rule) VALUES ('a' || char(10), 1, 'r')",
     "the name of a split has"},
    {"subset_begins_with_a_valid_name",
     "INSERT INTO subset (name, sql, members, sha256) VALUES (' a', 's', 1, '" HASH_A "')", "the name of a subset has"},
    {"run_begins_with_a_valid_name",
     "INSERT INTO run (uuid, name, model_id, subset_id, recipe_id, target, classes, seed) VALUES "
     "('abcd0000-0000-4000-8000-000000000001', '../../x', 1, 1, 1, 't', '[]', 1)",
     "the name of a run has"},
    {"run_keeps_a_valid_name", "UPDATE run SET name = '.hidden' WHERE run_id = 2", "the name of a run has"},
    {"pretrained_begins_with_a_valid_name",
     "INSERT INTO pretrained (name, preset, model_id, path, sha256, origin, origin_sha256, licence, tensors, "
     "parameters) SELECT 'a/b', preset, model_id, path, sha256, origin, origin_sha256, licence, tensors, parameters "
     "FROM pretrained",
     "the name of imported weights has"},
    {"dataset_in_use_is_kept", "DELETE FROM dataset", "sources or images belong to this dataset"},
    {"source_keeps_its_dataset", "UPDATE source SET dataset_id = NULL", "keeps its dataset"},
    {"scheme_is_fixed", "UPDATE scheme SET highest = 9 WHERE name = 'unused'", "a scheme does not change"},
    {"scheme_is_not_replaced", "INSERT OR REPLACE INTO scheme (name, lowest, highest) VALUES ('unused', 0, 9)",
     "there is such a scheme already"},
    {"scheme_in_use_is_kept", "DELETE FROM scheme WHERE name = 'used'", "labels rest on this scheme"},
    {"scheme_built_in_is_kept", "DELETE FROM scheme WHERE name = 'eyeq'", "this scheme is built in"},
    {"scheme_value_is_on_its_scale", "INSERT INTO scheme_value VALUES ('unused', 5, 'five')",
     "only a value of the scheme has a name"},
    {"scheme_value_is_fixed", "UPDATE scheme_value SET name = 'other'", "the names of a scheme do not change"},
    {"scheme_value_is_not_replaced", "INSERT OR REPLACE INTO scheme_value VALUES ('unused', 0, 'other')",
     "this value has a name already"},
    {"scheme_value_is_kept", "DELETE FROM scheme_value", "the names of a scheme do not change"},
    {"label_import_is_of_a_scheme",
     "INSERT INTO label_import (file, sha256, scheme, grader) VALUES ('f', '" HASH_A "', 'odd', 'g')",
     "there is no such scheme"},
    {"label_is_on_its_scale", "INSERT INTO label VALUES (1, 'icdr', 21, 5)",
     "a grade lies between the lowest and the highest value of its scheme"},
    {"label_has_its_imports_scheme", "INSERT INTO label VALUES (1, 'eyeq', 1, 1)",
     "a label has the scheme of its import"},
    {"label_is_history", "UPDATE label SET grade = 1", "labels are history"},
    {"label_stays_history", "DELETE FROM label", "labels are history"},
    {"sample_is_of_an_accepted_image",
     "INSERT INTO sample SELECT 1, image_id, 1, 9999, '" HASH_A "' FROM image WHERE name = '77_left'",
     "only an accepted image has samples"},
    {"sample_lies_in_its_recipes_pack",
     "INSERT INTO sample SELECT 2, image_id, 1, 9999, '" HASH_A "' FROM image WHERE name = '1_left'",
     "a sample lies in a pack of its own recipe"},
    {"variant_needs_an_image_in_use",
     "INSERT INTO variant (image_id, mirror, rotation) SELECT image_id, 0, 0 FROM image WHERE name = '66_left'",
     "a rejected image has no variants"},
    {"variant_is_fixed", "UPDATE variant SET rotation = 45 WHERE variant_id = 1", "a variant does not change"},
    {"assignment_in_use_is_not_added_to", "INSERT INTO assignment VALUES (1, '99', 'test')", "this split is in use"},
    {"assignment_in_use_is_fixed", "UPDATE assignment SET part = 'test' WHERE split_id = 1 AND patient = '1'",
     "this split is in use"},
    {"assignment_in_use_is_kept", "DELETE FROM assignment WHERE split_id = 1 AND patient = '1'",
     "this split is in use"},
    {"subset_frozen_is_fixed", "UPDATE subset SET sql = 'other' WHERE subset_id = 1", "this subset is frozen"},
    {"subset_freezes_whole", "UPDATE subset SET frozen_at = 'now' WHERE subset_id = 3",
     "a subset is frozen with all its members"},
    {"subset_member_of_frozen_is_not_added",
     "INSERT INTO subset_member SELECT 1, min(variant_id) FROM variants WHERE part = 'train' AND variant_id NOT IN "
     "(SELECT variant_id FROM subset_member WHERE subset_id = 1) UNION SELECT 1, variant_id + 10000 FROM variants "
     "WHERE false",
     "this subset is frozen"},
    {"subset_member_has_the_subsets_part",
     "INSERT INTO subset_member SELECT 3, min(variant_id) FROM variants WHERE part = 'test'",
     "a variant of a patient in another part"},
    {"subset_member_is_fixed", "UPDATE subset_member SET subset_id = 3 WHERE subset_id = 1",
     "the members of a subset cannot change"},
    {"subset_member_of_frozen_is_kept", "DELETE FROM subset_member WHERE subset_id = 1", "this subset is frozen"},
    {"run_starts_on_frozen_subsets",
     "INSERT INTO run (uuid, name, model_id, subset_id, recipe_id, target, classes, seed) VALUES "
     "('abcd0000-0000-4000-8000-000000000001', 'x', 1, 3, 1, 't', '[]', 1)",
     "a run is made of frozen subsets"},
    {"run_finished_is_fixed", "UPDATE run SET seconds = 2 WHERE run_id = 1", "this run is finished and cannot change"},
    {"run_finished_is_kept", "DELETE FROM run WHERE run_id = 1", "this run is finished and cannot be deleted"},
    {"run_keeps_what_it_is_made_of", "UPDATE run SET seed = 8 WHERE run_id = 2", "a run keeps what it was made of"},
    {"metric_of_finished_is_not_added", "INSERT INTO metric VALUES (1, 'train', 'loss', 1, 2, 2, 0.4)",
     "takes no more metrics"},
    {"metric_is_fixed", "UPDATE metric SET value = 0 WHERE run_id = 2", "a metric that was measured does not change"},
    {"metric_of_finished_is_kept", "DELETE FROM metric WHERE run_id = 1", "this run is finished and cannot change"},
    {"param_of_finished_is_not_added", "INSERT INTO param VALUES (1, 'seed', '1')",
     "this run is finished and cannot change"},
    {"param_of_finished_is_fixed", "UPDATE param SET value = '1' WHERE run_id = 1",
     "this run is finished and cannot change"},
    {"param_of_finished_is_kept", "DELETE FROM param WHERE run_id = 1", "this run is finished and cannot change"},
    {"checkpoint_is_of_a_trained_run",
     "INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256) VALUES (5, 'best', 1, 1, 1, 'e', "
     "'" HASH_A "')",
     "an imported run or an ensemble has no weights"},
    {"ensemble_is_fixed", "UPDATE ensemble SET views = 1 WHERE run_id = 6", "an ensemble does not change"},
    {"ensemble_is_not_replaced", "INSERT OR REPLACE INTO ensemble VALUES (7, 1)", "an ensemble does not change"},
    {"ensemble_is_a_run", "INSERT INTO ensemble VALUES (1, 0)", "only a run of that origin is an ensemble"},
    {"ensemble_is_kept", "DELETE FROM ensemble WHERE run_id = 6", "an ensemble does not change"},
    {"ensemble_member_is_fixed", "UPDATE ensemble_member SET position = 2", "an ensemble keeps its members"},
    {"ensemble_member_is_kept", "DELETE FROM ensemble_member WHERE run_id = 6", "an ensemble keeps its members"},
    {"ensemble_member_is_not_replaced", "INSERT OR REPLACE INTO ensemble_member VALUES (6, 1, 1)",
     "an ensemble keeps its members"},
    {"ensemble_member_is_a_finished_run", "INSERT INTO ensemble_member VALUES (7, 1, 2)",
     "a member of an ensemble is a finished run"},
    {"run_removed_is_not_a_member", "INSERT INTO run_removed (run_id, name) VALUES (1, 'done')",
     "this run is a member of an ensemble"},
    {"run_restored_with_its_members", "DELETE FROM run_removed WHERE run_id = 9",
     "a member of this ensemble was removed"},
    {"promotion_is_history", "UPDATE promotion SET run_id = 2 WHERE promotion_id = 1", "promotions are history"},
    {"promotion_stays_history", "DELETE FROM promotion WHERE promotion_id = 1", "promotions are history"},
    {"promotion_is_not_replaced",
     "INSERT OR REPLACE INTO promotion (promotion_id, alias, run_id, reason) VALUES (1, 'other', 1, 'r')",
     "promotions are history"},
    {"retraining_is_history", "UPDATE retraining SET photographs = 2", "a retraining is history"},
    {"retraining_is_not_replaced",
     "INSERT OR REPLACE INTO retraining (retraining_id, run_id, name, chosen, query, split_id, subset_id, photographs, "
     "patients, kept_out, rejected) VALUES (1, 1, 'other', '', 'q', 1, 1, 1, 0, 0, 0)",
     "a retraining is history"},
    {"evaluation_file_is_fixed", "UPDATE evaluation_file SET file = 'q.csv' WHERE evaluation_id = 3",
     "an evaluation does not change"},
    {"evaluation_file_is_of_an_imported_run", "INSERT INTO evaluation_file VALUES (1, 'p.csv', 0)",
     "predictions are imported into an imported run"},
    {"checkpoint_of_finished_is_not_added",
     "INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256) VALUES (1, 'last', 1, 1, 1, 'b', "
     "'" HASH_A "')",
     "this run is finished and cannot change"},
    {"checkpoint_of_finished_is_fixed", "UPDATE checkpoint SET epoch = 2 WHERE run_id = 1",
     "this run is finished and cannot change"},
    {"prediction_is_of_a_member",
     "INSERT INTO prediction SELECT 1, min(variant_id), 0, 0, 0.5, '[1,0]' FROM subset_member "
     "WHERE subset_id = 1",
     "a prediction is of a member of the evaluated subset"},
    {"prediction_is_fixed", "UPDATE prediction SET predicted = 1", "a prediction does not change"},
    {"image_reason_is_known", "INSERT INTO image (name, patient, status, reason) VALUES ('x', 'x', 'rejected', 'ugly')",
     "this reason of a rejection is not known"},
    {"image_reason_stays_known", "UPDATE image SET reason = 'ugly'", "this reason of a rejection is not known"},
    {"source_keeps_its_uri", "UPDATE source SET uri = 'elsewhere'", "a source keeps its uri and version"},
    {"source_is_not_replaced",
     "INSERT OR REPLACE INTO source (source_id, uri, kind, state) VALUES (1, 'elsewhere', 'folder', 'whole')",
     "there is such a source already"},
    {"source_with_files_is_kept", "DELETE FROM source", "files came from this source"},
    {"member_keeps_its_path", "UPDATE member SET path = 'other' WHERE member_id = 1", "a file keeps its path"},
    {"member_of_an_image_keeps_its_bytes", "UPDATE member SET bytes = 1 WHERE member_id = 1",
     "this file was ingested as an image and cannot change"},
    {"member_is_not_replaced",
     "INSERT OR REPLACE INTO member (member_id, source_id, path, bytes) VALUES (1, 1, 'other', 1)",
     "there is such a file already"},
    {"member_of_an_image_is_kept", "DELETE FROM member WHERE member_id = 1", "this file was ingested as an image"},
    {"image_keeps_its_number", "UPDATE image SET image_id = 1000 WHERE image_id = 1", "an image keeps its numbers"},
    {"image_keeps_its_file", "UPDATE image SET sha256 = '" HASH_B "' WHERE image_id = 1",
     "an image keeps its file, size and hash"},
    {"image_takes_no_others_place",
     "UPDATE OR REPLACE image SET status = 'accepted', member_id = 1, width = 1, height = 1, sha256 = '" HASH_B
     "' WHERE name = '77_left'",
     "this photograph is another image already"},
    {"image_is_not_replaced",
     "INSERT OR REPLACE INTO image (image_id, name, patient, status) VALUES (1, 'n', 'n', 'listed')",
     "there is such an image already"},
    {"image_in_use_is_kept", "DELETE FROM image WHERE image_id = 1", "this image has labels, samples or variants"},
    {"quality_lies_on_its_scale", "INSERT INTO quality (image_id, brightness) VALUES (22, 1.5)",
     "a measure of quality lies between 0 and 1"},
    {"quality_stays_on_its_scale", "UPDATE quality SET disc_radius = -1 WHERE image_id = 1",
     "a measure of quality lies between 0 and 1"},
    {"label_import_is_history", "UPDATE label_import SET grader = 'another'", "an import is history"},
    {"label_import_is_not_replaced",
     "INSERT OR REPLACE INTO label_import (import_id, file, sha256, scheme, grader) VALUES (1, 'f', '" HASH_B
     "', 'icdr', 'another')",
     "there is such an import already"},
    {"label_import_stays_history", "DELETE FROM label_import WHERE import_id = 1", "this import has labels"},
    {"label_is_not_replaced", "INSERT OR REPLACE INTO label VALUES (1, 'icdr', 1, 4)", "there is such a label already"},
    {"recipe_is_fixed", "UPDATE recipe SET text = 'crop=none size=8' WHERE recipe_id = 1", "a recipe does not change"},
    {"recipe_is_not_replaced",
     "INSERT OR REPLACE INTO recipe (recipe_id, text, sha256) VALUES (1, 'crop=none size=8', '" HASH_A "')",
     "there is such a recipe already"},
    {"recipe_in_use_is_kept", "DELETE FROM recipe WHERE recipe_id = 1", "packs or runs rest on this recipe"},
    {"pack_is_fixed", "UPDATE pack SET path = 'samples/other.pack'", "a pack keeps its recipe and its path"},
    {"pack_is_not_replaced", "INSERT OR REPLACE INTO pack VALUES (1, 2, 'samples/other.pack')",
     "there is such a pack already"},
    {"pack_with_samples_is_kept", "DELETE FROM pack", "samples lie in this pack"},
    {"sample_is_fixed", "UPDATE sample SET slot = slot + 1000", "a sample does not change"},
    {"variant_is_not_replaced",
     "INSERT OR REPLACE INTO variant (variant_id, image_id, mirror, rotation) VALUES (1, 3, 0, 45)",
     "there is such a variant already"},
    {"variant_in_use_is_kept", "DELETE FROM variant WHERE variant_id = 1", "this variant is in a subset"},
    {"split_is_fixed", "UPDATE split SET seed = 2 WHERE split_id = 1", "a split keeps its name, seed and rule"},
    {"split_is_not_replaced", "INSERT OR REPLACE INTO split (name, seed, rule) VALUES ('main', 2, 'r')",
     "there is such a split already"},
    {"split_in_use_is_kept", "DELETE FROM split WHERE split_id = 1", "subsets were chosen by this split"},
    {"subset_begins_open",
     "INSERT INTO subset (name, sql, members, sha256, frozen_at) VALUES ('empty', 's', 1, '" HASH_A "', 'now')",
     "a subset is frozen when its members are in"},
    {"subset_open_is_only_frozen", "UPDATE subset SET part = 'test' WHERE subset_id = 3",
     "a subset keeps what its members were admitted by"},
    {"subset_is_not_replaced",
     "INSERT OR REPLACE INTO subset (name, sql, members, sha256) VALUES ('train', 's', 1, '" HASH_A "')",
     "there is such a subset already"},
    {"subset_in_use_is_kept", "DELETE FROM subset WHERE subset_id = 1", "runs or evaluations rest on this subset"},
    {"subset_member_is_of_an_image_in_use",
     "INSERT INTO subset_member SELECT 3, variant_id FROM variant JOIN image USING (image_id) WHERE name = '1_other'",
     "a variant of a rejected image cannot be in a subset"},
    {"model_is_fixed", "UPDATE model SET spec = 'other'", "a network does not change"},
    {"model_is_not_replaced",
     "INSERT OR REPLACE INTO model (model_id, name, spec, sha256) VALUES (1, 'other', 's', '" HASH_A "')",
     "there is such a network already"},
    {"model_in_use_is_kept", "DELETE FROM model", "runs rest on this network"},
    {"model_of_pretrained_is_kept", "DELETE FROM model WHERE model_id = 50", "imported weights are of this network"},
    {"pretrained_is_fixed", "UPDATE pretrained SET licence = 'free'", "imported weights do not change"},
    {"pretrained_is_not_replaced",
     "INSERT OR REPLACE INTO pretrained (name, preset, model_id, path, sha256, origin, origin_sha256, licence, "
     "tensors, parameters) SELECT name, preset, model_id, path, sha256, 'other', origin_sha256, licence, tensors, "
     "parameters FROM pretrained",
     "there are imported weights of that name already"},
    {"pretrained_of_a_run_is_kept", "DELETE FROM pretrained", "a run started from these weights"},
    {"embedding_set_is_fixed", "UPDATE embedding_set SET layer = 2", "a set of embeddings does not change"},
    {"embedding_set_is_not_replaced",
     "INSERT OR REPLACE INTO embedding_set (model, weights_sha256, recipe_id, layer, dimensions) SELECT model, "
     "weights_sha256, recipe_id, layer, 3 FROM embedding_set",
     "there is such a set of embeddings already"},
    {"embedding_is_fixed", "UPDATE embedding SET vector = x'0000000000000000'", "an embedding does not change"},
    {"embedding_is_not_replaced",
     "INSERT OR REPLACE INTO embedding (embedding_set_id, image_id, sample_sha256, vector) SELECT embedding_set_id, "
     "image_id, sample_sha256, x'0000000000000000' FROM embedding",
     "there is such an embedding already"},
    {"embedding_has_its_dimensions",
     "INSERT INTO embedding (embedding_set_id, image_id, sample_sha256, vector) VALUES (1, 2, '" HASH_A
     "', x'00000000')",
     "four bytes for each dimension"},
    {"run_keeps_its_origin", "UPDATE run SET parent_run_id = 1 WHERE run_id = 2", "a run keeps its number, its parent"},
    {"run_takes_no_others_name", "UPDATE OR REPLACE run SET name = 'done' WHERE run_id = 2",
     "there is a run of this name already"},
    {"run_is_not_replaced",
     "INSERT OR REPLACE INTO run (uuid, name, model_id, subset_id, recipe_id, target, classes, seed) VALUES "
     "('abcd0000-0000-4000-8000-000000000001', 'done', 1, 1, 1, 't', '[]', 1)",
     "there is such a run already"},
    {"run_measured_is_kept", "DELETE FROM run WHERE run_id = 3", "evaluations or other runs rest on this run"},
    {"run_begins_with_sane_counts",
     "INSERT INTO run (uuid, name, model_id, subset_id, recipe_id, target, classes, seed, epochs) VALUES "
     "('abcd0000-0000-4000-8000-000000000001', 'x', 1, 1, 1, 't', '[]', 1, -1)",
     "attempts, epochs, threads and seconds of a run are not negative"},
    {"run_keeps_sane_counts", "UPDATE run SET attempt = 0 WHERE run_id = 2",
     "attempts, epochs, threads and seconds of a run do not grow less"},
    {"step_of_finished_is_not_added", "INSERT INTO step VALUES (1, 2, 1, 16, 0.4, 0.01, 0.5)", "takes no more steps"},
    {"run_bundle_is_fixed", "UPDATE run_bundle SET project = 'other'", "where a run is from does not change"},
    {"run_bundle_is_not_replaced",
     "INSERT OR REPLACE INTO run_bundle VALUES (1, 'f', '" HASH_A "', 'p', '1', 't', 't')",
     "where a run is from does not change"},
    {"run_bundle_is_kept", "DELETE FROM run_bundle", "where a run is from does not change"},
    {"bundle_split_is_fixed", "UPDATE bundle_split SET split_id = 9", "a split that came in a bundle stays one"},
    {"bundle_split_is_kept", "DELETE FROM bundle_split", "a split that came in a bundle stays one"},
    {"step_is_not_replaced", "INSERT OR REPLACE INTO step VALUES (2, 1, 1, 8, 0.1, 0.01, 0.5)",
     "this step was recorded already"},
    {"step_is_fixed", "UPDATE step SET loss = 0 WHERE run_id = 2", "a step that was recorded does not change"},
    {"step_of_finished_is_kept", "DELETE FROM step WHERE run_id = 1", "this run is finished and cannot change"},
    {"metric_is_not_replaced", "INSERT OR REPLACE INTO metric VALUES (2, 'train', 'loss', 1, 1, 1, 0.1)",
     "this metric was measured already"},
    {"param_stays_with_its_run", "UPDATE param SET run_id = 1 WHERE run_id = 2", "a setting stays with its run"},
    {"checkpoint_stays_with_its_run", "UPDATE OR REPLACE checkpoint SET run_id = 1 WHERE run_id = 2",
     "weights stay with their run"},
    {"checkpoint_of_finished_is_kept", "DELETE FROM checkpoint WHERE run_id = 1",
     "this run is finished and cannot change"},
    {"checkpoint_begins_with_sane_counts",
     "INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256) VALUES (2, 'last', 1, -1, 1, 'd', "
     "'" HASH_A "')",
     "weights have a path, and an attempt"},
    {"checkpoint_keeps_sane_counts", "UPDATE checkpoint SET path = '' WHERE run_id = 2",
     "weights have a path, and an attempt"},
    {"artifact_stays_with_its_run", "UPDATE artifact SET run_id = 2", "a file stays with the run it was made of"},
    {"evaluation_is_of_a_frozen_subset",
     "INSERT INTO evaluation (run_id, subset_id, seed, weights_sha256) VALUES (2, 3, 1, '" HASH_A "')",
     "a run is measured on a frozen subset"},
    {"evaluation_is_of_weights_of_its_run",
     "INSERT INTO evaluation (run_id, subset_id, seed, weights_sha256) VALUES (1, 2, 1, '" HASH_B "')",
     "an evaluation is of weights that its run kept"},
    {"evaluation_is_not_replaced",
     "INSERT OR REPLACE INTO evaluation (evaluation_id, run_id, subset_id, seed, weights_sha256) VALUES (1, 2, 2, 1, "
     "'" HASH_A "')",
     "there is such an evaluation already"},
    {"evaluation_is_fixed", "UPDATE evaluation SET subset_id = 1", "an evaluation does not change"},
    {"evaluation_of_finished_is_kept", "DELETE FROM evaluation WHERE run_id = 1", "what it was measured on is kept"},
    {"prediction_is_of_its_runs_classes",
     "INSERT INTO prediction SELECT 1, max(variant_id), 0, 2, 0.5, '[0.5,0.5]' FROM subset_member WHERE subset_id = 2",
     "a prediction has a probability for each class of its run"},
    {"prediction_is_not_replaced",
     "INSERT OR REPLACE INTO prediction SELECT 1, variant_id, 0, 1, 0.9, '[0.1,0.9]' FROM prediction",
     "this variant was predicted already"},
    {"prediction_is_kept", "DELETE FROM prediction", "a prediction is part of its evaluation and is kept"},
    {"fold_is_fixed", "UPDATE fold SET fold = 2", "a fold stays the fold that it is"},
    {"fold_is_not_replaced", "INSERT OR REPLACE INTO fold VALUES (2, 'other', 1, 3)", "there is such a fold already"},
    {"fold_is_kept", "DELETE FROM fold", "a fold stays the fold that it is"},
    {"run_folder_is_fixed", "UPDATE run_folder SET folder = 'elsewhere'", "a run keeps its folder"},
    {"run_folder_is_not_replaced", "INSERT OR REPLACE INTO run_folder VALUES (4, 'elsewhere')",
     "a run keeps its folder"},
    {"run_folder_is_kept", "DELETE FROM run_folder", "a run keeps its folder"},
    {"run_removed_has_ended", "INSERT INTO run_removed (run_id, name) VALUES (2, 'open')", "this run is being trained"},
    {"run_removed_is_not_trained", "UPDATE run SET state = 'running' WHERE run_id = 4", "this run was removed"},
    {"migration_is_history", "UPDATE schema_migration SET sha256 = '" HASH_A "'",
     "the ledger of migrations is history"},
    {"migration_stays_history", "DELETE FROM schema_migration", "the ledger of migrations is history"},
    {"migration_is_not_replaced", "INSERT OR REPLACE INTO schema_migration VALUES (1, 'n', 's', 'now')",
     "the ledger of migrations is history"},
    {"view_set_is_history", "UPDATE schema_view_set SET sha256 = '" HASH_A "'", "the ledger of views is history"},
    {"view_set_stays_history", "DELETE FROM schema_view_set", "the ledger of views is history"},
    {"view_set_is_not_replaced",
     "INSERT OR REPLACE INTO schema_view_set (set_id, names, sha256) VALUES (1, '[]', '" HASH_A "')",
     "the ledger of views is history"},
};

/* It refuses nothing: a test of runs has it. */
#define RENAMES "run_renamed_keeps_its_folder"

static bool is_known(const char *trigger)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (strcmp(rules[i].trigger, trigger) == 0) {
            return true;
        }
    }
    return false;
}

/* Needed as its members are all in the subset already: one variant more of a patient in its part. */
static void add_a_variant_for_train(void)
{
    exec("INSERT INTO variant (image_id, mirror, rotation) SELECT image_id, 1, 7 FROM image WHERE name = '1_left'");
}

static void every_trigger_refuses_and_nothing_else_would(void **state)
{
    (void)state;
    add_a_variant_for_train();
    exec("PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = OFF");
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        en_error err = {0};
        refused(rules[i].sql, rules[i].why);
        char *drop = en_format("DROP TRIGGER %s", rules[i].trigger);
        exec("BEGIN");
        exec(drop);
        en_status st = en_db_exec(en_catalog_db(catalog), rules[i].sql, "test", &err);
        if (st != EN_OK && strstr(err.text, rules[i].why) != NULL) {
            fail_msg("%s is not what refuses: %s", rules[i].trigger, rules[i].sql);
        }
        exec("ROLLBACK");
        en_free(drop);
    }
}

static void no_trigger_is_left_untried(void **state)
{
    (void)state;
    en_catalog_objects objects;
    size_t triggers = 0;
    OK(en_catalog_schema(catalog, &objects, &err));
    for (size_t i = 0; i < objects.count; i++) {
        if (strcmp(objects.row[i].type, "trigger") == 0) {
            triggers++;
            if (!is_known(objects.row[i].name) && strcmp(objects.row[i].name, RENAMES) != 0) {
                fail_msg("trigger %s has no rule here", objects.row[i].name);
            }
        }
    }
    assert_int_equal(triggers, sizeof rules / sizeof rules[0] + 1); /* RENAMES */
    en_catalog_objects_clear(&objects);
}

static void every_named_check_refuses_in_its_own_words(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *why;
    } checks[] = {
        {"INSERT INTO source (uri, kind, state) VALUES ('u', 'folder', 'odd')",
         "a source is fetching, whole or broken"},
        {"INSERT INTO member (source_id, path, bytes) VALUES (1, '/abs', 1)", "paths in the catalog are relative"},
        {"INSERT INTO member (source_id, path, bytes) VALUES (1, 'a/../../b', 1)", "paths in the catalog are relative"},
        {"INSERT INTO pack (recipe_id, path) VALUES (1, '../x.pack')", "paths in the catalog are relative"},
        {"INSERT INTO artifact (run_id, kind, path, sha256) VALUES (1, 'report', '/x', '" HASH_A "')",
         "paths in the catalog are relative"},
        {"INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256) VALUES (2, 'last', 1, 1, 1, '/b', "
         "'" HASH_A "')",
         "paths in the catalog are relative"},
        {"INSERT INTO run_folder VALUES (2, 'a/b')", "a folder of a run is one name"},
        {"INSERT INTO run_folder VALUES (2, '..')", "a folder of a run is one name"},
        {"INSERT INTO run_tag VALUES (2, 'a,b')", "a tag has 1 to 100 bytes"},
        {"INSERT INTO run_tag VALUES (2, ' a')", "a tag has 1 to 100 bytes"},
        {"INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256) VALUES (2, 'odd', 1, 1, 1, 'b', "
         "'" HASH_A "')",
         "a checkpoint is best or last"},
        {"INSERT INTO image (name, patient, status, eye) VALUES ('a', 'a', 'listed', 'middle')",
         "an eye is left or right"},
        {"INSERT INTO image (name, patient, status) VALUES ('a', 'a', 'fine')",
         "an image is accepted, rejected or listed"},
        {"INSERT INTO image (name, patient, status) VALUES ('a', 'a', 'rejected')", "a rejected image has a reason"},
        {"INSERT INTO image (name, patient, status, reason) VALUES ('a', 'a', 'listed', 'black')",
         "a rejected image has a reason"},
        {"INSERT INTO image (name, patient, status) VALUES ('a', 'a', 'accepted')",
         "an accepted image has a file, a size"},
        {"INSERT INTO image (name, patient, status, member_id) VALUES ('a', 'a', 'listed', 999)",
         "a listed image has no file"},
        {"INSERT INTO image (name, patient, status, copy) VALUES ('1_left', '1', 'listed', 1)",
         "a second photograph of a name"},
        {"INSERT INTO scheme (name, lowest, highest) VALUES ('a/b', 0, 1)", "the name of a scheme has 1 to 100 bytes"},
        {"INSERT INTO scheme (name, lowest, highest) VALUES ('../x', 0, 1)", "the name of a scheme has 1 to 100 bytes"},
        {"INSERT INTO scheme (name, lowest, highest) VALUES ('', 0, 1)", "the name of a scheme has 1 to 100 bytes"},
        {"INSERT INTO scheme (name, lowest, highest) VALUES (NULL, 0, 1)", "NOT NULL constraint failed"},
        {"INSERT INTO scheme (name, lowest, highest) VALUES ('a' || char(10), 0, 1)",
         "the name of a scheme has 1 to 100 bytes"},
        {"INSERT INTO scheme (name, lowest, highest) VALUES ('x', 2, 1)", "the values of a scheme are between 0 and"},
        {"INSERT INTO scheme (name, lowest, highest) VALUES ('x', 0, 4611686018427387904)",
         "the values of a scheme are between 0 and"},
        {"INSERT INTO scheme (name, lowest, highest) VALUES ('x', -1, 1)", "the values of a scheme are between 0 and"},
        {"INSERT INTO scheme_value VALUES ('unused', 1, 'a,b')", "the name of a value has 1 to 100 bytes"},
        {"INSERT INTO scheme_value VALUES ('unused', 1, 'a' || char(27))", "the name of a value has 1 to 100 bytes"},
        {"INSERT INTO fold VALUES (1, 'cv', 4, 3)", "a fold is one of its folds"},
        {"INSERT INTO assignment VALUES (2, '2', 'dev')", "a part is train, val or test"},
        {"INSERT INTO subset (name, sql, part, members, sha256) VALUES ('n', 's', 'train', 1, '" HASH_A "')",
         "a part belongs to a split"},
        {"UPDATE run SET state = 'odd' WHERE run_id = 2", "a run is created, running, finished, interrupted or failed"},
        {"INSERT INTO run (uuid, name, model_id, subset_id, recipe_id, target, classes, seed) VALUES "
         "('abcd0000-0000-4000-8000-000000000001', 'x', 1, 1, 1, 't', '{}', 1)",
         "classes are a JSON array"},
        {"INSERT INTO promotion (alias, run_id, reason) VALUES ('a b', 1, 'r')",
         "an alias has 1 to 50 letters, digits, dots, hyphens and underscores"},
        {"INSERT INTO run (uuid, name, target, classes, seed) VALUES ('abcd0000-0000-4000-8000-000000000004', 'y', "
         "'t', "
         "'[]', 1)",
         "a run that was trained here has a network, a subset and a recipe"},
        {"INSERT INTO run (uuid, name, recipe_id, target, classes, seed, origin) VALUES "
         "('abcd0000-0000-4000-8000-000000000004', 'y', 1, 't', '[]', 1, 'imported')",
         "an imported run or an ensemble has no network and no recipe"},
        {"INSERT INTO run (uuid, name, model_id, subset_id, recipe_id, target, classes, seed, origin) VALUES "
         "('abcd0000-0000-4000-8000-000000000004', 'y', 1, 1, 1, 't', '[]', 1, 'found')",
         "a run is trained, imported or an ensemble"},
        {"INSERT INTO run (uuid, name, subset_id, target, classes, seed, origin) VALUES "
         "('abcd0000-0000-4000-8000-000000000004', 'y', 1, 't', '[]', 1, 'ensemble')",
         "what an ensemble learned from is what its members learned from"},
        {"INSERT INTO metric VALUES (2, 'dev', 'loss', 1, 2, 2, 0.4)", "a part is train, val, test or empty"},
        {"INSERT INTO prediction SELECT 1, max(variant_id), 0, 0, 0.5, 'half' FROM subset_member WHERE subset_id = 2",
         "probabilities are a JSON array"},
        {"INSERT INTO prediction SELECT 1, max(variant_id), 0, 0, 0.5, '{}' FROM subset_member WHERE subset_id = 2",
         "a prediction has a probability for each class"},
        {"INSERT INTO prediction SELECT 1, max(variant_id), 0, 0, 0.5, '[1,0,0]' FROM subset_member WHERE subset_id = "
         "2",
         "a prediction has a probability for each class"},
        {"INSERT INTO prediction SELECT 1, max(variant_id), 2, 0, 0.5, '[1,0]' FROM subset_member WHERE subset_id = 2",
         "a prediction has a probability for each class"},
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        refused(checks[i].sql, checks[i].why);
    }
}

static void the_keys_keep_their_promises(void **state)
{
    (void)state;
    refused("INSERT INTO assignment VALUES (2, '1', 'test')",
            "UNIQUE constraint failed: assignment.split_id, assignment.patient");
    refused("INSERT INTO variant (image_id, mirror, rotation) VALUES (1, 0, 0)", "UNIQUE");
    refused("UPDATE image SET status = 'accepted', member_id = 99, width = 1, height = 1, sha256 = (SELECT sha256 FROM "
            "image WHERE image_id = 1) WHERE name = '77_left'",
            "this photograph is another image already"); /* no photograph is accepted twice */
    refused("INSERT INTO sample SELECT 1, image_id, 1, 77, '" HASH_A "' FROM image WHERE image_id = 1", "UNIQUE");
    refused("INSERT INTO variant (image_id, mirror, rotation) VALUES (9999, 0, 0)", "FOREIGN KEY");
    refused("INSERT INTO evaluation (run_id, subset_id, seed, weights_sha256) VALUES (9999, 2, 1, '" HASH_A "')",
            "FOREIGN KEY");
    refused("INSERT INTO variant (image_id, mirror, rotation) VALUES (1, 2, 0)", "CHECK");
    refused("INSERT INTO variant (image_id, mirror, rotation) VALUES (1, 0, 360)", "CHECK");
    refused("INSERT INTO image (name, patient, status, width) VALUES ('a', 'a', 'listed', 'wide')",
            "cannot store TEXT");
}

static void what_nobody_rests_on_may_go(void **state)
{
    (void)state;
    exec("DELETE FROM subset WHERE subset_id = 3");
    exec("DELETE FROM split WHERE name = 'unused'");
    exec("DELETE FROM run WHERE run_id = 2"); /* not finished: with its metrics */
    assert_int_equal(number("SELECT count(*) FROM metric WHERE run_id = 2"), 0);
    exec("DELETE FROM evaluation WHERE run_id = 3"); /* of a run that is not finished: with its predictions */
    assert_int_equal(number("SELECT count(*) FROM prediction WHERE evaluation_id = 2"), 0);
    exec("DELETE FROM run WHERE run_id = 3");
    exec("DELETE FROM recipe WHERE recipe_id = 2");
    exec("DELETE FROM sample WHERE pack_id = 1"); /* a lost pack is forgotten */
    exec("DELETE FROM pack");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_trigger_refuses_and_nothing_else_would, open_full_project, close_project),
        cmocka_unit_test_setup_teardown(no_trigger_is_left_untried, open_full_project, close_project),
        cmocka_unit_test_setup_teardown(every_named_check_refuses_in_its_own_words, open_full_project, close_project),
        cmocka_unit_test_setup_teardown(the_keys_keep_their_promises, open_full_project, close_project),
        cmocka_unit_test_setup_teardown(what_nobody_rests_on_may_go, open_full_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
