-- A split is one of the folds of a partition.
INSERT INTO fold (split_id, name, fold, folds) VALUES (:split_id, :name, :fold, :folds);
