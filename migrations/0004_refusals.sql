-- What a run rests on and what was measured cannot change, whoever writes: also plain sqlite3, which leaves foreign keys off
-- and, for INSERT OR REPLACE, fires no trigger for the row that goes. So three kinds of rule stand beside the keys here:
--   _is_fixed, _keeps_        no UPDATE of what others rest on
--   _is_kept, _stays_history  no DELETE of it
--   _is_not_replaced          no INSERT over it; the tables the program itself upserts are guarded by their number alone

-- Where things come from ------------------------------------------------------------------------------------------------

CREATE TRIGGER source_keeps_its_uri BEFORE UPDATE OF source_id, uri ON source
WHEN NEW.source_id IS NOT OLD.source_id OR NEW.uri IS NOT OLD.uri
BEGIN
  SELECT RAISE(ABORT, 'a source keeps its uri: it says where files came from');
END;
CREATE TRIGGER source_is_not_replaced BEFORE INSERT ON source
WHEN EXISTS (SELECT 1 FROM source WHERE source_id = NEW.source_id)
BEGIN
  SELECT RAISE(ABORT, 'there is such a source already, and it is not replaced');
END;
CREATE TRIGGER source_with_files_is_kept BEFORE DELETE ON source
WHEN EXISTS (SELECT 1 FROM member WHERE source_id = OLD.source_id)
BEGIN
  SELECT RAISE(ABORT, 'files came from this source: it is kept');
END;

CREATE TRIGGER member_keeps_its_path BEFORE UPDATE OF member_id, path ON member
WHEN NEW.member_id IS NOT OLD.member_id OR NEW.path IS NOT OLD.path
BEGIN
  SELECT RAISE(ABORT, 'a file keeps its path: images rest on it');
END;
CREATE TRIGGER member_of_an_image_keeps_its_bytes BEFORE UPDATE OF source_id, photograph, bytes, crc32, sha256 ON member
WHEN EXISTS (SELECT 1 FROM image WHERE member_id = OLD.member_id)
  AND (NEW.source_id IS NOT OLD.source_id OR NEW.photograph IS NOT OLD.photograph OR NEW.bytes IS NOT OLD.bytes
       OR (OLD.crc32 IS NOT NULL AND NEW.crc32 IS NOT OLD.crc32) OR (OLD.sha256 IS NOT NULL AND NEW.sha256 IS NOT OLD.sha256))
BEGIN
  SELECT RAISE(ABORT, 'this file was ingested as an image and cannot change: other bytes are another file');
END;
CREATE TRIGGER member_is_not_replaced BEFORE INSERT ON member
WHEN EXISTS (SELECT 1 FROM member WHERE member_id = NEW.member_id)
BEGIN
  SELECT RAISE(ABORT, 'there is such a file already, and it is not replaced');
END;
CREATE TRIGGER member_of_an_image_is_kept BEFORE DELETE ON member
WHEN EXISTS (SELECT 1 FROM image WHERE member_id = OLD.member_id)
BEGIN
  SELECT RAISE(ABORT, 'this file was ingested as an image: it is kept');
END;

-- Photographs -----------------------------------------------------------------------------------------------------------

CREATE TRIGGER image_keeps_its_number BEFORE UPDATE OF image_id, copy ON image
WHEN NEW.image_id IS NOT OLD.image_id OR NEW.copy IS NOT OLD.copy
BEGIN
  SELECT RAISE(ABORT, 'an image keeps its numbers: labels, samples and variants rest on them');
END;
CREATE TRIGGER image_keeps_its_file BEFORE UPDATE OF member_id, format, width, height, sha256 ON image
WHEN (OLD.status <> 'rejected' OR EXISTS (SELECT 1 FROM sample WHERE image_id = OLD.image_id))
  AND ((OLD.member_id IS NOT NULL AND NEW.member_id IS NOT OLD.member_id)
    OR (OLD.format IS NOT NULL AND NEW.format IS NOT OLD.format)
    OR (OLD.width IS NOT NULL AND NEW.width IS NOT OLD.width)
    OR (OLD.height IS NOT NULL AND NEW.height IS NOT OLD.height)
    OR (OLD.sha256 IS NOT NULL AND NEW.sha256 IS NOT OLD.sha256))
