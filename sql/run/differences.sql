-- What two runs have otherwise, but for names, times and what follows from the rest.
WITH a AS (SELECT section, name, value FROM run_facts WHERE run_id = :run_id),
b AS (SELECT section, name, value FROM run_facts WHERE run_id = :other_id),
both AS (
  SELECT a.section, a.name, a.value AS first, b.value AS second FROM a LEFT JOIN b USING (section, name)
  UNION ALL
  SELECT b.section, b.name, NULL, b.value FROM b WHERE NOT EXISTS (SELECT 1 FROM a WHERE (a.section, a.name) = (b.section, b.name)))
SELECT section, name, first AS value, second AS other FROM both
WHERE first IS NOT second AND section IN ('run', 'setting', 'metric')
  AND name NOT IN ('uuid', 'created_at', 'started_at', 'ended_at', 'folder', 'command_line', 'seconds', 'calibration', 'memory_bytes')
ORDER BY CASE section WHEN 'run' THEN 1 WHEN 'setting' THEN 2 ELSE 3 END, name;
