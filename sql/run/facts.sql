-- All that is known about a run.
SELECT section, name, value, NULL AS other FROM run_facts WHERE run_id = :run_id
ORDER BY CASE section WHEN 'run' THEN 1 WHEN 'setting' THEN 2 WHEN 'metric' THEN 3 WHEN 'evaluation' THEN 4 ELSE 5 END,
  CASE section WHEN 'run' THEN '' ELSE name END;
