-- The members of a subset with the value of a target, which stands for :target, and where their pixels lie. It stands
-- on a line of its own, so that a comment in it ends where it does.
SELECT m.variant_id, x.image_id, coalesce(i.qualified, i.name) AS image, x.mirror, x.rotation, p.pack_id, p.slot, p.sha256, x.target
FROM subset_member m
CROSS JOIN (SELECT variant_id, image_id, mirror, rotation, (
:target
) AS target FROM variants) x
  ON x.variant_id = m.variant_id
JOIN image i ON i.image_id = x.image_id
LEFT JOIN sample p ON p.recipe_id = :recipe_id AND p.image_id = x.image_id
WHERE m.subset_id = :subset_id ORDER BY image, x.mirror, x.rotation;
