-- The learning curves of a run: of an epoch done again the newest attempt counts, within it the last step.
SELECT part, name, epoch, value
FROM (SELECT part, name, epoch, value,
        row_number() OVER (PARTITION BY part, name, epoch ORDER BY attempt DESC, step DESC) AS age
      FROM metric WHERE run_id = :run_id)
WHERE age = 1
ORDER BY part, name, epoch;
