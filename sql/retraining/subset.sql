-- The members of a subset, and what its query chooses of the new photographs of the part train.
SELECT variant_id FROM subset_member WHERE subset_id = :subset_id
UNION
SELECT variant_id FROM (
:query
) WHERE variant_id IN (SELECT variant_id FROM variants WHERE part = 'train' AND image_id IN (
:new
));
