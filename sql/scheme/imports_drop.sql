-- Imports of a scheme that gave no label: nothing rests on them.
DELETE FROM label_import WHERE scheme = :name AND NOT EXISTS (SELECT 1 FROM label l WHERE l.import_id = label_import.import_id);
