-- Every run that kept weights and is not training now.
SELECT r.name FROM run r JOIN checkpoint k ON k.run_id = r.run_id AND k.kind = 'best' WHERE r.state <> 'running'
  AND NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id);