BEGIN
  SELECT RAISE(ABORT, 'an image keeps its file, size and hash: samples rest on them');
END;
CREATE TRIGGER image_takes_no_others_place BEFORE UPDATE OF member_id, status, sha256 ON image
WHEN EXISTS (SELECT 1 FROM image WHERE member_id = NEW.member_id AND image_id <> OLD.image_id)
  OR (NEW.status = 'accepted'
      AND EXISTS (SELECT 1 FROM image WHERE sha256 = NEW.sha256 AND status = 'accepted' AND image_id <> OLD.image_id))
BEGIN
  SELECT RAISE(ABORT, 'this photograph is another image already');
END;
CREATE TRIGGER image_is_not_replaced BEFORE INSERT ON image
WHEN EXISTS (SELECT 1 FROM image WHERE image_id = NEW.image_id)
  OR EXISTS (SELECT 1 FROM image WHERE name = NEW.name AND copy = NEW.copy)
  OR EXISTS (SELECT 1 FROM image WHERE member_id = NEW.member_id)
  OR (NEW.status = 'accepted' AND EXISTS (SELECT 1 FROM image WHERE sha256 = NEW.sha256 AND status = 'accepted'))
BEGIN
  SELECT RAISE(ABORT, 'there is such an image already, and it is not replaced');
END;
CREATE TRIGGER image_in_use_is_kept BEFORE DELETE ON image
WHEN EXISTS (SELECT 1 FROM label WHERE image_id = OLD.image_id)
  OR EXISTS (SELECT 1 FROM variant WHERE image_id = OLD.image_id)
  OR EXISTS (SELECT 1 FROM sample WHERE image_id = OLD.image_id)
BEGIN
  SELECT RAISE(ABORT, 'this image has labels, samples or variants: reject it instead');
END;

CREATE TRIGGER quality_lies_on_its_scale BEFORE INSERT ON quality
WHEN NOT (ifnull(NEW.brightness BETWEEN 0 AND 1, 1) AND ifnull(NEW.contrast BETWEEN 0 AND 1, 1)
  AND ifnull(NEW.sharpness BETWEEN 0 AND 1, 1) AND ifnull(NEW.black_fraction BETWEEN 0 AND 1, 1)
  AND ifnull(NEW.disc_coverage BETWEEN 0 AND 1, 1) AND ifnull(NEW.disc_radius >= 0, 1))
BEGIN
  SELECT RAISE(ABORT, 'a measure of quality lies between 0 and 1, and a radius is not negative');
END;
CREATE TRIGGER quality_stays_on_its_scale BEFORE UPDATE ON quality
WHEN NOT (ifnull(NEW.brightness BETWEEN 0 AND 1, 1) AND ifnull(NEW.contrast BETWEEN 0 AND 1, 1)
  AND ifnull(NEW.sharpness BETWEEN 0 AND 1, 1) AND ifnull(NEW.black_fraction BETWEEN 0 AND 1, 1)
  AND ifnull(NEW.disc_coverage BETWEEN 0 AND 1, 1) AND ifnull(NEW.disc_radius >= 0, 1))
BEGIN
  SELECT RAISE(ABORT, 'a measure of quality lies between 0 and 1, and a radius is not negative');
END;

-- Labels ----------------------------------------------------------------------------------------------------------------

CREATE TRIGGER label_import_is_history BEFORE UPDATE ON label_import
BEGIN
  SELECT RAISE(ABORT, 'an import is history: its labels say whose they are by it');
