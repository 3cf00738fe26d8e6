-- A condition or an order alone, which stands for :expression: so that a complaint is about it.
WITH measured (:columns) AS (VALUES :rows)
SELECT (
:expression
) FROM (SELECT * FROM runs JOIN measured USING (run_id));
