-- A frozen subset of these members, all of this part, or of none; the one of the name before others.
SELECT subset_id FROM subset WHERE sha256 = :sha256 AND part IS :part AND frozen_at IS NOT NULL
ORDER BY name = :name DESC, subset_id LIMIT 1;