END;
CREATE TRIGGER label_import_is_not_replaced BEFORE INSERT ON label_import
WHEN EXISTS (SELECT 1 FROM label_import WHERE import_id = NEW.import_id)
BEGIN
  SELECT RAISE(ABORT, 'there is such an import already, and it is not replaced');
END;
CREATE TRIGGER label_import_stays_history BEFORE DELETE ON label_import
WHEN EXISTS (SELECT 1 FROM label WHERE import_id = OLD.import_id)
BEGIN
  SELECT RAISE(ABORT, 'this import has labels: it is kept');
END;
CREATE TRIGGER label_is_not_replaced BEFORE INSERT ON label
WHEN EXISTS (SELECT 1 FROM label WHERE image_id = NEW.image_id AND scheme = NEW.scheme AND import_id = NEW.import_id)
BEGIN
  SELECT RAISE(ABORT, 'there is such a label already, and it is not replaced');
END;

-- Samples and variants --------------------------------------------------------------------------------------------------

CREATE TRIGGER recipe_is_fixed BEFORE UPDATE ON recipe
BEGIN
  SELECT RAISE(ABORT, 'a recipe does not change: samples and runs rest on it');
END;
CREATE TRIGGER recipe_is_not_replaced BEFORE INSERT ON recipe
WHEN EXISTS (SELECT 1 FROM recipe WHERE recipe_id = NEW.recipe_id OR sha256 = NEW.sha256)
BEGIN
  SELECT RAISE(ABORT, 'there is such a recipe already, and it is not replaced');
END;
CREATE TRIGGER recipe_in_use_is_kept BEFORE DELETE ON recipe
WHEN EXISTS (SELECT 1 FROM pack WHERE recipe_id = OLD.recipe_id) OR EXISTS (SELECT 1 FROM run WHERE recipe_id = OLD.recipe_id)
BEGIN
  SELECT RAISE(ABORT, 'packs or runs rest on this recipe: it is kept');
END;

CREATE TRIGGER pack_is_fixed BEFORE UPDATE ON pack
BEGIN
  SELECT RAISE(ABORT, 'a pack keeps its recipe and its path: samples lie there');
END;
CREATE TRIGGER pack_is_not_replaced BEFORE INSERT ON pack
WHEN EXISTS (SELECT 1 FROM pack WHERE pack_id = NEW.pack_id OR path = NEW.path)
BEGIN
  SELECT RAISE(ABORT, 'there is such a pack already, and it is not replaced');
END;
CREATE TRIGGER pack_with_samples_is_kept BEFORE DELETE ON pack
WHEN EXISTS (SELECT 1 FROM sample WHERE pack_id = OLD.pack_id)
BEGIN
  SELECT RAISE(ABORT, 'samples lie in this pack: it is kept');
END;
CREATE TRIGGER sample_is_fixed BEFORE UPDATE ON sample
BEGIN
  SELECT RAISE(ABORT, 'a sample does not change: delete it, and ingest makes it again');
END;

CREATE TRIGGER variant_is_not_replaced BEFORE INSERT ON variant
WHEN EXISTS (SELECT 1 FROM variant WHERE variant_id = NEW.variant_id)
BEGIN
  SELECT RAISE(ABORT, 'there is such a variant already, and it is not replaced');
END;
CREATE TRIGGER variant_in_use_is_kept BEFORE DELETE ON variant
WHEN EXISTS (SELECT 1 FROM subset_member WHERE variant_id = OLD.variant_id)
BEGIN
  SELECT RAISE(ABORT, 'this variant is in a subset: it is kept');
END;

-- The samples of an image: without it, provenance looks through all samples for each image.
CREATE INDEX sample_image ON sample (image_id);

-- Splits and subsets ----------------------------------------------------------------------------------------------------

CREATE TRIGGER split_is_fixed BEFORE UPDATE ON split
BEGIN
  SELECT RAISE(ABORT, 'a split keeps its name, seed and rule: make a new split');
