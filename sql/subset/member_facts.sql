-- What a subset needs to know of a variant.
SELECT coalesce(i.qualified, i.name) AS name, v.mirror, v.rotation, a.part
FROM variant v
JOIN image i ON i.image_id = v.image_id
LEFT JOIN assignment a ON a.split_id = :split_id AND a.patient = i.patient
WHERE v.variant_id = :variant_id;
