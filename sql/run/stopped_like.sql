-- The newest run that was stopped before it finished, of this network, subset, recipe, target and seed.
SELECT name FROM run WHERE state IN ('interrupted', 'failed') AND model_id = :model_id AND subset_id = :subset_id
  AND recipe_id = :recipe_id AND target = :target AND seed = :seed
  AND run_id NOT IN (SELECT run_id FROM run_removed) ORDER BY run_id DESC LIMIT 1;