END;
CREATE TRIGGER split_is_not_replaced BEFORE INSERT ON split
WHEN EXISTS (SELECT 1 FROM split WHERE split_id = NEW.split_id OR name = NEW.name)
BEGIN
  SELECT RAISE(ABORT, 'there is such a split already, and it is not replaced');
END;
CREATE TRIGGER split_in_use_is_kept BEFORE DELETE ON split
WHEN EXISTS (SELECT 1 FROM subset WHERE split_id = OLD.split_id)
BEGIN
  SELECT RAISE(ABORT, 'subsets were chosen by this split: it is kept');
END;

CREATE TRIGGER subset_begins_open BEFORE INSERT ON subset
WHEN NEW.frozen_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'a subset is frozen when its members are in');
END;
CREATE TRIGGER subset_open_is_only_frozen BEFORE UPDATE ON subset
WHEN OLD.frozen_at IS NULL AND (NEW.subset_id IS NOT OLD.subset_id OR NEW.name IS NOT OLD.name OR NEW.sql IS NOT OLD.sql
  OR NEW.split_id IS NOT OLD.split_id OR NEW.part IS NOT OLD.part OR NEW.members IS NOT OLD.members
  OR NEW.sha256 IS NOT OLD.sha256)
BEGIN
  SELECT RAISE(ABORT, 'a subset keeps what its members were admitted by: make a new subset');
END;
CREATE TRIGGER subset_is_not_replaced BEFORE INSERT ON subset
WHEN EXISTS (SELECT 1 FROM subset WHERE subset_id = NEW.subset_id OR name = NEW.name)
BEGIN
  SELECT RAISE(ABORT, 'there is such a subset already, and it is not replaced');
END;
CREATE TRIGGER subset_in_use_is_kept BEFORE DELETE ON subset
WHEN EXISTS (SELECT 1 FROM run WHERE OLD.subset_id IN (subset_id, val_subset_id))
  OR EXISTS (SELECT 1 FROM evaluation WHERE subset_id = OLD.subset_id)
BEGIN
  SELECT RAISE(ABORT, 'runs or evaluations rest on this subset: it is kept');
END;
CREATE TRIGGER subset_member_is_of_an_image_in_use BEFORE INSERT ON subset_member
WHEN (SELECT i.status FROM variant v JOIN image i ON i.image_id = v.image_id WHERE v.variant_id = NEW.variant_id) = 'rejected'
BEGIN
  SELECT RAISE(ABORT, 'a variant of a rejected image cannot be in a subset: choose from the view variants');
END;

-- Runs ------------------------------------------------------------------------------------------------------------------

CREATE TRIGGER model_is_fixed BEFORE UPDATE ON model
BEGIN
  SELECT RAISE(ABORT, 'a network does not change: runs rest on it');
END;
CREATE TRIGGER model_is_not_replaced BEFORE INSERT ON model
WHEN EXISTS (SELECT 1 FROM model WHERE model_id = NEW.model_id OR (name = NEW.name AND sha256 = NEW.sha256))
BEGIN
  SELECT RAISE(ABORT, 'there is such a network already, and it is not replaced');
END;
CREATE TRIGGER model_in_use_is_kept BEFORE DELETE ON model
WHEN EXISTS (SELECT 1 FROM run WHERE model_id = OLD.model_id)
BEGIN
  SELECT RAISE(ABORT, 'runs rest on this network: it is kept');
END;

CREATE TRIGGER run_keeps_its_origin BEFORE UPDATE OF run_id, parent_run_id, created_at ON run
WHEN OLD.state <> 'finished' AND (NEW.run_id IS NOT OLD.run_id OR NEW.parent_run_id IS NOT OLD.parent_run_id
  OR NEW.created_at IS NOT OLD.created_at)
BEGIN
  SELECT RAISE(ABORT, 'a run keeps its number, its parent and its beginning');
