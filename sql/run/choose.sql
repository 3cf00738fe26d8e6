-- Runs that fit a condition, in an order. Texts stand for the parameters: columns and rows are what was measured of every run and
-- its settings, with a column run_id; show is empty or ", column, ...". Of two columns of a name that of the view runs counts.
WITH measured (:columns) AS (VALUES :rows)
SELECT run_id:show FROM (SELECT * FROM runs JOIN measured USING (run_id))
WHERE (
:where
)
ORDER BY (
:sort
) IS NULL, (
:sort
) :direction, run_id LIMIT :limit;
