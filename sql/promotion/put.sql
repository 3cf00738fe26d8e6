-- A run gets an alias.
INSERT INTO promotion (alias, run_id, replaced_run_id, metric, difference, low, high, margin, n, patients, reason)
VALUES (:alias, :run_id, :replaced_run_id, :metric, :difference, :low, :high, :margin, :n, :patients, :reason);