END;
CREATE TRIGGER run_takes_no_others_name BEFORE UPDATE OF name ON run
WHEN EXISTS (SELECT 1 FROM run WHERE name = NEW.name AND run_id <> OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'there is a run of this name already');
END;
CREATE TRIGGER run_is_not_replaced BEFORE INSERT ON run
WHEN EXISTS (SELECT 1 FROM run WHERE run_id = NEW.run_id OR uuid = NEW.uuid OR name = NEW.name)
BEGIN
  SELECT RAISE(ABORT, 'there is such a run already, and it is not replaced');
END;
CREATE TRIGGER run_measured_is_kept BEFORE DELETE ON run
WHEN OLD.state <> 'finished' AND (EXISTS (SELECT 1 FROM evaluation WHERE run_id = OLD.run_id)
  OR EXISTS (SELECT 1 FROM run WHERE parent_run_id = OLD.run_id))
BEGIN
  SELECT RAISE(ABORT, 'evaluations or other runs rest on this run: it is kept');
END;
CREATE TRIGGER run_begins_with_sane_counts BEFORE INSERT ON run
WHEN NEW.attempt < 0 OR NEW.epochs < 0 OR NEW.best_epoch < 0 OR NEW.threads < 1 OR NEW.seconds < 0
BEGIN
  SELECT RAISE(ABORT, 'attempts, epochs, threads and seconds of a run are not negative');
END;
CREATE TRIGGER run_keeps_sane_counts BEFORE UPDATE OF attempt, epochs, best_epoch, threads, seconds ON run
WHEN OLD.state <> 'finished' AND (NEW.attempt < OLD.attempt OR NEW.epochs < 0 OR NEW.best_epoch < 0 OR NEW.threads < 1
  OR NEW.seconds < OLD.seconds)
BEGIN
  SELECT RAISE(ABORT, 'attempts, epochs, threads and seconds of a run do not grow less');
END;

CREATE TRIGGER metric_is_not_replaced BEFORE INSERT ON metric
WHEN EXISTS (SELECT 1 FROM metric WHERE run_id = NEW.run_id AND part = NEW.part AND name = NEW.name
             AND attempt = NEW.attempt AND step = NEW.step)
BEGIN
  SELECT RAISE(ABORT, 'this metric was measured already, and it is not replaced');
END;
CREATE TRIGGER param_stays_with_its_run BEFORE UPDATE OF run_id ON param
WHEN NEW.run_id IS NOT OLD.run_id
BEGIN
  SELECT RAISE(ABORT, 'a setting stays with its run');
END;
CREATE TRIGGER checkpoint_stays_with_its_run BEFORE UPDATE OF run_id ON checkpoint
WHEN NEW.run_id IS NOT OLD.run_id
BEGIN
  SELECT RAISE(ABORT, 'weights stay with their run');
