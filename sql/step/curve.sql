-- The loss of a run's steps as the means of at most :points groups of neighbouring steps, in order.
SELECT avg(s.loss) AS loss
FROM step s, (SELECT max(step) AS last FROM step WHERE run_id = :run_id) n
WHERE s.run_id = :run_id
GROUP BY (s.step - 1) * min(:points, n.last) / n.last
ORDER BY (s.step - 1) * min(:points, n.last) / n.last;
