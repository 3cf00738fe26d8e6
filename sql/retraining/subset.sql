-- The members of a subset, and what its query chooses of the new photographs of the part train. query: 'variant_id FROM (...)' of the
-- subset's own.
SELECT variant_id FROM subset_member WHERE subset_id = :subset_id
UNION
SELECT variant_id FROM (
  SELECT variant_id FROM variants WHERE part = 'train' AND image_id IN (
:new
  )
  INTERSECT
  SELECT :query);