END;
CREATE TRIGGER checkpoint_of_finished_is_kept BEFORE DELETE ON checkpoint
WHEN (SELECT state FROM run WHERE run_id = OLD.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;
CREATE TRIGGER checkpoint_begins_with_sane_counts BEFORE INSERT ON checkpoint
WHEN NEW.attempt < 0 OR NEW.epoch < 0 OR NEW.step < 0 OR NEW.path = ''
BEGIN
  SELECT RAISE(ABORT, 'weights have a path, and an attempt, epoch and step that are not negative');
END;
CREATE TRIGGER checkpoint_keeps_sane_counts BEFORE UPDATE ON checkpoint
WHEN NEW.attempt < 0 OR NEW.epoch < 0 OR NEW.step < 0 OR NEW.path = ''
BEGIN
  SELECT RAISE(ABORT, 'weights have a path, and an attempt, epoch and step that are not negative');
END;
CREATE TRIGGER artifact_stays_with_its_run BEFORE UPDATE OF artifact_id, run_id, kind, path ON artifact
WHEN NEW.artifact_id IS NOT OLD.artifact_id OR NEW.run_id IS NOT OLD.run_id OR NEW.kind IS NOT OLD.kind
  OR NEW.path IS NOT OLD.path
BEGIN
  SELECT RAISE(ABORT, 'a file stays with the run it was made of');
END;

-- Measurements ----------------------------------------------------------------------------------------------------------

CREATE TRIGGER evaluation_is_of_a_frozen_subset BEFORE INSERT ON evaluation
WHEN (SELECT frozen_at FROM subset WHERE subset_id = NEW.subset_id) IS NULL
BEGIN
  SELECT RAISE(ABORT, 'a run is measured on a frozen subset');
END;
-- A run that still trains may have replaced the weights that are being measured; a finished one never does.
CREATE TRIGGER evaluation_is_of_weights_of_its_run BEFORE INSERT ON evaluation
WHEN (SELECT state FROM run WHERE run_id = NEW.run_id) = 'finished'
  AND NOT EXISTS (SELECT 1 FROM checkpoint WHERE run_id = NEW.run_id AND sha256 = NEW.weights_sha256)
BEGIN
  SELECT RAISE(ABORT, 'an evaluation is of weights that its run kept');
END;
CREATE TRIGGER evaluation_is_not_replaced BEFORE INSERT ON evaluation
WHEN EXISTS (SELECT 1 FROM evaluation WHERE evaluation_id = NEW.evaluation_id)
BEGIN
  SELECT RAISE(ABORT, 'there is such an evaluation already, and it is not replaced');
END;
CREATE TRIGGER evaluation_is_fixed BEFORE UPDATE ON evaluation
BEGIN
  SELECT RAISE(ABORT, 'an evaluation does not change: evaluate again');
END;
CREATE TRIGGER evaluation_of_finished_is_kept BEFORE DELETE ON evaluation
WHEN (SELECT state FROM run WHERE run_id = OLD.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished, and what it was measured on is kept');
END;

CREATE TRIGGER prediction_is_of_its_runs_classes BEFORE INSERT ON prediction
WHEN (SELECT CASE WHEN json_valid(NEW.probabilities) THEN json_array_length(NEW.probabilities) END
               <> json_array_length(r.classes)
        OR max(NEW.predicted, ifnull(NEW.truth, 0)) >= json_array_length(r.classes)
      FROM evaluation e JOIN run r ON r.run_id = e.run_id WHERE e.evaluation_id = NEW.evaluation_id)
BEGIN
  SELECT RAISE(ABORT, 'a prediction has a probability for each class of its run, and names one of them');
END;
CREATE TRIGGER prediction_is_not_replaced BEFORE INSERT ON prediction
WHEN EXISTS (SELECT 1 FROM prediction WHERE evaluation_id = NEW.evaluation_id AND variant_id = NEW.variant_id)
BEGIN
  SELECT RAISE(ABORT, 'this variant was predicted already, and that is not replaced');
END;
-- A deleted evaluation is gone when its predictions follow it.
CREATE TRIGGER prediction_is_kept BEFORE DELETE ON prediction
WHEN EXISTS (SELECT 1 FROM evaluation WHERE evaluation_id = OLD.evaluation_id)
BEGIN
  SELECT RAISE(ABORT, 'a prediction is part of its evaluation and is kept');
END;

-- The ledger ------------------------------------------------------------------------------------------------------------

CREATE TRIGGER migration_is_history BEFORE UPDATE ON schema_migration
BEGIN
  SELECT RAISE(ABORT, 'the ledger of migrations is history');
END;
CREATE TRIGGER migration_stays_history BEFORE DELETE ON schema_migration
BEGIN
  SELECT RAISE(ABORT, 'the ledger of migrations is history');
END;
CREATE TRIGGER migration_is_not_replaced BEFORE INSERT ON schema_migration
WHEN EXISTS (SELECT 1 FROM schema_migration WHERE version = NEW.version)
BEGIN
  SELECT RAISE(ABORT, 'the ledger of migrations is history');
END;
